/* Which country is meant. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uldnames.h>
#include <unicode/uloc.h>
#include <unicode/ustring.h>

#include "base/arena.h"
#include "base/country.h"
#include "base/text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { MEMORY = 16 << 20, UNITS = 128, BYTES = 400 };

static int setup(void **state)
{
    *state = arena_new(MEMORY);
    return 0;
}

static int teardown(void **state)
{
    arena_free(*state);
    return 0;
}

static void test_names(void **state)
{
    static const struct {
        int rule;
        const char *text, *is;
    } rows[] = {
        /* 1: codes of two and three letters */
        {1, "DE", "de"},
        {1, "de", "de"},
        {1, "DEU", "de"},
        {1, "ＤＥ", "de"},
        {1, "USA", "us"},
        {1, "twn", "tw"},
        /* 2: names in any of the languages */
        {2, "Germany", "de"},
        {2, "Deutschland", "de"},
        {2, "Allemagne", "de"},
        {2, "德國", "de"},
        {2, "德国", "de"},
        {2, "ドイツ", "de"},
        {2, "Taiwan", "tw"},
        {2, "台灣", "tw"},
        {2, "臺灣", "tw"},
        {2, "台湾", "tw"},
        {2, "Österreich", "at"},
        {2, "日本", "jp"},
        {2, "대한민국", "kr"},
        {2, "Россия", "ru"},
        /* 3: without regard to case, white space and punctuation */
        {3, "  gErMaNy ", "de"},
        {3, "U.S.A.", "us"},
        {3, "Republique de Cote d'Ivoire", "republique de cote d'ivoire"},
        {3, "Côte d'Ivoire", "ci"},
        {3, "CÔTE  D’IVOIRE", "ci"},
        /* 4: what is written besides */
        {4, "UK", "gb"},
        {4, "Great Britain", "gb"},
        {4, "United States of America", "us"},
        {4, "P.R. China", "cn"},
        {4, "The Netherlands", "nl"},
        {4, "Czech Republic", "cz"},
        {4, "Viet Nam", "vn"},
        {4, "Turkey", "tr"},
        {4, "Türkiye", "tr"},
        /* 5: what is none stays what it is, folded as a place */
        {5, "Atlantis", "atlantis"},
        {5, "ZZ", "zz"},
        {5, "Deutsch land", "deutsch land"},
        {5, "臺北", "台北"},
        /* 6: nothing is nothing */
        {6, " ", NULL},
        {6, "", NULL},
        {6, NULL, NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *is = country_fold(*state, rows[i].text);
        if (!is || !rows[i].is ? is != rows[i].is : strcmp(is, rows[i].is) != 0)
            fail_msg("%d: \"%s\" is \"%s\"", rows[i].rule, rows[i].text, is ? is : "(none)");
    }
}

/* 7: every country by its code, and by its name in English, German and Chinese, unless two have the same name
 */
static void test_all(void **state)
{
    static const char *const languages[] = {"en", "de", "zh", "zh_Hant"};
    size_t unclear = 0;
    for (const char *const *code = uloc_getISOCountries(); *code; code++)
        for (size_t i = 0; i < COUNT(languages); i++) {
            UErrorCode status = U_ZERO_ERROR;
            UChar units[UNITS];
            char text[BYTES];
            const char lower[3] = {(char)((*code)[0] | 32), (char)((*code)[1] | 32), '\0'};
            assert_string_equal(country_fold(*state, *code), lower);
            ULocaleDisplayNames *words = uldn_open(languages[i], ULDN_STANDARD_NAMES, &status);
            int32_t n = uldn_regionDisplayName(words, *code, units, UNITS, &status);
            (void)u_strToUTF8(text, BYTES, NULL, units, n, &status);
            uldn_close(words);
            assert_true(U_SUCCESS(status));
            unclear += strcmp(country_fold(*state, text), lower) != 0;
        }
    assert_in_range(unclear, 0, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_names, setup, teardown),
        cmocka_unit_test_setup_teardown(test_all, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
