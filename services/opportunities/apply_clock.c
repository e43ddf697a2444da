/* When something was last done about an opportunity, when it would stall, and what has; who follows it. */
#include <string.h>

#include "services/opportunities/rows.h"

/* 0: it waits for nothing. */
static int64_t due_us(struct apply *ap, const Baton__Opportunity *o, int64_t last_us)
{
    const Baton__Pipeline *p = table_get_id(ap->txn, OPPORTUNITIES_PIPELINE, o->pipeline_id, ap->arena);
    const Baton__PipelineStage *stage = opportunities_stage(p, o->stage_key);
    if (!stage || !stage->idle_days || opportunities_is_closed(o) || o->stalled_at)
        return 0;
    return last_us + opportunities_idle_us(stage->idle_days);
}

static void list(struct apply *ap, const Baton__Opportunity *o, uint64_t was_us, uint64_t is_us)
{
    Baton__StalledDeal row = BATON__STALLED_DEAL__INIT;
    struct key key;
    key_init(&key);
    key_u64(&key, was_us);
    key_text(&key, o->id);
    if (was_us)
        (void)table_delete(ap->txn, OPPORTUNITIES_STALLED, &key, ap->arena); /* it was there */
    if (!is_us)
        return;
    row.has_stalled_us = true;
    row.stalled_us = is_us;
    row.opportunity_id = o->id;
    row.owner_id = o->owner_id;
    table_put(ap->txn, OPPORTUNITIES_STALLED, &row, ap->seq, ap->arena);
}

static void put(struct apply *ap, const Baton__Opportunity *o, int64_t last_us)
{
    Baton__DealClock clock = BATON__DEAL_CLOCK__INIT;
    clock.opportunity_id = o->id;
    clock.has_last_us = clock.has_due_us = clock.has_stalled_us = true;
    clock.last_us = last_us;
    clock.due_us = due_us(ap, o, last_us);
    clock.stalled_us = (uint64_t)timestamp_us(o->stalled_at);
    table_put(ap->txn, OPPORTUNITIES_CLOCK, &clock, ap->seq, ap->arena);
}

void opportunities_apply_clock(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__Opportunity *o = (const Baton__Opportunity *)payload;
    const Baton__DealClock *was = table_get_id(ap->txn, OPPORTUNITIES_CLOCK, o->id, ap->arena);
    const uint64_t was_us = was ? was->stalled_us : 0;
    struct key key = key_of(o->id);
    if (!table_get_id(ap->txn, OPPORTUNITIES_OPPORTUNITY, o->id, ap->arena)) {
        list(ap, o, was_us, 0);
        (void)table_delete(ap->txn, OPPORTUNITIES_CLOCK, &key, ap->arena); /* gone is what is wanted */
        return;
    }
    if (!o->pipeline_id)
        return;
    list(ap, o, was_us, (uint64_t)timestamp_us(o->stalled_at));
    /* that it has stalled is nothing that was done about it */
    put(ap, o, o->stalled_at && was ? was->last_us : ap->time_us);
}

static void set(struct apply *ap, const char *id, bool is_touched)
{
    const Baton__Opportunity *o = table_get_id(ap->txn, OPPORTUNITIES_OPPORTUNITY, id, ap->arena);
    const Baton__DealClock *was = table_get_id(ap->txn, OPPORTUNITIES_CLOCK, id, ap->arena);
    if (o && was)
        put(ap, o, is_touched ? ap->time_us : was->last_us);
}

void opportunities_apply_touched(struct apply *ap, const ProtobufCMessage *payload)
{
    set(ap, ((const Baton__OpportunityTouched *)payload)->opportunity_id, true);
}

void opportunities_apply_clock_set(struct apply *ap, const ProtobufCMessage *payload)
{
    set(ap, ((const Baton__DealClockSet *)payload)->opportunity_id, false);
}

/* --- other stages, other patience --- */

static void sweep_put(struct apply *ap, const char *pipeline_id, const char *token)
{
    Baton__ClockSweep row = BATON__CLOCK_SWEEP__INIT;
    row.pipeline_id = (char *)(uintptr_t)pipeline_id;
    row.has_next_due_us = true;
    row.next_due_us = ap->time_us + 1;
    row.token = (char *)(uintptr_t)token;
    table_put(ap->txn, OPPORTUNITIES_CLOCK_SWEEP, &row, ap->seq, ap->arena);
}

void opportunities_apply_pipeline(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__Pipeline *p = (const Baton__Pipeline *)payload;
    struct table_scan scan;
    struct key under = key_of(p->id);
    if (!table_scan_under(&scan, ap->txn, OPPORTUNITIES_CARD, &under, NULL, NULL, false))
        return;
    const bool has_any = table_scan_next(&scan, ap->arena) != NULL;
    table_scan_close(&scan);
    if (has_any)
        sweep_put(ap, p->id, NULL);
}

void opportunities_apply_clock_sweep(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__ClockSweepAdvanced *e = (const Baton__ClockSweepAdvanced *)payload;
    struct key key = key_of(e->pipeline_id);
    for (size_t i = 0; i < e->n_opportunity_ids; i++)
        set(ap, e->opportunity_ids[i], false);
    if (e->finished)
        (void)table_delete(ap->txn, OPPORTUNITIES_CLOCK_SWEEP, &key, ap->arena); /* it was there */
    else
        sweep_put(ap, e->pipeline_id, e->token);
}

void opportunities_apply_followed(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__OpportunityFollowed *e = (const Baton__OpportunityFollowed *)payload;
    Baton__DealFollower row = BATON__DEAL_FOLLOWER__INIT;
    struct key key = key_of(e->opportunity_id);
    key_text(&key, e->user_id);
    row.opportunity_id = e->opportunity_id;
    row.user_id = e->user_id;
    if (e->following)
        table_put(ap->txn, OPPORTUNITIES_FOLLOWER, &row, ap->seq, ap->arena);
    else
        (void)table_delete(ap->txn, OPPORTUNITIES_FOLLOWER, &key, ap->arena); /* it was there */
}
