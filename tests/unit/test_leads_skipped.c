/* Rules that cannot be asked: the lead goes on, and the administrators hear of it. */
#include "unit/leads_facts.h"

static Baton__LeadAssigned *route(struct leads_test *t, const Baton__Lead *l)
{
    return leads_route(&t->routing, l, BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_ARRIVED, &t->stamp);
}

static const Baton__RuleSkipped *told(struct leads_test *t, const char *country)
{
    const Baton__LeadAssigned *e = route(t, lead_from(t, country, PERSONS));
    size_t before = t->out.n_events;
    leads_tell_skipped(&t->routing, e, &t->stamp, &t->out);
    return t->out.n_events > before ? event_at(t, before, &baton__rule_skipped__descriptor) : NULL;
}

/* 9: administrators hear of it once (1 to 3 of decide_skipped.c) */
static void test_skipped_is_told(void **state)
{
    struct leads_test *t = *state;
    usual_policy(t);
    struct leads_policy *p = (struct leads_policy *)(uintptr_t)t->routing.policy;
    assert_null(told(t, "DE"));
    leads_condition_gone(p, 0, 0);
    const Baton__RuleSkipped *e = told(t, "FR"); /* a territory that is gone is nobody's */
    assert_int_equal(e->rule_index, 0);
    assert_int_equal(e->policy_version, 3);
    assert_int_equal(e->skip, BATON__RULE_SKIP__RULE_SKIP_TERRITORY_GONE);
    assert_string_equal(
        e->text, "Rule 'Germany' of version 3 was skipped: a territory it names has been deleted, or is "
                 "not of the active model. Leads go on to the next rule.");
    /* 3 */
    assert_int_equal(e->n_admin_ids, 1);
    assert_string_equal(e->admin_ids[0], user_id(RESORT));
    /* 2 */
    assert_null(told(t, "DE"));
    /* 1 */
    fresh(t);
    t->routing.admins = (const char *[]){user_id(BOB), user_id(CARL)};
    t->routing.n_admins = 2;
    e = told(t, "DE");
    assert_int_equal(e->n_admin_ids, 2);
    assert_string_equal(e->admin_ids[1], user_id(CARL));
    fresh(t);
    p->rules[0].told = 1 << BATON__RULE_SKIP__RULE_SKIP_TERRITORY_GONE;
    assert_null(told(t, "DE"));
    /* another reason is another word */
    p->rules[0].conditions[0].gone = false;
    t->pools[0].revision = 0;
    assert_int_equal(told(t, "DE")->skip, BATON__RULE_SKIP__RULE_SKIP_POOL_DELETED);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, leads_test_setup, leads_test_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_skipped_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
