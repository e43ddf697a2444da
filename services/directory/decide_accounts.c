/* Decisions about signing in and out, set-up, passwords, tokens and leaving. */
#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "base/worktime.h"
#include "services/directory/directory.h"

static bool is_active(const Baton__User *u)
{
    return u && u->status == BATON__USER_STATUS__USER_STATUS_ACTIVE;
}

static bool same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

bool directory_is_own(const Baton__Actor *actor, const char *user_id)
{
    return same(actor->user_id, user_id);
}

/* An administrator with an API token has proven more than a browser left open: no old password is asked. */
bool directory_needs_old(const Baton__Actor *actor, const struct directory_account *of)
{
    return directory_is_own(actor, of->user->id) && of->password_hash &&
           !(actor_is(actor, BATON__ROLE__ROLE_ADMIN) && of->actor_has_token);
}

bool directory_may_administer(const Baton__Actor *actor)
{
    return actor_is(actor, BATON__ROLE__ROLE_ADMIN) || actor_is(actor, BATON__ROLE__ROLE_SYSTEM);
}

/* The slow part verified the password against what is still stored. */
static bool still_verified(const struct directory_hashing *h, const char *password_hash)
{
    return h->verified && same(h->stored, password_hash);
}

static void set_password(const char *user_id, const struct directory_hashing *h, struct outcome *out)
{
    Baton__PasswordSet *e = ARENA_NEW(out->arena, Baton__PasswordSet);
    baton__password_set__init(e);
    e->user_id = arena_strdup(out->arena, user_id);
    e->hash = arena_strdup(out->arena, h->made);
    outcome_event(out, &e->base);
}

/* The work was not done, or what it was done on has changed meanwhile. */
static bool refuse_unprepared(struct outcome *out)
{
    return refuse(&out->no, REFUSAL_UNAVAILABLE, NULL,
                  "the password could not be checked just now; try again");
}

bool directory_decide_sign_in(const void *facts, const struct command *c, struct stamp *s,
                              struct outcome *out)
{
    const struct directory_account *f = facts;
    const struct directory_hashing *h = c->prepared;
    const Baton__SignInRequest *r = (const Baton__SignInRequest *)c->request;
    if (!h)
        return refuse_unprepared(out);
    /* 1: the password is the user's; 2: the user is active. One refusal for all, so that nobody learns which
     */
    if (!is_active(f->user) || !still_verified(h, f->password_hash))
        return refuse(&out->no, REFUSAL_UNAUTHENTICATED, NULL, "e-mail or password is wrong");
    /* 3: a session of seven days; at most fifty of a user, the oldest gives way */
    Baton__SignInResponse *reply = ARENA_NEW(s->arena, Baton__SignInResponse);
    baton__sign_in_response__init(reply);
    reply->session_token = directory_open_session(f, r->user_agent, s, out);
    reply->user = (Baton__User *)f->user;
    out->reply = &reply->base;
    return true;
}

bool directory_decide_sign_out(const void *facts, const struct command *c, struct stamp *s,
                               struct outcome *out)
{
    const Baton__Credential *credential = facts;
    /* 1: signed out already */
    if (!credential)
        return true;
    /* 2: a program's token does not end by the way */
    if (credential->kind != BATON__CREDENTIAL_KIND__CREDENTIAL_KIND_SESSION)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, NULL,
                      "this is an API token, not a session; an administrator revokes it with RevokeToken");
    directory_revoke(out, credential);
    return true;
}

static bool set_password_allowed(const struct directory_account *f, const struct command *c,
                                 struct outcome *out)
{
    const Baton__SetPasswordRequest *r = (const Baton__SetPasswordRequest *)c->request;
    const char *target = r->user_id ? r->user_id : c->actor->user_id;
    /* 1: it is said whose */
    if (!target)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "user_id", "say whose password it is");
    /* 2: one's own, or an administrator anybody's */
    if (!directory_is_own(c->actor, target) && !directory_may_administer(c->actor))
        return refuse(&out->no, REFUSAL_PERMISSION_DENIED, "user_id",
                      "only administrators set the passwords of others");
    /* 3: the user exists and is active */
    if (!f->user)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "user_id", "there is no such user");
    if (!is_active(f->user))
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "user_id", "this user is not active any more");
    /* 4: the new one is good enough */
    return directory_password_check(r->new_password, "new_password", &out->no);
}

bool directory_decide_set_password(const void *facts, const struct command *c, struct stamp *s,
                                   struct outcome *out)
{
    const struct directory_account *f = facts;
    const struct directory_hashing *h = c->prepared;
    if (!set_password_allowed(f, c, out))
        return false;
    if (!h)
        return refuse_unprepared(out);
    /* 5: whoever has a password says it before setting another, unless an administrator's token speaks */
    if (directory_needs_old(c->actor, f) && !still_verified(h, f->password_hash))
        return refuse(&out->no, REFUSAL_PERMISSION_DENIED, "old_password", "the old password is wrong");
    if (!h->made[0])
        return refuse_unprepared(out);
    set_password(f->user->id, h, out);
    /* 6: it ends the user's other sessions and an unused set-up link; tokens stay */
    for (size_t i = 0; i < f->n_credentials; i++)
        if (f->credentials[i]->kind != BATON__CREDENTIAL_KIND__CREDENTIAL_KIND_TOKEN &&
            !same(f->credentials[i]->id, c->actor->session_id))
            directory_revoke(out, f->credentials[i]);
    return true;
}

/* What is said of oneself, on a copy of the row. False: a name in `clear` is not one that can be absent. */
static bool say_of_oneself(const Baton__UpdateProfileRequest *r, Baton__User *u, struct outcome *out)
{
    static const char *const clearable[] = {"phone", "locale", "time_zone", "working_hours"};
    if (r->name)
        u->name = text_trim(out->arena, r->name);
    if (r->phone)
        u->phone = text_trim(out->arena, r->phone);
    if (r->locale)
        u->locale = text_trim(out->arena, r->locale);
    if (r->time_zone)
        u->time_zone = text_trim(out->arena, r->time_zone);
    if (r->n_working_hours) {
        u->working_hours = r->working_hours;
        u->n_working_hours = r->n_working_hours;
    }
    for (size_t i = 0; i < r->n_clear; i++) {
        size_t k = 0;
        while (k < sizeof clearable / sizeof *clearable && !same(clearable[k], r->clear[i]))
            k++;
        if (k == sizeof clearable / sizeof *clearable)
            return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "clear", "there is no field \"%s\" to clear",
                          r->clear[i]);
        schema_clear(&u->base, schema_field(schema_message(u->base.descriptor), clearable[k]));
    }
    return true;
}

bool directory_decide_update_profile(const void *facts, const struct command *c, struct stamp *s,
                                     struct outcome *out)
{
    const struct directory_account *f = facts;
    /* 1: whoever asks is a user who works here */
    if (!is_active(f->user))
        return refuse(&out->no, REFUSAL_NOT_FOUND, NULL, "there is no such user");
    /* 2: what is present is set, what is named in `clear` becomes absent, the rest stays */
    Baton__User *after = (Baton__User *)schema_copy(&f->user->base, s->arena);
    if (!say_of_oneself((const Baton__UpdateProfileRequest *)c->request, after, out))
        return false;
    /* 3: there is a name; 4: the time zone is one; 5: work starts before it ends */
    if (!schema_check(&after->base, NULL, &out->no) || !directory_check_zone(after->time_zone, &out->no) ||
        !directory_check_hours(after->working_hours, after->n_working_hours, &out->no))
        return false;
    record_updated(&f->user->base, f->user_seq, &after->base, s, out);
    Baton__UpdateProfileResponse *reply = ARENA_NEW(s->arena, Baton__UpdateProfileResponse);
    baton__update_profile_response__init(reply);
    reply->user = after;
    out->reply = &reply->base;
    return true;
}

static bool setup_allowed(const struct directory_setup *f, const Baton__CompleteSetupRequest *r, char **email,
                          struct outcome *out)
{
    /* 1: the link is the one that was given out, and unused */
    if (!f->credential || f->credential->kind != BATON__CREDENTIAL_KIND__CREDENTIAL_KIND_SETUP)
        return refuse(&out->no, REFUSAL_UNAUTHENTICATED, "token",
                      "this set-up link is wrong or was used already");
    /* 2: set-up happens once */
    if (!is_active(f->account.user) || f->account.password_hash || !f->organisation)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, NULL, "set-up is complete already; sign in");
    /* 3: the e-mail address is plausible and nobody else's */
    *email = r->email;
    if (!directory_email_check(email, out->arena, &out->no))
        return false;
    if (f->email_owner_id && !same(f->email_owner_id, f->account.user->id))
        return refuse(&out->no, REFUSAL_ALREADY_EXISTS, "email", "another user has this e-mail address");
    /* 4: the time zone is one */
    if (r->time_zone && *r->time_zone && !worktime_zone_valid(r->time_zone))
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "time_zone",
                      "\"%s\" is not a time zone (they are written like Europe/Berlin)", r->time_zone);
    /* 5: the password is good enough */
    return directory_password_check(r->password, "password", &out->no);
}

static void name_organisation(const struct directory_setup *f, const Baton__CompleteSetupRequest *r,
                              struct stamp *s, struct outcome *out)
{
    Baton__Organisation *o = arena_copy(s->arena, f->organisation, sizeof *f->organisation);
    char *name = text_trim(s->arena, r->organisation_name);
    if (name)
        o->name = name;
    if (r->time_zone && *r->time_zone)
        o->time_zone = r->time_zone;
    if (strcmp(o->name, f->organisation->name) != 0 || strcmp(o->time_zone, f->organisation->time_zone) != 0)
        record_updated(&f->organisation->base, f->organisation_seq, &o->base, s, out);
}

bool directory_decide_setup(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct directory_setup *f = facts;
    const struct directory_hashing *h = c->prepared;
    const Baton__CompleteSetupRequest *r = (const Baton__CompleteSetupRequest *)c->request;
    char *email;
    if (!setup_allowed(f, r, &email, out))
        return false;
    if (!h || !h->made[0])
        return refuse_unprepared(out);
    /* 6: everything at once: who, where, the password, the end of the link, a session */
    Baton__User *user = arena_copy(s->arena, f->account.user, sizeof *f->account.user);
    user->email = email;
    user->name = text_trim(s->arena, r->name);
    record_updated(&f->account.user->base, f->account.user_seq, &user->base, s, out);
    name_organisation(f, r, s, out);
    set_password(user->id, h, out);
    directory_revoke(out, f->credential);
    Baton__CompleteSetupResponse *reply = ARENA_NEW(s->arena, Baton__CompleteSetupResponse);
    baton__complete_setup_response__init(reply);
    reply->session_token = directory_open_session(&f->account, r->user_agent, s, out);
    reply->user = user;
    out->reply = &reply->base;
    return true;
}

bool directory_decide_deactivate(const void *facts, const struct command *c, struct stamp *s,
                                 struct outcome *out)
{
    const struct directory_account *f = facts;
    Baton__DeactivateUserResponse *reply = ARENA_NEW(s->arena, Baton__DeactivateUserResponse);
    baton__deactivate_user_response__init(reply);
    out->reply = &reply->base;
    /* 1: the user exists */
    if (!f->user)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "user_id", "there is no such user");
    /* 2: twice is once */
    reply->user = (Baton__User *)f->user;
    if (!is_active(f->user))
        return true;
    /* 3: somebody must hold what nobody else can take */
    if (f->is_last_resort)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "user_id",
                      "%s holds what nobody else can take; name another last-resort holder first",
                      f->user->name);
    /* 4: somebody must be able to administer */
    if (f->user->role == BATON__ROLE__ROLE_ADMIN && !f->other_admin)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "user_id",
                      "%s is the last active administrator; name another first", f->user->name);
    /* 5: what they hold goes to somebody who is there */
    if (!f->successor)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "successor_id",
                      "whoever takes over must be another active user");
    Baton__UserLeft *left = ARENA_NEW(s->arena, Baton__UserLeft);
    baton__user_left__init(left);
    left->user_id = f->user->id;
    left->successor_id = f->successor->id;
    /* 6: nothing of theirs opens a door any more */
    reply->user = arena_copy(s->arena, f->user, sizeof *f->user);
    reply->user->status = BATON__USER_STATUS__USER_STATUS_INACTIVE;
    record_updated(&f->user->base, f->user_seq, &reply->user->base, s, out);
    outcome_event(out, left);
    for (size_t i = 0; i < f->n_credentials; i++)
        directory_revoke(out, f->credentials[i]);
    return true;
}

static size_t tokens_of(const struct directory_account *f)
{
    size_t n = 0;
    for (size_t i = 0; i < f->n_credentials; i++)
        n += f->credentials[i]->kind == BATON__CREDENTIAL_KIND__CREDENTIAL_KIND_TOKEN;
    return n;
}

bool directory_decide_create_token(const void *facts, const struct command *c, struct stamp *s,
                                   struct outcome *out)
{
    const struct directory_account *f = facts;
    const Baton__CreateTokenRequest *r = (const Baton__CreateTokenRequest *)c->request;
    char hash[HASH_TEXT_SIZE];
    /* 1: the user exists and is active */
    if (!f->user)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "user_id", "there is no such user");
    if (!is_active(f->user))
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "user_id", "this user is not active any more");
    /* 2: there is an end to it */
    if (tokens_of(f) >= DIRECTORY_TOKENS_MAX)
        return refuse(&out->no, REFUSAL_RESOURCE_EXHAUSTED, "user_id",
                      "this user has %d tokens already; revoke one first", DIRECTORY_TOKENS_MAX);
    Baton__CreateTokenResponse *reply = ARENA_NEW(s->arena, Baton__CreateTokenResponse);
    baton__create_token_response__init(reply);
    reply->token = stamp_secret(s);
    hash_text(hash, reply->token);
    Baton__Credential *t =
        directory_issue(s, out, BATON__CREDENTIAL_KIND__CREDENTIAL_KIND_TOKEN, f->user->id, hash);
    t->name = text_trim(s->arena, r->name);
    reply->token_id = t->id;
    out->reply = &reply->base;
    return true;
}

bool directory_decide_revoke_token(const void *facts, const struct command *c, struct stamp *s,
                                   struct outcome *out)
{
    const Baton__Credential *token = facts;
    /* 1: it exists and is a token */
    if (!token || token->kind != BATON__CREDENTIAL_KIND__CREDENTIAL_KIND_TOKEN)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "token_id", "there is no such token");
    directory_revoke(out, token);
    return true;
}
