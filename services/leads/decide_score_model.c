/* From counts to odds. Only + - * / on doubles (base/exact.h): the same result on every build. */
#include <stddef.h>

#include "base/exact.h"
#include "services/leads/score.h"

enum { AGES = 8, WEIGHT_ONE = 1 << 16, FIT_STEPS = 8 };
enum { SUM_BINS = 20, SUM_PER_ONE = 3, BASE_BINS = 48, BASE_PER_ONE = 8, BASE_ROW = 2 * BASE_BINS + 1 };
static const double SHRINK = 40;       /* outcomes that say as much as the base rate says of a value */
static const double SLOPE_FIRST = 0.6; /* before anything is known of how sums turn out: fields overlap */
static const double SLOPE_HOLD = 20, INTERCEPT_HOLD = 2;
static const double TENTH = 1.2816; /* standard deviations to the outermost tenth */

static double logit(double p)
{
    return exact_ln(p / (1 - p));
}

static double whole(uint64_t weight)
{
    return (double)weight / WEIGHT_ONE;
}

const struct score_cell *score_cell_find(const struct score_model *m, uint32_t key)
{
    for (size_t i = key * UINT32_C(2654435761); m->size; i++) {
        const struct score_cell *c = &m->cells[i & (m->size - 1)];
        if (c->key == key)
            return c;
        if (!c->key)
            break;
    }
    return NULL;
}

/* Outcomes lose half their weight in 8 periods; what sums came to, in one. */
uint32_t score_weight(const struct score_period *p, bool sum)
{
    static const uint32_t eighths[AGES] = {65536, 60097, 55109, 50535, 46341, 42495, 38968, 35734};
    uint32_t halves = sum ? p->age : p->age / AGES;
    return halves > 16 ? 0 : (sum ? WEIGHT_ONE : eighths[p->age % AGES]) >> halves;
}

static double base_rate(const struct score_model *m)
{
    return (whole(m->base.won) + 1) / (whole(m->base.weight) + 2);
}

static double held_to(double x, double most)
{
    return x > most ? most : x < -most ? -most : x;
}

static int nearest(double x, int most)
{
    return (int)(held_to(x, most) + (x < 0 ? -0.5 : 0.5));
}

uint32_t score_sum_slot(const struct score_model *m, double sum)
{
    int bin = nearest(sum * SUM_PER_ONE, SUM_BINS) + SUM_BINS;
    int base = nearest(logit(base_rate(m)) * BASE_PER_ONE, BASE_BINS) + BASE_BINS;
    return (uint32_t)(bin * BASE_ROW + base);
}

/* Sums of a step of Newton's method. */
struct step {
    double ga, gb, haa, hab, hbb;
};

static void add_bin(struct step *s, const struct score_cell *c, uint32_t slot, double a, double b)
{
    double x = ((double)(slot / BASE_ROW) - SUM_BINS) / SUM_PER_ONE;
    double base = ((double)(slot % BASE_ROW) - BASE_BINS) / BASE_PER_ONE;
    double n = whole(c->weight), p = exact_logistic(base + a + b * x);
    double g = whole(c->won) - n * p, h = n * p * (1 - p);
    s->ga += g;
    s->gb += g * x;
    s->haa += h;
    s->hab += h * x;
    s->hbb += h * x * x;
}

void score_fit(struct score_model *m)
{
    double a = 0, b = SLOPE_FIRST;
    uint16_t used[SCORE_SLOTS];
    size_t n = 0;
    for (uint16_t slot = 0; slot < SCORE_SLOTS; slot++)
        if (m->sums[slot].weight)
            used[n++] = slot;
    for (int i = 0; i < FIT_STEPS; i++) {
        struct step s = {-a * INTERCEPT_HOLD, (SLOPE_FIRST - b) * SLOPE_HOLD, INTERCEPT_HOLD, 0, SLOPE_HOLD};
        for (size_t k = 0; k < n; k++)
            add_bin(&s, &m->sums[used[k]], used[k], a, b);
        double det = s.haa * s.hbb - s.hab * s.hab;
        a += held_to((s.hbb * s.ga - s.hab * s.gb) / det, 1);
        b += held_to((s.haa * s.gb - s.hab * s.ga) / det, 1);
    }
    m->intercept = a;
    m->slope = b;
    m->unfitted = false;
}

/* How far the value's own outcomes move the odds, as far as there are enough of them. They are among all
   outcomes: of a value that all have nothing is uncertain. */
static double moves(const struct score_model *m, uint32_t key, double *variance)
{
    double base = base_rate(m);
    const struct score_cell *found = score_cell_find(m, key), *c = found && found->weight ? found : NULL;
    double won = (c ? whole(c->won) : 0) + SHRINK * base;
    double lost = (c ? whole(c->weight - c->won) : 0) + SHRINK * (1 - base);
    double all_won = whole(m->base.won) + SHRINK * base;
    double all_lost = whole(m->base.weight - m->base.won) + SHRINK * (1 - base);
    *variance = 1 / won + 1 / lost - 1 / all_won - 1 / all_lost;
    return c ? exact_ln(won / lost) - logit(base) : 0;
}

static uint32_t permille(double p)
{
    return (uint32_t)(p * 1000 + 0.5);
}

void score_predict(const struct score_model *m, const struct score_value *values, size_t n,
                   struct score_result *out)
{
    double base = base_rate(m), one, variance = 0;
    *out = (struct score_result){.known = m->base.outcomes != 0, .base_permille = permille(base)};
    for (size_t i = 0; i < n; i++) {
        out->sum += moves(m, values[i].key, &one);
        variance += one;
    }
    variance = variance * m->slope * m->slope + 1 / (whole(m->base.won) + 1) +
               1 / (whole(m->base.weight - m->base.won) + 1);
    out->logit = logit(base) + m->intercept + m->slope * out->sum;
    out->permille = permille(exact_logistic(out->logit));
    out->low = permille(exact_logistic(out->logit - TENTH * exact_root(variance)));
    out->high = permille(exact_logistic(out->logit + TENTH * exact_root(variance)));
}

int score_points(const struct score_model *m, const struct score_result *r, const struct score_value *v)
{
    double variance, without = r->logit - m->slope * moves(m, v->key, &variance);
    return nearest((exact_logistic(r->logit) - exact_logistic(without)) * 1000, 1000);
}
