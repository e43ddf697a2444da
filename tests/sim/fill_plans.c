/* Requests about plans and their templates. */
#include "baton/v1/contacts.pb-c.h"
#include "baton/v1/documents.pb-c.h"
#include "baton/v1/opportunities.pb-c.h"
#include "sim/fill.h"

enum { STEPS = 4, DAYS = 8 };

static char *const stages[] = {"prospecting", "qualification", "needs_analysis",
                               "proposal",    "negotiation",   "closed_won"};
static char *keys[STEPS] = {"first", "second", "third", "fourth"};

static Baton__PlanTemplateStep *step(size_t i, uint64_t *random, struct arena *arena)
{
    Baton__PlanTemplateStep *x = ARENA_NEW(arena, Baton__PlanTemplateStep);
    baton__plan_template_step__init(x);
    x->key = x->title = keys[i];
    x->has_who = true;
    x->who = (Baton__PlanWho)sim_below(random, BATON__PLAN_WHO__PLAN_WHO_MANAGER + 1);
    x->has_due_days = sim_below(random, 4) > 0;
    x->due_days = x->has_due_days ? (uint32_t)sim_below(random, DAYS) : 0;
    x->depends_on = &keys[i ? sim_below(random, i) : 0];
    x->n_depends_on = i ? sim_below(random, 2) : 0;
    x->has_evidence = true;
    x->evidence = (Baton__PlanEvidence)sim_below(random, BATON__PLAN_EVIDENCE__PLAN_EVIDENCE_DEAL_WON + 1);
    x->has_document_type = true;
    x->document_type = sim_below(random, 2) ? BATON__DOCUMENT_TYPE__DOCUMENT_TYPE_CONTRACT
                                            : BATON__DOCUMENT_TYPE__DOCUMENT_TYPE_NDA;
    x->stage_key = stages[sim_below(random, sizeof stages / sizeof *stages)];
    x->opportunity_field = "next_step";
    return x;
}

static Baton__PlanTemplateStep **steps(size_t *n, uint64_t *random, struct arena *arena)
{
    Baton__PlanTemplateStep **all = ARENA_ARRAY(arena, Baton__PlanTemplateStep *, STEPS);
    *n = 1 + sim_below(random, STEPS);
    for (size_t i = 0; i < *n; i++)
        all[i] = step(i, random, arena);
    return all;
}

bool fill_plan_template(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__PlanTemplate t = BATON__PLAN_TEMPLATE__INIT;
    t.name = arena_printf(arena, "Template %u", (unsigned)sim_below(random, 50));
    t.situation = sim_below(random, 3) ? NULL : "renewal";
    t.start_stage_key = sim_below(random, 2) ? stages[sim_below(random, 2)] : NULL;
    t.steps = steps(&t.n_steps, random, arena);
    return fill_create(a, "opportunities", &t.base, arena);
}

bool fill_start_plan(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__StartPlanRequest q = BATON__START_PLAN_REQUEST__INIT;
    q.request_id = a->id;
    q.account_id = sim_below(random, 3) ? NULL : fill_drawn(sim, KNOWN_ACCOUNT, random);
    q.opportunity_id = q.account_id ? NULL : fill_drawn(sim, KNOWN_OPPORTUNITY, random);
    q.template_id = sim_below(random, 2) ? fill_drawn(sim, KNOWN_PLAN_TEMPLATE, random) : NULL;
    q.name = q.account_id ? "Their year" : NULL;
    if (!q.opportunity_id && !q.account_id)
        return false;
    if (!q.template_id)
        q.steps = steps(&q.n_steps, random, arena);
    fill_command(a, "opportunities", "PlanService/StartPlan", &q, arena);
    return true;
}

bool fill_complete_step(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__CompleteStepRequest q = BATON__COMPLETE_STEP_REQUEST__INIT;
    q.request_id = a->id;
    q.plan_id = fill_drawn(sim, KNOWN_PLAN, random);
    q.step_key = keys[sim_below(random, STEPS)];
    if (!q.plan_id)
        return false;
    fill_command(a, "opportunities", "PlanService/CompleteStep", &q, arena);
    return true;
}

bool fill_skip_step(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__SkipStepRequest q = BATON__SKIP_STEP_REQUEST__INIT;
    q.request_id = a->id;
    q.plan_id = fill_drawn(sim, KNOWN_PLAN, random);
    q.step_key = keys[sim_below(random, STEPS)];
    q.reason = "They know us";
    if (!q.plan_id)
        return false;
    fill_command(a, "opportunities", "PlanService/SkipStep", &q, arena);
    return true;
}

bool fill_reopen_step(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__ReopenStepRequest q = BATON__REOPEN_STEP_REQUEST__INIT;
    q.request_id = a->id;
    q.plan_id = fill_drawn(sim, KNOWN_PLAN, random);
    q.step_key = keys[sim_below(random, STEPS)];
    if (!q.plan_id)
        return false;
    fill_command(a, "opportunities", "PlanService/ReopenStep", &q, arena);
    return true;
}

bool fill_abandon_plan(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__AbandonPlanRequest q = BATON__ABANDON_PLAN_REQUEST__INIT;
    q.request_id = a->id;
    q.plan_id = fill_drawn(sim, KNOWN_PLAN, random);
    q.reason = "It went another way";
    if (!q.plan_id)
        return false;
    fill_command(a, "opportunities", "PlanService/AbandonPlan", &q, arena);
    return true;
}

bool fill_list_plans(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__ListPlansRequest q = BATON__LIST_PLANS_REQUEST__INIT;
    q.owner_id = sim_below(random, 2) ? fill_drawn(sim, KNOWN_USER, random) : NULL;
    q.has_page_size = true;
    q.page_size = 1 + (uint32_t)sim_below(random, 5);
    fill_query(a, "opportunities", "PlanService/ListPlans", &q, arena);
    return true;
}

bool fill_deal_meeting(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Activity m = BATON__ACTIVITY__INIT;
    m.subject = "They have met.";
    m.opportunity_id = fill_drawn(sim, KNOWN_OPPORTUNITY, random);
    m.account_id = sim_below(random, 2) ? NULL : fill_drawn(sim, KNOWN_ACCOUNT, random);
    m.owner_id = fill_drawn(sim, KNOWN_USER, random);
    m.has_kind = m.has_status = true;
    m.kind = BATON__ACTIVITY_KIND__ACTIVITY_KIND_MEETING;
    m.status = BATON__ACTIVITY_STATUS__ACTIVITY_STATUS_DONE;
    return m.opportunity_id && fill_create(a, "contacts", &m.base, arena);
}

/* Of any activity: it was held, or was not. */
bool fill_turn_meeting(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Activity m = BATON__ACTIVITY__INIT;
    m.id = fill_drawn(sim, KNOWN_ACTIVITY, random);
    m.has_status = true;
    m.status = sim_below(random, 2) ? BATON__ACTIVITY_STATUS__ACTIVITY_STATUS_DONE
                                    : BATON__ACTIVITY_STATUS__ACTIVITY_STATUS_CANCELED;
    return m.id && fill_change(a, "contacts", &m.base, arena);
}
