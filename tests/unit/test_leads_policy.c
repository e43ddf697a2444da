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
    struct leads_publish_facts f = {.version = 4,
                                    .pool_known = &known,
                                    .unknown_user = &(const char *){NULL},
                                    .unknown_territory = &(const char *){NULL}};
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

static Baton__Policy *a_policy(struct leads_test *t, uint64_t version, Baton__PolicyStatus status)
{
    Baton__Policy *p = ARENA_NEW(t->arena, Baton__Policy);
    baton__policy__init(p);
    p->has_version = p->has_status = true;
    p->version = version;
    p->status = status;
    return p;
}

static void test_publish_a_draft(void **state)
{
    struct leads_test *t = *state;
    Baton__PublishPolicyRequest q = BATON__PUBLISH_POLICY_REQUEST__INIT;
    struct command c = command_of(t, &q);
    struct leads_publish_facts f = {.version = 6, .in_force = 4};
    assert_false(leads_decide_publish(&f, &c, &t->stamp, &t->out));
    assert_string_equal(t->out.no.message, "is missing");
    q.has_version = true;
    q.version = 5;
    assert_false(leads_decide_publish(&f, &c, &t->stamp, &t->out));
    assert_int_equal(t->out.no.code, REFUSAL_NOT_FOUND);
    f.named = a_policy(t, 5, BATON__POLICY_STATUS__POLICY_STATUS_ACTIVE);
    assert_false(leads_decide_publish(&f, &c, &t->stamp, &t->out));
    assert_int_equal(t->out.no.code, REFUSAL_FAILED_PRECONDITION);
    f.named = a_policy(t, 5, BATON__POLICY_STATUS__POLICY_STATUS_DRAFT);
    assert_true(leads_decide_publish(&f, &c, &t->stamp, &t->out));
    const Baton__PolicyPublished *e = event_at(t, 0, &baton__policy_published__descriptor);
    assert_int_equal(e->policy->version, 5);
    assert_int_equal(e->policy->parent_version, 4);
    assert_int_equal(e->policy->status, BATON__POLICY_STATUS__POLICY_STATUS_ACTIVE);
}

static void test_draft(void **state)
{
    struct leads_test *t = *state;
    Baton__DraftPolicyRequest q = BATON__DRAFT_POLICY_REQUEST__INIT;
    struct command c = command_of(t, &q);
    struct leads_publish_facts f = {.version = 6, .in_force = 4};
    q.policy = a_policy(t, 99, BATON__POLICY_STATUS__POLICY_STATUS_ACTIVE);
    assert_true(leads_decide_draft(&f, &c, &t->stamp, &t->out));
    const Baton__PolicyDrafted *e = event_at(t, 0, &baton__policy_drafted__descriptor);
    assert_int_equal(e->policy->version, 7);
    assert_int_equal(e->policy->status, BATON__POLICY_STATUS__POLICY_STATUS_DRAFT);
    /* 14 */
    q.has_version = true;
    q.version = 5;
    assert_false(leads_decide_draft(&f, &c, &t->stamp, &t->out));
    f.named = a_policy(t, 5, BATON__POLICY_STATUS__POLICY_STATUS_ACTIVE);
    assert_false(leads_decide_draft(&f, &c, &t->stamp, &t->out));
    f.named = a_policy(t, 5, BATON__POLICY_STATUS__POLICY_STATUS_DRAFT);
    fresh(t);
    assert_true(leads_decide_draft(&f, &c, &t->stamp, &t->out));
    e = event_at(t, 0, &baton__policy_drafted__descriptor);
    assert_int_equal(e->policy->version, 5);
}

static void test_roll_back(void **state)
{
    struct leads_test *t = *state;
    Baton__RollBackPolicyRequest q = BATON__ROLL_BACK_POLICY_REQUEST__INIT;
    struct command c = command_of(t, &q);
    bool known = false;
    struct leads_publish_facts f = {.version = 6,
                                    .in_force = 4,
                                    .pool_known = &known,
                                    .unknown_user = &(const char *){NULL},
                                    .unknown_territory = &(const char *){NULL}};
    /* 15 */
    assert_false(leads_decide_roll_back(&f, &c, &t->stamp, &t->out));
    f.named = a_policy(t, 5, BATON__POLICY_STATUS__POLICY_STATUS_DRAFT);
    assert_false(leads_decide_roll_back(&f, &c, &t->stamp, &t->out));
    /* 16 */
    f.named = a_policy(t, 4, BATON__POLICY_STATUS__POLICY_STATUS_ACTIVE);
    assert_false(leads_decide_roll_back(&f, &c, &t->stamp, &t->out));
    /* 17 */
    Baton__Policy *old = a_policy(t, 2, BATON__POLICY_STATUS__POLICY_STATUS_ACTIVE);
    Baton__Rule rule = BATON__RULE__INIT, *rules[] = {&rule};
    rule.name = "all";
    rule.pool_id = t->pools[0].id;
    old->rules = rules;
    old->n_rules = 1;
    f.named = old;
    assert_false(leads_decide_roll_back(&f, &c, &t->stamp, &t->out));
    assert_string_equal(t->out.no.field, "policy.rules[0].pool_id");
    known = true;
    assert_true(leads_decide_roll_back(&f, &c, &t->stamp, &t->out));
    const Baton__PolicyActivated *e = event_at(t, 0, &baton__policy_activated__descriptor);
    assert_int_equal(e->version, 2);
    assert_int_equal(e->previous_version, 4);
}

/* A policy in short: its rules as "field operator value ..." */
struct short_rule {
    const char *field[2];
    Baton__Operator operator[2];
    const char *values[2][2];
    int pool;
};

static Baton__Rule *long_rule(struct leads_test *t, const struct short_rule *s)
{
    Baton__Rule *r = ARENA_NEW(t->arena, Baton__Rule);
    baton__rule__init(r);
    r->name = "a rule";
    r->pool_id = t->pools[s->pool].id;
    r->conditions = ARENA_ARRAY(t->arena, Baton__Condition *, 2);
    for (int i = 0; i < 2 && s->field[i]; i++) {
        Baton__Condition *c = r->conditions[r->n_conditions++] = ARENA_NEW(t->arena, Baton__Condition);
        baton__condition__init(c);
        c->field = (char *)(uintptr_t)s->field[i];
        c->has_operator_ = true;
        c->operator_ = s->operator[i];
        c->values = ARENA_ARRAY(t->arena, char *, 2);
        for (int n = 0; n < 2 && s->values[i][n]; n++)
            c->values[c->n_values++] = (char *)(uintptr_t)s->values[i][n];
    }
    return r;
}

#define IS       BATON__OPERATOR__OPERATOR_IS
#define IS_NOT   BATON__OPERATOR__OPERATOR_IS_NOT
#define STARTS   BATON__OPERATOR__OPERATOR_STARTS_WITH
#define CONTAINS BATON__OPERATOR__OPERATOR_CONTAINS
#define LEAST    BATON__OPERATOR__OPERATOR_AT_LEAST
#define MOST     BATON__OPERATOR__OPERATOR_AT_MOST
#define PRESENT  BATON__OPERATOR__OPERATOR_PRESENT
#define ABSENT   BATON__OPERATOR__OPERATOR_ABSENT

/* Two rules, and what is said of them; a rule for everything stands at the end, which is never shadowed by
 * these. */
static const struct {
    struct short_rule rules[2];
    const char *said; /* NULL: nothing */
} findings[] = {
    {{{{"company"}, {IS}, {{"A"}}, 0}, {{"company"}, {IS}, {{"B"}}, 0}}, NULL},
    {{{{"company"}, {IS}, {{"A", "B"}}, 0}, {{"company"}, {IS}, {{"b"}}, 0}}, "is never used"},
    {{{{"company"}, {IS}, {{"A"}}, 0}, {{"company"}, {IS}, {{"A", "B"}}, 0}}, NULL},
    {{{{"company"}, {STARTS}, {{"a"}}, 0}, {{"company"}, {IS}, {{"Acme"}}, 1}}, "nobody else is left"},
    {{{{"company"}, {CONTAINS}, {{"cm"}}, 0}, {{"company"}, {STARTS}, {{"Acme"}}, 0}}, "is never used"},
    {{{{"company"}, {STARTS}, {{"Acme"}}, 0}, {{"company"}, {CONTAINS}, {{"cm"}}, 0}}, NULL},
    {{{{"annual_revenue"}, {LEAST}, {{"10"}}, 0}, {{"annual_revenue"}, {LEAST}, {{"20"}}, 0}},
     "is never used"},
    {{{{"annual_revenue"}, {LEAST}, {{"20"}}, 0}, {{"annual_revenue"}, {LEAST}, {{"10"}}, 0}}, NULL},
    {{{{"annual_revenue"}, {MOST}, {{"20"}}, 0}, {{"annual_revenue"}, {IS}, {{"10"}}, 0}}, "is never used"},
    {{{{"email"}, {PRESENT}, {{NULL}}, 0}, {{"email"}, {CONTAINS}, {{"@"}}, 0}}, "is never used"},
    {{{{"email"}, {PRESENT}, {{NULL}}, 0}, {{"email"}, {IS_NOT}, {{"a@b.example"}}, 0}}, NULL},
    {{{{"email"}, {IS_NOT}, {{"a"}}, 0}, {{"email"}, {IS_NOT}, {{"a", "b"}}, 0}}, "is never used"},
    {{{{"email"}, {IS_NOT}, {{"a"}}, 0}, {{"email"}, {IS}, {{"b"}}, 0}}, "is never used"},
    {{{{"email"}, {ABSENT}, {{NULL}}, 0}, {{"email", "phone"}, {ABSENT, PRESENT}, {{NULL}}, 0}},
     "is never used"},
    {{{{"company"}, {IS}, {{"A"}}, 0}, {{"company", "email"}, {IS, PRESENT}, {{"A"}, {NULL}}, 0}},
     "is never used"},
    {{{{"company"}, {IS}, {{"A"}}, 0}, {{"phone", "phone"}, {PRESENT, ABSENT}, {{NULL}}, 0}},
     "no lead at all"},
    {{{{"company"}, {IS}, {{"A"}}, 0}, {{"title", "title"}, {IS, IS}, {{"a"}, {"b"}}, 0}}, "no lead at all"},
    {{{{"company"}, {IS}, {{"A"}}, 0}, {{"territory", "territory"}, {IS, IS}, {{"a"}, {"b"}}, 0}}, NULL},
    {{{{"territory"}, {IS}, {{"a", "b"}}, 0}, {{"territory"}, {IS}, {{"a"}}, 0}}, "comes first"},
    {{{{"territory"}, {IS_NOT}, {{"b"}}, 0}, {{"territory"}, {IS}, {{"a"}}, 0}}, NULL},
    {{{{"company"}, {IS}, {{"A"}}, 0}, {{"territory", "territory"}, {IS, IS_NOT}, {{"a"}, {"a", "b"}}, 0}},
     "no lead at all"},
    {{{{"company"}, {IS}, {{"A"}}, 0}, {{"title", "title"}, {IS, IS_NOT}, {{"a"}, {"a", "b"}}, 0}},
     "no lead at all"},
    {{{{"company"}, {IS}, {{"A"}}, 0},
      {{"annual_revenue", "annual_revenue"}, {LEAST, MOST}, {{"9"}, {"8"}}, 0}},
     "no lead at all"},
    {{{{"company"}, {IS}, {{"A"}}, 0},
      {{"annual_revenue", "annual_revenue"}, {LEAST, MOST}, {{"8"}, {"9"}}, 0}},
     NULL},
};

static const Baton__PolicyFinding *first_finding_of(struct leads_test *t, Baton__Rule **rules, size_t n,
                                                    const struct leads_pool_facts *pools, const char *idle,
                                                    size_t *count)
{
    Baton__Policy policy = BATON__POLICY__INIT;
    Baton__CheckPolicyResponse *out = ARENA_NEW(t->arena, Baton__CheckPolicyResponse);
    baton__check_policy_response__init(out);
    const struct leads_publish_facts f = {.pool_known = (const bool[]){true, true, true},
                                          .idle_territory = (const char *const[]){idle, NULL, NULL},
                                          .unknown_user = (const char *const[]){NULL, NULL, NULL},
                                          .unknown_territory = (const char *const[]){NULL, NULL, NULL}};
    policy.rules = rules;
    policy.n_rules = n;
    leads_policy_findings(&policy, &f, pools, out, t->arena);
    *count = out->n_findings;
    return out->n_findings ? out->findings[0] : NULL;
}

static const Baton__PolicyFinding *first_finding(struct leads_test *t, Baton__Rule **rules, size_t n,
                                                 const struct leads_pool_facts *pools, size_t *count)
{
    return first_finding_of(t, rules, n, pools, NULL, count);
}

static void test_findings_of_rules(void **state)
{
    struct leads_test *t = *state;
    const struct leads_pool_facts pools[] = {{"a", 2, 2}, {"b", 2, 2}, {"c", 2, 2}};
    const struct short_rule rest = {.pool = 1};
    for (size_t i = 0; i < sizeof findings / sizeof *findings; i++) {
        size_t n;
        Baton__Rule *rules[] = {long_rule(t, &findings[i].rules[0]), long_rule(t, &findings[i].rules[1]),
                                long_rule(t, &rest)};
        const Baton__PolicyFinding *f = first_finding(t, rules, 3, pools, &n);
        if ((n != 0) != (findings[i].said != NULL) || (n && !strstr(f->text, findings[i].said)))
            fail_msg("row %zu: %s", i, n ? f->text : "nothing is said");
    }
}

static void test_findings_of_pools(void **state)
{
    struct leads_test *t = *state;
    size_t n;
    const struct short_rule all = {.pool = 0}, some = {{"company"}, {IS}, {{"A"}}, 0};
    Baton__Rule *rules[] = {long_rule(t, &all)}, *few[] = {long_rule(t, &some)};
    /* 3 */
    assert_non_null(
        strstr(first_finding(t, rules, 1, &(struct leads_pool_facts){"a", 0, 0}, &n)->text, "no members"));
    assert_non_null(
        strstr(first_finding(t, rules, 1, &(struct leads_pool_facts){"a", 2, 0}, &n)->text, "none of the 2"));
    assert_null(first_finding(t, rules, 1, &(struct leads_pool_facts){"a", 2, 1}, &n));
    /* 4 */
    assert_non_null(
        strstr(first_finding(t, few, 1, &(struct leads_pool_facts){"a", 2, 1}, &n)->text, "last resort"));
    /* 6 */
    const struct leads_pool_facts good = {"a", 2, 1};
    assert_non_null(strstr(first_finding_of(t, rules, 1, &good, "Next", &n)->text, "territory 'Next'"));
    /* 5 */
    few[0]->conditions[0]->field = "shoe_size";
    const Baton__PolicyFinding *f = first_finding(t, few, 1, &(struct leads_pool_facts){"a", 2, 1}, &n);
    assert_int_equal(f->severity, BATON__FINDING_SEVERITY__FINDING_SEVERITY_ERROR);
    assert_non_null(strstr(f->text, "policy.rules[0].conditions[0].field"));
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
        TEST(test_publish_a_draft),
        TEST(test_draft),
        TEST(test_roll_back),
        TEST(test_findings_of_rules),
        TEST(test_findings_of_pools),
        TEST(test_publish),
        TEST(test_pool_and_form_checks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
