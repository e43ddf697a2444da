/* Origins of addresses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/url.h"

static void test_origin(void **state)
{
    static const struct {
        const char *url, *origin; /* NULL: none */
    } rows[] = {
        {"https://push.example/a/b?c#d", "https://push.example"},
        {"HTTPS://Push.Example", "https://push.example"},
        {"https://push.example:443/", "https://push.example"},
        {"https://push.example:8443?x", "https://push.example:8443"},
        {"http://127.0.0.1:8080/x", "http://127.0.0.1:8080"},
        {"http://a.example:80#x", "http://a.example"},
        {"https://[2001:DB8::1]:444/", "https://[2001:db8::1]:444"},
        {"https://push.example/a@b", "https://push.example"},
        {"ftp://a.example/", NULL},
        {"https://", NULL},
        {"https:///x", NULL},
        {"https://user@a.example/", NULL},
        {"https://a:b@c.example/", NULL},
        {"https://a.example:/", NULL},
        {"https://a.example:0/", NULL},
        {"https://a.example:65536/", NULL},
        {"https://a.example:8x/", NULL},
        {"https://[::1/", NULL},
        {"https://a.example/ x", NULL},
        {"https://a.example/\"", NULL},
        {"https://a.example\\x", NULL},
        {"https://b\xc3\xa4r.example/", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char origin[URL_ORIGIN_SIZE] = "";
        print_message("%s\n", rows[i].url);
        assert_int_equal(url_origin(rows[i].url, origin), rows[i].origin != NULL);
        if (rows[i].origin)
            assert_string_equal(origin, rows[i].origin);
    }
}

static void test_long(void **state)
{
    char url[400] = "https://", origin[URL_ORIGIN_SIZE];
    memset(url + 8, 'a', 253);
    strncpy(url + 8 + 253, ":65535", 8);
    assert_true(url_origin(url, origin));
    assert_string_equal(origin, url);
    memset(url + 8, 'a', 254);
    url[8 + 254] = '\0';
    assert_false(url_origin(url, origin));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(test_origin), cmocka_unit_test(test_long)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
