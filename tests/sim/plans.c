/* Plans: what is counted is what the steps say, a step has a day only while nothing keeps it, and what was
   abandoned stays. */
#include <string.h>

#include "baton/v1/opportunities.pb-c.h"
#include "sim/sim.h"

#define STATE(NAME) BATON__PLAN_STATE__PLAN_STATE_##NAME
#define STEP(NAME)  BATON__PLAN_STEP_STATE__PLAN_STEP_STATE_##NAME

static const Baton__RecordChanged *change_of(const Baton__Event *e)
{
    bool is = e->event_case == BATON__EVENT__EVENT_RECORD_CHANGED && !e->record_changed->copy &&
              e->record_changed->record->record_case == BATON__RECORD__RECORD_PLAN;
    return is ? e->record_changed : NULL;
}

/* NULL: it is new. */
static const Baton__Plan *version_before(const struct ledger *l, const Baton__RecordChanged *e)
{
    const Baton__LogRecord *r = e->previous_seq ? l->records[e->previous_seq - 1] : NULL;
    for (size_t i = 0; r && i < r->n_events; i++) {
        const Baton__RecordChanged *c = change_of(r->events[i]);
        if (c && strcmp(c->record->plan->id, e->record->plan->id) == 0)
            return c->record->plan;
    }
    return NULL;
}

static bool is_kept(const Baton__Plan *p, const Baton__PlanStep *step)
{
    for (size_t d = 0; d < step->n_depends_on; d++)
        for (size_t i = 0; i < p->n_steps; i++)
            if (strcmp(p->steps[i]->key, step->depends_on[d]) == 0 && p->steps[i]->state == STEP(OPEN))
                return true;
    return false;
}

static void look_at(struct sim *sim, const Baton__Plan *p)
{
    uint32_t closed = 0;
    for (size_t i = 0; i < p->n_steps; i++) {
        const Baton__PlanStep *step = p->steps[i];
        closed += step->state != STEP(OPEN);
        if (step->state != STEP(OPEN))
            continue;
        if ((step->due_at != NULL) != (step->due_days && !is_kept(p, step)))
            sim_wrong(sim, "plans: %s: the open step %s has a day (%d) against its rules", p->id, step->key,
                      step->due_at != NULL);
    }
    if (closed != p->closed_steps)
        sim_wrong(sim, "plans: %s says %u closed steps and has %u", p->id, p->closed_steps, closed);
    if (p->state != STATE(ABANDONED) && (p->state == STATE(DONE)) != (closed == p->n_steps))
        sim_wrong(sim, "plans: %s is done or not against its steps", p->id);
}

void plans_record(const struct ledger *l, const Baton__LogRecord *r)
{
    for (size_t i = 0; i < r->n_events; i++) {
        const Baton__RecordChanged *c = change_of(r->events[i]);
        if (!c)
            continue;
        const Baton__Plan *was = version_before(l, c);
        if (was && was->state == STATE(ABANDONED))
            sim_wrong(l->process->sim, "plans: %s was abandoned and changed", was->id);
        look_at(l->process->sim, c->record->plan);
    }
}
