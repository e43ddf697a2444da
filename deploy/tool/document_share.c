/* `baton document share`, `links` and `revoke`: links by which people outside see a document. */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "baton/v1/shares.pb-c.h"
#include "tool/api.h"
#include "tool/document.h"
#include "tool/options.h"
#include "tool/output.h"

enum { MEMORY = 64 << 20, PAGE = 200, PASSWORD_SIZE = 1025 };

/* --- share --- */

struct share {
    const char *document, *to, *watermark;
    long days, views, number;
    bool has_password;
};

static bool share_with(struct session *s, const struct share *w, char *password)
{
    Baton__CreateShareRequest q = BATON__CREATE_SHARE_REQUEST__INIT;
    q.document_id = (char *)(uintptr_t)w->document;
    q.given_to = (char *)(uintptr_t)w->to;
    q.has_days = w->days != 0;
    q.days = (uint32_t)w->days;
    q.has_max_views = w->views != 0;
    q.max_views = (uint32_t)w->views;
    q.has_number = w->number != 0;
    q.number = (uint32_t)w->number;
    q.password = password;
    q.watermark = (char *)(uintptr_t)w->watermark;
    const Baton__CreateShareResponse *r = session_call(s, "ShareService/CreateShare", &q);
    if (r != NULL && s->tool->json)
        tool_print_json(s->tool, r);
    else if (r != NULL)
        fprintf(s->tool->out, "%s/s/%s\nuntil %s\n", api_address(s->api), r->token,
                output_time(s->arena, r->share->expires_at));
    return r != NULL;
}

static bool share(struct session *s)
{
    const struct share *w = s->arg;
    char password[PASSWORD_SIZE] = "";
    if (w->has_password && !options_password("Password of the link: ", password, sizeof password))
        return session_end(s, TOOL_USAGE);
    bool good = share_with(s, w, w->has_password ? password : NULL);
    sodium_memzero(password, sizeof password);
    return good;
}

int tool_document_share(struct tool *t, int argc, char **argv)
{
    struct share w = {0};
    int first;
    const struct option_row rows[] = {
        {"to", OPTION_TEXT, &w.to},
        {"days", OPTION_NUMBER, &w.days},
        {"views", OPTION_NUMBER, &w.views},
        {"revision", OPTION_NUMBER, &w.number},
        {"password", OPTION_FLAG, &w.has_password},
        {"watermark", OPTION_TEXT, &w.watermark},
    };
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 1, 1, &first))
        return TOOL_USAGE;
    w.document = argv[first];
    return session_run(t, MEMORY, share, &w);
}

/* --- links --- */

/* The newest opening of each is in the answer. */
static const char *last_opened(const Baton__ListSharesResponse *r, const char *id, struct arena *a)
{
    for (size_t i = 0; i < r->n_views; i++)
        if (strcmp(r->views[i]->share_id, id) == 0)
            return output_time(a, r->views[i]->opened_at);
    return "";
}

static void add_link(struct grid *g, const Baton__ListSharesResponse *r, const Baton__DocumentShare *share,
                     struct arena *a)
{
    const char *views = share->has_max_views ? arena_printf(a, "%u of %u", share->views, share->max_views)
                                             : arena_printf(a, "%u", share->views);
    grid_add(g, (const char *[]){share->given_to, output_time(a, share->created_at),
                                 share->revoked_at != NULL ? "revoked" : output_time(a, share->expires_at),
                                 share->has_password ? "yes" : "", views, last_opened(r, share->id, a),
                                 share->watermark, share->id});
}

static bool links(struct session *s)
{
    Baton__ListSharesRequest q = BATON__LIST_SHARES_REQUEST__INIT;
    struct grid g;
    q.document_id = s->words[0];
    q.has_page_size = true;
    q.page_size = PAGE;
    grid_init(&g, s->arena, "given to|made|until|password|>opened|last|watermark|link");
    do {
        const Baton__ListSharesResponse *r = session_call(s, "ShareService/ListShares", &q);
        if (r == NULL)
            return false;
        for (size_t i = 0; i < r->n_shares; i++)
            if (s->tool->json)
                tool_print_json(s->tool, r->shares[i]);
            else
                add_link(&g, r, r->shares[i], s->arena);
        q.page_token = r->next_page_token;
    } while (q.page_token != NULL && *q.page_token != '\0');
    if (!s->tool->json)
        grid_print(&g, s->tool);
    return true;
}

int tool_document_links(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 1, 1, MEMORY, links);
}

/* --- revoke --- */

static bool revoke(struct session *s)
{
    Baton__RevokeShareRequest q = BATON__REVOKE_SHARE_REQUEST__INIT;
    q.id = s->words[0];
    if (session_call(s, "ShareService/RevokeShare", &q) == NULL)
        return false;
    fprintf(s->tool->out, "revoked\n");
    return true;
}

int tool_document_revoke(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 1, 1, MEMORY, revoke);
}
