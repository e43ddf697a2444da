/* Who is to read documents and what was sent of them, rule by rule; the numbers are those of the comments in
   decide_reading.c. */
#include "services/documents/documents.h"
#include "tests/unit/decide_bench.h"

static Baton__DocumentReaders everybody = BATON__DOCUMENT_READERS__INIT;

static Baton__Document policy(void)
{
    Baton__Document d = BATON__DOCUMENT__INIT;
    d.id = ID(1);
    d.title = (char *)"Policy";
    d.has_status = d.has_current_number = true;
    d.status = BATON__DOCUMENT_STATUS__DOCUMENT_STATUS_ACTIVE;
    d.current_number = 3;
    everybody.has_all = everybody.all = true;
    d.must_read = &everybody;
    return d;
}

static void test_read(void **state)
{
    struct bench *b = *state;
    Baton__Document d = policy();
    Baton__DocumentReading reading = BATON__DOCUMENT_READING__INIT;
    Baton__AcknowledgeDocumentRequest q = BATON__ACKNOWLEDGE_DOCUMENT_REQUEST__INIT;
    struct documents_document_facts f = {0};
    b->actor.user_id = ID(2);
    q.number = 3;
    /* 1 */
    assert_refused(run(b, documents_decide_read, &f, &q), b, REFUSAL_NOT_FOUND, "document_id");
    f.document = &d;
    d.must_read = NULL;
    assert_refused(run(b, documents_decide_read, &f, &q), b, REFUSAL_FAILED_PRECONDITION, "");
    d.must_read = &everybody;
    d.status = BATON__DOCUMENT_STATUS__DOCUMENT_STATUS_EXPIRED;
    assert_refused(run(b, documents_decide_read, &f, &q), b, REFUSAL_FAILED_PRECONDITION, "");
    d.status = BATON__DOCUMENT_STATUS__DOCUMENT_STATUS_ACTIVE;
    /* 2 */
    q.number = 2;
    assert_refused(run(b, documents_decide_read, &f, &q), b, REFUSAL_FAILED_PRECONDITION, "number");
    q.number = 3;
    reading.number = 2;
    f.reading = &reading;
    assert_true(run(b, documents_decide_read, &f, &q));
    assert_int_equal(b->out.n_events, 1);
    assert_string_equal(b->out.events[0]->document_read->reading->user_id, ID(2));
    assert_int_equal(b->out.events[0]->document_read->reading->number, 3);
    reading.number = 3;
    assert_true(run(b, documents_decide_read, &f, &q));
    assert_int_equal(b->out.n_events, 0);
}

static void test_readers(void **state)
{
    Baton__Role roles[] = {BATON__ROLE__ROLE_REP};
    char *teams[] = {ID(7)};
    static const struct {
        bool all, by_role, by_team, is_rep, in_team, is_gone, is_reader;
    } rows[] = {
        {true, false, false, false, false, false, true}, {true, false, false, true, true, true, false},
        {false, true, false, true, false, false, true},  {false, true, false, false, true, false, false},
        {false, false, true, false, true, false, true},  {false, false, true, true, false, false, false},
        {false, true, true, false, true, false, true},   {false, false, false, true, true, false, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__DocumentReaders readers = BATON__DOCUMENT_READERS__INIT;
        Baton__User u = BATON__USER__INIT;
        readers.all = rows[i].all;
        readers.roles = roles;
        readers.n_roles = rows[i].by_role;
        readers.team_ids = teams;
        readers.n_team_ids = rows[i].by_team;
        u.role = rows[i].is_rep ? BATON__ROLE__ROLE_REP : BATON__ROLE__ROLE_MANAGER;
        u.team_id = rows[i].in_team ? ID(7) : NULL;
        u.status = rows[i].is_gone ? BATON__USER_STATUS__USER_STATUS_INACTIVE : u.status;
        assert_int_equal(documents_is_reader(&readers, &u), rows[i].is_reader);
    }
}

/* 3 */
static void test_asking(void **state)
{
    struct bench *b = *state;
    const int64_t day = INT64_C(86400000000);
    Baton__Document d = policy();
    Baton__DocumentSettings settings = BATON__DOCUMENT_SETTINGS__INIT;
    Baton__DocumentAsking row = BATON__DOCUMENT_ASKING__INIT;
    struct documents_asking_facts f = {.document = &d, .user_ids = {ID(2), ID(3)}, .n = 2, .token = "there"};
    row.document_id = ID(1);
    row.due_us = NOW - 5;
    assert_true(run(b, documents_decide_asking, &f, &row));
    assert_int_equal(b->out.n_events, 2);
    assert_int_equal(b->out.events[0]->document_news->n_user_ids, 2);
    assert_string_equal(b->out.events[1]->document_asking_moved->token, "there");
    assert_int_equal(b->out.events[1]->document_asking_moved->due_us, NOW - 4);
    f.token = NULL;
    f.n = 0;
    assert_true(run(b, documents_decide_asking, &f, &row));
    assert_int_equal(b->out.n_events, 1);
    assert_int_equal(b->out.events[0]->document_asking_moved->due_us, NOW + 7 * day);
    f.settings = &settings;
    settings.has_read_reminder_days = true;
    settings.read_reminder_days = 2;
    assert_true(run(b, documents_decide_asking, &f, &row));
    assert_int_equal(b->out.events[0]->document_asking_moved->due_us, NOW + 2 * day);
    settings.read_reminder_days = 0;
    assert_true(run(b, documents_decide_asking, &f, &row));
    assert_false(b->out.events[0]->document_asking_moved->has_due_us);
    f.document = NULL;
    assert_true(run(b, documents_decide_asking, &f, &row));
    assert_int_equal(b->out.n_events, 1);
    assert_false(b->out.events[0]->document_asking_moved->has_due_us);
}

/* 4 */
static void test_sent(void **state)
{
    struct bench *b = *state;
    Baton__Document d = policy();
    Baton__DocumentRevision old = BATON__DOCUMENT_REVISION__INIT, current = BATON__DOCUMENT_REVISION__INIT;
    Baton__PinSentRequest q = BATON__PIN_SENT_REQUEST__INIT;
    struct documents_document_facts f = {0};
    b->actor.user_id = ID(2);
    q.about_id = ID(4);
    q.sent_to = (char *)"  Ms. Buyer ";
    old.number = 1;
    current.number = 3;
    old.file_hash = (char *)"0";
    current.file_hash = (char *)"1";
    assert_refused(run(b, documents_decide_sent, &f, &q), b, REFUSAL_NOT_FOUND, "document_id");
    f.document = &d;
    assert_refused(run(b, documents_decide_sent, &f, &q), b, REFUSAL_FAILED_PRECONDITION, "number");
    f.current = &current;
    assert_true(run(b, documents_decide_sent, &f, &q));
    const Baton__DocumentPin *pin = b->out.events[0]->document_sent->pin;
    assert_int_equal(pin->number, 3);
    assert_string_equal(pin->file_hash, "1");
    assert_string_equal(pin->sent_to, "Ms. Buyer");
    assert_string_equal(pin->about_id, ID(4));
    q.has_number = true;
    q.number = 1;
    assert_refused(run(b, documents_decide_sent, &f, &q), b, REFUSAL_NOT_FOUND, "number");
    f.revision = &old;
    assert_true(run(b, documents_decide_sent, &f, &q));
    assert_string_equal(b->out.events[0]->document_sent->pin->file_hash, "0");
    /* what was sent of is not deleted */
    const struct documents_calendar_facts kept = {.is_sent = true};
    assert_refused(check(b, documents_check_document, &kept, &d.base, NULL), b, REFUSAL_FAILED_PRECONDITION,
                   "");
}

/* 5 */
static void test_quote(void **state)
{
    struct bench *b = *state;
    Baton__QuoteSent e = BATON__QUOTE_SENT__INIT;
    Baton__Actor by = BATON__ACTOR__INIT;
    Baton__DocumentRevision before = BATON__DOCUMENT_REVISION__INIT, later = BATON__DOCUMENT_REVISION__INIT;
    const struct documents_quote_facts f = {.revisions = {&before, &later}, .n = 2};
    const struct command c = {.request = &e.base, .actor = &b->actor, .by = &by, .by_us = NOW - 10};
    e.quote_id = ID(8);
    by.user_id = ID(2);
    before.document_id = ID(1);
    before.number = 3;
    before.file_hash = (char *)"1";
    before.updated_at = timestamp_of(b->arena, NOW - 10);
    later.document_id = ID(4);
    later.updated_at = timestamp_of(b->arena, NOW - 9);
    begin(b);
    assert_true(documents_decide_quote(&f, &c, &b->stamp, &b->out));
    assert_int_equal(b->out.n_events, 1);
    const Baton__DocumentPin *pin = b->out.events[0]->document_sent->pin;
    assert_string_equal(pin->document_id, ID(1));
    assert_string_equal(pin->about_id, ID(8));
    assert_string_equal(pin->sent_by_id, ID(2));
    assert_int_equal(pin->number, 3);
    assert_int_equal(timestamp_us(pin->sent_at), NOW - 10);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read), cmocka_unit_test(test_readers), cmocka_unit_test(test_asking),
        cmocka_unit_test(test_sent), cmocka_unit_test(test_quote),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
