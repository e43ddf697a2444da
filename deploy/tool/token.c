/* API tokens: making, listing, revoking. */
#include "tool/output.h"
#include "tool/records.h"
#include "tool/session.h"

enum { ARENA_LIMIT = 256 << 20 };

static bool create(struct session *s)
{
    Baton__CreateTokenRequest request;
    const Baton__User *user = records_user(s->api, s->words[0], s->arena, &s->no);
    if (user == NULL)
        return false;
    baton__create_token_request__init(&request);
    request.request_id = request_id_new(s->arena);
    request.user_id = user->id;
    request.name = s->words[1];
    const Baton__CreateTokenResponse *made = session_call(s, "DirectoryService/CreateToken", &request);
    if (made == NULL)
        return false;
    if (s->tool->json)
        fprintf(s->tool->out, "{\"tokenId\":\"%s\",\"token\":\"%s\"}\n", made->token_id, made->token);
    else
        fprintf(s->tool->out, "%s\n", made->token);
    return true;
}

static bool list(struct session *s)
{
    Baton__ListTokensRequest request;
    const Baton__ListTokensResponse *page;
    struct record_list users, tokens = {0};
    struct grid g;
    baton__list_tokens_request__init(&request);
    if (!records_load(s->api, "user", s->arena, &users, &s->no))
        return false;
    grid_init(&g, s->arena, "name|of|made|last used|id");
    do {
        page = session_call(s, "DirectoryService/ListTokens", &request);
        if (page == NULL)
            return false;
        for (size_t i = 0; i < page->n_tokens; i++) {
            const Baton__Credential *c = page->tokens[i];
            const Baton__User *user = (const Baton__User *)records_find(&users, "id", c->user_id);
            records_add(&tokens, &page->tokens[i]->base, s->arena);
            grid_add(&g, (const char *[]){c->name, user != NULL ? user->email : "",
                                          output_time(s->arena, c->created_at),
                                          output_time(s->arena, c->last_used_at), c->id});
        }
        request.page_token = page->next_page_token;
    } while (request.page_token != NULL && *request.page_token != '\0');
    if (s->tool->json)
        records_print_json(s->tool, &tokens);
    else
        grid_print(&g, s->tool);
    return true;
}

static bool revoke(struct session *s)
{
    Baton__RevokeTokenRequest request;
    baton__revoke_token_request__init(&request);
    request.request_id = request_id_new(s->arena);
    request.token_id = s->words[0];
    if (session_call(s, "DirectoryService/RevokeToken", &request) == NULL)
        return false;
    if (!s->tool->json)
        fprintf(s->tool->out, "revoked\n");
    return true;
}

int tool_token_create(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 2, 2, ARENA_LIMIT, create);
}

int tool_token_list(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 0, 0, ARENA_LIMIT, list);
}

int tool_token_revoke(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 1, 1, ARENA_LIMIT, revoke);
}
