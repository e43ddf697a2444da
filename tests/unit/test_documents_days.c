/* Whom the days of documents ring for, rule by rule; the numbers are those of the comments in decide_days.c,
   boot's that of decide_upload.c. */
#include "services/documents/documents.h"
#include "tests/unit/decide_bench.h"

/* NOW is on that day. */
#define TODAY "2026-05-28"

static Baton__Document new_document(void)
{
    Baton__Document d = BATON__DOCUMENT__INIT;
    d.id = ID(1);
    d.title = (char *)"Contract";
    d.owner_id = ID(2);
    return d;
}

static const Baton__DocumentNews *news(const struct bench *b, size_t i)
{
    assert_true(i < b->out.n_events);
    assert_int_equal(b->out.events[i]->event_case, BATON__EVENT__EVENT_DOCUMENT_NEWS);
    return b->out.events[i]->document_news;
}

static const Baton__DocumentCalendar *moved(const struct bench *b)
{
    const Baton__Event *e = b->out.events[b->out.n_events - 1];
    assert_int_equal(e->event_case, BATON__EVENT__EVENT_DOCUMENT_CALENDAR_MOVED);
    return e->document_calendar_moved->calendar;
}

/* 2 */
static void test_changed(void **state)
{
    struct bench *b = *state;
    static uint32_t ahead[] = {7, 0};
    Baton__DocumentSettings settings = BATON__DOCUMENT_SETTINGS__INIT;
    Baton__DocumentCalendar calendar = BATON__DOCUMENT_CALENDAR__INIT;
    const struct documents_calendar_facts f = {.settings = &settings, .calendar = &calendar};
    static const struct {
        const char *calendar, *was, *is;
        size_t rings;
    } rows[] = {
        {"2026-05-29", NULL, TODAY, 1},
        {"2026-05-29", NULL, "2026-06-04", 1},
        {"2026-05-29", NULL, "2026-06-03", 0},
        {"2026-05-29", TODAY, TODAY, 0},
        {"2026-05-29", TODAY, NULL, 0},
        {"2026-05-29", "2026-06-04", TODAY, 1},
        {TODAY, NULL, TODAY, 0},
        {"2026-05-27", NULL, TODAY, 0},
    };
    settings.reminder_days = ahead;
    settings.n_reminder_days = 2;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__Document before = new_document(), after = new_document();
        calendar.day = (char *)(uintptr_t)rows[i].calendar;
        before.notice_on = (char *)(uintptr_t)rows[i].was;
        after.notice_on = (char *)(uintptr_t)rows[i].is;
        assert_true(check(b, documents_check_document, &f, &before.base, &after.base));
        assert_int_equal(b->out.n_events, rows[i].rings);
        if (rows[i].rings == 0)
            continue;
        assert_int_equal(news(b, 0)->kind, BATON__DOCUMENT_NEWS_KIND__DOCUMENT_NEWS_KIND_NOTICE);
        assert_string_equal(news(b, 0)->on, rows[i].is);
        assert_string_equal(news(b, 0)->user_ids[0], ID(2));
    }
    Baton__Document fresh = new_document();
    fresh.id = NULL;
    fresh.expires_on = fresh.renewal_on = (char *)TODAY;
    calendar.day = (char *)"2026-05-29";
    assert_true(check(b, documents_check_document, &f, NULL, &fresh.base));
    assert_int_equal(b->out.n_events, 2);
    assert_string_equal(news(b, 0)->document_id, fresh.id);
}

/* 1 and 3 */
static void test_day(void **state)
{
    struct bench *b = *state;
    Baton__Document plain = new_document(), replaced = new_document(), nobodys = new_document();
    Baton__DocumentCalendar row = BATON__DOCUMENT_CALENDAR__INIT;
    struct documents_calendar_facts f = {.calendar = &row, .is_over = true};
    plain.renewal_on = replaced.renewal_on = nobodys.renewal_on = (char *)"2026-12-31";
    replaced.superseded_by_id = ID(3);
    nobodys.owner_id = NULL;
    row.day = (char *)"2026-12-31";
    row.due_us = NOW;
    f.reminders[f.n++] = (struct documents_reminder){&replaced, &documents_days[2]};
    f.reminders[f.n++] = (struct documents_reminder){&plain, &documents_days[2]};
    f.reminders[f.n++] = (struct documents_reminder){&nobodys, &documents_days[2]};
    assert_true(run(b, documents_decide_calendar, &f, &row));
    assert_int_equal(b->out.n_events, 2);
    assert_int_equal(news(b, 0)->kind, BATON__DOCUMENT_NEWS_KIND__DOCUMENT_NEWS_KIND_RENEWAL);
    assert_string_equal(moved(b)->day, "2027-01-01");
    assert_int_equal(moved(b)->position, 0);
    /* 1767225600 is the beginning of 2026 */
    assert_int_equal(moved(b)->due_us, (1767225600 + 365 * 86400 + 6 * 3600) * INT64_C(1000000));
    f.is_over = false;
    f.position = 5;
    f.token = "there";
    assert_true(run(b, documents_decide_calendar, &f, &row));
    assert_string_equal(moved(b)->day, "2026-12-31");
    assert_int_equal(moved(b)->position, 5);
    assert_string_equal(moved(b)->token, "there");
    assert_int_equal(moved(b)->due_us, row.due_us + 1);
}

/* 6 */
static void test_boot(void **state)
{
    struct bench *b = *state;
    Baton__DocumentSettings settings = BATON__DOCUMENT_SETTINGS__INIT;
    Baton__DocumentCalendar calendar = BATON__DOCUMENT_CALENDAR__INIT;
    struct documents_boot_facts f = {0};
    settings.id = ID(4);
    assert_true(run(b, documents_decide_boot, &f, NULL));
    assert_int_equal(b->out.n_events, 2);
    assert_int_equal(b->out.events[0]->record_changed->record->document_settings->n_reminder_days, 3);
    assert_string_equal(moved(b)->day, "2026-05-29");
    f.settings = &settings;
    assert_true(run(b, documents_decide_boot, &f, NULL));
    assert_int_equal(b->out.n_events, 2);
    assert_int_equal(b->out.events[0]->record_changed->kind, BATON__CHANGE_KIND__CHANGE_KIND_UPDATED);
    assert_string_equal(moved(b)->day, TODAY);
    f.calendar = &calendar;
    assert_true(run(b, documents_decide_boot, &f, NULL));
    assert_int_equal(b->out.n_events, 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_changed),
        cmocka_unit_test(test_day),
        cmocka_unit_test(test_boot),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
