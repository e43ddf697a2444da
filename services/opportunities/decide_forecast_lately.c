/* How months turned out beside what was expected of them when they began: looked at as if it were then. */
#include "base/exact.h"
#include "services/opportunities/forecast_model.h"

enum { MONTHS = 12 };
static const double HOLD = 2;      /* months that say as much as that there is nothing to set right */
static const double UNREST = 0.15; /* before anything is known; and for how many months that stands */
static const double UNREST_HOLD = 3;

struct month {
    double won, expected;
};

static double expect(const struct forecast_outlook *o, const struct forecast_counts *c, int32_t begin)
{
    double sum = 0;
    for (size_t i = 0; i < c->n_spells; i++) {
        const struct forecast_spell *s = &c->spells[i];
        bool gone = s->exit != FORECAST_OPEN && s->left < begin;
        if (forecast_is_known(o->m, s) && !gone)
            sum += (double)s->n *
                   o->deals[s->stage * FORECAST_DWELL + (uint32_t)forecast_dwell(begin - s->entered)].wins;
    }
    for (uint32_t k = 0; o->m->n_arrivals && k < o->steps; k++)
        sum += o->arrival[k].wins * (double)o->m->arrived / o->m->n_arrivals;
    return sum;
}

static double won(const struct forecast_counts *c, int32_t begin)
{
    int64_t sum = 0;
    for (size_t i = 0; i < c->n_spells; i++)
        if (c->spells[i].exit == FORECAST_WON && c->spells[i].left >= begin &&
            c->spells[i].left < begin + FORECAST_STEPS_MONTH)
            sum += c->spells[i].n;
    return (double)sum;
}

/* 1: whole months before now, each by a model that knows only what was before it */
static size_t look_back(const struct forecast_model *m, const struct forecast_counts *c,
                        struct month months[MONTHS], struct arena *a)
{
    size_t n = 0;
    int32_t begin = m->now / FORECAST_STEPS_MONTH * FORECAST_STEPS_MONTH;
    while (n < MONTHS && (begin -= FORECAST_STEPS_MONTH) > m->since) {
        struct arena *then = arena_new(arena_limit(a));
        struct forecast_model *past = forecast_learn_plain(c, begin, m->year_month, then);
        struct forecast_outlook *o =
            forecast_look_steps(past, begin, 1, begin, begin + FORECAST_STEPS_MONTH - 1, then);
        months[n++] = (struct month){won(c, begin), expect(o, c, begin)};
        arena_free(then);
    }
    return n;
}

/* 2: what they brought in all beside what was expected, held towards one; and how much each differs from
   that beyond chance */
static void set_right(struct forecast_model *m, const struct month *months, size_t n)
{
    double brought = 0, expected = 0, squares = 0, over = 0;
    for (size_t i = 0; i < n; i++) {
        brought += months[i].won;
        expected += months[i].expected;
        squares += months[i].expected * months[i].expected;
    }
    double mean = n ? expected / (double)n : 0;
    m->lately = expected > 0 ? (brought + HOLD * mean) / (expected + HOLD * mean) : 1;
    for (size_t i = 0; i < n; i++) {
        double right = months[i].expected * m->lately, off = months[i].won - right;
        over += off * off - right;
    }
    double held = n ? UNREST_HOLD * squares / (double)n : 0;
    double found = squares > 0 ? (over + UNREST * UNREST * held) / (squares + held) : UNREST * UNREST;
    m->unrest = exact_root(found > 0 ? found : 0);
}

struct forecast_model *forecast_learn(const struct forecast_counts *c, int32_t now, uint32_t year_month,
                                      struct arena *a)
{
    struct month months[MONTHS];
    struct forecast_model *m = forecast_learn_plain(c, now, year_month, a);
    forecast_learn_records(m, c, a);
    forecast_learn_prices(m, c, a);
    set_right(m, months, look_back(m, c, months, a));
    return m;
}
