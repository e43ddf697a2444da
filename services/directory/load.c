/* Facts for the directory's commands. */
#include <string.h>

#include "base/hash.h"
#include "services/directory/rows.h"

static void *first_row(struct load *l, unsigned table)
{
    struct table_scan scan;
    if (!table_scan_open(&scan, l->txn, table, NULL, NULL, NULL, false))
        return NULL;
    void *row = table_scan_next(&scan, l->arena);
    table_scan_close(&scan);
    return row;
}

Baton__Organisation *directory_organisation(struct load *l)
{
    return first_row(l, DIRECTORY_ORGANISATION);
}

Baton__User *directory_user_by_email(struct load *l, const char *email)
{
    const char *folded = directory_email_fold(l->arena, email);
    return folded ? table_find(l->txn, DIRECTORY_USER, "email", folded, l->arena) : NULL;
}

Baton__User *directory_active_admin(struct load *l, const char *except_id)
{
    struct table_scan scan;
    Baton__User *u;
    if (!table_scan_open(&scan, l->txn, DIRECTORY_USER, NULL, NULL, NULL, false))
        return NULL;
    while ((u = table_scan_next(&scan, l->arena)))
        if (u->role == BATON__ROLE__ROLE_ADMIN && u->status == BATON__USER_STATUS__USER_STATUS_ACTIVE &&
            !(except_id && strcmp(u->id, except_id) == 0))
            break;
    table_scan_close(&scan);
    return u;
}

const char *directory_password_hash(struct load *l, const char *user_id)
{
    const Baton__Password *row = table_get_id(l->txn, DIRECTORY_PASSWORD, user_id, l->arena);
    return row ? row->hash : NULL;
}

static Baton__Credential *by_secret_hash(struct load *l, const char *hash)
{
    return *hash ? table_find(l->txn, DIRECTORY_CREDENTIAL, "secret_hash", hash, l->arena) : NULL;
}

static void credentials_load(struct load *l, const char *user_id, struct directory_account *f)
{
    struct table_scan scan;
    Baton__Credential *c;
    f->credentials = ARENA_ARRAY(l->arena, Baton__Credential *, DIRECTORY_CREDENTIALS_MAX);
    if (!table_scan_open(&scan, l->txn, DIRECTORY_CREDENTIAL, "user_id", user_id, NULL, false))
        return;
    while (f->n_credentials < DIRECTORY_CREDENTIALS_MAX && (c = table_scan_next(&scan, l->arena)))
        f->credentials[f->n_credentials++] = c;
    table_scan_close(&scan);
}

void directory_account_load(struct load *l, const Baton__Actor *actor, Baton__User *user,
                            struct directory_account *f)
{
    const Baton__Credential *actors = table_get_id(l->txn, DIRECTORY_CREDENTIAL, actor->session_id, l->arena);
    f->actor_has_token = actors && actors->kind == BATON__CREDENTIAL_KIND__CREDENTIAL_KIND_TOKEN;
    f->user = user;
    if (!user)
        return;
    struct key key = key_of(user->id);
    f->user_seq = table_seq(l->txn, DIRECTORY_USER, &key);
    f->password_hash = directory_password_hash(l, user->id);
    credentials_load(l, user->id, f);
}

void *directory_load_by_email(struct load *l, const struct command *c)
{
    const Baton__SignInRequest *r = (const Baton__SignInRequest *)c->request;
    struct directory_account *f = ARENA_NEW(l->arena, struct directory_account);
    directory_account_load(l, c->actor, directory_user_by_email(l, r->email), f);
    return f;
}

const char *directory_password_target(const struct command *c)
{
    const char *named = ((const Baton__SetPasswordRequest *)c->request)->user_id;
    return named ? named : c->actor->user_id;
}

/* SetPassword, DeactivateUser and CreateToken are about a user of the same name. */
static bool may_succeed(const Baton__User *u, const Baton__User *leaver)
{
    return u && u->status == BATON__USER_STATUS__USER_STATUS_ACTIVE && strcmp(u->id, leaver->id) != 0;
}

/* The one named, else the team's manager, else whoever holds what nobody else can take. */
static const Baton__User *successor(struct load *l, const struct command *c, const Baton__User *leaver,
                                    const Baton__Organisation *o)
{
    const Baton__DeactivateUserRequest *r = (const Baton__DeactivateUserRequest *)c->request;
    const Baton__User *named = table_get_id(l->txn, DIRECTORY_USER, r->successor_id, l->arena);
    if (r->successor_id)
        return may_succeed(named, leaver) ? named : NULL;
    const Baton__Team *team = table_get_id(l->txn, DIRECTORY_TEAM, leaver->team_id, l->arena);
    const Baton__User *manager =
        table_get_id(l->txn, DIRECTORY_USER, team ? team->manager_id : NULL, l->arena);
    if (may_succeed(manager, leaver))
        return manager;
    return table_get_id(l->txn, DIRECTORY_USER, o ? o->last_resort_user_id : NULL, l->arena);
}

void *directory_load_target(struct load *l, const struct command *c)
{
    const char *id = c->request->descriptor == &baton__set_password_request__descriptor
                         ? directory_password_target(c)
                         : schema_get_text(c->request, "user_id");
    struct directory_account *f = ARENA_NEW(l->arena, struct directory_account);
    directory_account_load(l, c->actor, table_get_id(l->txn, DIRECTORY_USER, id, l->arena), f);
    const Baton__Organisation *o = directory_organisation(l);
    f->is_last_resort = f->user && o && strcmp(o->last_resort_user_id, f->user->id) == 0;
    if (f->user && f->user->role == BATON__ROLE__ROLE_ADMIN)
        f->other_admin = directory_active_admin(l, f->user->id) != NULL;
    if (f->user && c->request->descriptor == &baton__deactivate_user_request__descriptor)
        f->successor = successor(l, c, f->user, o);
    return f;
}

void *directory_load_own(struct load *l, const struct command *c)
{
    struct directory_account *f = ARENA_NEW(l->arena, struct directory_account);
    directory_account_load(l, c->actor, table_get_id(l->txn, DIRECTORY_USER, c->actor->user_id, l->arena), f);
    return f;
}

void *directory_load_session(struct load *l, const struct command *c)
{
    return table_get_id(l->txn, DIRECTORY_CREDENTIAL, c->actor->session_id, l->arena);
}

void *directory_load_token(struct load *l, const struct command *c)
{
    const Baton__RevokeTokenRequest *r = (const Baton__RevokeTokenRequest *)c->request;
    return table_get_id(l->txn, DIRECTORY_CREDENTIAL, r->token_id, l->arena);
}

void *directory_load_sessions(struct load *l, const struct command *c)
{
    const Baton__EndSessionRequest *r = (const Baton__EndSessionRequest *)c->request;
    struct directory_account *f = ARENA_NEW(l->arena, struct directory_account);
    Baton__Credential *named = table_get_id(l->txn, DIRECTORY_CREDENTIAL, r->session_id, l->arena);
    const char *user_id = named ? named->user_id : r->user_id;
    f->user = table_get_id(l->txn, DIRECTORY_USER, user_id, l->arena);
    if (named) {
        f->credentials = arena_copy(l->arena, &named, sizeof named);
        f->n_credentials = 1;
    } else if (f->user) {
        credentials_load(l, user_id, f);
    }
    return f;
}

void *directory_load_setup(struct load *l, const struct command *c)
{
    const Baton__CompleteSetupRequest *r = (const Baton__CompleteSetupRequest *)c->request;
    struct directory_setup *f = ARENA_NEW(l->arena, struct directory_setup);
    char hash[HASH_TEXT_SIZE];
    hash_text(hash, r->token);
    f->credential = by_secret_hash(l, hash);
    if (!f->credential)
        return f;
    directory_account_load(
        l, c->actor, table_get_id(l->txn, DIRECTORY_USER, f->credential->user_id, l->arena), &f->account);
    f->organisation = directory_organisation(l);
    if (f->organisation) {
        struct key key = key_of(f->organisation->id);
        f->organisation_seq = table_seq(l->txn, DIRECTORY_ORGANISATION, &key);
    }
    const Baton__User *owner = directory_user_by_email(l, r->email);
    f->email_owner_id = owner ? owner->id : NULL;
    return f;
}

void *directory_load_boot(struct load *l, const struct command *c)
{
    const struct directory_boot *boot = c->prepared;
    struct directory_state *f = ARENA_NEW(l->arena, struct directory_state);
    f->organisation = directory_organisation(l);
    f->administrator = first_row(l, DIRECTORY_USER);
    if (f->administrator)
        f->administrator_has_password = directory_password_hash(l, f->administrator->id) != NULL;
    f->active_admin = directory_active_admin(l, NULL);
    f->admin_token_known = boot && by_secret_hash(l, boot->admin_hash);
    f->setup_token_known = boot && by_secret_hash(l, boot->setup_hash);
    return f;
}
