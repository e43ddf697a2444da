/* Reading a request's head: content types, codings, timeouts, base64url, tokens, sites, redirects. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "services/gateway/head.h"
#include "services/gateway/zip.h"

#define ROWS(table) (sizeof(table) / sizeof *(table))

static void test_content_types(void **state)
{
    static const struct {
        const char *value;
        enum head_codec codec;
    } rows[] = {
        /* 1 */ {"application/json", HEAD_JSON},
        /* 2 */ {"APPLICATION/Json; charset=UTF-8", HEAD_JSON},
        /* 3 */ {"application/proto ; x=y", HEAD_PROTO},
        /* 4 */ {"application/connect+json", HEAD_NO_CODEC},
        /* 5 */ {"application/jsonx", HEAD_NO_CODEC},
        /* 6 */ {"", HEAD_NO_CODEC},
        /* 7 */ {NULL, HEAD_NO_CODEC},
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        if (head_content_type(rows[i].value) != rows[i].codec)
            fail_msg("row %zu", i + 1);
}

static void test_codings(void **state)
{
    static const struct {
        const char *value;
        enum head_coding coding;
    } rows[] = {
        /* 1 */ {NULL, HEAD_IDENTITY},
        /* 2 */ {"", HEAD_IDENTITY},
        /* 3 */ {"identity", HEAD_IDENTITY},
        /* 4 */ {"GZIP", HEAD_GZIP},
        /* 5 */ {"br", HEAD_OTHER_CODING},
        /* 6 */ {"gzip, gzip", HEAD_OTHER_CODING},
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        if (head_coding(rows[i].value) != rows[i].coding)
            fail_msg("row %zu", i + 1);
}

static void test_accepts_gzip(void **state)
{
    static const struct {
        const char *value;
        bool accepts;
    } rows[] = {
        /*  1 */ {NULL, false},
        /*  2 */ {"gzip", true},
        /*  3 */ {"br, deflate,gzip", true},
        /*  4 */ {"gzip;q=0", false},
        /*  5 */ {"gzip; q=0.000, br", false},
        /*  6 */ {"gzip;q=0.5", true},
        /*  7 */ {"gzip;q=1.0, identity; q=0", true},
        /*  8 */ {"xgzip, gzipx", false},
        /*  9 */ {" , ,GZip", true},
        /* 10 */ {"", false},
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        if (head_accepts_gzip(rows[i].value) != rows[i].accepts)
            fail_msg("row %zu", i + 1);
}

static void test_timeouts(void **state)
{
    static const struct {
        const char *value;
        bool is_valid;
        uint64_t ms;
    } rows[] = {
        /* 1 */ {"0", true, 0},
        /* 2 */ {"1500", true, 1500},
        /* 3 */ {"9999999999", true, 9999999999},
        /* 4 */ {"10000000000", false, 0},
        /* 5 */ {"", false, 0},
        /* 6 */ {"abc", false, 0},
        /* 7 */ {"-1", false, 0},
        /* 8 */ {" 5", false, 0},
        /* 9 */ {"5.0", false, 0},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        uint64_t ms = 0;
        if (head_timeout(rows[i].value, &ms) != rows[i].is_valid || (rows[i].is_valid && ms != rows[i].ms))
            fail_msg("row %zu", i + 1);
    }
    uint64_t number;
    assert_true(head_number("9223372036854775807", &number));
    assert_true(number == INT64_MAX);
    assert_false(head_number("18446744073709551616", &number));
    assert_false(head_number(NULL, &number));
}

static void test_base64url(void **state)
{
    static const struct {
        const char *text, *bytes; /* NULL: refused */
    } rows[] = {
        /* 1 */ {"", ""},
        /* 2 */ {"CgJMMQ", "\n\002L1"},
        /* 3 */ {"CgJMMQ==", "\n\002L1"},
        /* 4 */ {"_-8", "\377\357"},
        /* 5 */ {"/+8", NULL},
        /* 6 */ {"CgJ MMQ", NULL},
        /* 7 */ {"C", NULL},
        /* 8 */ {"CgJMMQ===", NULL},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct buffer out;
        buffer_init(&out, 100);
        bool is_valid = head_base64url(rows[i].text, &out);
        if (is_valid != (rows[i].bytes != NULL) ||
            (is_valid && !bytes_equal(buffer_bytes(&out), bytes_text(rows[i].bytes))))
            fail_msg("row %zu", i + 1);
        buffer_release(&out);
    }
}

static void test_bearer(void **state)
{
    assert_string_equal(head_bearer("Bearer abc"), "abc");
    assert_string_equal(head_bearer("bearer   abc"), "abc");
    assert_null(head_bearer("Bearer "));
    assert_null(head_bearer("Basic abc"));
    assert_null(head_bearer("Bearerabc"));
    assert_null(head_bearer(NULL));
}

static void test_trace(void **state)
{
    char out[HEAD_TRACE_SIZE];
    assert_true(head_trace("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", out));
    assert_string_equal(out, "4bf92f3577b34da6a3ce929d0e0e4736");
    assert_false(head_trace("00-00000000000000000000000000000000-00f067aa0ba902b7-01", out));
    assert_false(head_trace("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", out));
    assert_false(head_trace("00-4bf92f35", out));
    assert_false(head_trace(NULL, out));
}

static void test_same_site(void **state)
{
    static const struct {
        const char *fetch_site, *origin, *host, *public_url;
        bool is_own;
    } rows[] = {
        /*  1 */ {"same-origin", "http://evil.example", "h:1", NULL, true},
        /*  2 */ {"none", NULL, "h:1", NULL, true},
        /*  3 */ {"cross-site", NULL, "h:1", NULL, false},
        /*  4 */ {"same-site", "http://h:1", "h:1", NULL, false},
        /*  5 */ {NULL, NULL, "h:1", NULL, true},
        /*  6 */ {NULL, "http://h:1", "h:1", NULL, true},
        /*  7 */ {NULL, "http://h:2", "h:1", NULL, false},
        /*  8 */ {NULL, "null", "h:1", NULL, false},
        /*  9 */ {NULL, "https://baton.example", "h:1", "https://baton.example/", true},
        /* 10 */ {NULL, "https://baton.example.evil", "h:1", "https://baton.example", false},
        /* 11 */ {NULL, "http://baton.example", "h:1", "https://baton.example", false},
        /* 12 */ {NULL, "http://h:1", NULL, NULL, false},
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        if (head_same_site(rows[i].fetch_site, rows[i].origin, rows[i].host, rows[i].public_url) !=
            rows[i].is_own)
            fail_msg("row %zu", i + 1);
}

static void test_forwarded(void **state)
{
    assert_string_equal(head_last_forwarded("1.2.3.4"), "1.2.3.4");
    assert_string_equal(head_last_forwarded("6.6.6.6, 1.2.3.4"), "1.2.3.4");
    assert_null(head_last_forwarded("1.2.3.4,"));
    assert_null(head_last_forwarded(NULL));
}

static void test_redirects(void **state)
{
    static const struct {
        const char *url;
        bool is_good;
    } rows[] = {
        /* 1 */ {"/thanks", true},
        /* 2 */ {"https://firm.example/thanks?x=1", true},
        /* 3 */ {"HTTP://firm.example", true},
        /* 4 */ {"//evil.example", false},
        /* 5 */ {"/\\evil.example", false},
        /* 6 */ {"javascript:alert(1)", false},
        /* 7 */ {"/a\r\nSet-Cookie: x=y", false},
        /* 8 */ {"thanks", false},
        /* 9 */ {"", false},
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        if (head_is_redirect(rows[i].url) != rows[i].is_good)
            fail_msg("row %zu", i + 1);
}

static void test_zip(void **state)
{
    struct zip *z = zip_new();
    struct buffer plain, packed, again;
    buffer_init(&plain, 1 << 20);
    buffer_init(&packed, 1 << 20);
    for (int i = 0; i < 20000; i++)
        assert_true(buffer_printf(&plain, "%d,", i % 100));
    for (int round = 0; round < 2; round++) { /* 1: both ways, twice with the same memory */
        buffer_clear(&packed);
        buffer_init(&again, 1 << 20);
        assert_true(zip_pack(z, buffer_bytes(&plain), &packed));
        assert_true(packed.size < plain.size / 4);
        assert_int_equal(zip_unpack(z, buffer_bytes(&packed), &again), ZIP_OK);
        assert_true(bytes_equal(buffer_bytes(&again), buffer_bytes(&plain)));
        buffer_release(&again);
    }
    buffer_init(&again, 1000); /* 2: more than there may be */
    assert_int_equal(zip_unpack(z, buffer_bytes(&packed), &again), ZIP_TOO_LARGE);
    buffer_release(&again);
    buffer_init(&again, 1 << 20); /* 3: cut off */
    assert_int_equal(zip_unpack(z, bytes_of(packed.data, packed.size - 9), &again), ZIP_DAMAGED);
    buffer_clear(&again); /* 4: something behind it */
    assert_true(buffer_char(&packed, 'x'));
    assert_int_equal(zip_unpack(z, buffer_bytes(&packed), &again), ZIP_DAMAGED);
    buffer_clear(&again); /* 5: no gzip at all */
    assert_int_equal(zip_unpack(z, bytes_text("hello"), &again), ZIP_DAMAGED);
    buffer_release(&again);
    buffer_release(&plain);
    buffer_release(&packed);
    zip_free(z);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_content_types), cmocka_unit_test(test_codings),
        cmocka_unit_test(test_accepts_gzip),  cmocka_unit_test(test_timeouts),
        cmocka_unit_test(test_base64url),     cmocka_unit_test(test_bearer),
        cmocka_unit_test(test_trace),         cmocka_unit_test(test_same_site),
        cmocka_unit_test(test_forwarded),     cmocka_unit_test(test_redirects),
        cmocka_unit_test(test_zip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
