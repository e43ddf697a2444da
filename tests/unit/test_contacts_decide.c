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

/* 9: what is merged is changed and deleted where it has gone; what names it names that */
static void test_merged(void **state)
{
    struct bench *b = *state;
    Baton__Contact before = BATON__CONTACT__INIT, after = BATON__CONTACT__INIT;
    Baton__Account was = BATON__ACCOUNT__INIT, is = BATON__ACCOUNT__INIT;
    Baton__Note note = BATON__NOTE__INIT;
    struct contacts_redirect of[] = {{ID(13), ID(3)}, {ID(14), ID(4)}, {ID(15), ID(5)}};
    struct contacts_contact_facts f = {.now = {CONTACTS_CONTACT, of, 3}};
    struct contacts_account_facts g = {
        .wanted = true, .above = {ID(5)}, .n_above = 1, .now = {CONTACTS_ACCOUNT, of, 3}};
    struct contacts_note_facts h = {.about.now = {CONTACTS_NOTE, of, 3}};
    before.id = after.id = was.id = is.id = ID(1);
    before.last_name = after.last_name = "Smith";
    was.name = is.name = "Acme";
    after.account_id = note.account_id = ID(13);
    after.reports_to_id = note.contact_id = ID(14);
    is.parent_id = ID(15);
    note.text = "met them";
    assert_true(check(b, contacts_check_contact, &f, &before, &after));
    assert_string_equal(after.account_id, ID(3));
    assert_string_equal(after.reports_to_id, ID(4));
    assert_true(check(b, contacts_check_account, &g, &was, &is));
    assert_string_equal(is.parent_id, ID(5));
    assert_true(check(b, contacts_check_note, &h, NULL, &note));
    assert_string_equal(note.account_id, ID(3));
    assert_string_equal(note.contact_id, ID(4));
    before.merged_into_id = was.merged_into_id = ID(2);
    assert_refused(check(b, contacts_check_contact, &f, &before, &after), b, REFUSAL_FAILED_PRECONDITION,
                   "merged_into_id");
    assert_refused(check(b, contacts_check_account, &g, &was, NULL), b, REFUSAL_FAILED_PRECONDITION,
                   "merged_into_id");
    before.merged_into_id = NULL;
    f.has_merged = true;
    assert_refused(check(b, contacts_check_contact, &f, &before, NULL), b, REFUSAL_FAILED_PRECONDITION, "");
    assert_true(check(b, contacts_check_contact, &f, &before, &after));
}

/* 6 of decide_merge.c and 19 of decide_unmerge.c: what is written at once is bounded */
static void test_merge_bounds(void **state)
{
    struct bench *b = *state;
    Baton__Contact keep = BATON__CONTACT__INIT, lose = BATON__CONTACT__INIT, none = BATON__CONTACT__INIT;
    Baton__MergeContactsRequest q = BATON__MERGE_CONTACTS_REQUEST__INIT;
    Baton__UnmergeContactsRequest u = BATON__UNMERGE_CONTACTS_REQUEST__INIT;
    const struct contacts_contact_facts extra = {0};
    const struct contacts_merge_facts fine = {.type = "contact",
                                              .check = contacts_rules_contact,
                                              .extra = &extra,
                                              .keep = {&keep.base, 1},
                                              .lose = {&lose.base, 2}};
    keep.id = q.keep_id = ID(1);
    lose.id = q.lose_id = u.id = ID(2);
    keep.last_name = lose.last_name = "Smith";
    b->actor.has_role = true;
    b->actor.role = BATON__ROLE__ROLE_ADMIN;
    assert_true(run(b, contacts_decide_merge, &fine, &q.base));
    struct contacts_merge_facts f = fine;
    f.n_references = CONTACTS_MOVED_MAX + 1;
    assert_refused(run(b, contacts_decide_merge, &f, &q.base), b, REFUSAL_FAILED_PRECONDITION, "lose_id");
    f = fine;
    f.reference_bytes = CONTACTS_MOVED_BYTES_MAX + 1;
    assert_refused(run(b, contacts_decide_merge, &f, &q.base), b, REFUSAL_FAILED_PRECONDITION, "lose_id");
    f = fine;
    f.n_merged = CONTACTS_MERGED_MAX;
    assert_refused(run(b, contacts_decide_merge, &f, &q.base), b, REFUSAL_FAILED_PRECONDITION, "keep_id");
    f = fine;
    f.lose_height = CONTACTS_MERGE_HEIGHT_MAX;
    assert_refused(run(b, contacts_decide_merge, &f, &q.base), b, REFUSAL_FAILED_PRECONDITION, "lose_id");
    Baton__RecordMerge merge = BATON__RECORD_MERGE__INIT, full = BATON__RECORD_MERGE__INIT;
    merge.id = ID(2);
    merge.keep_id = ID(1);
    merge.before = record_wrap(&none.base, b->arena);
    full.keep_id = ID(3);
    full.n_moved = CONTACTS_JOINED_MAX;
    const struct contacts_join join = {&full, "account_id", 0};
    const struct contacts_unmerge_facts g = {.type = "contact",
                                             .check = contacts_rules_contact,
                                             .extra = &extra,
                                             .merge = &merge,
                                             .keep = {&keep.base, 1},
                                             .lose = {&lose.base, 2},
                                             .keep_now_id = ID(1),
                                             .joins = &join,
                                             .n_joins = 1};
    assert_refused(run(b, contacts_decide_unmerge, &g, &u.base), b, REFUSAL_FAILED_PRECONDITION,
                   "account_id");
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
        cmocka_unit_test(test_merged),        cmocka_unit_test(test_merge_bounds),
        cmocka_unit_test(test_converted),     cmocka_unit_test(test_converted_names),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
