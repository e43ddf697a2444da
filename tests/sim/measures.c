/* Sums of measures are what the log says: every opportunity's way is walked once more, from event to event,
   and counted without what `apply` is made of. */
#include <stdlib.h>
#include <string.h>

#include "baton/v1/analysis.pb-c.h"
#include "opportunities/opportunities.h"
#include "sim/sim.h"

enum { DEALS_MAX = 4096, STAGES_MAX = 32 };
static const int64_t HOUR_US = INT64_C(3600000000);

/* One stage of one opportunity. */
struct stay {
    const char *pipeline_id, *stage_key;
    int64_t came, since, spent, left;
    bool lost;
};
struct way {
    const Baton__Opportunity *now; /* NULL: deleted */
    const char *id;
    struct stay stays[STAGES_MAX];
    size_t n;
};
static struct ways {
    struct way rows[DEALS_MAX];
    size_t n;
    bool full;
} ways;

static bool same_text(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

static struct way *way_of(const char *id)
{
    for (size_t i = 0; i < ways.n; i++)
        if (strcmp(ways.rows[i].id, id) == 0)
            return &ways.rows[i];
    ways.full |= ways.n == DEALS_MAX;
    if (ways.full)
        return NULL;
    ways.rows[ways.n] = (struct way){.id = id};
    return &ways.rows[ways.n++];
}

static void walk(struct way *w, const Baton__Opportunity *o, int64_t at)
{
    struct stay *here = NULL;
    w->now = o;
    for (size_t i = 0; i < w->n; i++) {
        struct stay *s = &w->stays[i];
        if (same_text(s->pipeline_id, o->pipeline_id) && same_text(s->stage_key, o->stage_key)) {
            here = s;
        } else if (s->since) {
            s->spent += at - s->since;
            s->since = 0;
            s->left = at;
            s->lost = o->stage_kind == BATON__STAGE_KIND__STAGE_KIND_LOST;
        }
    }
    if (!here && w->n < STAGES_MAX) {
        here = &w->stays[w->n++];
        *here = (struct stay){o->pipeline_id, o->stage_key, at, at, 0, 0, false};
    } else if (here && !here->since) {
        here->since = at;
    }
}

static void see(const Baton__RecordChanged *e, int64_t at)
{
    struct way *w = way_of(e->record->opportunity->id);
    if (!w)
        return;
    if (e->kind == BATON__CHANGE_KIND__CHANGE_KIND_DELETED)
        *w = (struct way){.id = w->id};
    else if (e->record->opportunity->pipeline_id)
        walk(w, e->record->opportunity, at);
}

/* Of everybody's rows, as one number each: how many, for how much, for how long. */
struct figures {
    int64_t count;
    uint64_t amount, hours;
};

static uint64_t amount_of(const Baton__Opportunity *o)
{
    return o->amount && o->amount->minor_units > 0 ? (uint64_t)o->amount->minor_units : 0;
}

static void count(struct figures *f, const Baton__Opportunity *o, int64_t us)
{
    f->count++;
    f->amount += amount_of(o);
    f->hours += us > 0 ? (uint64_t)(us / HOUR_US) : 0;
}

static void count_stays(const struct way *w, const char *measure, const char *detail, struct figures *f)
{
    for (size_t i = 0; i < w->n; i++) {
        const struct stay *s = &w->stays[i];
        if (!same_text(s->stage_key, detail))
            continue;
        if (strcmp(measure, "entered") == 0)
            count(f, w->now, 0);
        else if (!s->since && strcmp(measure, "left") == 0)
            count(f, w->now, s->spent);
        else if (!s->since && s->lost && strcmp(measure, "dropped") == 0)
            count(f, w->now, 0);
    }
}

static void count_deal(const struct way *w, const char *measure, const char *detail, struct figures *f)
{
    const Baton__Opportunity *o = w->now;
    const bool won = o->stage_kind == BATON__STAGE_KIND__STAGE_KIND_WON;
    const bool lost = o->stage_kind == BATON__STAGE_KIND__STAGE_KIND_LOST;
    const int64_t took = timestamp_us(o->closed_at) - timestamp_us(o->created_at);
    const struct {
        const char *measure, *detail;
        bool is;
        int64_t us;
    } rows[] = {{"created", o->lead_source, true, 0},
                {"open", o->stage_key, !won && !lost, 0},
                {"won", o->product_id, won, took},
                {"lost", o->outcome_reason, lost, took},
                {"lost_to", o->lost_to, lost && o->lost_to && *o->lost_to, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].is && strcmp(rows[i].measure, measure) == 0 && same_text(rows[i].detail, detail))
            count(f, o, rows[i].us);
}

/* All rows of a measure and a detail, of everybody or of each, are added and compared with a walk of all. */
static struct figures rows_of(struct txn *made, const char *measure, const char *detail, bool of_all,
                              struct arena *a)
{
    struct figures f = {0};
    struct table_scan scan;
    struct key under = key_of(measure);
    const Baton__AnalysisSum *row;
    if (!table_scan_under(&scan, made, OPPORTUNITIES_MEASURE, &under, NULL, NULL, false))
        return f;
    while ((row = table_scan_next(&scan, a)))
        if ((strcmp(row->owner_id, "*") == 0) == of_all && same_text(row->detail, detail)) {
            f.count += row->count;
            f.amount += row->amount;
            f.hours += row->hours;
        }
    table_scan_close(&scan);
    return f;
}

static void compare(struct sim *sim, struct txn *made, const char *measure, const char *detail,
                    struct arena *a)
{
    struct figures is = {0};
    for (size_t i = 0; i < ways.n; i++)
        if (ways.rows[i].now) {
            count_deal(&ways.rows[i], measure, detail, &is);
            count_stays(&ways.rows[i], measure, detail, &is);
        }
    for (int of_all = 0; of_all < 2; of_all++) {
        const struct figures said = rows_of(made, measure, detail, of_all, a);
        if (said.count != is.count || said.amount != is.amount || said.hours != is.hours)
            sim_wrong(
                sim,
                "measures: %s \"%s\" of %s is %lld of %zu in %zu h, and the log says %lld of %zu in %zu h",
                measure, detail, of_all ? "all" : "each", (long long)said.count, (size_t)said.amount,
                (size_t)said.hours, (long long)is.count, (size_t)is.amount, (size_t)is.hours);
    }
}

/* Every detail of every measure there is, once; and that nothing is missing: what is open has a row. */
static void compare_all(struct sim *sim, struct txn *made, struct arena *a)
{
    static const char *const by_record[] = {"created", "open",    "won",  "lost",
                                            "lost_to", "entered", "left", "dropped"};
    for (size_t m = 0; m < sizeof by_record / sizeof *by_record; m++) {
        struct table_scan scan;
        struct key under = key_of(by_record[m]);
        const Baton__AnalysisSum *row;
        key_text(&under, "*");
        const char *seen[256];
        size_t n = 0;
        if (!table_scan_under(&scan, made, OPPORTUNITIES_MEASURE, &under, NULL, NULL, false))
            continue;
        while (n < sizeof seen / sizeof *seen && (row = table_scan_next(&scan, a))) {
            size_t i = 0;
            while (i < n && !same_text(seen[i], row->detail))
                i++;
            if (i == n)
                seen[n++] = row->detail;
        }
        table_scan_close(&scan);
        for (size_t i = 0; i < n; i++)
            compare(sim, made, by_record[m], seen[i], a);
    }
}

/* As many as there are were made, so none is left out. */
static void compare_whole(struct sim *sim, struct txn *made, struct arena *a)
{
    int64_t there = 0, said = 0;
    struct table_scan scan;
    struct key under = key_of("created");
    const Baton__AnalysisSum *row;
    key_text(&under, "*");
    for (size_t i = 0; i < ways.n; i++)
        there += ways.rows[i].now != NULL;
    if (!table_scan_under(&scan, made, OPPORTUNITIES_MEASURE, &under, NULL, NULL, false))
        return;
    while ((row = table_scan_next(&scan, a)))
        said += row->count;
    table_scan_close(&scan);
    if (there != said)
        sim_wrong(sim, "measures: %lld opportunities count, and there are %lld", (long long)said,
                  (long long)there);
}

void measures_settled(struct sim *sim)
{
    const struct ledger *l = &sim->ledgers[OPPORTUNITIES];
    struct arena *a = arena_new(256 << 20);
    memset(&ways, 0, sizeof ways);
    for (size_t i = 0; i < l->n; i++)
        for (size_t k = 0; k < l->records[i]->n_events; k++) {
            const Baton__Event *e = l->records[i]->events[k];
            if (e->event_case == BATON__EVENT__EVENT_RECORD_CHANGED &&
                e->record_changed->record->record_case == BATON__RECORD__RECORD_OPPORTUNITY)
                see(e->record_changed, (int64_t)l->records[i]->time_us);
        }
    if (l->n && !ways.full) {
        compare_all(sim, l->made, a);
        compare_whole(sim, l->made, a);
    }
    arena_free(a);
}
