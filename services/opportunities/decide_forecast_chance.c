/* The chance of one deal, and what moves it. */
#include <math.h>
#include <stddef.h>

#include "services/opportunities/forecast_model.h"

static const double SHRINK = 40; /* outcomes that say as much as the rate they lean on */

static double leaning(const struct forecast_record *r, double on)
{
    return ((r ? (double)r->won : 0) + SHRINK * on) / ((r ? (double)(r->won + r->lost) : 0) + SHRINK);
}

static double odds(double p)
{
    return p / (1 - p);
}

static double base_rate(const struct forecast_model *m)
{
    return ((double)m->won + 1) / ((double)(m->won + m->lost) + 2);
}

/* 1: an owner leans on the team, the team on all */
static double owner_odds(const struct forecast_model *m, const char *owner, const char *team)
{
    double base = base_rate(m);
    double of_team = leaning(forecast_record_find(m, FORECAST_TEAM, team), base);
    return odds(leaning(forecast_record_find(m, FORECAST_OWNER, owner), of_team)) / odds(base);
}

static double product_odds(const struct forecast_model *m, const char *product)
{
    double base = base_rate(m);
    return odds(leaning(forecast_record_find(m, FORECAST_PRODUCT, product), base)) / odds(base);
}

/* --- what is ahead --- */

/* What becomes of those in a stage for `t` steps, in this step and by what becomes of them in the next. */
static struct forecast_ends step_back(const struct forecast_ends *next, const struct forecast_ends *goes_on,
                                      const struct forecast_hazard *h, bool within, double part)
{
    double leave = 0;
    for (int e = FORECAST_MOVED; e < FORECAST_EXITS; e++)
        leave += part * h->of[e];
    struct forecast_ends ends = {(1 - leave) * next->closes + part * h->of[FORECAST_MOVED] * goes_on->closes,
                                 (1 - leave) * next->wins + part * h->of[FORECAST_MOVED] * goes_on->wins};
    if (within) {
        ends.closes += part * (h->of[FORECAST_WON] + h->of[FORECAST_LOST]);
        ends.wins += part * h->of[FORECAST_WON];
    }
    return ends;
}

/* Of those that move on from a stage: `to[stride * j]` says what becomes of one in stage j. */
static struct forecast_ends moving_on(const struct forecast_model *m, uint32_t stage,
                                      const struct forecast_ends *to, size_t stride)
{
    struct forecast_ends sum = {0, 0};
    for (uint32_t j = 0; j < m->n_stages; j++) {
        double share = m->moves[stage * FORECAST_STAGES_MAX + j];
        sum.closes += share * to[j * stride].closes;
        sum.wins += share * to[j * stride].wins;
    }
    return sum;
}

/* 2: what is opened in a step stands in the stages in which the last ones were opened */
static struct forecast_ends arriving(const struct forecast_model *m, const struct forecast_ends *now)
{
    struct forecast_ends sum = {0, 0};
    for (uint32_t s = 0; s < m->n_stages && m->arrived > 0; s++) {
        double share = (double)m->firsts[s] / (double)m->arrived;
        sum.closes += share * now[s * FORECAST_DWELL].closes;
        sum.wins += share * now[s * FORECAST_DWELL].wins;
    }
    return sum;
}

static void look_step(struct forecast_outlook *o, uint32_t k, bool within, const struct forecast_ends *next,
                      struct forecast_ends *now)
{
    const struct forecast_model *m = o->m;
    /* 3: of the step now going on only the rest is still to come */
    double part = k ? 1 : o->left;
    const struct forecast_hazard *h =
        &m->hazards[forecast_season(m, o->now + (int32_t)k) * m->n_stages * FORECAST_DWELL];
    struct forecast_ends entered[FORECAST_STAGES_MAX];
    /* 6: who moves on is in the next stage at once, and may close or move on in the same step */
    for (uint32_t s = 0; s < m->n_stages; s++) {
        struct forecast_ends later = moving_on(m, s, next + 1, FORECAST_DWELL);
        entered[s] = step_back(&next[s * FORECAST_DWELL + 1], &later, &h[s * FORECAST_DWELL], within, part);
    }
    for (uint32_t s = 0; s < m->n_stages; s++) {
        struct forecast_ends goes_on = moving_on(m, s, entered, 1);
        for (uint32_t t = 0; t < FORECAST_DWELL; t++) {
            size_t at = s * FORECAST_DWELL + t, older = t + 1 < FORECAST_DWELL ? at + 1 : at;
            now[at] = step_back(&next[older], &goes_on, &h[at], within, part);
        }
    }
    o->arrival[k] = arriving(m, now);
}

static double rest_of_step(int32_t today)
{
    int32_t from = today, to = today;
    while (forecast_step(from - 1) == forecast_step(today))
        from--;
    while (forecast_step(to + 1) == forecast_step(today))
        to++;
    return (double)(to - today + 1) / (double)(to - from + 1);
}

/* 4: set right by how months have turned out lately */
static void set_right(const struct forecast_model *m, struct forecast_ends *e)
{
    double wins = e->wins * m->lately / (1 - e->wins + e->wins * m->lately);
    e->wins = wins < e->closes ? wins : e->closes;
}

struct forecast_outlook *forecast_look_steps(const struct forecast_model *m, int32_t now, double left,
                                             int32_t first, int32_t last, struct arena *a)
{
    struct forecast_outlook *o = ARENA_NEW(a, struct forecast_outlook);
    size_t n = (size_t)m->n_stages * FORECAST_DWELL;
    struct forecast_ends *next = ARENA_ARRAY(a, struct forecast_ends, n);
    int32_t steps = last - now + 1;
    o->m = m;
    o->now = now;
    o->left = left;
    o->deals = ARENA_ARRAY(a, struct forecast_ends, n);
    o->steps = steps < 0 ? 0 : steps < FORECAST_AHEAD ? (uint32_t)steps : FORECAST_AHEAD;
    for (uint32_t k = o->steps; k-- > 0;) {
        look_step(o, k, now + (int32_t)k >= first, next, o->deals);
        struct forecast_ends *made = o->deals;
        o->deals = next;
        next = made;
    }
    o->deals = next;
    for (size_t i = 0; i < n; i++)
        set_right(m, &o->deals[i]);
    for (uint32_t k = 0; k < o->steps; k++)
        set_right(m, &o->arrival[k]);
    return o;
}

struct forecast_outlook *forecast_look(const struct forecast_model *m, const struct forecast_period *p,
                                       struct arena *a)
{
    int32_t now = forecast_step(p->today);
    return forecast_look_steps(m, now, rest_of_step(p->today), forecast_step(p->first),
                               p->last < p->today ? now - 1 : forecast_step(p->last), a);
}

struct forecast_chance forecast_chance(const struct forecast_outlook *o, const struct forecast_deal *d)
{
    const struct forecast_model *m = o->m;
    struct forecast_chance c = {.owner = 1, .product = 1};
    if (d->stage >= m->n_stages)
        return c;
    size_t at = d->stage * FORECAST_DWELL + (size_t)forecast_dwell(o->now - d->entered);
    const struct forecast_ends *ends = &o->deals[at];
    c.closes = ends->closes;
    c.stage = ends->wins;
    c.owner = owner_odds(m, d->owner, d->team);
    c.product = product_odds(m, d->product);
    /* 5: of those that close, the odds of being won are moved; when they close is not */
    double won = ends->wins * c.owner * c.product, lost = ends->closes - ends->wins;
    c.wins = won > 0 ? ends->closes * won / (won + (lost > 0 ? lost : 0)) : 0;
    c.expected = c.wins * (d->amount > 0 ? (double)d->amount : forecast_prices_of(m, d->product)->mean);
    c.alike = m->seen[at] > 0 ? (uint64_t)m->seen[at] : 0;
    return c;
}

/* 7: of such deals that closed, fewer were won than is said: by ten of a hundred at least, and by more than
   twice what chance makes of so many */
bool forecast_said_above(const struct forecast_chance *c, uint32_t said_percent)
{
    enum { ALIKE_LEAST = 30 };
    static const double LEAST = 0.1, SPREADS = 2;
    const double won = c->closes > 0 ? c->wins / c->closes : 1, above = said_percent / 100.0 - won;
    return c->alike >= ALIKE_LEAST && above >= LEAST &&
           above > SPREADS * sqrt(won * (1 - won) / (double)c->alike);
}
