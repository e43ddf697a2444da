/* API tokens: making, listing, revoking. */
#include "tool/options.h"
#include "tool/output.h"
#include "tool/records.h"

enum { ARENA_LIMIT = 256 << 20 };

static bool create(struct tool *t, struct api *api, char **words, struct arena *a, struct refusal *no)
{
    Baton__CreateTokenRequest request;
    void *answer;
    const Baton__User *user = records_user(api, words[0], a, no);
    if (user == NULL)
        return false;
    baton__create_token_request__init(&request);
    request.request_id = request_id_new(a);
    request.user_id = user->id;
    request.name = words[1];
    if (!api_call(api, "DirectoryService/CreateToken", &request, a, &answer, no))
        return false;
    const Baton__CreateTokenResponse *made = answer;
    if (t->json)
        fprintf(t->out, "{\"tokenId\":\"%s\",\"token\":\"%s\"}\n", made->token_id, made->token);
    else
        fprintf(t->out, "%s\n", made->token);
    return true;
}

static bool list(struct tool *t, struct api *api, char **words, struct arena *a, struct refusal *no)
{
    Baton__ListTokensRequest request;
    Baton__ListTokensResponse *page;
    struct record_list users, tokens = {0};
    struct grid g;
    void *answer;
    baton__list_tokens_request__init(&request);
    if (!records_load(api, "user", a, &users, no))
        return false;
    grid_init(&g, a, "name|of|made|id");
    do {
        if (!api_call(api, "DirectoryService/ListTokens", &request, a, &answer, no))
            return false;
        page = answer;
        for (size_t i = 0; i < page->n_tokens; i++) {
            const Baton__Credential *c = page->tokens[i];
            const Baton__User *user = (const Baton__User *)records_find(&users, "id", c->user_id);
            records_add(&tokens, &page->tokens[i]->base, a);
            grid_add(&g, (const char *[]){c->name, user != NULL ? user->email : "",
                                          output_time(a, c->created_at), c->id});
        }
        request.page_token = page->next_page_token;
    } while (request.page_token != NULL && *request.page_token != '\0');
    if (t->json)
        records_print_json(t, &tokens);
    else
        grid_print(&g, t);
    return true;
}

static bool revoke(struct tool *t, struct api *api, char **words, struct arena *a, struct refusal *no)
{
    Baton__RevokeTokenRequest request;
    void *answer;
    baton__revoke_token_request__init(&request);
    request.request_id = request_id_new(a);
    request.token_id = words[0];
    if (!api_call(api, "DirectoryService/RevokeToken", &request, a, &answer, no))
        return false;
    if (!t->json)
        fprintf(t->out, "revoked\n");
    return true;
}

typedef bool token_fn(struct tool *t, struct api *api, char **words, struct arena *a, struct refusal *no);

static int run(struct tool *t, int argc, char **argv, int words, token_fn *f)
{
    struct refusal no;
    int first;
    if (!options_read(NULL, 0, argc, argv, words, words, &first))
        return TOOL_USAGE;
    struct api *api = api_open(t->data_dir);
    if (api == NULL)
        return TOOL_UNREACHABLE;
    struct arena *a = arena_new(ARENA_LIMIT);
    bool good = f(t, api, argv + first, a, &no);
    api_close(api);
    arena_free(a);
    return good ? TOOL_OK : tool_refused(&no);
}

int tool_token_create(struct tool *t, int argc, char **argv)
{
    return run(t, argc, argv, 2, create);
}

int tool_token_list(struct tool *t, int argc, char **argv)
{
    return run(t, argc, argv, 0, list);
}

int tool_token_revoke(struct tool *t, int argc, char **argv)
{
    return run(t, argc, argv, 1, revoke);
}
