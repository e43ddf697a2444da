/* What heads say about files.
   1 tus's metadata: the key's value, whatever stands around it; what is no base64 or no UTF-8 is not there
   2 ranges: one part, or everything; nothing of it there
   3 tags
   4 names of files in a header are its ASCII and all of it, and cannot end it */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/head_file.h"

static void test_metadata(void **state)
{
    static const struct {
        const char *value, *name; /* NULL: there is none */
    } rows[] = {
        {"filename d29ybGQ=", "world"},
        {"type aW1n,filename d29ybGQ=", "world"},
        {"type aW1n, filename d29ybGQ=,is_private", "world"},
        {"filename d29ybGQ", NULL},
        {"filename ", ""},
        {"filename", NULL},
        {"filename ***", NULL},
        {"filename /w==", NULL},
        {"filename AAA=", NULL},
        {"xfilename d29ybGQ=", NULL},
        {"", NULL},
        {NULL, NULL},
        {",,,", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buffer out;
        buffer_init(&out, 100);
        /* 1 */
        assert_int_equal(head_metadata(rows[i].value, "filename", &out), rows[i].name != NULL);
        if (rows[i].name)
            assert_string_equal(buffer_cstr(&out), rows[i].name);
        buffer_release(&out);
    }
}

static void test_range(void **state)
{
    static const struct {
        const char *value;
        enum head_range is;
        uint64_t from, length;
    } rows[] = {
        {NULL, HEAD_WHOLE, 0, 0},
        {"bytes=0-0", HEAD_PART, 0, 1},
        {"bytes=0-", HEAD_PART, 0, 100},
        {"bytes=10-19", HEAD_PART, 10, 10},
        {"bytes=90-1000", HEAD_PART, 90, 10},
        {"bytes=-1", HEAD_PART, 99, 1},
        {"bytes=-1000", HEAD_PART, 0, 100},
        {"bytes=-0", HEAD_NO_PART, 0, 0},
        {"bytes=100-", HEAD_NO_PART, 0, 0},
        {"bytes=5-2", HEAD_WHOLE, 0, 0},
        {"bytes=1-2,4-5", HEAD_WHOLE, 0, 0},
        {"bytes=-", HEAD_WHOLE, 0, 0},
        {"bytes=", HEAD_WHOLE, 0, 0},
        {"bytes=99999999999999999999-", HEAD_WHOLE, 0, 0},
        {"lines=1-2", HEAD_WHOLE, 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint64_t from = 0, length = 0;
        /* 2 */
        assert_int_equal(head_range(rows[i].value, 100, &from, &length), rows[i].is);
        assert_int_equal(from, rows[i].from);
        assert_int_equal(length, rows[i].length);
    }
}

static void test_tags(void **state)
{
    /* 3 */
    assert_true(head_tag_is("\"a\"", "\"a\""));
    assert_false(head_tag_is("W/\"a\"", "\"a\""));
    assert_false(head_tag_is(NULL, "\"a\""));
    assert_true(head_tag_listed("\"b\", W/\"a\"", "\"a\""));
    assert_true(head_tag_listed("*", "\"a\""));
    assert_false(head_tag_listed("\"b\",\"c\"", "\"a\""));
    assert_false(head_tag_listed(NULL, "\"a\""));
}

static void test_disposition(void **state)
{
    static const struct {
        const char *name, *said;
    } rows[] = {
        {"a.txt", "attachment; filename=\"a.txt\"; filename*=UTF-8''a.txt"},
        {"a \"b\".txt", "attachment; filename=\"a _b_.txt\"; filename*=UTF-8''a%20%22b%22.txt"},
        {"\xc3\xa4\xe5\x90\x88.pdf", "attachment; filename=\"__.pdf\"; filename*=UTF-8''%C3%A4%E5%90%88.pdf"},
        {"a\r\nSet-Cookie: x",
         "attachment; filename=\"a__Set-Cookie: x\"; filename*=UTF-8''a%0D%0ASet-Cookie%3A%20x"},
        {"50%.txt", "attachment; filename=\"50_.txt\"; filename*=UTF-8''50%25.txt"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buffer out;
        buffer_init(&out, 4096);
        head_disposition(rows[i].name, &out);
        /* 4 */
        assert_string_equal(buffer_cstr(&out), rows[i].said);
        buffer_release(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_metadata),
        cmocka_unit_test(test_range),
        cmocka_unit_test(test_tags),
        cmocka_unit_test(test_disposition),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
