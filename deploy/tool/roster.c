/* Building a company through the API. */
#include "tool/roster.h"

#include <string.h>

bool roster_load(struct roster *r, struct api *api, struct arena *a)
{
    *r = (struct roster){.api = api, .arena = a};
    return records_load(api, "user", a, &r->users, &r->no) &&
           records_load(api, "team", a, &r->teams, &r->no) &&
           records_load(api, "territory", a, &r->territories, &r->no) &&
           records_load(api, "pool", a, &r->pools, &r->no);
}

Baton__Territory *roster_territory(struct roster *r, const char *name, Baton__TerritoryKind kind)
{
    Baton__Territory t;
    baton__territory__init(&t);
    t.name = (char *)name;
    t.has_kind = true;
    t.kind = kind;
    return (Baton__Territory *)records_ensure(r->api, &r->territories, "name", &t.base, r->arena,
                                              &r->territories_made, &r->no);
}

Baton__Team *roster_team(struct roster *r, const char *name, const Baton__User *manager)
{
    Baton__Team t;
    baton__team__init(&t);
    t.name = (char *)name;
    t.manager_id = manager->id;
    return (Baton__Team *)records_ensure(r->api, &r->teams, "name", &t.base, r->arena, &r->teams_made,
                                         &r->no);
}

Baton__User *roster_user(struct roster *r, Baton__User *user)
{
    return (Baton__User *)records_ensure(r->api, &r->users, "email", &user->base, r->arena, &r->users_made,
                                         &r->no);
}

static Baton__PoolMember *member_of(struct roster *r, const Baton__User *user)
{
    Baton__PoolMember *m = ARENA_NEW(r->arena, Baton__PoolMember);
    baton__pool_member__init(m);
    m->user_id = user->id;
    m->has_weight = true;
    m->weight = 1;
    return m;
}

static bool is_member(const Baton__Pool *pool, const char *user_id)
{
    for (size_t i = 0; i < pool->n_members; i++)
        if (strcmp(pool->members[i]->user_id, user_id) == 0)
            return true;
    return false;
}

/* Those of `people` who are not in the pool join it. */
static bool complete_pool(struct roster *r, Baton__Pool *pool, const Baton__User *const *people, size_t n)
{
    Baton__PoolMember **members = ARENA_ARRAY(r->arena, Baton__PoolMember *, pool->n_members + n);
    Baton__Pool change;
    if (pool->n_members > 0)
        memcpy(members, pool->members, pool->n_members * sizeof *members);
    size_t total = pool->n_members;
    for (size_t i = 0; i < n; i++)
        if (!is_member(pool, people[i]->id))
            members[total++] = member_of(r, people[i]);
    if (total == pool->n_members)
        return true;
    baton__pool__init(&change);
    change.id = pool->id;
    change.members = members;
    change.n_members = total;
    return records_update(r->api, &change.base, r->arena, &r->no);
}

Baton__Pool *roster_pool(struct roster *r, const char *name, const Baton__User *const *people, size_t n)
{
    Baton__Pool fresh;
    Baton__Pool *pool = (Baton__Pool *)records_find(&r->pools, "name", name);
    if (pool != NULL)
        return complete_pool(r, pool, people, n) ? pool : NULL;
    baton__pool__init(&fresh);
    fresh.name = (char *)name;
    fresh.members = ARENA_ARRAY(r->arena, Baton__PoolMember *, n);
    for (size_t i = 0; i < n; i++)
        fresh.members[fresh.n_members++] = member_of(r, people[i]);
    return (Baton__Pool *)records_ensure(r->api, &r->pools, "name", &fresh.base, r->arena, &r->pools_made,
                                         &r->no);
}

Baton__Rule *roster_rule(struct roster *r, const char *name, const Baton__Pool *pool, const char *field,
                         Baton__Operator operator, const char * const * values, size_t n_values)
{
    Baton__Rule *rule = ARENA_NEW(r->arena, Baton__Rule);
    baton__rule__init(rule);
    rule->name = arena_strdup(r->arena, name);
    rule->pool_id = pool->id;
    if (field == NULL)
        return rule;
    Baton__Condition *condition = ARENA_NEW(r->arena, Baton__Condition);
    baton__condition__init(condition);
    condition->field = (char *)field;
    condition->has_operator_ = true;
    condition->operator_ = operator;
    condition->n_values = n_values;
    condition->values = ARENA_ARRAY(r->arena, char *, n_values);
    for (size_t i = 0; i < n_values; i++)
        condition->values[i] = (char *)values[i];
    rule->n_conditions = 1;
    rule->conditions = ARENA_NEW(r->arena, Baton__Condition *);
    rule->conditions[0] = condition;
    return rule;
}

static bool same_rules(struct roster *r, const Baton__Policy *policy, Baton__Rule **rules, size_t n)
{
    if (policy == NULL || policy->n_rules != n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!bytes_equal(schema_pack(&policy->rules[i]->base, r->arena),
                         schema_pack(&rules[i]->base, r->arena)))
            return false;
    return true;
}

bool roster_policy(struct roster *r, Baton__Rule **rules, size_t n, const char *comment, bool *published)
{
    Baton__GetPolicyRequest get;
    Baton__PublishPolicyRequest publish;
    Baton__Policy policy;
    void *answer;
    *published = false;
    baton__get_policy_request__init(&get);
    if (!api_call(r->api, "LeadService/GetPolicy", &get, r->arena, &answer, &r->no)) {
        if (r->no.code != REFUSAL_NOT_FOUND)
            return false;
    } else if (same_rules(r, ((Baton__GetPolicyResponse *)answer)->policy, rules, n))
        return true;
    baton__policy__init(&policy);
    policy.comment = (char *)comment;
    policy.rules = rules;
    policy.n_rules = n;
    baton__publish_policy_request__init(&publish);
    publish.request_id = request_id_new(r->arena);
    publish.policy = &policy;
    *published = true;
    return api_call(r->api, "LeadService/PublishPolicy", &publish, r->arena, &answer, &r->no);
}
