/* Importing lists, rule by rule; the numbers are those of the comments in decide_import.c. */
#include "tests/unit/import_bench.h"

/* 1, 2, 3: what cannot be taken says which field and why; nothing happens. */
static void test_rejected(void **state)
{
    struct bench *b = *state;
    struct list l;
    char long_name[300];
    memset(long_name, 'x', sizeof long_name);
    long_name[sizeof long_name - 1] = '\0';
    const struct {
        int rule;
        bool no_contact, account;
        char *last, *birthday, *parent;
        struct contacts_contact_facts references;
        const char *field;
    } rows[] = {
        {1, true, false, NULL, NULL, NULL, {0}, NULL},
        {1, false, true, "L", NULL, NULL, {0}, NULL},
        {2, true, true, "Acme", NULL, ID(3), {0}, "parent_id"},
        {3, false, false, NULL, NULL, NULL, {0}, "last_name"},
        {3, false, false, "L", "1980-13-01", NULL, {0}, "birthday"},
        {3, false, false, long_name, NULL, NULL, {0}, "last_name"},
        {3, false, false, "L", NULL, NULL, {.missing_account_id = ID(2)}, "account_id"},
        {3, true, true, " ", NULL, NULL, {0}, "name"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        list_init(&l, SKIP, 1);
        l.contacts[0].last_name = l.accounts[0].name = rows[i].last;
        l.contacts[0].birthday = rows[i].birthday;
        l.accounts[0].parent_id = rows[i].parent;
        l.row_facts[0].references = rows[i].references;
        l.rows[0].contact = rows[i].no_contact ? NULL : &l.contacts[0];
        l.rows[0].account = rows[i].account ? &l.accounts[0] : NULL;
        const Baton__ImportContactsResponse *r = run_list(b, &l);
        assert_int_equal(r->answers[0]->result, REJECTED);
        assert_string_equal(r->answers[0]->field ? r->answers[0]->field : "",
                            rows[i].field ? rows[i].field : "");
        assert_non_null(r->answers[0]->message);
        assert_int_equal(b->out.n_events, 0);
    }
}

/* 4: what does not fit into one record of the log comes with the next request. */
static void test_deferred(void **state)
{
    struct bench *b = *state;
    enum { MANY = 40, REST = 60000 };
    struct import_facts f = {.rows = ARENA_ARRAY(b->arena, struct import_row_facts, MANY)};
    Baton__ImportContactsRequest q = BATON__IMPORT_CONTACTS_REQUEST__INIT;
    char *rest = arena_alloc(b->arena, REST + 1);
    memset(rest, 'x', REST);
    q.import_id = IMPORT_ID;
    q.duplicates = UPDATE;
    q.n_rows = MANY;
    q.rows = ARENA_ARRAY(b->arena, Baton__ImportRow *, MANY);
    for (size_t i = 0; i < MANY; i++) {
        Baton__Contact *c = ARENA_NEW(b->arena, Baton__Contact), *was = ARENA_NEW(b->arena, Baton__Contact);
        *was = there("A", "L", NULL, NULL);
        was->id = arena_printf(b->arena, "0190a8e2-1111-7000-8000-%012zu", i);
        was->vcard_rest = rest;
        baton__contact__init(c);
        c->last_name = "New";
        q.rows[i] = ARENA_NEW(b->arena, Baton__ImportRow);
        baton__import_row__init(q.rows[i]);
        q.rows[i]->contact = c;
        f.rows[i].candidates[f.rows[i].n++] =
            (struct import_candidate){KNOWN_BY_EMAIL, &was->base, 7, NULL, RECORD_BY_ROLE};
    }
    b->actor.has_role = true;
    b->actor.role = BATON__ROLE__ROLE_ADMIN;
    assert_true(run(b, contacts_decide_import, &f, &q.base));
    const Baton__ImportContactsResponse *r = (const Baton__ImportContactsResponse *)b->out.reply;
    size_t done = 0;
    while (done < r->n_answers && r->answers[done]->result == CHANGED)
        done++;
    assert_int_equal(done, (IMPORT_BYTES_MAX + REST) / (REST + 100));
    for (size_t i = done; i < r->n_answers; i++)
        assert_int_equal(r->answers[i]->result, BATON__IMPORT_RESULT__IMPORT_RESULT_DEFERRED);
    assert_int_equal(b->out.n_events, 2 * done + 1);
}

/* 4: nor is a row taken of which nobody looked who it is. */
static void test_not_looked_at(void **state)
{
    struct bench *b = *state;
    struct list l;
    list_init(&l, SKIP, 2);
    l.contacts[0].last_name = l.contacts[1].last_name = "L";
    l.row_facts[1].is_deferred = true;
    const Baton__ImportContactsResponse *r = run_list(b, &l);
    assert_int_equal(r->answers[0]->result, NEW);
    assert_int_equal(r->answers[1]->result, BATON__IMPORT_RESULT__IMPORT_RESULT_DEFERRED);
}

/* 5, 6, 7: who a row is. */
static void test_known(void **state)
{
    struct bench *b = *state;
    struct list l;
    const struct {
        int rule;
        enum known_by by;
        char *first, *last;
        Baton__Contact there;
        int result;
        const char *known_by;
    } rows[] = {
        {5, KNOWN_BY_EMAIL, "Ada", "L", there("Other", "Name", "a@x.example", NULL), SKIPPED, "email"},
        {5, KNOWN_BY_EXTERNAL_ID, "Ada", "L", there("Other", "Name", NULL, NULL), SKIPPED, "external_id"},
        {6, KNOWN_BY_PHONE, "Ada", "L", there("ada", "l", NULL, "1"), SKIPPED, "phone"},
        {6, KNOWN_BY_PHONE, "Ada", "L", there(NULL, "L", NULL, "1"), SKIPPED, "phone"},
        {6, KNOWN_BY_PHONE, "Ada", "L", there("Bob", "L", NULL, "1"), NEW, NULL},
        {6, KNOWN_BY_PHONE, "Ada", NULL, there(NULL, "L", NULL, "1"), SKIPPED, "phone"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__Contact is = rows[i].there;
        list_init(&l, SKIP, 1);
        l.contacts[0].first_name = rows[i].first;
        l.contacts[0].last_name = rows[i].last;
        know(&l, 0, rows[i].by, &is);
        const Baton__ImportContactsResponse *r = run_list(b, &l);
        assert_int_equal(r->answers[0]->result, rows[i].result);
        if (rows[i].known_by)
            assert_string_equal(r->answers[0]->known_by, rows[i].known_by);
    }
}

/* 7: an account is known by its name only where it says nothing surer. */
static void test_account_name(void **state)
{
    struct bench *b = *state;
    struct list l;
    list_init(&l, SKIP, 3);
    for (size_t i = 0; i < 3; i++) {
        l.rows[i].contact = NULL;
        l.rows[i].account = &l.accounts[i];
    }
    l.accounts[0].name = "Acme";
    l.accounts[1].name = "ACME";
    l.accounts[2].name = "Acme";
    l.accounts[2].external_id = "K-2";
    const Baton__ImportContactsResponse *r = run_list(b, &l);
    assert_int_equal(r->answers[0]->result, NEW);
    assert_int_equal(r->answers[1]->result, SKIPPED);
    assert_string_equal(r->answers[1]->known_by, "name");
    assert_int_equal(r->answers[2]->result, NEW);
}

/* 5: rows of one request are each other's duplicates, too; and 9 for them. */
static void test_earlier_row(void **state)
{
    struct bench *b = *state;
    static const struct {
        int policy, second, third;
        size_t events;
    } rows[] = {{SKIP, SKIPPED, SKIPPED, 3},
                {UPDATE, CHANGED, SAME, 3},
                {CREATE, NEW, NEW, 7},
                {ASK, ASKED, ASKED, 3}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct list l;
        list_init(&l, rows[i].policy, 3);
        for (size_t k = 0; k < 3; k++) {
            l.contacts[k].email = k == 1 ? "A@X.example" : "a@x.example";
            l.contacts[k].last_name = "L";
        }
        l.contacts[1].title = l.contacts[2].title = rows[i].policy == UPDATE ? "Boss" : NULL;
        l.contacts[2].email = rows[i].policy == UPDATE ? "A@X.example" : "a@x.example";
        const Baton__ImportContactsResponse *r = run_list(b, &l);
        assert_int_equal(r->answers[0]->result, NEW);
        assert_int_equal(r->answers[1]->result, rows[i].second);
        assert_int_equal(r->answers[2]->result, rows[i].third);
        assert_int_equal(b->out.n_events, rows[i].events);
        if (rows[i].policy == UPDATE)
            assert_string_equal(b->out.events[1]->record_changed->record->contact->title, "Boss");
    }
}

/* 8: the account of a contact. */
static void test_company(void **state)
{
    struct bench *b = *state;
    struct list l;
    list_init(&l, SKIP, 3);
    for (size_t i = 0; i < 3; i++)
        l.contacts[i].last_name = arena_printf(b->arena, "L%zu", i);
    l.rows[0].account_name = " Acme ";
    l.rows[1].account_name = "ACME";
    l.row_facts[0].account_folded = l.row_facts[1].account_folded = "acme";
    l.rows[2].account_name = "There";
    l.row_facts[2].account_folded = "there";
    l.row_facts[2].account_id = ID(5);
    (void)run_list(b, &l); /* its events say it all */
    /* 11: the account first; then contacts, then what was done */
    assert_int_equal(b->out.n_events, 9);
    const Baton__Account *account = b->out.events[1]->record_changed->record->account;
    assert_non_null(account);
    assert_string_equal(account->name, "Acme");
    assert_string_equal(account->import_id, IMPORT_ID);
    assert_string_equal(b->out.events[3]->record_changed->record->contact->account_id, account->id);
    assert_string_equal(b->out.events[5]->record_changed->record->contact->account_id, account->id);
    assert_string_equal(b->out.events[7]->record_changed->record->contact->account_id, ID(5));
    const Baton__ContactsImported *e = b->out.events[8]->contacts_imported;
    assert_int_equal(e->n_records, 4);
    assert_true(e->records[0]->is_account);
    assert_int_equal(e->records[0]->before_seq, 0);
}

/* 9, 10: what is updated keeps what the row does not say. */
static void test_update(void **state)
{
    struct bench *b = *state;
    struct list l;
    Baton__Contact is = there("Ada", "L", "a@x.example", "1");
    list_init(&l, UPDATE, 1);
    l.contacts[0].email = "a@x.example";
    l.contacts[0].title = "Countess";
    l.contacts[0].import_id = "forged";
    know(&l, 0, KNOWN_BY_EMAIL, &is);
    const Baton__ImportContactsResponse *r = run_list(b, &l);
    assert_int_equal(r->answers[0]->result, CHANGED);
    assert_string_equal(r->answers[0]->id, ID(1));
    const Baton__RecordChanged *e = b->out.events[1]->record_changed;
    assert_int_equal(e->kind, BATON__CHANGE_KIND__CHANGE_KIND_UPDATED);
    assert_int_equal(e->previous_seq, 7);
    assert_string_equal(e->record->contact->first_name, "Ada");
    assert_string_equal(e->record->contact->title, "Countess");
    assert_null(e->record->contact->import_id);
    assert_int_equal(e->record->contact->revision, 5);
    assert_int_equal(b->out.events[2]->contacts_imported->records[0]->before_seq, 7);
    /* our own UID becomes no external id */
    list_init(&l, UPDATE, 1);
    l.contacts[0].external_id = "urn:uuid:" ID(1);
    know(&l, 0, KNOWN_BY_EXTERNAL_ID, &is);
    assert_int_equal(run_list(b, &l)->answers[0]->result, SAME);
}

/* 13: numbers that do not say where they are get the code of the request's country. */
static void test_country(void **state)
{
    static const struct {
        char *phone, *country, *of_address, *becomes;
    } rows[] = {
        {"030 1234567", "DE", NULL, "+49301234567"},
        {"030 1234567", NULL, NULL, "030 1234567"},
        {"+43 1 234567", "DE", NULL, "+43 1 234567"},
        {"0043 1 234567", "DE", NULL, "0043 1 234567"},
        {"030 1234567", "DE", "Austria", "030 1234567"},
        {"030 1234567", "Atlantis", NULL, "030 1234567"},
        {"none", "DE", NULL, "none"},
    };
    struct bench *b = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct list l;
        Baton__Address address = BATON__ADDRESS__INIT;
        list_init(&l, SKIP, 1);
        address.country = rows[i].of_address;
        l.request.country = rows[i].country;
        l.contacts[0].last_name = "L";
        l.contacts[0].phone = rows[i].phone;
        l.contacts[0].mailing_address = rows[i].of_address ? &address : NULL;
        (void)run_list(b, &l); /* its event says it */
        assert_string_equal(b->out.events[1]->record_changed->record->contact->phone, rows[i].becomes);
    }
}

/* 14: what one row changes and the next changes back was not touched. */
static void test_there_and_back(void **state)
{
    struct bench *b = *state;
    struct list l;
    Baton__Contact is = there("Ada", "L", "a@x.example", NULL);
    list_init(&l, UPDATE, 2);
    for (size_t i = 0; i < 2; i++) {
        l.contacts[i].email = "a@x.example";
        l.contacts[i].last_name = i ? "L" : "New";
        know(&l, i, KNOWN_BY_EMAIL, &is);
    }
    const Baton__ImportContactsResponse *r = run_list(b, &l);
    assert_int_equal(r->answers[0]->result, CHANGED);
    assert_int_equal(r->answers[1]->result, CHANGED);
    assert_int_equal(b->out.n_events, 0);
}

/* 12, and a preview, which does nothing. */
static void test_preview(void **state)
{
    struct bench *b = *state;
    struct list l;
    Baton__ContactImport undone = BATON__CONTACT_IMPORT__INIT;
    list_init(&l, SKIP, 1);
    l.contacts[0].last_name = "L";
    l.request.has_preview = l.request.preview = true;
    const Baton__ImportContactsResponse *r = run_list(b, &l);
    assert_int_equal(r->answers[0]->result, NEW);
    assert_null(r->answers[0]->id);
    assert_int_equal(b->out.n_events, 0);
    undone.has_is_undone = undone.is_undone = true;
    l.facts.import = &undone;
    assert_refused(run(b, contacts_decide_import, &l.facts, &l.request.base), b, REFUSAL_FAILED_PRECONDITION,
                   "import_id");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_rejected, setup, teardown),
        cmocka_unit_test_setup_teardown(test_deferred, setup, teardown),
        cmocka_unit_test_setup_teardown(test_not_looked_at, setup, teardown),
        cmocka_unit_test_setup_teardown(test_known, setup, teardown),
        cmocka_unit_test_setup_teardown(test_account_name, setup, teardown),
        cmocka_unit_test_setup_teardown(test_earlier_row, setup, teardown),
        cmocka_unit_test_setup_teardown(test_company, setup, teardown),
        cmocka_unit_test_setup_teardown(test_update, setup, teardown),
        cmocka_unit_test_setup_teardown(test_country, setup, teardown),
        cmocka_unit_test_setup_teardown(test_there_and_back, setup, teardown),
        cmocka_unit_test_setup_teardown(test_preview, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
