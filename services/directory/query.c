/* What the directory is asked: who am I, whose secret is this, which tokens are there. */
#include <string.h>

#include "services/directory/rows.h"

enum { TOKENS_PAGE = 50, TOKENS_PAGE_MAX = 200, TOKENS_LOOKED_AT_MAX = 2000 };

bool directory_query_me(struct load *l, const struct command *c, ProtobufCMessage **reply, struct refusal *no)
{
    Baton__GetMeResponse *r = ARENA_NEW(l->arena, Baton__GetMeResponse);
    baton__get_me_response__init(r);
    r->user = table_get_id(l->txn, DIRECTORY_USER, c->actor->user_id, l->arena);
    r->organisation = directory_organisation(l);
    *reply = &r->base;
    return r->user || refuse(no, REFUSAL_NOT_FOUND, NULL, "the caller is no user of this organisation");
}

bool directory_query_tokens(struct load *l, const struct command *c, ProtobufCMessage **reply,
                            struct refusal *no)
{
    const Baton__ListTokensRequest *q = (const Baton__ListTokensRequest *)c->request;
    size_t size = q->page_size ? q->page_size : TOKENS_PAGE, looked_at = 0;
    Baton__ListTokensResponse *r = ARENA_NEW(l->arena, Baton__ListTokensResponse);
    Baton__Credential *row = NULL;
    struct table_scan scan;
    baton__list_tokens_response__init(r);
    *reply = &r->base;
    size = size > TOKENS_PAGE_MAX ? TOKENS_PAGE_MAX : size;
    r->tokens = ARENA_ARRAY(l->arena, Baton__Credential *, size);
    if (!table_scan_open(&scan, l->txn, DIRECTORY_CREDENTIAL, NULL, NULL, q->page_token, false))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "page_token", "this is not a page token of this list");
    while (r->n_tokens < size && looked_at < TOKENS_LOOKED_AT_MAX &&
           (row = table_scan_next(&scan, l->arena))) {
        looked_at++;
        if (row->kind != BATON__CREDENTIAL_KIND__CREDENTIAL_KIND_TOKEN)
            continue;
        row->secret_hash = NULL;
        r->tokens[r->n_tokens++] = row;
    }
    if (row)
        r->next_page_token = table_scan_token(&scan, l->arena);
    table_scan_close(&scan);
    return true;
}

bool directory_query_sessions(struct load *l, const struct command *c, ProtobufCMessage **reply,
                              struct refusal *no)
{
    const Baton__ListSessionsRequest *q = (const Baton__ListSessionsRequest *)c->request;
    const char *user_id = q->user_id ? q->user_id : c->actor->user_id;
    Baton__ListSessionsResponse *r = ARENA_NEW(l->arena, Baton__ListSessionsResponse);
    struct directory_account f = {0};
    baton__list_sessions_response__init(r);
    *reply = &r->base;
    if (!directory_may_administer(c->actor) && !(user_id && directory_is_own(c->actor, user_id)))
        return refuse(no, REFUSAL_PERMISSION_DENIED, "user_id",
                      "only administrators see where others are signed in");
    directory_account_load(l, c->actor, table_get_id(l->txn, DIRECTORY_USER, user_id, l->arena), &f);
    if (!f.user)
        return refuse(no, REFUSAL_NOT_FOUND, "user_id", "there is no such user");
    r->sessions = ARENA_ARRAY(l->arena, Baton__Credential *, f.n_credentials);
    for (size_t i = f.n_credentials; i-- > 0;) {
        Baton__Credential *k = f.credentials[i];
        if (k->kind != BATON__CREDENTIAL_KIND__CREDENTIAL_KIND_SESSION ||
            (k->has_expires_us && k->expires_us <= l->now_us))
            continue;
        k->secret_hash = NULL;
        if (c->actor->session_id && strcmp(k->id, c->actor->session_id) == 0)
            r->own_session_id = k->id;
        r->sessions[r->n_sessions++] = k;
    }
    return true;
}

/* One refusal for everything that is wrong, so that nobody learns which. */
bool directory_query_authenticate(struct load *l, const struct command *c, ProtobufCMessage **reply,
                                  struct refusal *no)
{
    const Baton__AuthenticateRequest *q = (const Baton__AuthenticateRequest *)c->request;
    const Baton__Credential *k =
        table_find(l->txn, DIRECTORY_CREDENTIAL, "secret_hash", q->secret_hash, l->arena);
    const Baton__User *u = k ? table_get_id(l->txn, DIRECTORY_USER, k->user_id, l->arena) : NULL;
    if (!u || k->kind == BATON__CREDENTIAL_KIND__CREDENTIAL_KIND_SETUP ||
        (k->has_expires_us && k->expires_us <= l->now_us) ||
        u->status != BATON__USER_STATUS__USER_STATUS_ACTIVE)
        return refuse(no, REFUSAL_UNAUTHENTICATED, NULL, "not signed in, or not any more");
    Baton__AuthenticateResponse *r = ARENA_NEW(l->arena, Baton__AuthenticateResponse);
    baton__authenticate_response__init(r);
    r->actor = ARENA_NEW(l->arena, Baton__Actor);
    baton__actor__init(r->actor);
    r->actor->user_id = u->id;
    r->actor->has_role = true;
    r->actor->role = u->role;
    r->actor->session_id = k->id;
    directory_used(l, k);
    *reply = &r->base;
    return true;
}
