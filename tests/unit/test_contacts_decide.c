/* The decisions of contacts, rule by rule; the numbers are those of the comments in decide.c. */
#include "baton/v1/leads.pb-c.h"
#include "services/contacts/contacts.h"
#include "tests/unit/decide_bench.h"

static const Baton__Record *converted(struct bench *b, const struct contacts_converted_facts *f,
                                      const Baton__LeadConverted *e)
{
    assert_true(run(b, contacts_decide_converted, f, &e->base));
    return b->out.n_events ? b->out.events[0]->record_changed->record : NULL;
}

static void test_account(void **state)
{
    struct bench *b = *state;
    Baton__Account before = BATON__ACCOUNT__INIT;
    before.id = ID(1);
    const struct {
        int rule;
        bool is_new, is_deleted;
        char *name;
        struct contacts_account_facts f;
        enum refusal_code code;
        const char *field;
    } rows[] = {
        {1, false, true, NULL, {.has_contacts = true}, REFUSAL_FAILED_PRECONDITION, ""},
        {1, false, true, NULL, {.has_children = true}, REFUSAL_FAILED_PRECONDITION, ""},
        {1, false, true, NULL, {.has_plan = true}, REFUSAL_FAILED_PRECONDITION, ""},
        {1, false, true, NULL, {.has_relationships = true}, REFUSAL_FAILED_PRECONDITION, ""},
        {1, false, true, NULL, {0}, REFUSAL_NONE, ""},
        {5, false, false, "Acme", {.has_plan = true}, REFUSAL_FAILED_PRECONDITION, "is_key_account"},
        {2, true, false, NULL, {0}, REFUSAL_INVALID_ARGUMENT, "name"},
        {2, true, false, " \t", {0}, REFUSAL_INVALID_ARGUMENT, "name"},
        {2, true, false, " Acme ", {0}, REFUSAL_NONE, ""},
        {3, true, false, "Acme", {.wanted = true}, REFUSAL_NOT_FOUND, "parent_id"},
        {3, true, false, "Acme", {.wanted = true, .above = {ID(2)}, .n_above = 1}, REFUSAL_NONE, ""},
        {4,
         false,
         false,
         "Acme",
         {.wanted = true, .above = {ID(2), ID(1)}, .n_above = 2},
         REFUSAL_FAILED_PRECONDITION,
         "parent_id"},
        {4,
         false,
         false,
         "Acme",
         {.wanted = true, .above = {ID(1)}, .n_above = 1},
         REFUSAL_FAILED_PRECONDITION,
         "parent_id"},
        {4, false, false, "Acme", {.wanted = true, .above = {ID(2), ID(3)}, .n_above = 2}, REFUSAL_NONE, ""},
        {4,
         true,
         false,
         "Acme",
         {.wanted = true, .above = {ID(2)}, .n_above = CONTACTS_DEPTH_MAX},
         REFUSAL_FAILED_PRECONDITION,
         "parent_id"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__Account after = BATON__ACCOUNT__INIT;
        after.id = rows[i].is_new ? NULL : ID(1);
        after.name = rows[i].name;
        bool ok = check(b, contacts_check_account, &rows[i].f, rows[i].is_new ? NULL : &before,
                        rows[i].is_deleted ? NULL : &after);
        assert_int_equal(ok, rows[i].code == REFUSAL_NONE);
        assert_int_equal(b->out.no.code, rows[i].code);
        assert_string_equal(b->out.no.field, rows[i].field);
        if (ok && !rows[i].is_deleted)
            assert_string_equal(after.name, "Acme");
    }
}

static void test_contact(void **state)
{
    struct bench *b = *state;
    const struct {
        int rule;
        char *first, *last, *email, *reports_to, *birthday;
        struct contacts_contact_facts f;
        enum refusal_code code;
        const char *field;
    } rows[] = {
        {1, NULL, NULL, NULL, NULL, NULL, {0}, REFUSAL_INVALID_ARGUMENT, "last_name"},
        {1, " ", "", "\t", NULL, NULL, {0}, REFUSAL_INVALID_ARGUMENT, "last_name"},
        {1, "Anna", NULL, NULL, NULL, NULL, {0}, REFUSAL_NONE, ""},
        {1, NULL, "Smith", NULL, NULL, NULL, {0}, REFUSAL_NONE, ""},
        {1, NULL, NULL, "a@b.example", NULL, NULL, {0}, REFUSAL_NONE, ""},
        {2, "Anna", NULL, NULL, NULL, NULL, {.missing_account_id = ID(2)}, REFUSAL_NOT_FOUND, "account_id"},
        {2,
         "Anna",
         NULL,
         NULL,
         NULL,
         NULL,
         {.missing_reports_to_id = ID(2)},
         REFUSAL_NOT_FOUND,
         "reports_to_id"},
        {3, "Anna", NULL, NULL, ID(1), NULL, {0}, REFUSAL_FAILED_PRECONDITION, "reports_to_id"},
        {3, "Anna", NULL, NULL, ID(2), NULL, {0}, REFUSAL_NONE, ""},
        {4, "Anna", NULL, NULL, NULL, "1980-13-01", {0}, REFUSAL_INVALID_ARGUMENT, "birthday"},
        {4, "Anna", NULL, NULL, NULL, "1980-12-01", {0}, REFUSAL_NONE, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__Contact after = BATON__CONTACT__INIT;
        after.id = ID(1);
        after.first_name = rows[i].first;
        after.last_name = rows[i].last;
        after.email = rows[i].email;
        after.reports_to_id = rows[i].reports_to;
        after.birthday = rows[i].birthday;
        assert_int_equal(check(b, contacts_check_contact, &rows[i].f, NULL, &after),
                         rows[i].code == REFUSAL_NONE);
        assert_int_equal(b->out.no.code, rows[i].code);
        assert_string_equal(b->out.no.field, rows[i].field);
    }
}

/* 5: nobody comes below somebody who is below them. */
static void test_contact_chain(void **state)
{
    struct bench *b = *state;
    const struct {
        struct contacts_contact_facts f;
        enum refusal_code code;
    } rows[] = {
        {{.above = {.ids = {ID(2), ID(1)}, .n = 2}}, REFUSAL_FAILED_PRECONDITION},
        {{.above = {.ids = {ID(2), ID(3)}, .n = 2}}, REFUSAL_NONE},
        {{.above = {.ids = {ID(2)}, .n = 1, .is_cut = true}}, REFUSAL_FAILED_PRECONDITION},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__Contact before = BATON__CONTACT__INIT, after;
        before.id = ID(1);
        before.last_name = "Smith";
        after = before;
        after.reports_to_id = ID(2);
        assert_int_equal(check(b, contacts_check_contact, &rows[i].f, &before, &after),
                         rows[i].code == REFUSAL_NONE);
        assert_int_equal(b->out.no.code, rows[i].code);
    }
}

static void test_contact_goes(void **state)
{
    struct bench *b = *state;
    struct contacts_contact_facts f = {.has_relationships = true};
    Baton__Contact before = BATON__CONTACT__INIT;
    assert_refused(check(b, contacts_check_contact, &f, &before, NULL), b, REFUSAL_FAILED_PRECONDITION,
                   ""); /* 6 */
    f.has_relationships = false;
    assert_true(check(b, contacts_check_contact, &f, &before, NULL));
}

static Baton__LeadConverted conversion(Baton__Lead *lead)
{
    Baton__LeadConverted e = BATON__LEAD_CONVERTED__INIT;
    e.lead_id = ID(5);
    e.lead = lead;
    e.account_id = ID(6);
    e.has_account_is_new = e.account_is_new = true;
    e.contact_id = ID(7);
    return e;
}

static void test_converted(void **state)
{
    struct bench *b = *state;
    Baton__Lead lead = BATON__LEAD__INIT;
    lead.company = " Acme ";
    lead.last_name = "Smith";
    lead.email = "a@b.example";
    lead.owner_id = ID(1);
    lead.territory_id = "the north";
    lead.has_number_of_employees = true;
    lead.number_of_employees = -1;
    Baton__LeadConverted e = conversion(&lead);
    struct contacts_converted_facts f = {.owner_id = ID(1)};
    /* 1, 2: both */
    const Baton__Account *account = converted(b, &f, &e)->account;
    assert_int_equal(b->out.n_events, 4); /* each with its quality */
    const Baton__Contact *contact = b->out.events[2]->record_changed->record->contact;
    assert_string_equal(account->id, ID(6));
    assert_string_equal(account->name, "Acme");
    assert_string_equal(account->owner_id, ID(1));
    assert_string_equal(account->lead_id, ID(5));
    assert_null(account->territory_id);
    assert_false(account->has_number_of_employees);
    assert_string_equal(contact->id, ID(7));
    assert_string_equal(contact->account_id, ID(6));
    assert_string_equal(contact->last_name, "Smith");
    assert_string_equal(contact->lead_id, ID(5));
    /* 1: an account there is already; 2: a contact there is already */
    e.account_is_new = false;
    assert_non_null(converted(b, &f, &e)->contact);
    assert_int_equal(b->out.n_events, 2);
    e.account_is_new = f.contact_exists = true;
    assert_non_null(converted(b, &f, &e)->account);
    assert_int_equal(b->out.n_events, 2);
    f.account_exists = true;
    assert_null(converted(b, &f, &e));
}

/* 1, 2: a lead that says little still gives records with names that pass their own rules. */
static void test_converted_names(void **state)
{
    struct bench *b = *state;
    const struct {
        char *first, *last, *email, *phone;
        const char *account, *last_name;
    } rows[] = {
        {"Anna", "Smith", NULL, NULL, "Anna Smith", "Smith"},
        {"Anna", NULL, NULL, NULL, "Anna", NULL},
        {NULL, NULL, "a@b.example", "1", "a@b.example", NULL},
        {NULL, NULL, NULL, "+49 30 123456", "+49 30 123456", "+49 30 123456"},
        {NULL, NULL, NULL, NULL, "Unnamed", "Unnamed"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct contacts_converted_facts f = {0};
        Baton__Lead lead = BATON__LEAD__INIT;
        lead.first_name = rows[i].first;
        lead.last_name = rows[i].last;
        lead.email = rows[i].email;
        lead.phone = rows[i].phone;
        Baton__LeadConverted e = conversion(&lead);
        assert_string_equal(converted(b, &f, &e)->account->name, rows[i].account);
        Baton__Contact *contact = b->out.events[2]->record_changed->record->contact;
        if (rows[i].last_name)
            assert_string_equal(contact->last_name, rows[i].last_name);
        else
            assert_null(contact->last_name);
        const struct contacts_contact_facts none = {0};
        assert_true(check(b, contacts_check_contact, &none, NULL, contact));
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_account),       cmocka_unit_test(test_contact),
        cmocka_unit_test(test_contact_chain), cmocka_unit_test(test_contact_goes),
        cmocka_unit_test(test_converted),     cmocka_unit_test(test_converted_names),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
