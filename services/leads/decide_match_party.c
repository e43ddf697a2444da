/* Which account and contact a new lead is of. */
#include <string.h>

#include "services/leads/leads.h"

void leads_keys_of_account(const Baton__Account *account, struct leads_keys *k, struct arena *a)
{
    Baton__Lead like = BATON__LEAD__INIT;
    like.company = account->name;
    like.website = account->website;
    like.phone = account->phone;
    like.address = account->billing_address;
    leads_keys_of(&like, k, a);
}

void leads_keys_of_contact(const Baton__Contact *contact, struct leads_keys *k, struct arena *a)
{
    Baton__Lead like = BATON__LEAD__INIT;
    like.first_name = contact->first_name;
    like.last_name = contact->last_name;
    like.email = contact->email;
    like.phone = contact->phone;
    like.mobile_phone = contact->mobile_phone;
    leads_keys_of(&like, k, a);
}

static bool equal(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

/* 20: the same domain or name, or else the same number; two that have as much in common are none */
static const Baton__Account *account_of(const struct leads_known *known, struct arena *a)
{
    const Baton__Account *best = NULL;
    int most = 0;
    for (size_t i = 0; i < known->n_accounts; i++) {
        struct leads_keys k;
        leads_keys_of_account(known->accounts[i], &k, a);
        int points = 2 * equal(k.domain, known->keys.domain) + 2 * equal(k.company, known->keys.company) +
                     leads_share_phone(&k, &known->keys);
        /* 24: what was merged is the same as what it was merged into */
        bool same = best && equal(best->id, known->accounts[i]->id);
        if (points >= most && !same)
            best = points > most ? known->accounts[i] : NULL;
        most = points > most ? points : most;
    }
    return best;
}

/* 21: who certainly is that person; a lead without a name at an office's address is nobody in particular */
static const Baton__Contact *contact_of(const struct leads_known *known, struct arena *a)
{
    for (size_t i = 0; i < known->n_contacts; i++) {
        struct leads_keys k;
        leads_keys_of_contact(known->contacts[i], &k, a);
        if (leads_likeness(&known->keys, &k) == LEADS_CERTAIN)
            return known->contacts[i];
    }
    return NULL;
}

static const Baton__Account *account_named(const struct leads_known *known, const char *id)
{
    for (size_t i = 0; i < known->n_accounts; i++)
        if (equal(known->accounts[i]->id, id))
            return known->accounts[i];
    return NULL;
}

static bool is_active(const struct leads_routing *r, const char *user_id)
{
    uint32_t person = user_id ? leads_person_find(r, user_id) : LEADS_NOBODY;
    return person != LEADS_NOBODY && r->persons[person].known && r->persons[person].active;
}

void leads_match_party(const struct leads_known *known, const struct leads_routing *r, Baton__Lead *lead,
                       struct arena *a)
{
    const Baton__Contact *contact = contact_of(known, a);
    /* 22: a contact says which account it is of */
    const Baton__Account *account =
        contact && contact->account_id ? account_named(known, contact->account_id) : account_of(known, a);
    if (contact)
        lead->matched_contact_id = contact->id;
    if (account)
        lead->matched_account_id = account->id;
    /* 23: an account's owner knows the customer before whoever holds a lead of theirs does */
    char *const owners[] = {account ? account->owner_id : NULL, contact ? contact->owner_id : NULL};
    for (size_t i = 0; i < sizeof owners / sizeof *owners; i++)
        if (is_active(r, owners[i])) {
            lead->customer_owner_id = owners[i];
            return;
        }
}
