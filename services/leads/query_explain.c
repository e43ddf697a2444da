/* Why each decision about a lead fell as it did: every rule that was looked at, every candidate, in words. */
#include <string.h>

#include "services/leads/rows.h"
#include "store/log.h"

/* What an answer may weigh; of more, the oldest decisions are left out. */
enum { EXPLAIN_BYTES_MAX = 512 << 10, EXPLAIN_DECISIONS_MAX = 50 };

struct explain {
    struct load *l;
    const Baton__Lead *lead;
    const Baton__Decision *d;
    const Baton__Policy *policy; /* the version it was decided by; NULL: none then */
};

static struct key two_keys(const char *id, uint64_t number)
{
    struct key key;
    key_init(&key);
    key_text(&key, id);
    key_u64(&key, number);
    return key;
}

static const char *name_of(struct load *l, const char *user_id)
{
    uint32_t person = leads_state_person(l, user_id);
    return person == LEADS_NOBODY ? "somebody unknown" : leads_state_routing(l)->persons[person].name;
}

static bool is(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

static bool in_bitmap(const Baton__ReasonBitmap *b, size_t i)
{
    return i / 8 < b->members.len && (b->members.data[i / 8] >> i % 8 & 1);
}

/* Whoever is in no bitmap was outranked; where hours were waived, so was who is in theirs. */
static Baton__Reason reason_of(const struct explain *x, const Baton__PoolTrial *t, const char *user_id,
                               size_t i)
{
    Baton__Reason reason = BATON__REASON__REASON_OUTRANKED;
    for (size_t k = 0; k < t->n_reasons; k++)
        if (in_bitmap(t->reasons[k], i))
            reason = t->reasons[k]->reason;
    if (t->hours_waived && reason == BATON__REASON__REASON_OUTSIDE_HOURS)
        reason = BATON__REASON__REASON_OUTRANKED;
    bool got_it = reason == BATON__REASON__REASON_OUTRANKED && is(user_id, x->d->owner_id);
    return got_it ? BATON__REASON__REASON_UNSPECIFIED : reason;
}

static char *candidate_text(const struct explain *x, const char *user_id, Baton__Reason reason)
{
    struct arena *a = x->l->arena;
    if (reason != BATON__REASON__REASON_OUTRANKED || !is(user_id, x->d->runner_up_id))
        return arena_strdup(a, leads_reason_text(reason));
    return arena_printf(a, "was next in turn, %lld.%06lld of a lead for each unit of weight later",
                        (long long)x->d->margin / 1000000, (long long)x->d->margin % 1000000);
}

static void add_candidates(const struct explain *x, const Baton__PoolTrial *t, const Baton__PoolVersion *v,
                           Baton__RuleExplanation *out)
{
    struct arena *a = x->l->arena;
    for (size_t i = 0; i < v->n_members; i++)
        (void)leads_state_person(x->l, v->members[i]->user_id); /* all names are fetched at once */
    const struct leads_routing *r = leads_state_routing(x->l);
    out->candidates = ARENA_ARRAY(a, Baton__CandidateExplanation *, v->n_members);
    for (size_t i = 0; i < v->n_members; i++) {
        Baton__CandidateExplanation *c = ARENA_NEW(a, Baton__CandidateExplanation);
        baton__candidate_explanation__init(c);
        c->user_id = v->members[i]->user_id;
        uint32_t person = leads_person_find(r, c->user_id);
        c->name = (char *)(uintptr_t)(person == LEADS_NOBODY ? "somebody unknown" : r->persons[person].name);
        c->has_reason = true;
        c->reason = reason_of(x, t, c->user_id, i);
        c->text = candidate_text(x, c->user_id, c->reason);
        out->candidates[out->n_candidates++] = c;
    }
}

static const Baton__PoolTrial *trial_of(const Baton__Decision *d, size_t rule)
{
    for (size_t i = 0; i < d->n_trials; i++)
        if (d->trials[i]->rule_index == rule)
            return d->trials[i];
    return NULL;
}

static const Baton__PoolVersion *add_pool(const struct explain *x, const Baton__PoolTrial *t,
                                          Baton__RuleExplanation *out)
{
    struct key key = two_keys(t->pool_id, t->pool_revision);
    const Baton__PoolVersion *v = table_get(x->l->txn, LEADS_POOL_VERSION, &key, x->l->arena);
    out->pool_id = t->pool_id;
    out->has_hours_waived = out->hours_waived = t->hours_waived;
    if (!v)
        return NULL;
    out->pool_name = v->name;
    add_candidates(x, t, v, out);
    return v;
}

static char *matched_text(const struct explain *x, const Baton__Rule *rule, const Baton__PoolTrial *t,
                          const Baton__PoolVersion *v, bool decided)
{
    struct arena *a = x->l->arena;
    const char *held = leads_rule_text(rule, a);
    if (!t && decided)
        return arena_printf(a, "matched (%s); its pool is a queue that leads are taken from", held);
    if (!t)
        return arena_printf(a, "matched (%s), but its pool had nobody, as had been seen before", held);
    const char *pool = v ? v->name : "that is gone";
    if (!decided)
        return arena_printf(a, "matched (%s), but nobody of pool '%s' could take it", held, pool);
    return arena_printf(a, "matched (%s); pool '%s' had somebody%s", held, pool,
                        t->hours_waived ? ", though nobody at work at that hour" : "");
}

/* Rule `i` of the policy; those before the deciding one have a failed condition, or 0 where they matched. */
static Baton__RuleExplanation *explain_rule(const struct explain *x, size_t i, bool decided)
{
    struct arena *a = x->l->arena;
    const Baton__Rule *rule =
        leads_rule_named(leads_state_routing(x->l)->territories, x->policy->rules[i], a);
    unsigned failed = decided ? 0 : x->d->failed_conditions.data[i];
    Baton__RuleExplanation *out = ARENA_NEW(a, Baton__RuleExplanation);
    baton__rule_explanation__init(out);
    out->name = rule->name;
    out->has_matched = true;
    out->matched = !failed;
    if (failed >= LEADS_RULE_SKIPPED)
        out->text = arena_strdup(a, leads_skip_text((Baton__RuleSkip)(failed - LEADS_RULE_SKIPPED)));
    else if (failed > rule->n_conditions)
        out->text = arena_strdup(a, "did not match");
    else if (failed)
        out->text = leads_failed_text(rule->conditions[failed - 1], x->lead, a);
    if (failed)
        return out;
    const Baton__PoolTrial *t = trial_of(x->d, i);
    const Baton__PoolVersion *v = t ? add_pool(x, t, out) : NULL;
    out->text = matched_text(x, rule, t, v, decided);
    return out;
}

static void add_rules(const struct explain *x, Baton__DecisionExplanation *out)
{
    bool by_rule = x->d->cause == BATON__ASSIGN_CAUSE__ASSIGN_CAUSE_RULE ||
                   x->d->cause == BATON__ASSIGN_CAUSE__ASSIGN_CAUSE_QUEUED;
    size_t before = x->d->failed_conditions.len, n = before + by_rule;
    if (!x->policy || n > x->policy->n_rules)
        return;
    out->rules = ARENA_ARRAY(x->l->arena, Baton__RuleExplanation *, n);
    while (out->n_rules < n) {
        out->rules[out->n_rules] = explain_rule(x, out->n_rules, out->n_rules == before);
        out->n_rules++;
    }
}

static const char *const openings[] = {
    [BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_UNSPECIFIED] = "",
    [BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_ARRIVED] = "On arrival: ",
    [BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_DECLINED] = "After its holder declined it: ",
    [BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_DEADLINE_PASSED] = "After the deadline passed: ",
    [BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_UNSEEN] = "After its holder did not look at it in time: ",
    [BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_HOLDER_LEFT] = "After its holder left: ",
    [BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_CAME_BACK] = "After its rest: ",
    [BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_TERRITORY_MOVED] = "After it came to another territory: ",
    [BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_BY_HAND] = "By hand: ",
    [BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_TAKEN] = "From the queue: ",
};

static const char *resort_text(const struct explain *x)
{
    if (x->d->n_trials)
        return "no rule matched with somebody who could take it";
    if (x->d->has_policy_version)
        return "no rule matched";
    return x->lead->n_previous_owner_ids >= LEADS_HOLDERS_MAX
               ? "so many people had had it that no rule was asked"
               : "there were no routing rules";
}

/* Others had to stand back for who knows the customer. */
static bool is_for_known(const Baton__Decision *d)
{
    const Baton__PoolTrial *last = d->n_trials ? d->trials[d->n_trials - 1] : NULL;
    for (size_t i = 0; last && i < last->n_reasons; i++)
        if (last->reasons[i]->reason == BATON__REASON__REASON_NOT_SAME_CUSTOMER)
            return true;
    return false;
}

static char *summary(const struct explain *x, const Baton__DecisionExplanation *e)
{
    struct arena *a = x->l->arena;
    const Baton__Decision *d = x->d;
    const char *opening =
        (size_t)d->trigger < sizeof openings / sizeof *openings ? openings[d->trigger] : NULL;
    opening = opening ? opening : "";
    if (d->cause == BATON__ASSIGN_CAUSE__ASSIGN_CAUSE_BY_HAND)
        return arena_printf(a, "%s%s gave it to %s.", opening, name_of(x->l, d->decided_by), e->owner_name);
    if (d->cause == BATON__ASSIGN_CAUSE__ASSIGN_CAUSE_TAKEN)
        return arena_printf(a, "%s%s took it.", opening, e->owner_name);
    if (d->cause == BATON__ASSIGN_CAUSE__ASSIGN_CAUSE_HELD_BEFORE)
        return arena_printf(a, "%s%s had it before, and has it again.", opening, e->owner_name);
    if (d->cause == BATON__ASSIGN_CAUSE__ASSIGN_CAUSE_QUEUED)
        return arena_printf(a, "%sit waits in a queue until somebody takes it, and %s keeps it.", opening,
                            e->owner_name);
    if (d->cause == BATON__ASSIGN_CAUSE__ASSIGN_CAUSE_LAST_RESORT)
        return arena_printf(a, "%s%s, so %s holds it as the last resort.", opening, resort_text(x),
                            e->owner_name);
    if (!e->n_rules)
        return arena_printf(a, "%s%s got it.", opening, e->owner_name);
    const Baton__RuleExplanation *rule = e->rules[e->n_rules - 1];
    if (is_for_known(d))
        return arena_printf(a, "%srule '%s' matched, and the customer is known to %s of pool '%s'.", opening,
                            rule->name, e->owner_name, rule->pool_name ? rule->pool_name : "");
    const char *next = d->runner_up_id ? arena_printf(a, "; %s was next", name_of(x->l, d->runner_up_id))
                                       : "; nobody else there could take it";
    return arena_printf(a, "%srule '%s' matched, and in pool '%s' it was %s's turn%s.", opening, rule->name,
                        rule->pool_name ? rule->pool_name : "", e->owner_name, next);
}

Baton__DecisionExplanation *leads_explain_decision(struct load *l, const Baton__Lead *lead,
                                                   Baton__Decision *d, const Baton__Policy *policy)
{
    struct explain x = {.l = l, .lead = lead, .d = d, .policy = policy};
    Baton__DecisionExplanation *out = ARENA_NEW(l->arena, Baton__DecisionExplanation);
    baton__decision_explanation__init(out);
    out->decision = d;
    out->owner_name = arena_strdup(l->arena, name_of(l, d->owner_id));
    add_rules(&x, out);
    out->summary = summary(&x, out);
    return out;
}

/* The decision in the log record where it was made. */
static Baton__Decision *decision_at(struct load *l, uint64_t seq, const char *lead_id, uint64_t number)
{
    Baton__LogRecord *record = seq ? log_get(l->txn, seq, l->arena) : NULL;
    for (size_t i = 0; record && i < record->n_events; i++) {
        const Baton__Event *e = record->events[i];
        Baton__Decision *d =
            e->event_case == BATON__EVENT__EVENT_LEAD_ASSIGNED ? e->lead_assigned->decision : NULL;
        if (d && d->number == number && strcmp(d->lead_id, lead_id) == 0)
            return d;
    }
    return NULL;
}

bool leads_query_explain(struct load *l, const struct command *c, ProtobufCMessage **reply,
                         struct refusal *no)
{
    const Baton__ExplainLeadRequest *q = (const Baton__ExplainLeadRequest *)c->request;
    Baton__ExplainLeadResponse *out = ARENA_NEW(l->arena, Baton__ExplainLeadResponse);
    baton__explain_lead_response__init(out);
    out->lead = leads_query_lead(l, c, q->id, no);
    if (!out->lead)
        return false;
    size_t newest = out->lead->decision_count, bytes = 0, n = 0;
    Baton__DecisionExplanation *found[EXPLAIN_DECISIONS_MAX];
    while (n < EXPLAIN_DECISIONS_MAX && n < newest && bytes < EXPLAIN_BYTES_MAX) {
        struct key key = two_keys(q->id, newest - n);
        Baton__Decision *d = decision_at(l, table_seq(l->txn, LEADS_DECISION, &key), q->id, newest - n);
        if (!d)
            break;
        const Baton__Policy *policy =
            d->has_policy_version ? leads_policy_version(l->txn, d->policy_version, l->arena) : NULL;
        found[n] = leads_explain_decision(l, out->lead, d, policy);
        bytes += baton__decision_explanation__get_packed_size(found[n++]);
    }
    out->decisions = ARENA_ARRAY(l->arena, Baton__DecisionExplanation *, n);
    while (n)
        out->decisions[out->n_decisions++] = found[--n];
    out->acknowledgement = leads_acknowledgement(l, out->lead);
    out->why_not = q->for_user_id ? leads_query_why_not(l, out, q->for_user_id, no) : NULL;
    *reply = &out->base;
    return !q->for_user_id || out->why_not;
}
