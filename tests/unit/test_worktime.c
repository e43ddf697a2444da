/* Working time: the clocks' changes, holidays and absences. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/rfc3339.h"
#include "base/worktime.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const int64_t SECOND_US = INT64_C(1000000);
static const int64_t DAY_US = INT64_C(86400000000);

static const char *const STATES[] = {"working", "absent", "outside", "holiday"};

/* Monday to Friday from 9 to 17, out of order and in pieces. */
static const struct worktime_interval OFFICE[] = {
    {5, 540, 1020}, {1, 540, 1020}, {2, 540, 720},  {2, 720, 1020},
    {3, 600, 1020}, {3, 540, 700},  {4, 540, 1020},
};
/* Around midnight and in the hours that change. */
static const struct worktime_interval NIGHT[] = {
    {6, 1320, 1440}, {7, 0, 90}, {7, 90, 150}, {7, 155, 170}, {7, 1380, 1440}, {1, 0, 30}, {1, 40, 360},
};

static int64_t us(const char *text)
{
    int64_t seconds;
    int32_t nanos;
    assert_true(rfc3339_parse(text, &seconds, &nanos));
    return seconds * SECOND_US + nanos / 1000;
}

static struct worktime *office(const char *zone)
{
    struct worktime *w = worktime_new(zone, OFFICE, COUNT(OFFICE), NULL, 0, NULL, 0);
    assert_non_null(w);
    return w;
}

struct row {
    const char *now, *state, *until; /* `until` NULL: 8 days ahead */
};

static void check_rows(struct worktime *w, const struct row *rows, size_t n)
{
    assert_non_null(w);
    for (size_t i = 0; i < n; i++) {
        int64_t now_us = us(rows[i].now), until_us = 0;
        int64_t wanted_us = rows[i].until ? us(rows[i].until) : now_us + 8 * DAY_US;
        enum worktime_state state = worktime_at(w, now_us, &until_us);
        if (strcmp(STATES[state], rows[i].state) != 0 || until_us != wanted_us)
            print_error("row %zu: %s\n", i + 1, rows[i].now);
        assert_string_equal(STATES[state], rows[i].state);
        assert_int_equal(until_us, wanted_us);
    }
    worktime_free(w);
}

struct add_row {
    const char *now;
    int64_t minutes;
    const char *then;
};

static void check_add(struct worktime *w, const struct add_row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (worktime_add(w, us(rows[i].now), rows[i].minutes) != us(rows[i].then))
            print_error("row %zu: %s\n", i + 1, rows[i].now);
        assert_int_equal(worktime_add(w, us(rows[i].now), rows[i].minutes), us(rows[i].then));
    }
    worktime_free(w);
}

static void test_zones(void **state)
{
    static const struct {
        const char *zone;
        bool known;
    } rows[] = {
        {"Europe/Berlin", true},
        {"America/New_York", true},
        {"Asia/Taipei", true},
        {"UTC", true},
        {"Asia/Calcutta", true},                    /* an old name */
        {"America/Argentina/ComodRivadavia", true}, /* the longest */
        {"Europe/Atlantis", false},
        {"Etc/Unknown", false},
        {"GMT+3", false},
        {"europe/berlin", false},
        {" UTC", false},
        {"", false},
        {"\xff", false},
        {"王", false},
        {"A/very/long/name/that/no/zone/has/and/that/is/longer/than/sixty/four/bytes", false},
        {NULL, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct worktime *w = worktime_new(rows[i].zone, NULL, 0, NULL, 0, NULL, 0);
        assert_int_equal(w != NULL, rows[i].known);
        assert_int_equal(worktime_zone_valid(rows[i].zone), rows[i].known);
        worktime_free(w);
    }
}

static void test_berlin(void **state)
{
    static const struct row rows[] = {
        /* 1: winter time, and the very edges */
        {"2024-01-10T07:59:59.999999Z", "outside", "2024-01-10T08:00:00Z"},
        {"2024-01-10T08:00:00Z", "working", "2024-01-10T16:00:00Z"},
        {"2024-01-10T15:59:59.999999Z", "working", "2024-01-10T16:00:00Z"},
        {"2024-01-10T16:00:00Z", "outside", "2024-01-11T08:00:00Z"},
        /* 2: 09:00 local on both sides of 31 March 2024, when clocks go forward */
        {"2024-03-29T16:00:00Z", "outside", "2024-04-01T07:00:00Z"},
        {"2024-04-01T07:00:00Z", "working", "2024-04-01T15:00:00Z"},
        /* 3: and of 27 October 2024, when they go back */
        {"2024-10-25T15:00:00Z", "outside", "2024-10-28T08:00:00Z"},
        {"2024-10-28T08:00:00Z", "working", "2024-10-28T16:00:00Z"},
        /* 4: long before 1970 */
        {"1951-01-10T12:00:00Z", "working", "1951-01-10T16:00:00Z"},
    };
    check_rows(office("Europe/Berlin"), rows, COUNT(rows));
}

static void test_new_york(void **state)
{
    static const struct row rows[] = {
        /* 1: 10 March and 3 November 2024 */
        {"2024-03-08T22:00:00Z", "outside", "2024-03-11T13:00:00Z"},
        {"2024-03-11T13:00:00Z", "working", "2024-03-11T21:00:00Z"},
        {"2024-11-01T21:00:00Z", "outside", "2024-11-04T14:00:00Z"},
        {"2024-11-04T14:00:00Z", "working", "2024-11-04T22:00:00Z"},
        /* 2: the local day is not the UTC day */
        {"2024-07-06T00:30:00Z", "outside", "2024-07-08T13:00:00Z"},
    };
    check_rows(office("America/New_York"), rows, COUNT(rows));
}

static void test_changing_hours(void **state)
{
    static const struct row rows[] = {
        /* 1: Berlin skips 02:00 to 03:00: an interval to 02:30 ends at the change, one within does not exist
         */
        {"2024-03-31T00:59:00Z", "working", "2024-03-31T01:00:00Z"},
        {"2024-03-31T01:00:00Z", "outside", "2024-03-31T21:00:00Z"},
        /* 2: Berlin has 02:00 to 03:00 twice: the first counts */
        {"2024-10-26T23:50:00Z", "working", "2024-10-27T00:30:00Z"},
        {"2024-10-27T00:30:00Z", "outside", "2024-10-27T00:35:00Z"},
        {"2024-10-27T00:35:00Z", "working", "2024-10-27T00:50:00Z"},
        {"2024-10-27T00:50:00Z", "outside", "2024-10-27T22:00:00Z"},
        {"2024-10-27T01:10:00Z", "outside", "2024-10-27T22:00:00Z"},
        {"2024-10-27T01:40:00Z", "outside", "2024-10-27T22:00:00Z"},
        /* 3: hours up to midnight go on after it */
        {"2024-06-09T21:30:00Z", "working", "2024-06-09T22:30:00Z"},
    };
    check_rows(worktime_new("Europe/Berlin", NIGHT, COUNT(NIGHT), NULL, 0, NULL, 0), rows, COUNT(rows));
}

/* Taiwan's new year of 2023: ten days off, two Saturdays worked for them. */
static const struct worktime_day TAIWAN[] = {
    {2023, 2, 18, true},  {2023, 1, 27, false}, {2023, 1, 20, false}, {2023, 1, 21, false},
    {2023, 1, 22, false}, {2023, 1, 23, false}, {2023, 1, 24, false}, {2023, 1, 25, false},
    {2023, 1, 26, false}, {2023, 1, 28, false}, {2023, 1, 29, false}, {2023, 1, 7, true},
    {2023, 1, 7, true},   {2023, 2, 30, false}, {2023, 13, 1, false},
};

static void test_taiwan(void **state)
{
    static const struct row rows[] = {
        /* 1: a Saturday that is worked, with Monday's hours */
        {"2023-01-06T09:00:00Z", "outside", "2023-01-07T01:00:00Z"},
        {"2023-01-07T01:00:00Z", "working", "2023-01-07T09:00:00Z"},
        {"2023-01-07T09:00:00Z", "outside", "2023-01-09T01:00:00Z"},
        /* 2: an ordinary Saturday */
        {"2023-01-14T03:00:00Z", "outside", "2023-01-16T01:00:00Z"},
        /* 3: holidays run from midnight to midnight, 8 days are the most one looks ahead */
        {"2023-01-19T09:00:00Z", "outside", "2023-01-19T16:00:00Z"},
        {"2023-01-19T16:00:00Z", "holiday", NULL},
        {"2023-01-23T04:00:00Z", "holiday", "2023-01-29T16:00:00Z"},
        {"2023-01-29T16:00:00Z", "outside", "2023-01-30T01:00:00Z"},
        /* 4: a day that does not exist is nobody's holiday */
        {"2023-03-02T02:00:00Z", "working", "2023-03-02T09:00:00Z"},
    };
    check_rows(worktime_new("Asia/Taipei", OFFICE, COUNT(OFFICE), TAIWAN, COUNT(TAIWAN), NULL, 0), rows,
               COUNT(rows));
}

static void test_special_days(void **state)
{
    static const struct worktime_interval hours[] = {{1, 480, 960}, {6, 600, 720}};
    static const struct worktime_day days[] = {
        {2024, 6, 8, true},
        {2024, 6, 9, true},
        {2024, 6, 10, true},
        {2024, 6, 10, false},
    };
    static const struct row rows[] = {
        /* 1: a weekday with hours of its own keeps them */
        {"2024-06-08T10:00:00Z", "working", "2024-06-08T12:00:00Z"},
        /* 2: a free one takes Monday's */
        {"2024-06-09T08:00:00Z", "working", "2024-06-09T16:00:00Z"},
        /* 3: a day that is both is a holiday */
        {"2024-06-10T08:00:00Z", "holiday", "2024-06-11T00:00:00Z"},
    };
    check_rows(worktime_new("UTC", hours, COUNT(hours), days, COUNT(days), NULL, 0), rows, COUNT(rows));
}

static void test_absences(void **state)
{
    const struct worktime_absence absences[] = {
        {us("2024-06-12T06:00:00Z"), us("2024-06-12T07:00:00Z")},
        {us("2024-06-11T20:00:00Z"), us("2024-06-12T06:30:00Z")},
        {us("2024-06-12T07:00:00Z"), us("2024-06-12T08:00:00Z")},
        {us("2024-06-12T08:30:00Z"), us("2024-06-12T08:30:00Z")}, /* nothing */
        {us("2024-06-12T11:00:00Z"), us("2024-06-12T10:00:00Z")}, /* backwards */
        {us("2024-07-01T00:00:00Z"), us("2024-08-01T00:00:00Z")},
        {us("2024-07-10T00:00:00Z"), us("2024-07-11T00:00:00Z")}, /* inside another */
    };
    static const struct worktime_day days[] = {{2024, 7, 31, false}, {2024, 8, 1, false}};
    static const struct row rows[] = {
        /* 1: overnight, in three pieces: before and after it the hours count */
        {"2024-06-11T13:00:00Z", "working", "2024-06-11T15:00:00Z"},
        {"2024-06-11T15:00:00Z", "outside", "2024-06-11T20:00:00Z"},
        {"2024-06-11T20:00:00Z", "absent", "2024-06-12T08:00:00Z"},
        {"2024-06-12T06:45:00Z", "absent", "2024-06-12T08:00:00Z"},
        {"2024-06-12T08:00:00Z", "working", "2024-06-12T15:00:00Z"},
        /* 2: in the middle of free time */
        {"2024-06-29T12:00:00Z", "outside", "2024-07-01T00:00:00Z"},
        /* 3: longer than one looks ahead, and over holidays */
        {"2024-07-01T00:00:00Z", "absent", NULL},
        {"2024-07-31T12:00:00Z", "absent", "2024-08-01T00:00:00Z"},
        {"2024-08-01T00:00:00Z", "holiday", "2024-08-01T22:00:00Z"},
    };
    check_rows(
        worktime_new("Europe/Berlin", OFFICE, COUNT(OFFICE), days, COUNT(days), absences, COUNT(absences)),
        rows, COUNT(rows));
}

static void test_around_the_clock(void **state)
{
    const struct worktime_absence absences[] = {{us("2024-12-27T10:00:00Z"), us("2024-12-27T11:00:00Z")}};
    static const struct worktime_day days[] = {{2024, 12, 25, false}};
    static const struct row rows[] = {
        {"2024-06-09T02:00:00Z", "working", NULL},
        {"2024-12-24T00:00:00Z", "working", "2024-12-24T23:00:00Z"},
        {"2024-12-24T23:00:00Z", "holiday", "2024-12-25T23:00:00Z"},
        {"2024-12-25T23:00:00Z", "working", "2024-12-27T10:00:00Z"},
        {"2024-12-27T10:30:00Z", "absent", "2024-12-27T11:00:00Z"},
    };
    check_rows(worktime_new("Europe/Berlin", NULL, 0, days, COUNT(days), absences, COUNT(absences)), rows,
               COUNT(rows));
    /* Hours that are all nonsense are hours that never come, not none. */
    static const struct worktime_interval nonsense[] = {
        {0, 0, 1440}, {8, 0, 1440}, {1, 600, 600}, {2, 700, 600}};
    static const struct row never[] = {{"2024-06-10T12:00:00Z", "outside", NULL}};
    check_rows(worktime_new("UTC", nonsense, COUNT(nonsense), NULL, 0, NULL, 0), never, COUNT(never));
}

static void test_add(void **state)
{
    static const struct add_row rows[] = {
        /* 1: within a day, to its very end, and over it */
        {"2024-06-11T08:00:00Z", 30, "2024-06-11T08:30:00Z"},
        {"2024-06-11T14:00:00Z", 60, "2024-06-11T15:00:00Z"},
        {"2024-06-11T14:00:00Z", 61, "2024-06-12T07:01:00Z"},
        {"2024-06-11T14:00:30.5Z", 60, "2024-06-12T07:00:30.5Z"},
        /* 2: from outside hours, and over a weekend */
        {"2024-06-11T20:00:00Z", 15, "2024-06-12T07:15:00Z"},
        {"2024-06-14T14:50:00Z", 20, "2024-06-17T07:10:00Z"},
        /* 3: over both changes of the clocks */
        {"2024-03-29T15:30:00Z", 60, "2024-04-01T07:30:00Z"},
        {"2024-10-25T14:30:00Z", 60, "2024-10-28T08:30:00Z"},
        /* 4: a whole week; nothing; less than nothing */
        {"2024-06-10T07:00:00Z", 2401, "2024-06-17T07:01:00Z"},
        {"2024-06-09T07:00:00Z", 0, "2024-06-09T07:00:00Z"},
        {"2024-06-09T07:00:00Z", -5, "2024-06-09T07:00:00Z"},
        /* 5: more than 400 days hold: the plain time */
        {"2024-06-10T07:00:00Z", 1440 * 300, "2025-04-06T07:00:00Z"},
    };
    check_add(office("Europe/Berlin"), rows, COUNT(rows));
}

static void test_add_absences(void **state)
{
    const struct worktime_absence absences[] = {
        {us("2024-06-11T08:00:00Z"), us("2024-06-11T09:00:00Z")},
        {us("2024-06-11T10:00:00Z"), us("2024-06-12T10:00:00Z")},
        {us("2024-06-14T15:00:00Z"), us("2026-01-01T00:00:00Z")},
    };
    static const struct worktime_day days[] = {{2024, 6, 13, false}};
    static const struct add_row rows[] = {
        /* 1: an hour off at 10, from 12 to the next noon, and a holiday after that */
        {"2024-06-11T07:30:00Z", 30, "2024-06-11T08:00:00Z"},
        {"2024-06-11T07:30:00Z", 31, "2024-06-11T09:01:00Z"},
        {"2024-06-11T08:30:00Z", 61, "2024-06-12T10:01:00Z"},
        {"2024-06-11T12:00:00Z", 300, "2024-06-12T15:00:00Z"},
        {"2024-06-11T12:00:00Z", 301, "2024-06-14T07:01:00Z"},
        /* 2: then gone for more than 400 days */
        {"2024-06-14T14:00:00Z", 61, "2024-06-14T15:01:00Z"},
    };
    check_add(
        worktime_new("Europe/Berlin", OFFICE, COUNT(OFFICE), days, COUNT(days), absences, COUNT(absences)),
        rows, COUNT(rows));
}

static void test_extremes(void **state)
{
    static const int64_t times[] = {INT64_MIN, INT64_MIN + 1, -1, 0, INT64_MAX - 1, INT64_MAX};
    struct worktime *w = office("America/New_York");
    for (size_t i = 0; i < COUNT(times); i++) {
        int64_t until_us;
        (void)worktime_at(w, times[i], &until_us);
        assert_true(until_us > times[i] || until_us == INT64_MAX);
        assert_true(worktime_add(w, times[i], 1) > times[i] || times[i] == INT64_MAX);
        (void)worktime_add(w, times[i], INT64_MAX);
    }
    worktime_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_zones),    cmocka_unit_test(test_berlin),
        cmocka_unit_test(test_new_york), cmocka_unit_test(test_changing_hours),
        cmocka_unit_test(test_taiwan),   cmocka_unit_test(test_special_days),
        cmocka_unit_test(test_absences), cmocka_unit_test(test_around_the_clock),
        cmocka_unit_test(test_add),      cmocka_unit_test(test_add_absences),
        cmocka_unit_test(test_extremes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
