/* Quotas: what is one, and which get into each other's way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "services/opportunities/rollup.h"

#define NOW INT64_C(1767607200000000)

struct fixture {
    struct arena *a;
    struct stamp s;
    struct outcome out;
};

static int set_up(void **state)
{
    static struct fixture f;
    f = (struct fixture){.a = arena_new(16 << 20)};
    f.s = (struct stamp){.now_us = NOW, .arena = f.a};
    f.out = (struct outcome){.arena = f.a};
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    arena_free(((struct fixture *)*state)->a);
    return 0;
}

static Baton__Quota quota(const char *owner, const char *period, Baton__Money *money)
{
    Baton__Quota q = BATON__QUOTA__INIT;
    baton__money__init(money);
    money->currency_code = "EUR";
    money->has_minor_units = true;
    money->minor_units = 1000;
    q.owner_id = (char *)(uintptr_t)owner;
    q.period = (char *)(uintptr_t)period;
    q.amount = money;
    return q;
}

static void test_quota(void **state)
{
    struct fixture *f = *state;
    Baton__Money money;
    struct quota_facts facts = {.begins = 1, .owner_is_here = true};
    Baton__Quota q = quota("ann", "2026-Q4", &money), was;
    assert_true(opportunities_check_quota(&facts, NULL, &q.base, &f->s, &f->out));
    assert_int_equal(q.first_month, 2026 * 12 + 9);
    assert_int_equal(q.months, 3);
    assert_string_equal(q.whom, "ann|||");
    was = q;
    q.team_id = "north"; /* 1 */
    assert_false(opportunities_check_quota(&facts, NULL, &q.base, &f->s, &f->out));
    assert_string_equal(f->out.no.field, "owner_id");
    q = quota("ann", "2026-Q5", &money); /* 2 */
    assert_false(opportunities_check_quota(&facts, NULL, &q.base, &f->s, &f->out));
    assert_string_equal(f->out.no.field, "period");
    static const struct {
        const char *currency;
        int64_t units;
    } wrong[] = {{"EUR", -1}, {"EUR", INT64_MAX}, {"XXQ", 1}, {"eur", 1}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) { /* 3 */
        q = quota("ann", "2026-Q4", &money);
        money.currency_code = (char *)(uintptr_t)wrong[i].currency;
        money.minor_units = wrong[i].units;
        assert_false(opportunities_check_quota(&facts, NULL, &q.base, &f->s, &f->out));
        assert_string_equal(f->out.no.field, "amount");
    }
    facts.owner_is_here = false; /* 4 */
    q = quota("ann", "2026-Q4", &money);
    assert_false(opportunities_check_quota(&facts, NULL, &q.base, &f->s, &f->out));
    assert_string_equal(f->out.no.field, "owner_id");
    assert_true(opportunities_check_quota(&facts, &was.base, &q.base, &f->s, &f->out));
}

/* 5 */
static void test_quota_overlaps(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *owner, *product, *period;
        bool fits;
    } rows[] = {
        {"ann", NULL, "2026-Q4", false},   {"ann", NULL, "2026", false},  {"ann", NULL, "2026-12", false},
        {"ann", NULL, "2026-Q3", true},    {"ann", NULL, "2027", true},   {"bob", NULL, "2026-Q4", true},
        {"ann", "anvil", "2026-Q4", true}, {NULL, NULL, "2026-Q4", true},
    };
    Baton__Money money, money_too;
    struct quota_facts facts = {.begins = 1, .owner_is_here = true};
    Baton__Quota there = quota("ann", "2026-Q4", &money), *others[] = {&there};
    there.id = "the-other";
    assert_true(opportunities_check_quota(&facts, NULL, &there.base, &f->s, &f->out));
    facts.others = others;
    facts.n_others = 1;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__Quota q = quota(rows[i].owner, rows[i].period, &money_too);
        q.product_id = (char *)(uintptr_t)rows[i].product;
        assert_int_equal(opportunities_check_quota(&facts, NULL, &q.base, &f->s, &f->out), rows[i].fits);
        if (!rows[i].fits)
            assert_non_null(strstr(f->out.no.message, "the-other"));
    }
    Baton__Quota same = quota("ann", "2026", &money_too);
    same.id = "the-other"; /* it may become longer itself */
    assert_true(opportunities_check_quota(&facts, &there.base, &same.base, &f->s, &f->out));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_quota, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_quota_overlaps, set_up, tear_down),
    };
    schema_load();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
