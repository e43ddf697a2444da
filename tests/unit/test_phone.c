/* Telephone numbers in any spelling: the same one, and under which ending it is found. */
#include "base/phone.h"
#include "tests/unit/decide_bench.h"

static void test_same(void **state)
{
    struct bench *b = *state;
    const struct {
        const char *one, *country, *other, *other_country;
        bool is_same;
    } rows[] = {
        {"+49 171 5559371", NULL, "0171 / 555 93 71", "DE", true},
        {"0049-171-5559371", NULL, "(0171) 555 93-71", "Germany", true},
        {"+49 (0) 171 5559371", NULL, "+491715559371", NULL, true},
        /* nobody knows where the other one is */
        {"+49 171 5559371", NULL, "0171 5559371", NULL, true},
        {"+886 2 2345 6789", NULL, "(02) 2345-6789", "TW", true},
        {"+49 171 5559371", NULL, "0171 5559371", "TW", false},
        {"+49 171 5559371", NULL, "+49 171 5559372", NULL, false},
        {"+43 171 5559371", NULL, "+49 171 5559371", NULL, false},
        {"0171 5559371", NULL, "171 5559371", NULL, true},
        {"anonymous", NULL, "anonymous", NULL, false},
        {"000000", NULL, "000000", NULL, false},
        {NULL, NULL, "+491715559371", NULL, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct phone one = phone_of(rows[i].one, rows[i].country, b->arena),
                           other = phone_of(rows[i].other, rows[i].other_country, b->arena);
        if (phone_same(&one, &other) != rows[i].is_same)
            print_error("%s, %s\n", rows[i].one, rows[i].other);
        assert_int_equal(phone_same(&one, &other), rows[i].is_same);
        assert_int_equal(phone_same(&other, &one), rows[i].is_same);
        if (rows[i].is_same)
            assert_string_equal(phone_tail(one.digits), phone_tail(other.digits));
    }
    assert_null(phone_tail(NULL));
    assert_string_equal(phone_tail("123"), "123");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(test_same)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
