/* A policy that stands in the shadow of the one in force: it decides on every lead as well, on a fair share
   of its own, and nothing but its word is kept. */
#include <string.h>

#include "services/leads/leads.h"
#include "services/leads/trial.h"

static const struct leads_person *decided(struct leads_search *q, Baton__ShadowDecision *d)
{
    const struct leads_policy *p = q->r->policy;
    size_t rule = leads_is_worn(q->lead) ? p->n_rules
                                         : leads_search_rule(q, ARENA_ARRAY(q->arena, uint8_t, p->n_rules));
    d->cause = BATON__ASSIGN_CAUSE__ASSIGN_CAUSE_LAST_RESORT;
    if (rule == p->n_rules)
        return &q->r->persons[q->r->last_resort];
    const struct leads_pool *pool = &q->r->pools[p->rules[rule].pool];
    d->has_rule_index = true;
    d->rule_index = (uint32_t)rule;
    d->pool_id = arena_strdup(q->arena, pool->id);
    d->cause = pool->pull ? BATON__ASSIGN_CAUSE__ASSIGN_CAUSE_QUEUED : BATON__ASSIGN_CAUSE__ASSIGN_CAUSE_RULE;
    if (pool->pull)
        return leads_keeper(q->r, pool);
    d->n_shares = leads_trial_shares(q->last, q->r, q->arena, &d->shares);
    d->pool_clock = leads_trial_clock(q->last, q->arena);
    return &q->r->persons[pool->members[q->last->turn.chosen].person];
}

Baton__ShadowDecision *leads_shadow(const struct leads_routing *r, const Baton__Lead *lead, struct arena *a)
{
    struct leads_search q;
    Baton__ShadowDecision *d = ARENA_NEW(a, Baton__ShadowDecision);
    baton__shadow_decision__init(d);
    d->has_policy_version = d->has_cause = true;
    d->policy_version = r->policy->version;
    leads_search_init(&q, r, lead, a);
    d->owner_id = arena_strdup(a, decided(&q, d)->id);
    return d;
}

bool leads_decide_shadow(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct leads_publish_facts *f = facts;
    const Baton__ShadowPolicyRequest *q = (const Baton__ShadowPolicyRequest *)c->request;
    /* 1: one at a time */
    if (f->shadow)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "version",
                      "version %llu stands in the shadow already; end that first",
                      (unsigned long long)f->shadow);
    /* 2: one there is, 3: that does not decide anyway, 4: and could be published */
    if (!f->named)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "version", "there is no such version of the policy");
    if (q->version == f->in_force)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "version", "version %llu is in force",
                      (unsigned long long)q->version);
    if (!leads_policy_check(f->named, f->pool_known, f->unknown_user, f->unknown_territory, &out->no))
        return false;
    Baton__PolicyShadowed *e = ARENA_NEW(s->arena, Baton__PolicyShadowed);
    baton__policy_shadowed__init(e);
    e->has_policy_version = true;
    e->policy_version = q->version;
    outcome_event(out, e);
    Baton__ShadowPolicyResponse *reply = ARENA_NEW(s->arena, Baton__ShadowPolicyResponse);
    baton__shadow_policy_response__init(reply);
    out->reply = &reply->base;
    return true;
}

bool leads_decide_end_shadow(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const Baton__ShadowReport *report = facts;
    /* 5: there is one */
    if (!report->policy_version)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, NULL, "no policy stands in the shadow");
    Baton__PolicyShadowEnded *e = ARENA_NEW(s->arena, Baton__PolicyShadowEnded);
    baton__policy_shadow_ended__init(e);
    e->has_policy_version = true;
    e->policy_version = report->policy_version;
    outcome_event(out, e);
    /* 6: what it would have done is told once more, and forgotten */
    Baton__EndShadowResponse *reply = ARENA_NEW(s->arena, Baton__EndShadowResponse);
    baton__end_shadow_response__init(reply);
    reply->report = arena_copy(s->arena, report, sizeof *report);
    out->reply = &reply->base;
    return true;
}
