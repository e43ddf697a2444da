/* Publishing a routing policy, and what is to be said of pools before they are kept. */
#include <stdlib.h>
#include <string.h>

#include "services/leads/leads.h"

static bool is_draft(const Baton__Policy *p)
{
    return p->has_status && p->status == BATON__POLICY_STATUS__POLICY_STATUS_DRAFT;
}

/* The policy as a version: who and when are said here, whatever came in. */
static Baton__Policy *as_version(const Baton__Policy *from, uint64_t version, uint64_t parent,
                                 Baton__PolicyStatus status, struct stamp *s)
{
    Baton__Policy *p = arena_copy(s->arena, from, sizeof *from);
    p->has_version = p->has_status = true;
    p->version = version;
    p->status = status;
    p->has_parent_version = parent != 0;
    p->parent_version = parent;
    p->published_at = timestamp_of(s->arena, s->now_us);
    p->published_by = arena_strdup(s->arena, s->actor->user_id);
    return p;
}

/* What is to be published: what came in, or a draft; NULL: refused. */
static const Baton__Policy *to_publish(const struct leads_publish_facts *f,
                                       const Baton__PublishPolicyRequest *q, struct outcome *out)
{
    if (q->policy && q->has_version)
        (void)refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "version", "cannot be given along with a policy");
    else if (q->policy)
        return q->policy;
    else if (!q->has_version)
        (void)refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "policy", "is missing");
    else if (!f->named)
        (void)refuse(&out->no, REFUSAL_NOT_FOUND, "version", "there is no such version of the policy");
    else if (!is_draft(f->named))
        (void)refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "version",
                     "version %llu was published before; roll back to it instead",
                     (unsigned long long)q->version);
    else
        return f->named;
    return NULL;
}

bool leads_decide_publish(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct leads_publish_facts *f = facts;
    const Baton__PublishPolicyRequest *q = (const Baton__PublishPolicyRequest *)c->request;
    const Baton__Policy *from = to_publish(f, q, out);
    /* 8: the rules are sound (1 to 7: decide_rules.c) */
    if (!from || !leads_policy_check(from, f->pool_known, f->unknown_user, f->unknown_territory, &out->no))
        return false;
    /* 9: a new version, or the draft's; those before stay as they are */
    Baton__PolicyPublished *e = ARENA_NEW(s->arena, Baton__PolicyPublished);
    baton__policy_published__init(e);
    e->policy = as_version(from, q->policy ? f->version + 1 : from->version, f->in_force,
                           BATON__POLICY_STATUS__POLICY_STATUS_ACTIVE, s);
    outcome_event(out, e);
    Baton__PublishPolicyResponse *reply = ARENA_NEW(s->arena, Baton__PublishPolicyResponse);
    baton__publish_policy_response__init(reply);
    reply->policy = e->policy;
    out->reply = &reply->base;
    return true;
}

bool leads_decide_draft(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct leads_publish_facts *f = facts;
    const Baton__DraftPolicyRequest *q = (const Baton__DraftPolicyRequest *)c->request;
    /* 14: only what has never decided anything is replaced */
    if (q->has_version && !f->named)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "version", "there is no such version of the policy");
    if (q->has_version && !is_draft(f->named))
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "version", "version %llu is no draft any more",
                      (unsigned long long)q->version);
    /* 18: and not while it is looked at */
    if (q->has_version && q->version == f->shadow)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "version",
                      "version %llu stands in the shadow of the policy in force; end that first",
                      (unsigned long long)q->version);
    Baton__PolicyDrafted *e = ARENA_NEW(s->arena, Baton__PolicyDrafted);
    baton__policy_drafted__init(e);
    e->policy = as_version(q->policy, q->has_version ? q->version : f->version + 1, f->in_force,
                           BATON__POLICY_STATUS__POLICY_STATUS_DRAFT, s);
    outcome_event(out, e);
    Baton__DraftPolicyResponse *reply = ARENA_NEW(s->arena, Baton__DraftPolicyResponse);
    baton__draft_policy_response__init(reply);
    reply->policy = e->policy;
    out->reply = &reply->base;
    return true;
}

static bool may_roll_back(const struct leads_publish_facts *f, bool is_named, struct outcome *out)
{
    /* 15: to a version that has been in force */
    if (!f->named)
        return is_named
                   ? refuse(&out->no, REFUSAL_NOT_FOUND, "version", "there is no such version of the policy")
                   : refuse(&out->no, REFUSAL_FAILED_PRECONDITION, NULL,
                            "there is no version before the one in force");
    if (is_draft(f->named))
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "version",
                      "version %llu is a draft; publish it instead", (unsigned long long)f->named->version);
    /* 16: that is not in force */
    if (f->named->version == f->in_force)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "version", "version %llu is in force already",
                      (unsigned long long)f->in_force);
    /* 17: and whose pools and people are still there */
    return leads_policy_check(f->named, f->pool_known, f->unknown_user, f->unknown_territory, &out->no);
}

bool leads_decide_roll_back(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct leads_publish_facts *f = facts;
    const Baton__RollBackPolicyRequest *q = (const Baton__RollBackPolicyRequest *)c->request;
    if (!may_roll_back(f, q->has_version, out))
        return false;
    Baton__PolicyActivated *e = ARENA_NEW(s->arena, Baton__PolicyActivated);
    baton__policy_activated__init(e);
    e->has_version = e->has_previous_version = true;
    e->version = f->named->version;
    e->previous_version = f->in_force;
    outcome_event(out, e);
    Baton__RollBackPolicyResponse *reply = ARENA_NEW(s->arena, Baton__RollBackPolicyResponse);
    baton__roll_back_policy_response__init(reply);
    reply->policy = arena_copy(s->arena, f->named, sizeof *f->named);
    reply->policy->has_status = true;
    reply->policy->status = BATON__POLICY_STATUS__POLICY_STATUS_ACTIVE;
    out->reply = &reply->base;
    return true;
}

static int by_id(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* An id that stands in the pool twice; NULL: none does. */
static const char *twice(const Baton__Pool *p, struct arena *a)
{
    const char **ids = ARENA_ARRAY(a, const char *, p->n_members);
    for (size_t i = 0; i < p->n_members; i++)
        ids[i] = p->members[i]->user_id ? p->members[i]->user_id : "";
    qsort(ids, p->n_members, sizeof *ids, by_id);
    for (size_t i = 1; i < p->n_members; i++)
        if (strcmp(ids[i - 1], ids[i]) == 0)
            return ids[i];
    return NULL;
}

static const Baton__Rule *rule_using(const Baton__Policy *policy, const char *pool_id)
{
    for (size_t i = 0; policy && i < policy->n_rules; i++)
        if (policy->rules[i]->pool_id && strcmp(policy->rules[i]->pool_id, pool_id) == 0)
            return policy->rules[i];
    return NULL;
}

bool leads_check_pool(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                      struct stamp *s, struct outcome *out)
{
    /* 10: a pool that rules need stays */
    if (!after) {
        const Baton__Rule *rule = rule_using(extra, ((const Baton__Pool *)before)->id);
        return !rule || refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "id",
                               "rule '%s' of the policy in force needs this pool", rule->name);
    }
    /* 11: everybody stands in it once */
    const char *id = twice((const Baton__Pool *)after, s->arena);
    return !id ||
           refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "pool.members", "user %s stands in it twice", id);
}
