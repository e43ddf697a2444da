/* Demand plans: warehouses, what is counted of which deal, and how units are drawn. Pure. */
#ifndef BATON_OPPORTUNITIES_DEMAND_H
#define BATON_OPPORTUNITIES_DEMAND_H

#include "baton/v1/demand.pb-c.h"
#include "schema/decide.h"
#include "services/opportunities/forecast.h"

enum {
    DEMAND_MONTHS = 12,
    DEMAND_LINES_MAX = 10000, /* a deal and a product */
    DEMAND_ROWS_MAX = 3000,
    DEMAND_PLANS_MAX = 60, /* kept */
    DEMAND_WAREHOUSES_MAX = 100,
    DEMAND_CHANCE_ONE = 10000,
};

/* --- decide_demand_place.c --- */

struct warehouse_facts {
    Baton__Warehouse **all; /* itself may be among them */
    size_t n;
};
record_check_fn demand_check_warehouse;
/* Which of them serves there; country and region may be NULL. NULL: none does. */
const Baton__Warehouse *demand_warehouse(const struct warehouse_facts *f, const char *country,
                                         const char *region, struct arena *a);

/* --- decide_demand.c --- */

struct demand_line {
    const char *product_id, *warehouse_id; /* "": none */
    uint64_t month;
    int64_t quantity_e4;
    uint32_t deal; /* of the job */
};
/* Lines of one product, month and warehouse. */
struct demand_units {
    uint32_t first, n; /* lines */
    int64_t expected_e4, p10_e4, p50_e4, p90_e4;
};

/* All that a plan is made of, and the plan. */
struct demand_job {
    const char *problem; /* why no plan can be made of it; NULL */
    struct forecast_counts counts;
    struct forecast_period period;
    uint32_t year_month;    /* 0 to 11 */
    const char *const *ids; /* of the deals */
    const struct forecast_deal *deals;
    size_t n_deals;
    struct demand_line *lines;
    size_t n_lines;
    Baton__DemandPlan plan; /* its numbers; no text */
    /* out */
    double *chances;           /* room for one a deal */
    struct demand_units *rows; /* room for one a line */
    size_t n_rows;
};

struct demand_facts {
    Baton__DemandPlan *newest, *oldest; /* NULL: there is none */
    size_t n;                           /* plans that there are */
    uint32_t month;                     /* it is now */
};
/* Whether the request is answered by the plan that there is. */
bool demand_is_made(const Baton__MakeDemandPlanRequest *r, const struct demand_facts *f);
/* c->prepared: a demand_job that is done. */
decide_fn demand_decide_make;

/* --- decide_demand_draw.c --- */

/* In whole 1/10000. */
uint32_t demand_chance(double chance);
/* What such a deal adds to what is expected. */
int64_t demand_expected(int64_t quantity_e4, uint32_t chance_e4);
/* Chances, rows and their units; sorts the lines. */
void demand_draw(struct demand_job *job, struct arena *a);

#endif
