/* Events to rows: leads, decisions, shares, counts. */
#include <stdlib.h>
#include <string.h>

#include "services/leads/rows.h"

/* What an event changes in the sum received = held + merged + rejected. */
struct custody_change {
    int received, held, rejected;
};

static void custody(struct apply *ap, struct custody_change by)
{
    struct key key = key_of(LEADS_CUSTODY_ID);
    Baton__Custody fresh = BATON__CUSTODY__INIT;
    Baton__Custody *c = table_get(ap->txn, LEADS_CUSTODY, &key, ap->arena);
    if (!c)
        c = &fresh;
    c->id = (char *)LEADS_CUSTODY_ID;
    c->has_received = c->has_held = c->has_merged = c->has_rejected = true;
    c->received += (uint64_t)by.received;
    c->held += (uint64_t)by.held;
    c->rejected += (uint64_t)by.rejected;
    table_put(ap->txn, LEADS_CUSTODY, c, ap->seq, ap->arena);
}

static void put_new(struct apply *ap, const Baton__Lead *lead)
{
    Baton__Lead *row = leads_copy(lead, ap->arena);
    row->has_captured_seq = true;
    row->captured_seq = ap->seq;
    apply_put(ap, LEADS_LEAD, NULL, row);
}

void leads_apply_captured(struct apply *ap, const ProtobufCMessage *payload)
{
    put_new(ap, ((const Baton__LeadCaptured *)payload)->lead);
    custody(ap, (struct custody_change){.received = 1, .held = 1});
}

void leads_apply_rejected(struct apply *ap, const ProtobufCMessage *payload)
{
    put_new(ap, ((const Baton__LeadRejected *)payload)->lead);
    custody(ap, (struct custody_change){.received = 1, .rejected = 1});
}

static void holding(struct apply *ap, const char *user_id, int delta)
{
    struct key key = key_of(user_id);
    Baton__Holding fresh = BATON__HOLDING__INIT;
    Baton__Holding *h = table_get(ap->txn, LEADS_HOLDING, &key, ap->arena);
    if (!h)
        h = &fresh;
    h->user_id = (char *)(uintptr_t)user_id;
    h->has_open = true;
    h->open = delta < 0 && h->open == 0 ? 0 : h->open + (uint64_t)(int64_t)delta;
    table_put(ap->txn, LEADS_HOLDING, h, ap->seq, ap->arena);
    leads_state_note_open(ap->state, user_id, delta);
}

/* The holder's count follows the lead's own word on whether it is open. */
static void count_open(struct apply *ap, const Baton__Lead *before, const Baton__Lead *after)
{
    const char *from = before->open ? before->owner_id : NULL, *to = after->open ? after->owner_id : NULL;
    if (from && to && strcmp(from, to) == 0)
        return;
    if (from)
        holding(ap, from, -1);
    if (to)
        holding(ap, to, 1);
}

void leads_apply_lead(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__Lead *before = apply_get(ap, LEADS_LEAD, schema_get_text(payload, "lead_id"));
    if (!before)
        return;
    Baton__Lead *after = leads_copy(before, ap->arena);
    leads_evolve(after, payload, ap->time_us, ap->arena);
    apply_put(ap, LEADS_LEAD, before, after);
    count_open(ap, before, after);
}

void leads_apply_assigned(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__LeadAssigned *e = (const Baton__LeadAssigned *)payload;
    Baton__DecisionPlace place = BATON__DECISION_PLACE__INIT;
    leads_apply_lead(ap, payload);
    if (e->decision) {
        place.lead_id = e->decision->lead_id;
        place.has_number = true;
        place.number = e->decision->number;
        table_put(ap->txn, LEADS_DECISION, &place, ap->seq, ap->arena);
    }
    for (size_t i = 0; i < e->n_shares; i++)
        table_put(ap->txn, LEADS_SHARE, e->shares[i], ap->seq, ap->arena);
    for (size_t i = 0; i < e->n_pool_clocks; i++)
        table_put(ap->txn, LEADS_POOL_CLOCK, e->pool_clocks[i], ap->seq, ap->arena);
    leads_state_note_assigned(ap->state, e);
}

void leads_apply_policy(struct apply *ap, const ProtobufCMessage *payload)
{
    table_put(ap->txn, LEADS_POLICY, ((const Baton__PolicyPublished *)payload)->policy, ap->seq, ap->arena);
    leads_state_note_policy(ap->state);
}

/* A step that moved nothing (the last resort itself has left) is tried again in an hour. */
static int64_t next_step_us(const struct apply *ap, const Baton__Handover *before,
                            const Baton__HandoverAdvanced *e)
{
    enum { HOUR_SECONDS = 3600 };
    return before && !e->handed_on ? ap->time_us + INT64_C(1000000) * HOUR_SECONDS : ap->time_us + 1;
}

void leads_apply_handover(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__HandoverAdvanced *e = (const Baton__HandoverAdvanced *)payload;
    struct key key = key_of(e->user_id);
    const Baton__Handover *before = table_get(ap->txn, LEADS_HANDOVER, &key, ap->arena);
    Baton__Handover h = BATON__HANDOVER__INIT;
    if (e->finished) {
        (void)table_delete(ap->txn, LEADS_HANDOVER, &key, ap->arena); /* gone is what is wanted */
        return;
    }
    h.user_id = e->user_id;
    h.has_next_due_us = h.has_handed_on = true;
    h.next_due_us = next_step_us(ap, before, e);
    h.handed_on = (before ? before->handed_on : 0) + e->handed_on;
    table_put(ap->txn, LEADS_HANDOVER, &h, ap->seq, ap->arena);
}

void leads_apply_user(struct apply *ap, const ProtobufCMessage *payload)
{
    leads_state_note_user(ap->state, ((const Baton__User *)payload)->id);
}

void leads_apply_organisation(struct apply *ap, const ProtobufCMessage *payload)
{
    leads_state_note_organisation(ap->state);
}

/* --- a pool changes: its version is kept, and who leaves it or weighs differently keeps their lag --- */

static int by_user(const void *a, const void *b)
{
    const Baton__PoolMember *x = *(Baton__PoolMember *const *)a, *y = *(Baton__PoolMember *const *)b;
    return strcmp(x->user_id ? x->user_id : "", y->user_id ? y->user_id : "");
}

static uint32_t weight_of(const Baton__PoolMember *m)
{
    return m->has_weight && m->weight ? m->weight : 1;
}

static struct key version_key(const char *pool_id, uint64_t revision)
{
    struct key key;
    key_init(&key);
    key_text(&key, pool_id);
    key_u64(&key, revision);
    return key;
}

static void park(struct apply *ap, const Baton__Pool *pool, const Baton__PoolMember *m, int64_t virtual_time)
{
    struct key key;
    key_init(&key);
    key_text(&key, pool->id);
    key_text(&key, m->user_id);
    Baton__Share *share = table_get(ap->txn, LEADS_SHARE, &key, ap->arena);
    if (!share || share->parked)
        return;
    share->position = leads_share_lag(share->position, weight_of(m), virtual_time);
    share->has_parked = share->parked = true;
    table_put(ap->txn, LEADS_SHARE, share, ap->seq, ap->arena);
}

/* Parked lags are in leads, whatever the weight: the next decision places them at the new one. */
static void park_changed(struct apply *ap, const Baton__Pool *pool, const Baton__PoolVersion *before)
{
    struct key key = key_of(pool->id);
    const Baton__PoolClock *clock = table_get(ap->txn, LEADS_POOL_CLOCK, &key, ap->arena);
    Baton__PoolMember **now = ARENA_ARRAY(ap->arena, Baton__PoolMember *, pool->n_members);
    for (size_t i = 0; i < pool->n_members; i++)
        now[i] = pool->members[i];
    qsort(now, pool->n_members, sizeof *now, by_user);
    for (size_t i = 0; clock && i < before->n_members; i++) {
        Baton__PoolMember *const *still =
            bsearch(&before->members[i], now, pool->n_members, sizeof *now, by_user);
        if (!still || weight_of(*still) != weight_of(before->members[i]))
            park(ap, pool, before->members[i], clock->virtual_time);
    }
}

void leads_apply_pool(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__Pool *pool = (const Baton__Pool *)payload;
    struct key live = key_of(pool->id);
    leads_state_note_pool(ap->state, pool->id);
    if (!table_seq(ap->txn, LEADS_POOL, &live))
        return; /* deleted: its versions stay for the decisions they explain */
    struct key key = version_key(pool->id, pool->revision - 1);
    const Baton__PoolVersion *before = table_get(ap->txn, LEADS_POOL_VERSION, &key, ap->arena);
    if (before)
        park_changed(ap, pool, before);
    Baton__PoolVersion v = BATON__POOL_VERSION__INIT;
    v.pool_id = pool->id;
    v.has_revision = true;
    v.revision = pool->revision;
    v.name = pool->name;
    v.n_members = pool->n_members;
    v.members = pool->members;
    table_put(ap->txn, LEADS_POOL_VERSION, &v, ap->seq, ap->arena);
}
