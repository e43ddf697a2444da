/* How far plans are: one of them, and all that the caller may see on one page. */
#include <string.h>

#include "services/opportunities/plan.h"
#include "services/opportunities/rows.h"

enum { PAGE_DEFAULT = 50, PAGE_MAX = 200, LOOK_MAX = 2000 };

#define STATE(NAME) BATON__PLAN_STATE__PLAN_STATE_##NAME

struct plans {
    struct load *l;
    const Baton__Actor *actor;
    const Baton__ListPlansRequest *q;
};

static bool same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

bool opportunities_query_plan(struct load *l, const struct command *c, ProtobufCMessage **reply,
                              struct refusal *no)
{
    const Baton__GetPlanRequest *q = (const Baton__GetPlanRequest *)c->request;
    Baton__Plan *p = table_get_id(l->txn, OPPORTUNITIES_PLAN, q->plan_id, l->arena);
    if (!p || !records_may_read(l, OPPORTUNITIES_PLAN, &p->base, c->actor))
        return refuse(no, REFUSAL_NOT_FOUND, "plan_id", "there is no such plan");
    Baton__GetPlanResponse *out = ARENA_NEW(l->arena, Baton__GetPlanResponse);
    baton__get_plan_response__init(out);
    out->plan = p;
    *reply = &out->base;
    return true;
}

/* --- all of them --- */

static bool is_of_team(const struct plans *x, const char *owner_id)
{
    const Baton__User *u = table_get_id(x->l->txn, OPPORTUNITIES_USER, owner_id, x->l->arena);
    return u && opportunities_is_below(x->l, u->team_id, x->q->team_id);
}

static bool is_wanted(const struct plans *x, const Baton__Plan *p)
{
    const Baton__ListPlansRequest *q = x->q;
    return (!q->opportunity_id || same(p->opportunity_id, q->opportunity_id)) &&
           (!q->account_id || same(p->account_id, q->account_id)) &&
           (!q->owner_id || same(p->owner_id, q->owner_id)) &&
           (!q->template_id || same(p->template_id, q->template_id)) && (!q->state || p->state == q->state) &&
           (!q->team_id || is_of_team(x, p->owner_id)) &&
           records_may_read(x->l, OPPORTUNITIES_PLAN, &p->base, x->actor);
}

/* By what few plans have in common, where that is asked for. */
static bool plans_open(const struct plans *x, struct table_scan *scan, const char *token)
{
    const Baton__ListPlansRequest *q = x->q;
    const char *field = q->opportunity_id ? "opportunity_id"
                        : q->account_id   ? "account_id"
                        : q->owner_id     ? "owner_id"
                        : q->template_id  ? "template_id"
                                          : NULL;
    return table_scan_open(scan, x->l->txn, OPPORTUNITIES_PLAN, field,
                           field ? schema_get_text(&q->base, field) : NULL, token, true);
}

static uint32_t late_steps(const Baton__Plan *p, int64_t now_us)
{
    uint32_t n = 0;
    for (size_t i = 0; i < p->n_steps; i++)
        n += plan_step_is_open(p->steps[i]) && p->steps[i]->due_at &&
             timestamp_us(p->steps[i]->due_at) <= now_us;
    return p->state == STATE(ACTIVE) ? n : 0;
}

/* The open step with the nearest day; without any day the first that nothing keeps. */
static const Baton__PlanStep *next_step(const Baton__Plan *p)
{
    const Baton__PlanStep *next = NULL;
    for (size_t i = 0; i < p->n_steps; i++) {
        const Baton__PlanStep *step = p->steps[i];
        if (!plan_step_is_open(step) || !plan_step_is_due(p, step))
            continue;
        if (!next ||
            (step->due_at && (!next->due_at || timestamp_us(step->due_at) < timestamp_us(next->due_at))))
            next = step;
    }
    return p->state == STATE(ACTIVE) ? next : NULL;
}

static Baton__PlanProgress *progress_of(const struct plans *x, const Baton__Plan *p)
{
    Baton__PlanProgress *row = ARENA_NEW(x->l->arena, Baton__PlanProgress);
    const Baton__Opportunity *o =
        table_get_id(x->l->txn, OPPORTUNITIES_OPPORTUNITY, p->opportunity_id, x->l->arena);
    const Baton__PlanStep *next = next_step(p);
    baton__plan_progress__init(row);
    row->plan_id = p->id;
    row->name = p->name;
    row->opportunity_id = p->opportunity_id;
    row->opportunity_name = o ? o->name : NULL;
    row->account_id = p->account_id;
    row->owner_id = p->owner_id;
    row->template_id = p->template_id;
    row->has_state = row->has_steps = row->has_closed_steps = row->has_late_steps = true;
    row->state = p->state;
    row->steps = (uint32_t)p->n_steps;
    row->closed_steps = p->closed_steps;
    row->late_steps = late_steps(p, x->l->now_us);
    row->next_title = next ? next->title : NULL;
    row->next_due_at = next ? next->due_at : NULL;
    return row;
}

static void add(const struct plans *x, const Baton__Plan *p, Baton__PlanTotals *t)
{
    t->plans++;
    t->active_plans += p->state == STATE(ACTIVE);
    t->done_plans += p->state == STATE(DONE);
    if (p->state == STATE(ABANDONED))
        return;
    t->steps += p->n_steps;
    t->closed_steps += p->closed_steps;
    t->late_steps += late_steps(p, x->l->now_us);
}

static Baton__PlanTotals *totals_of(const struct plans *x, bool *cut)
{
    struct table_scan scan;
    const Baton__Plan *p = NULL;
    Baton__PlanTotals *t = ARENA_NEW(x->l->arena, Baton__PlanTotals);
    baton__plan_totals__init(t);
    t->has_plans = t->has_active_plans = t->has_done_plans = true;
    t->has_steps = t->has_closed_steps = t->has_late_steps = true;
    if (!plans_open(x, &scan, NULL))
        return t;
    for (int looked = 0; looked < LOOK_MAX && (p = table_scan_next(&scan, x->l->arena)); looked++)
        if (is_wanted(x, p))
            add(x, p, t);
    *cut = p && table_scan_next(&scan, x->l->arena);
    table_scan_close(&scan);
    return t;
}

bool opportunities_query_plans(struct load *l, const struct command *c, ProtobufCMessage **reply,
                               struct refusal *no)
{
    const Baton__ListPlansRequest *q = (const Baton__ListPlansRequest *)c->request;
    const struct plans x = {l, c->actor, q};
    const size_t most = !q->page_size ? PAGE_DEFAULT : q->page_size < PAGE_MAX ? q->page_size : PAGE_MAX;
    struct table_scan scan;
    const Baton__Plan *p = NULL;
    if (!plans_open(&x, &scan, q->page_token))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "page_token", "this is no page token");
    Baton__ListPlansResponse *out = ARENA_NEW(l->arena, Baton__ListPlansResponse);
    baton__list_plans_response__init(out);
    out->plans = ARENA_ARRAY(l->arena, Baton__PlanProgress *, most);
    for (int looked = 0; out->n_plans < most && looked < LOOK_MAX && (p = table_scan_next(&scan, l->arena));
         looked++)
        if (is_wanted(&x, p))
            out->plans[out->n_plans++] = progress_of(&x, p);
    if (p)
        out->next_page_token = table_scan_token(&scan, l->arena);
    table_scan_close(&scan);
    bool cut = false;
    if (!q->page_token)
        out->totals = totals_of(&x, &cut);
    out->has_cut = true;
    out->cut = cut;
    *reply = &out->base;
    return true;
}
