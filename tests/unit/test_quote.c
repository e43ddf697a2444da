/* Quotes: how their lines are counted, by rules and by properties of many drawn quotes. The numbers are those
   of decide_quote_lines.c. */
#include "tests/unit/quote_desk.h"

enum { DRAWN = 600 };

static void assert_no(struct bench *b, struct desk *d, int64_t discount, enum refusal_code code,
                      const char *field)
{
    struct refusal no = priced(b, d, discount);
    assert_int_equal(no.code, code);
    assert_string_equal(no.field, field);
}

static void test_lines(void **state)
{
    struct bench *b = *state;
    struct desk *d = arena_alloc(b->arena, sizeof *d);
    desk_open(d);
    /* 1 */
    d->facts.has_too_many_parts = true;
    assert_no(b, d, 0, REFUSAL_INVALID_ARGUMENT, "lines");
    d->facts.has_too_many_parts = false;
    /* 2: the refusal says which line */
    d->facts.n_lines = 2;
    d->priced[1].n_entries = 0;
    struct refusal no = priced(b, d, 0);
    assert_non_null(strstr(no.message, "line 2: "));
    d->facts.n_lines = 1;
    d->priced[1].n_entries = 1;
    /* 3 */
    d->wishes[0].n_discounts_e4 = 2;
    d->discounts[0][0] = -1;
    assert_no(b, d, 0, REFUSAL_INVALID_ARGUMENT, "lines.discounts_e4");
    d->discounts[0][0] = 60 * PERCENT_ONE;
    d->discounts[0][1] = 40 * PERCENT_ONE + 1;
    assert_no(b, d, 0, REFUSAL_INVALID_ARGUMENT, "lines.discounts_e4");
    d->discounts[0][0] = INT64_MAX;
    d->discounts[0][1] = INT64_MAX;
    assert_no(b, d, 0, REFUSAL_INVALID_ARGUMENT, "lines.discounts_e4");
    /* 4: 10.00 less 10 % less 5 % */
    d->discounts[0][0] = 10 * PERCENT_ONE;
    d->discounts[0][1] = 5 * PERCENT_ONE;
    assert_int_equal(priced(b, d, 0).code, REFUSAL_NONE);
    assert_int_equal(d->quote.total, 855);
    assert_int_equal(d->quote.lines[0]->discount, 145);
    /* 6 */
    assert_no(b, d, 856, REFUSAL_INVALID_ARGUMENT, "discount");
    assert_no(b, d, -1, REFUSAL_INVALID_ARGUMENT, "discount");
    assert_int_equal(priced(b, d, 855).code, REFUSAL_NONE);
    assert_int_equal(d->quote.total, 0);
    /* 5 */
    d->facts.has_taxes = true;
    assert_no(b, d, 0, REFUSAL_FAILED_PRECONDITION, "lines.head.country");
    d->head.country = "DE";
    assert_no(b, d, 0, REFUSAL_FAILED_PRECONDITION, "lines.lines");
    d->facts.lines[0].tax = &d->taxes[0];
    assert_int_equal(priced(b, d, 0).code, REFUSAL_NONE);
    /* 7: 19 % of 8.55 are 1.6245 */
    assert_int_equal(d->quote.tax, 162);
    assert_int_equal(d->quote.total, 1017);
    /* what cannot be counted is refused, not wrapped */
    for (int i = 0; i < LINES; i++) {
        d->entries[i].unit_price = MONEY_MAX;
        d->wishes[i].n_discounts_e4 = 0;
        d->facts.lines[i].tax = &d->taxes[0];
    }
    assert_no(b, d, 0, REFUSAL_OUT_OF_RANGE, "lines");
    d->facts.has_taxes = false;
    for (int i = 0; i < LINES; i++)
        d->facts.lines[i].tax = NULL;
    d->facts.n_lines = LINES;
    assert_no(b, d, 0, REFUSAL_OUT_OF_RANGE, "lines");
}

/* --- properties --- */

static uint64_t drawn(uint64_t *seed)
{
    uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static void draw(struct desk *d, uint64_t *seed)
{
    desk_open(d);
    d->facts.n_lines = 1 + drawn(seed) % LINES;
    d->facts.has_taxes = drawn(seed) % 2;
    d->head.country = "DE";
    for (size_t i = 0; i < d->facts.n_lines; i++) {
        d->entries[i].unit_price = (int64_t)(drawn(seed) >> (30 + drawn(seed) % 33));
        d->wishes[i].quantity_e4 = 1 + (int64_t)(drawn(seed) % 10000000);
        d->wishes[i].n_discounts_e4 = drawn(seed) % 3;
        for (int k = 0; k < 2; k++)
            d->discounts[i][k] = (int64_t)(drawn(seed) % (50 * PERCENT_ONE + 1));
        d->facts.lines[i].tax = d->facts.has_taxes ? &d->taxes[drawn(seed) % 2] : NULL;
    }
}

static void assert_adds_up(const Baton__Quote *q)
{
    int64_t gross = 0, net = 0, tax = 0, share = 0, by_rate = 0, net_by_rate = 0;
    for (size_t i = 0; i < q->n_lines; i++) {
        const Baton__QuoteLine *l = q->lines[i];
        assert_int_equal(l->gross - l->offer - l->discount - l->share, l->net);
        assert_true(l->net >= 0 && l->discount >= 0 && l->share >= 0 && l->net <= l->gross);
        gross += l->gross;
        net += l->net;
        tax += l->tax;
        share += l->share;
    }
    for (size_t i = 0; i < q->n_taxes; i++) {
        by_rate += q->taxes[i]->tax;
        net_by_rate += q->taxes[i]->net;
    }
    assert_int_equal(q->gross, gross);
    assert_int_equal(q->net, net);
    assert_int_equal(q->tax, tax);
    assert_int_equal(q->discount, share);
    assert_int_equal(q->gross - q->reduction, net);
    assert_int_equal(q->total, net + tax);
    assert_int_equal(by_rate, tax);
    if (q->n_taxes)
        assert_int_equal(net_by_rate, net);
}

static void test_adds_up(void **state)
{
    struct bench *b = *state;
    for (uint64_t i = 0; i < DRAWN; i++) {
        uint64_t seed = i;
        arena_reset(b->arena);
        struct desk *d = arena_alloc(b->arena, sizeof *d);
        draw(d, &seed);
        assert_int_equal(priced(b, d, 0).code, REFUSAL_NONE);
        assert_adds_up(&d->quote);
        const int64_t off = d->quote.net ? (int64_t)(drawn(&seed) % (uint64_t)(d->quote.net + 1)) : 0;
        assert_int_equal(priced(b, d, off).code, REFUSAL_NONE);
        assert_adds_up(&d->quote);
        /* as its lines ask for it, it comes out the same */
        Baton__Quote again = d->quote;
        d->facts.wishes = quote_wishes(&d->quote, b->arena);
        struct refusal no = {0};
        assert_true(quote_price(&d->facts, &again, off, b->arena, &no));
        assert_true(schema_equal(&again.base, &d->quote.base));
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(test_lines), cmocka_unit_test(test_adds_up)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
