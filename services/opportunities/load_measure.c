/* Adds sums of measures up into groups. Rows are read by measure, owner and month: nothing is read that is
   not asked for, and no record at all. */
#include <string.h>

#include "base/hash.h"
#include "services/opportunities/measured.h"

enum { SLOTS = 4096, YEAR = 12, ROWS_ARENA = 1 << 20, ROWS_RESET = 256 };

struct adding {
    struct load *l;
    const struct measured_ask *ask;
    struct measured *out;
    uint16_t slots[SLOTS]; /* of groups, plus one */
    size_t rows;
    bool too_many;
    struct arena *scratch;
};

/* --- groups --- */

static bool same_keys(const struct measured_group *g, const char *const *keys, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(g->keys[i], keys[i]) != 0)
            return false;
    return true;
}

static uint32_t hash_of(const char *const *keys, size_t n)
{
    uint32_t h = 0;
    for (size_t i = 0; i < n; i++)
        h = crc32c(h, keys[i], strlen(keys[i]) + 1);
    return h;
}

static struct measured_group *group_of(struct adding *a, const char *const *keys)
{
    const size_t n = a->ask->n_by;
    uint32_t slot = hash_of(keys, n) % SLOTS;
    while (a->slots[slot] && !same_keys(&a->out->groups[a->slots[slot] - 1], keys, n))
        slot = (slot + 1) % SLOTS;
    if (a->slots[slot])
        return &a->out->groups[a->slots[slot] - 1];
    if (a->out->n == MEASURED_GROUPS) {
        a->too_many = true;
        return NULL;
    }
    struct measured_group *g = &a->out->groups[a->out->n++];
    a->slots[slot] = (uint16_t)a->out->n;
    for (size_t i = 0; i < n; i++)
        g->keys[i] = arena_strdup(a->l->arena, keys[i]);
    return g;
}

const struct measured_group *
opportunities_measured_find(const struct measured *m, const struct measured_ask *ask, const char *const *keys)
{
    for (size_t i = 0; i < m->n; i++)
        if (same_keys(&m->groups[i], keys, ask->n_by))
            return &m->groups[i];
    return NULL;
}

/* --- adding --- */

static void add_amount(struct measured_sum *s, const Baton__AnalysisSum *row, struct arena *a)
{
    size_t i = 0;
    if (!row->currency_code || !*row->currency_code)
        return;
    while (i < s->n_amounts && strcmp(s->amounts[i].code, row->currency_code) != 0)
        i++;
    if (i == MEASURED_CURRENCIES)
        return;
    if (i == s->n_amounts)
        s->amounts[s->n_amounts++].code = arena_strdup(a, row->currency_code);
    s->amounts[i].amount += row->amount;
}

static void add(struct measured_group *g, enum measure m, const Baton__AnalysisSum *row, struct arena *a)
{
    if (!g->sums[m])
        g->sums[m] = ARENA_NEW(a, struct measured_sum);
    struct measured_sum *s = g->sums[m];
    s->count += row->count;
    s->hours += row->hours;
    add_amount(s, row, a);
    for (size_t i = 0; i < row->n_bins && i < ANALYSIS_BINS; i++)
        s->bins[i] += row->bins[i];
}

static const char *key_in(struct adding *a, const Baton__AnalysisSum *row, Baton__MeasureDimension by)
{
    const char *const texts[] = {
        [BATON__MEASURE_DIMENSION__MEASURE_DIMENSION_OWNER] = row->owner_id,
        [BATON__MEASURE_DIMENSION__MEASURE_DIMENSION_TEAM] = row->team_id,
        [BATON__MEASURE_DIMENSION__MEASURE_DIMENSION_TERRITORY] = row->territory_id,
        [BATON__MEASURE_DIMENSION__MEASURE_DIMENSION_PIPELINE] = row->pipeline_id,
        [BATON__MEASURE_DIMENSION__MEASURE_DIMENSION_DETAIL] = row->detail,
    };
    if (by == BATON__MEASURE_DIMENSION__MEASURE_DIMENSION_MONTH)
        return arena_printf(a->scratch, "%04u-%02u", (unsigned)(row->month / YEAR),
                            (unsigned)(row->month % YEAR + 1));
    return texts[by] ? texts[by] : "";
}

static bool fits(const char *asked, const char *is)
{
    return !asked || !*asked || strcmp(asked, is ? is : "") == 0;
}

static bool is_asked(const struct measured_ask *q, const Baton__AnalysisSum *row)
{
    return fits(q->team_id, row->team_id) && fits(q->territory_id, row->territory_id) &&
           fits(q->pipeline_id, row->pipeline_id) && fits(q->detail, row->detail);
}

static void take(struct adding *a, enum measure m, const Baton__AnalysisSum *row)
{
    const char *keys[MEASURED_BY];
    if (!is_asked(a->ask, row))
        return;
    for (size_t i = 0; i < a->ask->n_by; i++)
        keys[i] = key_in(a, row, a->ask->by[i]);
    add(&a->out->total, m, row, a->l->arena);
    struct measured_group *g = group_of(a, keys);
    if (g)
        add(g, m, row, a->l->arena);
}

/* Of one owner, the months of the period; of what is now, the one that is no month. */
static void read_owner(struct adding *a, enum measure m, const char *owner_id)
{
    const struct forecast_months months =
        measure_rows[m].is_now ? (struct forecast_months){0, 1} : a->ask->months;
    struct table_scan scan;
    struct key prefix = key_of(measure_rows[m].name);
    const Baton__AnalysisSum *row;
    key_text(&prefix, owner_id);
    struct key from = prefix;
    key_u64(&from, months.first);
    if (!table_scan_under(&scan, a->l->txn, OPPORTUNITIES_MEASURE, &prefix, &from, NULL, false))
        return;
    while (!a->too_many && (row = table_scan_next(&scan, a->scratch)) &&
           row->month < months.first + months.n) {
        a->too_many = ++a->rows > MEASURED_ROWS;
        take(a, m, row);
        if (a->rows % ROWS_RESET == 0)
            arena_reset(a->scratch);
    }
    table_scan_close(&scan);
    arena_reset(a->scratch);
}

static void read_all(struct adding *a)
{
    bool done[MEASURES] = {0};
    for (size_t i = 0; i < a->ask->n_asked; i++) {
        const struct measure_row *r = &measure_rows[a->ask->asked[i]];
        const bool share = r->part != MEASURES;
        const enum measure reads[] = {share ? r->part : a->ask->asked[i],
                                      share ? r->other : a->ask->asked[i]};
        for (size_t k = 0; k < sizeof reads / sizeof *reads; k++) {
            for (size_t o = 0; !done[reads[k]] && o < a->ask->n_owners; o++)
                read_owner(a, reads[k], a->ask->owners[o]);
            done[reads[k]] = true;
        }
    }
}

bool opportunities_measure(struct load *l, const struct measured_ask *ask, struct measured *out,
                           struct refusal *no)
{
    struct adding a = {.l = l, .ask = ask, .out = out, .scratch = arena_new(ROWS_ARENA)};
    *out = (struct measured){.groups = ARENA_ARRAY(l->arena, struct measured_group, MEASURED_GROUPS)};
    read_all(&a);
    arena_free(a.scratch);
    return !a.too_many || refuse(no, REFUSAL_INVALID_ARGUMENT, "period",
                                 "this is more than one answer adds up: ask for less time, or for a team");
}

/* --- figures --- */

/* Of a share, how many there are of both; of all else how many there are, for how much and how long they
 * took. */
static void say_share(Baton__MeasureValue *v, const struct measured_group *g, const struct measure_row *r)
{
    enum { WHOLE = 1000 };
    const int64_t part = g->sums[r->part] ? g->sums[r->part]->count : 0;
    const int64_t other = g->sums[r->other] ? g->sums[r->other]->count : 0;
    v->count = r->less ? other : part + other;
    v->has_permille = v->count > 0;
    if (v->count > 0)
        v->permille = (uint32_t)((r->less ? other - part : part) * WHOLE / v->count);
}

static void say_sum(Baton__MeasureValue *v, const struct measured_sum *s, struct arena *a)
{
    int64_t timed;
    v->count = s->count;
    v->amounts = ARENA_ARRAY(a, Baton__Money *, s->n_amounts);
    for (size_t i = 0; i < s->n_amounts; i++) {
        Baton__Money *m = v->amounts[v->n_amounts++] = ARENA_NEW(a, Baton__Money);
        baton__money__init(m);
        m->currency_code = (char *)(uintptr_t)s->amounts[i].code;
        m->has_minor_units = true;
        m->minor_units = (int64_t)s->amounts[i].amount;
    }
    v->median_hours = analysis_median(s->bins, ANALYSIS_BINS, &timed);
    v->has_mean_hours = v->has_median_hours = timed > 0;
    v->mean_hours = timed > 0 ? s->hours / (uint64_t)timed : 0;
}

Baton__MeasureValue *opportunities_measure_value(const struct measured_group *g, enum measure m,
                                                 struct arena *a)
{
    Baton__MeasureValue *v = ARENA_NEW(a, Baton__MeasureValue);
    baton__measure_value__init(v);
    v->measure = (char *)(uintptr_t)measure_rows[m].name;
    v->has_count = true;
    if (measure_rows[m].part != MEASURES)
        say_share(v, g, &measure_rows[m]);
    else if (g->sums[m])
        say_sum(v, g->sums[m], a);
    return v;
}
