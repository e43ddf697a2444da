/* How likely a lead is to convert, learned from outcomes.

   An outcome counts in cells: one for each field of the lead, by the field's value. What it counted is kept
   with it, as whole numbers, so that it is taken back exactly. Cells belong to a period (30 days, or less
   where many outcomes come in), and older periods weigh less. A lead's odds are the base rate's, moved by
   each of its values as far as enough outcomes bear it out, and then set right by how such sums have turned
   out lately. */
#ifndef BATON_LEADS_SCORE_H
#define BATON_LEADS_SCORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "baton/v1/leads.pb-c.h"

enum {
    SCORE_ATTRIBUTES_MAX = 32,                    /* of one lead; more are not looked at */
    SCORE_VALUES_MAX = 24 + SCORE_ATTRIBUTES_MAX, /* of one lead */
    SCORE_SLOTS = 4096,                           /* of one field; a text's place is its hash */
    SCORE_PERIODS = 48,                           /* looked back at */
    SCORE_PERIOD_OUTCOMES = 500,                  /* a period that has so many is followed by the next */
    SCORE_CELLS_MAX = 1 << 18,      /* kept in memory; values that come up later count as rare */
    SCORE_FIELD_BASE = 0,           /* all outcomes, in slot 0 */
    SCORE_FIELD_SUM = 1,            /* by what the sum of a lead's values said */
    SCORE_FIELD_ATTRIBUTE = 1 << 8, /* from here on: attributes, by hash of their name */
};

struct score_cell {
    uint32_t key;                 /* field * SCORE_SLOTS + slot; 0 is nothing's */
    uint32_t outcomes, converted; /* as they are */
    uint64_t weight, won;         /* aged, in 1 / 65536 */
};

struct score_period {
    uint32_t id;  /* month * 256 + part of it */
    uint32_t age; /* in periods */
    uint32_t outcomes;
};

/* What the rows of SCORE_PERIODS say. A cache: score_model_count keeps it in step. */
struct score_model {
    struct score_cell *cells; /* open addressing */
    size_t n_cells, size;
    struct score_cell base;
    struct score_cell sums[SCORE_SLOTS];        /* of SCORE_FIELD_SUM, by slot */
    struct score_period periods[SCORE_PERIODS]; /* newest first */
    size_t n_periods;
    double intercept, slope; /* of the last step */
    bool stale, unfitted;
};

/* One thing a lead says about itself. */
struct score_value {
    uint32_t key;
    const char *field, *text; /* for people; text NULL: not given */
};

struct score_result {
    bool known;                   /* there has been an outcome */
    uint32_t permille, low, high; /* low to high: 8 of 10 such leads' true rates */
    uint32_t base_permille;
    double logit, sum; /* sum: before the last step */
};

/* --- load_score.c: the cache --- */

struct score_model *score_model_new(void);
void score_model_free(struct score_model *m);
void score_model_clear(struct score_model *m);
/* Adds (or takes back) so many outcomes in a cell of a period. Of a period it does not know it becomes stale
   if that is newer than the oldest it knows; else nothing. */
void score_model_count(struct score_model *m, const Baton__ScoreCount *c, bool back);
/* A period comes next in age, then its cells. False: no more are looked back at. */
bool score_model_period(struct score_model *m, uint32_t id);
void score_model_cell(struct score_model *m, uint32_t period, uint32_t key, uint32_t outcomes,
                      uint32_t converted);

/* --- decide_score_model.c --- */

/* NULL: no such cell. */
const struct score_cell *score_cell_find(const struct score_model *m, uint32_t key);
uint32_t score_weight(const struct score_period *p, bool sum);
/* The slot of SCORE_FIELD_SUM for a sum as things stand. */
uint32_t score_sum_slot(const struct score_model *m, double sum);
/* Sets the last step from the sums. */
void score_fit(struct score_model *m);
void score_predict(const struct score_model *m, const struct score_value *values, size_t n,
                   struct score_result *out);
/* How far one value moves the result, in thousandths. */
int score_points(const struct score_model *m, const struct score_result *r, const struct score_value *v);

/* --- decide_score.c --- */

/* What the lead says about itself; never who holds it or what was decided about it. Returns how many. */
size_t score_values(const Baton__Lead *lead, struct score_value out[SCORE_VALUES_MAX], struct arena *a);
/* Puts score, interval and version on a lead that comes in. `m` may be NULL; without outcomes there is none.
 */
void leads_score(const struct score_model *m, Baton__Lead *lead, struct arena *a);
/* What an outcome counts as, at that time; `more`: outcomes of the same command that are not in the model
   yet. */
Baton__ScoreCount *leads_score_count(const struct score_model *m, const Baton__Lead *lead, bool converted,
                                     int64_t time_us, uint32_t more, struct arena *a);

#endif
