/* Decisions about being signed in: what is written of its use, and its end from elsewhere. */
#include <string.h>

#include "services/directory/directory.h"

int64_t directory_hour_us(int64_t us)
{
    const int64_t hour = INT64_C(3600) * 1000000;
    return us - us % hour;
}

bool directory_decide_uses(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const Baton__CredentialsUsed *used = facts;
    Baton__CredentialsUsed *e = ARENA_NEW(s->arena, Baton__CredentialsUsed);
    *e = *used;
    outcome_event(out, e);
    return true;
}

static bool is_session(const Baton__Credential *c)
{
    return c->kind == BATON__CREDENTIAL_KIND__CREDENTIAL_KIND_SESSION;
}

static bool is_own_session(const struct command *c, const Baton__Credential *session)
{
    return c->actor->session_id && strcmp(session->id, c->actor->session_id) == 0;
}

bool directory_decide_end_session(const void *facts, const struct command *c, struct stamp *s,
                                  struct outcome *out)
{
    const struct directory_account *f = facts;
    const Baton__EndSessionRequest *r = (const Baton__EndSessionRequest *)c->request;
    Baton__EndSessionResponse *reply = ARENA_NEW(s->arena, Baton__EndSessionResponse);
    baton__end_session_response__init(reply);
    /* 1: it is said what ends */
    if (!r->session_id == !r->user_id)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "session_id",
                      "say which session ends, or whose sessions all do");
    /* 2: one's own, or as administrator anybody's; of others nobody learns whether there is one */
    bool may = directory_may_administer(c->actor) || (f->user && directory_is_own(c->actor, f->user->id));
    if (r->session_id && (!may || !f->n_credentials || !is_session(f->credentials[0])))
        return refuse(&out->no, REFUSAL_NOT_FOUND, "session_id", "there is no such session");
    if (!may)
        return refuse(&out->no, REFUSAL_PERMISSION_DENIED, "user_id",
                      "only administrators end the sessions of others");
    if (!f->user)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "user_id", "there is no such user");
    /* 3: of all, the one that asks stays, and so do tokens and the set-up link */
    for (size_t i = 0; i < f->n_credentials; i++)
        if (is_session(f->credentials[i]) && (r->session_id || !is_own_session(c, f->credentials[i]))) {
            directory_revoke(out, f->credentials[i]);
            reply->ended++;
        }
    reply->has_ended = true;
    out->reply = &reply->base;
    return true;
}
