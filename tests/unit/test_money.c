/* Money: by table, and by properties of many drawn cases, each of which its seed brings back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/money.h"

__extension__ typedef __int128 wide;
enum { CASES = 20000, PARTS = 40 };

/* splitmix64 */
static uint64_t drawn(uint64_t *seed)
{
    uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* Of any size up to `max`, small ones as often as large ones, of either sign. */
static int64_t number(uint64_t *seed, int64_t max)
{
    uint64_t r = drawn(seed);
    int64_t n = (int64_t)(drawn(seed) >> (1 + r % 60)) % (max + 1);
    return r >> 63 ? -n : n;
}

/* 1: ISO 4217 says how many digits there are. */
static void test_digits(void **state)
{
    static const struct {
        const char *code;
        int digits;
    } rows[] = {{"EUR", 2},  {"USD", 2},  {"JPY", 0}, {"KWD", 3},   {"TWD", 2}, {"CLF", 4}, {"DEM", 2},
                {"XQX", -1}, {"eur", -1}, {"EU", -1}, {"EURO", -1}, {"", -1},   {NULL, -1}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(money_digits(rows[i].code), rows[i].digits);
}

/* 2: half away from zero, once. */
static void test_rounding(void **state)
{
    static const struct {
        int64_t amount, percent_e4, part, less;
    } rows[] = {
        {5, 100000, 1, 5},      {-5, 100000, -1, -5}, {15, 100000, 2, 14},
        {-15, 100000, -2, -14}, {14, 100000, 1, 13},  {100, 0, 0, 100},
        {100, 1000000, 100, 0}, {1, 500000, 1, 1},    {999, 333333, 333, 666},
    };
    int64_t n;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_true(money_part(rows[i].amount, rows[i].percent_e4, &n));
        assert_int_equal(n, rows[i].part);
        assert_true(money_less(rows[i].amount, rows[i].percent_e4, &n));
        assert_int_equal(n, rows[i].less);
    }
    assert_true(money_times(333, 15000, &n));
    assert_int_equal(n, 500); /* 499.5 */
    assert_true(money_times(-333, 15000, &n));
    assert_int_equal(n, -500);
    assert_true(money_convert(10050, INT64_C(157123456789), 2, 0, &n));
    assert_int_equal(n, 15791); /* 100.50 at 157.123456789 = 15790.907... */
    assert_true(money_convert(15791, INT64_C(6364000), 0, 2, &n));
    assert_int_equal(n, 10049); /* 100.4939... */
}

/* 3: what does not fit is refused, and nothing is written. */
static void test_overflow(void **state)
{
    int64_t n = 7;
    assert_false(money_add(MONEY_MAX, 1, &n));
    assert_false(money_add(-MONEY_MAX, -1, &n));
    assert_false(money_times(MONEY_MAX, QUANTITY_MAX, &n));
    assert_false(money_times(-MONEY_MAX, QUANTITY_MAX, &n));
    assert_false(money_times(INT64_MIN, INT64_MIN, &n));
    assert_false(money_convert(MONEY_MAX, INT64_MAX, 0, 9, &n));
    assert_false(money_convert(INT64_MAX, INT64_MAX, 0, 9, &n));
    assert_false(money_part(MONEY_MAX, PERCENT_ALL + 1, &n));
    assert_int_equal(n, 7);
    assert_true(money_add(MONEY_MAX - 1, 1, &n));
    assert_int_equal(n, MONEY_MAX);
}

static wide magnitude(wide n)
{
    return n < 0 ? -n : n;
}

/* 4: never further than half a unit from the exact result; exactly half goes away from zero. */
static void test_nearest(void **state)
{
    for (uint64_t i = 0; i < CASES; i++) {
        uint64_t seed = i;
        int64_t unit = number(&seed, MONEY_MAX), quantity = number(&seed, QUANTITY_MAX), n;
        wide exact = (wide)unit * quantity;
        if (!money_times(unit, quantity, &n)) {
            assert_true(magnitude(exact) > (wide)MONEY_MAX * QUANTITY_ONE);
            continue;
        }
        wide off = exact - (wide)n * QUANTITY_ONE;
        assert_true(2 * magnitude(off) <= QUANTITY_ONE);
        if (2 * magnitude(off) == QUANTITY_ONE)
            assert_true(magnitude((wide)n * QUANTITY_ONE) > magnitude(exact));
    }
}

/* 5: a discount and what it leaves are the amount, whatever the chain. */
static void test_chain(void **state)
{
    for (uint64_t i = 0; i < CASES; i++) {
        uint64_t seed = i;
        int64_t amount = number(&seed, MONEY_MAX), left = amount, taken = 0;
        for (int k = 0; k < 5; k++) {
            int64_t after;
            assert_true(money_less(left, (int64_t)(drawn(&seed) % (PERCENT_ALL + 1)), &after));
            assert_true(magnitude(after) <= magnitude(left) && (after == 0 || (after < 0) == (amount < 0)));
            taken += left - after;
            left = after;
        }
        assert_int_equal(left + taken, amount);
    }
}

/* 6: the parts are the whole again, each within one unit of its share, and none of another sign. */
static void test_split(void **state)
{
    int64_t parts[PARTS], weights[PARTS];
    for (uint64_t i = 0; i < CASES; i++) {
        uint64_t seed = i;
        size_t n = 1 + drawn(&seed) % PARTS;
        int64_t total = number(&seed, MONEY_MAX), sum = 0;
        wide whole = 0;
        for (size_t k = 0; k < n; k++)
            whole += weights[k] = (int64_t)magnitude(number(&seed, MONEY_MAX));
        money_split(total, weights, n, parts);
        for (size_t k = 0; k < n; k++) {
            sum += parts[k];
            assert_true(parts[k] == 0 || (parts[k] < 0) == (total < 0));
            if (whole)
                assert_true(magnitude((wide)total * weights[k] - (wide)parts[k] * whole) < whole);
        }
        assert_int_equal(sum, total);
    }
    money_split(100, (const int64_t[]){1, 1, 1}, 3, parts);
    assert_int_equal(parts[0], 34);
    assert_int_equal(parts[2], 33);
    money_split(5, (const int64_t[]){0, 0}, 2, parts);
    assert_int_equal(parts[0], 5);
    money_split(-7, (const int64_t[]){1, 0, 2}, 3, parts);
    assert_int_equal(parts[0], -2);
    assert_int_equal(parts[1], 0);
}

/* 7: numbers as people write them, and as nobody may. */
static void test_decimal(void **state)
{
    static const struct {
        const char *text;
        int digits;
        bool is;
        int64_t value;
        const char *shown;
    } rows[] = {
        {"12.5", 2, true, 1250, "12.50"},
        {"-0.05", 2, true, -5, "-0.05"},
        {"12", 0, true, 12, "12"},
        {"12.00", 0, true, 12, "12"},
        {"33.6400", 2, true, 3364, "33.64"},
        {"9223372036854775807", 0, true, INT64_MAX, "9223372036854775807"},
        {"9223372036854775808", 0, false, 0, NULL},
        {"92233720368547758080000000000000000000000", 0, false, 0, NULL},
        {"33.6442", 2, false, 0, NULL},
        {"1.", 2, false, 0, NULL},
        {".5", 2, false, 0, NULL},
        {"1,000", 2, false, 0, NULL},
        {"1e3", 2, false, 0, NULL},
        {"+1", 2, false, 0, NULL},
        {"--1", 2, false, 0, NULL},
        {"1.2.3", 2, false, 0, NULL},
        {"", 2, false, 0, NULL},
        {"-", 2, false, 0, NULL},
        {NULL, 2, false, 0, NULL},
    };
    char text[DECIMAL_SIZE];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t n = 0;
        assert_int_equal(decimal_parse(rows[i].text, rows[i].digits, &n), rows[i].is);
        if (!rows[i].is)
            continue;
        assert_int_equal(n, rows[i].value);
        decimal_format(text, n, rows[i].digits);
        assert_string_equal(text, rows[i].shown);
    }
    decimal_format_short(text, 125000, PERCENT_DIGITS);
    assert_string_equal(text, "12.5");
    decimal_format_short(text, 100000, PERCENT_DIGITS);
    assert_string_equal(text, "10");
    decimal_format_short(text, 100, 0);
    assert_string_equal(text, "100");
}

/* 8: what is written is read again. */
static void test_round_trip(void **state)
{
    char text[DECIMAL_SIZE];
    for (uint64_t i = 0; i < CASES; i++) {
        uint64_t seed = i;
        int digits = (int)(drawn(&seed) % (DECIMAL_DIGITS_MAX + 1));
        int64_t n = number(&seed, INT64_MAX - 1), again;
        decimal_format(text, n, digits);
        assert_true(decimal_parse(text, digits, &again) && again == n);
        decimal_format_short(text, n, digits);
        assert_true(decimal_parse(text, digits, &again) && again == n);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_digits),  cmocka_unit_test(test_rounding),   cmocka_unit_test(test_overflow),
        cmocka_unit_test(test_nearest), cmocka_unit_test(test_chain),      cmocka_unit_test(test_split),
        cmocka_unit_test(test_decimal), cmocka_unit_test(test_round_trip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
