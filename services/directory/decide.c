/* Decisions of the directory that concern credentials as such: the first start, issuing, ending. */
#include "services/directory/directory.h"

#include <string.h>

#include "base/hash.h"
#include "base/text.h"

Baton__Credential *directory_issue(struct stamp *s, struct outcome *out, Baton__CredentialKind kind,
                                   const char *user_id, const char *secret_hash)
{
    Baton__CredentialIssued *e = ARENA_NEW(s->arena, Baton__CredentialIssued);
    baton__credential_issued__init(e);
    Baton__Credential *c = e->credential = ARENA_NEW(s->arena, Baton__Credential);
    baton__credential__init(c);
    c->id = stamp_id(s);
    c->has_kind = true;
    c->kind = kind;
    c->user_id = arena_strdup(s->arena, user_id);
    c->secret_hash = arena_strdup(s->arena, secret_hash);
    c->created_at = timestamp_of(s->arena, s->now_us);
    outcome_event(out, &e->base);
    return c;
}

void directory_revoke(struct outcome *out, const Baton__Credential *credential)
{
    Baton__CredentialRevoked *e = ARENA_NEW(out->arena, Baton__CredentialRevoked);
    baton__credential_revoked__init(e);
    e->credential_id = arena_strdup(out->arena, credential->id);
    e->user_id = arena_strdup(out->arena, credential->user_id);
    outcome_event(out, &e->base);
}

char *directory_open_session(const struct directory_account *f, const char *user_agent, struct stamp *s,
                             struct outcome *out)
{
    char hash[HASH_TEXT_SIZE];
    char *text = stamp_secret(s);
    size_t sessions = 0;
    for (size_t i = 0; i < f->n_credentials; i++)
        sessions += f->credentials[i]->kind == BATON__CREDENTIAL_KIND__CREDENTIAL_KIND_SESSION;
    for (size_t i = 0; i < f->n_credentials && sessions >= DIRECTORY_SESSIONS_MAX; i++)
        if (f->credentials[i]->kind == BATON__CREDENTIAL_KIND__CREDENTIAL_KIND_SESSION) {
            directory_revoke(out, f->credentials[i]);
            sessions--;
        }
    hash_text(hash, text);
    Baton__Credential *c =
        directory_issue(s, out, BATON__CREDENTIAL_KIND__CREDENTIAL_KIND_SESSION, f->user->id, hash);
    c->has_expires_us = true;
    c->expires_us = s->now_us + DIRECTORY_SESSION_US;
    c->expires_at = timestamp_of(s->arena, c->expires_us);
    c->user_agent = text_trim(s->arena, user_agent);
    c->last_used_at = timestamp_of(s->arena, directory_hour_us(s->now_us));
    return text;
}

bool directory_decide_expired(const void *facts, const struct command *c, struct stamp *s,
                              struct outcome *out)
{
    directory_revoke(out, (const Baton__Credential *)c->request);
    return true;
}

static Baton__User *first_administrator(struct stamp *s, struct outcome *out)
{
    Baton__User *u = ARENA_NEW(s->arena, Baton__User);
    baton__user__init(u);
    u->email = "admin@localhost";
    u->name = "Administrator";
    u->has_role = u->has_status = true;
    u->role = BATON__ROLE__ROLE_ADMIN;
    u->status = BATON__USER_STATUS__USER_STATUS_ACTIVE;
    return (Baton__User *)record_created(&u->base, s, out);
}

/* Monday to Friday, nine to five. */
static void usual_hours(Baton__Organisation *o, struct arena *a)
{
    enum { DAYS = 5, START = 9 * 60, END = 17 * 60 };
    o->working_hours = ARENA_ARRAY(a, Baton__WorkingInterval *, DAYS);
    for (unsigned day = 1; day <= DAYS; day++) {
        Baton__WorkingInterval *w = ARENA_NEW(a, Baton__WorkingInterval);
        baton__working_interval__init(w);
        w->has_weekday = w->has_start_minute = w->has_end_minute = true;
        w->weekday = day;
        w->start_minute = START;
        w->end_minute = END;
        o->working_hours[o->n_working_hours++] = w;
    }
}

static void first_organisation(const Baton__User *last_resort, struct stamp *s, struct outcome *out)
{
    Baton__Organisation *o = ARENA_NEW(s->arena, Baton__Organisation);
    baton__organisation__init(o);
    o->name = "Headquarters";
    o->time_zone = "UTC";
    usual_hours(o, s->arena);
    o->has_response_minutes = true;
    o->response_minutes = 60;
    o->last_resort_user_id = last_resort->id;
    (void)record_created(&o->base, s, out); /* nothing more is to be said of it */
}

bool directory_decide_boot(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct directory_state *f = facts;
    const struct directory_boot *boot = c->prepared;
    const Baton__User *administrator = f->administrator, *admin = f->active_admin;
    /* 1: the first start makes an organisation and somebody who may set it up */
    if (!f->organisation) {
        administrator = admin = first_administrator(s, out);
        first_organisation(administrator, s, out);
    }
    /* 2: who can read DIR/admin.token is an administrator */
    if (boot && boot->admin_hash[0] && !f->admin_token_known && admin)
        directory_issue(s, out, BATON__CREDENTIAL_KIND__CREDENTIAL_KIND_TOKEN, admin->id, boot->admin_hash)
            ->name = "administrator's token";
    /* 3: the set-up link works until set-up is complete, never after */
    if (boot && boot->setup_hash[0] && !f->setup_token_known && !f->administrator_has_password)
        directory_issue(s, out, BATON__CREDENTIAL_KIND__CREDENTIAL_KIND_SETUP, administrator->id,
                        boot->setup_hash);
    return true;
}
