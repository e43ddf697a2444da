/* Text and what is written as text: normalising, plausible addresses, ids, refusals and times. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/ident.h"
#include "base/refusal.h"
#include "base/rfc3339.h"
#include "base/text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Ids */

static void test_ident_order(void **state)
{
    struct ident_source s = {0};
    uint8_t last[IDENT_SIZE] = {0}, id[IDENT_SIZE], random[10];
    int64_t now_us = INT64_C(1800000000000000);
    srand(1);
    for (int i = 0; i < 20000; i++) {
        for (size_t k = 0; k < sizeof(random); k++)
            random[k] = (uint8_t)(i % 7 == 0 ? 0xff : rand());
        /* 1: greater than the one before, whether time stands, goes or goes back */
        now_us += rand() % 5 * 300 - (i % 100 == 99 ? 5000 : 0);
        ident_source_advance(&s, now_us, random);
        for (int k = rand() % 4; k >= 0; k--) {
            ident_next(&s, id);
            assert_true(memcmp(last, id, IDENT_SIZE) < 0);
            memcpy(last, id, IDENT_SIZE);
            /* 2: version and variant are in their places */
            assert_int_equal(id[6] >> 4, 7);
            assert_int_equal(id[8] >> 6, 2);
        }
    }
}

static void test_ident_source(void **state)
{
    static const uint8_t some[10] = {0x0f, 0xed, 0, 0, 0, 0, 0, 0, 0, 1},
                         other[10] = {9, 9, 9, 9, 9, 9, 9, 9, 9, 9};
    char text[IDENT_TEXT_SIZE];
    /* 3: the time is in front, the random bits behind it */
    struct ident_source s = {0};
    ident_source_advance(&s, INT64_C(0x017f22e279b0) * 1000 + 999, some);
    ident_next_text(&s, text);
    assert_string_equal(text, "017f22e2-79b0-7fed-8000-000000000002");
    /* 4: within a millisecond, or at an earlier one, fresh random bits change nothing */
    ident_source_advance(&s, INT64_C(0x017f22e279b0) * 1000, other);
    ident_source_advance(&s, 5, other);
    ident_next_text(&s, text);
    assert_string_equal(text, "017f22e2-79b0-7fed-8000-000000000003");
    /* 5: overflow carries into the high bits, and then into the time */
    s = (struct ident_source){.last_ms = 1, .high = 0xffe, .low = (UINT64_C(1) << 62) - 2};
    ident_next_text(&s, text);
    assert_string_equal(text, "00000000-0001-7ffe-bfff-ffffffffffff");
    ident_next_text(&s, text);
    assert_string_equal(text, "00000000-0001-7fff-8000-000000000000");
    s.low = (UINT64_C(1) << 62) - 1;
    ident_next_text(&s, text);
    assert_string_equal(text, "00000000-0002-7000-8000-000000000000");
    /* 6: a new source takes its random bits at time 0 too, so that two of them differ */
    s = (struct ident_source){0};
    ident_source_advance(&s, 0, other);
    ident_next_text(&s, text);
    assert_string_equal(text, "00000000-0000-7909-8909-09090909090a");
}

static void test_ident_text(void **state)
{
    static const struct {
        const char *text;
        bool good;
    } rows[] = {
        {"017f22e2-79b0-7cc3-98c4-dc0c0c07398f", true},
        {"00000000-0000-0000-0000-000000000000", true},
        {"6ba7b810-9dad-11d1-80b4-00c04fd430c8", true},
        {"017F22E2-79B0-7CC3-98C4-DC0C0C07398F", false},
        {"017f22e2-79b0-7cc3-98c4-dc0c0c07398", false},
        {"017f22e2-79b0-7cc3-98c4-dc0c0c07398f0", false},
        {"017f22e279b07cc398c4dc0c0c07398f", false},
        {"{17f22e2-79b0-7cc3-98c4-dc0c0c07398}", false},
        {"017f22e2-79b0-7cc3-98c4_dc0c0c07398f", false},
        {"017f22e27-9b0-7cc3-98c4-dc0c0c07398f", false},
        {"017f22e2-79b0-7cc3-98c4-dc0c0c07398g", false},
        {"017f22e2-", false},
        {"", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint8_t id[IDENT_SIZE];
        char back[IDENT_TEXT_SIZE];
        assert_int_equal(ident_parse(id, rows[i].text), rows[i].good);
        if (!rows[i].good)
            continue;
        ident_format(back, id);
        assert_string_equal(back, rows[i].text);
    }
}

/* Refusals */

static void test_refusal(void **state)
{
    struct refusal no;
    /* 1: filled, and false */
    assert_false(refuse(&no, REFUSAL_NOT_FOUND, "lead.id", "There is no lead %d.", 7));
    assert_int_equal(no.code, REFUSAL_NOT_FOUND);
    assert_string_equal(no.message, "There is no lead 7.");
    assert_string_equal(no.field, "lead.id");
    /* 2: no field */
    refuse(&no, REFUSAL_ABORTED, NULL, "x");
    assert_string_equal(no.field, "");
    /* 3: what is too long ends between characters, wherever the cut comes */
    for (int shift = 0; shift < 4; shift++) {
        char text[1024] = "", field[256] = "";
        for (int i = 0; i < shift; i++)
            text[i] = field[i] = 'a';
        for (size_t i = (size_t)shift; i + 4 < sizeof(text); i += 4)
            memcpy(text + i, "\xf0\x9f\x8e\x81", 5);
        for (size_t i = (size_t)shift; i + 3 < sizeof(field); i += 3)
            memcpy(field + i, "電", 4);
        refuse(&no, REFUSAL_INVALID_ARGUMENT, field, "%s", text);
        assert_true(text_valid(no.message, strlen(no.message)) && strlen(no.message) > 295);
        assert_true(text_valid(no.field, strlen(no.field)) && strlen(no.field) > 124);
    }
    /* 4: names and statuses as Connect has them */
    assert_string_equal(refusal_code_name(REFUSAL_CANCELED), "canceled");
    assert_string_equal(refusal_code_name(REFUSAL_UNAUTHENTICATED), "unauthenticated");
    assert_string_equal(refusal_code_name((enum refusal_code)99), "unknown");
    assert_int_equal(refusal_http_status(REFUSAL_RESOURCE_EXHAUSTED), 429);
    assert_int_equal(refusal_http_status((enum refusal_code)99), 500);
}

/* Text */

static void test_text_valid(void **state)
{
    static const struct {
        const char *text;
        size_t n;
        bool valid;
    } rows[] = {
        {"", 0, true},
        {"plain", 5, true},
        {"a\0b", 3, false},
        {"田中さんにあげて下さい", 33, true},
        {"👩‍👩‍👧‍👦", 25, true},
        {"\xf4\x8f\xbf\xbf", 4, true},  /* the last character there is */
        {"\xf4\x90\x80\x80", 4, false}, /* one beyond it */
        {"\xc0\xaf", 2, false},         /* overlong */
        {"\xe0\x80\xaf", 3, false},     /* overlong */
        {"\xed\xa0\x80", 3, false},     /* half a surrogate pair */
        {"\xe9\x9b", 2, false},         /* cut */
        {"\x80", 1, false},             /* a tail alone */
        {"\xff\xfe", 2, false},
        {"\xef\xbf\xbe", 3, true}, /* U+FFFE: odd, but well-formed */
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(text_valid(rows[i].text, rows[i].n), rows[i].valid);
}

static void assert_text(const char *is, const char *wanted)
{
    if (wanted)
        assert_string_equal(is, wanted);
    else
        assert_null(is);
}

static void test_text_trim_and_fold(void **state)
{
    static const struct {
        const char *text, *trimmed, *folded;
    } rows[] = {
        {NULL, NULL, NULL},
        {"", NULL, NULL},
        {" \t\r\n", NULL, NULL},
        {"\u3000\u00a0\u2003", NULL, NULL},
        {"  Ann  \t Lee ", "Ann  \t Lee", "ann lee"},
        {"\u3000王 小明\u3000", "王 小明", "王 小明"},
        {"Straße", "Straße", "strasse"},
        {"ＡＢＣ１２３", "ＡＢＣ１２３", "abc123"},
        {"e\u0301", "e\u0301", "é"},
        {"ﬁ", "ﬁ", "fi"},
        {"Ω", "Ω", "ω"},
        {"İstanbul", "İstanbul", "i\u0307stanbul"},
        {"a\u200bb", "a\u200bb", "ab"},
        {"\u200b", "\u200b", NULL},
        {"A\u3000\u00a0B", "A\u3000\u00a0B", "a b"},
        {"<script>alert(0)</script>", "<script>alert(0)</script>", "<script>alert(0)</script>"},
        {"ZERO'; DROP TABLE users--", "ZERO'; DROP TABLE users--", "zero'; drop table users--"},
        {"\xff x \xff", "\xff x \xff", "\ufffd x \ufffd"},
        {"ÅÍÎÏ˝ÓÔ\uf8ffÒÚÆ☃", "ÅÍÎÏ˝ÓÔ\uf8ffÒÚÆ☃", "åíîï \u030bóô\uf8ffòúæ☃"},
    };
    struct arena *a = arena_new(1 << 20);
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *folded = text_fold(a, rows[i].text);
        assert_text(text_trim(a, rows[i].text), rows[i].trimmed);
        assert_text(folded, rows[i].folded);
        assert_text(text_fold(a, folded), folded);
    }
    arena_free(a);
}

static void test_text_expansion(void **state)
{
    /* A text that NFKC makes six times as long, in an arena with room for it and in one without. */
    char text[301] = "";
    for (size_t i = 0; i < 300; i += 3)
        memcpy(text + i, "\ufdfa", 3);
    struct arena *large = arena_new(1 << 16), *small = arena_new(1000);
    assert_int_equal(strlen(text_fold(large, text)), 3300);
    assert_null(text_fold(small, text));
    arena_reset(small);
    char *plain = arena_printf(large, "%2000d", 1);
    assert_null(text_fold(small, plain));
    assert_string_equal(text_trim(small, plain), "1");
    arena_free(large);
    arena_free(small);
}

static void test_text_clip(void **state)
{
    static const struct {
        const char *text;
        size_t max, clip;
    } rows[] = {
        {"", 0, 0},     {"", 5, 0},     {"abc", 2, 2},  {"abc", 3, 3}, {"abc", SIZE_MAX, 3}, {"a電b", 1, 1},
        {"a電b", 2, 1}, {"a電b", 3, 1}, {"a電b", 4, 4}, {"👍", 3, 0},   {"👍", 4, 4},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(text_clip(rows[i].text, rows[i].max), rows[i].clip);
}

static void test_text_plausible(void **state)
{
    static const struct {
        const char *text;
        bool email, phone;
    } rows[] = {
        {"", false, false},
        {"a@b.c", true, false},
        {"ann.lee+crm@example.co.uk", true, false},
        {"王小明@例子.台灣", true, false},
        {"@b.c", false, false},
        {"a@b", false, false},
        {"a@.b", false, false},
        {"a@b.", false, false},
        {"a@b..c", false, false},
        {"a.b@c", false, false},
        {"a@b@c.d", false, false},
        {"a b@c.d", false, false},
        {"a@b.c\n", false, false},
        {"a@b.c\u3000", false, false},
        {"a@b.c>,<d", false, false},
        {"a@b\xff.c", false, false},
        {"+886 2 2345-6789", false, true},
        {"(02) 2345.6789 x12", false, true},
        {"030/123456", false, true},
        {"12345", false, false},
        {"1 2 3 4 5 6", false, true},
        {"123456a", false, false},
        {"１２３４５６", false, false},
        {"123456\n", false, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_int_equal(text_is_email(rows[i].text), rows[i].email);
        assert_int_equal(text_is_phone(rows[i].text), rows[i].phone);
    }
    char longest[300] = "";
    memset(longest, 'a', 250);
    memcpy(longest + 250, "@b.c", 5);
    assert_true(text_is_email(longest));
    memcpy(longest + 250, "a@b.c", 6);
    assert_false(text_is_email(longest));
}

/* Times */

static void test_rfc3339_parse(void **state)
{
    static const struct {
        const char *text;
        bool good;
        int64_t seconds;
        int32_t nanos;
    } rows[] = {
        {"1970-01-01T00:00:00Z", true, 0, 0},
        {"2027-01-15T08:00:00.5Z", true, 1800000000, 500000000},
        {"2027-01-15T08:00:00.000000001Z", true, 1800000000, 1},
        {"2027-01-15T13:30:00+05:30", true, 1800000000, 0},
        {"2027-01-14T22:00:00-10:00", true, 1800000000, 0},
        {"2027-01-15T08:00:00-00:00", true, 1800000000, 0},
        {"1969-12-31T23:59:59.25Z", true, -1, 250000000},
        {"2024-02-29T00:00:00Z", true, 1709164800, 0},
        {"0001-01-01T00:00:00Z", true, INT64_C(-62135596800), 0},
        {"9999-12-31T23:59:59.999999999Z", true, INT64_C(253402300799), 999999999},
        {"2023-02-29T00:00:00Z", false, 0, 0},
        {"1900-02-29T00:00:00Z", false, 0, 0},
        {"2024-04-31T00:00:00Z", false, 0, 0},
        {"2024-00-10T00:00:00Z", false, 0, 0},
        {"2024-13-10T00:00:00Z", false, 0, 0},
        {"2024-01-00T00:00:00Z", false, 0, 0},
        {"0000-01-01T00:00:00Z", false, 0, 0},
        {"0001-01-01T00:00:00+00:01", false, 0, 0},
        {"9999-12-31T23:59:59-00:01", false, 0, 0},
        {"2024-01-01T24:00:00Z", false, 0, 0},
        {"2024-01-01T00:60:00Z", false, 0, 0},
        {"2016-12-31T23:59:60Z", false, 0, 0},
        {"2024-01-01t00:00:00Z", false, 0, 0},
        {"2024-01-01T00:00:00z", false, 0, 0},
        {"2024-01-01 00:00:00Z", false, 0, 0},
        {"2024-01-01T00:00:00", false, 0, 0},
        {"2024-01-01T00:00Z", false, 0, 0},
        {"2024-01-01T00:00:00.Z", false, 0, 0},
        {"2024-01-01T00:00:00.1234567890Z", false, 0, 0},
        {"2024-01-01T00:00:00,5Z", false, 0, 0},
        {"2024-01-01T00:00:00+0100", false, 0, 0},
        {"2024-01-01T00:00:00+24:00", false, 0, 0},
        {"2024-01-01T00:00:00+01:60", false, 0, 0},
        {"2024-01-01T00:00:00Z ", false, 0, 0},
        {" 2024-01-01T00:00:00Z", false, 0, 0},
        {"+2024-01-01T00:00:00Z", false, 0, 0},
        {"12024-01-01T00:00:00Z", false, 0, 0},
        {"2024-1-1T00:00:00Z", false, 0, 0},
        {"2024-01-01", false, 0, 0},
        {"", false, 0, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t seconds = 0;
        int32_t nanos = 0;
        assert_int_equal(rfc3339_parse(rows[i].text, &seconds, &nanos), rows[i].good);
        assert_int_equal(seconds, rows[i].seconds);
        assert_int_equal(nanos, rows[i].nanos);
    }
}

static void test_rfc3339_prefixes(void **state)
{
    /* No prefix of a good one is good. */
    static const char whole[] = "2027-01-15T13:30:00.125+05:30";
    for (size_t n = 0; n < sizeof(whole) - 1; n++) {
        char *part = strndup(whole, n);
        int64_t seconds;
        int32_t nanos;
        assert_false(rfc3339_parse(part, &seconds, &nanos));
        free(part);
    }
}

static void test_rfc3339_format(void **state)
{
    static const struct {
        int64_t seconds;
        int32_t nanos;
        const char *text;
    } rows[] = {
        {0, 0, "1970-01-01T00:00:00Z"},
        {1800000000, 500000000, "2027-01-15T08:00:00.500Z"},
        {1800000000, 1000, "2027-01-15T08:00:00.000001Z"},
        {1800000000, 1, "2027-01-15T08:00:00.000000001Z"},
        {-1, 999999999, "1969-12-31T23:59:59.999999999Z"},
        {INT64_C(-62135596800), 0, "0001-01-01T00:00:00Z"},
        {INT64_C(253402300799), 0, "9999-12-31T23:59:59Z"},
        {INT64_C(-62135596801), 0, NULL},
        {INT64_C(253402300800), 0, NULL},
        {INT64_MIN, 0, NULL},
        {INT64_MAX, 0, NULL},
        {0, -1, NULL},
        {0, 1000000000, NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char out[RFC3339_SIZE];
        assert_int_equal(rfc3339_format(out, rows[i].seconds, rows[i].nanos), rows[i].text != NULL);
        if (rows[i].text)
            assert_string_equal(out, rows[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ident_order),      cmocka_unit_test(test_ident_source),
        cmocka_unit_test(test_ident_text),       cmocka_unit_test(test_refusal),
        cmocka_unit_test(test_text_valid),       cmocka_unit_test(test_text_trim_and_fold),
        cmocka_unit_test(test_text_expansion),   cmocka_unit_test(test_text_clip),
        cmocka_unit_test(test_text_plausible),   cmocka_unit_test(test_rfc3339_parse),
        cmocka_unit_test(test_rfc3339_prefixes), cmocka_unit_test(test_rfc3339_format),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
