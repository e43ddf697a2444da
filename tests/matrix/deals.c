/* Opportunities of the company, with what is about them: shares and plans. */
#include "baton/v1/opportunities.pb-c.h"
#include "matrix/internal.h"

const char *company_opportunity_of(struct company *c, const char *owner_id)
{
    Baton__Opportunity o = BATON__OPPORTUNITY__INIT;
    char *id = arena_alloc(c->arena, COMPANY_ID_SIZE);
    o.name = arena_printf(c->arena, "Opportunity %u", company_number(c));
    o.owner_id = (char *)(uintptr_t)owner_id;
    company_create(c, &o.base, id);
    return id;
}

/* Of an opportunity of theirs. */
void company_deal_share(struct company *c, const struct kind *k, const struct person *owner,
                        char id[COMPANY_ID_SIZE])
{
    struct pair *p = &c->pairs[c->n_pairs++ % PAIRS_KEPT];
    Baton__OpportunityShare s = BATON__OPPORTUNITY_SHARE__INIT;
    company_keep_id(p->twin, company_opportunity_of(c, owner->id));
    s.record_id = p->twin;
    s.user_id = c->deputy.id;
    s.has_level = true;
    s.level = BATON__SHARE_LEVEL__SHARE_LEVEL_READ;
    company_create(c, &s.base, id);
    company_keep_id(p->id, id);
}

void company_plan(struct company *c, const struct kind *k, const struct person *owner,
                  char id[COMPANY_ID_SIZE])
{
    Baton__StartPlanRequest q = BATON__START_PLAN_REQUEST__INIT;
    Baton__PlanTemplateStep first = BATON__PLAN_TEMPLATE_STEP__INIT, *steps[] = {&first};
    first.key = first.title = (char *)"first";
    q.opportunity_id = (char *)(uintptr_t)company_opportunity_of(c, owner->id);
    q.steps = steps;
    q.n_steps = 1;
    Baton__StartPlanResponse *made = company_must(c, &c->boss.actor, "PlanService/StartPlan", &q);
    company_keep_id(id, made->plan->id);
}

void company_customer_plan(struct company *c, const struct kind *k, const struct person *owner,
                           char id[COMPANY_ID_SIZE])
{
    Baton__StartPlanRequest q = BATON__START_PLAN_REQUEST__INIT;
    Baton__PlanTemplateStep first = BATON__PLAN_TEMPLATE_STEP__INIT, *steps[] = {&first};
    first.key = first.title = q.name = (char *)"first";
    q.account_id = (char *)(uintptr_t)company_account_of(c, owner->id);
    q.steps = steps;
    q.n_steps = 1;
    Baton__StartPlanResponse *made = company_must(c, &c->boss.actor, "PlanService/StartPlan", &q);
    company_keep_id(id, made->plan->id);
}
