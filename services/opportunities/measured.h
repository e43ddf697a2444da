/* Sums of measures, added up into groups: what a question about them is answered from. */
#ifndef BATON_OPPORTUNITIES_MEASURED_H
#define BATON_OPPORTUNITIES_MEASURED_H

#include "services/opportunities/rows.h"

enum {
    MEASURED_ASKED = 8,       /* measures of one question */
    MEASURED_BY = 2,          /* what they are told apart by */
    MEASURED_GROUPS = 2000,   /* at most; more are refused */
    MEASURED_ROWS = 50000,    /* likewise */
    MEASURED_CURRENCIES = 16, /* of one figure; those of more are not added */
    MEASURED_OWNERS = 5000
};

/* One figure. */
struct measured_sum {
    int64_t count;
    uint64_t hours;
    struct {
        const char *code;
        uint64_t amount;
    } amounts[MEASURED_CURRENCIES + 1]; /* and what they are converted to */
    size_t n_amounts;
    int64_t bins[ANALYSIS_BINS];
};

/* What is asked: what is counted, of when and whom, where, and told apart by what. */
struct measured_ask {
    enum measure asked[MEASURED_ASKED];
    size_t n_asked;
    Baton__MeasureDimension by[MEASURED_BY];
    size_t n_by;
    struct forecast_months months;
    const char *team_id, *territory_id, *pipeline_id, *detail; /* NULL: any */
    const char **owners;                                       /* whose rows are read */
    size_t n_owners;
};

struct measured_group {
    const char *keys[MEASURED_BY];
    struct measured_sum *sums[MEASURES]; /* of those that are read; NULL: none */
};

struct measured {
    struct measured_group *groups;
    size_t n;
    struct measured_group total;
};

/* Adds up; in the load's arena. False: it is more than one answer has. */
bool opportunities_measure(struct load *l, const struct measured_ask *ask, struct measured *out,
                           struct refusal *no);
/* The figure of a measure, of a group; NULL where there is none of it. */
Baton__MeasureValue *opportunities_measure_value(const struct measured_group *g, enum measure m,
                                                 struct arena *a);

/* query_measure_rate.c */
/* What was converted at which rate. */
struct measured_rates {
    const char *to, *until; /* currency; day */
    Baton__MeasureRate **rows;
    size_t n;
};
/* All amounts of all groups, in place. */
void opportunities_measured_convert(struct load *l, struct measured *m, struct measured_rates *rates);

/* The group with these keys; NULL: there is none. */
const struct measured_group *opportunities_measured_find(const struct measured *m,
                                                         const struct measured_ask *ask,
                                                         const char *const *keys);

#endif
