/* Routing rules: conditions against leads, what may be published, how it reads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "services/leads/rules.h"

static int setup(void **state)
{
    schema_load();
    *state = arena_new(64 << 20);
    return 0;
}

static int teardown(void **state)
{
    arena_free(*state);
    return 0;
}

/* A lead with something of every kind. */
static Baton__Lead *lead_new(struct arena *a)
{
    Baton__Lead *l = ARENA_NEW(a, Baton__Lead);
    baton__lead__init(l);
    l->address = ARENA_NEW(a, Baton__Address);
    baton__address__init(l->address);
    l->company = "M\xc3\xbcller & S\xc3\xb6hne";
    l->address->country = "de";
    l->address->postal_code = "80331";
    l->has_annual_revenue = l->has_do_not_call = l->has_status = true;
    l->annual_revenue = 1000;
    l->do_not_call = true;
    l->status = BATON__LEAD_STATUS__LEAD_STATUS_NEW;
    return l;
}

static Baton__Condition *condition_new(struct arena *a, const char *field, Baton__Operator operator,
                                       const char * const * values)
{
    Baton__Condition *c = ARENA_NEW(a, Baton__Condition);
    baton__condition__init(c);
    c->field = arena_strdup(a, field);
    c->has_operator_ = true;
    c->operator_ = operator;
    c->values = ARENA_ARRAY(a, char *, 4);
    while (c->n_values < 4 && values[c->n_values]) {
        c->values[c->n_values] = arena_strdup(a, values[c->n_values]);
        c->n_values++;
    }
    return c;
}

static Baton__Policy *policy_of(struct arena *a, Baton__Condition **conditions, size_t n)
{
    Baton__Policy *p = ARENA_NEW(a, Baton__Policy);
    Baton__Rule *r = ARENA_NEW(a, Baton__Rule);
    baton__policy__init(p);
    baton__rule__init(r);
    r->name = "rule";
    r->pool_id = "pool";
    r->conditions = conditions;
    r->n_conditions = n;
    p->rules = ARENA_ARRAY(a, Baton__Rule *, 1);
    p->rules[p->n_rules++] = r;
    return p;
}

static bool check_one(struct arena *a, Baton__Condition *c, bool pool_known, struct refusal *no)
{
    *no = (struct refusal){0};
    return leads_policy_check(policy_of(a, &c, 1), &pool_known, &(const char *){NULL}, &(const char *){NULL},
                              no);
}

#define OP(x) BATON__OPERATOR__OPERATOR_##x

static void test_conditions(void **state)
{
    static const struct {
        const char *field;
        Baton__Operator operator;
        const char *values[4];
        bool holds;
    } rows[] = {
        {"address.country", OP(IS), {"DE"}, true},
        {"address.country", OP(IS), {"AT", "De"}, true},
        {"address.country", OP(IS), {"AT"}, false},
        {"address.city", OP(IS), {"Berlin"}, false},
        {"address.country", OP(IS_NOT), {"DE"}, false},
        {"address.country", OP(IS_NOT), {"FR", "IT"}, true},
        {"address.city", OP(IS_NOT), {"Berlin"}, true},
        {"company", OP(IS), {"m\xc3\x9cLLER & s\xc3\x96hne"}, true},
        {"company", OP(STARTS_WITH), {"M\xc3\x9cL"}, true},
        {"company", OP(STARTS_WITH), {"s\xc3\xb6hne"}, false},
        {"company", OP(CONTAINS), {"xx", "S\xc3\xb6hne"}, true},
        {"company", OP(CONTAINS), {"gmbh"}, false},
        {"address.postal_code", OP(STARTS_WITH), {"80", "81"}, true},
        {"annual_revenue", OP(AT_LEAST), {"1000"}, true},
        {"annual_revenue", OP(AT_LEAST), {"1001"}, false},
        {"annual_revenue", OP(AT_MOST), {"1000"}, true},
        {"annual_revenue", OP(AT_MOST), {"-1"}, false},
        {"annual_revenue", OP(IS), {"01000"}, true},
        {"number_of_employees", OP(AT_LEAST), {"0"}, false},
        {"number_of_employees", OP(AT_MOST), {"10"}, false},
        {"do_not_call", OP(IS), {"TRUE"}, true},
        {"do_not_call", OP(IS), {"false"}, false},
        {"has_opted_out_of_email", OP(IS), {"false"}, true},
        {"has_opted_out_of_email", OP(PRESENT), {NULL}, false},
        {"status", OP(IS), {"new"}, true},
        {"status", OP(IS_NOT), {"Converted"}, true},
        {"email", OP(PRESENT), {NULL}, false},
        {"email", OP(ABSENT), {NULL}, true},
        {"company", OP(PRESENT), {NULL}, true},
        {"company", OP(ABSENT), {NULL}, false},
        {"email", OP(CONTAINS), {"a"}, false},
        {"email", OP(STARTS_WITH), {"a"}, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena *a = *state;
        struct refusal no;
        struct leads_match m;
        Baton__Condition *c = condition_new(a, rows[i].field, rows[i].operator, rows[i].values);
        if (!check_one(a, c, true, &no))
            fail_msg("row %zu: %s", i, no.message);
        leads_match_init(&m, leads_policy_compile(policy_of(a, &c, 1), a), NULL, lead_new(a), a);
        if ((leads_match_rule(&m, 0) == 0) != rows[i].holds)
            fail_msg("row %zu: %s", i, rows[i].field);
    }
}

/* The numbers are those of decide_rules.c. */
static void test_publishing_checks(void **state)
{
    static const struct {
        int rule;
        const char *field;
        Baton__Operator operator;
        const char *values[4];
        bool pool_known;
        const char *refused; /* NULL: fine */
    } rows[] = {
        {1, "colour", OP(IS), {"red"}, true, "policy.rules[0].conditions[0].field"},
        {1, "address", OP(PRESENT), {NULL}, true, "policy.rules[0].conditions[0].field"},
        {1, "address.planet", OP(IS), {"earth"}, true, "policy.rules[0].conditions[0].field"},
        {1, "company.name", OP(IS), {"x"}, true, "policy.rules[0].conditions[0].field"},
        {1, "flags", OP(IS), {"x"}, true, "policy.rules[0].conditions[0].field"},
        {1, "received_at", OP(PRESENT), {NULL}, true, "policy.rules[0].conditions[0].field"},
        {1, "received_at.seconds", OP(IS), {"1"}, true, "policy.rules[0].conditions[0].field"},
        {1, "", OP(IS), {"x"}, true, "policy.rules[0].conditions[0].field"},
        {1, "captured_by", OP(IS), {"x"}, true, NULL},
        {2, "company", OP(AT_LEAST), {"1"}, true, "policy.rules[0].conditions[0].operator"},
        {2, "annual_revenue", OP(CONTAINS), {"1"}, true, "policy.rules[0].conditions[0].operator"},
        {2, "company", OP(UNSPECIFIED), {"1"}, true, "policy.rules[0].conditions[0].operator"},
        {3, "company", OP(IS), {NULL}, true, "policy.rules[0].conditions[0].values"},
        {3, "annual_revenue", OP(AT_MOST), {"1", "2"}, true, "policy.rules[0].conditions[0].values"},
        {3, "company", OP(PRESENT), {"x"}, true, "policy.rules[0].conditions[0].values"},
        {4, "annual_revenue", OP(AT_LEAST), {"many"}, true, "policy.rules[0].conditions[0].values[0]"},
        {4, "annual_revenue", OP(IS), {"1", "2x"}, true, "policy.rules[0].conditions[0].values[1]"},
        {4,
         "annual_revenue",
         OP(IS),
         {"99999999999999999999"},
         true,
         "policy.rules[0].conditions[0].values[0]"},
        {4, "do_not_call", OP(IS), {"maybe"}, true, "policy.rules[0].conditions[0].values[0]"},
        {4, "status", OP(IS), {"asleep"}, true, "policy.rules[0].conditions[0].values[0]"},
        {4, "company", OP(IS), {"  "}, true, "policy.rules[0].conditions[0].values[0]"},
        {5, "company", OP(IS), {"x"}, false, "policy.rules[0].pool_id"},
        {5, "company", OP(IS), {"x"}, true, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct refusal no;
        Baton__Condition *c = condition_new(*state, rows[i].field, rows[i].operator, rows[i].values);
        bool ok = check_one(*state, c, rows[i].pool_known, &no);
        if (ok != !rows[i].refused || (!ok && strcmp(no.field, rows[i].refused) != 0))
            fail_msg("row %zu of rule %d: %s %s", i, rows[i].rule, no.field, no.message);
    }
}

static void test_first_failing_condition(void **state)
{
    struct arena *a = *state;
    struct leads_match m;
    Baton__Condition *conditions[] = {
        condition_new(a, "address.country", OP(IS), (const char *const[4]){"DE"}),
        condition_new(a, "annual_revenue", OP(AT_LEAST), (const char *const[4]){"5000"}),
        condition_new(a, "company", OP(IS), (const char *const[4]){"x"}),
    };
    leads_match_init(&m, leads_policy_compile(policy_of(a, conditions, 3), a), NULL, lead_new(a), a);
    assert_int_equal(leads_match_rule(&m, 0), 2);
    leads_match_init(&m, leads_policy_compile(policy_of(a, conditions, 1), a), NULL, lead_new(a), a);
    assert_int_equal(leads_match_rule(&m, 0), 0);
    leads_match_init(&m, leads_policy_compile(policy_of(a, NULL, 0), a), NULL, lead_new(a), a);
    assert_int_equal(leads_match_rule(&m, 0), 0);
    /* a condition that cannot be understood makes its rule one that is skipped */
    conditions[0] = condition_new(a, "colour", OP(IS_NOT), (const char *const[4]){"red"});
    leads_match_init(&m, leads_policy_compile(policy_of(a, conditions, 1), a), NULL, lead_new(a), a);
    assert_int_equal(leads_match_rule(&m, 0), LEADS_RULE_SKIPPED + BATON__RULE_SKIP__RULE_SKIP_CONDITION);
}

static void test_words(void **state)
{
    static const struct {
        const char *field;
        Baton__Operator operator;
        const char *values[4];
        const char *text;
    } rows[] = {
        {"address.country", OP(IS), {"FR", "IT"}, "address.country is 'de', not FR or IT"},
        {"address.city", OP(IS), {"Ulm"}, "address.city is not given; wanted: address.city is Ulm"},
        {"address.country", OP(IS_NOT), {"DE"}, "address.country is 'de', which is left out by 'is not'"},
        {"annual_revenue", OP(AT_LEAST), {"5000"}, "annual_revenue is '1000', less than 5000"},
        {"email", OP(PRESENT), {NULL}, "email is not given"},
        {"do_not_call", OP(IS), {"false"}, "do_not_call is 'true', not false"},
        {"status", OP(IS), {"dead"}, "it did not hold that status is dead"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__Condition *c = condition_new(*state, rows[i].field, rows[i].operator, rows[i].values);
        assert_string_equal(leads_failed_text(c, lead_new(*state), *state), rows[i].text);
    }
    Baton__Condition *both[] = {
        condition_new(*state, "address.country", OP(IS), (const char *const[4]){"DE", "AT"}),
        condition_new(*state, "email", OP(PRESENT), (const char *const[4]){NULL}),
    };
    assert_string_equal(leads_rule_text(policy_of(*state, both, 2)->rules[0], *state),
                        "address.country is DE or AT and email is given");
    assert_string_equal(leads_rule_text(policy_of(*state, NULL, 0)->rules[0], *state),
                        "it has no conditions");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_conditions, setup, teardown),
        cmocka_unit_test_setup_teardown(test_publishing_checks, setup, teardown),
        cmocka_unit_test_setup_teardown(test_first_failing_condition, setup, teardown),
        cmocka_unit_test_setup_teardown(test_words, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
