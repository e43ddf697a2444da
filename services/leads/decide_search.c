/* The rules asked for a lead, one after the other, until one decides. */
#include <string.h>

#include "services/leads/trial.h"

void leads_search_init(struct leads_search *q, const struct leads_routing *r, const Baton__Lead *lead,
                       struct arena *a)
{
    *q = (struct leads_search){.r = r, .lead = lead, .arena = a};
    leads_asked_init(&q->asked, r, lead, a);
}

static bool try_pool(struct leads_search *q, const struct leads_rule *rule, const struct leads_pool *pool)
{
    struct leads_trial *t = leads_try(&q->asked, rule, pool, q->arena);
    t->before = q->last;
    q->last = t;
    q->n_trials++;
    return t->chosen;
}

/* A second try that asks the same of the same pool would end the same. */
static bool is_tried(const struct leads_search *q, const struct leads_rule *rule,
                     const struct leads_pool *pool)
{
    for (const struct leads_trial *t = q->last; t; t = t->before)
        if (t->pool == pool && leads_filter_same(t->rule, rule))
            return true;
    return false;
}

/* 10: the first rule that matches and whose pool has somebody decides */
static bool decides(struct leads_search *q, size_t i, unsigned failed)
{
    const struct leads_rule *rule = &q->r->policy->rules[i];
    if (failed)
        return false;
    const struct leads_pool *pool = &q->r->pools[rule->pool];
    return pool->pull || (!is_tried(q, rule, pool) && try_pool(q, rule, pool));
}

size_t leads_search_rule(struct leads_search *q, uint8_t *failed)
{
    struct leads_match m;
    const size_t n = q->r->policy->n_rules;
    leads_match_init(&m, q->r->policy, q->r->territories, q->lead, q->arena);
    size_t i = 0, from = 0;
    for (; (i = leads_match_next(&m, from)) < n; from = i + 1) {
        memset(failed + from, 1, i - from);
        failed[i] = (uint8_t)leads_rule_failed(&m, q->r, i);
        if (decides(q, i, failed[i]))
            break;
    }
    if (i == n)
        memset(failed + from, 1, n - from);
    return i;
}

bool leads_is_worn(const Baton__Lead *lead)
{
    return lead->n_previous_owner_ids >= LEADS_HOLDERS_MAX;
}

const struct leads_person *leads_keeper(const struct leads_routing *r, const struct leads_pool *queue)
{
    bool kept =
        queue->keeper != LEADS_NOBODY && r->persons[queue->keeper].known && r->persons[queue->keeper].active;
    return &r->persons[kept ? queue->keeper : r->last_resort];
}

static Baton__Share *share_record(const struct leads_trial *t, const struct leads_routing *r,
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

size_t leads_trial_shares(const struct leads_trial *t, const struct leads_routing *r, struct arena *a,
                          Baton__Share ***out)
{
    struct leads_member after;
    const struct leads_pool *pool = t->pool;
    size_t n = 0, most = 0;
    for (size_t i = 0; i < pool->n_members; i++)
        most += leads_share_after(pool->members, i, t->left_out[i], &t->turn, &after);
    *out = ARENA_ARRAY(a, Baton__Share *, most);
    for (size_t i = 0; n < most; i++)
        if (leads_share_after(pool->members, i, t->left_out[i], &t->turn, &after))
            (*out)[n++] = share_record(t, r, &after, a);
    return n;
}

Baton__PoolClock *leads_trial_clock(const struct leads_trial *t, struct arena *a)
{
    Baton__PoolClock *c = ARENA_NEW(a, Baton__PoolClock);
    baton__pool_clock__init(c);
    c->pool_id = arena_strdup(a, t->pool->id);
    c->has_virtual_time = c->has_assigned = true;
    c->virtual_time = t->turn.after;
    c->assigned = t->pool->assigned + 1;
    return c;
}
