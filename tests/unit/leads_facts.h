/* Facts for the decisions of leads, built by hand: a few people, a pool, a policy. */
#ifndef BATON_TESTS_LEADS_FACTS_H
#define BATON_TESTS_LEADS_FACTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "services/leads/leads.h"

#define NOW    INT64_C(1767607200000000) /* 2026-01-05T10:00:00Z, a Monday */
#define MINUTE INT64_C(60000000)

/* Everybody has a letter: their id and their name end with it. */
enum { ANNA, BOB, CARL, RESORT, PERSONS, POOLS = 2, PER_POOL = 3 };

struct leads_test {
    struct arena *arena;
    struct ident_source ids;
    Baton__Actor actor;
    struct stamp stamp;
    struct outcome out;
    struct leads_routing routing;
    struct leads_person persons[PERSONS];
    struct leads_pool pools[POOLS];
    struct leads_member members[POOLS][PER_POOL];
    uint32_t person_slots[16], pool_slots[16];
};

static inline char *user_id(int person)
{
    static char ids[PERSONS][IDENT_TEXT_SIZE];
    (void)snprintf(ids[person], IDENT_TEXT_SIZE, "00000000-0000-7000-8000-00000000000%x", person + 10);
    return ids[person];
}

static inline void act_as(struct leads_test *t, Baton__Role role, int person)
{
    t->actor = (Baton__Actor)BATON__ACTOR__INIT;
    t->actor.has_role = true;
    t->actor.role = role;
    t->actor.user_id = person < PERSONS ? user_id(person) : NULL;
}

static inline void fresh(struct leads_test *t)
{
    t->out = (struct outcome){.arena = t->arena};
}

static inline int leads_test_setup(void **state)
{
    static const char *const names[] = {"Anna", "Bob", "Carl", "Resort"};
    schema_load();
    struct leads_test *t = *state = calloc(1, sizeof *t);
    t->arena = arena_new(64 << 20);
    ident_source_advance(&t->ids, NOW, (const uint8_t[10]){1});
    t->stamp = (struct stamp){.now_us = NOW, .actor = &t->actor, .ids = &t->ids, .arena = t->arena};
    t->routing = (struct leads_routing){.ready = true,
                                        .persons = t->persons,
                                        .person_index = {t->person_slots, 16},
                                        .pools = t->pools,
                                        .pool_index = {t->pool_slots, 16},
                                        .response_minutes = 60,
                                        .last_resort = RESORT};
    for (int i = 0; i < PERSONS; i++) {
        t->persons[i] =
            (struct leads_person){.known = true, .active = true, .name = names[i], .until_us = INT64_MAX};
        memcpy(t->persons[i].id, user_id(i), IDENT_TEXT_SIZE);
        leads_index_enter(&t->routing.person_index, t->persons, sizeof *t->persons, ++t->routing.n_persons);
    }
    for (int i = 0; i < POOLS; i++) {
        t->pools[i] =
            (struct leads_pool){.name = i ? "Rest" : "DACH", .revision = 7, .members = t->members[i]};
        (void)snprintf(t->pools[i].id, IDENT_TEXT_SIZE, "00000000-0000-7000-8000-0000000000%d0", i + 1);
        leads_index_enter(&t->routing.pool_index, t->pools, sizeof *t->pools, ++t->routing.n_pools);
    }
    act_as(t, BATON__ROLE__ROLE_ADMIN, RESORT);
    fresh(t);
    return 0;
}

static inline int leads_test_teardown(void **state)
{
    struct leads_test *t = *state;
    arena_free(t->arena);
    free(t);
    return 0;
}

static inline void pool_has(struct leads_test *t, int pool, int person)
{
    struct leads_pool *p = &t->pools[pool];
    p->members[p->n_members++] =
        (struct leads_member){.person = (uint32_t)person, .weight = 1, .parked = true};
}

/* Germany goes to the first pool (Anna, Bob), the rest to the second (Carl). */
static inline void usual_policy(struct leads_test *t)
{
    Baton__Policy *p = ARENA_NEW(t->arena, Baton__Policy);
    baton__policy__init(p);
    p->version = 3;
    p->n_rules = 2;
    p->rules = ARENA_ARRAY(t->arena, Baton__Rule *, 2);
    for (int i = 0; i < 2; i++) {
        p->rules[i] = ARENA_NEW(t->arena, Baton__Rule);
        baton__rule__init(p->rules[i]);
        p->rules[i]->name = i ? "Everything" : "Germany";
        p->rules[i]->pool_id = t->pools[i].id;
    }
    Baton__Condition *c = ARENA_NEW(t->arena, Baton__Condition);
    baton__condition__init(c);
    c->field = "address.country";
    c->operator_ = BATON__OPERATOR__OPERATOR_IS;
    c->values = ARENA_ARRAY(t->arena, char *, 1);
    c->values[c->n_values++] = "DE";
    p->rules[0]->conditions = ARENA_ARRAY(t->arena, Baton__Condition *, 1);
    p->rules[0]->conditions[p->rules[0]->n_conditions++] = c;
    p->rules[1]->has_response_minutes = true;
    p->rules[1]->response_minutes = 30;
    struct leads_policy *compiled = leads_policy_compile(p, t->arena);
    compiled->rules[0].pool = 0;
    compiled->rules[1].pool = 1;
    t->routing.policy = compiled;
    pool_has(t, 0, ANNA);
    pool_has(t, 0, BOB);
    pool_has(t, 1, CARL);
}

/* A lead from there, assigned to the person (PERSONS: to nobody yet). */
static inline Baton__Lead *lead_from(struct leads_test *t, const char *country, int owner)
{
    Baton__Lead *l = ARENA_NEW(t->arena, Baton__Lead);
    baton__lead__init(l);
    l->id = "00000000-0000-7000-8000-000000000001";
    l->email = "a@b.example";
    l->company = "B";
    l->revision = 2;
    l->address = ARENA_NEW(t->arena, Baton__Address);
    baton__address__init(l->address);
    l->address->country = arena_strdup(t->arena, country);
    if (owner == PERSONS)
        return l;
    l->owner_id = user_id(owner);
    l->decision_count = 1;
    l->has_status = l->has_open = l->open = true;
    l->status = BATON__LEAD_STATUS__LEAD_STATUS_ASSIGNED;
    l->response_due_at = timestamp_of(t->arena, NOW + 60 * MINUTE);
    l->has_next_due_us = true;
    l->next_due_us = NOW + 45 * MINUTE;
    return l;
}

static inline struct command command_of(struct leads_test *t, const void *request)
{
    return (struct command){.request = request, .actor = &t->actor, .wire = bytes_text("wire")};
}

static inline const void *event_at(const struct leads_test *t, size_t i,
                                   const ProtobufCMessageDescriptor *type)
{
    const struct schema_field *member;
    assert_true(i < t->out.n_events);
    const ProtobufCMessage *payload = schema_oneof(&t->out.events[i]->base, &member);
    assert_ptr_equal(payload->descriptor, type);
    return payload;
}

#endif
