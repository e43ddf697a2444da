/* Measures: what is counted of what happens, in which month, and told apart by what. Pure. */
#ifndef BATON_OPPORTUNITIES_ANALYSIS_H
#define BATON_OPPORTUNITIES_ANALYSIS_H

#include "base/civil.h"
#include "baton/v1/analysis.pb-c.h"
#include "baton/v1/opportunities.pb-c.h"
#include "schema/decide.h"

/* Whose rows are everybody's. */
#define ANALYSIS_ALL "*"

enum {
    ANALYSIS_BINS = 64,   /* spans of time, each a quarter longer than the one before */
    ANALYSIS_VISITS = 32, /* stages of one opportunity that are counted, the first ones */
    ANALYSIS_PARTS = 8 + 3 * ANALYSIS_VISITS,
    ANALYSIS_DELTAS = 2 * ANALYSIS_PARTS
};

/* --- decide_measure.c: the table of measures --- */

enum measure {
    MEASURE_CREATED,
    MEASURE_OPEN,
    MEASURE_EXPECTED,
    MEASURE_WON,
    MEASURE_LOST,
    MEASURE_LOST_TO,
    MEASURE_COHORT_WON,
    MEASURE_COHORT_LOST,
    MEASURE_ENTERED,
    MEASURE_LEFT,
    MEASURE_DROPPED,
    MEASURE_ACTIVITIES,
    MEASURE_LEADS,
    MEASURE_ACCEPTED,
    MEASURE_LEADS_CONVERTED,
    MEASURE_WIN_RATE,
    MEASURE_CONVERSION,
    MEASURES
};

struct measure_row {
    const char *name, *unit, *counts;
    const char *detail; /* what its detail is; NULL: it has none */
    bool is_now;        /* of what is now, whatever the period */
    /* Of a share: so many of both, or less one of the other. Else both are MEASURES. */
    enum measure part, other;
    bool less; /* the share is (other - part) of other; else part of both */
    /* Where the records are: their type (NULL: opportunities), and the date and the kind of stage by which
       they are known. */
    const char *date_field;
    Baton__StageKind kind; /* 0: any */
    const char *type;
};
extern const struct measure_row measure_rows[MEASURES];
/* MEASURES: there is none of that name. */
enum measure measure_find(const char *name);
/* Whether it can be told apart by that. */
bool measure_can(const struct measure_row *m, Baton__MeasureDimension by);

/* What is counted of one opportunity by one measure. Texts are never NULL. */
struct analysis_part {
    enum measure measure;
    const char *owner_id, *team_id, *territory_id, *pipeline_id, *detail, *currency_code;
    uint32_t month;
    uint64_t amount, hours;
    bool has_hours;
};
/* Of an item; NULL: nothing is. Returns how many. */
size_t analysis_parts(const Baton__AnalysisItem *item, struct analysis_part out[ANALYSIS_PARTS],
                      struct arena *a);

/* What a change does to one row. */
struct analysis_delta {
    struct analysis_part of; /* the row; the figures in it do not count */
    int64_t count;
    uint64_t amount, hours; /* wrap around where less comes than goes */
    int8_t bins[ANALYSIS_BINS];
};
/* Rows that stay as they are are left out. Either may be NULL. Returns how many. */
size_t analysis_deltas(const Baton__AnalysisItem *before, const Baton__AnalysisItem *after,
                       struct analysis_delta out[ANALYSIS_DELTAS], struct arena *a);

uint64_t analysis_hours(int64_t us); /* whole ones; 0 of less than none */
unsigned analysis_bin(uint64_t hours);
/* The middle of such a span, and of the one in which the middle of them all is; *n: how many they are. */
uint64_t analysis_bin_middle(unsigned bin);
uint64_t analysis_median(const int64_t *bins, size_t n_bins, int64_t *n);

/* --- decide_analysis_item.c --- */

/* Who has it, where, when it was counted; and by whose clocks months go. */
struct analysis_place {
    const char *team_id, *territory_id;
    struct civil_zone *zone; /* NULL: UTC */
};
/* What is counted of it from now on; NULL: nothing. `before` may be NULL; in the arena. */
Baton__AnalysisItem *analysis_item(const Baton__Opportunity *o, const Baton__AnalysisItem *before,
                                   const struct analysis_place *place, int64_t now_us, struct arena *a);
/* Year * 12 + month - 1; `zone` NULL: of UTC. */
uint32_t analysis_month(const struct civil_zone *zone, int64_t us);

#endif
