/* How many units a row may come to, by drawing often which of its deals are won. */
#include <stdlib.h>
#include <string.h>

#include "services/opportunities/demand.h"
#include "services/opportunities/forecast_model.h"

uint32_t demand_chance(double chance)
{
    return (uint32_t)(chance * DEMAND_CHANCE_ONE + 0.5);
}

/* A quantity is at most 10^13, so the product fits. */
int64_t demand_expected(int64_t quantity_e4, uint32_t chance_e4)
{
    return (quantity_e4 * (int64_t)chance_e4 + DEMAND_CHANCE_ONE / 2) / DEMAND_CHANCE_ONE;
}

static int by_place(const void *x, const void *y)
{
    const struct demand_line *a = x, *b = y;
    int order = strcmp(a->product_id, b->product_id);
    if (order == 0)
        order = a->month < b->month ? -1 : a->month > b->month;
    if (order == 0)
        order = strcmp(a->warehouse_id, b->warehouse_id);
    return order ? order : a->deal < b->deal ? -1 : a->deal > b->deal;
}

static bool same_row(const struct demand_line *a, const struct demand_line *b)
{
    return a->month == b->month && strcmp(a->product_id, b->product_id) == 0 &&
           strcmp(a->warehouse_id, b->warehouse_id) == 0;
}

/* 1: lines of one product, month and warehouse are a row */
static void make_rows(struct demand_job *job)
{
    if (job->n_lines)
        qsort(job->lines, job->n_lines, sizeof *job->lines, by_place);
    for (size_t i = 0; i < job->n_lines; i++) {
        if (i == 0 || !same_row(&job->lines[i - 1], &job->lines[i]))
            job->rows[job->n_rows++] = (struct demand_units){.first = (uint32_t)i};
        job->rows[job->n_rows - 1].n++;
    }
}

/* 2: a deal is drawn by its id: in all rows it is won or in none, and in the next plan likewise */
static uint64_t state_of(const char *id, uint64_t seed)
{
    uint64_t state = seed;
    for (const char *p = id; *p; p++)
        state = (state ^ (uint8_t)*p) * UINT64_C(1099511628211);
    return state;
}

static int by_units(const void *x, const void *y)
{
    const int64_t *a = x, *b = y;
    return *a < *b ? -1 : *a > *b;
}

static void draw_row(const struct demand_job *job, const double *by, int64_t *totals, struct demand_units *u)
{
    memset(totals, 0, FORECAST_RUNS * sizeof *totals);
    for (uint32_t i = 0; i < u->n; i++) {
        const struct demand_line *line = &job->lines[u->first + i];
        const double wins = job->chances[line->deal];
        uint64_t state = state_of(job->ids[line->deal], job->plan.seed);
        /* 4: expected is quantity by chance, deal by deal */
        u->expected_e4 += demand_expected(line->quantity_e4, demand_chance(wins));
        for (size_t k = 0; k < FORECAST_RUNS; k++)
            if (forecast_uniform(&state) < forecast_moved(wins, by[k]))
                totals[k] += line->quantity_e4;
    }
    qsort(totals, FORECAST_RUNS, sizeof *totals, by_units);
    u->p10_e4 = totals[FORECAST_RUNS / 10];
    u->p50_e4 = totals[FORECAST_RUNS / 2];
    u->p90_e4 = totals[FORECAST_RUNS - FORECAST_RUNS / 10];
}

void demand_draw(struct demand_job *job, struct arena *a)
{
    const int32_t now = forecast_step(job->period.today);
    const struct forecast_model *m = forecast_learn(&job->counts, now, job->year_month, a);
    const struct forecast_outlook *o = forecast_look(m, &job->period, a);
    double *by = ARENA_ARRAY(a, double, FORECAST_RUNS);
    int64_t *totals = ARENA_ARRAY(a, int64_t, FORECAST_RUNS);
    uint64_t state = job->plan.seed;
    /* 3: unrest moves the odds of all deals of a run together */
    for (size_t i = 0; i < FORECAST_RUNS; i++)
        by[i] = forecast_growth(forecast_normal(&state) * m->unrest);
    for (size_t i = 0; i < job->n_deals; i++)
        job->chances[i] = forecast_chance(o, &job->deals[i]).wins;
    make_rows(job);
    for (size_t i = 0; i < job->n_rows && job->n_rows <= DEMAND_ROWS_MAX; i++)
        draw_row(job, by, totals, &job->rows[i]);
    job->plan.has_unlearned = true;
    job->plan.unlearned = !forecast_knows(m);
}
