/* Whom nobody is sent to, at both ends of each network; the numbers are those of outbound_guard.c, 0: open.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>

#include "outbound/guard.h"

enum { CLOSED, PRIVATE, OPEN };
static const struct {
    int rule, family;
    const char *address;
    int is;
} rows[] = {
    {1, AF_INET, "0.0.0.0", CLOSED},
    {1, AF_INET, "0.255.255.255", CLOSED},
    {0, AF_INET, "1.0.0.0", OPEN},
    {2, AF_INET, "10.0.0.0", PRIVATE},
    {2, AF_INET, "10.255.255.255", PRIVATE},
    {0, AF_INET, "11.0.0.0", OPEN},
    {0, AF_INET, "100.63.255.255", OPEN},
    {3, AF_INET, "100.64.0.0", PRIVATE},
    {3, AF_INET, "100.127.255.255", PRIVATE},
    {0, AF_INET, "100.128.0.0", OPEN},
    {4, AF_INET, "127.0.0.1", PRIVATE},
    {4, AF_INET, "127.255.255.255", PRIVATE},
    {5, AF_INET, "169.254.169.254", CLOSED},
    {0, AF_INET, "172.15.255.255", OPEN},
    {6, AF_INET, "172.16.0.0", PRIVATE},
    {6, AF_INET, "172.31.255.255", PRIVATE},
    {0, AF_INET, "172.32.0.0", OPEN},
    {7, AF_INET, "192.0.0.1", CLOSED},
    {8, AF_INET, "192.0.2.1", CLOSED},
    {9, AF_INET, "192.88.99.1", CLOSED},
    {10, AF_INET, "192.168.0.1", PRIVATE},
    {0, AF_INET, "192.169.0.0", OPEN},
    {11, AF_INET, "198.19.255.255", CLOSED},
    {0, AF_INET, "198.20.0.0", OPEN},
    {12, AF_INET, "198.51.100.1", CLOSED},
    {13, AF_INET, "203.0.113.1", CLOSED},
    {0, AF_INET, "223.255.255.255", OPEN},
    {14, AF_INET, "224.0.0.1", CLOSED},
    {14, AF_INET, "255.255.255.255", CLOSED},
    {15, AF_INET6, "::1", PRIVATE},
    {16, AF_INET6, "fd00::1", PRIVATE},
    {17, AF_INET6, "2001:0:1::1", CLOSED},
    {0, AF_INET6, "2001:4860:4860::8888", OPEN},
    {18, AF_INET6, "2001:db8::1", CLOSED},
    {19, AF_INET6, "2002:7f00:1::", CLOSED},
    {0, AF_INET6, "2606:4700::1111", OPEN},
    {20, AF_INET6, "3fff:fff::1", CLOSED},
    {21, AF_INET6, "::", CLOSED},
    {21, AF_INET6, "::ffff:8.8.8.8", CLOSED},
    {21, AF_INET6, "64:ff9b::7f00:1", CLOSED},
    {21, AF_INET6, "4000::1", CLOSED},
    {21, AF_INET6, "fe80::1", CLOSED},
    {21, AF_INET6, "ff02::1", CLOSED},
};

static bool may(int family, const char *text, unsigned port, bool private_allowed)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
    assert_int_equal(
        inet_pton(family, text, family == AF_INET ? (void *)&v4.sin_addr : (void *)&v6.sin6_addr), 1);
    return outbound_may_connect(family == AF_INET ? (struct sockaddr *)&v4 : (struct sockaddr *)&v6,
                                private_allowed);
}

static void test_addresses(void **state)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        print_message("rule %d: %s\n", rows[i].rule, rows[i].address);
        assert_int_equal(may(rows[i].family, rows[i].address, 443, false), rows[i].is == OPEN);
        assert_int_equal(may(rows[i].family, rows[i].address, 443, true), rows[i].is != CLOSED);
    }
}

static void test_ports(void **state)
{
    assert_false(may(AF_INET, "8.8.8.8", 6379, false));
    assert_true(may(AF_INET, "8.8.8.8", 6379, true));
    assert_true(may(AF_INET6, "2606:4700::1111", 587, false));
    assert_false(may(AF_INET6, "2606:4700::1111", 22, false));
    assert_false(outbound_may_connect(&(struct sockaddr){.sa_family = AF_UNIX}, true));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_ports),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
