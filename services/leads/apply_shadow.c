/* The shadow policy's rows: that it is there, its fair share, and who would have had how many. */
#include <string.h>

#include "services/leads/rows.h"

enum { AT_ONCE = 256, SCRATCH = 16 << 20 };

void leads_apply_shadowed(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__PolicyShadowed *e = (const Baton__PolicyShadowed *)payload;
    Baton__PolicyShadow row = BATON__POLICY_SHADOW__INIT;
    row.id = (char *)LEADS_SHADOW_ID;
    row.has_policy_version = true;
    row.policy_version = e->policy_version;
    row.started_at = timestamp_of(ap->arena, ap->time_us);
    table_put(ap->txn, LEADS_SHADOW, &row, ap->seq, ap->arena);
    leads_state_note_shadow(ap->state);
}

/* Of the first rows; false: there are none. */
static bool delete_some(struct apply *ap, unsigned table, struct arena *a)
{
    struct table_scan scan;
    struct key keys[AT_ONCE];
    const ProtobufCMessage *row;
    size_t n = 0;
    if (!table_scan_open(&scan, ap->txn, table, NULL, NULL, NULL, false))
        return false;
    while (n < AT_ONCE && (row = table_scan_next(&scan, a))) {
        key_init(&keys[n]);
        if (schema_field(schema_message(row->descriptor), "pool_id"))
            key_text(&keys[n], schema_get_text(row, "pool_id"));
        if (schema_field(schema_message(row->descriptor), "user_id"))
            key_text(&keys[n], schema_get_text(row, "user_id"));
        n++;
    }
    table_scan_close(&scan);
    for (size_t i = 0; i < n; i++)
        (void)table_delete(ap->txn, table, &keys[i], a); /* it is there */
    return n > 0;
}

void leads_apply_shadow_ended(struct apply *ap, const ProtobufCMessage *payload)
{
    static const unsigned tables[] = {LEADS_SHADOW_SHARE, LEADS_SHADOW_CLOCK, LEADS_SHADOW_COUNT};
    struct key key = key_of(LEADS_SHADOW_ID);
    struct arena *scratch = arena_new(SCRATCH);
    (void)table_delete(ap->txn, LEADS_SHADOW, &key, ap->arena); /* gone is what is wanted */
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        while (delete_some(ap, tables[i], scratch))
            arena_reset(scratch);
    arena_free(scratch);
    leads_state_note_shadow(ap->state);
}

static void count(struct apply *ap, const char *user_id, bool would, bool had)
{
    struct key key = key_of(user_id);
    Baton__ShadowCount fresh = BATON__SHADOW_COUNT__INIT;
    Baton__ShadowCount *c = table_get(ap->txn, LEADS_SHADOW_COUNT, &key, ap->arena);
    if (!c)
        c = &fresh;
    c->user_id = (char *)(uintptr_t)user_id;
    c->has_would = c->has_had = c->has_same = true;
    c->would += would;
    c->had += had;
    c->same += would && had;
    table_put(ap->txn, LEADS_SHADOW_COUNT, c, ap->seq, ap->arena);
}

void leads_apply_shadow_word(struct apply *ap, const Baton__LeadAssigned *e)
{
    const Baton__ShadowDecision *d = e->shadow;
    bool same = strcmp(d->owner_id, e->owner_id) == 0;
    for (size_t i = 0; i < d->n_shares; i++)
        table_put(ap->txn, LEADS_SHADOW_SHARE, d->shares[i], ap->seq, ap->arena);
    if (d->pool_clock)
        table_put(ap->txn, LEADS_SHADOW_CLOCK, d->pool_clock, ap->seq, ap->arena);
    count(ap, d->owner_id, true, same);
    if (!same)
        count(ap, e->owner_id, false, true);
}
