/* Changes of opportunities, accounts, quotes and documents that plans may be waiting for, or are started by:
   each is looked at once, by a timer. */
#include "services/opportunities/plan.h"
#include "services/opportunities/rows.h"

/* Of an opportunity or an account; false for NULL. */
static bool is_awaited(struct apply *ap, const char *id)
{
    const char *what = arena_printf(ap->arena, "%s/%s", PLAN_AWAITS_DEAL, id ? id : "");
    struct table_scan scan;
    if (!id || !table_scan_open(&scan, ap->txn, OPPORTUNITIES_PLAN, "awaits", what, NULL, false))
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

static bool has_entered(const struct apply *ap, const Baton__Opportunity *o)
{
    return o->stage_key && timestamp_us(o->stage_entered_at) == ap->time_us;
}

/* It came to its stage by this change, and there are templates of plans that start there. */
static bool is_start(struct apply *ap, const Baton__Opportunity *o)
{
    struct table_scan scan;
    if (!has_entered(ap, o) || !table_scan_open(&scan, ap->txn, OPPORTUNITIES_PLAN_TEMPLATE,
                                                "start_stage_key", o->stage_key, NULL, false))
        return false;
    const bool found = table_scan_next(&scan, ap->arena) != NULL;
    table_scan_close(&scan);
    return found;
}

void opportunities_apply_plan_deal(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__Opportunity *o = (const Baton__Opportunity *)payload;
    const bool starts = is_start(ap, o), entered = has_entered(ap, o),
               of_account = entered && is_awaited(ap, o->account_id);
    if (!starts && !of_account && !is_awaited(ap, o->id))
        return;
    Baton__PlanLook *look = look_of(ap, o->id);
    look->stage_key = o->stage_key;
    look->has_won = true;
    look->won = o->stage_kind == BATON__STAGE_KIND__STAGE_KIND_WON;
    if (of_account)
        look->account_id = o->account_id;
    if (starts)
        look->has_entered = look->entered = true;
    table_put(ap->txn, OPPORTUNITIES_PLAN_LOOK, look, ap->seq, ap->arena);
}

/* `account_id`: the same, where it is an account; else NULL. */
static void look_for_quote(struct apply *ap, const Baton__Quote *q, const char *id, char *account_id)
{
    if (!is_awaited(ap, id))
        return;
    Baton__PlanLook *look = look_of(ap, id);
    if (account_id)
        look->account_id = account_id;
    look->quote_id = q->id;
    look->has_quote_status = true;
    look->quote_status = q->status;
    table_put(ap->txn, OPPORTUNITIES_PLAN_LOOK, look, ap->seq, ap->arena);
}

void opportunities_apply_plan_quote(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__Quote *q = (const Baton__Quote *)payload;
    if (q->status != BATON__QUOTE_STATUS__QUOTE_STATUS_SENT &&
        q->status != BATON__QUOTE_STATUS__QUOTE_STATUS_ACCEPTED)
        return;
    const Baton__Opportunity *o =
        table_get_id(ap->txn, OPPORTUNITIES_OPPORTUNITY, q->opportunity_id, ap->arena);
    look_for_quote(ap, q, q->opportunity_id, NULL);
    /* in a row of its own: where the opportunity stands, as that row may say, is no news for the account */
    if (o)
        look_for_quote(ap, q, o->account_id, o->account_id);
}

/* `account_id`: the same, where it is an account; else NULL. */
static void look_for_paper(struct apply *ap, const Baton__Document *d, const char *id, char *account_id)
{
    if (!is_awaited(ap, id))
        return;
    Baton__PlanLook *look = look_of(ap, id);
    look->account_id = account_id;
    look->document_id = d->id;
    look->has_document_type = true;
    look->document_type = d->type;
    table_put(ap->txn, OPPORTUNITIES_PLAN_LOOK, look, ap->seq, ap->arena);
}

void opportunities_apply_plan_document(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__Document *d =
        table_get_id(ap->txn, OPPORTUNITIES_DOCUMENT, ((const Baton__Document *)payload)->id, ap->arena);
    if (!d || d->status != BATON__DOCUMENT_STATUS__DOCUMENT_STATUS_ACTIVE)
        return;
    for (size_t i = 0; i < d->n_opportunity_ids; i++)
        look_for_paper(ap, d, d->opportunity_ids[i], NULL);
    for (size_t i = 0; i < d->n_account_ids; i++)
        look_for_paper(ap, d, d->account_ids[i], d->account_ids[i]);
}

/* It is handed on, merged or gone: for whoever has plans of it. */
void opportunities_apply_plan_account(struct apply *ap, const ProtobufCMessage *payload)
{
    char *id = ((const Baton__Account *)payload)->id;
    if (!is_awaited(ap, id))
        return;
    Baton__PlanLook *look = look_of(ap, id);
    look->account_id = id;
    table_put(ap->txn, OPPORTUNITIES_PLAN_LOOK, look, ap->seq, ap->arena);
}

void opportunities_apply_plan_looked(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__PlanLooked *e = (const Baton__PlanLooked *)payload;
    const struct key key = key_of_look(e->opportunity_id, e->seq);
    (void)table_delete(ap->txn, OPPORTUNITIES_PLAN_LOOK, &key, ap->arena); /* it was there */
}
