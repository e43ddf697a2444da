/* Opportunities as rows: what is thought of each and was thought before, and what stages come to. The newest
   estimate of an opportunity says what of it is in cards and sums, so each change takes that out and puts the
   new in. Nothing is made of those of before there were pipelines until they have one. */
#include <string.h>

#include "services/opportunities/rows.h"

static Baton__Estimate *newest(struct apply *ap, const char *opportunity_id)
{
    struct table_scan scan;
    Baton__Estimate *e = NULL;
    if (table_scan_open(&scan, ap->txn, OPPORTUNITIES_ESTIMATE, "opportunity_id", opportunity_id, NULL,
                        true)) {
        e = table_scan_next(&scan, ap->arena);
        table_scan_close(&scan);
    }
    return e;
}

/* What is thought of it now; of what is deleted, what was thought last. */
static Baton__Estimate estimate_of(const struct apply *ap, const Baton__Opportunity *o, bool is_gone)
{
    Baton__Estimate e = BATON__ESTIMATE__INIT;
    e.has_at_us = e.has_seq = e.has_stage_kind = e.has_probability = e.has_forecast_category = true;
    e.at_us = (uint64_t)ap->time_us;
    e.seq = ap->seq;
    e.opportunity_id = o->id;
    e.pipeline_id = o->pipeline_id;
    e.stage_key = o->stage_key;
    e.stage_kind = o->stage_kind;
    e.probability = o->probability;
    e.amount = o->amount;
    e.close_date = o->close_date;
    e.forecast_category = o->forecast_category;
    e.owner_id = o->owner_id;
    e.product_id = o->product_id;
    e.actor = (Baton__Actor *)(uintptr_t)ap->actor;
    e.has_deleted = e.deleted = is_gone;
    return e;
}

/* Whoever says the same again says nothing new. */
static bool says_the_same(const Baton__Estimate *last, const Baton__Estimate *e)
{
    Baton__Estimate as_then = *e;
    if (!last)
        return false;
    as_then.at_us = last->at_us;
    as_then.seq = last->seq;
    as_then.actor = last->actor;
    return schema_equal(&last->base, &as_then.base);
}

/* --- cards and sums: each once for its owner and once for all --- */

static const char *currency_of(const Baton__Estimate *e)
{
    return e->amount && e->amount->currency_code ? e->amount->currency_code : "";
}

static uint64_t weighted_of(const Baton__Money *amount, uint32_t probability)
{
    const uint64_t units = amount ? (uint64_t)amount->minor_units : 0;
    return units / 100 * probability + units % 100 * probability / 100;
}

Baton__BoardSum opportunities_sum_of(const Baton__Opportunity *o)
{
    Baton__BoardSum sum = BATON__BOARD_SUM__INIT;
    sum.currency_code =
        o->amount && o->amount->currency_code ? o->amount->currency_code : (char *)(uintptr_t) "";
    sum.count = 1;
    sum.minor_units = o->amount ? (uint64_t)o->amount->minor_units : 0;
    sum.weighted_minor_units = weighted_of(o->amount, o->probability);
    return sum;
}

static struct key sum_key(const Baton__Estimate *e, const char *owner_id)
{
    struct key k = key_of(e->pipeline_id);
    key_text(&k, e->stage_key);
    key_text(&k, owner_id);
    key_text(&k, currency_of(e));
    return k;
}

/* Sums wrap around and back, so that what was put in is taken out whole. */
static void count(struct apply *ap, const Baton__Estimate *e, const char *owner_id, bool in)
{
    const struct key key = sum_key(e, owner_id);
    const Baton__BoardSum *before = table_get(ap->txn, OPPORTUNITIES_SUM, &key, ap->arena);
    const uint64_t amount = e->amount ? (uint64_t)e->amount->minor_units : 0;
    const uint64_t weighted = weighted_of(e->amount, e->probability);
    Baton__BoardSum sum = BATON__BOARD_SUM__INIT;
    sum.pipeline_id = e->pipeline_id;
    sum.stage_key = e->stage_key;
    sum.owner_id = (char *)(uintptr_t)owner_id;
    sum.currency_code = (char *)(uintptr_t)currency_of(e);
    sum.has_count = sum.has_minor_units = sum.has_weighted_minor_units = true;
    sum.count = (before ? before->count : 0) + (in ? 1 : UINT64_MAX);
    sum.minor_units = (before ? before->minor_units : 0) + (in ? amount : -amount);
    sum.weighted_minor_units = (before ? before->weighted_minor_units : 0) + (in ? weighted : -weighted);
    if (sum.count)
        table_replace(ap->txn, OPPORTUNITIES_SUM, before, &sum, ap->seq, ap->arena);
    else
        (void)table_delete(ap->txn, OPPORTUNITIES_SUM, &key, ap->arena); /* it was there */
}

static void show(struct apply *ap, const Baton__Estimate *e, const char *owner_id, bool in)
{
    Baton__BoardCard card = BATON__BOARD_CARD__INIT;
    card.pipeline_id = e->pipeline_id;
    card.stage_key = e->stage_key;
    card.owner_id = (char *)(uintptr_t)owner_id;
    card.opportunity_id = e->opportunity_id;
    if (in) {
        table_put(ap->txn, OPPORTUNITIES_CARD, &card, ap->seq, ap->arena);
        return;
    }
    struct key key = key_of(e->pipeline_id);
    key_text(&key, e->stage_key);
    key_text(&key, owner_id);
    key_text(&key, e->opportunity_id);
    (void)table_delete(ap->txn, OPPORTUNITIES_CARD, &key, ap->arena); /* it was there */
}

static bool same(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

static bool is_elsewhere(const Baton__Estimate *a, const Baton__Estimate *b)
{
    return !a || a->deleted || !b || b->deleted || !same(a->pipeline_id, b->pipeline_id) ||
           !same(a->stage_key, b->stage_key) || !same(a->owner_id, b->owner_id);
}

static void board(struct apply *ap, const Baton__Estimate *e, bool in, bool with_card)
{
    const char *const owners[] = {"", e->owner_id};
    for (size_t i = 0; i < sizeof owners / sizeof *owners; i++) {
        if (!owners[i] || (i && !*owners[i]))
            continue; /* nobody's */
        count(ap, e, owners[i], in);
        if (with_card)
            show(ap, e, owners[i], in);
    }
}

void opportunities_apply_estimate(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__Opportunity *o = (const Baton__Opportunity *)payload;
    const Baton__Estimate *last = newest(ap, o->id);
    const bool is_gone = !table_get_id(ap->txn, OPPORTUNITIES_OPPORTUNITY, o->id, ap->arena);
    const Baton__Estimate e = estimate_of(ap, o, is_gone);
    if (!o->pipeline_id || says_the_same(last, &e))
        return;
    const bool moves = is_elsewhere(last, &e);
    if (last && !last->deleted)
        board(ap, last, false, moves);
    if (!is_gone)
        board(ap, &e, true, moves);
    table_put(ap->txn, OPPORTUNITIES_ESTIMATE, &e, ap->seq, ap->arena);
}
