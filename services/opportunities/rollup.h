/* Periods, quotas, who is below whom, and what of an opportunity counts where. Pure. */
#ifndef BATON_OPPORTUNITIES_ROLLUP_H
#define BATON_OPPORTUNITIES_ROLLUP_H

#include "baton/v1/forecast.pb-c.h"
#include "baton/v1/opportunities.pb-c.h"
#include "schema/decide.h"
#include "services/opportunities/forecast.h"

/* --- decide_forecast_period.c --- */

/* Months are counted as year * 12 + month - 1. */
struct forecast_months {
    uint32_t first, n;
};

/* "2026-10", "2026-Q4", "2026"; a fiscal year is named after the year in which it ends. `begins`: the month
   (1 to 12) with which it begins; 0 counts as 1. False: it is none of these. */
bool forecast_months_parse(const char *text, uint32_t begins, struct forecast_months *out);
/* The quarter in which a month lies. */
struct forecast_months forecast_quarter_of(uint32_t month, uint32_t begins);
/* As it is written; of months that are no period: the first and the last. */
char *forecast_months_name(struct forecast_months m, uint32_t begins, struct arena *a);
/* Days since 1970. */
int32_t forecast_first_day(struct forecast_months m);
int32_t forecast_last_day(struct forecast_months m);
/* Of yyyy-mm-dd; 0: no day is said. */
uint32_t forecast_month_of(const char *date);
/* yyyy-mm-dd of a day since 1970. */
char *forecast_day_text(int32_t day, struct arena *a);

/* --- decide_quota.c --- */

struct quota_facts {
    uint32_t begins;       /* month of the fiscal year */
    bool owner_is_here;    /* the owner, if one is named, works here */
    Baton__Quota **others; /* those of the same whom and product are among them */
    size_t n_others;
};
/* Whom a quota is for, in one word; any may be NULL. */
char *quota_whom(const char *owner_id, const char *team_id, const char *territory_id, const char *product_id,
                 struct arena *a);
record_check_fn opportunities_check_quota;
/* What the quota says, for when it was so; shares memory with it. */
Baton__QuotaVersion *quota_version(const Baton__Quota *q, struct arena *a);

/* --- decide_forecast_tree.c --- */

enum { FORECAST_NOBODY = -1, FORECAST_TREE_DEPTH = 64 };

struct forecast_person {
    const char *id, *team_id;
    int32_t above;         /* out: their number; FORECAST_NOBODY */
    int32_t below, beside; /* out: the first directly below, and the next below the same; FORECAST_NOBODY */
};
struct forecast_team {
    const char *id, *manager_id, *parent_id;
};
struct forecast_tree {
    struct forecast_person *people; /* sorted by id by forecast_tree_build */
    size_t n_people;
    struct forecast_team *teams; /* likewise */
    size_t n_teams;
    int32_t first; /* out: of those below nobody */
    bool ring;     /* out: some were above one another; it was cut open */
};
/* Whose manager is who: of the team's, or of the next team above whose manager is somebody else. */
void forecast_tree_build(struct forecast_tree *t);
/* FORECAST_NOBODY: not there. */
int32_t forecast_tree_find(const struct forecast_tree *t, const char *user_id);
/* The one directly below `top` (FORECAST_NOBODY: below nobody) in whose part `who` is, `top` itself if it is
   `who`; -2: not below. */
int32_t forecast_tree_part(const struct forecast_tree *t, int32_t who, int32_t top);
/* Whether the team is `top`, or below. */
bool forecast_team_below(const struct forecast_tree *t, const char *team_id, const char *top);

/* --- decide_forecast_item.c --- */

enum { FORECAST_DELTAS_MAX = 6, FORECAST_STAGE_SIZE = 100 };

/* What a change does to the counts that are learned from. */
struct forecast_delta {
    enum forecast_exit exit;
    const char *stage, *to;
    int32_t entered, left;
    bool first;
    int64_t n;
};
struct forecast_deltas {
    struct forecast_delta spells[FORECAST_DELTAS_MAX];
    size_t n;
};
/* What is counted of it from now on; NULL: nothing. `before` may be NULL; in the arena. */
Baton__ForecastItem *forecast_item(const Baton__Opportunity *o, const Baton__ForecastItem *before,
                                   const char *team_id, int32_t step, struct arena *a);
/* Where it went, as counts. Either may be NULL. */
void forecast_item_moved(const Baton__ForecastItem *before, const Baton__ForecastItem *after, int32_t step,
                         struct forecast_deltas *out);
/* Whether its closing is learned from. */
bool forecast_item_closed(const Baton__ForecastItem *item);
/* Adds (1) or takes out (-1) what the item is in its line. */
void forecast_line_count(Baton__ForecastLevel *level, const Baton__ForecastLine *line, int way,
                         struct arena *a);

/* --- decide_forecast_adjust.c --- */

struct forecast_adjust_facts {
    uint32_t begins;
    bool is_here, is_above; /* the one it is about; the caller is above them */
};
decide_fn opportunities_decide_adjust;

#endif
