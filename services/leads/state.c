/* The routing in memory: built from rows when first needed, kept in step by apply. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "services/leads/state.h"

enum {
    POLICY_BYTES_MAX = 256 << 20,
    TERRITORY_BYTES_MAX = 1 << 30,
    RESPONSE_BYTES_MAX = 128 << 20,
    PLACE_BYTES_MAX = 1 << 20,
    INDEX_LEAST = 64
};

void *leads_state_new(void)
{
    struct leads_state *s = calloc(1, sizeof *s);
    assert(s);
    s->policy_memory = arena_new(POLICY_BYTES_MAX);
    s->territory_memory = arena_new(TERRITORY_BYTES_MAX);
    s->response_memory = arena_new(RESPONSE_BYTES_MAX);
    s->organisation_stale = s->policy_stale = s->territories_stale = s->responses_stale = true;
    s->routing.last_resort = LEADS_NOBODY;
    s->shadow = leads_shadow_new();
    s->routing.score = s->score = score_model_new();
    s->routing.places = s->places = leads_places_new();
    s->places_stale = true;
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
    leads_territories_release(s->territories);
    leads_places_free(s->places);
    score_model_free(s->score);
    near_index_free(s->match.leads);
    near_index_free(s->match.accounts);
    near_index_free(s->match.contacts);
    leads_shadow_free(s->shadow);
    finder_release(&s->finder);
    arena_free(s->policy_memory);
    arena_free(s->territory_memory);
    leads_responses_release(&s->responses);
    arena_free(s->response_memory);
    free((char *)(uintptr_t)s->routing.organisation_name);
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

static void persons_begin_anew(struct leads_state *s)
{
    for (size_t i = 0; i < s->routing.n_persons; i++)
        s->routing.persons[i].stale = true;
    s->persons_stale = true;
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
    free((char *)(uintptr_t)s->routing.organisation_name);
    s->routing.organisation_name = o && o->name ? strdup(o->name) : NULL;
    s->routing.ready = o && o->last_resort_user_id;
    s->routing.last_resort = s->routing.ready ? person_place(s, o->last_resort_user_id) : LEADS_NOBODY;
    s->routing.response_minutes = o && o->has_response_minutes ? o->response_minutes : LEADS_RESPONSE_MINUTES;
    s->routing.n_levels =
        o ? leads_levels_read(o->deadline_levels, o->n_deadline_levels, s->routing.levels) : 0;
    persons_begin_anew(s);
    s->organisation_stale = false;
}

static void preferred_place(struct leads_state *s, struct leads_rule *rule, struct arena *a)
{
    uint32_t *persons = ARENA_ARRAY(a, uint32_t, rule->source->n_preferred_user_ids);
    for (size_t i = 0; i < rule->source->n_preferred_user_ids; i++)
        persons[rule->n_preferred++] = person_place(s, rule->source->preferred_user_ids[i]);
    rule->preferred = persons;
}

static struct leads_policy *compiled(struct leads_state *s, const Baton__Policy *policy, struct arena *a)
{
    struct leads_policy *p = leads_policy_compile(policy, a);
    for (size_t i = 0; i < p->n_rules; i++) {
        p->rules[i].pool = pool_place(s, p->rules[i].source->pool_id);
        preferred_place(s, &p->rules[i], a);
    }
    return p;
}

static void policy_load(struct leads_state *s, struct load *l)
{
    arena_reset(s->policy_memory);
    s->policy = leads_policy_in_force(l->txn, s->policy_memory);
    s->compiled = s->policy ? compiled(s, s->policy, s->policy_memory) : NULL;
    s->routing.policy = s->compiled;
    s->policy_stale = false;
    s->skipped_stale = true;
}

static void territories_load(struct leads_state *s, struct load *l)
{
    bool had_calendars = leads_territories_have_calendars(s->territories);
    leads_territories_release(s->territories);
    arena_reset(s->territory_memory);
    s->territories = leads_territories_load(l->txn, s->territory_memory, &s->routing.model);
    s->routing.territories = s->territories;
    s->territories_stale = false;
    s->skipped_stale = true;
    if (had_calendars || leads_territories_have_calendars(s->territories))
        persons_begin_anew(s);
}

static void responses_load(struct leads_state *s, struct load *l)
{
    leads_responses_load(l->txn, &s->responses, s->response_memory);
    s->routing.responses = s->responses.n ? &s->responses : NULL;
    s->responses_stale = false;
}

static void places_load(struct leads_state *s, struct load *l)
{
    struct table_scan scan;
    const Baton__Place *row;
    struct arena *a = arena_new(PLACE_BYTES_MAX);
    leads_places_clear(s->places);
    s->places_stale = false;
    if (table_scan_open(&scan, l->txn, LEADS_PLACE, NULL, NULL, NULL, false)) {
        for (; (row = table_scan_next(&scan, a)); arena_reset(a))
            leads_places_put(s->places, row);
        table_scan_close(&scan);
    }
    arena_free(a);
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
    p->pull = row && row->pull;
    p->keeper = row && row->keeper_id ? person_place(s, row->keeper_id) : LEADS_NOBODY;
    p->virtual_time = clock ? clock->virtual_time : 0;
    p->assigned = clock ? clock->assigned : 0;
}

static void pools_load(struct leads_state *s, struct load *l)
{
    for (size_t i = 0; i < s->routing.n_pools; i++)
        if (s->routing.pools[i].stale)
            pool_load(s, l, &s->routing.pools[i]);
    leads_shadow_note_pools(s->shadow);
    s->pools_stale = false;
    s->skipped_stale = true;
}

static void persons_load(struct leads_state *s, struct load *l)
{
    for (size_t i = 0; i < s->routing.n_persons; i++)
        if (s->routing.persons[i].stale)
            leads_person_load(l, &s->routing.persons[i], s->calendar, s->routing.territories);
    s->persons_stale = false;
    s->change_us = INT64_MIN;
}

/* Administrators are looked for only where there is something to tell them. */
static void skipped_load(struct leads_state *s, struct load *l)
{
    struct leads_routing *r = &s->routing;
    s->skipped_stale = false;
    r->admins = s->admins;
    r->n_admins =
        s->compiled && leads_skipped_load(l, r, s->compiled) ? leads_admins_load(l, s->admin_ids) : 0;
    for (size_t i = 0; i < r->n_admins; i++)
        s->admins[i] = s->admin_ids[i];
}

static bool is_limited(const struct leads_person *p)
{
    return p->most.day || p->most.week || p->most.month;
}

/* The day matters only to whom a limit holds for. */
static void day_look(struct leads_person *p, int64_t now_us)
{
    if (is_limited(p) && p->tomorrow_us <= now_us)
        leads_person_today(p, now_us);
}

/* Only whose hours or day begin or end now is asked for again. */
static void hours_look(struct leads_state *s, int64_t now_us)
{
    s->change_us = INT64_MAX;
    for (size_t i = 0; i < s->routing.n_persons; i++) {
        struct leads_person *p = &s->routing.persons[i];
        if (p->hours && p->until_us <= now_us)
            p->state = worktime_at(p->hours, now_us, &p->until_us);
        day_look(p, now_us);
        if (p->until_us < s->change_us)
            s->change_us = p->until_us;
        if (is_limited(p) && p->tomorrow_us < s->change_us)
            s->change_us = p->tomorrow_us;
    }
}

const struct leads_routing *leads_state_routing(struct load *l)
{
    struct leads_state *s = l->state;
    if (s->organisation_stale)
        organisation_load(s, l);
    if (s->policy_stale)
        policy_load(s, l);
    leads_shadow_load(s->shadow, l);
    if (s->territories_stale)
        territories_load(s, l);
    if (s->responses_stale)
        responses_load(s, l);
    if (s->places_stale)
        places_load(s, l);
    if (s->pools_stale)
        pools_load(s, l);
    if (s->persons_stale)
        persons_load(s, l);
    if (s->skipped_stale)
        skipped_load(s, l);
    if (s->score->stale)
        leads_score_load(l, s->score);
    if (s->score->unfitted)
        score_fit(s->score);
    if (s->change_us <= l->now_us)
        hours_look(s, l->now_us);
    s->routing.shadow = leads_shadow_look(s->shadow, l, &s->routing);
    return &s->routing;
}

uint32_t leads_state_person(struct load *l, const char *user_id)
{
    if (!user_id || strlen(user_id) >= IDENT_TEXT_SIZE)
        return LEADS_NOBODY;
    return person_place(l->state, user_id);
}

struct leads_policy *leads_state_compile(struct load *l, const Baton__Policy *policy, struct arena *a)
{
    return compiled(l->state, policy, a);
}

const Baton__Policy *leads_state_policy(struct load *l)
{
    struct leads_state *s = l->state;
    (void)leads_state_routing(l); /* only to bring it up to date */
    return s->policy;
}
