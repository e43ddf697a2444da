/* Periods begin and end at midnight where the organisation is; quotas are as they were at the end of a day
   there; weeks of adoption begin at midnight there once that was said. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rfc3339.h"
#include "baton/v1/directory.pb-c.h"
#include "baton/v1/record.pb-c.h"
#include "service/apply.h"
#include "services/opportunities/rows.h"
#include "store/log.h"

#define QUOTA "0190a8e2-1111-7000-8000-000000000001"
#define OTHER "0190a8e2-1111-7000-8000-000000000002"
#define ANN   "0190a8e2-1111-7000-8000-00000000000a"
#define BOB   "0190a8e2-1111-7000-8000-00000000000b"

enum { MEMORY = 64 << 20, PATH = 96, DECEMBER = 2026 * 12 + 11, JANUARY = 2027 * 12 };

struct fixture {
    struct store *store;
    struct arena *a;
    Baton__Actor actor;
    char dir[PATH];
};

static int set_up(void **state)
{
    static const uint8_t log_id[LOG_ID_SIZE] = {1};
    static struct fixture f;
    f = (struct fixture){.a = arena_new(MEMORY), .actor = BATON__ACTOR__INIT};
    f.actor.has_role = true;
    f.actor.role = BATON__ROLE__ROLE_ADMIN;
    f.actor.user_id = ANN;
    snprintf(f.dir, sizeof f.dir, "%s", "/tmp/baton-midnight-XXXXXX");
    assert_non_null(mkdtemp(f.dir));
    f.store = store_open(&(struct store_options){
        .dir = f.dir, .no_sync = true, .tables = opportunities_tables, .n_tables = OPPORTUNITIES_TABLES});
    assert_non_null(f.store);
    log_prepare(f.store, log_id);
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    char command[PATH + 16];
    store_close(f->store);
    arena_free(f->a);
    snprintf(command, sizeof command, "rm -rf %s", f->dir);
    return system(command);
}

static int64_t us_of(const char *time)
{
    int64_t seconds;
    int32_t nanos;
    assert_true(rfc3339_parse(time, &seconds, &nanos));
    return seconds * 1000000;
}

static void tell(struct fixture *f, Baton__Event *event, const char *time)
{
    Baton__LogRecord r = BATON__LOG_RECORD__INIT;
    struct txn *t = store_begin(f->store, true);
    assert_non_null(t);
    r.actor = &f->actor;
    r.has_time_us = true;
    r.time_us = (uint64_t)us_of(time);
    r.events = &event;
    r.n_events = 1;
    (void)log_append(t, &r, NULL, f->a); /* its number is in the record */
    service_apply(&opportunities_service, t, &r, f->a);
    assert_true(store_commit(t));
}

static void say(struct fixture *f, ProtobufCMessage *row, Baton__ChangeKind kind, const char *time)
{
    Baton__Event event = BATON__EVENT__INIT;
    Baton__RecordChanged change = BATON__RECORD_CHANGED__INIT;
    change.has_kind = true;
    change.kind = kind;
    change.record = record_wrap(row, f->a);
    event.event_case = BATON__EVENT__EVENT_RECORD_CHANGED;
    event.record_changed = &change;
    tell(f, &event, time);
}

static void zone(struct fixture *f, char *name)
{
    Baton__Organisation o = BATON__ORGANISATION__INIT;
    o.id = OTHER;
    o.time_zone = name;
    say(f, &o.base, BATON__CHANGE_KIND__CHANGE_KIND_UPDATED, "2026-01-01T00:00:00Z");
}

static struct load load_at(struct fixture *f, const char *now)
{
    struct load l = {.txn = store_begin(f->store, false), .arena = f->a, .now_us = us_of(now)};
    assert_non_null(l.txn);
    return l;
}

static const struct period_row {
    char *zone;
    const char *now;
    uint32_t quarter, month; /* the first month of the quarter it is, and the month, there */
} period_rows[] = {
    {"UTC", "2026-12-31T23:59:59Z", 2026 * 12 + 9, DECEMBER},
    {"UTC", "2027-01-01T00:00:00Z", JANUARY, JANUARY},
    {"Asia/Taipei", "2026-12-31T15:59:59Z", 2026 * 12 + 9, DECEMBER},
    {"Asia/Taipei", "2026-12-31T16:00:00Z", JANUARY, JANUARY},
    {"America/New_York", "2027-01-01T04:59:59Z", 2026 * 12 + 9, DECEMBER},
    {"America/New_York", "2027-01-01T05:00:00Z", JANUARY, JANUARY},
    {"America/New_York", "2026-07-01T03:59:59Z", 2026 * 12 + 3, 2026 * 12 + 5}, /* in summer */
    {"America/New_York", "2026-07-01T04:00:00Z", 2026 * 12 + 6, 2026 * 12 + 6},
};

/* 1: the quarter it is, and the month that a plan begins with, change at midnight there. */
static void test_periods(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof period_rows / sizeof *period_rows; i++) {
        const struct period_row *row = &period_rows[i];
        zone(f, row->zone);
        struct load l = load_at(f, row->now);
        const struct forecast_words words = {0};
        const struct command c = {0};
        struct forecast_ask ask;
        struct refusal no;
        assert_true(opportunities_ask(&l, &f->actor, &words, &ask, &no));
        assert_int_equal(ask.months.first, row->quarter);
        assert_int_equal(((struct demand_facts *)opportunities_load_demand(&l, &c))->month, row->month);
        store_abort(l.txn);
    }
}

/* 2: the end of a day is midnight there, also on days of 23 and 25 hours; a day that is not over ends now. */
static void test_day_ends(void **state)
{
    struct fixture *f = *state;
    static const struct {
        char *zone;
        const char *day, *ends;
    } rows[] = {
        {"UTC", "2026-12-31", "2027-01-01T00:00:00Z"},
        {"Asia/Taipei", "2026-12-31", "2026-12-31T16:00:00Z"},
        {"Europe/Berlin", "2026-03-29", "2026-03-29T22:00:00Z"},
        {"Europe/Berlin", "2026-10-25", "2026-10-25T23:00:00Z"},
        {"UTC", "2027-02-01", "2027-02-01T12:00:00Z"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t at_us;
        zone(f, rows[i].zone);
        struct load l = load_at(f, "2027-02-01T12:00:00Z");
        assert_true(opportunities_day_end(&l, rows[i].day, &at_us));
        assert_int_equal(at_us, us_of(rows[i].ends));
        store_abort(l.txn);
    }
}

/* --- quotas as they were --- */

static void quota(struct fixture *f, char *id, char *owner, int64_t units, Baton__ChangeKind kind,
                  const char *time)
{
    Baton__Quota q = BATON__QUOTA__INIT;
    Baton__Money amount = BATON__MONEY__INIT;
    q.id = id;
    q.owner_id = owner;
    q.period = "2026-Q4";
    q.has_first_month = q.has_months = amount.has_minor_units = true;
    q.first_month = 2026 * 12 + 9;
    q.months = 3;
    q.whom = quota_whom(owner, NULL, NULL, NULL, f->a);
    amount.currency_code = "EUR";
    amount.minor_units = units;
    q.amount = &amount;
    say(f, &q.base, kind, time);
}

static int64_t quota_then(struct fixture *f, char *owner, const char *day)
{
    struct load l = load_at(f, "2027-02-01T12:00:00Z");
    struct forecast_person people[] = {{.id = ANN}, {.id = BOB}};
    struct forecast_tree tree = {.people = people, .n_people = 2};
    struct forecast_ask ask = {.months = {2026 * 12 + 9, 3}, .tree = &tree};
    const struct forecast_quota *quotas = NULL;
    int64_t units = -1;
    assert_true(opportunities_day_end(&l, day, &ask.at_us));
    const size_t n = opportunities_quotas(&l, &ask, NULL, NULL, &quotas);
    for (size_t i = 0; i < n; i++)
        if (strcmp(people[quotas[i].who].id, owner) == 0)
            units = quotas[i].units;
    store_abort(l.txn);
    return units;
}

/* 3: of each day the last that was said until midnight there; what was somebody else's or gone is not theirs.
 */
static void test_quotas(void **state)
{
    struct fixture *f = *state;
    static const struct {
        char *owner;
        const char *day;
        int64_t units;
    } rows[] = {
        {ANN, "2026-09-30", -1},  {ANN, "2026-10-01", 100}, {ANN, "2026-10-09", 100},
        {ANN, "2026-10-10", 300}, {BOB, "2026-10-10", -1},  {ANN, "2026-10-20", -1},
        {BOB, "2026-10-20", 300}, {BOB, "2026-10-30", -1},  {BOB, "2026-11-05", 700},
        {ANN, "2027-02-01", -1},  {BOB, "2027-02-01", 700},
    };
    zone(f, "Asia/Taipei");
    quota(f, QUOTA, ANN, 100, BATON__CHANGE_KIND__CHANGE_KIND_CREATED, "2026-09-30T16:00:00Z");
    quota(f, QUOTA, ANN, 200, BATON__CHANGE_KIND__CHANGE_KIND_UPDATED, "2026-10-09T16:00:00Z");
    quota(f, QUOTA, ANN, 300, BATON__CHANGE_KIND__CHANGE_KIND_UPDATED, "2026-10-10T15:59:59Z");
    quota(f, QUOTA, BOB, 300, BATON__CHANGE_KIND__CHANGE_KIND_UPDATED, "2026-10-20T12:00:00Z");
    quota(f, QUOTA, BOB, 300, BATON__CHANGE_KIND__CHANGE_KIND_DELETED, "2026-10-30T12:00:00Z");
    quota(f, OTHER, BOB, 700, BATON__CHANGE_KIND__CHANGE_KIND_CREATED, "2026-11-01T12:00:00Z");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(quota_then(f, rows[i].owner, rows[i].day), rows[i].units);
}

/* --- weeks of adoption --- */

static void act(struct fixture *f, const char *time)
{
    Baton__Event event = BATON__EVENT__INIT;
    Baton__ActionNoted e = BATON__ACTION_NOTED__INIT;
    e.user_id = ANN;
    e.type = "note";
    e.has_created = e.created = e.has_at_us = true;
    e.at_us = us_of(time);
    event.event_case = BATON__EVENT__EVENT_ACTION_NOTED;
    event.action_noted = &e;
    tell(f, &event, time);
}

static uint64_t made_in(struct fixture *f, uint64_t week)
{
    struct load l = load_at(f, "2026-02-01T00:00:00Z");
    struct key key = key_of(ANN);
    key_u64(&key, week);
    const Baton__AdoptionWeek *w = table_get(l.txn, OPPORTUNITIES_WEEK, &key, f->a);
    store_abort(l.txn);
    return w ? w->counts[0]->created : 0;
}

/* What a start says of it; false: nothing, it was said already. */
static bool start(struct fixture *f, const char *time)
{
    struct load l = load_at(f, time);
    struct stamp s = {.now_us = l.now_us, .actor = &f->actor, .arena = f->a};
    struct outcome out = {.arena = f->a};
    const struct command c = {.actor = &f->actor};
    struct opportunities_boot_facts *facts = opportunities_load_boot(&l, &c);
    bool is_said = false;
    facts->has_pipelines = facts->has_dashboards = true; /* whose firsts want random */
    assert_true(opportunities_decide_boot(facts, &c, &s, &out));
    store_abort(l.txn);
    for (size_t i = 0; i < out.n_events; i++) {
        is_said |= out.events[i]->event_case == BATON__EVENT__EVENT_ADOPTION_ZONED;
        tell(f, out.events[i], time);
    }
    return is_said;
}

/* 4: what a log says of before weeks were told apart by zones stays in weeks of UTC, what comes after does
 * not.
 */
static void test_weeks(void **state)
{
    struct fixture *f = *state;
    const char *sunday = "2026-01-04T20:00:00Z"; /* Monday in Taipei */
    const uint64_t week = adoption_week(NULL, us_of(sunday));
    zone(f, "Asia/Taipei");
    act(f, sunday);
    assert_int_equal(made_in(f, week), 1);
    assert_true(start(f, sunday));
    act(f, sunday);
    act(f, sunday);
    assert_int_equal(made_in(f, week), 1);
    assert_int_equal(made_in(f, week + 1), 2);
    assert_false(start(f, sunday));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_periods, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_day_ends, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_quotas, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_weeks, set_up, tear_down),
    };
    schema_load();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
