/* When deals close and whether they are won, learned from how earlier ones went.

   What is learned from are counts: in which quarter of a month so many deals came into a stage, and in which
   they left it: for another, won or lost. All else is made of them when asked, so a deal that is changed is
   taken back exactly, and a model of any earlier time is made of the same counts: what came later is not
   looked at. From them follow the chances, for each time that a deal has been in its stage, of closing or
   moving on (discrete time, competing risks), in each month of the quarter; a cell with few deals leans on
   its neighbours, these on the stage, this on all. Which of those that close are won moves with the owner's
   record (leaning on the team's) and the product's. At last all is set right by how the months of the last
   year turned out beside what was expected of each when it began. Doubles are + - * / alone. */
#ifndef BATON_OPPORTUNITIES_FORECAST_H
#define BATON_OPPORTUNITIES_FORECAST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

enum {
    FORECAST_STAGES_MAX = 64,
    FORECAST_STEPS_MONTH = 4,
    FORECAST_DWELL = 72,      /* steps in a stage; longer counts as the last */
    FORECAST_AHEAD = 54,      /* steps looked ahead: a year and some */
    FORECAST_BACK = 480,      /* steps learned from */
    FORECAST_ARRIVALS = 12,   /* steps whose new deals stand for those to come */
    FORECAST_RUNS = 2000,     /* of a simulation */
    FORECAST_SINGLY_MAX = 64, /* deals drawn one by one, the largest; the rest as their sum */
    FORECAST_BINS = 1024,     /* of amounts, sixteen to each doubling */
    FORECAST_SEASONS = 3,     /* months of a quarter */
};

enum forecast_exit { FORECAST_OPEN, FORECAST_MOVED, FORECAST_WON, FORECAST_LOST, FORECAST_EXITS };

/* So many deals that were in a stage from one step to another; in that they came into the next stage, if they
   moved. `n` may be below 0. */
struct forecast_spell {
    uint32_t stage, to; /* to: of those that moved; below FORECAST_STAGES_MAX */
    enum forecast_exit exit;
    bool first; /* they were opened in this stage */
    int32_t entered, left;
    int64_t n;
};

enum forecast_kind { FORECAST_OWNER, FORECAST_TEAM, FORECAST_PRODUCT, FORECAST_KINDS };

/* So many deals of one owner, team or product that closed in a step. */
struct forecast_outcome {
    enum forecast_kind kind;
    const char *id;
    int32_t step;
    int64_t won, lost;
};

/* So many won deals of a product for about so much. */
struct forecast_amount {
    const char *product; /* "": of none */
    uint32_t bin;
    int32_t step;
    int64_t n;
};

/* Amounts come product by product. */
struct forecast_counts {
    uint32_t n_stages;
    const struct forecast_spell *spells;
    size_t n_spells;
    const struct forecast_outcome *outcomes;
    size_t n_outcomes;
    const struct forecast_amount *amounts;
    size_t n_amounts;
};

struct forecast_model;

/* What is asked of: an open deal. */
struct forecast_deal {
    uint32_t stage;
    int32_t entered;                    /* step in which it came into the stage */
    const char *owner, *team, *product; /* may be NULL */
    int64_t amount;                     /* minor units; 0: not said, as such products bring */
};

/* Days since 1970, all within the period. What lies before `today` is over. */
struct forecast_period {
    int32_t today, first, last;
};

/* What is to be expected within a period. */
struct forecast_outlook;

struct forecast_chance {
    double closes, wins;   /* within the period */
    double stage;          /* what `wins` would be by stage and age alone */
    double owner, product; /* by how much the odds are moved; 1: not at all */
    double expected;       /* minor units: of `wins` and the amount */
    uint64_t alike;        /* earlier deals that were in this stage for so long */
};

struct forecast_total {
    int64_t p10, p50, p90, mean; /* minor units, of what is still to be won */
    int64_t deals, arrivals;     /* of that: from the deals, and from deals not yet opened */
    uint64_t seed;
};

/* --- decide_forecast_model.c --- */

/* Steps are quarters of a month: from the 1st, 8th, 16th and 23rd day on. Of a day since 1970. */
int32_t forecast_step(int32_t day);
uint32_t forecast_bin(int64_t minor_units);
double forecast_bin_amount(uint32_t bin);
/* Whether any deal had closed. */
bool forecast_knows(const struct forecast_model *m);

/* --- decide_forecast_lately.c --- */

/* As of the beginning of step `now`: nothing of that step or later is learned from. `year_month`: 0 to 11,
   with which the fiscal year begins. In the arena. */
struct forecast_model *forecast_learn(const struct forecast_counts *counts, int32_t now, uint32_t year_month,
                                      struct arena *a);

/* --- decide_forecast_chance.c --- */

/* In the arena; the model must stay. */
struct forecast_outlook *forecast_look(const struct forecast_model *m, const struct forecast_period *p,
                                       struct arena *a);
struct forecast_chance forecast_chance(const struct forecast_outlook *o, const struct forecast_deal *d);
/* Whether its owner or its stage says more than such deals bear out. */
bool forecast_said_above(const struct forecast_chance *c, uint32_t said_percent);

/* --- decide_forecast_total.c --- */

/* What the deals, and those that may still be opened in the meantime, bring within the period. `share_of` of
   all new deals are expected here, in thousandths (0: none are counted). The same seed gives the same. */
struct forecast_total forecast_total(const struct forecast_outlook *o, const struct forecast_deal *deals,
                                     size_t n, uint32_t share_of, uint64_t seed, struct arena *a);

#endif
