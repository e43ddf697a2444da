/* The policy in the shadow: what it says, on which shares, and that it changes nothing. Numbers are those of
   decide_shadow.c. */
#include "unit/leads_facts.h"

enum { LEADS = 400 };

/* In the shadow everything goes to the first pool, which is Anna's and Bob's. */
static void shadow_all_to_first(struct leads_test *t)
{
    Baton__Policy *p = ARENA_NEW(t->arena, Baton__Policy);
    Baton__Rule *rule = ARENA_NEW(t->arena, Baton__Rule);
    baton__policy__init(p);
    baton__rule__init(rule);
    p->version = 4;
    p->rules = arena_copy(t->arena, &rule, sizeof(Baton__Rule *));
    p->n_rules = 1;
    rule->name = "all";
    rule->pool_id = t->pools[0].id;
    struct leads_policy *compiled = leads_policy_compile(p, t->arena);
    compiled->rules[0].pool = 0;
    t->routing.shadow = leads_routing_copy(&t->routing, t->arena);
    t->routing.shadow->persons = t->routing.persons;
    t->routing.shadow->policy = compiled;
}

static Baton__LeadAssigned *arrive(struct leads_test *t, struct leads_routing *r, const char *country)
{
    Baton__LeadAssigned *e = leads_route(r, lead_from(t, country, PERSONS),
                                         BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_ARRIVED, &t->stamp);
    leads_routing_note_shares(r, e);
    return e;
}

static void test_says(void **state)
{
    struct leads_test *t = *state;
    usual_policy(t);
    assert_null(arrive(t, &t->routing, "FR")->shadow);
    shadow_all_to_first(t);
    const Baton__LeadAssigned *e = arrive(t, &t->routing, "FR");
    assert_string_equal(e->owner_id, user_id(CARL));
    assert_string_equal(e->shadow->owner_id, user_id(ANNA));
    assert_int_equal(e->shadow->policy_version, 4);
    assert_int_equal(e->shadow->cause, BATON__ASSIGN_CAUSE__ASSIGN_CAUSE_RULE);
    assert_string_equal(e->shadow->pool_id, t->pools[0].id);
    assert_string_equal(arrive(t, &t->routing, "FR")->shadow->owner_id, user_id(BOB));
    assert_string_equal(arrive(t, &t->routing, "FR")->shadow->owner_id, user_id(ANNA));
    assert_int_equal(t->members[0][0].received, 0); /* not the live one */
    t->persons[ANNA].active = t->persons[BOB].active = false;
    e = arrive(t, &t->routing, "FR");
    assert_string_equal(e->owner_id, user_id(CARL));
    assert_string_equal(e->shadow->owner_id, user_id(RESORT));
    assert_int_equal(e->shadow->cause, BATON__ASSIGN_CAUSE__ASSIGN_CAUSE_LAST_RESORT);
    assert_int_equal(e->shadow->n_shares, 0);
    t->routing.shadow->pools[0].pull = true;
    t->routing.shadow->pools[0].keeper = CARL;
    e = arrive(t, &t->routing, "DE");
    assert_string_equal(e->shadow->owner_id, user_id(CARL));
    assert_int_equal(e->shadow->cause, BATON__ASSIGN_CAUSE__ASSIGN_CAUSE_QUEUED);
}

/* Whatever happens: the decision in force is the same, byte for byte, with it and without. */
static void test_changes_nothing(void **state)
{
    static const char *const countries[] = {"DE", "FR"};
    struct leads_test *t = *state;
    uint64_t random = 7;
    usual_policy(t);
    struct leads_routing *without = leads_routing_copy(&t->routing, t->arena);
    without->persons = t->persons;
    shadow_all_to_first(t);
    for (int i = 0; i < LEADS; i++) {
        random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        const char *country = countries[random >> 33 & 1];
        t->persons[random >> 40 & 3].state = random >> 45 & 1 ? WORKTIME_ABSENT : WORKTIME_WORKING;
        Baton__LeadAssigned *with = arrive(t, &t->routing, country);
        const Baton__LeadAssigned *alone = arrive(t, without, country);
        assert_non_null(with->shadow);
        with->shadow = NULL;
        assert_true(bytes_equal(schema_pack(&with->base, t->arena), schema_pack(&alone->base, t->arena)));
    }
    assert_int_equal(t->pools[0].virtual_time, without->pools[0].virtual_time);
    assert_true(t->routing.shadow->pools[0].assigned > t->pools[0].assigned);
}

/* A copy of a routing has a shadow of its own as well. */
static void test_copied(void **state)
{
    struct leads_test *t = *state;
    usual_policy(t);
    shadow_all_to_first(t);
    struct leads_routing *copy = leads_routing_copy(&t->routing, t->arena);
    (void)arrive(t, copy, "FR"); /* for what it leaves behind */
    assert_int_equal(copy->shadow->pools[0].assigned, 1);
    assert_int_equal(t->routing.shadow->pools[0].assigned, 0);
    assert_ptr_equal(copy->shadow->persons, copy->persons);
}

static void test_begin(void **state)
{
    struct leads_test *t = *state;
    Baton__ShadowPolicyRequest q = BATON__SHADOW_POLICY_REQUEST__INIT;
    Baton__Policy named = BATON__POLICY__INIT;
    Baton__Rule rule = BATON__RULE__INIT, *rules[] = {&rule};
    struct command c = command_of(t, &q);
    bool known = false;
    struct leads_publish_facts f = {.in_force = 4,
                                    .shadow = 2,
                                    .pool_known = &known,
                                    .unknown_user = &(const char *){NULL},
                                    .unknown_territory = &(const char *){NULL}};
    q.has_version = true;
    q.version = 4;
    /* 1 */
    assert_false(leads_decide_shadow(&f, &c, &t->stamp, &t->out));
    assert_non_null(strstr(t->out.no.message, "version 2 stands in the shadow"));
    /* 2 */
    f.shadow = 0;
    assert_false(leads_decide_shadow(&f, &c, &t->stamp, &t->out));
    assert_int_equal(t->out.no.code, REFUSAL_NOT_FOUND);
    /* 3 */
    named.rules = rules;
    named.n_rules = 1;
    rule.pool_id = t->pools[0].id;
    f.named = &named;
    assert_false(leads_decide_shadow(&f, &c, &t->stamp, &t->out));
    assert_string_equal(t->out.no.message, "version 4 is in force");
    /* 4 */
    q.version = 5;
    assert_false(leads_decide_shadow(&f, &c, &t->stamp, &t->out));
    assert_string_equal(t->out.no.field, "policy.rules[0].pool_id");
    known = true;
    assert_true(leads_decide_shadow(&f, &c, &t->stamp, &t->out));
    const Baton__PolicyShadowed *e = event_at(t, 0, &baton__policy_shadowed__descriptor);
    assert_int_equal(e->policy_version, 5);
}

static void test_end(void **state)
{
    struct leads_test *t = *state;
    Baton__EndShadowRequest q = BATON__END_SHADOW_REQUEST__INIT;
    Baton__ShadowReport report = BATON__SHADOW_REPORT__INIT;
    struct command c = command_of(t, &q);
    /* 5 */
    assert_false(leads_decide_end_shadow(&report, &c, &t->stamp, &t->out));
    /* 6 */
    report.has_policy_version = true;
    report.policy_version = 5;
    report.decisions = 77;
    assert_true(leads_decide_end_shadow(&report, &c, &t->stamp, &t->out));
    assert_int_equal(((const Baton__EndShadowResponse *)t->out.reply)->report->decisions, 77);
    assert_int_equal(t->out.n_events, 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, leads_test_setup, leads_test_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_says), TEST(test_changes_nothing), TEST(test_copied), TEST(test_begin), TEST(test_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
