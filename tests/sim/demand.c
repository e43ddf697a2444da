/* A demand plan has what a scan of the deals and quotes of its moment has: made from the log alone, without
   what load and slow part are made of. */
#include <string.h>

#include "opportunities/demand.h"
#include "opportunities/rollup.h"
#include "sim/sim.h"

enum { RECORDS_MAX = 4096, TYPES = 3 };

/* Of one type, as the log had them. */
struct seen {
    const ProtobufCMessage *rows[RECORDS_MAX];
    size_t n;
};

enum { DEALS, QUOTES, WAREHOUSES };

static bool same(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

static void see(struct seen *s, const ProtobufCMessage *record, bool is_gone)
{
    size_t i = 0;
    while (i < s->n && !same(schema_get_text(s->rows[i], "id"), schema_get_text(record, "id")))
        i++;
    if (is_gone) {
        if (i < s->n)
            s->rows[i] = s->rows[--s->n];
    } else if (i < RECORDS_MAX) {
        s->rows[i] = record;
        s->n += i == s->n;
    }
}

static void see_until(const struct ledger *l, uint64_t seq, struct seen seen[TYPES])
{
    for (size_t i = 0; i < TYPES; i++)
        seen[i].n = 0;
    for (size_t i = 0; i < l->n && i < seq; i++)
        for (size_t k = 0; k < l->records[i]->n_events; k++) {
            const Baton__Event *e = l->records[i]->events[k];
            if (e->event_case != BATON__EVENT__EVENT_RECORD_CHANGED)
                continue;
            const Baton__Record *r = e->record_changed->record;
            const bool is_gone = e->record_changed->kind == BATON__CHANGE_KIND__CHANGE_KIND_DELETED;
            if (r->record_case == BATON__RECORD__RECORD_OPPORTUNITY)
                see(&seen[DEALS], &r->opportunity->base, is_gone);
            else if (r->record_case == BATON__RECORD__RECORD_QUOTE)
                see(&seen[QUOTES], &r->quote->base, is_gone);
            else if (r->record_case == BATON__RECORD__RECORD_WAREHOUSE)
                see(&seen[WAREHOUSES], &r->warehouse->base, is_gone);
        }
}

/* Further on is better, then newer. */
static const Baton__Quote *best_quote(const struct seen *quotes, const char *deal)
{
    const Baton__Quote *best = NULL;
    for (size_t i = 0; i < quotes->n; i++) {
        const Baton__Quote *q = (const Baton__Quote *)quotes->rows[i];
        if (!same(q->opportunity_id, deal) || !q->n_lines ||
            q->status < BATON__QUOTE_STATUS__QUOTE_STATUS_DRAFT ||
            q->status > BATON__QUOTE_STATUS__QUOTE_STATUS_ACCEPTED)
            continue;
        if (!best || q->status > best->status || (q->status == best->status && strcmp(q->id, best->id) > 0))
            best = q;
    }
    return best;
}

static const char *warehouse_of(const struct seen *warehouses, const Baton__Quote *q)
{
    for (size_t i = 0; q->head && i < warehouses->n; i++) {
        const Baton__Warehouse *w = (const Baton__Warehouse *)warehouses->rows[i];
        for (size_t k = 0; k < w->n_areas; k++)
            if (same(w->areas[k]->country, q->head->country))
                return w->id;
    }
    return "";
}

static int64_t said_of(const Baton__DemandPlanMade *e, const char *product, uint64_t month,
                       const char *warehouse, const char *deal)
{
    for (size_t i = 0; i < e->n_rows; i++)
        for (size_t k = 0; k < e->rows[i]->n_deals; k++)
            if (same(e->rows[i]->deals[k]->opportunity_id, deal) && same(e->rows[i]->product_id, product) &&
                e->rows[i]->month == month && same(e->rows[i]->warehouse_id, warehouse))
                return e->rows[i]->deals[k]->quantity_e4;
    return 0;
}

/* How many lines of the plan the deal should have; each is looked for. */
static size_t deal(struct sim *sim, const Baton__DemandPlanMade *e, const struct seen seen[TYPES],
                   const Baton__Opportunity *o)
{
    const Baton__Quote *q = best_quote(&seen[QUOTES], o->id);
    uint64_t month = forecast_month_of(o->close_date), first = e->plan->first_month;
    size_t n = 0;
    if (!o->pipeline_id || o->stage_kind != BATON__STAGE_KIND__STAGE_KIND_OPEN || !q || !month ||
        month >= first + e->plan->months)
        return 0;
    month = month < first ? first : month;
    for (size_t i = 0; i < q->n_lines; i++) {
        int64_t quantity = 0;
        bool is_again = false;
        for (size_t k = 0; k < q->n_lines; k++) {
            const bool is_it = same(q->lines[k]->product_id, q->lines[i]->product_id);
            quantity += is_it ? q->lines[k]->quantity_e4 : 0;
            is_again |= is_it && k < i;
        }
        if (is_again)
            continue;
        const char *warehouse = warehouse_of(&seen[WAREHOUSES], q);
        if (said_of(e, q->lines[i]->product_id, month, warehouse, o->id) != quantity)
            sim_wrong(sim, "demand: plan %s does not have %lld of deal %s", e->plan->id, (long long)quantity,
                      o->id);
        n++;
    }
    return n;
}

static void plan(struct sim *sim, const Baton__DemandPlanMade *e)
{
    static struct seen seen[TYPES];
    size_t said = 0, is = 0;
    see_until(&sim->ledgers[OPPORTUNITIES], e->plan->seq, seen);
    for (size_t i = 0; i < e->n_rows; i++) {
        const Baton__DemandRow *r = e->rows[i];
        int64_t expected = 0, most = 0;
        for (size_t k = 0; k < r->n_deals; k++, said++) {
            expected += demand_expected(r->deals[k]->quantity_e4, r->deals[k]->chance_e4);
            most += r->deals[k]->quantity_e4;
        }
        if (expected != r->expected_e4 || r->p10_e4 < 0 || r->p10_e4 > r->p50_e4 || r->p50_e4 > r->p90_e4 ||
            r->p90_e4 > most)
            sim_wrong(sim, "demand: a row of plan %s does not add up", e->plan->id);
    }
    if (seen[DEALS].n == RECORDS_MAX || seen[QUOTES].n == RECORDS_MAX)
        return;
    for (size_t i = 0; i < seen[DEALS].n; i++)
        is += deal(sim, e, seen, (const Baton__Opportunity *)seen[DEALS].rows[i]);
    if (said != is)
        sim_wrong(sim, "demand: plan %s has %zu lines, and a scan %zu", e->plan->id, said, is);
}

void demand_settled(struct sim *sim)
{
    const struct ledger *l = &sim->ledgers[OPPORTUNITIES];
    for (size_t i = 0; i < l->n; i++)
        for (size_t k = 0; k < l->records[i]->n_events; k++)
            if (l->records[i]->events[k]->event_case == BATON__EVENT__EVENT_DEMAND_PLAN_MADE)
                plan(sim, l->records[i]->events[k]->demand_plan_made);
}
