/* What stands out from the others, and is not chance. Every advice says its numbers; of too few cases nothing
 * is said. */
#include "services/opportunities/advice.h"

#include <math.h>
#include <string.h>

#include "base/civil.h"

enum { WHOLE = 1000, PERCENT = 100 };
static const int64_t DAY_US = INT64_C(86400000000), DAY_S = 86400;
/* So rarely is somebody named by chance, among all that were compared. */
static const double RARELY = 0.01;

/* --- how likely --- */

static double choose(int64_t n, int64_t k)
{
    return lgamma((double)n + 1) - lgamma((double)k + 1) - lgamma((double)(n - k) + 1);
}

double advice_few(int64_t part, int64_t n, int64_t part_others, int64_t others)
{
    const int64_t parts = part + part_others, all = n + others;
    double sum = 0;
    for (int64_t k = parts - others > 0 ? parts - others : 0; k <= part; k++)
        sum += exp(choose(n, k) + choose(others, parts - k) - choose(all, parts));
    return sum < 1 ? sum : 1;
}

double advice_many(int64_t part, int64_t n)
{
    double sum = 0;
    for (int64_t k = part; k <= n; k++)
        sum += exp(choose(n, k) - (double)n * log(2));
    return sum < 1 ? sum : 1;
}

/* --- an advice --- */

static Baton__Advice *advice_new(Baton__AdviceKind kind, struct arena *a)
{
    enum { FIGURES_MAX = 8 };
    Baton__Advice *v = ARENA_NEW(a, Baton__Advice);
    baton__advice__init(v);
    v->has_kind = true;
    v->kind = kind;
    v->figures = ARENA_ARRAY(a, Baton__AdviceFigure *, FIGURES_MAX);
    return v;
}

static void figure(Baton__Advice *v, const char *name, int64_t value, const char *unit, struct arena *a)
{
    Baton__AdviceFigure *f = ARENA_NEW(a, Baton__AdviceFigure);
    baton__advice_figure__init(f);
    f->name = (char *)(uintptr_t)name;
    f->has_value = true;
    f->value = value;
    f->unit = (char *)(uintptr_t)unit;
    v->figures[v->n_figures++] = f;
}

static void put(struct advice_list *out, Baton__Advice *v)
{
    if (out->n < out->room)
        out->rows[out->n++] = v;
}

/* --- territories --- */

/* 1: what there is for each person, beside what the people of the others have; of few deals nothing is said
 */
void advice_territories(const struct advice_facts *f, struct advice_list *out)
{
    int64_t people = 0, deals = 0;
    for (size_t i = 0; i < f->n_territories; i++) {
        people += f->territories[i].people;
        deals += f->territories[i].people ? f->territories[i].deals : 0;
    }
    for (size_t i = 0; deals >= ADVICE_TERRITORY && i < f->n_territories; i++) {
        const struct advice_territory *t = &f->territories[i];
        const int64_t others = people - t->people, theirs = deals - t->deals;
        if (!t->people || !others || !theirs)
            continue;
        const int64_t percent = t->deals * others * PERCENT / (t->people * theirs);
        if (percent < ADVICE_HEAVY && percent > ADVICE_LIGHT)
            continue;
        Baton__Advice *v = advice_new(BATON__ADVICE_KIND__ADVICE_KIND_TERRITORY, f->arena);
        v->territory_id = (char *)(uintptr_t)t->territory_id;
        v->reason =
            arena_printf(f->arena,
                         "each of its %lld people has %lld %% of the open deals that people of the other "
                         "territories have",
                         (long long)t->people, (long long)percent);
        figure(v, "open deals", t->deals, "deals", f->arena);
        figure(v, "people", t->people, "people", f->arena);
        figure(v, "open deals of the others", theirs, "deals", f->arena);
        figure(v, "people of the others", others, "people", f->arena);
        put(out, v);
    }
}

/* --- people --- */

static Baton__Advice *advice_of(const struct advice_person *p, struct arena *a)
{
    Baton__Advice *v = advice_new(BATON__ADVICE_KIND__ADVICE_KIND_PERSON, a);
    v->user_id = (char *)(uintptr_t)p->user_id;
    v->name = (char *)(uintptr_t)p->name;
    return v;
}

/* 2: whoever wins far less often than all others together (Fisher's exact test, one side) */
static void wins_less(const struct advice_facts *f, const struct advice_person *p, int64_t won, int64_t lost,
                      size_t compared, struct advice_list *out)
{
    const int64_t n = p->won + p->lost, won_others = won - p->won, others = won + lost - n;
    if (n < ADVICE_CASES || others < 3 * ADVICE_CASES || p->won * others >= won_others * n ||
        advice_few(p->won, n, won_others, others) * (double)compared >= RARELY)
        return;
    Baton__Advice *v = advice_of(p, f->arena);
    v->reason = arena_printf(
        f->arena,
        "won %lld of %lld deals within a year, where the others won %lld of %lld: less than 1 in "
        "100 that this is chance (Fisher's exact test)",
        (long long)p->won, (long long)n, (long long)won_others, (long long)others);
    figure(v, "win rate", p->won * WHOLE / n, "per mille", f->arena);
    figure(v, "win rate of the others", won_others * WHOLE / others, "per mille", f->arena);
    figure(v, "deals", n, "deals", f->arena);
    put(out, v);
}

/* 3: whoever takes longer with far more than half of their leads than the others with half of theirs (sign
 * test) */
static void slower(const struct advice_facts *f, const struct advice_person *p, const int64_t *all,
                   size_t compared, struct advice_list *out)
{
    int64_t others[ANALYSIS_BINS], n_others, n, slow = 0;
    for (size_t i = 0; i < ANALYSIS_BINS; i++)
        others[i] = all[i] - p->accepted[i];
    const uint64_t usual = analysis_median(others, ANALYSIS_BINS, &n_others);
    const uint64_t own = analysis_median(p->accepted, ANALYSIS_BINS, &n);
    for (size_t i = analysis_bin(usual) + 1; i < ANALYSIS_BINS; i++)
        slow += p->accepted[i];
    if (n < ADVICE_CASES || n_others < 3 * ADVICE_CASES || own <= usual ||
        advice_many(slow, n) * (double)compared >= RARELY)
        return;
    Baton__Advice *v = advice_of(p, f->arena);
    v->reason = arena_printf(
        f->arena,
        "took longer than %llu h to accept %lld of %lld leads, which half of the others' take at "
        "most: less than 1 in 100 that this is chance (sign test)",
        (unsigned long long)usual, (long long)slow, (long long)n);
    figure(v, "median until accepted", (int64_t)own, "hours", f->arena);
    figure(v, "median of the others", (int64_t)usual, "hours", f->arena);
    figure(v, "leads", n, "leads", f->arena);
    put(out, v);
}

void advice_people(const struct advice_facts *f, struct advice_list *out)
{
    int64_t won = 0, lost = 0, all[ANALYSIS_BINS] = {0};
    for (size_t i = 0; i < f->n_people; i++) {
        won += f->people[i].won;
        lost += f->people[i].lost;
        for (size_t b = 0; b < ANALYSIS_BINS; b++)
            all[b] += f->people[i].accepted[b];
    }
    for (size_t i = 0; i < f->n_people; i++) {
        wins_less(f, &f->people[i], won, lost, f->n_people, out);
        slower(f, &f->people[i], all, f->n_people, out);
    }
}

/* --- deals --- */

/* What speaks for it, one after the other. */
struct signs {
    Baton__Advice *advice;
    struct arena *arena;
    char *said;
    unsigned n;
};

static void sign(struct signs *s, bool is, const char *figure_name, int64_t value, const char *unit,
                 const char *format)
{
    if (!is)
        return;
    char *words = arena_printf(s->arena, "%s %lld %s", format, (long long)value, unit);
    s->said = s->said ? arena_printf(s->arena, "%s; %s", s->said, words) : words;
    figure(s->advice, figure_name, value, unit, s->arena);
    s->n++;
}

/* Days since 1970; false: it is no day. */
static bool day_of(const char *date, int32_t *day)
{
    struct civil c;
    bool is_date;
    if (!date || !*date || !civil_parse(date, &c, &is_date))
        return false;
    *day = (int32_t)(civil_seconds(&c) / DAY_S);
    return true;
}

/* 4: two things that speak for it make it a deal at risk */
Baton__Advice *advice_deal(const struct advice_facts *f, const struct advice_deal *d, unsigned *n)
{
    const Baton__Opportunity *o = d->deal;
    struct signs s = {.advice = advice_new(BATON__ADVICE_KIND__ADVICE_KIND_DEAL, f->arena),
                      .arena = f->arena};
    int32_t closes, due;
    const bool has_day = day_of(o->close_date, &closes), has_due = day_of(o->next_step_due_date, &due);
    const int64_t stalled = o->stalled_at ? (f->now_us - timestamp_us(o->stalled_at)) / DAY_US : 0;
    const int64_t quiet = d->last_us ? (f->now_us - d->last_us) / DAY_US : 0;
    sign(&s, o->stalled_at != NULL, "stalled for", stalled, "days", "it has stalled for");
    sign(&s, quiet >= ADVICE_QUIET_DAYS, "without a word for", quiet, "days", "nobody did anything for");
    sign(&s, has_day && closes < f->today, "late by", has_day ? f->today - closes : 0, "days",
         "it was to close before, by");
    sign(&s, d->pushed >= ADVICE_PUSHED, "put off by", d->pushed_days, "days",
         arena_printf(f->arena, "its day was put off %u times, by", d->pushed));
    sign(&s, has_due && due < f->today, "next step overdue by", has_due ? f->today - due : 0, "days",
         "its next step is overdue by");
    *n = s.n;
    if (s.n < ADVICE_SIGNS)
        return NULL;
    s.advice->opportunity_id = o->id;
    s.advice->name = o->name;
    s.advice->reason = s.said;
    return s.advice;
}
