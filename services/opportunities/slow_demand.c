/* A demand plan: the deals and their quotes are gathered on the loop and copied into one piece of memory;
   chances and draws are made of that in another thread. */
#include <stdlib.h>
#include <string.h>

#include "base/country.h"
#include "base/log.h"
#include "base/money.h"
#include "services/opportunities/rows.h"
#include "store/log.h"

enum { QUOTES_MAX = 100 /* of a deal, looked at */, MODEL_SIZE = 512 << 20, ALIGN = 8 };

struct gathering {
    struct load *l;
    struct judging judging;
    const struct warehouse_facts *warehouses;
    struct demand_job job;
    struct forecast_deal *deals;
    const char **ids;
};

/* --- what of a deal counts --- */

/* 1: the quote that was accepted, else the one that is furthest; of several the newest */
static int rank_of(const Baton__Quote *q)
{
    static const int ranks[] = {
        [BATON__QUOTE_STATUS__QUOTE_STATUS_DRAFT] = 1,    [BATON__QUOTE_STATUS__QUOTE_STATUS_IN_APPROVAL] = 2,
        [BATON__QUOTE_STATUS__QUOTE_STATUS_APPROVED] = 3, [BATON__QUOTE_STATUS__QUOTE_STATUS_SENT] = 4,
        [BATON__QUOTE_STATUS__QUOTE_STATUS_ACCEPTED] = 5,
    };
    return q->status < sizeof ranks / sizeof *ranks ? ranks[q->status] : 0;
}

static const Baton__Quote *quote_of(struct load *l, const char *opportunity_id)
{
    struct table_scan scan;
    const Baton__Quote *q, *best = NULL;
    if (!table_scan_open(&scan, l->txn, OPPORTUNITIES_QUOTE, "opportunity_id", opportunity_id, NULL, true))
        return NULL;
    for (size_t i = 0; i < QUOTES_MAX && (q = table_scan_next(&scan, l->arena)); i++)
        if (q->n_lines && rank_of(q) > (best ? rank_of(best) : 0))
            best = q;
    table_scan_close(&scan);
    return best;
}

static const char *warehouse_of(struct gathering *g, const Baton__Quote *q)
{
    struct arena *a = g->l->arena;
    const Baton__QuoteHead *h = q->head;
    const char *country = h && h->country ? h->country : h && h->address ? h->address->country : NULL;
    const Baton__Warehouse *w =
        demand_warehouse(g->warehouses, country_of(country, a), h ? h->region : NULL, a);
    return w ? w->id : "";
}

/* 2: what stands twice in a quote is one line */
static bool add_line(struct gathering *g, size_t from, struct demand_line line)
{
    struct demand_job *job = &g->job;
    for (size_t i = from; i < job->n_lines; i++)
        if (strcmp(job->lines[i].product_id, line.product_id) == 0) {
            const int64_t sum = job->lines[i].quantity_e4 + line.quantity_e4;
            job->lines[i].quantity_e4 = sum < QUANTITY_MAX ? sum : QUANTITY_MAX;
            return true;
        }
    if (job->n_lines == DEMAND_LINES_MAX)
        return false;
    job->lines[job->n_lines++] = line;
    return true;
}

static bool add_deal(struct gathering *g, const struct open_deal *d)
{
    struct demand_job *job = &g->job;
    const Baton__Quote *q = quote_of(g->l, d->o->id);
    const uint32_t first = job->plan.first_month, month = forecast_month_of(d->o->close_date);
    const size_t from = job->n_lines;
    bool fits = true;
    /* 3: without a quote, a day, or within the plan, it is only counted */
    if (!q || !month || month >= first + job->plan.months) {
        job->plan.unquoted += !q;
        job->plan.undated += q && !month;
        job->plan.later += q && month;
        return true;
    }
    for (size_t i = 0; fits && i < q->n_lines; i++)
        if (q->lines[i]->product_id && q->lines[i]->quantity_e4 > 0)
            fits = add_line(g, from,
                            (struct demand_line){.product_id = q->lines[i]->product_id,
                                                 .warehouse_id = warehouse_of(g, q),
                                                 .month = month < first ? first : month, /* 4: overdue */
                                                 .quantity_e4 = q->lines[i]->quantity_e4,
                                                 .deal = (uint32_t)job->n_deals});
    g->ids[job->n_deals] = d->o->id;
    g->deals[job->n_deals++] = d->deal;
    return fits;
}

static int by_id(const void *x, const void *y)
{
    return strcmp(((const struct open_deal *)x)->o->id, ((const struct open_deal *)y)->o->id);
}

static const char *gather(struct gathering *g)
{
    struct judging *j = &g->judging;
    if (!opportunities_judging_deals(j))
        return "more deals are open than a plan is made of (10,000)";
    if (j->n)
        qsort(j->deals, j->n, sizeof *j->deals, by_id);
    g->deals = ARENA_ARRAY(g->l->arena, struct forecast_deal, j->n);
    g->ids = ARENA_ARRAY(g->l->arena, const char *, j->n);
    g->job.lines = ARENA_ARRAY(g->l->arena, struct demand_line, DEMAND_LINES_MAX);
    for (size_t i = 0; i < j->n; i++)
        if (!add_deal(g, &j->deals[i]))
            return "the quotes of open deals have more lines than a plan is made of (10,000)";
    g->job.counts = j->counts;
    g->job.deals = g->deals;
    g->job.ids = g->ids;
    return NULL;
}

/* --- into one piece --- */

/* Without memory it only counts how much is needed. */
struct piece {
    uint8_t *memory;
    size_t used;
};

static void *put(struct piece *p, const void *data, size_t size)
{
    uint8_t *at = p->memory ? p->memory + p->used : NULL;
    if (at && data)
        memcpy(at, data, size);
    p->used += (size + ALIGN - 1) / ALIGN * ALIGN;
    return at;
}

static const char *put_text(struct piece *p, const char *text)
{
    return text ? put(p, text, strlen(text) + 1) : NULL;
}

static void put_counts(struct piece *p, const struct forecast_counts *from, struct forecast_counts *to)
{
    struct forecast_outcome *outcomes = put(p, from->outcomes, from->n_outcomes * sizeof *from->outcomes);
    to->spells = put(p, from->spells, from->n_spells * sizeof *from->spells);
    to->outcomes = outcomes;
    for (size_t i = 0; i < from->n_outcomes; i++) {
        const char *id = put_text(p, from->outcomes[i].id);
        if (outcomes)
            outcomes[i].id = id;
    }
}

static void put_deals(struct piece *p, const struct demand_job *from, struct demand_job *to)
{
    struct forecast_deal *deals = put(p, from->deals, from->n_deals * sizeof *from->deals);
    const char **ids = put(p, from->ids, from->n_deals * sizeof *from->ids);
    for (size_t i = 0; i < from->n_deals; i++) {
        const char *id = put_text(p, from->ids[i]), *owner = put_text(p, from->deals[i].owner);
        const char *team = put_text(p, from->deals[i].team), *product = put_text(p, from->deals[i].product);
        if (!deals)
            continue;
        ids[i] = id;
        deals[i].owner = owner;
        deals[i].team = team;
        deals[i].product = product;
    }
    to->deals = deals;
    to->ids = ids;
    to->chances = put(p, NULL, from->n_deals * sizeof *from->chances);
}

static void put_lines(struct piece *p, const struct demand_job *from, struct demand_job *to)
{
    struct demand_line *lines = put(p, from->lines, from->n_lines * sizeof *from->lines);
    for (size_t i = 0; i < from->n_lines; i++) {
        const char *product_id = put_text(p, from->lines[i].product_id);
        const char *warehouse_id = put_text(p, from->lines[i].warehouse_id);
        if (!lines)
            continue;
        lines[i].product_id = product_id;
        lines[i].warehouse_id = warehouse_id;
    }
    to->lines = lines;
    to->rows = put(p, NULL, from->n_lines * sizeof *from->rows);
}

static void put_job(struct piece *p, const struct demand_job *from)
{
    struct demand_job scratch = *from, *to = put(p, from, sizeof *from);
    to = to ? to : &scratch;
    put_counts(p, &from->counts, &to->counts);
    put_deals(p, from, to);
    put_lines(p, from, to);
}

/* --- the plan's frame --- */

static void frame(struct gathering *g, const Baton__MakeDemandPlanRequest *r, uint32_t month)
{
    Baton__DemandPlan *p = &g->job.plan;
    baton__demand_plan__init(p);
    p->has_first_month = p->has_months = p->has_seed = p->has_runs = p->has_unquoted = p->has_undated =
        p->has_later = p->has_seq = true;
    p->first_month = month;
    p->months = r->months ? r->months : DEMAND_MONTHS;
    p->seed = r->has_seed ? r->seed : (uint64_t)g->l->now_us;
    p->runs = FORECAST_RUNS;
    p->seq = log_newest(g->l->txn);
    p->has_monthly = p->monthly = r->monthly;
    g->job.year_month = g->judging.ask.begins - 1;
    g->job.period = (struct forecast_period){opportunities_local_day(g->l),
                                             forecast_first_day((struct forecast_months){month, 1}),
                                             forecast_last_day((struct forecast_months){month, p->months})};
}

static void *load_plan(struct load *l, const struct command *c)
{
    const Baton__MakeDemandPlanRequest *r = (const Baton__MakeDemandPlanRequest *)c->request;
    const struct demand_facts *f = opportunities_load_demand(l, c);
    struct gathering g = {.l = l, .warehouses = opportunities_load_warehouse(l, c)};
    struct piece piece = {0};
    if (demand_is_made(r, f))
        return NULL;
    g.judging.l = l;
    g.judging.ask = (struct forecast_ask){.begins = opportunities_fiscal_month(l),
                                          .tree = opportunities_tree(l, l->now_us),
                                          .top = FORECAST_NOBODY};
    frame(&g, r, f->month);
    opportunities_judging_counts(&g.judging);
    g.job.problem = gather(&g);
    if (g.job.problem)
        g.job.n_deals = g.job.n_lines = 0;
    put_job(&piece, &g.job);
    piece = (struct piece){.memory = calloc(1, piece.used)};
    if (piece.memory) {
        put_job(&piece, &g.job);
        log_info("demand", "a plan of %u months from %u on is drawn: %zu deals, seed %llu, %d draws",
                 g.job.plan.months, f->month, g.job.n_deals, (unsigned long long)g.job.plan.seed,
                 FORECAST_RUNS);
    }
    return piece.memory;
}

static void work(void *memory)
{
    struct demand_job *job = memory;
    struct arena *a = arena_new(MODEL_SIZE);
    if (!job->problem)
        demand_draw(job, a);
    arena_free(a);
}

const struct slow_part opportunities_slow_demand = {.load = load_plan, .work = work};
