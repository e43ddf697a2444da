/* What contacts agree to: of each channel and purpose the word that was said last, once all is quiet. */
#include <assert.h>
#include <string.h>

#include "contacts/contacts.h"
#include "sim/sim.h"

enum { SCRATCH = 64 << 20 };

static const Baton__ConsentInForce *in_force(const struct ledger *l, const Baton__Consent *c, struct arena *a)
{
    struct key key = key_of(c->contact_id);
    key_u64(&key, (uint64_t)c->channel);
    key_text(&key, c->purpose_key);
    return table_get(l->made, CONTACTS_CONSENT_IN_FORCE, &key, a);
}

void agreed_settled(struct sim *sim)
{
    const struct ledger *l = &sim->ledgers[CONTACTS];
    struct arena *a = arena_new(SCRATCH);
    struct table_scan scan;
    const Baton__Consent *c;
    bool opened = table_scan_open(&scan, l->made, CONTACTS_CONSENT, NULL, NULL, NULL, false);
    assert(opened);
    while ((c = table_scan_next(&scan, a))) {
        const Baton__ConsentInForce *row = in_force(l, c, a);
        if (!row || timestamp_us(row->consent->said_at) < timestamp_us(c->said_at))
            sim_wrong(sim, "agreed: consent %s was said last and does not hold", c->id);
        if (!table_get_id(l->made, CONTACTS_CONSENT, row->consent->id, a))
            sim_wrong(sim, "agreed: consent %s holds, and nobody said it", row->consent->id);
    }
    table_scan_close(&scan);
    arena_free(a);
}
