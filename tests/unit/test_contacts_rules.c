/* The company's rules of quality: the numbers are those of decide_condition.c. */
#include "services/contacts/contacts.h"
#include "tests/unit/decide_bench.h"

static const int64_t DAY = INT64_C(86400000000);

#define OP(name) BATON__QUALITY_OPERATOR__QUALITY_OPERATOR_##name

/* 1 to 4 */
static const struct {
    int rule;
    char *type, *field;
    Baton__QualityOperator operator;
    char *value;
    size_t there; /* rules */
    enum refusal_code code;
    const char *where;
} written[] = {
    {1, "lead", "phone", OP(ABSENT), NULL, 0, REFUSAL_INVALID_ARGUMENT, "record_type"},
    {1, "contact", "email", OP(ABSENT), NULL, 0, REFUSAL_NONE, ""},
    {2, "account", "phone", OP(ABSENT), NULL, CONTACTS_RULES_MAX, REFUSAL_FAILED_PRECONDITION, ""},
    {2, "account", "phone", OP(ABSENT), NULL, CONTACTS_RULES_MAX - 1, REFUSAL_NONE, ""},
    {3, "account", "email", OP(ABSENT), NULL, 0, REFUSAL_INVALID_ARGUMENT,
     "quality_rule.conditions[0].field"},
    {3, "account", "billing_address.city", OP(ABSENT), NULL, 0, REFUSAL_NONE, ""},
    {3, "account", "billing_address.zip", OP(ABSENT), NULL, 0, REFUSAL_INVALID_ARGUMENT,
     "quality_rule.conditions[0].field"},
    {3, "account", "phone.city", OP(ABSENT), NULL, 0, REFUSAL_INVALID_ARGUMENT,
     "quality_rule.conditions[0].field"},
    {3, "account", "updated_at.seconds", OP(ABSENT), NULL, 0, REFUSAL_INVALID_ARGUMENT,
     "quality_rule.conditions[0].field"},
    {3, "account", "hints", OP(ABSENT), NULL, 0, REFUSAL_INVALID_ARGUMENT,
     "quality_rule.conditions[0].field"},
    {4, "account", "phone", OP(BREAKS_FORMAT), NULL, 0, REFUSAL_NONE, ""},
    {4, "account", "name", OP(BREAKS_FORMAT), NULL, 0, REFUSAL_INVALID_ARGUMENT,
     "quality_rule.conditions[0].operator"},
    {4, "account", "phone", OP(OLDER_THAN_DAYS), "90", 0, REFUSAL_NONE, ""},
    {4, "account", "created_at", OP(OLDER_THAN_DAYS), "90", 0, REFUSAL_NONE, ""},
    {4, "account", "name", OP(OLDER_THAN_DAYS), "90", 0, REFUSAL_INVALID_ARGUMENT,
     "quality_rule.conditions[0].operator"},
    {4, "account", "phone", OP(OLDER_THAN_DAYS), "-1", 0, REFUSAL_INVALID_ARGUMENT,
     "quality_rule.conditions[0].operator"},
    {4, "account", "phone", OP(OLDER_THAN_DAYS), "99999999999999999999", 0, REFUSAL_INVALID_ARGUMENT,
     "quality_rule.conditions[0].operator"},
    {4, "account", "phone", OP(OLDER_THAN_DAYS), NULL, 0, REFUSAL_INVALID_ARGUMENT,
     "quality_rule.conditions[0].operator"},
    {4, "account", "name", OP(EQUALS), "x", 0, REFUSAL_NONE, ""},
    {4, "account", "name", OP(EQUALS), "", 0, REFUSAL_INVALID_ARGUMENT,
     "quality_rule.conditions[0].operator"},
    {4, "account", "billing_address", OP(EQUALS), "x", 0, REFUSAL_INVALID_ARGUMENT,
     "quality_rule.conditions[0].operator"},
    {4, "account", "name", OP(LONGER_THAN), "80", 0, REFUSAL_NONE, ""},
    {4, "account", "number_of_employees", OP(LONGER_THAN), "80", 0, REFUSAL_INVALID_ARGUMENT,
     "quality_rule.conditions[0].operator"},
};

static void test_written(void **state)
{
    struct bench *b = *state;
    for (size_t i = 0; i < sizeof written / sizeof *written; i++) {
        Baton__QualityCondition c = BATON__QUALITY_CONDITION__INIT, *conditions[] = {&c};
        Baton__QualityRule rule = BATON__QUALITY_RULE__INIT;
        struct contacts_rules f = {.n = written[i].there};
        c.field = written[i].field;
        c.operator_ = written[i].operator;
        c.value = written[i].value;
        rule.record_type = written[i].type;
        rule.conditions = conditions;
        rule.n_conditions = 1;
        assert_int_equal(check(b, contacts_check_quality_rule, &f, NULL, &rule),
                         written[i].code == REFUSAL_NONE);
        assert_int_equal(b->out.no.code, written[i].code);
        assert_string_equal(b->out.no.field, written[i].where);
        /* one that is there already can be changed, however many there are */
        f.n = CONTACTS_RULES_MAX;
        assert_true(written[i].rule != 2 || check(b, contacts_check_quality_rule, &f, &rule, &rule));
    }
    assert_true(check(b, contacts_check_quality_rule, &(struct contacts_rules){0}, NULL, NULL));
}

/* 5 to 7 */
static const struct {
    int rule;
    char *field;
    Baton__QualityOperator operator;
    char *value;
    bool holds;
} asked[] = {
    {5, "no_such_field", OP(ABSENT), NULL, false},
    {6, "phone", OP(PRESENT), NULL, true},
    {6, "website", OP(PRESENT), NULL, false},
    {6, "website", OP(ABSENT), NULL, true},
    {6, "shipping_address.city", OP(ABSENT), NULL, true},
    {6, "billing_address.city", OP(ABSENT), NULL, true},
    {6, "billing_address.postal_code", OP(PRESENT), NULL, true},
    {6, "phone", OP(MATCHES_FORMAT), NULL, false},
    {6, "phone", OP(BREAKS_FORMAT), NULL, true},
    {6, "billing_address.postal_code", OP(MATCHES_FORMAT), NULL, true},
    {6, "billing_address.postal_code", OP(BREAKS_FORMAT), NULL, false},
    {6, "website", OP(BREAKS_FORMAT), NULL, false},
    {6, "shipping_address.postal_code", OP(BREAKS_FORMAT), NULL, false},
    {6, "name", OP(EQUALS), "ＡＣＭＥ", true},
    {6, "name", OP(EQUALS), "acm", false},
    {6, "is_key_account", OP(EQUALS), "true", true},
    {6, "number_of_employees", OP(EQUALS), "7", true},
    {6, "type", OP(EQUALS), "account_type_partner", true},
    {6, "website", OP(EQUALS), "x", false},
    {6, "name", OP(LONGER_THAN), "3", true},
    {6, "name", OP(LONGER_THAN), "4", false},
    {7, "phone", OP(OLDER_THAN_DAYS), "9", true},
    {7, "phone", OP(OLDER_THAN_DAYS), "11", false},
    {7, "updated_at", OP(OLDER_THAN_DAYS), "9", true},
    {7, "created_at", OP(OLDER_THAN_DAYS), "9", false},
};

static void test_asked(void **state)
{
    struct bench *b = *state;
    Baton__Address at = BATON__ADDRESS__INIT;
    Baton__Account a = BATON__ACCOUNT__INIT;
    at.postal_code = "01067";
    at.country = "DE";
    a.id = ID(1);
    a.name = "Acme";
    a.phone = "nobody's";
    a.billing_address = &at;
    a.has_is_key_account = a.is_key_account = true;
    a.has_number_of_employees = a.has_type = true;
    a.number_of_employees = 7;
    a.type = BATON__ACCOUNT_TYPE__ACCOUNT_TYPE_PARTNER;
    a.updated_at = timestamp_of(b->arena, NOW - 10 * DAY);
    contacts_normalize_account(&(struct contacts_normal_facts){0}, &a, b->arena);
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        Baton__QualityCondition c = BATON__QUALITY_CONDITION__INIT, *conditions[] = {&c};
        Baton__QualityRule rule = BATON__QUALITY_RULE__INIT;
        struct contacts_rules rules = {0};
        const struct contacts_judge_facts f = {.type = "account", .record = &a.base, .rules = &rules};
        const Baton__Quality *q = contacts_judge(&f, &a.base, NOW, b->arena);
        int64_t due_us = INT64_MAX;
        c.field = asked[i].field;
        c.operator_ = asked[i].operator;
        c.value = asked[i].value;
        rule.conditions = conditions;
        rule.n_conditions = 1;
        if (contacts_rule_holds(&rule, &a.base, q, NOW, &due_us, b->arena) != asked[i].holds)
            fail_msg("row %zu: %s", i, asked[i].field);
        bool waits = asked[i].rule == 7 && !asked[i].holds && strcmp(asked[i].field, "phone") == 0;
        assert_int_equal(due_us, waits ? NOW + DAY + 1 : INT64_MAX);
    }
}

static void test_any_and_all(void **state)
{
    static const struct {
        bool any, first, second, holds;
    } rows[] = {
        {false, true, true, true},   {false, true, false, false}, {false, false, true, false},
        {true, false, false, false}, {true, true, false, true},   {true, false, true, true},
    };
    struct bench *b = *state;
    Baton__Account a = BATON__ACCOUNT__INIT;
    Baton__Quality q = BATON__QUALITY__INIT;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__QualityCondition first = BATON__QUALITY_CONDITION__INIT, second = first,
                                *both[] = {&first, &second};
        Baton__QualityRule rule = BATON__QUALITY_RULE__INIT;
        int64_t due_us = INT64_MAX;
        first.field = second.field = "website";
        first.operator_ = rows[i].first ? OP(ABSENT) : OP(PRESENT);
        second.operator_ = rows[i].second ? OP(ABSENT) : OP(PRESENT);
        rule.conditions = both;
        rule.n_conditions = 2;
        rule.any = rows[i].any;
        assert_int_equal(contacts_rule_holds(&rule, &a.base, &q, NOW, &due_us, b->arena), rows[i].holds);
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(test_written), TEST(test_asked), TEST(test_any_and_all)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
