/* Owners are reminded of the days of their documents as time passes: in a documents service whose world is
   calm, where a year costs nothing.
   1 so many days before as the settings say, each once, in the order of the days
   2 however many they are
   3 a changed day rings at its own time; what was changed away, or deleted, never does
   4 other settings count at once */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "baton/v1/record.pb-c.h"
#include "calm/drill.h"
#include "services/documents/rows.h"
#include "store/log.h"

#define OWNER "0190a8e2-1111-7000-8000-000000000001"

enum { MANY = 250 };
/* 2026-03-02 06:00 UTC */
static const int64_t START = INT64_C(1772431200000000), DAY = INT64_C(86400000000);

static int set_up(void **state)
{
    *state = drill_new(&documents_service, START + DAY / 12, OWNER);
    return 0;
}

static int tear_down(void **state)
{
    drill_free(*state);
    return 0;
}

static char *document(struct drill *d, const char *notice_on)
{
    Baton__Document row = BATON__DOCUMENT__INIT;
    row.title = "Lease";
    row.notice_on = (char *)(uintptr_t)notice_on;
    return ((Baton__Document *)drill_record(d, true, &row))->id;
}

/* How often somebody was told of that day of the document (NULL: of any) in this world, and that it was on
   that day. */
static size_t rang(struct drill *d, const char *id, const char *on, int64_t day)
{
    size_t n = 0;
    struct txn *t = store_begin(service_store(d->service), false);
    for (uint64_t seq = 1; seq <= log_head(service_store(d->service)).seq; seq++) {
        const Baton__LogRecord *r = log_get(t, seq, d->arena);
        for (size_t i = 0; i < r->n_events; i++) {
            const Baton__Event *e = r->events[i];
            if (e->event_case != BATON__EVENT__EVENT_DOCUMENT_NEWS)
                continue;
            const Baton__DocumentNews *x = e->document_news;
            n += (!id || strcmp(x->document_id, id) == 0) && strcmp(x->on, on) == 0 &&
                 (int64_t)r->time_us / DAY == START / DAY + day;
        }
    }
    store_abort(t);
    return n;
}

static void days_pass(struct drill *d, int64_t days)
{
    calm_run(d->world, calm_now(d->world) + days * DAY);
}

static void test_reminds(void **state)
{
    struct drill *d = *state;
    char *id = document(d, "2026-04-11"), *late = document(d, "2026-03-01"),
         *other = document(d, "2026-05-01");
    char *gone = document(d, "2026-04-11");
    Baton__DeleteRecordRequest delete = BATON__DELETE_RECORD_REQUEST__INIT;
    delete.type = "document";
    delete.id = gone;
    (void)drill_ask(d, "RecordService/DeleteRecord", &delete); /* it is not refused */
    days_pass(d, 60);
    /* 1: forty days ahead */
    assert_int_equal(rang(d, id, "2026-04-11", 10), 1);
    assert_int_equal(rang(d, id, "2026-04-11", 33), 1);
    assert_int_equal(rang(d, id, "2026-04-11", 40), 1);
    assert_int_equal(rang(d, other, "2026-05-01", 30), 1);
    for (int64_t day = 0; day <= 60; day++) {
        assert_int_equal(rang(d, NULL, "2026-04-11", day), day == 10 || day == 33 || day == 40);
        assert_int_equal(rang(d, late, "2026-03-01", day), 0);
    }
}

static void test_many(void **state)
{
    struct drill *d = *state;
    char *ids[MANY];
    for (size_t i = 0; i < MANY; i++)
        ids[i] = document(d, "2026-03-12");
    days_pass(d, 12);
    /* 2 */
    for (size_t i = 0; i < MANY; i += 83)
        assert_int_equal(rang(d, ids[i], "2026-03-12", 3), 1);
    assert_int_equal(rang(d, NULL, "2026-03-12", 3), MANY);
    assert_int_equal(rang(d, NULL, "2026-03-12", 10), MANY);
}

static void test_changes(void **state)
{
    struct drill *d = *state;
    Baton__Document row = BATON__DOCUMENT__INIT;
    static uint32_t days[] = {1};
    row.id = document(d, "2026-03-12");
    days_pass(d, 4);
    assert_int_equal(rang(d, row.id, "2026-03-12", 3), 1);
    row.notice_on = "2026-03-20";
    (void)drill_record(d, false, &row); /* it is not refused */
    days_pass(d, 10);
    /* 3 */
    assert_int_equal(rang(d, row.id, "2026-03-12", 10), 0);
    assert_int_equal(rang(d, row.id, "2026-03-20", 11), 1);
    /* 4 */
    Baton__ListRecordsRequest q = BATON__LIST_RECORDS_REQUEST__INIT;
    q.type = "document_settings";
    Baton__DocumentSettings *s = ((Baton__ListRecordsResponse *)drill_ask(d, "RecordService/ListRecords", &q))
                                     ->records[0]
                                     ->document_settings;
    s->reminder_days = days;
    s->n_reminder_days = 1;
    (void)drill_record(d, false, s); /* it is not refused */
    days_pass(d, 10);
    assert_int_equal(rang(d, row.id, "2026-03-20", 17), 1);
    assert_int_equal(rang(d, row.id, "2026-03-20", 18), 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_reminds, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_many, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_changes, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
