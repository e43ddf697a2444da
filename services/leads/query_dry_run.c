/* Who would get a lead now, by any policy, and why: decided as always, and nothing is kept. */
#include "services/leads/rows.h"

/* The policy in the request, or a version of it, or the one in force (NULL if there is none). False: refused.
 */
static bool policy_of(struct load *l, const Baton__DryRunPolicyRequest *q, const Baton__Policy **out,
                      struct refusal *no)
{
    struct leads_publish_facts f = {0};
    *out = q->policy        ? q->policy
           : q->has_version ? leads_policy_version(l->txn, q->version, l->arena)
                            : leads_policy_in_force(l->txn, l->arena);
    if (q->policy && q->has_version)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "version", "cannot be given along with a policy");
    if (!*out)
        return !q->has_version ||
               refuse(no, REFUSAL_NOT_FOUND, "version", "there is no such version of the policy");
    leads_publish_facts_of(l->txn, *out, l->arena, &f);
    return leads_policy_check(*out, f.pool_known, f.unknown_user, f.unknown_territory, no);
}

/* A lead that is there, as if nobody held it. */
static Baton__Lead *known_lead(struct load *l, const struct command *c, const char *id,
                               struct leads_routing *r, struct refusal *no)
{
    Baton__Lead *lead = leads_query_lead(l, c, id, no);
    if (!lead) {
        (void)refuse(no, REFUSAL_NOT_FOUND, "lead_id", "there is no such lead");
        return NULL;
    }
    lead = leads_copy(lead, l->arena);
    if (lead->open)
        leads_routing_note_open(r, lead->owner_id, -1);
    lead->owner_id = NULL;
    return lead;
}

static Baton__Lead *lead_of(struct load *l, const struct command *c, const Baton__DryRunPolicyRequest *q,
                            struct leads_routing *r, struct refusal *no)
{
    if (!q->lead == !q->lead_id) {
        (void)refuse(no, REFUSAL_INVALID_ARGUMENT, "lead",
                     q->lead ? "cannot be given along with lead_id" : "is missing");
        return NULL;
    }
    Baton__Lead *lead = q->lead_id ? known_lead(l, c, q->lead_id, r, no) : leads_tidy(q->lead, l->arena);
    if (!lead)
        return NULL;
    lead->id = lead->id ? lead->id : arena_strdup(l->arena, "");
    leads_complete(lead);
    leads_territories_place(r->territories, lead, l->arena);
    if (q->lead)
        leads_score(r->score, lead, l->arena);
    return lead;
}

static void answer(struct load *l, const struct leads_routing *r, Baton__Lead *lead, const struct command *c,
                   const Baton__Policy *policy, Baton__DryRunPolicyResponse *out)
{
    struct stamp s = {.now_us = l->now_us, .actor = c->actor, .arena = l->arena};
    Baton__LeadAssigned *e = leads_route(r, lead, BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_ARRIVED, &s);
    out->lead = lead;
    out->owner_id = e->owner_id;
    out->pool_id = e->pool_id;
    out->queue_id = e->queue_id;
    out->reason = e->reason;
    out->response_due_at = e->response_due_at;
    out->decision = leads_explain_decision(l, lead, e->decision, policy);
}

/* The routing of now with another policy, which may name pools that were not asked about so far. */
static struct leads_routing *routing_with(struct load *l, const Baton__Policy *policy)
{
    struct leads_policy *compiled = policy ? leads_state_compile(l, policy, l->arena) : NULL;
    struct leads_routing *r = leads_routing_copy(leads_state_routing(l), l->arena);
    if (compiled)
        (void)leads_skipped_load(l, r, compiled); /* nobody is told */
    r->policy = compiled;
    return r;
}

bool leads_query_dry_run(struct load *l, const struct command *c, ProtobufCMessage **reply,
                         struct refusal *no)
{
    const Baton__DryRunPolicyRequest *q = (const Baton__DryRunPolicyRequest *)c->request;
    Baton__DryRunPolicyResponse *out = ARENA_NEW(l->arena, Baton__DryRunPolicyResponse);
    baton__dry_run_policy_response__init(out);
    const Baton__Policy *policy;
    if (!policy_of(l, q, &policy, no))
        return false;
    struct leads_routing *r = routing_with(l, policy);
    if (!r->ready)
        return refuse(no, REFUSAL_UNAVAILABLE, NULL, "Baton is still starting; try again");
    Baton__Lead *lead = lead_of(l, c, q, r, no);
    if (!lead)
        return false;
    answer(l, r, lead, c, policy, out);
    *reply = &out->base;
    return true;
}
