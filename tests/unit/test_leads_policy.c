/* Publishing a policy, and what is to be said of pools and forms: numbers are those of decide_policy.c. */
#include "unit/leads_facts.h"

static void test_publish(void **state)
{
    struct leads_test *t = *state;
    Baton__Policy policy = BATON__POLICY__INIT;
    Baton__Rule rule = BATON__RULE__INIT;
    Baton__Rule *rules[] = {&rule};
    Baton__PublishPolicyRequest q = BATON__PUBLISH_POLICY_REQUEST__INIT;
    rule.name = "all";
    rule.pool_id = t->pools[0].id;
    policy.rules = rules;
    policy.n_rules = 1;
    policy.has_version = true;
    policy.version = 99;
    q.policy = &policy;
    struct command c = command_of(t, &q);
    bool known = false;
    struct leads_publish_facts f = {.version = 4, .pool_known = &known};
    /* 6 */
    assert_false(leads_decide_publish(&f, &c, &t->stamp, &t->out));
    assert_string_equal(t->out.no.field, "policy.rules[0].pool_id");
    /* 7 */
    known = true;
    assert_true(leads_decide_publish(&f, &c, &t->stamp, &t->out));
    const Baton__PolicyPublished *e = event_at(t, 0, &baton__policy_published__descriptor);
    assert_int_equal(e->policy->version, 5);
    assert_string_equal(e->policy->published_by, user_id(RESORT));
    assert_int_equal(policy.version, 99);
}

static void test_pool_and_form_checks(void **state)
{
    struct leads_test *t = *state;
    usual_policy(t);
    Baton__Pool pool = BATON__POOL__INIT;
    Baton__PoolMember one = BATON__POOL_MEMBER__INIT, two = BATON__POOL_MEMBER__INIT;
    Baton__PoolMember *members[] = {&one, &two};
    Baton__Policy in_force = BATON__POLICY__INIT;
    Baton__Rule *rules[] = {(Baton__Rule *)(uintptr_t)t->routing.policy->rules[0].source};
    in_force.rules = rules;
    in_force.n_rules = 1;
    pool.members = members;
    pool.n_members = 2;
    one.user_id = two.user_id = user_id(ANNA);
    /* 8 */
    pool.id = t->pools[0].id;
    assert_false(leads_check_pool(&in_force, &pool.base, NULL, &t->stamp, &t->out));
    pool.id = t->pools[1].id;
    assert_true(leads_check_pool(&in_force, &pool.base, NULL, &t->stamp, &t->out));
    assert_true(leads_check_pool(NULL, &pool.base, NULL, &t->stamp, &t->out));
    /* 9 */
    assert_false(leads_check_pool(NULL, NULL, &pool.base, &t->stamp, &t->out));
    two.user_id = user_id(BOB);
    assert_true(leads_check_pool(NULL, NULL, &pool.base, &t->stamp, &t->out));
    /* 10, 11 */
    static const struct {
        char *name, *url;
        bool ok;
    } forms[] = {
        {"contact-us_2", NULL, true},
        {"Contact", NULL, false},
        {"a/b", NULL, false},
        {"a", "https://x.example/y", true},
        {"a", "javascript:alert(1)", false},
        {"a", "//evil.example", false},
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        Baton__LeadForm f = BATON__LEAD_FORM__INIT;
        f.name = forms[i].name;
        f.redirect_url = forms[i].url;
        assert_int_equal(leads_check_form(NULL, NULL, &f.base, &t->stamp, &t->out), forms[i].ok);
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, leads_test_setup, leads_test_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_publish),
        TEST(test_pool_and_form_checks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
