/* Finding records: the rules of common/search/search.h, by their numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/text.h"
#include "unit/search_bench.h"

enum { FIRST = 20 };

/* The numbers found, as text: "3 1 2". */
static const char *found(struct search *x, const char *typed)
{
    static char out[512];
    struct search_hit hits[FIRST];
    const struct search_query q = {.text = typed, .most = FIRST};
    bool cut;
    size_t n = search_find(x, &q, hits, &cut), used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < n; i++)
        used += (size_t)snprintf(out + used, sizeof out - used, "%s%u", i ? " " : "", number_of(hits[i].id));
    assert_false(cut);
    return out;
}

struct given {
    const char *text, *phone;
};

/* Records 1, 2, ...; then what is typed and what is found. */
static struct search *index_of(const struct given *given, size_t n)
{
    struct search *x = search_new();
    for (size_t i = 0; i < n; i++)
        put(x, (uint32_t)i + 1, given[i].text, given[i].phone, NULL);
    return x;
}

struct asked {
    const char *rule, *typed, *found;
};

static void check(const struct given *given, size_t n_given, const struct asked *asked, size_t n_asked)
{
    struct search *x = index_of(given, n_given);
    for (size_t i = 0; i < n_asked; i++) {
        const char *is = found(x, asked[i].typed);
        if (strcmp(is, asked[i].found) != 0)
            print_error("%s: \"%s\" finds %s, not %s\n", asked[i].rule, asked[i].typed, is, asked[i].found);
        assert_string_equal(is, asked[i].found);
    }
    search_free(x);
}

#define CHECK(given, asked)                                                                                  \
    check(given, sizeof(given) / sizeof *(given), asked, sizeof(asked) / sizeof *(asked))

static void test_order(void **state)
{
    static const struct given given[] = {
        {"Joanna Berg", NULL},           {"Anna Lindqvist", NULL}, {"Annalena Moreau", NULL},
        {"Anna Lindquist", NULL},        {"Hana Okafor", NULL},    {"Bo Lindqvist anna.b@home.example", NULL},
        {"Smith & Sons Ltd lot19", NULL}};
    static const struct asked asked[] = {
        {"1, 2, 3, newer first", "anna", "6 4 2 3 1"},
        {"any order", "lindqvist anna", "6 2 4"},
        {"2: the last one is a beginning", "anna lind", "6 4 2"},
        {"2: and so may every one be", "ann lind", "6 4 2"},
        {"4: one edit", "smiht", "7"},
        {"4: no edit of a short word", "smih", ""},
        {"4: another number is another thing", "lot18", ""},
        {"4: two edits", "lindkvisd", "6 2"},
        {"4: the beginning of the last word", "lindgvi", "6 2"},
        {"more words are better", "anna okafor lindqvist", "6 2 4"},
        {"what nobody has is left out", "anna zzzzzz", "6 4 2 3 1"},
        {"an address is its words", "anna.b@home.example", "6"},
        {"nothing at all", "zzzzzz", ""},
        {"everything", "", "7 6 5 4 3 2 1"},
        {"blank is nothing typed", "   ", "7 6 5 4 3 2 1"},
        {"no word", "?!", ""},
    };
    CHECK(given, asked);
}

static void test_scripts(void **state)
{
    static const struct given given[] = {{"Müller Straße", NULL},
                                         {"Łukasz Sørensen", NULL},
                                         {"王小明", NULL},
                                         {"林小美 臺灣積體電路製造股份有限公司", NULL},
                                         {"Наталья Чайковская", NULL},
                                         {"مريم الحسن", NULL},
                                         {"김민준", NULL},
                                         {"さくら ガーデン", NULL},
                                         {"प्रिया शर्मा", NULL},
                                         {"José O'Brien", NULL},
                                         {"สมชาย ใจดี", NULL}};
    static const struct asked asked[] = {
        {"diacritics", "muller", "1"},      {"the sharp s", "strasse", "1"},
        {"as written", "MÜLLER", "1"},      {"strokes", "lukasz sorensen", "2"},
        {"one character", "王", "3"},       {"3: one inside", "小", "4 3"},
        {"two characters", "小明", "3"},    {"a whole name", "王小明", "3"},
        {"inside a company", "電路", "4"},  {"one of two forms", "台灣", "4"},
        {"Cyrillic", "чайковская", "5"},    {"with a typo", "чайкавская", "5"},
        {"right to left", "الحسن", "6"},    {"Korean", "민준", "7"},
        {"wide and narrow", "ｶﾞｰﾃﾞﾝ", "8"}, {"Devanagari", "शर्मा", "9"},
        {"an apostrophe", "obrien", "10"},  {"another one", "jose o’brien", "10"},
        {"without spaces", "ชาย", "11"},
    };
    CHECK(given, asked);
}

static void test_phones(void **state)
{
    static const struct given given[] = {{NULL, "+49 89 1234567"},
                                         {NULL, "089/765 43 21"},
                                         {NULL, "0049 (0)30 555-0100"},
                                         {NULL, "+886 2 2345 6789"}};
    static const struct asked asked[] = {
        {"as written", "+49 89 1234567", "1"},
        {"out of town", "089/1234567", "1"},
        {"abroad", "00498912345", "1"},
        {"the last digits", "1234567", "1"},
        {"stored at home", "+49 89 7654321", "2"},
        {"digits alone", "7654321", "2"},
        {"a zero in brackets", "+49 30 5550100", "3"},
        {"another country", "02 2345", "4"},
        {"three digits are a beginning", "886", "4"},
    };
    CHECK(given, asked);
}

static void test_changes(void **state)
{
    struct search *x = search_new();
    uint8_t id[IDENT_SIZE];
    put(x, 1, "Anna Berg", NULL, NULL);
    put(x, 2, "Bo Berg", NULL, NULL);
    put(x, 1, "Carla Berg", NULL, NULL);
    assert_string_equal(found(x, "anna"), "");
    assert_string_equal(found(x, "carla"), "1");
    assert_string_equal(found(x, "berg"), "2 1");
    id_of(id, 2);
    search_drop(x, id);
    search_drop(x, id);
    assert_string_equal(found(x, "berg"), "1");
    assert_int_equal(search_count(x), 1);
    put(x, 2, "Bo Berg", NULL, NULL);
    assert_string_equal(found(x, "berg"), "2 1");
    search_free(x);
}

/* Whatever goes is forgotten in the end. */
static void test_churn(void **state)
{
    enum { ROUNDS = 400000, ALIVE = 100 };
    struct search *x = search_new();
    char text[64];
    size_t most = 0;
    for (uint32_t i = 0; i < ROUNDS; i++) {
        uint8_t id[IDENT_SIZE];
        (void)snprintf(text, sizeof text, "word%u", i);
        put(x, i, text, NULL, NULL);
        id_of(id, i - ALIVE);
        if (i >= ALIVE)
            search_drop(x, id);
        if (i % 10000 == 0 && search_bytes(x) > most)
            most = search_bytes(x);
    }
    assert_int_equal(search_count(x), ALIVE);
    assert_string_equal(found(x, "word399999"), "399999");
    assert_in_range(most, 0, 64 << 20);
    search_free(x);
}

static bool may(void *arg, const uint8_t id[IDENT_SIZE], const char *const tags[SEARCH_TAGS])
{
    return tags[0] && strcmp(tags[0], arg) == 0;
}

static void test_may(void **state)
{
    struct search *x = search_new();
    struct search_hit hits[FIRST];
    bool cut;
    put(x, 1, "Anna", NULL, "ann");
    put(x, 2, "Anna", NULL, "bob");
    put(x, 3, "Anna", NULL, NULL);
    const struct search_query q = {.text = "anna", .may = may, .arg = (void *)"bob", .most = FIRST};
    assert_int_equal(search_find(x, &q, hits, &cut), 1);
    assert_int_equal(number_of(hits[0].id), 2);
    const struct search_query typed = {.text = "bob", .most = FIRST};
    assert_int_equal(search_find(x, &typed, hits, &cut), 0);
    const struct search_query newest = {.order = SEARCH_NEWEST, .most = 2};
    assert_int_equal(search_find(x, &newest, hits, &cut), 2);
    assert_int_equal(number_of(hits[0].id), 3);
    search_free(x);
}

/* What is closed neither finds nor says of what is found how well it matches, also once the index was made
   anew. */
static void test_closed(void **state)
{
    static const struct {
        const char *typed;
        size_t n, n_open;
    } rows[] = {
        {"gold", 2, 1}, {"acme gold", 2, 3}, {"gol", 2, 1},
        {"acme", 3, 2}, {"goldd", 2, 1},     {"secrets", 1, 0},
    };
    struct search *x = search_new();
    struct search_hit hits[FIRST];
    bool cut;
    const struct search_field all[][2] = {{{"secrets gold", false, true}, {"Acme", false, false}},
                                          {{"Acme", false, true}, {"Acme", false, false}},
                                          {{"Gold", false, false}, {"Acme gold", false, true}}};
    for (uint32_t i = 0; i < 3; i++) {
        struct search_doc d = {.fields = all[i], .n_fields = 2};
        id_of(d.id, i + 1);
        search_put(x, &d);
    }
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            struct search_query q = {.text = rows[i].typed, .most = FIRST};
            const size_t n = search_find(x, &q, hits, &cut);
            q.open_only = true;
            const size_t n_open = search_find(x, &q, hits, &cut);
            if (n != rows[i].n || n_open != rows[i].n_open)
                print_error("\"%s\" finds %zu, and %zu in what is open\n", rows[i].typed, n, n_open);
            assert_int_equal(n, rows[i].n);
            assert_int_equal(n_open, rows[i].n_open);
        }
        for (uint32_t i = 100; pass == 0 && i < 20000; i++) {
            uint8_t id[IDENT_SIZE];
            put(x, i, "somebody", NULL, NULL);
            id_of(id, i);
            search_drop(x, id);
        }
    }
    search_free(x);
}

static void test_strange(void **state)
{
    struct search *x = search_new();
    char *text = malloc(10001);
    assert_non_null(text);
    memset(text, 'a', 10000);
    text[10000] = '\0';
    put(x, 1, text, text, NULL);
    assert_string_equal(found(x, text), "1");
    for (size_t i = 0; i < 10000; i += 2)
        text[i] = ' ';
    put(x, 2, text, "12", NULL);
    assert_string_equal(found(x, text), "2 1");
    static const char *const odd[] = {"\xff\xfe",
                                      "%_'\"\\;--",
                                      "\xef\xb7\xba\xef\xb7\xba",
                                      "+",
                                      "(0)",
                                      "0000",
                                      "\xe2\x80\x8f\xe2\x80\xae",
                                      "\xcc\x88",
                                      "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x9a\x80"};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        (void)found(x, odd[i]); /* it only has to end */
        put(x, 3, odd[i], odd[i], odd[i]);
    }
    free(text);
    search_free(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),   cmocka_unit_test(test_scripts), cmocka_unit_test(test_phones),
        cmocka_unit_test(test_changes), cmocka_unit_test(test_may),     cmocka_unit_test(test_strange),
        cmocka_unit_test(test_churn),   cmocka_unit_test(test_closed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
