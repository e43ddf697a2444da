/* Steps whose day is over are made known: to whoever has them, and later to a manager. */
#include <string.h>

#include "services/opportunities/opportunities.h"
#include "services/opportunities/plan.h"

#define NEWS(NAME) BATON__OPPORTUNITY_NEWS_KIND__OPPORTUNITY_NEWS_KIND_##NAME

static int64_t sooner(int64_t a, int64_t b)
{
    return !a || (b && b < a) ? b : a;
}

int64_t plan_next_due(const Baton__Plan *p)
{
    int64_t next_us = 0;
    for (size_t i = 0; p->state == BATON__PLAN_STATE__PLAN_STATE_ACTIVE && i < p->n_steps; i++) {
        const Baton__PlanStep *step = p->steps[i];
        if (!plan_step_is_open(step))
            continue;
        if (!step->late_at)
            next_us = sooner(next_us, timestamp_us(step->due_at));
        next_us = sooner(next_us, timestamp_us(step->escalate_at));
    }
    return next_us;
}

static void tell_one(Baton__OpportunityNewsKind kind, const Baton__Opportunity *o, const Baton__Plan *p,
                     const Baton__PlanStep *step, const char *user_id, struct outcome *out)
{
    Baton__OpportunityNews *e = ARENA_NEW(out->arena, Baton__OpportunityNews);
    if (!user_id || (!o && !p->account_id))
        return;
    baton__opportunity_news__init(e);
    e->opportunity_id = p->opportunity_id;
    e->account_id = p->account_id;
    e->has_kind = true;
    e->kind = kind;
    e->name = o ? o->name : p->name;
    e->step_title = step->title;
    e->user_ids = ARENA_ARRAY(out->arena, char *, 1);
    e->user_ids[e->n_user_ids++] = arena_strdup(out->arena, user_id);
    outcome_event(out, e);
}

void plan_tell_closed(const struct opportunities_people *people, const Baton__Opportunity *o,
                      const Baton__Plan *p, const Baton__PlanStep *step, struct outcome *out)
{
    if (p->account_id) {
        const bool by_owner = p->owner_id && people->user_id && strcmp(p->owner_id, people->user_id) == 0;
        tell_one(NEWS(STEP_CLOSED), NULL, p, step, by_owner ? NULL : p->owner_id, out);
        return;
    }
    Baton__OpportunityNews *e = o ? opportunities_tell(people, NEWS(STEP_CLOSED), o, NULL, out) : NULL;
    if (e)
        e->step_title = step->title;
}

bool plan_decide_late(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct plan_late_facts *f = facts;
    Baton__Plan *p = (Baton__Plan *)schema_copy(c->request, s->arena);
    for (size_t i = 0; i < p->n_steps; i++) {
        Baton__PlanStep *step = p->steps[i];
        if (!plan_step_is_open(step))
            continue;
        /* 1: once, whoever has the step, or the owner where they have left */
        if (step->due_at && !step->late_at && timestamp_us(step->due_at) <= s->now_us) {
            step->late_at = timestamp_of(s->arena, s->now_us);
            step->escalate_at = timestamp_of(s->arena, f->second_us);
            tell_one(NEWS(STEP_LATE), f->opportunity, p, step,
                     f->assignees[i] ? f->assignees[i] : p->owner_id, out);
        } else if (step->escalate_at && timestamp_us(step->escalate_at) <= s->now_us) {
            /* 2: and where it is still open after two more working days, the owner's manager, once */
            step->escalate_at = NULL;
            tell_one(NEWS(STEP_ESCALATED), f->opportunity, p, step, f->manager_id, out);
        }
    }
    p->has_next_due_us = true;
    p->next_due_us = plan_next_due(p);
    record_updated(c->request, f->seq, &p->base, s, out);
    return true;
}
