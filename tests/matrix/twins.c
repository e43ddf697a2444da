/* Contacts and accounts that are alike, and some of them merged. */
#include "base/hash.h"
#include "matrix/internal.h"

/* Two that are alike in all they say. */
static void twice(struct company *c, void *record, char id[COMPANY_ID_SIZE])
{
    struct pair *p = &c->pairs[c->n_pairs++ % PAIRS_KEPT];
    company_create(c, record, p->twin);
    company_create(c, record, id);
    company_keep_id(p->id, id);
}

/* Nobody else is called anything like it. */
static char *own_name(struct company *c)
{
    char *hash = arena_alloc(c->arena, HASH_TEXT_SIZE);
    hash_text(hash, arena_printf(c->arena, "twin %u", company_number(c)));
    return hash;
}

void company_contact_pair(struct company *c, const struct kind *k, const struct person *owner,
                          char id[COMPANY_ID_SIZE])
{
    Baton__Contact r = BATON__CONTACT__INIT;
    r.last_name = own_name(c);
    r.email = arena_printf(c->arena, "%s@buyer.example", r.last_name);
    r.owner_id = (char *)owner->id;
    twice(c, &r.base, id);
}

void company_account_pair(struct company *c, const struct kind *k, const struct person *owner,
                          char id[COMPANY_ID_SIZE])
{
    Baton__Account r = BATON__ACCOUNT__INIT;
    r.name = own_name(c);
    r.website = arena_printf(c->arena, "https://%s.example", r.name);
    r.owner_id = (char *)owner->id;
    twice(c, &r.base, id);
}

void company_contact_merged(struct company *c, const struct kind *k, const struct person *owner,
                            char id[COMPANY_ID_SIZE])
{
    Baton__MergeContactsRequest q = BATON__MERGE_CONTACTS_REQUEST__INIT;
    company_contact_pair(c, k, owner, id);
    q.lose_id = id;
    q.keep_id = (char *)(uintptr_t)company_twin(c, id);
    (void)company_must(c, &c->boss.actor, "DuplicateService/MergeContacts", &q); /* it was not refused */
}

void company_account_merged(struct company *c, const struct kind *k, const struct person *owner,
                            char id[COMPANY_ID_SIZE])
{
    Baton__MergeAccountsRequest q = BATON__MERGE_ACCOUNTS_REQUEST__INIT;
    company_account_pair(c, k, owner, id);
    q.lose_id = id;
    q.keep_id = (char *)(uintptr_t)company_twin(c, id);
    (void)company_must(c, &c->boss.actor, "DuplicateService/MergeAccounts", &q); /* it was not refused */
}
