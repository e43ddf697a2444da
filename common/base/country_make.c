/* Made and run by the build: what ICU calls every country in these languages, and what people write besides,
   as the table behind country.h. Where two countries have one name, the language that stands first counts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uloc.h>
#include <unicode/ustring.h>

#include "base/arena.h"
#include "base/country.h"
#include "base/text.h"

enum { NAMES_MAX = 20000, MEMORY = 64 << 20, UNITS = 128, NAME_SIZE = UNITS * 3 + 1 };

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

static const char *const languages[] = {"en", "zh_Hant", "zh_Hans", "de", "fr", "es", "it", "pt", "nl", "ja",
                                        "ko", "vi",      "th",      "id", "ms", "hi", "ru", "uk", "ar", "he",
                                        "tr", "pl",      "cs",      "sk", "sl", "hr", "sr", "hu", "ro", "bg",
                                        "el", "sv",      "da",      "nb", "fi", "et", "lv", "lt"};

static const char *const others[][2] = {
    {"uk", "GB"},
    {"u.k.", "GB"},
    {"great britain", "GB"},
    {"britain", "GB"},
    {"england", "GB"},
    {"scotland", "GB"},
    {"wales", "GB"},
    {"northern ireland", "GB"},
    {"großbritannien", "GB"},
    {"usa", "US"},
    {"u.s.", "US"},
    {"united states of america", "US"},
    {"america", "US"},
    {"vereinigte staaten von amerika", "US"},
    {"美國", "US"},
    {"republic of china", "TW"},
    {"roc", "TW"},
    {"taiwan roc", "TW"},
    {"taiwan r.o.c.", "TW"},
    {"中華民國", "TW"},
    {"台湾", "TW"},
    {"台灣", "TW"},
    {"prc", "CN"},
    {"p.r.c.", "CN"},
    {"people's republic of china", "CN"},
    {"p.r. china", "CN"},
    {"中國大陸", "CN"},
    {"中华人民共和国", "CN"},
    {"hong kong", "HK"},
    {"hongkong", "HK"},
    {"香港", "HK"},
    {"macau", "MO"},
    {"macao", "MO"},
    {"澳門", "MO"},
    {"澳门", "MO"},
    {"holland", "NL"},
    {"the netherlands", "NL"},
    {"brd", "DE"},
    {"bundesrepublik deutschland", "DE"},
    {"federal republic of germany", "DE"},
    {"czech republic", "CZ"},
    {"tschechische republik", "CZ"},
    {"korea", "KR"},
    {"republic of korea", "KR"},
    {"한국", "KR"},
    {"ประเทศไทย", "TH"},
    {"uae", "AE"},
    {"الإمارات", "AE"},
    {"السعودية", "SA"},
    {"russian federation", "RU"},
    {"viet nam", "VN"},
    {"turkey", "TR"},
    {"burma", "MM"},
};

struct row {
    const char *name, *code;
    size_t order;
};
static struct row rows[NAMES_MAX];
static size_t n_rows;

static void add(struct arena *a, const char *name, const char *code)
{
    char *text = text_words(a, name);
    if (text && n_rows < NAMES_MAX)
        rows[n_rows] = (struct row){text, arena_strdup(a, code), n_rows};
    n_rows += text && n_rows < NAMES_MAX;
}

static void add_in(struct arena *a, const char *code, const char *language)
{
    UChar units[UNITS];
    char name[NAME_SIZE], place[8] = "und_";
    UErrorCode status = U_ZERO_ERROR;
    memcpy(place + 4, code, 3);
    int32_t n = uloc_getDisplayCountry(place, language, units, UNITS, &status);
    if (U_FAILURE(status) || n <= 0 || n >= UNITS)
        return;
    (void)u_strToUTF8(name, NAME_SIZE, NULL, units, n, &status); /* it fits: three bytes a unit */
    add(a, name, code);
}

static int by_name(const void *x, const void *y)
{
    const struct row *a = x, *b = y;
    int way = strcmp(a->name, b->name);
    return way ? way : (a->order > b->order) - (a->order < b->order);
}

static void print_text(const char *s)
{
    printf("    \"");
    for (; *s; s++)
        printf("\\%03o", (unsigned)(unsigned char)*s);
    printf("\\000\"");
}

static void print_table(void)
{
    printf("/* Made by country_make.c. */\n#include \"base/country.h\"\n\nconst char country_names[] =\n");
    size_t n = 0;
    for (size_t i = 0; i < n_rows; i++)
        if (i == 0 || strcmp(rows[i].name, rows[i - 1].name) != 0) {
            print_text(rows[i].name);
            print_text(rows[i].code);
            printf("\n");
            n++;
        }
    printf("    ;\nconst uint32_t country_count = %zu;\nconst uint32_t country_offsets[] = {\n", n);
    for (size_t i = 0, at = 0; i < n_rows; i++)
        if (i == 0 || strcmp(rows[i].name, rows[i - 1].name) != 0) {
            printf("    %zu,\n", at);
            at += strlen(rows[i].name) + 1 + strlen(rows[i].code) + 1;
        }
    printf("};\n");
}

int main(void)
{
    struct arena *a = arena_new(MEMORY);
    for (size_t i = 0; i < COUNT(others); i++)
        add(a, others[i][0], others[i][1]);
    for (const char *const *code = uloc_getISOCountries(); *code; code++) {
        char place[8] = "und_";
        if (strlen(*code) != 2)
            continue;
        memcpy(place + 4, *code, 3);
        add(a, *code, *code);
        add(a, uloc_getISO3Country(place), *code);
    }
    for (size_t i = 0; i < COUNT(languages); i++)
        for (const char *const *code = uloc_getISOCountries(); *code; code++)
            if (strlen(*code) == 2)
                add_in(a, *code, languages[i]);
    if (n_rows == NAMES_MAX)
        return EXIT_FAILURE;
    qsort(rows, n_rows, sizeof *rows, by_name);
    print_table();
    arena_free(a);
    return EXIT_SUCCESS;
}
