/* What may stand in the catalogue, rule by rule; the numbers are those of decide_catalogue.c and
   decide_terms.c. */
#include "services/opportunities/catalogue.h"
#include "tests/unit/decide_bench.h"

static Baton__PriceBook book(char *id, char *from, char *to)
{
    Baton__PriceBook b = BATON__PRICE_BOOK__INIT;
    b.id = id;
    b.code = b.name = "EU";
    b.currency_code = "EUR";
    b.valid_from = from;
    b.valid_to = to;
    b.has_version = true;
    b.version = 1;
    return b;
}

static void test_product(void **state)
{
    struct bench *b = *state;
    struct catalogue_facts f = {.n_others = 0};
    Baton__Product p = BATON__PRODUCT__INIT, before = BATON__PRODUCT__INIT;
    Baton__Money money = BATON__MONEY__INIT;
    Baton__BundleComponent one = BATON__BUNDLE_COMPONENT__INIT, *parts[] = {&one, &one};
    assert_true(check(b, catalogue_check_product, &f, NULL, &p.base));
    /* 3 */
    p.list_price = &money;
    money.currency_code = "EURO";
    assert_refused(check(b, catalogue_check_product, &f, NULL, &p.base), b, REFUSAL_INVALID_ARGUMENT,
                   "list_price");
    money.currency_code = "TWD";
    assert_true(check(b, catalogue_check_product, &f, NULL, &p.base));
    /* 4 */
    f.missing = "components";
    assert_refused(check(b, catalogue_check_product, &f, NULL, &p.base), b, REFUSAL_INVALID_ARGUMENT,
                   "components");
    f.missing = NULL;
    /* 5 */
    assert_true(check(b, catalogue_check_product, &f, &p.base, NULL));
    f.is_used = true;
    assert_refused(check(b, catalogue_check_product, &f, &p.base, NULL), b, REFUSAL_FAILED_PRECONDITION, "");
    /* 6: what has prices or is in a bundle does not become one, but what is one stays it */
    one.product_id = ID(2);
    p.components = parts;
    p.n_components = 1;
    assert_refused(check(b, catalogue_check_product, &f, &before.base, &p.base), b,
                   REFUSAL_FAILED_PRECONDITION, "components");
    assert_true(check(b, catalogue_check_product, &f, &p.base, &p.base));
    assert_int_equal(p.n_component_ids, 1);
    assert_string_equal(p.component_ids[0], ID(2));
    f.is_used = false;
    f.has_bundle = true;
    assert_refused(check(b, catalogue_check_product, &f, NULL, &p.base), b, REFUSAL_INVALID_ARGUMENT,
                   "components");
    f.has_bundle = false;
    p.n_components = 2;
    assert_refused(check(b, catalogue_check_product, &f, NULL, &p.base), b, REFUSAL_INVALID_ARGUMENT,
                   "components");
    p.n_components = 1;
    p.id = ID(2);
    assert_refused(check(b, catalogue_check_product, &f, NULL, &p.base), b, REFUSAL_INVALID_ARGUMENT,
                   "components");
}

/* 1 and 2: validities, by themselves and beside each other. */
static void test_validity(void **state)
{
    struct bench *b = *state;
    static const struct {
        char *from, *to;
        char *other_from, *other_to; /* both "-": there is no other */
        const char *field;           /* NULL: fine */
    } rows[] = {
        {NULL, NULL, "-", "-", NULL},
        {"2026-01-01", "2026-01-01", "-", "-", NULL},
        {"2026-02-29", NULL, "-", "-", "valid_from"},
        {NULL, "soon", "-", "-", "valid_to"},
        {"2026-02-01", "2026-01-31", "-", "-", "valid_to"},
        {NULL, NULL, NULL, NULL, "valid_from"},
        {"2026-01-01", "2026-06-30", "2026-07-01", NULL, NULL},
        {"2026-01-01", "2026-07-01", "2026-07-01", NULL, "valid_from"},
        {"2026-07-01", NULL, NULL, "2026-06-30", NULL},
        {"2026-06-30", NULL, NULL, "2026-06-30", "valid_from"},
        {"2026-03-01", "2026-03-31", "2026-01-01", "2026-12-31", "valid_from"},
        {"2026-01-01", NULL, "2030-01-01", "2030-01-02", "valid_from"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct catalogue_facts f = {.n_others = 0};
        Baton__PriceBook one = book(ID(1), rows[i].from, rows[i].to);
        Baton__PriceBook two = book(ID(2), rows[i].other_from, rows[i].other_to);
        if (!rows[i].other_from || *rows[i].other_from != '-')
            f.others[f.n_others++] = &two.base;
        bool ok = check(b, catalogue_check_book, &f, NULL, &one.base);
        assert_int_equal(ok, rows[i].field == NULL);
        assert_string_equal(b->out.no.field, rows[i].field ? rows[i].field : "");
        /* itself and what is superseded are no others */
        two.superseded_by_id = ID(3);
        assert_true(!f.n_others || check(b, catalogue_check_book, &f, NULL, &one.base));
        two.superseded_by_id = NULL;
        two.id = ID(1);
        assert_true(!f.n_others || check(b, catalogue_check_book, &f, NULL, &one.base));
    }
    assert_true(catalogue_is_valid("2026-01-01", "2026-01-31", "2026-01-31"));
    assert_false(catalogue_is_valid("2026-01-01", "2026-01-31", "2026-02-01"));
    assert_false(catalogue_is_valid("2026-01-01", NULL, "2025-12-31"));
}

static void test_book(void **state)
{
    struct bench *b = *state;
    struct catalogue_facts f = {.n_others = 0};
    Baton__PriceBook old = book(ID(1), NULL, NULL), now = book(NULL, NULL, NULL);
    /* 3 */
    now.currency_code = "XQX";
    assert_refused(check(b, catalogue_check_book, &f, NULL, &now.base), b, REFUSAL_INVALID_ARGUMENT,
                   "currency_code");
    /* 4 */
    now = book(NULL, NULL, NULL);
    now.supersedes_id = ID(1);
    f.missing = "supersedes_id";
    assert_refused(check(b, catalogue_check_book, &f, NULL, &now.base), b, REFUSAL_INVALID_ARGUMENT,
                   "supersedes_id");
    /* 7: the version before is told, and what it says may overlap */
    f.missing = NULL;
    f.book = &old;
    f.others[f.n_others++] = &old.base;
    assert_true(check(b, catalogue_check_book, &f, NULL, &now.base));
    assert_int_equal(now.version, 2);
    assert_int_equal(b->out.n_events, 1);
    assert_string_equal(b->out.events[0]->record_changed->record->price_book->superseded_by_id, now.id);
    old.superseded_by_id = ID(3);
    assert_refused(check(b, catalogue_check_book, &f, NULL, &now.base), b, REFUSAL_FAILED_PRECONDITION,
                   "supersedes_id");
    old.superseded_by_id = NULL;
    now.currency_code = "USD";
    assert_refused(check(b, catalogue_check_book, &f, NULL, &now.base), b, REFUSAL_INVALID_ARGUMENT,
                   "currency_code");
    /* 8 */
    f = (struct catalogue_facts){.n_others = 0};
    assert_refused(check(b, catalogue_check_book, &f, &old.base, &now.base), b, REFUSAL_FAILED_PRECONDITION,
                   "currency_code");
    now.currency_code = "EUR";
    assert_refused(check(b, catalogue_check_book, &f, &old.base, &now.base), b, REFUSAL_FAILED_PRECONDITION,
                   "supersedes_id");
    /* 5 */
    f.is_used = true;
    assert_refused(check(b, catalogue_check_book, &f, &old.base, NULL), b, REFUSAL_FAILED_PRECONDITION, "");
}

static void test_entry(void **state)
{
    struct bench *b = *state;
    struct catalogue_facts f = {.n_others = 0};
    Baton__PriceBookEntry e = BATON__PRICE_BOOK_ENTRY__INIT;
    Baton__PriceTier low = BATON__PRICE_TIER__INIT, high = BATON__PRICE_TIER__INIT, *tiers[] = {&low, &high};
    e.price_book_id = ID(1);
    e.product_id = ID(2);
    assert_true(check(b, catalogue_check_entry, &f, NULL, &e.base));
    assert_string_equal(e.slot, ID(1) "/" ID(2) "/");
    /* 9 */
    e.contract = "C-1";
    assert_refused(check(b, catalogue_check_entry, &f, NULL, &e.base), b, REFUSAL_INVALID_ARGUMENT,
                   "account_id");
    e.account_id = ID(3);
    assert_true(check(b, catalogue_check_entry, &f, NULL, &e.base));
    assert_string_equal(e.slot, ID(1) "/" ID(2) "/" ID(3));
    /* 10 */
    e.tiers = tiers;
    e.n_tiers = 2;
    low.from_quantity_e4 = high.from_quantity_e4 = 10 * QUANTITY_ONE;
    assert_refused(check(b, catalogue_check_entry, &f, NULL, &e.base), b, REFUSAL_INVALID_ARGUMENT, "tiers");
    high.from_quantity_e4++;
    assert_true(check(b, catalogue_check_entry, &f, NULL, &e.base));
    assert_true(check(b, catalogue_check_entry, &f, &e.base, NULL));
}

static void test_terms(void **state)
{
    struct bench *b = *state;
    struct catalogue_facts f = {.n_others = 0};
    Baton__Offer o = BATON__OFFER__INIT;
    Baton__Money money = BATON__MONEY__INIT;
    /* 11 */
    o.has_percent_e4 = true;
    f.n_all = CATALOGUE_OFFERS_MAX;
    assert_refused(check(b, catalogue_check_offer, &f, NULL, &o.base), b, REFUSAL_FAILED_PRECONDITION, "");
    assert_true(check(b, catalogue_check_offer, &f, &o.base, &o.base));
    f.n_all = 0;
    assert_true(check(b, catalogue_check_offer, &f, NULL, &o.base));
    /* 12 */
    o.amount = &money;
    money.currency_code = "EUR";
    assert_refused(check(b, catalogue_check_offer, &f, NULL, &o.base), b, REFUSAL_INVALID_ARGUMENT,
                   "percent_e4");
    o.has_percent_e4 = false;
    money.minor_units = -1;
    assert_refused(check(b, catalogue_check_offer, &f, NULL, &o.base), b, REFUSAL_OUT_OF_RANGE, "amount");
    money.minor_units = 1;
    o.has_max_quantity_e4 = true;
    o.max_quantity_e4 = 1;
    o.min_quantity_e4 = 2;
    assert_refused(check(b, catalogue_check_offer, &f, NULL, &o.base), b, REFUSAL_INVALID_ARGUMENT,
                   "max_quantity_e4");
    o.max_quantity_e4 = 2;
    assert_true(check(b, catalogue_check_offer, &f, NULL, &o.base));
    /* 16 */
    char *ids[] = {ID(3), ID(1), ID(3), ID(2)};
    o.product_ids = ids;
    o.n_product_ids = 4;
    assert_true(check(b, catalogue_check_offer, &f, NULL, &o.base));
    assert_int_equal(o.n_product_ids, 3);
    assert_string_equal(o.product_ids[0], ID(1));
    assert_string_equal(o.product_ids[2], ID(3));
    assert_string_equal(ids[1], ID(1));
    assert_string_equal(ids[0], ID(3));
}

static void test_rate(void **state)
{
    struct bench *b = *state;
    struct catalogue_facts f = {.n_others = 0};
    /* 13 */
    Baton__CurrencyRate r = BATON__CURRENCY_RATE__INIT, same = BATON__CURRENCY_RATE__INIT;
    r.from_currency = "EUR";
    r.to_currency = "EUR";
    r.day = "2026-01-01";
    assert_refused(check(b, catalogue_check_rate, &f, NULL, &r.base), b, REFUSAL_INVALID_ARGUMENT,
                   "to_currency");
    r.to_currency = "TWD";
    assert_true(check(b, catalogue_check_rate, &f, NULL, &r.base));
    assert_string_equal(r.slot, "eur/twd/2026-01-01");
    same.id = ID(4);
    f.others[f.n_others++] = &same.base;
    assert_refused(check(b, catalogue_check_rate, &f, NULL, &r.base), b, REFUSAL_ALREADY_EXISTS, "");
    f.n_others = 0;
    r.day = "2026-02-30";
    assert_refused(check(b, catalogue_check_rate, &f, NULL, &r.base), b, REFUSAL_INVALID_ARGUMENT, "day");
}

static void test_limit_and_tax(void **state)
{
    struct bench *b = *state;
    struct catalogue_facts f = {.n_others = 0};
    /* 14 */
    Baton__Role roles[] = {BATON__ROLE__ROLE_MANAGER, BATON__ROLE__ROLE_MANAGER};
    Baton__DiscountLimit l = BATON__DISCOUNT_LIMIT__INIT;
    l.has_role = true;
    l.role = BATON__ROLE__ROLE_REP;
    l.approvers = roles;
    l.n_approvers = 2;
    assert_refused(check(b, catalogue_check_limit, &f, NULL, &l.base), b, REFUSAL_INVALID_ARGUMENT,
                   "approvers");
    roles[0] = BATON__ROLE__ROLE_REP;
    assert_refused(check(b, catalogue_check_limit, &f, NULL, &l.base), b, REFUSAL_INVALID_ARGUMENT,
                   "approvers");
    roles[0] = BATON__ROLE__ROLE_ADMIN;
    assert_true(check(b, catalogue_check_limit, &f, NULL, &l.base));
    /* 15 */
    Baton__TaxRate t = BATON__TAX_RATE__INIT;
    t.country = "de";
    assert_refused(check(b, catalogue_check_tax, &f, NULL, &t.base), b, REFUSAL_INVALID_ARGUMENT, "country");
    t.country = "DE";
    assert_true(check(b, catalogue_check_tax, &f, NULL, &t.base));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_product),       cmocka_unit_test(test_validity), cmocka_unit_test(test_book),
        cmocka_unit_test(test_entry),         cmocka_unit_test(test_terms),    cmocka_unit_test(test_rate),
        cmocka_unit_test(test_limit_and_tax),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
