/* Undoing imports and exports, rule by rule; the numbers are those of the comments in decide_undo.c and
   decide_export.c; and by what records are known. */
#include "services/contacts/import.h"
#include "services/contacts/keys.h"
#include "tests/unit/decide_bench.h"

#define IMPORT_ID ID(9)

static Baton__Contact there(char *first, char *last, char *email, char *phone)
{
    Baton__Contact c = BATON__CONTACT__INIT;
    c.id = ID(1);
    c.has_revision = true;
    c.revision = 4;
    c.first_name = first;
    c.last_name = last;
    c.email = email;
    c.phone = phone;
    return c;
}

/* --- undoing --- */

static void assert_old(const struct bench *b)
{
    const Baton__QualityJudged *j = b->out.events[0]->quality_judged;
    const Baton__RecordChanged *c = b->out.events[1]->record_changed;
    assert_string_equal(j->quality->record_id, ID(1));
    assert_string_equal(c->record->contact->normalized->last_name, "Old");
    assert_string_equal(c->record->contact->last_name, "Old");
    assert_int_equal(c->record->contact->revision, 5);
}

static void test_undo(void **state)
{
    struct bench *b = *state;
    Baton__Contact now = there("Ada", "New", NULL, NULL), before = there("Ada", "Old", NULL, NULL);
    const struct {
        int rule;
        uint64_t before_seq, now_seq;
        bool is_gone, has_before, gone_reference;
        const char *in_use;
        uint32_t deleted, restored, gone;
        const char *kept;
        enum record_reach reach;
    } rows[] = {
        {1, 0, 5, true, false, false, NULL, 0, 0, 1, NULL, RECORD_OWN},
        {2, 0, 6, false, false, false, NULL, 0, 0, 0, "it was changed since", RECORD_OWN},
        {2, 3, 6, false, false, false, NULL, 0, 0, 0, "it was changed since", RECORD_OWN},
        {3, 0, 5, false, false, false, "contacts belong to it", 0, 0, 0, "contacts belong to it", RECORD_OWN},
        {3, 0, 5, false, false, false, NULL, 1, 0, 0, NULL, RECORD_OWN},
        {4, 3, 5, false, false, false, NULL, 0, 0, 0, "what it was before cannot be read", RECORD_OWN},
        {4, 3, 5, false, true, true, NULL, 0, 0, 0, "what it belonged to is gone", RECORD_OWN},
        {5, 3, 5, false, true, false, NULL, 0, 1, 0, NULL, RECORD_OWN},
        {7, 3, 5, false, true, false, NULL, 0, 0, 0, "you may not change it", RECORD_READ},
        {7, 0, 5, false, false, false, NULL, 0, 0, 0, "you may not change it", RECORD_HIDDEN},
    };
    b->actor.has_role = true;
    b->actor.role = BATON__ROLE__ROLE_MANAGER;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__ContactImport import = BATON__CONTACT_IMPORT__INIT;
        Baton__ContactImportChange change = BATON__CONTACT_IMPORT_CHANGE__INIT;
        Baton__UndoImportRequest q = BATON__UNDO_IMPORT_REQUEST__INIT;
        struct undo_facts f = {.import = &import, .n = 1};
        import.id = q.import_id = IMPORT_ID;
        change.record_id = ID(1);
        change.before_seq = rows[i].before_seq;
        change.seq = 5;
        f.rows[0] = (struct undo_row){.change = &change,
                                      .now = rows[i].is_gone ? NULL : &now.base,
                                      .before = rows[i].has_before ? &before.base : NULL,
                                      .now_seq = rows[i].now_seq,
                                      .reach = rows[i].reach,
                                      .in_use = rows[i].in_use,
                                      .before_names_a_gone_one = rows[i].gone_reference};
        assert_true(run(b, contacts_decide_undo, &f, &q.base));
        const Baton__UndoImportResponse *r = (const Baton__UndoImportResponse *)b->out.reply;
        assert_int_equal(r->deleted, rows[i].deleted);
        assert_int_equal(r->restored, rows[i].restored);
        assert_int_equal(r->gone, rows[i].gone);
        assert_int_equal(r->n_kept, rows[i].kept != NULL);
        if (rows[i].kept)
            assert_string_equal(r->kept[0]->reason, rows[i].kept);
        assert_true(rows[i].reach != RECORD_HIDDEN || !r->kept[0]->name);
        /* 6: what is left is not taken off the list; the import does not go on */
        const Baton__ImportUndone *e = b->out.events[b->out.n_events - 1]->import_undone;
        assert_int_equal(e->n_records, rows[i].kept == NULL);
        if (rows[i].restored)
            assert_old(b);
    }
}

static void test_undo_refused(void **state)
{
    struct bench *b = *state;
    Baton__ContactImport import = BATON__CONTACT_IMPORT__INIT;
    Baton__UndoImportRequest q = BATON__UNDO_IMPORT_REQUEST__INIT;
    struct undo_facts none = {0}, bad = {.import = &import, .bad_token = true};
    q.import_id = IMPORT_ID;
    assert_refused(run(b, contacts_decide_undo, &none, &q.base), b, REFUSAL_NOT_FOUND, "import_id");
    assert_refused(run(b, contacts_decide_undo, &bad, &q.base), b, REFUSAL_INVALID_ARGUMENT, "page_token");
}

/* --- exports --- */

static void test_export(void **state)
{
    struct bench *b = *state;
    Baton__ExportRecordsRequest q = BATON__EXPORT_RECORDS_REQUEST__INIT;
    Baton__Contact is = there("Ada", "L", NULL, NULL);
    ProtobufCMessage *records[] = {&is.base};
    enum record_reach reaches[] = {RECORD_BY_ROLE};
    struct export_facts f = {0};
    b->actor.has_role = true;
    b->actor.role = BATON__ROLE__ROLE_REP;
    q.type = "lead";
    /* 1 */
    assert_refused(run(b, contacts_decide_export, &f, &q.base), b, REFUSAL_INVALID_ARGUMENT, "type");
    q.type = "contact";
    f.type = schema_message(&baton__contact__descriptor);
    f.bad_where = true;
    assert_refused(run(b, contacts_decide_export, &f, &q.base), b, REFUSAL_INVALID_ARGUMENT, "where_field");
    f.bad_where = false;
    /* 3: also an empty first page is written down, a later one is not */
    assert_true(run(b, contacts_decide_export, &f, &q.base));
    assert_int_equal(b->out.events[0]->records_exported->count, 0);
    q.page_token = "on";
    assert_true(run(b, contacts_decide_export, &f, &q.base));
    assert_int_equal(b->out.n_events, 0);
    f.records = records;
    f.reaches = reaches;
    f.n = 1;
    assert_true(run(b, contacts_decide_export, &f, &q.base));
    assert_int_equal(b->out.events[0]->records_exported->count, 1);
    /* 2: whoever sees nothing takes nothing along */
    b->actor.role = BATON__ROLE__ROLE_PARTNER;
    assert_true(run(b, contacts_decide_export, &f, &q.base));
    assert_int_equal(((const Baton__ExportRecordsResponse *)b->out.reply)->n_records, 0);
    b->actor.role = BATON__ROLE__ROLE_REP;
    reaches[0] = RECORD_HIDDEN;
    assert_true(run(b, contacts_decide_export, &f, &q.base));
    assert_int_equal(((const Baton__ExportRecordsResponse *)b->out.reply)->n_records, 0);
}

static void test_person_refused(void **state)
{
    struct bench *b = *state;
    Baton__ExportPersonRequest q = BATON__EXPORT_PERSON_REQUEST__INIT;
    struct person_facts f = {0};
    q.contact_id = ID(1);
    /* 4 */
    assert_refused(run(b, contacts_decide_person, &f, &q.base), b, REFUSAL_NOT_FOUND, "contact_id");
    f = (struct person_facts){.is_known = true, .is_erased = true};
    assert_refused(run(b, contacts_decide_person, &f, &q.base), b, REFUSAL_FAILED_PRECONDITION, "contact_id");
    /* 5 */
    f = (struct person_facts){.is_known = true, .is_merged = true};
    assert_refused(run(b, contacts_decide_person, &f, &q.base), b, REFUSAL_FAILED_PRECONDITION, "contact_id");
    f = (struct person_facts){.is_known = true, .too_many = true};
    assert_refused(run(b, contacts_decide_person, &f, &q.base), b, REFUSAL_FAILED_PRECONDITION, "contact_id");
    f = (struct person_facts){.is_known = true, .bad_token = true};
    assert_refused(run(b, contacts_decide_person, &f, &q.base), b, REFUSAL_INVALID_ARGUMENT, "page_token");
}

static void test_person(void **state)
{
    struct bench *b = *state;
    Baton__ExportPersonRequest q = BATON__EXPORT_PERSON_REQUEST__INIT;
    Baton__Record record = BATON__RECORD__INIT, *records[] = {&record};
    Baton__Change change = BATON__CHANGE__INIT, *changes[] = {&change};
    struct person_facts f = {.is_known = true, .next_page_token = "on"};
    q.contact_id = ID(1);
    /* 6: an empty first page is written down, a later one is not */
    assert_true(run(b, contacts_decide_person, &f, &q.base));
    assert_int_equal(b->out.events[0]->records_exported->count, 0);
    q.page_token = "on";
    assert_true(run(b, contacts_decide_person, &f, &q.base));
    assert_int_equal(b->out.n_events, 0);
    f.records = records;
    f.changes = changes;
    f.n_records = f.n_changes = 1;
    assert_true(run(b, contacts_decide_person, &f, &q.base));
    assert_int_equal(b->out.events[0]->records_exported->count, 2);
    assert_string_equal(b->out.events[0]->records_exported->where_value, ID(1));
    assert_string_equal(((const Baton__ExportPersonResponse *)b->out.reply)->next_page_token, "on");
}

/* By what records are known. */
static void test_keys(void **state)
{
    struct bench *b = *state;
    Baton__Contact c = BATON__CONTACT__INIT;
    Baton__Address berlin = BATON__ADDRESS__INIT;
    Baton__ContactKey k;
    c.email = " Ada@X.Example ";
    c.phone = "030 1234567";
    c.mobile_phone = "+49 (0) 170 7654321";
    contacts_keys_of_contact(&c, NULL, &k, b->arena);
    assert_string_equal(k.email, "ada@x.example");
    assert_null(k.phone); /* nobody knows where it is */
    assert_string_equal(k.mobile_phone, "491707654321");
    contacts_keys_of_contact(&c, "DE", &k, b->arena);
    assert_string_equal(k.phone, "49301234567");
    berlin.country = "Austria";
    c.mailing_address = &berlin;
    contacts_keys_of_contact(&c, "DE", &k, b->arena);
    assert_string_equal(k.phone, "43301234567");
    assert_string_equal(contacts_own_uid("urn:uuid:" ID(1)), ID(1));
    assert_null(contacts_own_uid("urn:uuid:1"));
    assert_null(contacts_own_uid(ID(1)));
    assert_null(contacts_own_uid(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_undo, setup, teardown),
        cmocka_unit_test_setup_teardown(test_undo_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(test_export, setup, teardown),
        cmocka_unit_test_setup_teardown(test_person_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(test_person, setup, teardown),
        cmocka_unit_test_setup_teardown(test_keys, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
