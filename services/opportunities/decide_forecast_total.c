/* What a period may bring, by drawing it often: the large deals one by one, the others as their sum. */
#include <stdlib.h>

#include "base/exact.h"
#include "services/opportunities/forecast_model.h"

enum { GRID = 33 }; /* GRID: steps of -4 to 4 standard deviations of unrest */
static const double GRID_END = 4;

/* One deal in a simulation: what it brings is its own amount, or drawn from prices. */
struct drawn {
    double wins, mean, square;
    const struct forecast_prices *prices; /* NULL: the amount is known */
    size_t at;                            /* among those asked of */
};

/* Mean and variance of what is not drawn singly, for each step of unrest. */
struct rest {
    double mean, variance;
};

struct run {
    uint64_t state;
    const struct drawn *singly;
    size_t n_singly;
    struct rest rest[GRID];
    struct rest arrival[FORECAST_AHEAD][GRID]; /* of one that is opened so many steps from now */
    const struct forecast_outlook *o;
    uint32_t share_of;
};

static double at_step(int i)
{
    return (i * 2.0 / (GRID - 1) - 1) * GRID_END;
}

static void add_rest(struct rest rest[GRID], const double by[GRID], const struct drawn *d)
{
    for (int i = 0; i < GRID; i++) {
        double p = forecast_moved(d->wins, by[i]);
        rest[i].mean += p * d->mean;
        rest[i].variance += p * d->square - p * d->mean * p * d->mean;
    }
}

static struct rest rest_at(const struct rest rest[GRID], double z)
{
    double x = (z / GRID_END + 1) * (GRID - 1) / 2;
    int i = x <= 0 ? 0 : x >= GRID - 1 ? GRID - 2 : (int)x;
    double f = x - i < 0 ? 0 : x - i > 1 ? 1 : x - i;
    return (struct rest){rest[i].mean * (1 - f) + rest[i + 1].mean * f,
                         rest[i].variance * (1 - f) + rest[i + 1].variance * f};
}

static double price(const struct forecast_prices *p, uint64_t *state)
{
    int64_t left = p->n > 0 ? (int64_t)(forecast_draw(state) % (uint64_t)p->n) : 0;
    for (uint32_t i = 0; i < FORECAST_BINS; i++)
        if ((left -= p->bins[i]) < 0)
            return forecast_bin_amount(i);
    return p->mean;
}

/* 2: a step brings as many new deals as one of the last twelve, drawn anew for each */
static void draw_arrivals(struct run *r, double z, struct rest *sum)
{
    const struct forecast_model *m = r->o->m;
    for (uint32_t k = 0; m->n_arrivals && k < r->o->steps; k++) {
        int64_t n = m->arrivals[forecast_draw(&r->state) % m->n_arrivals];
        double all = (double)(n > 0 ? n : 0) * r->share_of / 1000 * (k ? 1 : r->o->left);
        struct rest one = rest_at(r->arrival[k], z);
        sum->mean += all * one.mean;
        sum->variance += all * one.variance;
    }
}

/* 3: nothing is below 0 */
static double one_run(struct run *r)
{
    double z = forecast_normal(&r->state), by = forecast_growth(z * r->o->m->unrest), total = 0;
    for (size_t i = 0; i < r->n_singly; i++) {
        const struct drawn *d = &r->singly[i];
        if (forecast_uniform(&r->state) < forecast_moved(d->wins, by))
            total += d->prices ? price(d->prices, &r->state) : d->mean;
    }
    struct rest sum = rest_at(r->rest, z);
    draw_arrivals(r, z, &sum);
    double spread = sum.mean > 0 ? sum.mean * exact_root(sum.variance / sum.mean / sum.mean) : 0;
    double rest = sum.mean + forecast_normal(&r->state) * spread;
    return total + (rest > 0 ? rest : 0);
}

static int by_weight(const void *x, const void *y)
{
    const struct drawn *a = x, *b = y;
    double p = a->wins * a->square, q = b->wins * b->square;
    return p < q ? 1 : p > q ? -1 : a->at < b->at ? -1 : 1;
}

static struct drawn drawn_of(const struct forecast_model *m, const char *product, int64_t amount, double wins)
{
    const struct forecast_prices *p = forecast_prices_of(m, product);
    double known = (double)amount;
    return amount > 0 ? (struct drawn){wins, known, known * known, NULL, 0}
                      : (struct drawn){wins, p->mean, p->square, p, 0};
}

static int by_total(const void *x, const void *y)
{
    const double *a = x, *b = y;
    return *a < *b ? -1 : *a > *b ? 1 : 0;
}

static int64_t whole(double x)
{
    const double most = 9e18;
    return x >= most ? (int64_t)most : (int64_t)(x + 0.5);
}

static double expect_arrivals(struct run *r, const double by[GRID])
{
    const struct forecast_model *m = r->o->m;
    double sum = 0;
    for (uint32_t k = 0; k < r->o->steps; k++) {
        double wins = r->o->arrival[k].wins;
        for (int i = 0; i < GRID; i++) { /* 4: how many of them are ours is a matter of chance as well */
            r->arrival[k][i].mean = forecast_moved(wins, by[i]) * m->all.mean;
            r->arrival[k][i].variance = forecast_moved(wins, by[i]) * m->all.square;
        }
        if (m->n_arrivals)
            sum += wins * m->all.mean * (double)m->arrived / m->n_arrivals * r->share_of / 1000 *
                   (k ? 1 : r->o->left);
    }
    return sum;
}

struct forecast_total forecast_total(const struct forecast_outlook *o, const struct forecast_deal *deals,
                                     size_t n, uint32_t share_of, uint64_t seed, struct arena *a)
{
    struct run *r = ARENA_NEW(a, struct run);
    struct drawn *all = ARENA_ARRAY(a, struct drawn, n);
    double by[GRID], *totals = ARENA_ARRAY(a, double, FORECAST_RUNS), sum = 0;
    *r = (struct run){.state = seed, .singly = all, .o = o, .share_of = share_of};
    for (int i = 0; i < GRID; i++)
        by[i] = forecast_growth(at_step(i) * o->m->unrest);
    for (size_t i = 0; i < n; i++) {
        all[i] = drawn_of(o->m, deals[i].product, deals[i].amount, forecast_chance(o, &deals[i]).wins);
        all[i].at = i;
        sum += all[i].wins * all[i].mean;
    }
    qsort(all, n, sizeof *all, by_weight);
    r->n_singly = n < FORECAST_SINGLY_MAX ? n : FORECAST_SINGLY_MAX;
    for (size_t i = r->n_singly; i < n; i++)
        add_rest(r->rest, by, &all[i]);
    double new_ones = expect_arrivals(r, by);
    for (size_t i = 0; i < FORECAST_RUNS; i++)
        totals[i] = one_run(r);
    qsort(totals, FORECAST_RUNS, sizeof *totals, by_total);
    return (struct forecast_total){
        .p10 = whole(totals[FORECAST_RUNS / 10]),
        .p50 = whole(totals[FORECAST_RUNS / 2]),
        .p90 = whole(totals[FORECAST_RUNS - FORECAST_RUNS / 10]),
        .deals = whole(sum),
        .arrivals = whole(new_ones),
        .mean = whole(sum + new_ones),
        .seed = seed,
    };
}
