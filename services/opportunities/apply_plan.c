/* Changes of opportunities and quotes that plans may be waiting for: each is looked at once, by a timer. */
#include "services/opportunities/plan.h"
#include "services/opportunities/rows.h"

static bool is_awaited(struct apply *ap, const char *opportunity_id)
{
    const char *what = arena_printf(ap->arena, "%s/%s", PLAN_AWAITS_DEAL, opportunity_id);
    struct table_scan scan;
    if (!table_scan_open(&scan, ap->txn, OPPORTUNITIES_PLAN, "awaits", what, NULL, false))
        return false;
    const bool found = table_scan_next(&scan, ap->arena) != NULL;
    table_scan_close(&scan);
    return found;
}

static struct key key_of_look(const char *opportunity_id, uint64_t seq)
{
    struct key key = key_of(opportunity_id);
    key_u64(&key, seq);
    return key;
}

/* One event may change both an opportunity and its quote: that is one row. */
static Baton__PlanLook *look_of(struct apply *ap, const char *opportunity_id)
{
    const struct key key = key_of_look(opportunity_id, ap->seq);
    Baton__PlanLook *look = table_get(ap->txn, OPPORTUNITIES_PLAN_LOOK, &key, ap->arena);
    if (look)
        return look;
    look = ARENA_NEW(ap->arena, Baton__PlanLook);
    baton__plan_look__init(look);
    look->opportunity_id = arena_strdup(ap->arena, opportunity_id);
    look->has_seq = look->has_due_us = true;
    look->seq = ap->seq;
    look->due_us = ap->time_us + 1;
    return look;
}

void opportunities_apply_plan_deal(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__Opportunity *o = (const Baton__Opportunity *)payload;
    if (!is_awaited(ap, o->id))
        return;
    Baton__PlanLook *look = look_of(ap, o->id);
    look->stage_key = o->stage_key;
    table_put(ap->txn, OPPORTUNITIES_PLAN_LOOK, look, ap->seq, ap->arena);
}

void opportunities_apply_plan_quote(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__Quote *q = (const Baton__Quote *)payload;
    if ((q->status != BATON__QUOTE_STATUS__QUOTE_STATUS_SENT &&
         q->status != BATON__QUOTE_STATUS__QUOTE_STATUS_ACCEPTED) ||
        !is_awaited(ap, q->opportunity_id))
        return;
    Baton__PlanLook *look = look_of(ap, q->opportunity_id);
    look->quote_id = q->id;
    look->has_quote_status = true;
    look->quote_status = q->status;
    table_put(ap->txn, OPPORTUNITIES_PLAN_LOOK, look, ap->seq, ap->arena);
}

void opportunities_apply_plan_looked(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__PlanLooked *e = (const Baton__PlanLooked *)payload;
    const struct key key = key_of_look(e->opportunity_id, e->seq);
    (void)table_delete(ap->txn, OPPORTUNITIES_PLAN_LOOK, &key, ap->arena); /* it was there */
}
