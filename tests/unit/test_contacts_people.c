/* Relationships, plans and consent, rule by rule; the numbers are those of the comments in decide_people.c.
 */
#include "services/contacts/people.h"
#include "tests/unit/decide_bench.h"

#define KIND(NAME) BATON__RELATIONSHIP_KIND__RELATIONSHIP_KIND_##NAME
#define ROLE(NAME) BATON__BUYING_ROLE__BUYING_ROLE_##NAME

static void test_relationship(void **state)
{
    struct bench *b = *state;
    const struct {
        int rule;
        char *to_contact, *to_account;
        Baton__RelationshipKind kind;
        struct contacts_relationship_facts f;
        enum refusal_code code;
        const char *field;
    } rows[] = {
        {1, NULL, NULL, KIND(KNOWS), {0}, REFUSAL_INVALID_ARGUMENT, "to_contact_id"},
        {1, ID(2), ID(3), KIND(KNOWS), {0}, REFUSAL_INVALID_ARGUMENT, "to_contact_id"},
        {1, NULL, ID(3), KIND(REPORTS_TO), {0}, REFUSAL_INVALID_ARGUMENT, "to_contact_id"},
        {1, ID(2), NULL, KIND(ROLE_AT), {0}, REFUSAL_INVALID_ARGUMENT, "to_account_id"},
        {1, ID(2), NULL, KIND(INFLUENCES), {0}, REFUSAL_NONE, ""},
        {1, NULL, ID(3), KIND(INFLUENCES), {0}, REFUSAL_NONE, ""},
        {2, ID(1), NULL, KIND(KNOWS), {0}, REFUSAL_FAILED_PRECONDITION, "to_contact_id"},
        {4, ID(2), NULL, KIND(KNOWS), {.missing = "from_contact_id"}, REFUSAL_NOT_FOUND, "from_contact_id"},
        {5,
         ID(2),
         NULL,
         KIND(REPORTS_TO),
         {.above = {.ids = {ID(2), ID(3), ID(1)}, .n = 3}},
         REFUSAL_FAILED_PRECONDITION,
         "to_contact_id"},
        {5, ID(2), NULL, KIND(REPORTS_TO), {.above = {.ids = {ID(2), ID(3)}, .n = 2}}, REFUSAL_NONE, ""},
        {5,
         ID(2),
         NULL,
         KIND(REPORTS_TO),
         {.above = {.is_cut = true}},
         REFUSAL_FAILED_PRECONDITION,
         "to_contact_id"},
        {5, ID(2), NULL, KIND(KNOWS), {.above = {.ids = {ID(1)}, .n = 1}}, REFUSAL_NONE, ""},
        {6, ID(2), NULL, KIND(KNOWS), {.is_there = true}, REFUSAL_ALREADY_EXISTS, "role"},
        {7,
         ID(2),
         NULL,
         KIND(KNOWS),
         {.n_from = RELATIONSHIPS_MAX},
         REFUSAL_RESOURCE_EXHAUSTED,
         "from_contact_id"},
        {7, ID(2), NULL, KIND(KNOWS), {.n_from = RELATIONSHIPS_MAX - 1}, REFUSAL_NONE, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__Relationship r = BATON__RELATIONSHIP__INIT;
        r.from_contact_id = ID(1);
        r.to_contact_id = rows[i].to_contact;
        r.to_account_id = rows[i].to_account;
        r.kind = rows[i].kind;
        bool ok = check(b, contacts_check_relationship, &rows[i].f, NULL, &r);
        assert_int_equal(ok, rows[i].code == REFUSAL_NONE);
        assert_int_equal(b->out.no.code, rows[i].code);
        assert_string_equal(b->out.no.field, rows[i].field);
    }
}

/* 3: of what there is, the role alone can become another. */
static void test_relationship_stays(void **state)
{
    struct bench *b = *state;
    const struct contacts_relationship_facts f = {.n_from = RELATIONSHIPS_MAX};
    Baton__Relationship before = BATON__RELATIONSHIP__INIT, after;
    before.from_contact_id = ID(1);
    before.to_contact_id = ID(2);
    before.kind = KIND(KNOWS);
    after = before;
    after.role = " plays golf with ";
    assert_true(check(b, contacts_check_relationship, &f, &before, &after));
    assert_string_equal(after.role, "plays golf with");
    after.kind = KIND(ADVISES);
    assert_refused(check(b, contacts_check_relationship, &f, &before, &after), b, REFUSAL_FAILED_PRECONDITION,
                   "kind");
    after = before;
    after.to_contact_id = ID(3);
    assert_refused(check(b, contacts_check_relationship, &f, &before, &after), b, REFUSAL_FAILED_PRECONDITION,
                   "kind");
    assert_true(check(b, contacts_check_relationship, &f, &before, NULL));
}

static void test_plan(void **state)
{
    struct bench *b = *state;
    Baton__Account plain = BATON__ACCOUNT__INIT, key = BATON__ACCOUNT__INIT;
    key.is_key_account = true;
    const struct contacts_plan_facts none = {.wanted = true}, no_key = {.wanted = true, .account = &plain},
                                     fine = {.wanted = true, .account = &key},
                                     gone = {.wanted = true, .account = &key, .missing_contact_id = ID(2)},
                                     taken = {.wanted = true, .account = &key, .is_taken = true};
    const struct {
        int rule;
        struct contacts_plan_facts f;
        const char *second, *review;
        Baton__BuyingRole role;
        enum refusal_code code;
        const char *field;
    } rows[] = {
        {1, none, ID(2), NULL, ROLE(USER), REFUSAL_NOT_FOUND, "account_id"},
        {1, no_key, ID(2), NULL, ROLE(USER), REFUSAL_FAILED_PRECONDITION, "account_id"},
        {1, taken, ID(2), NULL, ROLE(USER), REFUSAL_ALREADY_EXISTS, "account_id"},
        {1, fine, ID(2), NULL, ROLE(USER), REFUSAL_NONE, ""},
        {1, {0}, ID(2), NULL, ROLE(USER), REFUSAL_NONE, ""},
        {2, gone, ID(2), NULL, ROLE(USER), REFUSAL_NOT_FOUND, "buyers"},
        {2, fine, ID(1), NULL, ROLE(CHAMPION), REFUSAL_INVALID_ARGUMENT, "buyers"},
        {2, fine, ID(1), NULL, ROLE(USER), REFUSAL_NONE, ""},
        {3, fine, ID(2), "2026-02-30", ROLE(USER), REFUSAL_INVALID_ARGUMENT, "next_review_date"},
        {3, fine, ID(2), "2026-02-28", ROLE(USER), REFUSAL_NONE, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__AccountPlan p = BATON__ACCOUNT_PLAN__INIT;
        Baton__Buyer one = BATON__BUYER__INIT, two = BATON__BUYER__INIT, *buyers[] = {&one, &two};
        one.contact_id = ID(1);
        one.role = ROLE(CHAMPION);
        two.contact_id = (char *)(uintptr_t)rows[i].second;
        two.role = rows[i].role;
        p.buyers = buyers;
        p.n_buyers = 2;
        p.next_review_date = (char *)(uintptr_t)rows[i].review;
        bool ok = check(b, contacts_check_plan, &rows[i].f, NULL, &p);
        assert_int_equal(ok, rows[i].code == REFUSAL_NONE);
        assert_int_equal(b->out.no.code, rows[i].code);
        assert_string_equal(b->out.no.field, rows[i].field);
    }
}

static void test_consent(void **state)
{
    struct bench *b = *state;
    const struct {
        int rule;
        struct contacts_consent_facts f;
        const char *purpose;
        int64_t said_us;
        enum refusal_code code;
        const char *field;
    } rows[] = {
        {2, {0}, "News", 0, REFUSAL_NOT_FOUND, "contact_id"},
        {3, {.has_contact = true}, "\xe2\x80\x8b", 0, REFUSAL_INVALID_ARGUMENT, "purpose"},
        {4, {.has_contact = true}, "News", NOW + 1, REFUSAL_INVALID_ARGUMENT, "said_at"},
        {4, {.has_contact = true}, "News", NOW - 1, REFUSAL_NONE, ""},
        {4, {.has_contact = true}, " NEWS ", 0, REFUSAL_NONE, ""},
        {5,
         {.has_contact = true, .n_in_force = CONSENTS_IN_FORCE_MAX},
         "News",
         0,
         REFUSAL_RESOURCE_EXHAUSTED,
         "purpose"},
        {5,
         {.has_contact = true, .is_known = true, .n_in_force = CONSENTS_IN_FORCE_MAX},
         "News",
         0,
         REFUSAL_NONE,
         ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__Consent c = BATON__CONSENT__INIT;
        c.purpose = (char *)(uintptr_t)rows[i].purpose;
        c.said_at = rows[i].said_us ? timestamp_of(b->arena, rows[i].said_us) : NULL;
        bool ok = check(b, contacts_check_consent, &rows[i].f, NULL, &c);
        assert_int_equal(ok, rows[i].code == REFUSAL_NONE);
        assert_int_equal(b->out.no.code, rows[i].code);
        assert_string_equal(b->out.no.field, rows[i].field);
        if (!ok)
            continue;
        assert_string_equal(c.purpose_key, "news");
        assert_int_equal(timestamp_us(c.said_at), rows[i].said_us ? rows[i].said_us : NOW);
    }
}

/* 1: neither another word nor none. */
static void test_consent_stays(void **state)
{
    struct bench *b = *state;
    const struct contacts_consent_facts f = {.has_contact = true};
    Baton__Consent before = BATON__CONSENT__INIT, after = BATON__CONSENT__INIT;
    assert_refused(check(b, contacts_check_consent, &f, &before, &after), b, REFUSAL_FAILED_PRECONDITION, "");
    assert_refused(check(b, contacts_check_consent, &f, &before, NULL), b, REFUSAL_FAILED_PRECONDITION, "");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_relationship),  cmocka_unit_test(test_relationship_stays),
        cmocka_unit_test(test_plan),          cmocka_unit_test(test_consent),
        cmocka_unit_test(test_consent_stays),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
