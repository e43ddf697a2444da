/* What was drawn becomes a plan that is kept. */
#include <string.h>

#include "services/opportunities/demand.h"

bool demand_is_made(const Baton__MakeDemandPlanRequest *r, const struct demand_facts *f)
{
    return r->monthly && f->newest && f->newest->monthly && f->newest->first_month == f->month;
}

static Baton__DemandRow *row_of(const struct demand_job *job, const struct demand_units *u, char *plan_id,
                                struct arena *a)
{
    Baton__DemandRow *row = ARENA_NEW(a, Baton__DemandRow);
    const struct demand_line *lines = &job->lines[u->first];
    baton__demand_row__init(row);
    row->plan_id = plan_id;
    row->product_id = arena_strdup(a, lines->product_id);
    row->has_month = row->has_expected_e4 = row->has_p10_e4 = row->has_p50_e4 = row->has_p90_e4 = true;
    row->month = lines->month;
    row->warehouse_id = arena_strdup(a, lines->warehouse_id);
    row->expected_e4 = u->expected_e4;
    row->p10_e4 = u->p10_e4;
    row->p50_e4 = u->p50_e4;
    row->p90_e4 = u->p90_e4;
    row->deals = ARENA_ARRAY(a, Baton__DemandDeal *, u->n);
    for (; row->n_deals < u->n; row->n_deals++) {
        const struct demand_line *line = &lines[row->n_deals];
        Baton__DemandDeal *d = row->deals[row->n_deals] = ARENA_NEW(a, Baton__DemandDeal);
        baton__demand_deal__init(d);
        d->opportunity_id = arena_strdup(a, job->ids[line->deal]);
        d->has_quantity_e4 = d->has_chance_e4 = true;
        d->quantity_e4 = line->quantity_e4;
        d->chance_e4 = demand_chance(job->chances[line->deal]);
    }
    return row;
}

static Baton__DemandPlan *plan_of(const struct demand_facts *f, const struct demand_job *job, struct stamp *s)
{
    Baton__DemandPlan *p = ARENA_NEW(s->arena, Baton__DemandPlan);
    *p = job->plan;
    p->id = stamp_id(s);
    p->made_at = timestamp_of(s->arena, s->now_us);
    p->made_by_id = s->actor->user_id;
    p->has_rows = p->has_deals = true;
    p->rows = (uint32_t)job->n_rows;
    p->deals = (uint32_t)job->n_deals;
    p->previous_id = f->newest ? f->newest->id : NULL;
    return p;
}

/* 2: why no plan comes of it */
static bool check_job(const struct demand_job *job, struct refusal *no)
{
    if (!job)
        return refuse(no, REFUSAL_RESOURCE_EXHAUSTED, NULL, "there is no memory for a plan now");
    if (job->problem)
        return refuse(no, REFUSAL_FAILED_PRECONDITION, NULL, "%s", job->problem);
    return job->n_rows <= DEMAND_ROWS_MAX ||
           refuse(no, REFUSAL_FAILED_PRECONDITION, "months",
                  "it would have %zu rows, and a plan has %d at most; ask for fewer months", job->n_rows,
                  DEMAND_ROWS_MAX);
}

bool demand_decide_make(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct demand_facts *f = facts;
    const struct demand_job *job = c->prepared;
    Baton__MakeDemandPlanResponse *reply = ARENA_NEW(s->arena, Baton__MakeDemandPlanResponse);
    baton__make_demand_plan_response__init(reply);
    out->reply = &reply->base;
    /* 1: whoever asks for the month's gets the one there is */
    if (demand_is_made((const Baton__MakeDemandPlanRequest *)c->request, f)) {
        reply->plan = f->newest;
        return true;
    }
    if (!check_job(job, &out->no))
        return false;
    Baton__DemandPlanMade *e = ARENA_NEW(s->arena, Baton__DemandPlanMade);
    baton__demand_plan_made__init(e);
    e->plan = reply->plan = plan_of(f, job, s);
    e->rows = ARENA_ARRAY(s->arena, Baton__DemandRow *, job->n_rows);
    for (; e->n_rows < job->n_rows; e->n_rows++)
        e->rows[e->n_rows] = row_of(job, &job->rows[e->n_rows], e->plan->id, s->arena);
    /* 3: the oldest goes where there would be too many */
    e->dropped_id = f->n >= DEMAND_PLANS_MAX ? f->oldest->id : NULL;
    outcome_event(out, e);
    return true;
}
