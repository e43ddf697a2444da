/* Languages that stand for one another, and dates as they are written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/arena.h"
#include "base/locale.h"

#define TUESDAY INT64_C(1764075900000000) /* 2025-11-25T13:05:00Z */

static void test_chain(void **state)
{
    static const struct {
        const char *tag, *chain;
    } rows[] = {
        {"zh-TW", "zh-tw zh-hant-tw zh-hant zh"},
        {"zh-HK", "zh-hk zh-hant-hk zh-hant zh"},
        {"zh-Hant", "zh-hant zh-hant-tw zh"},
        {"zh", "zh zh-hans-cn zh-hans"},
        {"de-AT", "de-at de-latn-at de-latn de"},
        {"EN", "en en-latn-us en-latn"},
        {"sr-Latn", "sr-latn sr-latn-rs sr"},
        {"", ""},
        {"de_AT", ""},
        {"x", ""},
        {"deutschsprachig", ""},
        {"-de", ""},
        {"de-", ""},
        {"12", ""},
    };
    struct arena *a = arena_new(1 << 20);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *chain[LOCALE_CHAIN_MAX], *all = "";
        size_t n = locale_chain(rows[i].tag, true, a, chain);
        for (size_t k = 0; k < n; k++)
            all = arena_printf(a, "%s%s%s", all, k ? " " : "", chain[k]);
        assert_string_equal(all, rows[i].chain);
    }
    const char *chain[LOCALE_CHAIN_MAX];
    assert_int_equal(locale_chain(NULL, true, a, chain), 0);
    assert_int_equal(locale_chain("zh-TW", false, a, chain), 2);
    assert_string_equal(chain[1], "zh");
    arena_free(a);
}

static void test_dates(void **state)
{
    static const struct {
        const char *tag;
        int offset;
        const char *text;
    } rows[] = {
        {"en", 60, "Tuesday, November 25, 2025 at 2:05 PM (UTC+1)"},
        {"en-GB", 0, "Tuesday, 25 November 2025 at 13:05 (UTC)"},
        {"de", 60, "Dienstag, 25. November 2025 um 14:05 (UTC+1)"},
        {"zh-Hant", 480, "2025年11月25日 星期二 下午9:05 (UTC+8)"},
        {"zh-TW", 480, "2025年11月25日 星期二 下午9:05 (UTC+8)"},
        {"de", -210, "Dienstag, 25. November 2025 um 09:35 (UTC-3:30)"},
        {"de", 720, "Mittwoch, 26. November 2025 um 01:05 (UTC+12)"},
        {NULL, 60, "2025-11-25 14:05 (UTC+1)"},
        {"xx", 60, "2025-11-25 14:05 (UTC+1)"},
        {"no tag", 60, "2025-11-25 14:05 (UTC+1)"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[LOCALE_DATE_SIZE];
        struct locale_date *d = locale_date_new(rows[i].tag);
        assert_non_null(d);
        locale_date_write(d, TUESDAY, rows[i].offset, text);
        assert_string_equal(text, rows[i].text);
        locale_date_free(d);
    }
    locale_date_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_chain), cmocka_unit_test(test_dates)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
