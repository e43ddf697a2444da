/* Weights from the records alone: what agrees between any two is seen in pairs drawn at random; what agrees
   between two of the same is what explains best the pairs that were found (expectation and maximisation by
   turns: Winkler 1988; Jaro, Advances in Record-Linkage Methodology, 1989). */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "services/contacts/match.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

/* Found from what people mistype; they hold until there is enough to estimate others. */
#define LIKELY(different, similar, alike, equal)                                                             \
    {                                                                                                        \
        0, different, similar, alike, equal                                                                  \
    }
const struct match_model match_model_default = {
    .same = {[MATCH_FIRST_NAME] = LIKELY(.10, .05, .10, .75),
             [MATCH_LAST_NAME] = LIKELY(.08, .04, .08, .80),
             [MATCH_COMPANY] = LIKELY(.08, .07, .15, .70),
             [MATCH_BIRTHDAY] = LIKELY(.04, .03, .06, .87),
             [MATCH_EMAIL] = LIKELY(.30, .04, .06, .60),
             [MATCH_DOMAIN] = LIKELY(.15, .03, .02, .80),
             [MATCH_PHONE] = LIKELY(.35, .01, .04, .60),
             [MATCH_STREET] = LIKELY(.25, .05, .10, .60),
             [MATCH_NUMBER] = LIKELY(.20, .01, .04, .75),
             [MATCH_LINE] = LIKELY(.45, .05, .10, .40),
             [MATCH_CITY] = LIKELY(.18, .02, .05, .75),
             [MATCH_POSTAL_CODE] = LIKELY(.20, .01, .04, .75),
             [MATCH_STATE] = LIKELY(.08, .01, .01, .90),
             [MATCH_IDENTIFIER] = LIKELY(.03, .02, .05, .90)},
    .any = {[MATCH_FIRST_NAME] = LIKELY(.9680, .0150, .0070, .0100),
            [MATCH_LAST_NAME] = LIKELY(.9750, .0150, .0050, .0050),
            [MATCH_COMPANY] = LIKELY(.9885, .0100, .0010, .0005),
            [MATCH_BIRTHDAY] = LIKELY(.9799, .0190, .0010, .0001),
            [MATCH_EMAIL] = LIKELY(.9988, .0010, .0001, .0001),
            [MATCH_DOMAIN] = LIKELY(.9960, .0020, .0010, .0010),
            [MATCH_PHONE] = LIKELY(.9997, .0001, .0001, .0001),
            [MATCH_STREET] = LIKELY(.9580, .0350, .0050, .0020),
            [MATCH_NUMBER] = LIKELY(.8900, .0100, .0800, .0200),
            [MATCH_LINE] = LIKELY(.9580, .0350, .0050, .0020),
            [MATCH_CITY] = LIKELY(.9500, .0200, .0100, .0200),
            [MATCH_POSTAL_CODE] = LIKELY(.9750, .0100, .0100, .0050),
            [MATCH_STATE] = LIKELY(.7900, .0050, .0050, .2000),
            [MATCH_IDENTIFIER] = LIKELY(.9988, .0010, .0001, .0001)},
    .rate = .05,
};

/* --- patterns, counted --- */

struct entry {
    struct match_pattern p;
    uint32_t n; /* 0: empty */
};
struct match_tally {
    struct entry of[MATCH_PATTERNS_MAX * 2];
    size_t n;
};

struct match_tally *match_tally_new(void)
{
    struct match_tally *t = calloc(1, sizeof *t);
    assert(t);
    return t;
}

void match_tally_free(struct match_tally *t)
{
    free(t);
}

static size_t place_of(const struct match_pattern *p)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (unsigned f = 0; f < MATCH_FIELDS; f++)
        h = (h ^ p->of[f]) * UINT64_C(1099511628211);
    return (size_t)(h >> 32) % (MATCH_PATTERNS_MAX * 2);
}

void match_tally_add(struct match_tally *t, const struct match_pattern *p)
{
    size_t at = place_of(p);
    while (t->of[at].n && memcmp(&t->of[at].p, p, sizeof *p) != 0)
        at = (at + 1) % COUNT(t->of);
    if (!t->of[at].n && t->n == MATCH_PATTERNS_MAX)
        return;
    t->n += !t->of[at].n;
    t->of[at].p = *p;
    t->of[at].n++;
}

/* --- estimating --- */

/* Counts by field and level, of what is given alone, to shares; `from` stands for so many pairs seen before.
 */
static void shares(double counts[MATCH_LEVELS], const double from[MATCH_LEVELS], double weight,
                   double out[MATCH_LEVELS])
{
    double sum = 0;
    for (unsigned l = MATCH_DIFFERENT; l < MATCH_LEVELS; l++)
        sum += counts[l] += weight * from[l];
    for (unsigned l = MATCH_DIFFERENT; l < MATCH_LEVELS; l++)
        out[l] = counts[l] / sum;
}

static void learn_any(const struct match_tally *random, struct match_model *m)
{
    static const double BEFORE = 2;
    double counts[MATCH_FIELDS][MATCH_LEVELS] = {{0}};
    for (size_t i = 0; i < COUNT(random->of); i++)
        for (unsigned f = 0; f < MATCH_FIELDS && random->of[i].n; f++)
            counts[f][random->of[i].p.of[f]] += random->of[i].n;
    for (unsigned f = 0; f < MATCH_FIELDS; f++)
        shares(counts[f], match_model_default.any[f], BEFORE, m->any[f]);
}

static double odds(const struct match_model *m, const struct match_pattern *p, double share)
{
    double bits = log2(share / (1 - share));
    for (unsigned f = 0; f < MATCH_FIELDS; f++)
        if (p->of[f] != MATCH_MISSING)
            bits += log2(m->same[f][p->of[f]] / m->any[f][p->of[f]]);
    return exp2(bits);
}

/* One turn. Pairs that were not found are taken for others, so `share` is of all there are. */
static double turn(const struct match_tally *found, double pairs, struct match_model *m, double share)
{
    static const double BEFORE = 20;
    double counts[MATCH_FIELDS][MATCH_LEVELS] = {{0}}, same = 0;
    for (size_t i = 0; i < COUNT(found->of); i++) {
        const struct entry *e = &found->of[i];
        if (!e->n)
            continue;
        double o = odds(m, &e->p, share), sure = o / (1 + o) * e->n;
        same += isfinite(o) ? sure : e->n;
        for (unsigned f = 0; f < MATCH_FIELDS; f++)
            counts[f][e->p.of[f]] += isfinite(o) ? sure : e->n;
    }
    for (unsigned f = 0; f < MATCH_FIELDS; f++)
        shares(counts[f], match_model_default.same[f], BEFORE, m->same[f]);
    return same / pairs;
}

void match_learn(const struct match_tally *random, const struct match_tally *found, double pairs,
                 double records, struct match_model *out)
{
    enum { TURNS = 60 };
    static const double LEAST = 1e-12, MOST = 0.5, SETTLED = 1e-6;
    *out = match_model_default;
    learn_any(random, out);
    double share = out->rate / records;
    for (int i = 0; i < TURNS; i++) {
        double next = turn(found, pairs, out, share);
        next = next < LEAST ? LEAST : next > MOST ? MOST : next;
        bool settled = fabs(next - share) <= SETTLED * share;
        share = next;
        if (settled)
            break;
    }
    /* among n records there are n/2 pairs for each record */
    out->rate = share * pairs * 2 / records;
}
