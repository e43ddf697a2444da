/* What was thought of opportunities is what the log says; what stages come to is what a scan says. Made from
   the log and the rows of opportunities, without what `apply` is made of. */
#include <stdlib.h>
#include <string.h>

#include "opportunities/opportunities.h"
#include "sim/sim.h"

enum { DEALS_MAX = 4096 };

/* The newest change of each opportunity so far. */
struct deals {
    const Baton__Opportunity *rows[DEALS_MAX];
    bool is_gone[DEALS_MAX];
    size_t n;
};

static bool same_text(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

static bool same_money(const Baton__Money *a, const Baton__Money *b)
{
    return a && b ? schema_equal(&a->base, &b->base) : a == b;
}

static bool thinks_the_same(const Baton__Opportunity *a, const Baton__Opportunity *b)
{
    return same_text(a->pipeline_id, b->pipeline_id) && same_text(a->stage_key, b->stage_key) &&
           a->probability == b->probability && a->forecast_category == b->forecast_category &&
           a->stage_kind == b->stage_kind && same_text(a->close_date, b->close_date) &&
           same_text(a->owner_id, b->owner_id) && same_text(a->product_id, b->product_id) &&
           same_money(a->amount, b->amount);
}

static size_t deal_at(struct deals *d, const char *id)
{
    for (size_t i = 0; i < d->n; i++)
        if (strcmp(d->rows[i]->id, id) == 0)
            return i;
    return d->n;
}

static void row_look(struct sim *sim, const Baton__LogRecord *r, const Baton__Opportunity *o, bool is_gone,
                     bool expected)
{
    struct ledger *l = &sim->ledgers[OPPORTUNITIES];
    struct arena *a = arena_new(1 << 20);
    struct key key;
    key_init(&key);
    key_u64(&key, r->time_us);
    key_u64(&key, r->seq);
    key_text(&key, o->id);
    const Baton__Estimate *e = table_get(l->made, OPPORTUNITIES_ESTIMATE, &key, a);
    if (!e != !expected)
        sim_wrong(sim, "estimates: record %zu of opportunity %s has %s", (size_t)r->seq, o->id,
                  e ? "one that says nothing new" : "none");
    if (e && (!same_text(e->stage_key, o->stage_key) || !same_text(e->pipeline_id, o->pipeline_id) ||
              e->probability != o->probability || e->forecast_category != o->forecast_category ||
              e->stage_kind != o->stage_kind || !same_text(e->close_date, o->close_date) ||
              !same_text(e->owner_id, o->owner_id) || !same_money(e->amount, o->amount) ||
              e->deleted != is_gone || !same_text(e->actor->user_id, r->actor->user_id)))
        sim_wrong(sim, "estimates: that of record %zu of opportunity %s says something else", (size_t)r->seq,
                  o->id);
    arena_free(a);
}

static size_t history(struct sim *sim)
{
    static struct deals d;
    const struct ledger *l = &sim->ledgers[OPPORTUNITIES];
    size_t n = 0;
    d.n = 0;
    for (size_t i = 0; i < l->n; i++)
        for (size_t k = 0; k < l->records[i]->n_events; k++) {
            const Baton__Event *e = l->records[i]->events[k];
            if (e->event_case != BATON__EVENT__EVENT_RECORD_CHANGED ||
                e->record_changed->record->record_case != BATON__RECORD__RECORD_OPPORTUNITY)
                continue;
            const Baton__Opportunity *o = e->record_changed->record->opportunity;
            const bool is_gone = e->record_changed->kind == BATON__CHANGE_KIND__CHANGE_KIND_DELETED;
            const size_t at = deal_at(&d, o->id);
            if (at == DEALS_MAX)
                return SIZE_MAX; /* more than this oracle keeps */
            const bool is_new = at == d.n || d.is_gone[at] != is_gone || !thinks_the_same(d.rows[at], o);
            row_look(sim, l->records[i], o, is_gone, is_new);
            n += is_new;
            d.rows[at] = o;
            d.is_gone[at] = is_gone;
            d.n += at == d.n;
        }
    return n;
}

/* --- what stages come to --- */

struct totals {
    uint64_t count, units, weighted;
};

static struct totals scanned(struct txn *made, const Baton__BoardSum *sum, struct arena *a)
{
    struct table_scan scan;
    struct totals t = {0};
    const Baton__Opportunity *o;
    if (!table_scan_open(&scan, made, OPPORTUNITIES_OPPORTUNITY, NULL, NULL, NULL, false))
        return t;
    while ((o = table_scan_next(&scan, a))) {
        const bool is_counted = same_text(o->pipeline_id, sum->pipeline_id) &&
                                same_text(o->stage_key, sum->stage_key) &&
                                (!*sum->owner_id || same_text(o->owner_id, sum->owner_id)) &&
                                same_text(o->amount ? o->amount->currency_code : NULL, sum->currency_code);
        const uint64_t units = o->amount ? (uint64_t)o->amount->minor_units : 0;
        t.count += is_counted;
        t.units += is_counted ? units : 0;
        t.weighted += is_counted ? units * o->probability / 100 : 0;
    }
    table_scan_close(&scan);
    return t;
}

/* As many opportunities are counted for all as there are, and each sum is that of its opportunities. */
static void sums(struct sim *sim, size_t n_rows)
{
    struct table_scan scan;
    struct txn *made = sim->ledgers[OPPORTUNITIES].made;
    struct arena *a = arena_new(64 << 20);
    const Baton__BoardSum *sum;
    uint64_t counted = 0;
    if (!table_scan_open(&scan, made, OPPORTUNITIES_SUM, NULL, NULL, NULL, false))
        return;
    while ((sum = table_scan_next(&scan, a))) {
        const struct totals t = scanned(made, sum, a);
        counted += *sum->owner_id ? 0 : sum->count;
        if (t.count != sum->count || t.units != sum->minor_units || t.weighted != sum->weighted_minor_units)
            sim_wrong(sim, "board: the stage %s says %zu of %zu for \"%s\", and is %zu of %zu",
                      sum->stage_key, (size_t)sum->count, (size_t)sum->minor_units, sum->owner_id,
                      (size_t)t.count, (size_t)t.units);
    }
    table_scan_close(&scan);
    if (counted != n_rows)
        sim_wrong(sim, "board: %zu opportunities are counted, and there are %zu", (size_t)counted, n_rows);
    arena_free(a);
}

static size_t rows_in(struct sim *sim, unsigned table)
{
    struct table_scan scan;
    struct arena *a = arena_new(64 << 20);
    size_t n = 0;
    if (table_scan_open(&scan, sim->ledgers[OPPORTUNITIES].made, table, NULL, NULL, NULL, false)) {
        while (table_scan_next(&scan, a))
            n++;
        table_scan_close(&scan);
    }
    arena_free(a);
    return n;
}

void estimates_settled(struct sim *sim)
{
    const size_t wanted = history(sim), there = rows_in(sim, OPPORTUNITIES_ESTIMATE);
    if (wanted != SIZE_MAX && wanted != there)
        sim_wrong(sim, "estimates: there are %zu, and the log says %zu", there, wanted);
    sums(sim, rows_in(sim, OPPORTUNITIES_OPPORTUNITY));
    if (rows_in(sim, OPPORTUNITIES_RETIREMENT))
        sim_wrong(sim, "board: a stage is never empty");
}
