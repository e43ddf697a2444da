/* What the files of decide_forecast_* share of a model. */
#ifndef BATON_OPPORTUNITIES_FORECAST_MODEL_H
#define BATON_OPPORTUNITIES_FORECAST_MODEL_H

#include "services/opportunities/forecast.h"

/* Shares of those in a stage for so many steps that leave it in the next. */
struct forecast_hazard {
    double of[FORECAST_EXITS]; /* OPEN: stay */
};

struct forecast_record {
    uint64_t key; /* of kind and id; 0: none */
    int64_t won, lost;
};

struct forecast_prices {
    uint64_t key; /* of the product */
    int64_t n;
    double mean, square; /* of an amount, and of its square */
    int64_t bins[FORECAST_BINS];
};

struct forecast_model {
    int32_t now, since;
    uint32_t n_stages, year_month;
    struct forecast_hazard *hazards; /* [season][stage][FORECAST_DWELL] */
    int64_t *seen;                   /* [stage][FORECAST_DWELL] */
    double *moves;                   /* [stage][FORECAST_STAGES_MAX]: where those that move on go */
    struct forecast_record *records; /* open addressing */
    size_t size;
    int64_t won, lost;
    struct forecast_prices all, *prices;
    size_t n_prices;
    int64_t arrivals[FORECAST_ARRIVALS], arrived; /* new deals by step, newest first; in all */
    uint32_t n_arrivals;
    int64_t firsts[FORECAST_STAGES_MAX]; /* in which stage */
    double lately; /* how months have turned out beside what was expected of them when they began */
    double unrest; /* by how much one differs from the next; a standard deviation of that factor */
};

/* Within a period: shares that close and are won. */
struct forecast_ends {
    double closes, wins;
};

struct forecast_outlook {
    const struct forecast_model *m;
    int32_t now;                                  /* step */
    double left;                                  /* of the step now going on */
    uint32_t steps;                               /* from now on to the period's end */
    struct forecast_ends *deals;                  /* [stage][FORECAST_DWELL]: of those there now */
    struct forecast_ends arrival[FORECAST_AHEAD]; /* of one that is opened in the k-th step from now on */
};

/* --- decide_forecast_draw.c --- */

uint64_t forecast_draw(uint64_t *state);
/* At least 0, below 1. */
double forecast_uniform(uint64_t *state);
/* -6 to 6, near enough to normal. */
double forecast_normal(uint64_t *state);
/* e to the x. */
double forecast_growth(double x);
/* A chance whose odds are moved by a factor. */
double forecast_moved(double p, double by);

/* Without what follows. */
struct forecast_model *forecast_learn_plain(const struct forecast_counts *c, int32_t now, uint32_t year_month,
                                            struct arena *a);
void forecast_learn_records(struct forecast_model *m, const struct forecast_counts *c, struct arena *a);
void forecast_learn_prices(struct forecast_model *m, const struct forecast_counts *c, struct arena *a);
/* Whether the model looks at it: it began before, and its stages are ours. */
bool forecast_is_known(const struct forecast_model *m, const struct forecast_spell *s);
/* Steps from `now` (of which `left` is still to come) to `last`, of which those from `first` on count. */
struct forecast_outlook *forecast_look_steps(const struct forecast_model *m, int32_t now, double left,
                                             int32_t first, int32_t last, struct arena *a);

uint32_t forecast_season(const struct forecast_model *m, int32_t step);
int32_t forecast_dwell(int32_t steps);
/* NULL: none. */
const struct forecast_record *forecast_record_find(const struct forecast_model *m, enum forecast_kind kind,
                                                   const char *id);
/* Of the product; of all where too few are known. */
const struct forecast_prices *forecast_prices_of(const struct forecast_model *m, const char *product);

#endif
