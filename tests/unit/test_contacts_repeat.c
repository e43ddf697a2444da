/* What repeats, and what is refused because it would repeat without end; local times and zones. */
#include "base/civil.h"
#include "services/contacts/repeat.h"
#include "tests/unit/decide_bench.h"

static void test_civil(void **state)
{
    const struct {
        const char *text;
        bool is_good, is_date;
    } rows[] = {
        {"2026-02-28", true, true},
        {"2026-02-29", false, true},
        {"2024-02-29", true, true},
        {"2026-02-28T23:59:59", true, false},
        {"2026-02-28T24:00:00", false, false},
        {"2026-02-28 10:00:00", false, false},
        {"", false, false},
        {"2026-2-28", false, false},
        {"0001-01-01", true, true},
        {"9999-12-31T00:00:00", true, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct civil c;
        bool is_date;
        char text[CIVIL_SIZE];
        assert_int_equal(civil_parse(rows[i].text, &c, &is_date), rows[i].is_good);
        if (!rows[i].is_good)
            continue;
        assert_int_equal(is_date, rows[i].is_date);
        civil_format(text, &c, is_date);
        assert_string_equal(text, rows[i].text);
        const struct civil again = civil_of_seconds(civil_seconds(&c));
        assert_memory_equal(&again, &c, sizeof c);
    }
    assert_false(civil_parse(NULL, &(struct civil){0}, &(bool){false}));
}

/* What the clocks skip is the moment of the change, what comes twice its first; every hour there and back. */
static void test_zone(void **state)
{
    struct civil_zone *z = civil_zone_new("Europe/Berlin");
    assert_non_null(z);
    assert_null(civil_zone_new("Europe/Nowhere"));
    assert_null(civil_zone_new("Etc/Unknown"));
    assert_int_equal(civil_to_us(z, &(struct civil){2026, 3, 29, 2, 30, 0}), INT64_C(1774746000000000));
    assert_int_equal(civil_to_us(z, &(struct civil){2026, 10, 25, 2, 30, 0}), INT64_C(1792888200000000));
    for (int64_t hour = 0; hour < 366 * 24; hour++) {
        const int64_t us = (INT64_C(1767225600) + hour * 3600) * 1000000;
        const struct civil c = civil_from_us(z, us);
        const int64_t back = civil_to_us(z, &c);
        assert_true(back == us || back == us - INT64_C(3600000000)); /* the hour that comes twice */
    }
    civil_zone_free(z);
}

static void test_repeat_refused(void **state)
{
    const struct {
        const char *rule;
        bool is_good;
    } rows[] = {
        {"FREQ=WEEKLY;BYDAY=MO", true},
        {"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", true},
        {"FREQ=MONTHLY;BYDAY=-1FR;COUNT=12", true},
        {"FREQ=DAILY;UNTIL=20270101T000000Z", true},
        {"RSCALE=CHINESE;FREQ=YEARLY", true},
        {"RSCALE=CHINESE;FREQ=SECONDLY", false},
        {"RSCALE=CHINESE;FREQ=NEVER", false},
        {"", false},
        {"FREQ=NEVER", false},
        {"BYDAY=MO", false},
        {"FREQ=WEEKLY;BYDAY=XX", false},
        {"FREQ=SECONDLY", false},
        {"FREQ=MINUTELY;INTERVAL=30", false},
        {"FREQ=DAILY;BYSECOND=1,2,3", false},
        {"FREQ=DAILY;COUNT=1000000000", false},
        {"FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", false},
        {"FREQ=DAILY;COUNT=5;BYMONTH=2;BYMONTHDAY=30", false},
        {"FREQ=YEARLY;BYYEARDAY=366;BYMONTH=1", false},
        {"FREQ=DAILY;UNTIL=20200101T000000Z", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char why[REPEAT_WHY];
        const struct repeat r = {
            .start = {2026, 1, 5, 9, 0, 0}, .rule = rows[i].rule, .zone = "Europe/Berlin"};
        const bool is_good = contacts_repeat_check(&r, why);
        if (is_good != rows[i].is_good)
            print_error("%s: %s\n", rows[i].rule, why);
        assert_int_equal(is_good, rows[i].is_good);
        assert_int_equal(is_good, why[0] == '\0');
    }
}

static void test_repeat_listed(void **state)
{
    const struct civil besides[] = {{2026, 1, 6, 12, 0, 0}}, without[] = {{2026, 1, 12, 9, 0, 0}};
    const struct repeat r = {.start = {2026, 1, 5, 9, 0, 0},
                             .rule = "FREQ=WEEKLY;UNTIL=20260126T080000Z",
                             .zone = "Europe/Berlin",
                             .besides = besides,
                             .without = without,
                             .n_besides = 1,
                             .n_without = 1};
    const struct civil from = {2026, 1, 5, 9, 0, 0}, until = {2030, 1, 1, 0, 0, 0};
    struct civil out[8];
    bool cut = false;
    /* its end is nine o'clock in Berlin, inclusive; one date is left out, one comes in between */
    assert_int_equal(contacts_repeat_list(&r, &from, &until, out, 8, &cut), 4);
    assert_int_equal(out[0].day, 5);
    assert_int_equal(out[1].day, 6);
    assert_int_equal(out[2].day, 19);
    assert_int_equal(out[3].day, 26);
    assert_false(cut);
    assert_int_equal(contacts_repeat_list(&r, &from, &until, out, 2, &cut), 2);
    /* without a rule there are the dates */
    const struct repeat dates = {.start = r.start, .besides = besides, .n_besides = 1};
    assert_int_equal(contacts_repeat_list(&dates, &from, &until, out, 8, &cut), 1);
    /* far from its start it is not walked through */
    const struct repeat daily = {.start = {1900, 1, 1, 9, 0, 0}, .rule = "FREQ=DAILY", .zone = "UTC"};
    assert_int_equal(contacts_repeat_list(&daily, &from, &until, out, 8, &cut), 8);
    assert_int_equal(out[0].year, 2026);
    assert_false(cut);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_civil),
        cmocka_unit_test(test_zone),
        cmocka_unit_test(test_repeat_refused),
        cmocka_unit_test(test_repeat_listed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
