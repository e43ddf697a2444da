/* Finding people and pools, and keeping a routing's numbers in step with what was decided. */
#include <string.h>

#include "services/leads/routing.h"

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

uint32_t leads_pool_find(const struct leads_routing *r, const char *pool_id)
{
    return leads_index_find(&r->pool_index, r->pools, sizeof *r->pools, pool_id);
}

struct leads_routing *leads_routing_copy(const struct leads_routing *r, struct arena *a)
{
    struct leads_routing *copy = arena_copy(a, r, sizeof *r);
    copy->persons = ARENA_ARRAY(a, struct leads_person, r->n_persons);
    for (size_t i = 0; i < r->n_persons; i++)
        copy->persons[i] = r->persons[i];
    copy->pools = ARENA_ARRAY(a, struct leads_pool, r->n_pools);
    for (size_t i = 0; i < r->n_pools; i++) {
        struct leads_pool *p = &copy->pools[i];
        *p = r->pools[i];
        p->members = ARENA_ARRAY(a, struct leads_member, p->n_members);
        for (size_t k = 0; k < p->n_members; k++)
            p->members[k] = r->pools[i].members[k];
    }
    return copy;
}

static struct leads_member *member_find(struct leads_pool *p, uint32_t person)
{
    for (size_t i = 0; i < p->n_members; i++)
        if (p->members[i].person == person)
            return &p->members[i];
    return NULL;
}

void leads_routing_note_shares(struct leads_routing *r, const Baton__LeadAssigned *e)
{
    for (size_t i = 0; i < e->n_pool_clocks; i++) {
        uint32_t pool = leads_pool_find(r, e->pool_clocks[i]->pool_id);
        if (pool == UINT32_MAX)
            continue;
        r->pools[pool].virtual_time = e->pool_clocks[i]->virtual_time;
        r->pools[pool].assigned = e->pool_clocks[i]->assigned;
    }
    for (size_t i = 0; i < e->n_shares; i++) {
        const Baton__Share *s = e->shares[i];
        uint32_t pool = leads_pool_find(r, s->pool_id), person = leads_person_find(r, s->user_id);
        struct leads_member *m =
            pool == UINT32_MAX || person == LEADS_NOBODY ? NULL : member_find(&r->pools[pool], person);
        if (!m)
            continue;
        m->position = s->position;
        m->parked = s->parked;
        m->received = s->received;
    }
}

void leads_routing_note_open(struct leads_routing *r, const char *user_id, int delta)
{
    uint32_t person = leads_person_find(r, user_id);
    if (person == LEADS_NOBODY)
        return;
    uint64_t *open = &r->persons[person].open;
    *open = delta < 0 && *open == 0 ? 0 : *open + (uint64_t)(int64_t)delta;
}

int64_t leads_due(const struct leads_person *p, int64_t now_us, int64_t minutes)
{
    int64_t plain = now_us + minutes * 60 * 1000000;
    /* At work until then without a break: what the calendar would say, without asking it. */
    if (!p->hours || (p->state == WORKTIME_WORKING && plain <= p->until_us))
        return plain;
    return worktime_add(p->hours, now_us, minutes);
}
