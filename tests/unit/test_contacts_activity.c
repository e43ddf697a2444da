/* Activities and calendars, rule by rule (decide_activity.c, decide_when.c, decide_reminder.c,
   decide_call.c), and what repeats. */
#include "services/contacts/activity.h"
#include "tests/unit/decide_bench.h"

#define KIND(NAME)   BATON__ACTIVITY_KIND__ACTIVITY_KIND_##NAME
#define STATUS(NAME) BATON__ACTIVITY_STATUS__ACTIVITY_STATUS_##NAME
#define TEXT(s)      ((char *)(s))

static Google__Protobuf__Timestamp second(int64_t s)
{
    Google__Protobuf__Timestamp t = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    t.seconds = s;
    return t;
}

static Baton__Activity activity(Baton__ActivityKind kind)
{
    Baton__Activity a = BATON__ACTIVITY__INIT;
    a.has_kind = true;
    a.kind = kind;
    a.subject = TEXT("Visit");
    return a;
}

/* 1, 3, 4: what it is about; moments; what was done. */
static void test_plain(void **state)
{
    struct bench *b = *state;
    Google__Protobuf__Timestamp early = second(100), late = second(200);
    const struct {
        int rule;
        struct contacts_about_facts about;
        Google__Protobuf__Timestamp *start, *end;
        enum refusal_code code;
        const char *field;
    } rows[] = {
        {1, {.missing_account_id = ID(1)}, NULL, NULL, REFUSAL_NOT_FOUND, "account_id"},
        {1, {.missing_contact_id = ID(1)}, NULL, NULL, REFUSAL_NOT_FOUND, "contact_id"},
        {2, {0}, NULL, NULL, REFUSAL_NONE, ""},
        {3, {0}, &late, &early, REFUSAL_INVALID_ARGUMENT, "end_at"},
        {3, {0}, &early, &early, REFUSAL_NONE, ""},
        {3, {0}, NULL, &early, REFUSAL_NONE, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__Activity a = activity(KIND(TASK));
        const struct contacts_activity_facts f = {.about = rows[i].about, .own_zone = "UTC"};
        a.start_at = rows[i].start;
        a.end_at = rows[i].end;
        assert_int_equal(check(b, contacts_check_activity, &f, NULL, &a), rows[i].code == REFUSAL_NONE);
        assert_int_equal(b->out.no.code, rows[i].code);
        assert_string_equal(b->out.no.field, rows[i].field);
        if (rows[i].code == REFUSAL_NONE)
            assert_int_equal(a.status, STATUS(PLANNED));
    }
    /* 4: done now; later as it was; open again: never */
    const struct contacts_activity_facts none = {.own_zone = "UTC"};
    Baton__Activity before = activity(KIND(TASK)), after = activity(KIND(TASK));
    after.has_status = true;
    after.status = STATUS(DONE);
    assert_true(check(b, contacts_check_activity, &none, &before, &after));
    assert_non_null(after.done_at);
    before.done_at = &early;
    assert_true(check(b, contacts_check_activity, &none, &before, &after));
    assert_ptr_equal(after.done_at, &early);
    after.status = STATUS(CANCELED);
    assert_true(check(b, contacts_check_activity, &none, &before, &after));
    assert_null(after.done_at);
}

/* 5 to 9: local times, zones and days. */
static void test_when(void **state)
{
    struct bench *b = *state;
    const struct {
        int rule;
        const char *start, *end, *zone;
        int64_t start_s, end_s; /* 0: absent */
        const char *field;      /* of the refusal; NULL: none */
    } rows[] = {
        {5, "2026-13-01", NULL, NULL, 0, 0, "start_local"},
        {5, "tomorrow", NULL, NULL, 0, 0, "start_local"},
        {5, "2026-12-01T09:00:00", "2026-12-01T9:30:00", "Europe/Berlin", 0, 0, "end_local"},
        {6, "2026-12-01", "2026-12-02T10:00:00", NULL, 0, 0, "end_local"},
        {6, NULL, "2026-12-02", NULL, 0, 0, "end_local"},
        {7, "2026-12-01T09:00:00", NULL, "Europe/Nowhere", 0, 0, "time_zone"},
        {7, "2026-12-01", NULL, "Europe/Berlin", 0, 0, "time_zone"},
        {3, "2026-12-01T09:00:00", "2026-12-01T08:00:00", "UTC", 0, 0, "end_local"},
        {8, "2026-12-01", "2028-12-01", NULL, 0, 0, "end_local"},
        /* Berlin is an hour before UTC in winter, two in summer */
        {7, "2026-12-01T09:00:00", "2026-12-01T10:00:00", "Europe/Berlin", 1796112000, 1796115600, NULL},
        {7, "2026-07-01T09:00:00", NULL, "Europe/Berlin", 1782889200, 0, NULL},
        /* by the owner's clocks, which are Taipei's */
        {7, "2026-12-01T09:00:00", NULL, NULL, 1796086800, 0, NULL},
        {9, "2026-12-01", NULL, NULL, 1796054400, 1796140800, NULL},
        {9, "2026-12-01", "2026-12-04", NULL, 1796054400, 1796313600, NULL},
        /* at half past two the clocks of Berlin go from two to three */
        {7, "2026-03-29T02:30:00", NULL, "Europe/Berlin", 1774746000, 0, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct contacts_activity_facts f = {.own_zone = "Asia/Taipei"};
        Baton__Activity a = activity(KIND(MEETING));
        a.start_local = TEXT(rows[i].start);
        a.end_local = TEXT(rows[i].end);
        a.time_zone = TEXT(rows[i].zone);
        const bool ok = check(b, contacts_check_activity, &f, NULL, &a);
        if (rows[i].field) {
            assert_refused(ok, b, REFUSAL_INVALID_ARGUMENT, rows[i].field);
            continue;
        }
        assert_true(ok);
        assert_int_equal(a.start_at->seconds, rows[i].start_s);
        assert_int_equal(a.end_at ? a.end_at->seconds : 0, rows[i].end_s);
    }
}

/* 10 to 12: what repeats. */
static void test_repeating(void **state)
{
    struct bench *b = *state;
    char *dates[] = {TEXT("2026-12-01")}, *times[] = {TEXT("2026-12-01T09:00:00")},
         *moments[] = {TEXT("2026-12-01T09:00:00Z")};
    struct contacts_activity_facts f = {.own_zone = "UTC"};
    Baton__Activity a = activity(KIND(MEETING));
    /* 10 */
    a.recurrence = TEXT("FREQ=DAILY");
    assert_refused(check(b, contacts_check_activity, &f, NULL, &a), b, REFUSAL_INVALID_ARGUMENT,
                   "recurrence");
    /* 11 */
    a.start_local = TEXT("2026-12-01T09:00:00");
    f.wrong_rule = "no";
    assert_refused(check(b, contacts_check_activity, &f, NULL, &a), b, REFUSAL_INVALID_ARGUMENT,
                   "recurrence");
    f.wrong_rule = NULL;
    assert_true(check(b, contacts_check_activity, &f, NULL, &a));
    /* 12 */
    a.excluded_dates = dates;
    a.n_excluded_dates = 1;
    assert_refused(check(b, contacts_check_activity, &f, NULL, &a), b, REFUSAL_INVALID_ARGUMENT,
                   "excluded_dates");
    a.excluded_dates = moments;
    assert_refused(check(b, contacts_check_activity, &f, NULL, &a), b, REFUSAL_INVALID_ARGUMENT,
                   "excluded_dates");
    a.excluded_dates = times;
    assert_true(check(b, contacts_check_activity, &f, NULL, &a));
}

/* 13 to 16: who attends, what reminds, where it stands, what is a call; 22: what others say. */
static void test_others(void **state)
{
    struct bench *b = *state;
    Baton__Attendee both = BATON__ATTENDEE__INIT, user = BATON__ATTENDEE__INIT, mail = BATON__ATTENDEE__INIT;
    Baton__Attendee *attendees[3] = {&user};
    Baton__Calendar theirs = BATON__CALENDAR__INIT;
    uint32_t twice[] = {10, 10}, once[] = {10, 20};
    both.user_id = both.email = TEXT(ID(1));
    user.user_id = TEXT(ID(1));
    mail.email = TEXT("nobody");
    theirs.owner_id = TEXT(ID(2));
    struct contacts_activity_facts f = {.own_zone = "UTC"};
    Baton__Activity a = activity(KIND(MEETING));
    a.start_local = TEXT("2026-12-01T09:00:00");
    /* 13 */
    a.attendees = attendees;
    a.n_attendees = 1;
    f.missing_attendee = 1;
    assert_refused(check(b, contacts_check_activity, &f, NULL, &a), b, REFUSAL_NOT_FOUND, "attendees[0]");
    f.missing_attendee = 0;
    assert_true(check(b, contacts_check_activity, &f, NULL, &a));
    attendees[0] = &both;
    assert_refused(check(b, contacts_check_activity, &f, NULL, &a), b, REFUSAL_INVALID_ARGUMENT,
                   "attendees[0]");
    attendees[0] = &mail;
    assert_refused(check(b, contacts_check_activity, &f, NULL, &a), b, REFUSAL_INVALID_ARGUMENT,
                   "attendees[0]");
    a.n_attendees = 0;
    /* 14 */
    a.reminder_minutes = twice;
    a.n_reminder_minutes = 2;
    assert_refused(check(b, contacts_check_activity, &f, NULL, &a), b, REFUSAL_INVALID_ARGUMENT,
                   "reminder_minutes");
    a.reminder_minutes = once;
    assert_true(check(b, contacts_check_activity, &f, NULL, &a));
    /* 15 */
    a.calendar_id = TEXT(ID(9));
    a.owner_id = TEXT(ID(1));
    assert_refused(check(b, contacts_check_activity, &f, NULL, &a), b, REFUSAL_NOT_FOUND, "calendar_id");
    f.calendar = &theirs;
    assert_refused(check(b, contacts_check_activity, &f, NULL, &a), b, REFUSAL_INVALID_ARGUMENT,
                   "calendar_id");
    theirs.owner_id = a.owner_id;
    assert_true(check(b, contacts_check_activity, &f, NULL, &a));
    /* 16 */
    a.call_number = TEXT("1");
    assert_refused(check(b, contacts_check_activity, &f, NULL, &a), b, REFUSAL_INVALID_ARGUMENT, "kind");
    a.kind = KIND(CALL);
    assert_true(check(b, contacts_check_activity, &f, NULL, &a));
    /* 22 */
    a.has_foreign = true;
    a.foreign = (ProtobufCBinaryData){3, (uint8_t *)"X:\xff"};
    assert_refused(check(b, contacts_check_activity, &f, NULL, &a), b, REFUSAL_INVALID_ARGUMENT, "foreign");
    a.foreign.data = (uint8_t *)"X:1";
    assert_true(check(b, contacts_check_activity, &f, NULL, &a));
}

/* 17, 18: its own id for others, and its timer. */
static void test_scheduled(void **state)
{
    struct bench *b = *state;
    const struct contacts_activity_facts f = {.own_zone = "UTC",
                                              .schedule = {.due_us = NOW + 5, .next_us = NOW}};
    Baton__Activity a = activity(KIND(TASK));
    assert_true(check(b, contacts_check_activity, &f, NULL, &a));
    assert_string_equal(a.uid, a.id);
    assert_int_equal(b->out.n_events, 1);
    const Baton__ActivityScheduled *e = b->out.events[0]->activity_scheduled;
    assert_string_equal(e->activity_id, a.id);
    assert_int_equal(e->due_us, NOW + 5);
    assert_int_equal(e->next_us, NOW);
    assert_false(e->by_timer);
    a.uid = TEXT("theirs");
    assert_true(check(b, contacts_check_activity, &f, NULL, &a));
    assert_string_equal(a.uid, "theirs");
}

/* 19 to 21 */
static void test_calendar(void **state)
{
    struct bench *b = *state;
    Baton__Calendar before = BATON__CALENDAR__INIT, c = BATON__CALENDAR__INIT;
    struct contacts_calendar_facts f = {.owner_is_known = true, .has_activities = true};
    before.owner_id = TEXT(ID(1));
    c.owner_id = TEXT(ID(1));
    c.name = TEXT(" Own ");
    assert_refused(check(b, contacts_check_calendar, &f, &before, NULL), b, REFUSAL_FAILED_PRECONDITION, "");
    assert_true(check(b, contacts_check_calendar, &f, &before, &c));
    assert_string_equal(c.name, "Own");
    c.color = TEXT("red");
    assert_refused(check(b, contacts_check_calendar, &f, NULL, &c), b, REFUSAL_INVALID_ARGUMENT, "color");
    c.color = TEXT("#33aaFF");
    assert_true(check(b, contacts_check_calendar, &f, NULL, &c));
    c.owner_id = TEXT(ID(2));
    assert_refused(check(b, contacts_check_calendar, &f, &before, &c), b, REFUSAL_FAILED_PRECONDITION,
                   "owner_id");
    f.owner_is_known = f.has_activities = false;
    assert_refused(check(b, contacts_check_calendar, &f, &before, &c), b, REFUSAL_NOT_FOUND, "owner_id");
    assert_true(check(b, contacts_check_calendar, &f, &before, NULL));
}

/* decide_reminder.c, 1 to 3 */
static void test_due(void **state)
{
    struct bench *b = *state;
    Baton__Placing row = BATON__PLACING__INIT;
    Baton__Activity a = activity(KIND(MEETING));
    Baton__Attendee yes = BATON__ATTENDEE__INIT, no = BATON__ATTENDEE__INIT, owner = BATON__ATTENDEE__INIT;
    Baton__Attendee *attendees[] = {&yes, &no, &owner};
    yes.user_id = TEXT(ID(2));
    no.user_id = TEXT(ID(3));
    no.has_answer = true;
    no.answer = BATON__ATTENDEE_ANSWER__ATTENDEE_ANSWER_DECLINED;
    owner.user_id = a.owner_id = TEXT(ID(1));
    a.id = row.record_id = TEXT(ID(9));
    a.attendees = attendees;
    a.n_attendees = 3;
    struct contacts_reminder_facts f = {
        .activity = &a,
        .rings = {{.start_us = NOW, .minutes = 10}, {.start_us = NOW, .minutes = 0}},
        .n_rings = 2,
        .schedule = {.due_us = NOW + 1}};
    assert_true(run(b, contacts_decide_due, &f, &row));
    assert_int_equal(b->out.n_events, 3);
    const Baton__ActivityReminderDue *e = b->out.events[0]->activity_reminder_due;
    assert_int_equal(e->n_user_ids, 2);
    assert_string_equal(e->user_ids[0], ID(1));
    assert_string_equal(e->user_ids[1], ID(2));
    assert_int_equal(e->minutes_before, 10);
    assert_int_equal(b->out.events[2]->activity_scheduled->due_us, NOW + 1);
    assert_true(b->out.events[2]->activity_scheduled->by_timer);
    /* 3: what is gone is not looked at again */
    f.activity = NULL;
    assert_true(run(b, contacts_decide_due, &f, &row));
    assert_int_equal(b->out.n_events, 1);
    assert_false(b->out.events[0]->activity_scheduled->has_due_us);
}

/* decide_call.c, 1 to 4 */
static void test_call(void **state)
{
    struct bench *b = *state;
    Baton__LogCallRequest r = BATON__LOG_CALL_REQUEST__INIT;
    Baton__Caller anna = BATON__CALLER__INIT, bert = BATON__CALLER__INIT;
    struct contacts_call_facts f = {.owner_id = ID(1), .callers = {&anna, &bert}};
    anna.contact_id = TEXT(ID(2));
    bert.contact_id = TEXT(ID(3));
    anna.account_id = bert.account_id = TEXT(ID(4));
    anna.name = TEXT("Anna");
    r.has_direction = true;
    r.direction = BATON__CALL_DIRECTION__CALL_DIRECTION_IN;
    r.has_seconds = true;
    r.seconds = 60;
    assert_refused(run(b, contacts_decide_call, &f, &r), b, REFUSAL_INVALID_ARGUMENT, "number");
    r.number = TEXT(" +49 30 901820 ");
    f.about.missing_contact_id = ID(2);
    assert_refused(run(b, contacts_decide_call, &f, &r), b, REFUSAL_NOT_FOUND, "contact_id");
    f.about.missing_contact_id = NULL;
    const struct {
        size_t n;
        const char *contact_id, *account_id, *subject;
        size_t told;
    } rows[] = {
        {0, NULL, NULL, "Call from +49 30 901820", 0},
        {1, ID(2), ID(4), "Call from Anna", 0},
        {2, NULL, ID(4), "Call from Anna", 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        f.n_callers = rows[i].n;
        assert_true(run(b, contacts_decide_call, &f, &r));
        const Baton__LogCallResponse *reply = (const Baton__LogCallResponse *)b->out.reply;
        const Baton__Activity *a = reply->activity;
        assert_int_equal(a->status, STATUS(DONE));
        assert_string_equal(a->subject, rows[i].subject);
        assert_string_equal(a->contact_id ? a->contact_id : "", rows[i].contact_id ? rows[i].contact_id : "");
        assert_string_equal(a->account_id ? a->account_id : "", rows[i].account_id ? rows[i].account_id : "");
        assert_int_equal(reply->n_callers, rows[i].told);
        assert_int_equal(timestamp_us(a->end_at) - timestamp_us(a->start_at), INT64_C(60000000));
        assert_string_equal(a->owner_id, ID(1));
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),  cmocka_unit_test(test_when),      cmocka_unit_test(test_repeating),
        cmocka_unit_test(test_others), cmocka_unit_test(test_scheduled), cmocka_unit_test(test_calendar),
        cmocka_unit_test(test_due),    cmocka_unit_test(test_call),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
