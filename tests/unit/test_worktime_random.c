/* Working time at random instants: until_us never promises too much, and the minutes add up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "base/rfc3339.h"
#include "base/worktime.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const int64_t SECOND_US = INT64_C(1000000);
static const int64_t MINUTE_US = INT64_C(60000000);
static const int64_t DAY_US = INT64_C(86400000000);

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

static uint64_t next_random(uint64_t *seed)
{
    uint64_t x = *seed;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    return *seed = x;
}

static int64_t between(uint64_t *seed, int64_t from, int64_t to)
{
    return from + (int64_t)(next_random(seed) % (uint64_t)(to - from));
}

/* Zones whose clocks change in the night, at midnight, a minute after it, by half an hour, or by a day. */
static const struct {
    const char *zone, *from, *to;
} SPANS[] = {
    {"Europe/Berlin", "2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z"},
    {"America/New_York", "2024-10-25T00:00:00Z", "2024-11-10T00:00:00Z"},
    {"America/Sao_Paulo", "2017-02-10T00:00:00Z", "2018-03-01T00:00:00Z"},
    {"America/Havana", "2023-03-05T00:00:00Z", "2023-11-12T00:00:00Z"},
    {"America/St_Johns", "2006-10-20T00:00:00Z", "2006-11-05T00:00:00Z"},
    {"America/St_Johns", "2007-03-05T00:00:00Z", "2007-03-20T00:00:00Z"},
    {"Australia/Lord_Howe", "2024-03-30T00:00:00Z", "2024-04-12T00:00:00Z"},
    {"Pacific/Apia", "2011-12-20T00:00:00Z", "2012-01-08T00:00:00Z"},
    {"Asia/Taipei", "2022-12-01T00:00:00Z", "2023-04-01T00:00:00Z"},
    {"Europe/Berlin", "2024-10-26T22:00:00Z", "2024-10-27T03:00:00Z"},
    {"Australia/Lord_Howe", "2024-04-06T13:00:00Z", "2024-04-06T17:00:00Z"},
    {"America/Havana", "2023-11-05T03:00:00Z", "2023-11-05T08:00:00Z"},
    {"America/St_Johns", "2006-10-29T01:00:00Z", "2006-10-29T05:00:00Z"},
};

/* Random absences and special days, together far shorter than what worktime_add looks ahead, and some hours.
 */
static struct worktime *any_calendar(uint64_t *seed, const char *zone, int64_t from_us, int64_t to_us)
{
    struct worktime_absence absences[3];
    struct worktime_day days[6];
    size_t n_absences = next_random(seed) % 4, kind = next_random(seed) % 4;
    size_t n_days = next_random(seed) % (COUNT(days) + 1);
    for (size_t i = 0; i < n_absences; i++) {
        absences[i].start_us = between(seed, from_us, to_us);
        absences[i].end_us = absences[i].start_us + between(seed, 1, (to_us - from_us) / 4);
    }
    for (size_t i = 0; i < n_days; i++) {
        time_t seconds = between(seed, from_us, to_us) / SECOND_US;
        struct tm t;
        gmtime_r(&seconds, &t);
        days[i] = (struct worktime_day){t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, next_random(seed) % 2};
    }
    const struct worktime_interval *hours = kind == 0 ? NULL : kind == 1 ? OFFICE : NIGHT;
    size_t n_hours = kind == 0 ? 0 : kind == 1 ? COUNT(OFFICE) : COUNT(NIGHT);
    return worktime_new(zone, hours, n_hours, days, n_days, absences, n_absences);
}

/* 1: from now to just before until_us the state stays what it is, and they all agree on its end. */
static void check_constant(const struct worktime *w, uint64_t *seed, int64_t now_us)
{
    int64_t until_us, later_us;
    enum worktime_state is = worktime_at(w, now_us, &until_us);
    bool capped = until_us == now_us + 8 * DAY_US;
    assert_true(until_us > now_us && until_us <= now_us + 8 * DAY_US);
    for (int i = 0; i < 12; i++) {
        int64_t at_us = i ? between(seed, now_us, until_us) : until_us - 1;
        assert_int_equal(worktime_at(w, at_us, &later_us), is);
        assert_true(capped ? later_us >= until_us : later_us == until_us);
    }
}

/* 2: between now and what worktime_add says lie exactly so many working minutes, and the last of them ends
 * there. */
static void check_sum(const struct worktime *w, int64_t now_us, int64_t minutes)
{
    int64_t then_us = worktime_add(w, now_us, minutes), worked_us = 0, until_us;
    for (int64_t at_us = now_us; at_us < then_us; at_us = until_us) {
        enum worktime_state is = worktime_at(w, at_us, &until_us);
        if (until_us > then_us)
            until_us = then_us;
        worked_us += is == WORKTIME_WORKING ? until_us - at_us : 0;
    }
    assert_int_equal(worked_us, minutes * MINUTE_US);
    assert_int_equal(worktime_at(w, then_us - 1, &until_us), WORKTIME_WORKING);
}

/* 3: what lies between two moments is the sum of its parts, and leads from the first to the second. */
static void check_between(const struct worktime *w, uint64_t *seed, int64_t now_us, int64_t minutes)
{
    int64_t then_us = worktime_add(w, now_us, minutes), middle_us = between(seed, now_us, then_us);
    int64_t left_us = worktime_between(w, middle_us, then_us);
    assert_int_equal(worktime_between(w, now_us, middle_us) + left_us, minutes * MINUTE_US);
    assert_int_equal(worktime_add_us(w, middle_us, left_us), then_us);
    assert_int_equal(worktime_between(w, then_us, now_us), 0);
}

static void test_random_instants(void **state)
{
    uint64_t seed = UINT64_C(0x9e3779b97f4a7c15);
    for (size_t i = 0; i < COUNT(SPANS) * 8; i++) {
        const char *zone = SPANS[i % COUNT(SPANS)].zone;
        int64_t from_us = us(SPANS[i % COUNT(SPANS)].from), to_us = us(SPANS[i % COUNT(SPANS)].to);
        struct worktime *w = any_calendar(&seed, zone, from_us, to_us);
        assert_non_null(w);
        for (int k = 0; k < 100; k++) {
            int64_t now_us = between(&seed, from_us, to_us);
            check_constant(w, &seed, now_us);
            check_sum(w, now_us, between(&seed, 1, 3000));
            check_between(w, &seed, now_us, between(&seed, 1, 3000));
        }
        worktime_free(w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_instants),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
