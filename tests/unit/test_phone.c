/* Telephone numbers and countries: the numbers are those of phone.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/country.h"
#include "base/phone.h"

enum { MEMORY = 1 << 20 };

/* 1 to 5 */
static void test_phones(void **state)
{
    static const struct {
        const char *text, *country, *digits;
        bool international;
    } rows[] = {
        {"０２-２３４５-６７８９", "Taiwan", "886223456789", true},
        {"+886 2 2345 6789", NULL, "886223456789", true},
        {"00886-2-23456789", "Germany", "886223456789", true},
        {"02-2345-6789", NULL, "223456789", false},
        {"+49 (0) 89 123456", NULL, "4989123456", true},
        {"089/123456 x12", "DE", "4989123456", true},
        {"(212) 555-0123", "us", "12125550123", true},
        {"1-212-555-0123", "US", "12125550123", true},
        {"12", NULL, NULL, false},
        {"000-000-000", "DE", NULL, false},
        {"+1234567890", NULL, NULL, false},
        {"０９１２-３４５６７０", "台灣", "886912345670", true},
        {NULL, NULL, NULL, false},
        {"+33 1 23 45 67 89", "Taiwan", "33123456789", true},
        {"012-345670", "Atlantis", "12345670", false},
    };
    struct arena *a = arena_new(MEMORY);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct phone p = phone_of(rows[i].text, rows[i].country, a);
        assert_int_equal(p.digits != NULL, rows[i].digits != NULL);
        if (p.digits)
            assert_string_equal(p.digits, rows[i].digits);
        assert_int_equal(p.international, rows[i].international);
    }
    arena_free(a);
}

/* 6 */
static void test_e164(void **state)
{
    static const char *const rows[][3] = {
        {"02-2345-6789", "TW", "+886223456789"},
        {"02-2345-6789", NULL, NULL},
        {"+49 (0) 89 123456", NULL, "+4989123456"},
        {"0800 123456", "Deutschland", "+49800123456"},
        {"(212) 555-0123", "Vereinigte Staaten", "+12125550123"},
        {"+1 212 555 0123 ext. 4", "DE", "+12125550123"},
        {"000491234567", "DE", NULL},
        {"+1234567812345678", NULL, NULL},
        {"call me", "DE", NULL},
        {NULL, "DE", NULL},
    };
    struct arena *a = arena_new(MEMORY);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *number = phone_e164(rows[i][0], rows[i][1], a);
        assert_int_equal(number != NULL, rows[i][2] != NULL);
        if (number)
            assert_string_equal(number, rows[i][2]);
    }
    arena_free(a);
}

static void test_countries(void **state)
{
    static const char *const rows[][2] = {
        {"de", "DE"},
        {"DEU", "DE"},
        {" Germany ", "DE"},
        {"Deutschland", "DE"},
        {"德國", "DE"},
        {"ドイツ", "DE"},
        {"Allemagne", "DE"},
        {"U.S.A.", "US"},
        {"America", "US"},
        {"美国", "US"},
        {"臺灣", "TW"},
        {"台湾", "TW"},
        {"R.O.C.", "TW"},
        {"Тайвань", "TW"},
        {"香港", "HK"},
        {"Österreich", "AT"},
        {"ÖSTERREICH", "AT"},
        {"Türkiye", "TR"},
        {"Việt Nam", "VN"},
        {"Côte d’Ivoire", "CI"},
        {"ประเทศไทย", "TH"},
        {"Holland", "NL"},
        {"Great Britain", "GB"},
        {"Ｔａｉｗａｎ", "TW"},
        {"Atlantis", NULL},
        {"", NULL},
        {NULL, NULL},
        {"--", NULL},
    };
    static const char *const tags[][2] = {
        {"de-AT", "AT"}, {"zh-Hant-TW", "TW"}, {"en", NULL}, {"en-u-nu-de", NULL}, {"de", NULL}, {NULL, NULL},
    };
    struct arena *a = arena_new(MEMORY);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *code = country_of(rows[i][0], a);
        assert_int_equal(code != NULL, rows[i][1] != NULL);
        if (code)
            assert_string_equal(code, rows[i][1]);
    }
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        const char *code = country_of_locale(tags[i][0], a);
        assert_int_equal(code != NULL, tags[i][1] != NULL);
        if (code)
            assert_string_equal(code, tags[i][1]);
    }
    arena_free(a);
}

static void test_same(void **state)
{
    const struct {
        const char *one, *country, *other, *other_country;
        bool is_same;
    } rows[] = {
        {"+49 171 5559371", NULL, "0171 / 555 93 71", "DE", true},
        {"0049-171-5559371", NULL, "(0171) 555 93-71", "Germany", true},
        {"+49 (0) 171 5559371", NULL, "+491715559371", NULL, true},
        /* nobody knows where the other one is */
        {"+49 171 5559371", NULL, "0171 5559371", NULL, true},
        {"+886 2 2345 6789", NULL, "(02) 2345-6789", "TW", true},
        {"+49 171 5559371", NULL, "0171 5559371", "TW", false},
        {"+49 171 5559371", NULL, "+49 171 5559372", NULL, false},
        {"+43 171 5559371", NULL, "+49 171 5559371", NULL, false},
        {"0171 5559371", NULL, "171 5559371", NULL, true},
        {"anonymous", NULL, "anonymous", NULL, false},
        {"000000", NULL, "000000", NULL, false},
        {NULL, NULL, "+491715559371", NULL, false},
    };
    struct arena *a = arena_new(MEMORY);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct phone one = phone_of(rows[i].one, rows[i].country, a),
                           other = phone_of(rows[i].other, rows[i].other_country, a);
        if (phone_same(&one, &other) != rows[i].is_same)
            print_error("%s, %s\n", rows[i].one, rows[i].other);
        assert_int_equal(phone_same(&one, &other), rows[i].is_same);
        assert_int_equal(phone_same(&other, &one), rows[i].is_same);
        if (rows[i].is_same)
            assert_string_equal(phone_tail(one.digits), phone_tail(other.digits));
    }
    assert_null(phone_tail(NULL));
    assert_string_equal(phone_tail("123"), "123");
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_phones),
        cmocka_unit_test(test_e164),
        cmocka_unit_test(test_same),
        cmocka_unit_test(test_countries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
