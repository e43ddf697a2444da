/* The measures there are, what of an opportunity each counts, and what a change does to their sums. */
#include <string.h>

#include "services/opportunities/analysis.h"

static const int64_t HOUR_US = INT64_C(3600000000);

/* A new measure is a line here, a line in the enum, and a line in the function that counts it. */
const struct measure_row measure_rows[MEASURES] = {
    /* clang-format off */
    [MEASURE_CREATED] = {"created", "deals", "opportunities, in the month they were made", "where it came from",
                         false, MEASURES, MEASURES, false, "created_at", 0},
    [MEASURE_OPEN] = {"open", "deals", "opportunities that are open now", "stage",
                      true, MEASURES, MEASURES, false, NULL, BATON__STAGE_KIND__STAGE_KIND_OPEN},
    [MEASURE_EXPECTED] = {"expected", "deals", "opportunities that are open now, in the month they are to close", "forecast category",
                          false, MEASURES, MEASURES, false, "close_date", BATON__STAGE_KIND__STAGE_KIND_OPEN},
    [MEASURE_WON] = {"won", "deals", "opportunities that were won, in that month, and how long they took", "product",
                     false, MEASURES, MEASURES, false, "closed_at", BATON__STAGE_KIND__STAGE_KIND_WON},
    [MEASURE_LOST] = {"lost", "deals", "opportunities that were lost, in that month, and how long they took", "reason",
                      false, MEASURES, MEASURES, false, "closed_at", BATON__STAGE_KIND__STAGE_KIND_LOST},
    [MEASURE_LOST_TO] = {"lost_to", "deals", "opportunities that were lost to a competitor, in that month", "competitor",
                         false, MEASURES, MEASURES, false, "closed_at", BATON__STAGE_KIND__STAGE_KIND_LOST},
    [MEASURE_COHORT_WON] = {"cohort_won", "deals", "opportunities that are won, in the month they were made", "months until then",
                            false, MEASURES, MEASURES, false, "created_at", BATON__STAGE_KIND__STAGE_KIND_WON},
    [MEASURE_COHORT_LOST] = {"cohort_lost", "deals", "opportunities that are lost, in the month they were made", "months until then",
                             false, MEASURES, MEASURES, false, "created_at", BATON__STAGE_KIND__STAGE_KIND_LOST},
    [MEASURE_ENTERED] = {"entered", "deals", "opportunities that came to a stage, in the month they first did", "stage",
                         false, MEASURES, MEASURES, false, NULL, 0},
    [MEASURE_LEFT] = {"left", "deals", "opportunities that left a stage, in the month they last did, and how long they were there", "stage",
                      false, MEASURES, MEASURES, false, NULL, 0},
    [MEASURE_DROPPED] = {"dropped", "deals", "opportunities that left a stage by being lost, in that month", "stage",
                         false, MEASURES, MEASURES, false, NULL, BATON__STAGE_KIND__STAGE_KIND_LOST},
    [MEASURE_ACTIVITIES] = {"activities", "activities", "activities that are done, in the month they were", "kind",
                            false, MEASURES, MEASURES, false, "done_at", 0, "activity"},
    [MEASURE_LEADS] = {"leads", "leads", "leads that somebody was given, in that month, each time", "where it came from",
                       false, MEASURES, MEASURES, false, NULL, 0, "lead"},
    [MEASURE_ACCEPTED] = {"leads_accepted", "leads", "leads that were accepted, in that month, and how long that took", "where it came from",
                          false, MEASURES, MEASURES, false, NULL, 0, "lead"},
    [MEASURE_LEADS_CONVERTED] = {"leads_converted", "leads", "leads that became opportunities, in that month", "where it came from",
                                 false, MEASURES, MEASURES, false, NULL, 0, "lead"},
    [MEASURE_WIN_RATE] = {"win_rate", "per mille", "of those that were won or lost in the month, those that were won", NULL,
                          false, MEASURE_WON, MEASURE_LOST, false, "closed_at", 0},
    [MEASURE_CONVERSION] = {"conversion", "per mille", "of those that left a stage in the month, those that were not lost", "stage",
                            false, MEASURE_DROPPED, MEASURE_LEFT, true, NULL, 0},
    /* clang-format on */
};

enum measure measure_find(const char *name)
{
    unsigned m = 0;
    while (m < MEASURES && (!name || strcmp(measure_rows[m].name, name) != 0))
        m++;
    return (enum measure)m;
}

bool measure_can(const struct measure_row *m, Baton__MeasureDimension by)
{
    if (by == BATON__MEASURE_DIMENSION__MEASURE_DIMENSION_MONTH)
        return !m->is_now;
    return by == BATON__MEASURE_DIMENSION__MEASURE_DIMENSION_DETAIL ? m->detail != NULL : by != 0;
}

/* --- spans of time --- */

/* 1 hour, 2, 3 and so on; then each a quarter longer. The last has no end. */
static uint64_t bin_end(unsigned bin)
{
    uint64_t end = 1;
    for (unsigned i = 0; i < bin; i++)
        end += end / 4 ? end / 4 : 1;
    return end;
}

uint64_t analysis_hours(int64_t us)
{
    return us > 0 ? (uint64_t)(us / HOUR_US) : 0;
}

unsigned analysis_bin(uint64_t hours)
{
    unsigned bin = 0;
    uint64_t end = 1;
    while (bin + 1 < ANALYSIS_BINS && hours >= end) {
        end += end / 4 ? end / 4 : 1;
        bin++;
    }
    return bin;
}

uint64_t analysis_bin_middle(unsigned bin)
{
    return bin ? (bin_end(bin - 1) + bin_end(bin) - 1) / 2 : 0;
}

uint64_t analysis_median(const int64_t *bins, size_t n_bins, int64_t *n)
{
    int64_t seen = 0;
    unsigned bin = 0;
    *n = 0;
    for (size_t i = 0; i < n_bins; i++)
        *n += bins[i];
    while (bin + 1 < n_bins && (seen += bins[bin]) * 2 < *n)
        bin++;
    return analysis_bin_middle(bin);
}

/* --- what is counted --- */

struct parts {
    const Baton__AnalysisItem *item;
    struct analysis_part *out;
    size_t n;
};

static const char *text(const char *s)
{
    return s ? s : "";
}

static struct analysis_part *add(struct parts *p, enum measure m, uint32_t month, const char *detail)
{
    const Baton__AnalysisItem *i = p->item;
    struct analysis_part *part = &p->out[p->n++];
    *part = (struct analysis_part){.measure = m,
                                   .month = month,
                                   .owner_id = text(i->owner_id),
                                   .team_id = text(i->team_id),
                                   .territory_id = text(i->territory_id),
                                   .pipeline_id = text(i->pipeline_id),
                                   .detail = text(detail),
                                   .currency_code = text(i->currency_code),
                                   .amount = i->amount};
    return part;
}

static void took(struct analysis_part *part, int64_t us)
{
    part->has_hours = true;
    part->hours = analysis_hours(us);
}

/* As it was counted; what is older than that counts by UTC. */
static uint32_t month_of(bool has, uint32_t month, int64_t us)
{
    return has ? month : analysis_month(NULL, us);
}

/* 1: what is open counts as open, and as expected in the month it is to close */
static void add_open(struct parts *p)
{
    static const char *const categories[] = {"", "omitted", "pipeline", "best_case", "commit", "closed"};
    const uint32_t c = p->item->category;
    (void)add(p, MEASURE_OPEN, 0, p->item->stage_key); /* without how long */
    (void)add(p, MEASURE_EXPECTED, p->item->close_month,
              c < sizeof categories / sizeof *categories ? categories[c] : "");
}

/* 2: what is closed counts in the month it closed, and once more in the one it was made */
static void add_closed(struct parts *p, struct arena *a)
{
    const Baton__AnalysisItem *i = p->item;
    const bool won = i->kind == BATON__STAGE_KIND__STAGE_KIND_WON;
    const uint32_t closed = month_of(i->has_closed_month, i->closed_month, i->closed_us);
    const uint32_t created = month_of(i->has_created_month, i->created_month, i->created_us);
    took(add(p, won ? MEASURE_WON : MEASURE_LOST, closed, won ? i->product_id : i->reason),
         i->closed_us - i->created_us);
    (void)add(p, won ? MEASURE_COHORT_WON : MEASURE_COHORT_LOST, created,
              arena_printf(a, "%02u", closed > created ? closed - created : 0));
    if (!won && i->lost_to && *i->lost_to)
        (void)add(p, MEASURE_LOST_TO, closed, i->lost_to);
}

/* 3: of each stage once that it came there, and while it is not there, that it left */
static void add_visit(struct parts *p, const Baton__AnalysisVisit *v)
{
    const uint32_t entered = month_of(v->has_entered_month, v->entered_month, v->entered_us);
    add(p, MEASURE_ENTERED, entered, v->stage_key)->pipeline_id = text(v->pipeline_id);
    if (v->since_us)
        return;
    const uint32_t month = month_of(v->has_left_month, v->left_month, v->left_us);
    struct analysis_part *left = add(p, MEASURE_LEFT, month, v->stage_key);
    left->pipeline_id = text(v->pipeline_id);
    took(left, v->spent_us);
    if (v->dropped)
        add(p, MEASURE_DROPPED, month, v->stage_key)->pipeline_id = text(v->pipeline_id);
}

size_t analysis_parts(const Baton__AnalysisItem *item, struct analysis_part out[ANALYSIS_PARTS],
                      struct arena *a)
{
    struct parts p = {item, out, 0};
    if (!item)
        return 0;
    (void)add(&p, MEASURE_CREATED, month_of(item->has_created_month, item->created_month, item->created_us),
              item->source);
    if (item->closed_us)
        add_closed(&p, a);
    else
        add_open(&p);
    for (size_t i = 0; i < item->n_visits && i < ANALYSIS_VISITS; i++)
        add_visit(&p, item->visits[i]);
    return p.n;
}

/* --- what a change does --- */

static bool same_row(const struct analysis_part *x, const struct analysis_part *y)
{
    return x->measure == y->measure && x->month == y->month && strcmp(x->detail, y->detail) == 0 &&
           strcmp(x->owner_id, y->owner_id) == 0 && strcmp(x->pipeline_id, y->pipeline_id) == 0 &&
           strcmp(x->team_id, y->team_id) == 0 && strcmp(x->territory_id, y->territory_id) == 0 &&
           strcmp(x->currency_code, y->currency_code) == 0;
}

static size_t count(struct analysis_delta *deltas, size_t n, const struct analysis_part *part, int way)
{
    size_t i = 0;
    while (i < n && !same_row(&deltas[i].of, part))
        i++;
    if (i == n)
        deltas[n++] = (struct analysis_delta){.of = *part};
    struct analysis_delta *d = &deltas[i];
    d->count += way;
    d->amount += way > 0 ? part->amount : -part->amount;
    if (part->has_hours) {
        d->hours += way > 0 ? part->hours : -part->hours;
        d->bins[analysis_bin(part->hours)] += (int8_t)way;
    }
    return n;
}

static bool changes(const struct analysis_delta *d)
{
    static const int8_t none[ANALYSIS_BINS];
    return d->count || d->amount || d->hours || memcmp(d->bins, none, sizeof none) != 0;
}

/* 4: what stays the same is left out */
size_t analysis_deltas(const Baton__AnalysisItem *before, const Baton__AnalysisItem *after,
                       struct analysis_delta out[ANALYSIS_DELTAS], struct arena *a)
{
    struct analysis_part parts[ANALYSIS_PARTS];
    size_t n = 0, kept = 0, most = analysis_parts(before, parts, a);
    for (size_t i = 0; i < most; i++)
        n = count(out, n, &parts[i], -1);
    most = analysis_parts(after, parts, a);
    for (size_t i = 0; i < most; i++)
        n = count(out, n, &parts[i], 1);
    for (size_t i = 0; i < n; i++)
        if (changes(&out[i]))
            out[kept++] = out[i];
    return kept;
}
