/* Leads that a new one may be the same as. */
#include <string.h>

#include "services/leads/rows.h"

/* A walk over all leads needs memory for one. */
enum { SCRATCH = 16 << 20 };

static void enter(struct near_index *x, const Baton__Lead *lead, struct arena *a)
{
    struct leads_keys keys;
    struct near_keys hashes;
    leads_keys_of(lead, &keys, a);
    leads_hashes_of(&keys, &hashes);
    near_index_add(x, lead->id, &hashes);
}

/* Rows as they lie there: a start with a million leads is to take seconds. */
void leads_match_load(struct load *l)
{
    struct scan scan;
    struct bytes key, stored;
    struct store *s = txn_store(l->txn);
    struct near_index *x = leads_state_match_begin(l->state)->leads;
    struct arena *scratch = arena_new(SCRATCH);
    scan_open(&scan, l->txn, table_bucket(s, LEADS_LEAD), bytes_of(NULL, 0), bytes_of(NULL, 0), false);
    while (scan_next(&scan, &key, &stored)) {
        const Baton__Lead *lead = table_row(s, LEADS_LEAD, stored, scratch);
        if (lead && lead->status != BATON__LEAD_STATUS__LEAD_STATUS_REJECTED)
            enter(x, lead, scratch);
        arena_reset(scratch);
    }
    scan_close(&scan);
    arena_free(scratch);
    leads_match_load_parties(l);
    leads_find_load(l);
}

void leads_match_note(struct leads_state *state, const Baton__Lead *lead, struct arena *a)
{
    struct leads_indexes *x = leads_state_match(state);
    if (x)
        enter(x->leads, lead, a);
}

void leads_match_note_update(struct leads_state *state, const Baton__LeadUpdated *e, struct arena *a)
{
    for (size_t i = 0; i < e->n_fields; i++)
        if (leads_is_key(e->fields[i])) {
            leads_match_note(state, e->lead, a);
            return;
        }
}

/* Read once, so that it is told by its address. */
static const Baton__Lead *seen(const struct leads_known *known, const char *id)
{
    for (size_t i = 0; i < known->n; i++)
        if (strcmp(known->earlier[i].now->id, id) == 0)
            return known->earlier[i].now;
    return NULL;
}

static void add(struct load *l, struct leads_known *known, const char *id)
{
    const Baton__Lead *now = seen(known, id);
    const Baton__Lead *lead = now ? now : table_get_id(l->txn, LEADS_LEAD, id, l->arena);
    if (!lead)
        return;
    if (lead->merged_into_id)
        now = seen(known, lead->merged_into_id);
    if (!now)
        now = leads_survivor(l, lead);
    const Baton__Lead *before = seen(known, now->id);
    known->earlier[known->n++] = (struct leads_earlier){lead, before ? before : now};
}

/* Whoever knows the customer counts only where it is known whether they work here. */
static void owners_enter(struct load *l, const struct leads_known *known)
{
    for (size_t i = 0; i < known->n_accounts; i++)
        (void)leads_state_person(l, known->accounts[i]->owner_id);
    for (size_t i = 0; i < known->n_contacts; i++)
        (void)leads_state_person(l, known->contacts[i]->owner_id);
    for (size_t i = 0; i < known->n; i++)
        (void)leads_state_person(l, known->earlier[i].now->owner_id);
    if (known->n_accounts + known->n_contacts + known->n)
        (void)leads_state_routing(l); /* only to bring it up to date */
}

static void earlier_load(struct load *l, const struct near_keys *hashes, struct leads_known *known)
{
    char ids[NEAR_FOUND_MAX][IDENT_TEXT_SIZE];
    size_t n = near_index_find(leads_state_match(l->state)->leads, hashes, ids);
    if (!n)
        return;
    const Baton__Policy *policy = leads_state_policy(l);
    known->merge = !policy || policy->merge_at_intake != BATON__MERGE_AT_INTAKE__MERGE_AT_INTAKE_NEVER;
    known->earlier = ARENA_ARRAY(l->arena, struct leads_earlier, n);
    for (size_t i = 0; i < n; i++)
        add(l, known, ids[i]);
}

void leads_known_load(struct load *l, const Baton__Lead *lead, struct leads_known *known)
{
    struct near_keys hashes;
    if (!leads_state_match(l->state))
        return;
    leads_keys_of(lead, &known->keys, l->arena);
    leads_hashes_of(&known->keys, &hashes);
    leads_parties_load(l, known);
    earlier_load(l, &hashes, known);
    owners_enter(l, known);
}
