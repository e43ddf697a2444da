/* The routing in memory: built from rows when first needed, kept in step by apply. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "services/leads/rows.h"

enum { POLICY_BYTES_MAX = 256 << 20, INDEX_LEAST = 64 };

struct leads_state {
    struct leads_routing routing;
    size_t persons_max, pools_max;
    struct leads_calendar *calendar; /* NULL: the organisation is not known */
    struct arena *policy_memory;
    const Baton__Policy *policy; /* in policy_memory */
    bool organisation_stale, policy_stale, pools_stale, persons_stale;
    int64_t change_us; /* somebody's working time begins or ends */
};

void *leads_state_new(void)
{
    struct leads_state *s = calloc(1, sizeof *s);
    assert(s);
    s->policy_memory = arena_new(POLICY_BYTES_MAX);
    s->organisation_stale = s->policy_stale = true;
    s->routing.last_resort = LEADS_NOBODY;
    return s;
}

static void pool_release(struct leads_pool *p)
{
    free((char *)(uintptr_t)p->name);
    free(p->members);
}

void leads_state_free(void *state)
{
    struct leads_state *s = state;
    for (size_t i = 0; i < s->routing.n_persons; i++)
        leads_person_release(&s->routing.persons[i]);
    for (size_t i = 0; i < s->routing.n_pools; i++)
        pool_release(&s->routing.pools[i]);
    free(s->routing.persons);
    free(s->routing.pools);
    free(s->routing.person_index.slots);
    free(s->routing.pool_index.slots);
    leads_calendar_free(s->calendar);
    arena_free(s->policy_memory);
    free(s);
}

/* Room for one more, and an index at most half full. */
static void *grow(void *items, size_t *most, size_t n, size_t size, struct leads_index *x)
{
    if (n < *most)
        return items;
    *most = *most ? *most * 2 : INDEX_LEAST;
    items = reallocarray(items, *most, size);
    assert(items);
    free(x->slots);
    x->size = *most * 2;
    x->slots = calloc(x->size, sizeof *x->slots);
    assert(x->slots);
    for (size_t i = 0; i < n; i++)
        leads_index_enter(x, items, size, i + 1);
    return items;
}

/* Members of a pool whose id can be none share the place of nobody at all. */
static uint32_t person_place(struct leads_state *s, const char *id)
{
    struct leads_routing *r = &s->routing;
    if (!id || strlen(id) >= IDENT_TEXT_SIZE)
        id = "";
    uint32_t found = leads_person_find(r, id);
    if (found != LEADS_NOBODY)
        return found;
    r->persons = grow(r->persons, &s->persons_max, r->n_persons, sizeof *r->persons, &r->person_index);
    struct leads_person *p = &r->persons[r->n_persons++];
    *p = (struct leads_person){.stale = true};
    memcpy(p->id, id, strlen(id) + 1);
    leads_index_enter(&r->person_index, r->persons, sizeof *r->persons, r->n_persons);
    s->persons_stale = true;
    return (uint32_t)(r->n_persons - 1);
}

static uint32_t pool_place(struct leads_state *s, const char *id)
{
    struct leads_routing *r = &s->routing;
    if (!id || strlen(id) >= IDENT_TEXT_SIZE)
        return LEADS_NO_POOL;
    uint32_t found = leads_pool_find(r, id);
    if (found != LEADS_NO_POOL)
        return found;
    r->pools = grow(r->pools, &s->pools_max, r->n_pools, sizeof *r->pools, &r->pool_index);
    struct leads_pool *p = &r->pools[r->n_pools++];
    *p = (struct leads_pool){.stale = true};
    memcpy(p->id, id, strlen(id) + 1);
    leads_index_enter(&r->pool_index, r->pools, sizeof *r->pools, r->n_pools);
    s->pools_stale = true;
    return (uint32_t)(r->n_pools - 1);
}

static void organisation_load(struct leads_state *s, struct load *l)
{
    struct table_scan scan;
    Baton__Organisation *o = NULL;
    if (table_scan_open(&scan, l->txn, LEADS_ORGANISATION, NULL, NULL, NULL, false)) {
        o = table_scan_next(&scan, l->arena);
        table_scan_close(&scan);
    }
    leads_calendar_free(s->calendar);
    s->calendar = o ? leads_calendar_new(o) : NULL;
    s->routing.ready = o && o->last_resort_user_id;
    s->routing.last_resort = s->routing.ready ? person_place(s, o->last_resort_user_id) : LEADS_NOBODY;
    s->routing.response_minutes = o && o->has_response_minutes ? o->response_minutes : LEADS_RESPONSE_MINUTES;
    for (size_t i = 0; i < s->routing.n_persons; i++)
        s->routing.persons[i].stale = true;
    s->persons_stale = true;
    s->organisation_stale = false;
}

static void policy_load(struct leads_state *s, struct load *l)
{
    struct leads_policy *p = NULL;
    arena_reset(s->policy_memory);
    s->policy = leads_policy_newest(l->txn, s->policy_memory);
    if (s->policy)
        p = leads_policy_compile(s->policy, s->policy_memory);
    for (size_t i = 0; p && i < p->n_rules; i++)
        p->rules[i].pool = pool_place(s, p->rules[i].source->pool_id);
    s->routing.policy = p;
    s->policy_stale = false;
}

static void member_load(struct load *l, struct leads_state *s, const struct leads_pool *p,
                        struct leads_member *m, const Baton__PoolMember *from)
{
    struct key key;
    uint32_t weight = from->has_weight ? from->weight : 1;
    *m = (struct leads_member){.person = person_place(s, from->user_id), .parked = true};
    m->weight = weight < 1 ? 1 : weight > LEADS_WEIGHT_MAX ? LEADS_WEIGHT_MAX : weight;
    key_init(&key);
    key_text(&key, p->id);
    key_text(&key, from->user_id);
    const Baton__Share *share = table_get(l->txn, LEADS_SHARE, &key, l->arena);
    if (!share)
        return;
    m->position = share->position;
    m->parked = share->parked;
    m->received = share->received;
}

static void pool_load(struct leads_state *s, struct load *l, struct leads_pool *p)
{
    const Baton__Pool *row = table_get_id(l->txn, LEADS_POOL, p->id, l->arena);
    struct key key = key_of(p->id);
    const Baton__PoolClock *clock = table_get(l->txn, LEADS_POOL_CLOCK, &key, l->arena);
    pool_release(p);
    p->stale = false;
    p->name = strdup(row && row->name ? row->name : "a pool that is gone");
    p->revision = row ? row->revision : 0;
    p->n_members = row ? row->n_members : 0;
    p->members = calloc(p->n_members ? p->n_members : 1, sizeof *p->members);
    assert(p->name && p->members);
    for (size_t i = 0; i < p->n_members; i++)
        member_load(l, s, p, &p->members[i], row->members[i]);
    p->virtual_time = clock ? clock->virtual_time : 0;
    p->assigned = clock ? clock->assigned : 0;
}

static void pools_load(struct leads_state *s, struct load *l)
{
    for (size_t i = 0; i < s->routing.n_pools; i++)
        if (s->routing.pools[i].stale)
            pool_load(s, l, &s->routing.pools[i]);
    s->pools_stale = false;
}

static void persons_load(struct leads_state *s, struct load *l)
{
    for (size_t i = 0; i < s->routing.n_persons; i++)
        if (s->routing.persons[i].stale)
            leads_person_load(l, &s->routing.persons[i], s->calendar);
    s->persons_stale = false;
    s->change_us = INT64_MIN;
}

/* Only whose hours begin or end now is asked for again. */
static void hours_look(struct leads_state *s, int64_t now_us)
{
    s->change_us = INT64_MAX;
    for (size_t i = 0; i < s->routing.n_persons; i++) {
        struct leads_person *p = &s->routing.persons[i];
        if (p->hours && p->until_us <= now_us)
            p->state = worktime_at(p->hours, now_us, &p->until_us);
        if (p->until_us < s->change_us)
            s->change_us = p->until_us;
    }
}

const struct leads_routing *leads_state_routing(struct load *l)
{
    struct leads_state *s = l->state;
    if (s->organisation_stale)
        organisation_load(s, l);
    if (s->policy_stale)
        policy_load(s, l);
    if (s->pools_stale)
        pools_load(s, l);
    if (s->persons_stale)
        persons_load(s, l);
    if (s->change_us <= l->now_us)
        hours_look(s, l->now_us);
    return &s->routing;
}

uint32_t leads_state_person(struct load *l, const char *user_id)
{
    if (!user_id || strlen(user_id) >= IDENT_TEXT_SIZE)
        return LEADS_NOBODY;
    return person_place(l->state, user_id);
}

const Baton__Policy *leads_state_policy(struct load *l)
{
    struct leads_state *s = l->state;
    (void)leads_state_routing(l); /* only to bring it up to date */
    return s->policy;
}

void leads_state_note_user(struct leads_state *s, const char *user_id)
{
    uint32_t person = s ? leads_person_find(&s->routing, user_id) : LEADS_NOBODY;
    if (person == LEADS_NOBODY)
        return;
    s->routing.persons[person].stale = true;
    s->persons_stale = true;
}

void leads_state_note_organisation(struct leads_state *s)
{
    if (s)
        s->organisation_stale = true;
}

void leads_state_note_pool(struct leads_state *s, const char *pool_id)
{
    uint32_t pool = s ? leads_pool_find(&s->routing, pool_id) : LEADS_NO_POOL;
    if (pool == LEADS_NO_POOL)
        return;
    s->routing.pools[pool].stale = true;
    s->pools_stale = true;
}

void leads_state_note_policy(struct leads_state *s)
{
    if (s)
        s->policy_stale = true;
}

void leads_state_note_assigned(struct leads_state *s, const Baton__LeadAssigned *e)
{
    if (s)
        leads_routing_note_shares(&s->routing, e);
}

void leads_state_note_open(struct leads_state *s, const char *user_id, int delta)
{
    if (s)
        leads_routing_note_open(&s->routing, user_id, delta);
}
