/* Numbers and days of a catalogue's files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tool/catalogue.h"

static const struct number_row {
    int number;
    const char *text;
    char mark;
    int digits;
    bool good;
    int64_t value;
    bool rounded;
} number_rows[] = {
    {1, "1,234.50", '.', 2, true, 123450, false},
    {1, "1.234.567,8", ',', 2, true, 123456780, false},
    {1, "12,50", '.', 2, false, 0, false},
    {1, "1,2345", '.', 2, false, 0, false},
    {1, "1.234", ',', 0, true, 1234, false},
    {1, "12.345,678", '.', 2, false, 0, false},
    {2, ".0250", '.', 6, true, 25000, false},
    {2, "-.5", '.', 0, true, -1, true},
    {3, "33.6442", '.', 2, true, 3364, true},
    {3, "33.645", '.', 2, true, 3365, true},
    {3, "-33.645", '.', 2, true, -3365, true},
    {3, "33.6500", '.', 2, true, 3365, false},
    {3, "0.5", '.', 0, true, 1, true},
    {5, "$12.5", '.', 2, true, 1250, false},
    {5, "NT$ 1,200", '.', 0, true, 1200, false},
    {5, "EUR 12", '.', 2, true, 1200, false},
    {5, "12,00 €", ',', 2, true, 1200, false},
    {5, "(2.00)", '.', 2, true, -200, false},
    {5, "-$3", '.', 2, true, -300, false},
    {6, "", '.', 2, false, 0, false},
    {6, "$", '.', 2, false, 0, false},
    {6, "1e3", '.', 2, false, 0, false},
    {6, "12 pieces", '.', 2, false, 0, false},
    {6, "--1", '.', 2, false, 0, false},
    {6, "1.2.3", '.', 2, false, 0, false},
    {6, "99999999999999999999", '.', 2, false, 0, false},
    {6, "9223372036854775807.9", '.', 0, false, 0, false},
};

static void numbers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof number_rows / sizeof *number_rows; i++) {
        const struct number_row *r = &number_rows[i];
        int64_t value = 0;
        bool rounded = false, good = catalogue_decimal(r->text, r->mark, r->digits, &value, &rounded);
        if (good != r->good || (good && (value != r->value || rounded != r->rounded)))
            fail_msg("%d: \"%s\" is %s%lld", r->number, r->text, good ? "" : "no number, not ",
                     (long long)value);
    }
}

static const struct day_row {
    const char *text;
    enum day_order order;
    const char *day; /* NULL: it is none */
} day_rows[] = {
    {"2026-01-31", DAY_ORDER_UNKNOWN, "2026-01-31"},
    {"2011-05-31 00:00:00.000", DAY_ORDER_UNKNOWN, "2011-05-31"},
    {"2011-05-31T00:00:00Z", DAY_ORDER_UNKNOWN, "2011-05-31"},
    {"2026/1/5", DAY_ORDER_UNKNOWN, "2026-01-05"},
    {"20260131", DAY_ORDER_UNKNOWN, "2026-01-31"},
    {"5.1.2026", DAY_ORDER_UNKNOWN, "2026-01-05"},
    {"1/31/2026", DAY_ORDER_UNKNOWN, "2026-01-31"},
    {"31/1/2026", DAY_ORDER_UNKNOWN, "2026-01-31"},
    {"5/6/2026", DAY_ORDER_UNKNOWN, NULL},
    {"5/6/2026", DAY_ORDER_DMY, "2026-06-05"},
    {"5/6/2026", DAY_ORDER_MDY, "2026-05-06"},
    {"5/6/26", DAY_ORDER_MDY, NULL},
    {"2026-02-30", DAY_ORDER_UNKNOWN, NULL},
    {"2026-01-31x", DAY_ORDER_UNKNOWN, NULL},
    {"2026-Q1", DAY_ORDER_UNKNOWN, NULL},
    {"2026-01", DAY_ORDER_UNKNOWN, NULL},
    {"1", DAY_ORDER_UNKNOWN, NULL},
    {"", DAY_ORDER_UNKNOWN, NULL},
};

static void days(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof day_rows / sizeof *day_rows; i++) {
        char day[11] = "";
        bool good = catalogue_day(day_rows[i].text, day_rows[i].order, day);
        if (good != (day_rows[i].day != NULL) || (good && strcmp(day, day_rows[i].day) != 0))
            fail_msg("\"%s\" is \"%s\"", day_rows[i].text, good ? day : "no day");
    }
}

static void lists(void **state)
{
    (void)state;
    struct arena *a = arena_new(1 << 16);
    const char *rest = " A; ;B ;";
    assert_string_equal(catalogue_list_next(&rest, a), "A");
    assert_string_equal(catalogue_list_next(&rest, a), "B");
    assert_null(catalogue_list_next(&rest, a));
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(numbers), cmocka_unit_test(days),
                                       cmocka_unit_test(lists)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
