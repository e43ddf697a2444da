/* Reading policies, and what is to be said against one before it decides anything. */
#include "services/leads/rows.h"

static void say_status(struct load *l, Baton__Policy *p)
{
    const Baton__Policy *now = leads_state_policy(l);
    if (p->has_status && p->status == BATON__POLICY_STATUS__POLICY_STATUS_DRAFT)
        return;
    p->has_status = true;
    p->status = now && now->version == p->version ? BATON__POLICY_STATUS__POLICY_STATUS_ACTIVE
                                                  : BATON__POLICY_STATUS__POLICY_STATUS_SUPERSEDED;
}

static Baton__Policy *find(struct load *l, bool has_version, uint64_t version, struct refusal *no)
{
    Baton__Policy *p = has_version ? leads_policy_version(l->txn, version, l->arena)
                                   : leads_policy_in_force(l->txn, l->arena);
    if (!p)
        (void)refuse(no, REFUSAL_NOT_FOUND, has_version ? "version" : NULL,
                     has_version ? "there is no such version" : "no policy has been published yet");
    return p;
}

bool leads_query_policy(struct load *l, const struct command *c, ProtobufCMessage **reply, struct refusal *no)
{
    const Baton__GetPolicyRequest *q = (const Baton__GetPolicyRequest *)c->request;
    Baton__GetPolicyResponse *out = ARENA_NEW(l->arena, Baton__GetPolicyResponse);
    baton__get_policy_response__init(out);
    out->policy = find(l, q->has_version, q->version, no);
    if (!out->policy)
        return false;
    say_status(l, out->policy);
    leads_skipped_list(l, out->policy, out);
    *reply = &out->base;
    return true;
}

static void look_at_pool(struct load *l, const char *pool_id, struct leads_pool_facts *out)
{
    const Baton__Pool *pool = table_get_id(l->txn, LEADS_POOL, pool_id, l->arena);
    if (!pool)
        return;
    out->name = pool->name;
    out->n_members = pool->n_members;
    for (size_t i = 0; i < pool->n_members; i++) {
        const Baton__User *u = table_get_id(l->txn, LEADS_USER, pool->members[i]->user_id, l->arena);
        out->n_active += u && u->status == BATON__USER_STATUS__USER_STATUS_ACTIVE;
    }
}

bool leads_query_policy_check(struct load *l, const struct command *c, ProtobufCMessage **reply,
                              struct refusal *no)
{
    const Baton__CheckPolicyRequest *q = (const Baton__CheckPolicyRequest *)c->request;
    const Baton__Policy *p = q->policy ? q->policy : find(l, q->has_version, q->version, no);
    Baton__CheckPolicyResponse *out = ARENA_NEW(l->arena, Baton__CheckPolicyResponse);
    baton__check_policy_response__init(out);
    if (!p)
        return false;
    struct leads_publish_facts f = {0};
    struct leads_pool_facts *pools = ARENA_ARRAY(l->arena, struct leads_pool_facts, p->n_rules);
    const char **idle = ARENA_ARRAY(l->arena, const char *, p->n_rules);
    leads_publish_facts_of(l->txn, p, l->arena, &f);
    f.idle_territory = idle;
    for (size_t i = 0; i < p->n_rules; i++) {
        look_at_pool(l, p->rules[i]->pool_id, &pools[i]);
        idle[i] = leads_idle_territory(l, p->rules[i]);
    }
    leads_policy_findings(p, &f, pools, out, l->arena);
    *reply = &out->base;
    return true;
}
