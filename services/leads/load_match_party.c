/* Accounts and contacts that a new lead may be of: found by the same kind of index as earlier leads. */
#include <string.h>

#include "services/leads/rows.h"

enum { SCRATCH = 16 << 20 };

typedef void enter_fn(struct near_index *x, const void *row, struct arena *a);

static void enter(struct near_index *x, const char *id, const struct leads_keys *k)
{
    struct near_keys hashes;
    leads_party_hashes_of(k, &hashes);
    near_index_add(x, id, &hashes);
}

static void enter_account(struct near_index *x, const void *row, struct arena *a)
{
    struct leads_keys keys;
    leads_keys_of_account(row, &keys, a);
    enter(x, ((const Baton__Account *)row)->id, &keys);
}

static void enter_contact(struct near_index *x, const void *row, struct arena *a)
{
    struct leads_keys keys;
    leads_keys_of_contact(row, &keys, a);
    enter(x, ((const Baton__Contact *)row)->id, &keys);
}

static void load_table(struct load *l, unsigned table, struct near_index *x, enter_fn *enter_row)
{
    struct table_scan scan;
    struct arena *scratch = arena_new(SCRATCH);
    const void *row;
    if (table_scan_open(&scan, l->txn, table, NULL, NULL, NULL, false)) {
        for (; (row = table_scan_next(&scan, scratch)); arena_reset(scratch))
            enter_row(x, row, scratch);
        table_scan_close(&scan);
    }
    arena_free(scratch);
}

void leads_match_load_parties(struct load *l)
{
    struct leads_indexes *x = leads_state_match(l->state);
    load_table(l, LEADS_ACCOUNT, x->accounts, enter_account);
    load_table(l, LEADS_CONTACT, x->contacts, enter_contact);
}

void leads_apply_account(struct apply *ap, const ProtobufCMessage *payload)
{
    struct leads_indexes *x = leads_state_match(ap->state);
    if (x)
        enter_account(x->accounts, payload, ap->arena);
}

void leads_apply_contact(struct apply *ap, const ProtobufCMessage *payload)
{
    struct leads_indexes *x = leads_state_match(ap->state);
    if (x)
        enter_contact(x->contacts, payload, ap->arena);
}

/* Whoever comes under what a merged record says is known as what it was merged into. */
static void stand_for(struct load *l, unsigned table, ProtobufCMessage *row)
{
    const ProtobufCMessage *now = row;
    for (int depth = 0; now && depth < LEADS_MERGE_DEPTH && schema_get_text(now, "merged_into_id"); depth++)
        now = table_get_id(l->txn, table, schema_get_text(now, "merged_into_id"), l->arena);
    if (!now || now == row)
        return;
    static const char *const whose[] = {"id", "owner_id", "account_id"};
    for (size_t i = 0; i < sizeof whose / sizeof *whose; i++)
        if (schema_field(schema_message(row->descriptor), whose[i]))
            schema_set_text(row, whose[i], arena_strdup(l->arena, schema_get_text(now, whose[i])));
}

/* What was deleted is still found, and is not there. */
static size_t rows_of(struct load *l, unsigned table, const struct near_index *x, const struct near_keys *h,
                      void *out[NEAR_FOUND_MAX])
{
    char ids[NEAR_FOUND_MAX][IDENT_TEXT_SIZE];
    size_t found = near_index_find(x, h, ids), n = 0;
    for (size_t i = 0; i < found; i++)
        if ((out[n] = table_get_id(l->txn, table, ids[i], l->arena)) != NULL)
            stand_for(l, table, out[n++]);
    return n;
}

static bool has_account(const struct leads_known *known, const char *id)
{
    for (size_t i = 0; i < known->n_accounts; i++)
        if (strcmp(known->accounts[i]->id, id) == 0)
            return true;
    return false;
}

/* Those found, and those of the contacts. */
static void add_accounts(struct load *l, struct leads_known *known, void *const *found, size_t n)
{
    known->accounts = ARENA_ARRAY(l->arena, const Baton__Account *, n + known->n_contacts);
    for (size_t i = 0; i < n; i++)
        known->accounts[known->n_accounts++] = found[i];
    for (size_t i = 0; i < known->n_contacts; i++) {
        const char *id = known->contacts[i]->account_id;
        const Baton__Account *account =
            id && !has_account(known, id) ? table_get_id(l->txn, LEADS_ACCOUNT, id, l->arena) : NULL;
        if (account)
            known->accounts[known->n_accounts++] = account;
    }
}

void leads_parties_load(struct load *l, struct leads_known *known)
{
    const struct leads_indexes *x = leads_state_match(l->state);
    struct near_keys hashes;
    void *accounts[NEAR_FOUND_MAX], *contacts[NEAR_FOUND_MAX];
    leads_party_hashes_of(&known->keys, &hashes);
    size_t n_accounts = rows_of(l, LEADS_ACCOUNT, x->accounts, &hashes, accounts);
    size_t n_contacts = rows_of(l, LEADS_CONTACT, x->contacts, &hashes, contacts);
    if (n_contacts)
        known->contacts = ARENA_ARRAY(l->arena, const Baton__Contact *, n_contacts);
    for (size_t i = 0; i < n_contacts; i++)
        known->contacts[known->n_contacts++] = contacts[i];
    if (n_accounts + n_contacts)
        add_accounts(l, known, accounts, n_accounts);
}
