/* What owners' months come to, now and as of earlier, is what the log says up to then; and the counts of how
   deals went are those of the deals there are. Made from the log and the rows of opportunities, without what
   `apply` is made of. */
#include <stdlib.h>
#include <string.h>

#include "opportunities/opportunities.h"
#include "opportunities/rows.h"
#include "opportunities/state.h"
#include "sim/sim.h"

enum { DEALS_MAX = 4096 };
static const uint64_t QUARTER_HOUR_US = 900000000;
static const int64_t YEAR_US = INT64_C(31536000000000);

struct deals {
    const Baton__Opportunity *rows[DEALS_MAX];
    size_t n;
};

static void see(struct deals *d, const Baton__RecordChanged *e)
{
    const Baton__Opportunity *o = e->record->opportunity;
    size_t i = 0;
    while (i < d->n && strcmp(d->rows[i]->id, o->id) != 0)
        i++;
    if (e->kind == BATON__CHANGE_KIND__CHANGE_KIND_DELETED) {
        if (i < d->n)
            d->rows[i] = d->rows[--d->n];
    } else if (i < DEALS_MAX) {
        d->rows[i] = o;
        d->n += i == d->n;
    }
}

/* As the log has them up to the end of that quarter of an hour. */
static void deals_then(const struct ledger *l, uint64_t quarter, struct deals *d)
{
    d->n = 0;
    for (size_t i = 0; i < l->n && l->records[i]->time_us / QUARTER_HOUR_US <= quarter; i++)
        for (size_t k = 0; k < l->records[i]->n_events; k++) {
            const Baton__Event *e = l->records[i]->events[k];
            if (e->event_case == BATON__EVENT__EVENT_RECORD_CHANGED &&
                e->record_changed->record->record_case == BATON__RECORD__RECORD_OPPORTUNITY)
                see(d, e->record_changed);
        }
}

static bool same_text(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

static bool is_counted(const Baton__Opportunity *o)
{
    return o->pipeline_id && o->stage_kind != BATON__STAGE_KIND__STAGE_KIND_LOST;
}

static uint32_t category_of(const Baton__Opportunity *o)
{
    return o->stage_kind == BATON__STAGE_KIND__STAGE_KIND_WON ? 5
           : o->forecast_category                             ? o->forecast_category
                                                              : 2;
}

static bool is_in(const Baton__Opportunity *o, const Baton__ForecastLevel *level,
                  const Baton__ForecastLine *line)
{
    return is_counted(o) && same_text(o->owner_id, level->owner_id) &&
           forecast_month_of(o->close_date) == level->month && category_of(o) == line->category &&
           same_text(o->product_id, line->product_id) && same_text(o->pipeline_id, line->pipeline_id) &&
           same_text(o->amount ? o->amount->currency_code : NULL, line->currency_code);
}

/* The deals that the lines say; each line is compared with a scan of all. */
static uint64_t compare(struct sim *sim, const struct deals *d, const Baton__ForecastLevel *level)
{
    uint64_t n = 0;
    for (size_t i = 0; i < level->n_lines; i++) {
        const Baton__ForecastLine *line = level->lines[i];
        uint64_t deals = 0, amount = 0;
        for (size_t k = 0; k < d->n; k++) {
            const Baton__Opportunity *o = d->rows[k];
            const bool in = is_in(o, level, line);
            deals += in;
            amount += in && o->amount && o->amount->minor_units > 0 ? (uint64_t)o->amount->minor_units : 0;
        }
        if (deals != line->deals || amount != line->amount || !deals)
            sim_wrong(sim, "roll-up: \"%s\" in month %zu as of %zu has %zu of %zu, and is %zu of %zu",
                      level->owner_id, (size_t)level->month, (size_t)level->quarter_hour, (size_t)line->deals,
                      (size_t)line->amount, (size_t)deals, (size_t)amount);
        n += line->deals;
    }
    return n;
}

/* The newest of each owner and month until then, and no more deals than there are. */
static void as_of(struct sim *sim, uint64_t quarter, struct arena *a)
{
    static struct deals d;
    struct ledger *l = &sim->ledgers[OPPORTUNITIES];
    struct table_scan scan;
    const Baton__ForecastLevel *row, *last = NULL;
    uint64_t said = 0, there = 0;
    deals_then(l, quarter, &d);
    if (!table_scan_open(&scan, l->made, OPPORTUNITIES_LEVEL, NULL, NULL, NULL, false))
        return;
    while ((row = table_scan_next(&scan, a))) {
        if (last && (last->month != row->month || strcmp(last->owner_id, row->owner_id) != 0)) {
            said += compare(sim, &d, last);
            last = NULL;
        }
        if (row->quarter_hour <= quarter)
            last = row;
    }
    table_scan_close(&scan);
    said += last ? compare(sim, &d, last) : 0;
    for (size_t i = 0; i < d.n; i++)
        there += is_counted(d.rows[i]);
    if (d.n < DEALS_MAX && said != there)
        sim_wrong(sim, "roll-up: %zu deals are counted as of %zu, and there were %zu", (size_t)said,
                  (size_t)quarter, (size_t)there);
}

/* As many deals as are open are counted as open, and none less than never. */
static void counts(struct sim *sim, struct arena *a)
{
    struct txn *made = sim->ledgers[OPPORTUNITIES].made;
    struct table_scan scan;
    const Baton__ForecastSpell *s;
    const Baton__Opportunity *o;
    int64_t open = 0, said = 0;
    if (!table_scan_open(&scan, made, OPPORTUNITIES_SPELL, NULL, NULL, NULL, false))
        return;
    while ((s = table_scan_next(&scan, a))) {
        said += s->exit == FORECAST_OPEN ? s->deals : 0;
        if (s->deals <= 0)
            sim_wrong(sim, "forecast: %lld deals went from %s", (long long)s->deals, s->stage);
    }
    table_scan_close(&scan);
    if (!table_scan_open(&scan, made, OPPORTUNITIES_OPPORTUNITY, NULL, NULL, NULL, false))
        return;
    while ((o = table_scan_next(&scan, a)))
        open += o->pipeline_id && o->stage_kind == BATON__STAGE_KIND__STAGE_KIND_OPEN;
    table_scan_close(&scan);
    if (open != said)
        sim_wrong(sim, "forecast: %lld deals count as open, and %lld are", (long long)said, (long long)open);
}

/* An amount of somebody's that cancels out against no other. */
static uint64_t weight(const char *id, int64_t minor_units)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (const char *p = id; *p; p++)
        h = (h ^ (uint8_t)*p) * UINT64_C(1099511628211);
    return (h | 1) * ((uint64_t)minor_units + 1);
}

/* What a change adds to what quotas come to; nothing if there is a later one until then. */
static uint64_t quota_sum(struct sim *sim, const Baton__RecordChanged *c, uint64_t at_us)
{
    const struct ledger *l = &sim->ledgers[OPPORTUNITIES];
    const Baton__Quota *q = c->record->quota;
    const Baton__RecordChanged *newest = NULL;
    for (size_t i = 0; i < l->n && l->records[i]->time_us <= at_us; i++)
        for (size_t k = 0; k < l->records[i]->n_events; k++) {
            const Baton__Event *e = l->records[i]->events[k];
            if (e->event_case == BATON__EVENT__EVENT_RECORD_CHANGED &&
                e->record_changed->record->record_case == BATON__RECORD__RECORD_QUOTA &&
                strcmp(e->record_changed->record->quota->id, q->id) == 0)
                newest = e->record_changed;
        }
    return newest == c && c->kind != BATON__CHANGE_KIND__CHANGE_KIND_DELETED
               ? weight(q->id, q->amount->minor_units)
               : 0;
}

/* What quotas were then, by the log: as many of each amount as their versions say. */
static void quotas_then(struct sim *sim, uint64_t at_us, struct arena *a)
{
    const struct ledger *l = &sim->ledgers[OPPORTUNITIES];
    struct table_scan scan;
    const Baton__QuotaVersion *v, *last = NULL;
    uint64_t said = 0, is = 0;
    for (size_t i = 0; i < l->n && l->records[i]->time_us <= at_us; i++)
        for (size_t k = 0; k < l->records[i]->n_events; k++) {
            const Baton__Event *e = l->records[i]->events[k];
            if (e->event_case == BATON__EVENT__EVENT_RECORD_CHANGED &&
                e->record_changed->record->record_case == BATON__RECORD__RECORD_QUOTA)
                is += quota_sum(sim, e->record_changed, at_us);
        }
    if (!table_scan_open(&scan, l->made, OPPORTUNITIES_QUOTA_VERSION, NULL, NULL, NULL, false))
        return;
    while ((v = table_scan_next(&scan, a))) {
        if (v->at_us > at_us)
            continue;
        if (last && strcmp(last->quota_id, v->quota_id) == 0)
            said -= last->gone ? 0 : weight(last->quota_id, last->minor_units);
        said += v->gone ? 0 : weight(v->quota_id, v->minor_units);
        last = v;
    }
    table_scan_close(&scan);
    if (said != is)
        sim_wrong(sim, "quotas as of %zu are not what the log says", (size_t)at_us);
}

/* --- in memory --- */

static struct bytes told(struct process *p, char *period, void *state, struct arena *a)
{
    Baton__GetForecastRequest q = BATON__GET_FORECAST_REQUEST__INIT;
    Baton__Actor actor = BATON__ACTOR__INIT;
    struct refusal no = {0};
    ProtobufCMessage *reply = NULL;
    actor.has_role = true;
    actor.role = BATON__ROLE__ROLE_ADMIN;
    q.period = period;
    const struct command c = {.request = &q.base, .actor = &actor};
    struct load l = {.txn = store_begin(p->store, false), .arena = a, .state = state};
    l.now_us = world_now(p->sim->world) + YEAR_US; /* whosever clock is ahead */
    if (!opportunities_query_forecast(&l, &c, &reply, &no))
        sim_wrong(p->sim, "roll-up: %s is refused: %s", period, no.message);
    const struct bytes packed = schema_pack(reply, a);
    store_abort(l.txn);
    return packed;
}

static void roles(struct process *p, struct arena *a)
{
    const struct opportunities_state *s = service_state(p->service);
    struct txn *t = store_begin(p->store, false);
    struct table_scan scan;
    const Baton__User *u;
    size_t n = 0, held = 0;
    if (table_scan_open(&scan, t, OPPORTUNITIES_USER, NULL, NULL, NULL, false)) {
        for (; (u = table_scan_next(&scan, a)); n++) {
            const uint32_t number = held_find(&s->texts, u->id);
            if (number >= s->n_roles || s->roles[number] != u->role)
                sim_wrong(p->sim, "approvers: of user %s memory has another role than the row", u->id);
        }
        table_scan_close(&scan);
    }
    store_abort(t);
    for (size_t i = 0; i < s->n_roles; i++)
        held += s->roles[i] != 0;
    if (held != n)
        sim_wrong(p->sim, "approvers: memory has %zu users, and there are %zu", held, n);
}

void rollups_in_memory(struct sim *sim)
{
    static char *const periods[] = {"2025", "2026", "2027", "2026-Q1", "2026-10"};
    struct process *p = &sim->processes[OPPORTUNITIES];
    struct arena *a = arena_new(256 << 20);
    sim->looking = true;
    for (size_t i = 0; p->service && i < sizeof periods / sizeof *periods; i++)
        if (!bytes_equal(told(p, periods[i], NULL, a), told(p, periods[i], service_state(p->service), a)))
            sim_wrong(sim, "roll-up: of %s memory says something else than the rows", periods[i]);
    if (p->service)
        roles(p, a);
    sim->looking = false;
    arena_free(a);
}

void rollups_settled(struct sim *sim)
{
    enum { LOOKS = 4 };
    const struct ledger *l = &sim->ledgers[OPPORTUNITIES];
    struct arena *a = arena_new(256 << 20);
    for (size_t i = 1; l->n && i <= LOOKS; i++, arena_reset(a)) {
        const uint64_t at_us = l->records[(l->n - 1) * i / LOOKS]->time_us;
        as_of(sim, at_us / QUARTER_HOUR_US, a);
        quotas_then(sim, at_us, a);
    }
    counts(sim, a);
    arena_free(a);
}
