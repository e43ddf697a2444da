/* Finding people and pools, and keeping a routing's numbers in step with what was decided. */
#include <string.h>

#include "services/leads/filter.h"

static size_t slot_of(const struct leads_index *x, const char *id)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (; *id; id++)
        h = (h ^ (uint8_t)*id) * UINT64_C(1099511628211);
    return (size_t)(h ^ h >> 32) & (x->size - 1);
}

static const char *id_at(const void *items, size_t item_size, size_t i)
{
    return (const char *)items + i * item_size;
}

uint32_t leads_index_find(const struct leads_index *x, const void *items, size_t item_size, const char *id)
{
    if (!id || !x->size)
        return UINT32_MAX;
    for (size_t at = slot_of(x, id); x->slots[at]; at = (at + 1) & (x->size - 1))
        if (strcmp(id_at(items, item_size, x->slots[at] - 1), id) == 0)
            return x->slots[at] - 1;
    return UINT32_MAX;
}

void leads_index_enter(struct leads_index *x, const void *items, size_t item_size, size_t n)
{
    size_t at = slot_of(x, id_at(items, item_size, n - 1));
    while (x->slots[at])
        at = (at + 1) & (x->size - 1);
    x->slots[at] = (uint32_t)n;
}

uint32_t leads_person_find(const struct leads_routing *r, const char *user_id)
{
    return leads_index_find(&r->person_index, r->persons, sizeof *r->persons, user_id);
}

char *leads_person_name(const struct leads_routing *r, const char *user_id, struct arena *a)
{
    uint32_t place = leads_person_find(r, user_id);
    return place == LEADS_NOBODY ? NULL : arena_strdup(a, r->persons[place].name);
}

uint32_t leads_pool_find(const struct leads_routing *r, const char *pool_id)
{
    return leads_index_find(&r->pool_index, r->pools, sizeof *r->pools, pool_id);
}

static struct leads_pool *pools_copy(const struct leads_routing *r, struct arena *a)
{
    struct leads_pool *pools = ARENA_ARRAY(a, struct leads_pool, r->n_pools);
    for (size_t i = 0; i < r->n_pools; i++) {
        struct leads_pool *p = &pools[i];
        *p = r->pools[i];
        p->members = ARENA_ARRAY(a, struct leads_member, p->n_members);
        for (size_t k = 0; k < p->n_members; k++)
            p->members[k] = r->pools[i].members[k];
    }
    return pools;
}

struct leads_routing *leads_routing_copy(const struct leads_routing *r, struct arena *a)
{
    struct leads_routing *copy = arena_copy(a, r, sizeof *r);
    copy->persons = ARENA_ARRAY(a, struct leads_person, r->n_persons);
    for (size_t i = 0; i < r->n_persons; i++)
        copy->persons[i] = r->persons[i];
    copy->pools = pools_copy(r, a);
    if (!r->shadow)
        return copy;
    copy->shadow = arena_copy(a, r->shadow, sizeof *r);
    copy->shadow->persons = copy->persons;
    copy->shadow->pools = pools_copy(r->shadow, a);
    return copy;
}

/* Shares come in the order of the members: looked for from where the last one was. */
static struct leads_member *member_find(const struct leads_routing *r, const struct leads_pool *p,
                                        const char *user_id, size_t *from)
{
    for (size_t n = 0; n < p->n_members; n++, *from = *from + 1 < p->n_members ? *from + 1 : 0)
        if (strcmp(r->persons[p->members[*from].person].id, user_id) == 0)
            return &p->members[*from];
    return NULL;
}

static void note_clock(struct leads_routing *r, const Baton__PoolClock *c)
{
    uint32_t pool = leads_pool_find(r, c->pool_id);
    if (pool == UINT32_MAX)
        return;
    r->pools[pool].virtual_time = c->virtual_time;
    r->pools[pool].assigned = c->assigned;
}

static void note_shares(struct leads_routing *r, Baton__Share *const *shares, size_t n)
{
    uint32_t pool = UINT32_MAX, last = UINT32_MAX;
    size_t from = 0;
    for (size_t i = 0; i < n; i++) {
        const Baton__Share *s = shares[i];
        if (pool == UINT32_MAX || strcmp(r->pools[pool].id, s->pool_id) != 0)
            pool = leads_pool_find(r, s->pool_id);
        if (pool == UINT32_MAX)
            continue;
        from = pool == last ? from : 0;
        last = pool;
        struct leads_member *m = member_find(r, &r->pools[pool], s->user_id, &from);
        if (!m)
            continue;
        m->position = s->position;
        m->parked = s->parked;
        m->received = s->received;
    }
}

void leads_routing_note_shares(struct leads_routing *r, const Baton__LeadAssigned *e)
{
    for (size_t i = 0; i < e->n_pool_clocks; i++)
        note_clock(r, e->pool_clocks[i]);
    note_shares(r, e->shares, e->n_shares);
    if (!r->shadow || !e->shadow)
        return;
    if (e->shadow->pool_clock)
        note_clock(r->shadow, e->shadow->pool_clock);
    note_shares(r->shadow, e->shadow->shares, e->shadow->n_shares);
}

void leads_routing_note_open(struct leads_routing *r, const char *user_id, int delta)
{
    uint32_t person = leads_person_find(r, user_id);
    if (person == LEADS_NOBODY)
        return;
    uint64_t *open = &r->persons[person].open;
    *open = delta < 0 && *open == 0 ? 0 : *open + (uint64_t)(int64_t)delta;
}

void leads_routing_note_received(struct leads_routing *r, const Baton__LeadAssigned *e)
{
    uint32_t person = leads_person_find(r, e->owner_id);
    if (person == LEADS_NOBODY || !e->decision || !e->decision->has_owner_day)
        return;
    struct leads_received *n = &r->persons[person].received;
    *n = leads_received_on(*n, e->decision->owner_day);
    n->day++, n->week++, n->month++;
}
