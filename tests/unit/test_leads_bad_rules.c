/* Rules, pools and days as they should not be: every lead still has exactly one holder.

   1 a field there is not   2 a pool without members   3 leads handed round   4 weights from nothing to a
   million 5 a million leads at the same moment   6 somebody whose time zone there is not */
#include "unit/leads_facts.h"

enum { AT_ONCE = 100000, AT_ONCE_LONG = 1000000, HEAVY = 1000000, HEAVY_LEADS = 20000 };

static Baton__LeadAssigned *arrive(struct leads_test *t, const Baton__Lead *l)
{
    return leads_route(&t->routing, l,
                       l->owner_id ? BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_DECLINED
                                   : BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_ARRIVED,
                       &t->stamp);
}

static void test_field(void **state)
{
    struct leads_test *t = *state;
    usual_policy(t);
    const Baton__Rule *rule = t->routing.policy->rules[0].source;
    rule->conditions[0]->field = "shoe_size";
    Baton__Policy policy = BATON__POLICY__INIT;
    policy.version = 9;
    policy.rules = &(Baton__Rule *){(Baton__Rule *)(uintptr_t)rule};
    policy.n_rules = 1;
    /* 1: it cannot be published; what was published before it went is passed over */
    struct refusal no;
    assert_false(
        leads_policy_check(&policy, &(bool){true}, &(const char *){NULL}, &(const char *){NULL}, &no));
    assert_string_equal(no.field, "policy.rules[0].conditions[0].field");
    struct leads_policy *compiled = leads_policy_compile(&policy, t->arena);
    compiled->rules[0].pool = 0;
    t->routing.policy = compiled;
    const Baton__LeadAssigned *e = arrive(t, lead_from(t, "DE", PERSONS));
    assert_string_equal(e->owner_id, user_id(RESORT));
    assert_int_equal(e->decision->failed_conditions.data[0],
                     LEADS_RULE_SKIPPED + BATON__RULE_SKIP__RULE_SKIP_CONDITION);
}

static void test_no_members(void **state)
{
    struct leads_test *t = *state;
    usual_policy(t);
    /* 2: the next rule has its say, at the end the last resort */
    t->pools[0].n_members = 0;
    assert_string_equal(arrive(t, lead_from(t, "DE", PERSONS))->owner_id, user_id(CARL));
    t->pools[1].n_members = 0;
    assert_string_equal(arrive(t, lead_from(t, "DE", PERSONS))->owner_id, user_id(RESORT));
}

static void test_handed_round(void **state)
{
    struct leads_test *t = *state;
    usual_policy(t);
    Baton__Lead *l = lead_from(t, "DE", PERSONS);
    bool had[PERSONS] = {false};
    /* 3: nobody has it twice, and it comes to rest */
    for (int n = 0; n < PERSONS; n++) {
        const Baton__LeadAssigned *e = arrive(t, l);
        uint32_t person = leads_person_find(&t->routing, e->owner_id);
        assert_false(had[person]);
        had[person] = true;
        leads_evolve(l, &e->base, NOW, t->arena);
    }
    assert_string_equal(l->owner_id, user_id(RESORT));
    assert_string_equal(arrive(t, l)->owner_id, user_id(RESORT));
}

static void test_weights(void **state)
{
    static const struct {
        uint32_t weight;
        bool good;
    } rows[] = {{0, false}, {1, true}, {HEAVY, true}, {HEAVY + 1, false}};
    struct leads_test *t = *state;
    /* 4: nothing and more than a million are refused; a millionth of the leads is not nothing */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct refusal no;
        Baton__PoolMember m = BATON__POOL_MEMBER__INIT;
        m.user_id = user_id(ANNA);
        m.has_weight = true;
        m.weight = rows[i].weight;
        assert_int_equal(schema_check(&m.base, NULL, &no), rows[i].good);
    }
    usual_policy(t);
    t->members[0][0].weight = HEAVY;
    for (int i = 0; i < HEAVY_LEADS; i++)
        leads_routing_note_shares(&t->routing, arrive(t, lead_from(t, "DE", PERSONS)));
    assert_int_equal(t->members[0][0].received + t->members[0][1].received, HEAVY_LEADS);
    assert_true(t->members[0][1].received <= 1);
}

static void test_at_once(void **state)
{
    struct leads_test *t = *state;
    const char *env = getenv("BATON_TEST_LONG");
    uint64_t n = env && strcmp(env, "1") == 0 ? AT_ONCE_LONG : AT_ONCE, to_anna = 0, to_carl = 0;
    struct arena *kept = t->arena, *each = arena_new(16 << 20);
    usual_policy(t);
    Baton__Lead *leads[] = {lead_from(t, "DE", PERSONS), lead_from(t, "FR", PERSONS)};
    t->stamp.arena = each;
    /* 5: each has its holder, the pools share to within one */
    for (uint64_t i = 0; i < n; i++) {
        const Baton__LeadAssigned *e = arrive(t, leads[i & 1]);
        leads_routing_note_shares(&t->routing, e);
        to_anna += strcmp(e->owner_id, user_id(ANNA)) == 0;
        to_carl += strcmp(e->owner_id, user_id(CARL)) == 0;
        arena_reset(each);
    }
    assert_int_equal(to_carl, n / 2);
    assert_true(to_anna <= n / 4 + 1 && to_anna + 1 >= n / 4);
    assert_int_equal(t->members[0][0].received + t->members[0][1].received, n / 2);
    t->stamp.arena = kept;
    arena_free(each);
}

static void test_zone(void **state)
{
    struct leads_test *t = *state;
    usual_policy(t);
    /* 6: there is no calendar for it; they work around the clock, as who has said nothing does */
    t->persons[CARL].hours = worktime_new("Mars/Olympus", NULL, 0, NULL, 0, NULL, 0);
    assert_null(t->persons[CARL].hours);
    const Baton__LeadAssigned *e = arrive(t, lead_from(t, "FR", PERSONS));
    assert_string_equal(e->owner_id, user_id(CARL));
    assert_int_equal(timestamp_us(e->response_due_at), NOW + 30 * MINUTE);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, leads_test_setup, leads_test_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_field),   TEST(test_no_members), TEST(test_handed_round),
        TEST(test_weights), TEST(test_at_once),    TEST(test_zone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
