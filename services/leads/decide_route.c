/* Who gets a lead: rules in order, the first pool with somebody, fair share, at the end the last resort. */
#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "services/leads/leads.h"

enum { REASONS = BATON__REASON__REASON_OUTSIDE_HOURS + 1, REASON_TEXT_MAX = 1000 };

/* What became of a pool that was tried. */
struct trial {
    const struct leads_pool *pool;
    uint8_t *excluded; /* a Reason for each member, 0 for none */
    bool chosen, hours_waived;
    struct leads_turn turn;
};

struct route {
    const struct leads_routing *r;
    const Baton__Lead *lead;
    struct stamp *s;
    uint32_t *had_it; /* persons */
    size_t n_had_it;
    struct trial *trials;
    size_t n_trials, trials_max;
};

static void had_it_add(struct route *q, const char *user_id)
{
    uint32_t person = leads_person_find(q->r, user_id);
    if (person != LEADS_NOBODY)
        q->had_it[q->n_had_it++] = person;
}

static void had_it_find(struct route *q)
{
    const Baton__Lead *l = q->lead;
    q->had_it = ARENA_ARRAY(q->s->arena, uint32_t, l->n_previous_owner_ids + 1);
    for (size_t i = 0; i < l->n_previous_owner_ids; i++)
        had_it_add(q, l->previous_owner_ids[i]);
    had_it_add(q, l->owner_id);
}

static bool had_it(const struct route *q, uint32_t person)
{
    for (size_t i = 0; i < q->n_had_it; i++)
        if (q->had_it[i] == person)
            return true;
    return false;
}

/* The first reason that speaks against a member, in the order of Reason. */
static Baton__Reason excluded(const struct route *q, const struct leads_member *m)
{
    const struct leads_person *p = &q->r->persons[m->person];
    /* 1: an active user */
    if (!p->known || !p->active)
        return BATON__REASON__REASON_NOT_ACTIVE;
    /* 2: who has not had it */
    if (had_it(q, m->person))
        return BATON__REASON__REASON_HAD_IT_BEFORE;
    /* 3: who is there */
    if (p->state == WORKTIME_ABSENT)
        return BATON__REASON__REASON_ABSENT;
    /* 4: who has room */
    if (p->capacity && p->open >= p->capacity)
        return BATON__REASON__REASON_AT_CAPACITY;
    /* 5: who is at work */
    if (p->state != WORKTIME_WORKING)
        return BATON__REASON__REASON_OUTSIDE_HOURS;
    return BATON__REASON__REASON_UNSPECIFIED;
}

/* Whose turn it is in a pool. A second try of the same pool would end the same. */
static struct trial *try_pool(struct route *q, const struct leads_pool *pool)
{
    struct trial *t = &q->trials[q->n_trials++];
    size_t counts[REASONS] = {0};
    *t = (struct trial){.pool = pool, .excluded = ARENA_ARRAY(q->s->arena, uint8_t, pool->n_members)};
    for (size_t i = 0; i < pool->n_members; i++)
        counts[t->excluded[i] = (uint8_t)excluded(q, &pool->members[i])]++;
    uint8_t *left_out = t->excluded;
    /* 6: where nobody is left but some for the hours alone, hours are waived, so that nights are shared as
     * well */
    if (!counts[0] && counts[BATON__REASON__REASON_OUTSIDE_HOURS]) {
        t->hours_waived = true;
        left_out = arena_copy(q->s->arena, t->excluded, pool->n_members);
        for (size_t i = 0; i < pool->n_members; i++)
            if (left_out[i] == BATON__REASON__REASON_OUTSIDE_HOURS)
                left_out[i] = 0;
    }
    /* 7: fair share among those who are left */
    t->chosen = leads_share_choose(pool->members, pool->n_members, left_out, pool->virtual_time, &t->turn);
    return t;
}

static bool is_tried(const struct route *q, const struct leads_pool *pool)
{
    for (size_t i = 0; i < q->n_trials; i++)
        if (q->trials[i].pool == pool)
            return true;
    return false;
}

static char *text_of(struct route *q, const char *s)
{
    return arena_strdup(q->s->arena, s);
}

static const struct leads_person *person_of(const struct trial *t, const struct leads_routing *r,
                                            size_t member)
{
    return &r->persons[t->pool->members[member].person];
}

/* --- the record of a decision --- */

static void add_bitmap(Baton__PoolTrial *out, const struct trial *t, Baton__Reason reason, size_t last,
                       struct arena *a)
{
    Baton__ReasonBitmap *b = ARENA_NEW(a, Baton__ReasonBitmap);
    baton__reason_bitmap__init(b);
    b->has_reason = b->has_members = true;
    b->reason = reason;
    b->members.len = last / 8 + 1;
    b->members.data = ARENA_ARRAY(a, uint8_t, b->members.len);
    for (size_t i = 0; i <= last; i++)
        if (t->excluded[i] == reason)
            b->members.data[i / 8] |= (uint8_t)(1 << i % 8);
    out->reasons[out->n_reasons++] = b;
}

/* Whoever is in no bitmap and did not get it was outranked; those left out for the hours only count as
   excluded where the hours were not waived. */
static Baton__PoolTrial *trial_record(const struct trial *t, uint32_t rule, struct arena *a)
{
    Baton__PoolTrial *out = ARENA_NEW(a, Baton__PoolTrial);
    baton__pool_trial__init(out);
    out->has_rule_index = out->has_pool_revision = true;
    out->rule_index = rule;
    out->pool_id = arena_strdup(a, t->pool->id);
    out->pool_revision = t->pool->revision;
    out->has_hours_waived = out->hours_waived = t->hours_waived;
    size_t last[REASONS], count[REASONS] = {0};
    for (size_t i = 0; i < t->pool->n_members; i++) {
        last[t->excluded[i]] = i;
        count[t->excluded[i]]++;
    }
    out->reasons = ARENA_ARRAY(a, Baton__ReasonBitmap *, REASONS);
    for (unsigned k = BATON__REASON__REASON_NOT_ACTIVE; k < REASONS; k++)
        if (count[k])
            add_bitmap(out, t, (Baton__Reason)k, last[k], a);
    return out;
}

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

static Baton__Share *share_record(const struct trial *t, const struct leads_routing *r,
                                  const struct leads_member *m, struct arena *a)
{
    Baton__Share *s = ARENA_NEW(a, Baton__Share);
    baton__share__init(s);
    s->pool_id = arena_strdup(a, t->pool->id);
    s->user_id = arena_strdup(a, r->persons[m->person].id);
    s->has_position = s->has_parked = s->has_received = true;
    s->position = m->position;
    s->parked = m->parked;
    s->received = m->received;
    return s;
}

static void add_shares(Baton__LeadAssigned *e, const struct trial *t, const struct leads_routing *r,
                       struct arena *a)
{
    struct leads_member after;
    size_t n = 0;
    const struct leads_pool *pool = t->pool;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < pool->n_members; i++) {
            Baton__Reason why = t->excluded[i];
            bool out = why && !(t->hours_waived && why == BATON__REASON__REASON_OUTSIDE_HOURS);
            if (!leads_share_after(pool->members, i, out, &t->turn, &after))
                continue;
            if (pass)
                e->shares[e->n_shares++] = share_record(t, r, &after, a);
            n++;
        }
        if (!pass)
            e->shares = ARENA_ARRAY(a, Baton__Share *, n);
    }
    Baton__PoolClock *c = ARENA_NEW(a, Baton__PoolClock);
    baton__pool_clock__init(c);
    c->pool_id = arena_strdup(a, pool->id);
    c->has_virtual_time = c->has_assigned = true;
    c->virtual_time = t->turn.after;
    c->assigned = pool->assigned + 1;
    e->pool_clocks = ARENA_ARRAY(a, Baton__PoolClock *, 1);
    e->pool_clocks[e->n_pool_clocks++] = c;
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
    e->lead_name = leads_display_name(q->lead, a);
    e->company = text_of(q, q->lead->company);
    e->lead_source = text_of(q, q->lead->lead_source);
    return e;
}

/* Reminded once three quarters of the time are over; a minute is too short for that. */
static void add_deadline(Baton__LeadAssigned *e, const struct leads_person *owner, uint32_t minutes,
                         struct stamp *s)
{
    int64_t remind = (int64_t)minutes * 3 / 4;
    e->response_due_at = timestamp_of(s->arena, leads_due(owner, s->now_us, minutes));
    if (remind)
        e->remind_at = timestamp_of(s->arena, leads_due(owner, s->now_us, remind));
}

/* --- the reason in one sentence --- */

static const char *const before_text[] = {
    [BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_DECLINED] = "declined it",
    [BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_DEADLINE_PASSED] = "let the deadline pass",
    [BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_HOLDER_LEFT] = "left",
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

static char *rule_reason(struct route *q, const struct trial *t, const Baton__Rule *rule,
                         Baton__RouteTrigger trigger)
{
    struct arena *a = q->s->arena;
    const char *owner = person_of(t, q->r, t->turn.chosen)->name;
    const char *turn =
        t->turn.runner_up == SIZE_MAX
            ? arena_printf(a, "%s is the only one of pool '%s' who can take it now", owner, t->pool->name)
            : arena_printf(a, "it is %s's turn in pool '%s', %s is next", owner, t->pool->name,
                           person_of(t, q->r, t->turn.runner_up)->name);
    return clipped(arena_printf(a, "%sule '%s' matched (%s); %s%s.", opening(q, trigger, 'R', 'r'),
                                rule->name, leads_rule_text(rule, a), turn,
                                t->hours_waived ? "; nobody there is at work at this hour" : ""));
}

/* A lead that so many have passed on goes round no longer; nor could their list grow for ever. */
static bool is_worn(const struct route *q)
{
    return q->lead->n_previous_owner_ids >= LEADS_HOLDERS_MAX;
}

static char *resort_reason(struct route *q, const struct leads_person *owner, Baton__RouteTrigger trigger)
{
    struct arena *a = q->s->arena;
    const char *why = is_worn(q) ? arena_printf(a, "here is no use in going on after %d people have had it",
                                                LEADS_HOLDERS_MAX)
                      : !q->r->policy ? "here are no routing rules yet"
                      : q->n_trials   ? "here is nobody in any matching pool who can take it now"
                                      : "here is no rule that matches it";
    return clipped(arena_printf(a, "%s%s, so %s holds it as the last resort.", opening(q, trigger, 'T', 't'),
                                why, owner->name));
}

/* --- deciding --- */

static void route_init(struct route *q, const struct leads_routing *r, const Baton__Lead *lead,
                       struct stamp *s)
{
    size_t rules = r->policy ? r->policy->n_rules : 0;
    *q = (struct route){.r = r, .lead = lead, .s = s};
    q->trials_max = rules < r->n_pools ? rules : r->n_pools;
    q->trials = ARENA_ARRAY(s->arena, struct trial, q->trials_max);
    had_it_find(q);
}

static Baton__LeadAssigned *by_rule(struct route *q, size_t rule, const struct trial *t, Baton__Decision *d,
                                    Baton__RouteTrigger trigger)
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
    add_deadline(e, owner, source->has_response_minutes ? source->response_minutes : q->r->response_minutes,
                 q->s);
    e->reason = rule_reason(q, t, source, trigger);
    return e;
}

/* Goes through the rules; `d` gets what failed and what was tried. NULL: the rules give it to nobody. */
static Baton__LeadAssigned *by_rules(struct route *q, Baton__Decision *d, Baton__RouteTrigger trigger)
{
    struct leads_match m;
    const struct leads_policy *policy = q->r->policy;
    leads_match_init(&m, policy, q->lead, q->s->arena);
    d->has_policy_version = d->has_failed_conditions = true;
    d->policy_version = policy->version;
    d->failed_conditions.data = ARENA_ARRAY(q->s->arena, uint8_t, policy->n_rules);
    d->trials = ARENA_ARRAY(q->s->arena, Baton__PoolTrial *, q->trials_max);
    for (size_t i = 0; i < policy->n_rules; i++) {
        unsigned failed = leads_match_rule(&m, i);
        uint32_t place = policy->rules[i].pool;
        const struct leads_pool *pool = place == LEADS_NO_POOL ? NULL : &q->r->pools[place];
        /* 8: the first rule that matches and whose pool has somebody decides */
        if (!failed && pool && !is_tried(q, pool)) {
            struct trial *t = try_pool(q, pool);
            d->trials[d->n_trials++] = trial_record(t, (uint32_t)i, q->s->arena);
            if (t->chosen)
                return by_rule(q, i, t, d, trigger);
        }
        d->failed_conditions.data[d->failed_conditions.len++] = (uint8_t)failed;
    }
    return NULL;
}

Baton__LeadAssigned *leads_route(const struct leads_routing *r, const Baton__Lead *lead,
                                 Baton__RouteTrigger trigger, struct stamp *s)
{
    struct route q;
    assert(r->ready && r->last_resort < r->n_persons);
    route_init(&q, r, lead, s);
    Baton__Decision *d = decision_new(&q, trigger, BATON__ASSIGN_CAUSE__ASSIGN_CAUSE_RULE);
    /* 10: rules are asked as long as there is use in it */
    Baton__LeadAssigned *e = r->policy && !is_worn(&q) ? by_rules(&q, d, trigger) : NULL;
    if (e)
        return e;
    /* 9: at the end the last resort, whatever else is to be said of them, and without a deadline */
    const struct leads_person *owner = &r->persons[r->last_resort];
    d->cause = BATON__ASSIGN_CAUSE__ASSIGN_CAUSE_LAST_RESORT;
    e = assigned_new(&q, owner, d);
    e->reason = resort_reason(&q, owner, trigger);
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
    add_deadline(e, owner, r->response_minutes, s);
    e->reason = clipped(arena_printf(s->arena, "Given to %s by hand%s%s.", owner->name,
                                     giver == LEADS_NOBODY ? "" : " by ",
                                     giver == LEADS_NOBODY ? "" : r->persons[giver].name));
    return e;
}
