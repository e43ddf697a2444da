/* Writes the table of base/country.c: what countries are called, and their codes (ISO 3166-1), as ICU knows
   them. Runs while Baton is built. */
#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uldnames.h>
#include <unicode/uloc.h>
#include <unicode/ustring.h>

#include "base/arena.h"
#include "base/text.h"

enum { NAMES_MAX = 1 << 16, MEMORY = 64 << 20, UNITS = 128, BYTES = UNITS * 3 + 1 };

/* Whose words for a country are known. */
static const char *const languages[] = {
    "en", "de", "fr", "es", "it", "pt", "nl", "da", "sv", "nb", "fi", "is", "pl",      "cs",
    "sk", "hu", "ro", "bg", "hr", "sr", "sl", "et", "lv", "lt", "el", "tr", "ru",      "uk",
    "ar", "he", "fa", "hi", "bn", "th", "vi", "id", "ms", "ja", "ko", "zh", "zh_Hant",
};

/* What is written besides. */
static const struct alias {
    const char *name, *code;
} aliases[] = {
    {"America", "US"},
    {"United States of America", "US"},
    {"The United States", "US"},
    {"Vereinigte Staaten von Amerika", "US"},
    {"England", "GB"},
    {"Scotland", "GB"},
    {"Wales", "GB"},
    {"Northern Ireland", "GB"},
    {"Great Britain", "GB"},
    {"Britain", "GB"},
    {"Großbritannien", "GB"},
    {"Holland", "NL"},
    {"The Netherlands", "NL"},
    {"Bundesrepublik Deutschland", "DE"},
    {"BRD", "DE"},
    {"Federal Republic of Germany", "DE"},
    {"Czech Republic", "CZ"},
    {"Tschechische Republik", "CZ"},
    {"Russian Federation", "RU"},
    {"Republic of Korea", "KR"},
    {"Korea", "KR"},
    {"한국", "KR"},
    {"Viet Nam", "VN"},
    {"Republic of China", "TW"},
    {"Taiwan, R.O.C.", "TW"},
    {"R.O.C.", "TW"},
    {"中華民國", "TW"},
    {"People's Republic of China", "CN"},
    {"P.R. China", "CN"},
    {"Mainland China", "CN"},
    {"P.R.C.", "CN"},
    {"中国大陆", "CN"},
    {"中國大陸", "CN"},
    {"中华人民共和国", "CN"},
    {"中華人民共和國", "CN"},
    {"Turkey", "TR"},
    {"UAE", "AE"},
    {"الإمارات", "AE"},
    {"السعودية", "SA"},
    {"ประเทศไทย", "TH"},
    {"Burma", "MM"},
};

/* Of a name that several claim, the first of these counts; of two alike, nobody. */
enum claim { BY_CODE, BY_ALIAS, IN_ENGLISH, IN_ANOTHER };

struct name {
    const char *text;
    enum claim claim;
    char code[3];
};

struct names {
    struct arena *arena;
    struct name *all;
    size_t n;
};

static void add(struct names *names, const char *text, const char *code, enum claim claim)
{
    const char *words = text_words(names->arena, text);
    if (!words)
        return;
    assert(names->n < NAMES_MAX && strlen(code) == 2);
    struct name *n = &names->all[names->n++];
    *n = (struct name){.text = words, .claim = claim};
    memcpy(n->code, code, sizeof n->code);
}

/* A name with a printer's apostrophe is written with a typist's as well. */
static void add_typed(struct names *names, char *text, const char *code, enum claim claim)
{
    static const char printed[] = "\xe2\x80\x99";
    char *at;
    add(names, text, code, claim);
    if (!strstr(text, printed))
        return;
    while ((at = strstr(text, printed))) {
        *at = '\'';
        memmove(at + 1, at + 3, strlen(at + 3) + 1);
    }
    add(names, text, code, claim);
}

static void add_named(struct names *names, ULocaleDisplayNames *words, const char *code, enum claim claim)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar units[UNITS];
    char text[BYTES];
    int32_t n = uldn_regionDisplayName(words, code, units, UNITS, &status);
    (void)u_strToUTF8(text, BYTES, NULL, units, n < UNITS ? n : 0, &status); /* status says so */
    if (U_SUCCESS(status) && n > 0 && n < UNITS)
        add_typed(names, text, code, claim);
}

/* In full, and short where that is something else. */
static void add_language(struct names *names, const char *language, enum claim claim)
{
    const UDisplayContext lengths[] = {UDISPCTX_LENGTH_FULL, UDISPCTX_LENGTH_SHORT};
    for (size_t i = 0; i < 2; i++) {
        UErrorCode status = U_ZERO_ERROR;
        UDisplayContext length = lengths[i];
        ULocaleDisplayNames *words = uldn_openForContext(language, &length, 1, &status);
        assert(U_SUCCESS(status));
        for (const char *const *code = uloc_getISOCountries(); *code; code++)
            if (strlen(*code) == 2)
                add_named(names, words, *code, claim);
        uldn_close(words);
    }
}

static void add_codes(struct names *names)
{
    char place[8] = "und_";
    for (const char *const *code = uloc_getISOCountries(); *code; code++) {
        if (strlen(*code) != 2)
            continue;
        memcpy(place + 4, *code, 3);
        add(names, *code, *code, BY_CODE);
        if (strlen(uloc_getISO3Country(place)) == 3)
            add(names, uloc_getISO3Country(place), *code, BY_CODE);
    }
}

static int in_order(const void *a, const void *b)
{
    const struct name *x = a, *y = b;
    int order = strcmp(x->text, y->text);
    order = order ? order : (int)x->claim - (int)y->claim;
    return order ? order : strcmp(x->code, y->code);
}

/* How many after `at` have its name. */
static size_t same(const struct names *names, size_t at)
{
    size_t n = 0;
    while (at + n + 1 < names->n && strcmp(names->all[at].text, names->all[at + n + 1].text) == 0)
        n++;
    return n;
}

static bool is_contested(const struct name *first, size_t more)
{
    for (size_t i = 1; i <= more; i++)
        if (first[i].claim == first->claim && strcmp(first[i].code, first->code) != 0)
            return true;
    return false;
}

static void keep_clear_ones(struct names *names)
{
    size_t kept = 0;
    qsort(names->all, names->n, sizeof *names->all, in_order);
    for (size_t at = 0, more; at < names->n; at += more + 1) {
        more = same(names, at);
        if (!is_contested(&names->all[at], more))
            names->all[kept++] = names->all[at];
    }
    names->n = kept;
}

static void write_table(const struct names *names)
{
    size_t at = 0;
    printf("/* Made by common/names/countries.c of ICU %s. */\nstatic const char texts[] =\n", U_ICU_VERSION);
    for (size_t i = 0; i < names->n; i++)
        printf("    \"%s\\0\"\n", names->all[i].text);
    printf("    ;\nstatic const struct row rows[] = {\n");
    for (size_t i = 0; i < names->n; i++) {
        printf("    {%zu, \"%c%c\"},\n", at, names->all[i].code[0] | 32, names->all[i].code[1] | 32);
        at += strlen(names->all[i].text) + 1;
    }
    printf("};\n");
}

int main(void)
{
    struct names names = {.arena = arena_new(MEMORY), .all = calloc(NAMES_MAX, sizeof *names.all)};
    assert(names.all);
    add_codes(&names);
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
        add(&names, aliases[i].name, aliases[i].code, BY_ALIAS);
    for (size_t i = 0; i < sizeof languages / sizeof *languages; i++)
        add_language(&names, languages[i], i ? IN_ANOTHER : IN_ENGLISH);
    keep_clear_ones(&names);
    write_table(&names);
    free(names.all);
    arena_free(names.arena);
    return fflush(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
