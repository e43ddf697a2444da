/* What a product costs, and why, rule by rule; the numbers are those of decide_price.c. */
#include "services/opportunities/catalogue.h"
#include "tests/unit/decide_bench.h"

/* A product at 10.00 EUR, 9.00 from 10 on, in a book of 2026. */
struct shop {
    Baton__PriceBook book;
    Baton__Product product;
    Baton__PriceBookEntry entry, contract;
    Baton__PriceTier tier, *tiers[1];
    Baton__Offer offers[2];
    Baton__CurrencyRate rate;
    struct price_facts facts;
    struct price_product priced;
    const Baton__PriceBookEntry *entries[1], *contracts[1];
    struct refusal no;
};

static void open_shop(struct shop *s)
{
    memset(s, 0, sizeof *s);
    baton__price_book__init(&s->book);
    s->book.id = ID(1);
    s->book.code = s->book.name = "EU";
    s->book.currency_code = "EUR";
    s->book.valid_from = "2026-01-01";
    s->book.valid_to = "2026-12-31";
    baton__product__init(&s->product);
    s->product.id = ID(2);
    s->product.code = "RELAY";
    s->product.family = "Relays";
    baton__price_tier__init(&s->tier);
    s->tier.from_quantity_e4 = 10 * QUANTITY_ONE;
    s->tier.unit_price = 900;
    s->tiers[0] = &s->tier;
    baton__price_book_entry__init(&s->entry);
    s->entry.id = ID(3);
    s->entry.unit_price = 1000;
    s->entry.tiers = s->tiers;
    s->entry.n_tiers = 1;
    baton__price_book_entry__init(&s->contract);
    s->contract.id = ID(4);
    s->contract.unit_price = 700;
    s->contract.contract = "C-7";
    for (int i = 0; i < 2; i++) {
        baton__offer__init(&s->offers[i]);
        s->offers[i].code = s->offers[i].name = i ? "B" : "A";
        s->offers[i].has_percent_e4 = true;
        s->offers[i].percent_e4 = 5 * PERCENT_ONE;
    }
    baton__currency_rate__init(&s->rate);
    s->rate.rate_e9 = 35 * RATE_ONE;
    s->rate.day = "2026-06-14";
    memcpy(s->facts.day, "2026-06-15", CATALOGUE_DAY_SIZE);
    s->facts.book = &s->book;
    s->priced.product = &s->product;
    s->entries[0] = &s->entry;
    s->contracts[0] = &s->contract;
    s->priced.entries = s->entries;
    s->priced.contracts = s->contracts;
    s->priced.n_entries = 1;
}

static const Baton__Price *priced(struct bench *b, struct shop *s, int64_t quantity_e4)
{
    s->no = (struct refusal){0};
    return price_of(&s->facts, &s->priced, NULL, quantity_e4, b->arena, &s->no);
}

static void assert_costs(struct bench *b, struct shop *s, int64_t quantity_e4, int64_t amount)
{
    const Baton__Price *p = priced(b, s, quantity_e4);
    assert_non_null(p);
    assert_int_equal(p->amount->minor_units, amount);
    assert_true(p->n_why > 0);
}

static void assert_no(struct bench *b, struct shop *s, int64_t quantity_e4, enum refusal_code code,
                      const char *field)
{
    assert_null(priced(b, s, quantity_e4));
    assert_int_equal(s->no.code, code);
    assert_string_equal(s->no.field, field);
}

static void test_book(void **state)
{
    enum { BOOKS = 4 };
    Baton__PriceBook rows[BOOKS];
    const Baton__PriceBook *books[BOOKS];
    static char *const markets[] = {NULL, "EU", "EU", NULL}, *const currencies[] = {"EUR", "EUR", "USD",
                                                                                    "TWD"};
    for (int i = 0; i < BOOKS; i++) {
        baton__price_book__init(&rows[i]);
        rows[i].code = "book";
        rows[i].market = markets[i];
        rows[i].currency_code = currencies[i];
        books[i] = &rows[i];
    }
    /* 1 */
    static const struct {
        const char *market, *currency;
        int book; /* -1: two are as good */
    } cases[] = {{"EU", "USD", 2}, {"EU", "EUR", 1}, {"EU", NULL, -1},  {NULL, "TWD", 3},
                 {NULL, NULL, -1}, {"JP", "TWD", 3}, {"EU", "TWD", -1}, {NULL, "JPY", -1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct refusal no = {0};
        const struct price_book_wish wish = {NULL, cases[i].market, cases[i].currency, "2026-01-01"};
        const Baton__PriceBook *picked = price_book_pick(books, BOOKS, &wish, &no);
        assert_ptr_equal(picked, cases[i].book < 0 ? NULL : books[cases[i].book]);
        assert_int_equal(no.code, cases[i].book < 0 ? REFUSAL_FAILED_PRECONDITION : 0);
    }
    struct refusal no = {0};
    const struct price_book_wish wish = {NULL, "EU", "USD", "2026-01-01"};
    rows[2].superseded_by_id = ID(1);
    assert_ptr_equal(price_book_pick(books, BOOKS, &wish, &no), books[1]);
    rows[1].valid_to = "2025-12-31";
    assert_null(price_book_pick(books + 1, 1, &wish, &no));
}

static void test_price(void **state)
{
    struct bench *b = *state;
    struct shop s;
    open_shop(&s);
    assert_costs(b, &s, QUANTITY_ONE, 1000);
    /* 5 */
    assert_costs(b, &s, 10 * QUANTITY_ONE - 1, 10000); /* 9.9999 at 10.00 are 99.999 */
    assert_costs(b, &s, 10 * QUANTITY_ONE, 9000);
    /* 3 */
    s.priced.n_contracts = 1;
    assert_costs(b, &s, 10 * QUANTITY_ONE, 7000);
    assert_string_equal(priced(b, &s, QUANTITY_ONE)->contract, "C-7");
    s.contract.valid_to = "2026-06-14";
    assert_costs(b, &s, 10 * QUANTITY_ONE, 9000);
    assert_null(priced(b, &s, QUANTITY_ONE)->contract);
    /* 6: a gap says where it ends */
    s.entry.valid_to = "2026-06-01";
    assert_no(b, &s, QUANTITY_ONE, REFUSAL_FAILED_PRECONDITION, "product_id");
    assert_non_null(strstr(s.no.message, "ended on 2026-06-01"));
    s.entry.valid_to = NULL;
    s.entry.valid_from = "2026-07-01";
    assert_no(b, &s, QUANTITY_ONE, REFUSAL_FAILED_PRECONDITION, "product_id");
    assert_non_null(strstr(s.no.message, "begins on 2026-07-01"));
    /* 4 */
    s.product.has_retired = s.product.retired = true;
    assert_no(b, &s, QUANTITY_ONE, REFUSAL_FAILED_PRECONDITION, "product_id");
    s.priced.product = NULL;
    assert_no(b, &s, QUANTITY_ONE, REFUSAL_NOT_FOUND, "product_id");
    /* 2 */
    open_shop(&s);
    s.book.superseded_by_id = ID(9);
    assert_no(b, &s, QUANTITY_ONE, REFUSAL_FAILED_PRECONDITION, "price_book_id");
    s.book.superseded_by_id = NULL;
    s.book.valid_to = "2026-06-14";
    assert_no(b, &s, QUANTITY_ONE, REFUSAL_FAILED_PRECONDITION, "price_book_id");
    s.facts.book = NULL;
    assert_no(b, &s, QUANTITY_ONE, REFUSAL_NOT_FOUND, "price_book_id");
    /* 9 */
    open_shop(&s);
    s.entry.n_tiers = 0;
    s.entry.unit_price = MONEY_MAX;
    assert_no(b, &s, 2 * QUANTITY_ONE, REFUSAL_OUT_OF_RANGE, "quantity_e4");
    assert_costs(b, &s, QUANTITY_ONE, MONEY_MAX);
}

static void test_currency(void **state)
{
    struct bench *b = *state;
    struct shop s;
    open_shop(&s);
    /* 7 */
    s.facts.currency = "TWD";
    assert_no(b, &s, QUANTITY_ONE, REFUSAL_FAILED_PRECONDITION, "currency_code");
    s.facts.rate = &s.rate;
    assert_costs(b, &s, QUANTITY_ONE, 35000);
    assert_string_equal(priced(b, &s, QUANTITY_ONE)->rate_day, "2026-06-14");
    s.facts.currency = "JPY"; /* no minor unit */
    assert_costs(b, &s, QUANTITY_ONE, 350);
    s.facts.currency = "XQX";
    assert_no(b, &s, QUANTITY_ONE, REFUSAL_INVALID_ARGUMENT, "currency_code");
    s.facts.currency = "EUR";
    s.facts.rate = NULL;
    assert_costs(b, &s, QUANTITY_ONE, 1000);
}

static void test_offers(void **state)
{
    struct bench *b = *state;
    struct shop s;
    Baton__Money money = BATON__MONEY__INIT;
    char *products[] = {ID(5)}, *markets[] = {"EU"};
    open_shop(&s);
    s.facts.offers[s.facts.n_offers++] = &s.offers[1];
    s.facts.offers[s.facts.n_offers++] = &s.offers[0];
    /* 8: of equal ones the first in the alphabet */
    assert_costs(b, &s, QUANTITY_ONE, 950);
    assert_string_equal(priced(b, &s, QUANTITY_ONE)->offer_code, "A");
    s.offers[1].percent_e4 = 10 * PERCENT_ONE;
    assert_costs(b, &s, QUANTITY_ONE, 900);
    s.offers[1].has_min_quantity_e4 = true;
    s.offers[1].min_quantity_e4 = 2 * QUANTITY_ONE;
    assert_costs(b, &s, QUANTITY_ONE, 950);
    assert_costs(b, &s, 2 * QUANTITY_ONE, 1800);
    s.offers[1].has_max_quantity_e4 = true;
    s.offers[1].max_quantity_e4 = 2 * QUANTITY_ONE;
    assert_costs(b, &s, 3 * QUANTITY_ONE, 2850);
    s.offers[1] = s.offers[0];
    s.facts.n_offers = 1;
    s.offers[1].product_ids = products;
    s.offers[1].n_product_ids = 1;
    assert_costs(b, &s, QUANTITY_ONE, 1000);
    products[0] = ID(2);
    assert_costs(b, &s, QUANTITY_ONE, 950);
    s.offers[1].family = "Cables";
    assert_costs(b, &s, QUANTITY_ONE, 1000);
    s.offers[1].family = "Relays";
    s.offers[1].markets = markets;
    s.offers[1].n_markets = 1;
    assert_costs(b, &s, QUANTITY_ONE, 1000);
    s.facts.market = "EU";
    assert_costs(b, &s, QUANTITY_ONE, 950);
    s.offers[1].valid_to = "2026-06-14";
    assert_costs(b, &s, QUANTITY_ONE, 1000);
    s.offers[1].valid_to = NULL;
    /* so much of each unit, in its own currency, never more than there is */
    s.offers[1].has_percent_e4 = false;
    s.offers[1].amount = &money;
    money.currency_code = "EUR";
    money.minor_units = 300;
    assert_costs(b, &s, 2 * QUANTITY_ONE, 1400);
    money.minor_units = 3000;
    assert_costs(b, &s, 2 * QUANTITY_ONE, 0);
    money.currency_code = "USD";
    assert_costs(b, &s, 2 * QUANTITY_ONE, 2000);
    /* prices by contract have none */
    money.currency_code = "EUR";
    s.priced.n_contracts = 1;
    assert_costs(b, &s, 2 * QUANTITY_ONE, 1400);
    assert_null(priced(b, &s, QUANTITY_ONE)->offer_code);
}

static void test_bundle(void **state)
{
    struct bench *b = *state;
    struct shop s, part;
    Baton__BundleComponent c = BATON__BUNDLE_COMPONENT__INIT, *list[] = {&c};
    open_shop(&s);
    open_shop(&part);
    const struct price_product *parts[] = {&part.priced};
    s.priced.n_entries = 0;
    s.product.components = list;
    s.product.n_components = 1;
    c.quantity_e4 = 3 * QUANTITY_ONE;
    /* 6: three at 10.00; of four bundles twelve parts, at the price from ten on */
    const Baton__Price *p = price_of(&s.facts, &s.priced, parts, QUANTITY_ONE, b->arena, &s.no);
    assert_int_equal(p->amount->minor_units, 3000);
    assert_null(p->entry_id);
    p = price_of(&s.facts, &s.priced, parts, 4 * QUANTITY_ONE, b->arena, &s.no);
    assert_int_equal(p->amount->minor_units, 4 * 2700);
    /* its own price goes before that */
    s.priced.n_entries = 1;
    p = price_of(&s.facts, &s.priced, parts, QUANTITY_ONE, b->arena, &s.no);
    assert_int_equal(p->amount->minor_units, 1000);
    /* and a gap in a part is one in the bundle */
    s.priced.n_entries = part.priced.n_entries = 0;
    assert_null(price_of(&s.facts, &s.priced, parts, QUANTITY_ONE, b->arena, &s.no));
    assert_int_equal(s.no.code, REFUSAL_FAILED_PRECONDITION);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_book),   cmocka_unit_test(test_price),  cmocka_unit_test(test_currency),
        cmocka_unit_test(test_offers), cmocka_unit_test(test_bundle),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
