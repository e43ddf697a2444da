/* `baton catalogue link`, `links` and `revoke`: links by which people outside see the catalogue of a book. */
#include <stdio.h>

#include "baton/v1/catalogue.pb-c.h"
#include "tool/api.h"
#include "tool/output.h"
#include "tool/records.h"
#include "tool/session.h"

enum { MEMORY = 256 << 20 };

/* By its code; NULL: s->no says that there is none. */
static char *book_of(struct session *s, const char *code)
{
    struct record_list all;
    if (!records_load(s->api, "price_book", s->arena, &all, &s->no))
        return NULL;
    const Baton__PriceBook *book = (const Baton__PriceBook *)records_find(&all, "code", code);
    if (book == NULL)
        (void)refuse(&s->no, REFUSAL_NOT_FOUND, NULL, "there is no price book \"%s\"", code);
    return book != NULL ? book->id : NULL;
}

static bool link_to(struct session *s)
{
    Baton__CreateCatalogueLinkRequest q = BATON__CREATE_CATALOGUE_LINK_REQUEST__INIT;
    q.price_book_id = book_of(s, s->words[0]);
    if (q.price_book_id == NULL)
        return false;
    q.purpose = s->n_words > 1 ? s->words[1] : NULL;
    const Baton__CreateCatalogueLinkResponse *r = session_call(s, "CatalogueService/CreateCatalogueLink", &q);
    if (r != NULL && s->tool->json)
        tool_print_json(s->tool, r);
    else if (r != NULL)
        fprintf(s->tool->out, "%s/c/%s\n", api_address(s->api), r->token);
    return r != NULL;
}

int tool_catalogue_link(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 1, 2, MEMORY, link_to);
}

static bool links(struct session *s)
{
    Baton__ListCatalogueLinksRequest q = BATON__LIST_CATALOGUE_LINKS_REQUEST__INIT;
    struct grid g;
    q.price_book_id = book_of(s, s->words[0]);
    if (q.price_book_id == NULL)
        return false;
    const Baton__ListCatalogueLinksResponse *r = session_call(s, "CatalogueService/ListCatalogueLinks", &q);
    if (r == NULL)
        return false;
    grid_init(&g, s->arena, "for|made|by|link");
    for (size_t i = 0; i < r->n_links; i++)
        if (s->tool->json)
            tool_print_json(s->tool, r->links[i]);
        else
            grid_add(&g,
                     (const char *[]){r->links[i]->purpose, output_time(s->arena, r->links[i]->created_at),
                                      records_name(s, "user", r->links[i]->created_by_id), r->links[i]->id});
    if (!s->tool->json)
        grid_print(&g, s->tool);
    return true;
}

int tool_catalogue_links(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 1, 1, MEMORY, links);
}

static bool revoke(struct session *s)
{
    Baton__RevokeCatalogueLinkRequest q = BATON__REVOKE_CATALOGUE_LINK_REQUEST__INIT;
    q.id = s->words[0];
    if (session_call(s, "CatalogueService/RevokeCatalogueLink", &q) == NULL)
        return false;
    fprintf(s->tool->out, "revoked\n");
    return true;
}

int tool_catalogue_revoke(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 1, 1, MEMORY, revoke);
}
