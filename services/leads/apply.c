/* Events to rows: leads, decisions, shares, counts. */
#include <stdlib.h>
#include <string.h>

#include "services/leads/filter.h"
#include "services/leads/rows.h"

/* What an event changes in the sum received = held + merged + rejected. */
struct custody_change {
    int received, held, merged, rejected;
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
    c->held += (uint64_t)(int64_t)by.held;
    c->merged += (uint64_t)(int64_t)by.merged;
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
    const Baton__Lead *lead = ((const Baton__LeadCaptured *)payload)->lead;
    put_new(ap, lead);
    leads_match_note(ap->state, lead, ap->arena);
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

/* What the holder received today, where there is a limit; the decision says which day it is. */
static void received(struct apply *ap, const Baton__LeadAssigned *e)
{
    struct key key = key_of(e->owner_id);
    Baton__Holding fresh = BATON__HOLDING__INIT;
    Baton__Holding *h = table_get(ap->txn, LEADS_HOLDING, &key, ap->arena);
    if (!h)
        h = &fresh;
    struct leads_received n = {h->counted_day, h->received_that_day, h->received_that_week,
                               h->received_that_month};
    n = leads_received_on(n, e->decision->owner_day);
    h->user_id = e->owner_id;
    h->has_counted_day = h->has_received_that_day = true;
    h->has_received_that_week = h->has_received_that_month = true;
    h->counted_day = n.on_day;
    h->received_that_day = n.day + 1;
    h->received_that_week = n.week + 1;
    h->received_that_month = n.month + 1;
    table_put(ap->txn, LEADS_HOLDING, h, ap->seq, ap->arena);
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

static Baton__WaitingLead waiting_row(const Baton__Lead *l)
{
    Baton__WaitingLead w = BATON__WAITING_LEAD__INIT;
    w.queue_id = l->queue_id;
    w.has_rank = true;
    w.rank = l->queue_rank;
    w.lead_id = l->id;
    return w;
}

/* Whether it can be taken. What was merged or closed keeps its place in the queue's history only. */
static bool waits(const Baton__Lead *l)
{
    return l->open && l->queue_id;
}

static bool waits_as(const Baton__Lead *a, const Baton__Lead *b)
{
    return waits(a) && waits(b) && a->queue_rank == b->queue_rank && strcmp(a->queue_id, b->queue_id) == 0;
}

static void wait_in_order(struct apply *ap, const Baton__Lead *before, const Baton__Lead *after)
{
    if (waits_as(before, after))
        return;
    if (waits(before)) {
        struct key key;
        key_init(&key);
        key_text(&key, before->queue_id);
        key_u64(&key, before->queue_rank);
        key_text(&key, before->id);
        (void)table_delete(ap->txn, LEADS_WAITING, &key, ap->arena); /* gone is what is wanted */
    }
    if (waits(after)) {
        Baton__WaitingLead row = waiting_row(after);
        table_put(ap->txn, LEADS_WAITING, &row, ap->seq, ap->arena);
    }
}

static void move_on(struct apply *ap, const char *lead_id, const ProtobufCMessage *payload)
{
    const Baton__Lead *before = apply_get(ap, LEADS_LEAD, lead_id);
    if (!before)
        return;
    Baton__Lead *after = leads_copy(before, ap->arena);
    leads_evolve(after, payload, ap->time_us, ap->arena);
    apply_put(ap, LEADS_LEAD, before, after);
    count_open(ap, before, after);
    wait_in_order(ap, before, after);
}

void leads_apply_lead(struct apply *ap, const ProtobufCMessage *payload)
{
    move_on(ap, schema_get_text(payload, "lead_id"), payload);
}

void leads_apply_updated(struct apply *ap, const ProtobufCMessage *payload)
{
    leads_apply_lead(ap, payload);
    leads_match_note_update(ap->state, (const Baton__LeadUpdated *)payload, ap->arena);
}

void leads_apply_merged(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__LeadsMerged *e = (const Baton__LeadsMerged *)payload;
    int n = (int)e->n_loser_ids;
    move_on(ap, e->survivor_id, payload);
    for (size_t i = 0; i < e->n_loser_ids; i++)
        move_on(ap, e->loser_ids[i], payload);
    custody(ap, (struct custody_change){.held = -n, .merged = n});
}

void leads_apply_unmerged(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__LeadUnmerged *e = (const Baton__LeadUnmerged *)payload;
    move_on(ap, e->survivor_id, payload);
    move_on(ap, e->lead_id, payload);
    custody(ap, (struct custody_change){.held = 1, .merged = -1});
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
        leads_apply_skips(ap, e->decision);
    }
    for (size_t i = 0; i < e->n_shares; i++)
        table_put(ap->txn, LEADS_SHARE, e->shares[i], ap->seq, ap->arena);
    for (size_t i = 0; i < e->n_pool_clocks; i++)
        table_put(ap->txn, LEADS_POOL_CLOCK, e->pool_clocks[i], ap->seq, ap->arena);
    if (e->decision && e->decision->has_owner_day)
        received(ap, e);
    if (e->shadow)
        leads_apply_shadow_word(ap, e);
    leads_state_note_assigned(ap->state, e);
}

static void in_force(struct apply *ap, uint64_t version)
{
    Baton__PolicyInForce row = BATON__POLICY_IN_FORCE__INIT;
    row.id = (char *)LEADS_IN_FORCE_ID;
    row.has_version = true;
    row.version = version;
    table_put(ap->txn, LEADS_POLICY_IN_FORCE, &row, ap->seq, ap->arena);
    leads_state_note_policy(ap->state);
}

/* Versions that were published before a policy had a status need no row: the newest is in force. */
void leads_apply_policy(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__Policy *p = ((const Baton__PolicyPublished *)payload)->policy;
    table_put(ap->txn, LEADS_POLICY, p, ap->seq, ap->arena);
    if (p->has_status)
        in_force(ap, p->version);
    leads_state_note_policy(ap->state);
}

void leads_apply_draft(struct apply *ap, const ProtobufCMessage *payload)
{
    table_put(ap->txn, LEADS_POLICY, ((const Baton__PolicyDrafted *)payload)->policy, ap->seq, ap->arena);
}

void leads_apply_activated(struct apply *ap, const ProtobufCMessage *payload)
{
    in_force(ap, ((const Baton__PolicyActivated *)payload)->version);
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
    leads_state_note_admin(ap->state, (const Baton__User *)payload);
}

void leads_apply_organisation(struct apply *ap, const ProtobufCMessage *payload)
{
    leads_state_note_organisation(ap->state);
}

/* --- a pool changes: its version is kept, and who leaves it or weighs differently keeps what they are owed
 * --- */

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

/* A fair share's two tables. */
struct share_tables {
    unsigned share, clock;
};

static void park(struct apply *ap, const struct share_tables *tables, const Baton__Pool *pool,
                 const Baton__PoolMember *m, int64_t virtual_time)
{
    struct key key;
    key_init(&key);
    key_text(&key, pool->id);
    key_text(&key, m->user_id);
    Baton__Share *share = table_get(ap->txn, tables->share, &key, ap->arena);
    if (!share || share->parked)
        return;
    share->position = leads_share_debt(share->position, weight_of(m), virtual_time);
    share->has_parked = share->parked = true;
    table_put(ap->txn, tables->share, share, ap->seq, ap->arena);
}

/* Parked debts are in leads, whatever the weight: the next decision places them at the new one. */
static void park_changed(struct apply *ap, const struct share_tables *tables, const Baton__Pool *pool,
                         const Baton__PoolVersion *before)
{
    struct key key = key_of(pool->id);
    const Baton__PoolClock *clock = table_get(ap->txn, tables->clock, &key, ap->arena);
    Baton__PoolMember **now = ARENA_ARRAY(ap->arena, Baton__PoolMember *, pool->n_members);
    for (size_t i = 0; i < pool->n_members; i++)
        now[i] = pool->members[i];
    qsort(now, pool->n_members, sizeof *now, by_user);
    for (size_t i = 0; clock && i < before->n_members; i++) {
        Baton__PoolMember *const *still =
            bsearch(&before->members[i], now, pool->n_members, sizeof *now, by_user);
        if (!still || weight_of(*still) != weight_of(before->members[i]))
            park(ap, tables, pool, before->members[i], clock->virtual_time);
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
    if (before) {
        park_changed(ap, &(struct share_tables){LEADS_SHARE, LEADS_POOL_CLOCK}, pool, before);
        park_changed(ap, &(struct share_tables){LEADS_SHADOW_SHARE, LEADS_SHADOW_CLOCK}, pool, before);
    }
    Baton__PoolVersion v = BATON__POOL_VERSION__INIT;
    v.pool_id = pool->id;
    v.has_revision = true;
    v.revision = pool->revision;
    v.name = pool->name;
    v.n_members = pool->n_members;
    v.members = pool->members;
    table_put(ap->txn, LEADS_POOL_VERSION, &v, ap->seq, ap->arena);
}

void leads_apply_place(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__Place *place = (const Baton__Place *)payload;
    struct key live = key_of(place->id);
    bool is_new = table_seq(ap->txn, LEADS_PLACE, &live) && place->revision == 1;
    leads_state_note_place(ap->state, is_new ? place : NULL);
}

void leads_apply_territory(struct apply *ap, const ProtobufCMessage *payload)
{
    leads_state_note_territories(ap->state);
}

void leads_apply_move(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__TerritoryMoveAdvanced *e = (const Baton__TerritoryMoveAdvanced *)payload;
    struct key key = key_of(LEADS_MOVE_ID);
    const Baton__TerritoryMove *before = table_get(ap->txn, LEADS_TERRITORY_MOVE, &key, ap->arena);
    Baton__TerritoryMove m = BATON__TERRITORY_MOVE__INIT;
    if (e->finished) {
        (void)table_delete(ap->txn, LEADS_TERRITORY_MOVE, &key, ap->arena); /* gone is what is wanted */
        return;
    }
    m.id = (char *)LEADS_MOVE_ID;
    m.model_id = e->model_id;
    m.token = e->token;
    m.has_next_due_us = m.has_moved = true;
    m.next_due_us =
        e->has_after_seconds ? ap->time_us + INT64_C(1000000) * e->after_seconds : ap->time_us + 1;
    m.moved = (e->token && before ? before->moved : 0) + e->moved;
    table_put(ap->txn, LEADS_TERRITORY_MOVE, &m, ap->seq, ap->arena);
}
