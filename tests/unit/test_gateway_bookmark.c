/* Cursors of event streams: what is written is read again, and nothing else is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "services/gateway/bookmark.h"

/* 1: the beginning is nothing; the largest there may be fits, and comes back as it was. */
static void test_round(void **state)
{
    struct bookmark b, back;
    struct refusal no = {0};
    char text[BOOKMARK_TEXT_SIZE];
    memset(&b, 0, sizeof b);
    bookmark_write(&b, text);
    assert_string_equal(text, "");
    for (size_t i = 0; i < CLIENT_SERVICES; i++) {
        b.marks[i].seq = 9999999999999999999u - i;
        b.marks[i].events = 999999999;
        memset(b.marks[i].hash, 0xf0 + (int)i, BOOKMARK_HASH_SIZE);
    }
    bookmark_write(&b, text);
    assert_true(bookmark_read(text, &back, &no));
    for (size_t i = 0; i < CLIENT_SERVICES; i++) {
        assert_true(back.marks[i].seq == b.marks[i].seq && back.marks[i].events == b.marks[i].events);
        assert_memory_equal(back.marks[i].hash, b.marks[i].hash, BOOKMARK_HASH_SIZE);
    }
}

/* 2: in any order, and only of what was read. */
static void test_some(void **state)
{
    struct bookmark b;
    struct refusal no = {0};
    char text[BOOKMARK_TEXT_SIZE];
    assert_true(bookmark_read("leads:12.0-0a1b2c3d4e5f,contacts:45.1-ffffffffffff", &b, &no));
    assert_int_equal(b.marks[bookmark_service("leads")].seq, 12);
    assert_int_equal(b.marks[bookmark_service("directory")].seq, 0);
    bookmark_write(&b, text);
    assert_string_equal(text, "contacts:45.1-ffffffffffff,leads:12.0-0a1b2c3d4e5f");
    assert_int_equal(bookmark_service("gateway"), CLIENT_SERVICES);
}

/* 3: everything else is refused, and the field is named. */
static void test_wrong(void **state)
{
    static const char *const wrong[] = {
        "",
        " ",
        "leads",
        "leads:1",
        "leads:1.1",
        "leads:1.1-",
        "leads:1.1-0a1b2c3d4e5",
        "leads:1.1-0a1b2c3d4e5f0",
        "leads:1.1-0A1b2c3d4e5f",
        "leads:1.1-0a1b2c3d4e5f,",
        "leads:1.1-0a1b2c3d4e5f contacts:1.1-0a1b2c3d4e5f",
        "leads:1.1-0a1b2c3d4e5f,leads:2.1-0a1b2c3d4e5f",
        ",leads:1.1-0a1b2c3d4e5f",
        " leads:1.1-0a1b2c3d4e5f",
        "leads: 1.1-0a1b2c3d4e5f",
        "leads:-1.1-0a1b2c3d4e5f",
        "leads:+1.1-0a1b2c3d4e5f",
        "leads:0.0-0a1b2c3d4e5f",
        "leads:99999999999999999999.1-0a1b2c3d4e5f",
        "leads:1.9999999999-0a1b2c3d4e5f",
        "sales:1.1-0a1b2c3d4e5f",
        "leadsleadsleadsleadsleadsleadsleadsleadsleads:1.1-0a1b2c3d4e5f",
    };
    struct bookmark b;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct refusal no = {0};
        if (bookmark_read(wrong[i], &b, &no))
            print_error("\"%s\" was taken\n", wrong[i]);
        assert_int_equal(no.code, REFUSAL_INVALID_ARGUMENT);
        assert_string_equal(no.field, "from");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_round), cmocka_unit_test(test_some),
                                       cmocka_unit_test(test_wrong)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
