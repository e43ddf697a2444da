/* Deadlines: the steps that a holder's silence sets off, when each comes, and what it does. */
#include <string.h>

#include "services/leads/leads.h"

/* --- when --- */

/* Reminded once three quarters of the time are over; a minute is too short for that. */
/* Whose working time is counted, and by which calendar. */
struct counted {
    const struct leads_person *owner;
    const struct worktime *clock;
};

static int64_t due(const struct counted *c, uint32_t minutes, const struct stamp *s)
{
    return leads_due(c->clock, c->owner, s->now_us, minutes);
}

static void add_plain(Baton__LeadAssigned *e, const struct counted *c, uint32_t minutes, struct stamp *s)
{
    uint32_t remind = (uint32_t)((uint64_t)minutes * 3 / 4);
    e->response_due_at = timestamp_of(s->arena, due(c, minutes, s));
    if (remind)
        e->remind_at = timestamp_of(s->arena, due(c, remind, s));
}

static Baton__DeadlineStep *step_new(Baton__DeadlineAction action, uint32_t escalation, struct arena *a)
{
    Baton__DeadlineStep *step = ARENA_NEW(a, Baton__DeadlineStep);
    baton__deadline_step__init(step);
    step->has_action = true;
    step->action = action;
    step->has_escalation = escalation != 0;
    step->escalation = escalation;
    return step;
}

static void add_levels(Baton__LeadAssigned *e, const struct counted *c, const struct leads_level *levels,
                       size_t n, struct stamp *s)
{
    uint32_t escalations = 0;
    e->deadline_steps = ARENA_ARRAY(s->arena, Baton__DeadlineStep *, n);
    for (size_t i = 0; i < n; i++) {
        bool up = levels[i].action == BATON__DEADLINE_ACTION__DEADLINE_ACTION_ESCALATE;
        Baton__DeadlineStep *step = step_new(levels[i].action, up ? ++escalations : 0, s->arena);
        step->at = timestamp_of(s->arena, due(c, levels[i].after_minutes, s));
        e->deadline_steps[e->n_deadline_steps++] = step;
    }
    e->response_due_at = e->deadline_steps[n - 1]->at;
}

size_t leads_levels_read(Baton__DeadlineLevel *const *rows, size_t n,
                         struct leads_level out[LEADS_LEVELS_MAX])
{
    for (size_t i = 0; i < n && i < LEADS_LEVELS_MAX; i++)
        out[i] = (struct leads_level){.after_minutes = rows[i]->after_minutes, .action = rows[i]->action};
    return n < LEADS_LEVELS_MAX ? n : LEADS_LEVELS_MAX;
}

void leads_add_deadline(Baton__LeadAssigned *e, const struct leads_routing *r,
                        const struct leads_person *owner, const Baton__Lead *lead, const Baton__Rule *rule,
                        struct stamp *s)
{
    struct leads_level levels[LEADS_LEVELS_MAX];
    const struct counted c = {owner, leads_clock(r, owner, lead, s->arena)};
    /* 1: what the rule says, levels before minutes; else what the organisation says, in the same order */
    size_t n = rule ? leads_levels_read(rule->levels, rule->n_levels, levels) : 0;
    if (n)
        add_levels(e, &c, levels, n, s);
    else if (rule && rule->has_response_minutes)
        add_plain(e, &c, rule->response_minutes, s);
    else if (r->n_levels)
        add_levels(e, &c, r->levels, r->n_levels, s);
    else
        add_plain(e, &c, r->response_minutes, s);
}

/* --- pausing: what is left, and when that is over --- */

/* A holder without any working time until then has all the time there is. What is due already comes right
   after the pause, yet later than its end: a timer has to move on. */
static int64_t remaining_us(const struct worktime *clock, int64_t now_us, int64_t at_us)
{
    int64_t plain_us = at_us > now_us ? at_us - now_us : 1;
    int64_t working_us = clock ? worktime_between(clock, now_us, now_us + plain_us) : plain_us;
    return working_us ? working_us : plain_us;
}

static Baton__DeadlineStep *left_of(Baton__DeadlineAction action, uint32_t escalation, int64_t at_us,
                                    const struct worktime *clock, struct stamp *s)
{
    Baton__DeadlineStep *step = step_new(action, escalation, s->arena);
    step->has_remaining_us = true;
    step->remaining_us = remaining_us(clock, s->now_us, at_us);
    return step;
}

void leads_deadline_stop(const struct leads_routing *r, const Baton__Lead *l,
                         const struct leads_person *owner, Baton__LeadPaused *e, struct stamp *s)
{
    const struct worktime *clock = leads_clock(r, owner, l, s->arena);
    e->steps = ARENA_ARRAY(s->arena, Baton__DeadlineStep *, LEADS_LEVELS_MAX);
    for (size_t i = 0; i < l->n_deadline_steps; i++) {
        const Baton__DeadlineStep *step = l->deadline_steps[i];
        e->steps[e->n_steps++] = left_of(step->action, step->escalation, timestamp_us(step->at), clock, s);
    }
    if (e->n_steps)
        return;
    int64_t due_us = timestamp_us(l->response_due_at);
    if (!l->reminded && l->next_due_us < due_us)
        e->steps[e->n_steps++] =
            left_of(BATON__DEADLINE_ACTION__DEADLINE_ACTION_REMIND, 0, l->next_due_us, clock, s);
    e->steps[e->n_steps++] = left_of(BATON__DEADLINE_ACTION__DEADLINE_ACTION_PASS_ON, 0, due_us, clock, s);
}

Baton__LeadResumed *leads_deadline_go_on(const struct leads_routing *r, const Baton__Lead *l,
                                         const struct leads_person *owner, struct stamp *s)
{
    const struct worktime *clock = leads_clock(r, owner, l, s->arena);
    Baton__LeadResumed *e = ARENA_NEW(s->arena, Baton__LeadResumed);
    baton__lead_resumed__init(e);
    e->lead_id = l->id;
    e->owner_id = l->owner_id;
    e->steps = ARENA_ARRAY(s->arena, Baton__DeadlineStep *, l->n_deadline_steps);
    for (size_t i = 0; i < l->n_deadline_steps; i++) {
        const Baton__DeadlineStep *left = l->deadline_steps[i];
        Baton__DeadlineStep *step = step_new(left->action, left->escalation, s->arena);
        int64_t at_us =
            clock ? worktime_add_us(clock, s->now_us, left->remaining_us) : s->now_us + left->remaining_us;
        step->at = e->response_due_at = timestamp_of(s->arena, at_us);
        e->steps[e->n_steps++] = step;
    }
    return e;
}

/* --- what happens --- */

static void remind(const Baton__Lead *l, struct stamp *s, struct outcome *out)
{
    Baton__LeadDeadlineNear *e = ARENA_NEW(s->arena, Baton__LeadDeadlineNear);
    baton__lead_deadline_near__init(e);
    e->lead_id = l->id;
    e->owner_id = l->owner_id;
    e->response_due_at = l->response_due_at;
    e->lead_name = leads_display_name(l, s->arena);
    e->company = l->company;
    outcome_event(out, e);
}

static bool tell(Baton__LeadEscalated *e, const struct leads_person *p, struct arena *a)
{
    if (!p->known || !p->active || strcmp(p->id, e->owner_id) == 0)
        return false;
    for (size_t i = 0; i < e->n_manager_ids; i++)
        if (strcmp(e->manager_ids[i], p->id) == 0)
            return false;
    e->manager_ids[e->n_manager_ids++] = arena_strdup(a, p->id);
    return true;
}

/* The first manager above the holder at the first escalation, the next one up at each further one. Of who is
   away the next one up is told as well, at the end the last resort: somebody always hears of it. */
static void tell_managers(Baton__LeadEscalated *e, const struct leads_due_facts *f, uint32_t escalation,
                          struct arena *a)
{
    const struct leads_routing *r = f->routing;
    uint32_t above = 0;
    bool there = false;
    e->manager_ids = ARENA_ARRAY(a, char *, LEADS_MANAGERS_MAX + 1);
    for (size_t i = 0; i < f->scope.n_managers && !there; i++) {
        uint32_t place = leads_person_find(r, f->scope.managers[i]);
        const struct leads_person *p = place == LEADS_NOBODY ? NULL : &r->persons[place];
        if (!p || strcmp(p->id, e->owner_id) == 0 || ++above < escalation)
            continue;
        there = tell(e, p, a) && p->state != WORKTIME_ABSENT;
    }
    if (!there && r->ready)
        (void)tell(e, &r->persons[r->last_resort], a); /* false: the holder, or told already */
}

static void escalate(const Baton__Lead *l, const struct leads_due_facts *f, uint32_t escalation,
                     struct stamp *s, struct outcome *out)
{
    Baton__LeadEscalated *e = ARENA_NEW(s->arena, Baton__LeadEscalated);
    baton__lead_escalated__init(e);
    e->lead_id = l->id;
    e->owner_id = l->owner_id;
    e->response_due_at = l->response_due_at;
    e->lead_name = leads_display_name(l, s->arena);
    e->company = l->company;
    e->owner_name = leads_person_name(f->routing, l->owner_id, s->arena);
    tell_managers(e, f, escalation, s->arena);
    outcome_event(out, e);
}

/* The next one has the lead, in the end the last resort. NULL: that is who has it already. */
static const Baton__LeadAssigned *hand_on(const Baton__Lead *l, const struct leads_routing *r,
                                          Baton__RouteTrigger trigger, struct stamp *s, struct outcome *out)
{
    Baton__LeadAssigned *next = leads_route(r, l, trigger, s);
    if (strcmp(next->owner_id, l->owner_id) == 0)
        return NULL;
    outcome_event(out, next);
    leads_tell_skipped(r, next, s, out);
    return next;
}

/* At the deadline the timer ends and the lead is handed on; where it stays, it is without a deadline. */
static void pass_on(const Baton__Lead *l, const struct leads_routing *r, struct stamp *s, struct outcome *out)
{
    Baton__LeadDeadlinePassed *e = ARENA_NEW(s->arena, Baton__LeadDeadlinePassed);
    baton__lead_deadline_passed__init(e);
    e->lead_id = l->id;
    e->owner_id = l->owner_id;
    e->lead_name = leads_display_name(l, s->arena);
    e->company = l->company;
    outcome_event(out, e);
    const Baton__LeadAssigned *next =
        hand_on(l, r, BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_DEADLINE_PASSED, s, out);
    if (!next)
        return;
    e->next_owner_id = next->owner_id;
    e->next_owner_name = leads_person_name(r, next->owner_id, s->arena);
}

static Baton__DeadlineAction action_due(const Baton__Lead *l, int64_t now_us)
{
    if (l->n_deadline_steps)
        return l->deadline_steps[0]->action;
    return timestamp_us(l->response_due_at) > now_us ? BATON__DEADLINE_ACTION__DEADLINE_ACTION_REMIND
                                                     : BATON__DEADLINE_ACTION__DEADLINE_ACTION_PASS_ON;
}

bool leads_decide_due(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct leads_due_facts *f = facts;
    const Baton__Lead *l = (const Baton__Lead *)c->request;
    /* 2: a pause ends by itself */
    if (l->paused_until) {
        outcome_event(out, leads_deadline_go_on(f->routing, l, f->owner, s));
        return true;
    }
    /* 6: what was recycled comes back */
    if (l->recycled_until) {
        leads_come_back(f, l, s, out);
        return true;
    }
    switch (action_due(l, s->now_us)) {
    case BATON__DEADLINE_ACTION__DEADLINE_ACTION_REMIND: /* 3: the holder is reminded */
        remind(l, s, out);
        break;
    case BATON__DEADLINE_ACTION__DEADLINE_ACTION_ESCALATE: /* 4: the manager is told, the lead stays */
        escalate(l, f, l->deadline_steps[0]->escalation, s, out);
        break;
    default: /* 5: the next one has it */
        pass_on(l, f->routing, s, out);
    }
    return true;
}

/* --- nobody looked --- */

/* Its deadline runs: a pause is an answer, and what waits in a queue or with the last resort has none. */
static bool is_waited_for(const Baton__Lead *l)
{
    return l->status == BATON__LEAD_STATUS__LEAD_STATUS_ASSIGNED && l->next_due_us && !l->paused_until &&
           !l->recycled_until;
}

bool leads_decide_unseen(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct leads_lead_facts *f = facts;
    const Baton__NotificationUnseen *e = (const Baton__NotificationUnseen *)c->request;
    const Baton__Lead *l = f->lead;
    /* 7: of the decision by which its holder has it now, as long as they have not answered */
    if (!l || !e->lead_decision || l->decision_count != e->lead_decision || !is_waited_for(l) ||
        strcmp(l->owner_id, e->user_id) != 0)
        return true;
    /* 8: the next one has it, as at the deadline; where there is none, the deadline goes on */
    (void)hand_on(l, f->routing, BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_UNSEEN, s,
                  out); /* nothing else is said */
    return true;
}
