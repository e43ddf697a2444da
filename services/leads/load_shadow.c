/* The shadow policy's routing in memory: the persons of the live one, and pools with shares of its own. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "services/leads/rows.h"

enum { POLICY_BYTES_MAX = 256 << 20 };

struct leads_shadow {
    struct leads_routing routing;
    struct leads_pool *pools; /* in the live routing's places; only those its rules name are filled in */
    size_t n_pools;
    struct leads_policy *policy; /* NULL: none stands in the shadow */
    struct arena *memory;
    bool policy_stale, pools_stale;
};

struct leads_shadow *leads_shadow_new(void)
{
    struct leads_shadow *s = calloc(1, sizeof *s);
    assert(s);
    s->memory = arena_new(POLICY_BYTES_MAX);
    s->policy_stale = true;
    return s;
}

static void forget_pools(struct leads_shadow *s)
{
    for (size_t i = 0; i < s->n_pools; i++)
        free(s->pools[i].members);
    free(s->pools);
    s->pools = NULL;
    s->n_pools = 0;
}

void leads_shadow_free(struct leads_shadow *s)
{
    forget_pools(s);
    arena_free(s->memory);
    free(s);
}

void leads_shadow_note_policy(struct leads_shadow *s)
{
    s->policy_stale = true;
}

void leads_shadow_note_pools(struct leads_shadow *s)
{
    s->pools_stale = true;
}

void leads_shadow_load(struct leads_shadow *s, struct load *l)
{
    struct key key = key_of(LEADS_SHADOW_ID);
    if (!s->policy_stale)
        return;
    const Baton__PolicyShadow *row = table_get(l->txn, LEADS_SHADOW, &key, l->arena);
    arena_reset(s->memory);
    const Baton__Policy *p = row ? leads_policy_version(l->txn, row->policy_version, s->memory) : NULL;
    s->policy = p ? leads_state_compile(l, p, s->memory) : NULL;
    forget_pools(s);
    s->policy_stale = false;
    s->pools_stale = true;
}

static void member_load(struct load *l, const char *pool_id, const char *user_id, struct leads_member *m)
{
    struct key key;
    key_init(&key);
    key_text(&key, pool_id);
    key_text(&key, user_id);
    const Baton__Share *share = table_get(l->txn, LEADS_SHADOW_SHARE, &key, l->arena);
    m->position = share ? share->position : 0;
    m->parked = !share || share->parked;
    m->received = share ? share->received : 0;
}

/* The same people at the same weights; what is owed to them is the shadow's own. */
static void pool_load(struct load *l, const struct leads_routing *live, uint32_t place, struct leads_pool *p)
{
    const struct leads_pool *from = &live->pools[place];
    struct key key = key_of(from->id);
    free(p->members);
    *p = *from;
    p->name = ""; /* nobody asks for it, and the live one may go */
    p->members = calloc(p->n_members ? p->n_members : 1, sizeof *p->members);
    assert(p->members);
    for (size_t i = 0; i < p->n_members; i++) {
        p->members[i] = from->members[i];
        member_load(l, p->id, live->persons[from->members[i].person].id, &p->members[i]);
    }
    const Baton__PoolClock *clock = table_get(l->txn, LEADS_SHADOW_CLOCK, &key, l->arena);
    p->virtual_time = clock ? clock->virtual_time : 0;
    p->assigned = clock ? clock->assigned : 0;
}

static void grow(struct leads_shadow *s, const struct leads_routing *live)
{
    s->pools = reallocarray(s->pools, live->n_pools ? live->n_pools : 1, sizeof *s->pools);
    assert(s->pools);
    for (; s->n_pools < live->n_pools; s->n_pools++) {
        s->pools[s->n_pools] = (struct leads_pool){.name = ""};
        memcpy(s->pools[s->n_pools].id, live->pools[s->n_pools].id, IDENT_TEXT_SIZE);
    }
}

static void pools_load(struct leads_shadow *s, struct load *l, const struct leads_routing *live)
{
    grow(s, live);
    for (size_t i = 0; i < s->policy->n_rules; i++) {
        uint32_t place = s->policy->rules[i].pool;
        if (place != LEADS_NO_POOL && s->pools[place].revision != live->pools[place].revision)
            pool_load(l, live, place, &s->pools[place]);
    }
    (void)leads_skipped_load(l, live, s->policy); /* nobody is told */
    s->pools_stale = false;
}

struct leads_routing *leads_shadow_look(struct leads_shadow *s, struct load *l,
                                        const struct leads_routing *live)
{
    if (!s->policy)
        return NULL;
    if (s->pools_stale)
        pools_load(s, l, live);
    s->routing = *live;
    s->routing.policy = s->policy;
    s->routing.pools = s->pools;
    s->routing.shadow = NULL;
    return &s->routing;
}
