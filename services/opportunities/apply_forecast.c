/* What opportunities come to, by owner and month, from one quarter of an hour to the next; and the counts of
   how they went. What an opportunity was counted as stands in its item, so each change takes that out and
   puts the new in. */
#include <string.h>

#include "services/opportunities/rows.h"
#include "services/opportunities/state.h"

static const int64_t QUARTER_HOUR_US = INT64_C(900000000);
static const int64_t DAY_US = INT64_C(86400000000);

static Baton__ForecastLevel *newest_level(struct apply *ap, const char *owner_id, uint64_t month)
{
    struct table_scan scan;
    struct key prefix = key_of(owner_id);
    Baton__ForecastLevel *row = NULL;
    key_u64(&prefix, month);
    if (table_scan_under(&scan, ap->txn, OPPORTUNITIES_LEVEL, &prefix, NULL, NULL, true)) {
        row = table_scan_next(&scan, ap->arena);
        table_scan_close(&scan);
    }
    return row;
}

/* One goes, one comes, of the same owner and month; NULL: none does. */
static void count(struct apply *ap, const Baton__ForecastItem *goes, const Baton__ForecastItem *comes)
{
    const Baton__ForecastItem *of = goes ? goes : comes;
    Baton__ForecastLevel *row = newest_level(ap, of->owner_id, of->month);
    if (!row) {
        row = ARENA_NEW(ap->arena, Baton__ForecastLevel);
        baton__forecast_level__init(row);
        row->owner_id = of->owner_id;
        row->month = of->month;
    }
    row->has_month = row->has_quarter_hour = true;
    row->quarter_hour = (uint64_t)(ap->time_us / QUARTER_HOUR_US);
    if (goes)
        forecast_line_count(row, goes->line, -1, ap->arena);
    if (comes)
        forecast_line_count(row, comes->line, 1, ap->arena);
    table_put(ap->txn, OPPORTUNITIES_LEVEL, row, ap->seq, ap->arena);
    held_put_level(ap->state, row);
}

static const Baton__ForecastItem *counted(const Baton__ForecastItem *i)
{
    return i && i->kind != BATON__STAGE_KIND__STAGE_KIND_LOST ? i : NULL;
}

static void move(struct apply *ap, const Baton__ForecastItem *before, const Baton__ForecastItem *after)
{
    const Baton__ForecastItem *goes = counted(before), *comes = counted(after);
    if (goes && comes && goes->month == comes->month && strcmp(goes->owner_id, comes->owner_id) == 0) {
        if (!schema_equal(&goes->line->base, &comes->line->base))
            count(ap, goes, comes);
        return;
    }
    if (goes)
        count(ap, goes, NULL);
    if (comes)
        count(ap, NULL, comes);
}

/* --- counts that are learned from --- */

static void count_spell(struct apply *ap, const struct forecast_delta *d)
{
    struct key key = key_of(d->stage);
    key_u64(&key, (uint64_t)d->entered);
    key_u64(&key, (uint64_t)d->left);
    key_u64(&key, d->exit);
    key_text(&key, d->to);
    key_u64(&key, d->first);
    const Baton__ForecastSpell *before = table_get(ap->txn, OPPORTUNITIES_SPELL, &key, ap->arena);
    Baton__ForecastSpell row = BATON__FORECAST_SPELL__INIT;
    row.stage = (char *)(uintptr_t)d->stage;
    row.to = (char *)(uintptr_t)d->to;
    row.has_entered = row.has_left = row.has_exit = row.has_first = row.has_deals = true;
    row.entered = (uint64_t)d->entered;
    row.left = (uint64_t)d->left;
    row.exit = d->exit;
    row.first = d->first;
    row.deals = (before ? before->deals : 0) + d->n;
    if (row.deals)
        table_replace(ap->txn, OPPORTUNITIES_SPELL, before, &row, ap->seq, ap->arena);
    else
        (void)table_delete(ap->txn, OPPORTUNITIES_SPELL, &key, ap->arena); /* it was there */
}

static void count_outcome(struct apply *ap, const Baton__ForecastItem *i, enum forecast_kind kind,
                          const char *id, int64_t n)
{
    const bool won = i->kind == BATON__STAGE_KIND__STAGE_KIND_WON;
    struct key key;
    if (!id || !*id)
        return;
    key_init(&key);
    key_u64(&key, kind);
    key_text(&key, id);
    key_u64(&key, (uint64_t)i->closed);
    const Baton__ForecastOutcome *before = table_get(ap->txn, OPPORTUNITIES_OUTCOME, &key, ap->arena);
    Baton__ForecastOutcome row = BATON__FORECAST_OUTCOME__INIT;
    row.has_kind = row.has_step = row.has_won = row.has_lost = true;
    row.kind = kind;
    row.id = (char *)(uintptr_t)id;
    row.step = (uint64_t)i->closed;
    row.won = (before ? before->won : 0) + (won ? n : 0);
    row.lost = (before ? before->lost : 0) + (won ? 0 : n);
    if (row.won || row.lost)
        table_replace(ap->txn, OPPORTUNITIES_OUTCOME, before, &row, ap->seq, ap->arena);
    else
        (void)table_delete(ap->txn, OPPORTUNITIES_OUTCOME, &key, ap->arena); /* it was there */
}

static void count_amount(struct apply *ap, const Baton__ForecastItem *i, int64_t n)
{
    struct key key = key_of(i->line->currency_code);
    Baton__ForecastAmount row = BATON__FORECAST_AMOUNT__INIT;
    row.currency_code = i->line->currency_code;
    row.product_id = i->line->product_id;
    row.has_bin = row.has_step = row.has_deals = true;
    row.bin = forecast_bin((int64_t)i->line->amount);
    row.step = (uint64_t)i->closed;
    key_text(&key, row.product_id);
    key_u64(&key, row.bin);
    key_u64(&key, row.step);
    const Baton__ForecastAmount *before = table_get(ap->txn, OPPORTUNITIES_AMOUNT, &key, ap->arena);
    row.deals = (before ? before->deals : 0) + n;
    if (row.deals)
        table_replace(ap->txn, OPPORTUNITIES_AMOUNT, before, &row, ap->seq, ap->arena);
    else
        (void)table_delete(ap->txn, OPPORTUNITIES_AMOUNT, &key, ap->arena); /* it was there */
}

static void count_closed(struct apply *ap, const Baton__ForecastItem *i, int64_t n)
{
    if (!forecast_item_closed(i))
        return;
    count_outcome(ap, i, FORECAST_OWNER, i->owner_id, n);
    count_outcome(ap, i, FORECAST_TEAM, i->team_id, n);
    count_outcome(ap, i, FORECAST_PRODUCT, i->line->product_id, n);
    if (i->kind == BATON__STAGE_KIND__STAGE_KIND_WON && i->line->amount)
        count_amount(ap, i, n);
}

/* --- events --- */

static const char *team_of(struct apply *ap, const char *owner_id)
{
    const Baton__User *u = table_get_id(ap->txn, OPPORTUNITIES_USER, owner_id, ap->arena);
    return u ? u->team_id : NULL;
}

void opportunities_apply_forecast(struct apply *ap, const ProtobufCMessage *payload)
{
    const char *id = ((const Baton__Opportunity *)payload)->id;
    const Baton__Opportunity *o = table_get_id(ap->txn, OPPORTUNITIES_OPPORTUNITY, id, ap->arena);
    const struct key key = key_of(id);
    const Baton__ForecastItem *before = table_get(ap->txn, OPPORTUNITIES_ITEM, &key, ap->arena);
    const int32_t step = forecast_step((int32_t)(ap->time_us / DAY_US));
    const Baton__ForecastItem *after =
        forecast_item(o, before, o ? team_of(ap, o->owner_id) : NULL, step, ap->arena);
    struct forecast_deltas deltas;
    if (!before && !after)
        return;
    move(ap, before, after);
    forecast_item_moved(before, after, step, &deltas);
    for (size_t i = 0; i < deltas.n; i++)
        count_spell(ap, &deltas.spells[i]);
    count_closed(ap, before, -1);
    count_closed(ap, after, 1);
    if (after)
        table_replace(ap->txn, OPPORTUNITIES_ITEM, before, after, ap->seq, ap->arena);
    else
        (void)table_delete(ap->txn, OPPORTUNITIES_ITEM, &key, ap->arena); /* it is there */
}

void opportunities_apply_adjusted(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__ForecastAdjusted *e = (const Baton__ForecastAdjusted *)payload;
    table_put(ap->txn, OPPORTUNITIES_ADJUSTMENT, e->adjustment, ap->seq, ap->arena);
}

/* What is written down last in a moment counts. */
void opportunities_apply_quota(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__Quota *q = (const Baton__Quota *)payload;
    Baton__QuotaVersion *v = quota_version(q, ap->arena);
    v->has_at_us = v->has_gone = true;
    v->at_us = (uint64_t)ap->time_us;
    v->gone = table_get_id(ap->txn, OPPORTUNITIES_QUOTA, q->id, ap->arena) == NULL;
    table_put(ap->txn, OPPORTUNITIES_QUOTA_VERSION, v, ap->seq, ap->arena);
    held_put_quota(ap->state, v);
}
