/* Policies: which is in force, which is meant, and what their rules speak of. */
#include <string.h>

#include "services/leads/rows.h"

static bool is_draft(const Baton__Policy *p)
{
    return p->has_status && p->status == BATON__POLICY_STATUS__POLICY_STATUS_DRAFT;
}

/* Drafts are passed over unless they are asked for. Below `version`; 0: any. */
static Baton__Policy *newest(struct txn *t, uint64_t version, bool drafts, struct arena *a)
{
    struct table_scan scan;
    Baton__Policy *p;
    if (!table_scan_open(&scan, t, LEADS_POLICY, NULL, NULL, NULL, true))
        return NULL;
    while ((p = table_scan_next(&scan, a)))
        if ((drafts || !is_draft(p)) && (version == 0 || p->version < version))
            break;
    table_scan_close(&scan);
    return p;
}

Baton__Policy *leads_policy_version(struct txn *t, uint64_t version, struct arena *a)
{
    struct key key;
    key_init(&key);
    key_u64(&key, version);
    return table_get(t, LEADS_POLICY, &key, a);
}

Baton__Policy *leads_policy_in_force(struct txn *t, struct arena *a)
{
    struct key key = key_of(LEADS_IN_FORCE_ID);
    const Baton__PolicyInForce *row = table_get(t, LEADS_POLICY_IN_FORCE, &key, a);
    return row ? leads_policy_version(t, row->version, a) : newest(t, 0, false, a);
}

static const char *unknown_user(struct txn *t, const Baton__Rule *rule)
{
    for (size_t i = 0; i < rule->n_preferred_user_ids; i++) {
        struct key key = key_of(rule->preferred_user_ids[i]);
        if (!table_seq(t, LEADS_USER, &key))
            return rule->preferred_user_ids[i];
    }
    return NULL;
}

static bool is_about_territories(const Baton__Condition *c)
{
    return c->field && strcmp(c->field, LEADS_TERRITORY_FIELD) == 0;
}

static const char *unknown_territory(struct txn *t, const Baton__Rule *rule)
{
    for (size_t i = 0; i < rule->n_conditions; i++)
        for (size_t k = 0; is_about_territories(rule->conditions[i]) && k < rule->conditions[i]->n_values;
             k++) {
            struct key key = key_of(rule->conditions[i]->values[k]);
            if (!table_seq(t, LEADS_TERRITORY, &key))
                return rule->conditions[i]->values[k];
        }
    return NULL;
}

const char *leads_idle_territory(struct load *l, const Baton__Rule *rule)
{
    const struct leads_territories *all = leads_state_routing(l)->territories;
    for (size_t i = 0; i < rule->n_conditions; i++)
        for (size_t k = 0; is_about_territories(rule->conditions[i]) && k < rule->conditions[i]->n_values;
             k++) {
            const Baton__Territory *t =
                table_get_id(l->txn, LEADS_TERRITORY, rule->conditions[i]->values[k], l->arena);
            if (t && !leads_territories_know(all, t->id))
                return t->name;
        }
    return NULL;
}

void leads_publish_facts_of(struct txn *t, const Baton__Policy *policy, struct arena *a,
                            struct leads_publish_facts *f)
{
    bool *known = ARENA_ARRAY(a, bool, policy->n_rules);
    const char **unknown = ARENA_ARRAY(a, const char *, policy->n_rules);
    const char **nowhere = ARENA_ARRAY(a, const char *, policy->n_rules);
    for (size_t i = 0; i < policy->n_rules; i++) {
        struct key key = key_of(policy->rules[i]->pool_id);
        known[i] = table_seq(t, LEADS_POOL, &key) != 0;
        unknown[i] = unknown_user(t, policy->rules[i]);
        nowhere[i] = unknown_territory(t, policy->rules[i]);
    }
    f->pool_known = known;
    f->unknown_user = unknown;
    f->unknown_territory = nowhere;
}

/* 0: none. */
static uint64_t shadowed(struct load *l)
{
    struct key key = key_of(LEADS_SHADOW_ID);
    const Baton__PolicyShadow *row = table_get(l->txn, LEADS_SHADOW, &key, l->arena);
    return row ? row->policy_version : 0;
}

/* `policy` is what is to be checked; it may be the named one. */
static struct leads_publish_facts *facts(struct load *l, const Baton__Policy *policy,
                                         const Baton__Policy *named)
{
    struct leads_publish_facts *f = ARENA_NEW(l->arena, struct leads_publish_facts);
    const Baton__Policy *now = leads_state_policy(l), *last = newest(l->txn, 0, true, l->arena);
    if (policy)
        leads_publish_facts_of(l->txn, policy, l->arena, f);
    f->in_force = now ? now->version : 0;
    f->version = last ? last->version : 0;
    f->shadow = shadowed(l);
    f->named = named;
    return f;
}

void *leads_load_publish(struct load *l, const struct command *c)
{
    const Baton__PublishPolicyRequest *q = (const Baton__PublishPolicyRequest *)c->request;
    const Baton__Policy *named = q->has_version ? leads_policy_version(l->txn, q->version, l->arena) : NULL;
    return facts(l, q->policy ? q->policy : named, named);
}

void *leads_load_draft(struct load *l, const struct command *c)
{
    const Baton__DraftPolicyRequest *q = (const Baton__DraftPolicyRequest *)c->request;
    return facts(l, NULL, q->has_version ? leads_policy_version(l->txn, q->version, l->arena) : NULL);
}

void *leads_load_shadow(struct load *l, const struct command *c)
{
    const Baton__ShadowPolicyRequest *q = (const Baton__ShadowPolicyRequest *)c->request;
    const Baton__Policy *named = leads_policy_version(l->txn, q->version, l->arena);
    return facts(l, named, named);
}

/* Versions of before there were parents: the one below. */
static const Baton__Policy *one_before(struct load *l)
{
    const Baton__Policy *now = leads_state_policy(l);
    if (!now)
        return NULL;
    return now->has_parent_version ? leads_policy_version(l->txn, now->parent_version, l->arena)
                                   : newest(l->txn, now->version, false, l->arena);
}

void *leads_load_roll_back(struct load *l, const struct command *c)
{
    const Baton__RollBackPolicyRequest *q = (const Baton__RollBackPolicyRequest *)c->request;
    const Baton__Policy *named =
        q->has_version ? leads_policy_version(l->txn, q->version, l->arena) : one_before(l);
    return facts(l, named, named);
}
