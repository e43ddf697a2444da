/* Who gets a lead: rules in order, the first pool with somebody, fair share, at the end the last resort. */
#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "services/leads/leads.h"
#include "services/leads/trial.h"

enum { REASON_TEXT_MAX = 1000 };

struct route {
    const struct leads_routing *r;
    const Baton__Lead *lead;
    struct stamp *s;
    struct leads_search search;
};

static char *text_of(struct route *q, const char *s)
{
    return arena_strdup(q->s->arena, s);
}

static const struct leads_person *person_of(const struct leads_trial *t, const struct leads_routing *r,
                                            size_t member)
{
    return &r->persons[t->pool->members[member].person];
}

/* --- the record of a decision --- */

static Baton__Decision *decision_new(struct route *q, Baton__RouteTrigger trigger, Baton__AssignCause cause)
{
    Baton__Decision *d = ARENA_NEW(q->s->arena, Baton__Decision);
    baton__decision__init(d);
    d->lead_id = text_of(q, q->lead->id);
    d->has_number = d->has_trigger = d->has_cause = true;
    d->number = q->lead->decision_count + 1;
    d->decided_at = timestamp_of(q->s->arena, q->s->now_us);
    d->trigger = trigger;
    d->cause = cause;
    return d;
}

static void add_shares(Baton__LeadAssigned *e, const struct leads_trial *t, const struct leads_routing *r,
                       struct arena *a)
{
    e->n_shares = leads_trial_shares(t, r, a, &e->shares);
    e->pool_clocks = ARENA_ARRAY(a, Baton__PoolClock *, 1);
    e->pool_clocks[e->n_pool_clocks++] = leads_trial_clock(t, a);
}

static Baton__LeadAssigned *assigned_new(struct route *q, const struct leads_person *owner,
                                         Baton__Decision *d)
{
    struct arena *a = q->s->arena;
    Baton__LeadAssigned *e = ARENA_NEW(a, Baton__LeadAssigned);
    baton__lead_assigned__init(e);
    e->lead_id = text_of(q, q->lead->id);
    e->owner_id = text_of(q, owner->id);
    e->previous_owner_id = text_of(q, q->lead->owner_id);
    e->decision = d;
    d->owner_id = e->owner_id;
    d->has_owner_day = owner->most.day || owner->most.week || owner->most.month;
    d->owner_day = owner->today;
    e->lead_name = leads_display_name(q->lead, a);
    e->company = text_of(q, q->lead->company);
    e->lead_source = text_of(q, q->lead->lead_source);
    return e;
}

/* --- the reason in one sentence --- */

static const char *const before_text[] = {
    [BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_DECLINED] = "declined it",
    [BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_DEADLINE_PASSED] = "let the deadline pass",
    [BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_UNSEEN] = "did not look at it in time",
    [BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_HOLDER_LEFT] = "left",
    [BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_CAME_BACK] = "is not there to go on with it",
    [BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_TERRITORY_MOVED] = "does not work in its new territory",
};

/* What happened before, and the first letter of what follows in the case it then has. */
static char *opening(struct route *q, Baton__RouteTrigger trigger, char capital, char small)
{
    struct arena *a = q->s->arena;
    uint32_t before = leads_person_find(q->r, q->lead->owner_id);
    if ((size_t)trigger >= sizeof before_text / sizeof *before_text || !before_text[trigger])
        return arena_printf(a, "%c", capital);
    return arena_printf(a, "%s %s; %c", before == LEADS_NOBODY ? "The holder" : q->r->persons[before].name,
                        before_text[trigger], small);
}

static char *clipped(char *text)
{
    text[text_clip(text, REASON_TEXT_MAX)] = '\0';
    return text;
}

static char *rule_reason(struct route *q, const struct leads_trial *t, const Baton__Rule *rule,
                         Baton__RouteTrigger trigger)
{
    struct arena *a = q->s->arena;
    const char *owner = person_of(t, q->r, t->turn.chosen)->name;
    bool knows = q->lead->customer_owner_id && !rule->ignore_same_customer &&
                 strcmp(q->lead->customer_owner_id, person_of(t, q->r, t->turn.chosen)->id) == 0;
    const char *turn =
        knows ? arena_printf(a, "the customer is known to %s of pool '%s'", owner, t->pool->name)
        : t->turn.runner_up == SIZE_MAX
            ? arena_printf(a, "%s is the only one of pool '%s' who can take it now", owner, t->pool->name)
            : arena_printf(a, "it is %s's turn in pool '%s', %s is next", owner, t->pool->name,
                           person_of(t, q->r, t->turn.runner_up)->name);
    return clipped(arena_printf(a, "%sule '%s' matched (%s); %s%s.", opening(q, trigger, 'R', 'r'),
                                rule->name, leads_rule_text(leads_rule_named(q->r->territories, rule, a), a),
                                turn, t->hours_waived ? "; nobody there is at work at this hour" : ""));
}

static char *resort_reason(struct route *q, const struct leads_person *owner, Baton__RouteTrigger trigger)
{
    struct arena *a = q->s->arena;
    const char *why =
        leads_is_worn(q->lead)
            ? arena_printf(a, "here is no use in going on after %d people have had it", LEADS_HOLDERS_MAX)
        : !q->r->policy      ? "here are no routing rules yet"
        : q->search.n_trials ? "here is nobody in any matching pool who can take it now"
                             : "here is no rule that matches it";
    return clipped(arena_printf(a, "%s%s, so %s holds it as the last resort.", opening(q, trigger, 'T', 't'),
                                why, owner->name));
}

/* --- deciding --- */

static Baton__LeadAssigned *by_rule(struct route *q, size_t rule, const struct leads_trial *t,
                                    Baton__Decision *d, Baton__RouteTrigger trigger)
{
    struct arena *a = q->s->arena;
    const Baton__Rule *source = q->r->policy->rules[rule].source;
    const struct leads_person *owner = person_of(t, q->r, t->turn.chosen);
    if (t->turn.runner_up != SIZE_MAX) {
        d->runner_up_id = text_of(q, person_of(t, q->r, t->turn.runner_up)->id);
        d->has_margin = true;
        d->margin = t->turn.margin;
    }
    Baton__LeadAssigned *e = assigned_new(q, owner, d);
    e->pool_id = text_of(q, t->pool->id);
    add_shares(e, t, q->r, a);
    leads_add_deadline(e, q->r, owner, q->lead, source, q->s);
    e->reason = rule_reason(q, t, source, trigger);
    return e;
}

/* 15: where its rule ranks by score, the highest is taken first, one without a score last */
static void set_queue_rank(Baton__LeadAssigned *e, const Baton__Lead *lead, const Baton__Rule *rule)
{
    enum { SCORE_MAX = 1000 };
    for (size_t i = 0; i < rule->n_ranks; i++)
        e->has_queue_rank |= rule->ranks[i] == BATON__RANK__RANK_SCORE;
    if (e->has_queue_rank)
        e->queue_rank = lead->has_score && lead->score < SCORE_MAX ? SCORE_MAX - lead->score
                        : lead->has_score                          ? 0
                                                                   : SCORE_MAX + 1;
}

/* 13: what comes to a queue is its keeper's until somebody takes it, without a deadline */
static Baton__LeadAssigned *by_queue(struct route *q, size_t rule, Baton__Decision *d,
                                     Baton__RouteTrigger trigger)
{
    const struct leads_routing *r = q->r;
    const Baton__Rule *source = r->policy->rules[rule].source;
    const struct leads_pool *pool = &r->pools[r->policy->rules[rule].pool];
    const struct leads_person *owner = leads_keeper(r, pool);
    d->cause = BATON__ASSIGN_CAUSE__ASSIGN_CAUSE_QUEUED;
    Baton__LeadAssigned *e = assigned_new(q, owner, d);
    d->has_owner_day = false; /* they keep it, and have not received it */
    d->owner_day = 0;
    e->pool_id = e->queue_id = text_of(q, pool->id);
    set_queue_rank(e, q->lead, source);
    e->reason = clipped(
        arena_printf(q->s->arena,
                     "%sule '%s' matched (%s); it waits in queue '%s' until somebody takes it, "
                     "and %s keeps it.",
                     opening(q, trigger, 'R', 'r'), source->name,
                     leads_rule_text(leads_rule_named(q->r->territories, source, q->s->arena), q->s->arena),
                     pool->name, owner->name));
    return e;
}

/* In the order in which they were tried. */
static void add_trials(struct route *q, Baton__Decision *d)
{
    struct arena *a = q->s->arena;
    const struct leads_rule *rules = q->r->policy ? q->r->policy->rules : NULL;
    d->n_trials = q->search.n_trials;
    d->trials = ARENA_ARRAY(a, Baton__PoolTrial *, d->n_trials);
    size_t at = d->n_trials;
    for (const struct leads_trial *t = q->search.last; t; t = t->before)
        d->trials[--at] = leads_trial_record(t, (uint32_t)(t->rule - rules), a);
}

/* The rule that decides; `d` gets what failed before it. n_rules: the rules give it to nobody. */
static size_t first_rule(struct route *q, Baton__Decision *d)
{
    const struct leads_policy *p = q->r->policy;
    d->has_policy_version = d->has_failed_conditions = true;
    d->policy_version = p->version;
    d->failed_conditions.data = ARENA_ARRAY(q->s->arena, uint8_t, p->n_rules);
    leads_search_init(&q->search, q->r, q->lead, q->s->arena);
    d->failed_conditions.len = leads_search_rule(&q->search, d->failed_conditions.data);
    return d->failed_conditions.len;
}

static Baton__LeadAssigned *by_rules(struct route *q, Baton__Decision *d, Baton__RouteTrigger trigger)
{
    size_t rule = first_rule(q, d);
    add_trials(q, d);
    if (rule == q->r->policy->n_rules)
        return NULL;
    return q->r->pools[q->r->policy->rules[rule].pool].pull ? by_queue(q, rule, d, trigger)
                                                            : by_rule(q, rule, q->search.last, d, trigger);
}

static Baton__LeadAssigned *route(struct route *q, Baton__RouteTrigger trigger)
{
    const struct leads_routing *r = q->r;
    Baton__Decision *d = decision_new(q, trigger, BATON__ASSIGN_CAUSE__ASSIGN_CAUSE_RULE);
    /* 12: rules are asked as long as there is use in it */
    Baton__LeadAssigned *e = r->policy && !leads_is_worn(q->lead) ? by_rules(q, d, trigger) : NULL;
    if (e)
        return e;
    /* 11: at the end the last resort, whatever else is to be said of them, and without a deadline */
    const struct leads_person *owner = &r->persons[r->last_resort];
    d->cause = BATON__ASSIGN_CAUSE__ASSIGN_CAUSE_LAST_RESORT;
    e = assigned_new(q, owner, d);
    e->reason = resort_reason(q, owner, trigger);
    return e;
}

Baton__LeadAssigned *leads_route(const struct leads_routing *r, const Baton__Lead *lead,
                                 Baton__RouteTrigger trigger, struct stamp *s)
{
    struct route q = {.r = r, .lead = lead, .s = s};
    assert(r->ready && r->last_resort < r->n_persons);
    Baton__LeadAssigned *e = route(&q, trigger);
    /* 14: what the policy in the shadow says stands beside it */
    if (r->shadow)
        e->shadow = leads_shadow(r->shadow, lead, s->arena);
    return e;
}

Baton__LeadAssigned *leads_give(const struct leads_routing *r, const Baton__Lead *lead, uint32_t person,
                                struct stamp *s)
{
    struct route q = {.r = r, .lead = lead, .s = s};
    const struct leads_person *owner = &r->persons[person];
    uint32_t giver = leads_person_find(r, s->actor->user_id);
    Baton__Decision *d = decision_new(&q, BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_BY_HAND,
                                      BATON__ASSIGN_CAUSE__ASSIGN_CAUSE_BY_HAND);
    d->decided_by = text_of(&q, s->actor->user_id);
    Baton__LeadAssigned *e = assigned_new(&q, owner, d);
    leads_add_deadline(e, r, owner, lead, NULL, s);
    e->reason = clipped(arena_printf(s->arena, "Given to %s by hand%s%s.", owner->name,
                                     giver == LEADS_NOBODY ? "" : " by ",
                                     giver == LEADS_NOBODY ? "" : r->persons[giver].name));
    return e;
}

Baton__LeadAssigned *leads_give_back(const struct leads_routing *r, const Baton__Lead *lead, uint32_t person,
                                     struct stamp *s)
{
    struct route q = {.r = r, .lead = lead, .s = s};
    const struct leads_person *owner = &r->persons[person];
    Baton__LeadAssigned *e = assigned_new(&q, owner,
                                          decision_new(&q, BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_CAME_BACK,
                                                       BATON__ASSIGN_CAUSE__ASSIGN_CAUSE_HELD_BEFORE));
    leads_add_deadline(e, r, owner, lead, NULL, s);
    e->reason =
        clipped(arena_printf(s->arena, "It was to rest until today, and %s had it before.", owner->name));
    return e;
}

/* The queue is not named: what it is called now is not what a later replay of the log knows. */
Baton__LeadAssigned *leads_take(const struct leads_routing *r, const Baton__Lead *lead, uint32_t person,
                                struct stamp *s)
{
    struct route q = {.r = r, .lead = lead, .s = s};
    const struct leads_person *owner = &r->persons[person];
    Baton__Decision *d =
        decision_new(&q, BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_TAKEN, BATON__ASSIGN_CAUSE__ASSIGN_CAUSE_TAKEN);
    d->decided_by = text_of(&q, s->actor->user_id);
    Baton__LeadAssigned *e = assigned_new(&q, owner, d);
    e->pool_id = text_of(&q, lead->queue_id);
    /* 16: its deadline is that of the rule which leads to the queue, and begins now */
    const struct leads_rule *rule = leads_queue_rule(r, lead, lead->queue_id, s->arena);
    leads_add_deadline(e, r, owner, lead, rule ? rule->source : NULL, s);
    e->reason = clipped(arena_printf(s->arena, "%s took it from the queue.", owner->name));
    return e;
}
