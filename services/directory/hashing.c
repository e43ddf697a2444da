/* The slow part of what concerns passwords: Argon2id, away from the loop. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/password.h"
#include "services/directory/rows.h"

/* Verified where there is no password to verify against, so that the answer takes as long. Nobody's. */
static const char nobodys_hash[] =
    "$argon2id$v=19$m=65536,t=3,p=1$MZs66dcKRccTN80iquGA+g$uvqIb+6wzhW2FhZn3VB4Np0kIuOqNjBbHyiCv4s1SkQ";

static void work(void *memory)
{
    struct directory_hashing *h = memory;
    if (h->verify)
        h->verified = password_is(h->stored, h->old_password);
    if (h->make && (!h->verify || h->verified))
        (void)password_hash(h->made, h->new_password); /* a failure leaves "" */
    sodium_memzero(h->old_password, sizeof h->old_password);
    sodium_memzero(h->new_password, sizeof h->new_password);
}

static void verify_against(struct directory_hashing *h, const char *hash, const char *password)
{
    h->verify = true;
    memccpy(h->stored, hash, '\0', sizeof h->stored - 1);
    memccpy(h->old_password, password, '\0', sizeof h->old_password - 1);
}

static void make_of(struct directory_hashing *h, const char *password)
{
    h->make = true;
    memccpy(h->new_password, password, '\0', sizeof h->new_password - 1);
}

static void *load_sign_in(struct load *l, const struct command *c)
{
    const Baton__SignInRequest *r = (const Baton__SignInRequest *)c->request;
    struct directory_hashing *h = calloc(1, sizeof *h);
    if (!h)
        return NULL;
    const Baton__User *u = directory_user_by_email(l, r->email);
    const char *hash = NULL;
    if (u && u->status == BATON__USER_STATUS__USER_STATUS_ACTIVE)
        hash = directory_password_hash(l, u->id);
    verify_against(h, hash ? hash : nobodys_hash, r->password);
    return h;
}

static void *load_set_password(struct load *l, const struct command *c)
{
    const Baton__SetPasswordRequest *r = (const Baton__SetPasswordRequest *)c->request;
    const char *target = directory_password_target(c);
    struct directory_account f = {0};
    struct refusal no;
    if (!target || (!directory_is_own(c->actor, target) && !directory_may_administer(c->actor)) ||
        !directory_password_check(r->new_password, "new_password", &no))
        return NULL;
    directory_account_load(l, c->actor, table_get_id(l->txn, DIRECTORY_USER, target, l->arena), &f);
    struct directory_hashing *h = f.user ? calloc(1, sizeof *h) : NULL;
    if (!h)
        return NULL;
    if (directory_needs_old(c->actor, &f))
        verify_against(h, f.password_hash, r->old_password ? r->old_password : "");
    make_of(h, r->new_password);
    return h;
}

static void *load_setup(struct load *l, const struct command *c)
{
    const Baton__CompleteSetupRequest *r = (const Baton__CompleteSetupRequest *)c->request;
    const struct directory_setup *f = directory_load_setup(l, c);
    struct refusal no;
    if (!f->credential || !directory_password_check(r->password, "password", &no))
        return NULL;
    struct directory_hashing *h = calloc(1, sizeof *h);
    if (h)
        make_of(h, r->password);
    return h;
}

const struct slow_part directory_slow_setup = {.load = load_setup, .work = work};
const struct slow_part directory_slow_sign_in = {.load = load_sign_in, .work = work};
const struct slow_part directory_slow_set_password = {.load = load_set_password, .work = work};
