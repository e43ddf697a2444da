/* The catalogue of a price book as it is given to people, rule by rule; the numbers are those of
   decide_catalogue_list.c and, with an L, of decide_catalogue_link.c. On paper it is read back by pdftotext.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/hash.h"
#include "services/opportunities/catalogue.h"
#include "services/opportunities/catalogue_pdf.h"
#include "tests/unit/decide_bench.h"

enum { LINES = 116, TEXT_MAX = 1 << 20, PART_NAME = 400 };

struct shop {
    Baton__PriceBook book;
    Baton__Product product;
    Baton__PriceBookEntry entry, contract;
    Baton__Offer offer;
    const Baton__PriceBookEntry *entries[1], *contracts[1];
    struct price_facts facts;
    struct price_product priced;
};

/* A relay at 10.00 EUR, 7.00 by contract, and 10 % off until the end of June. */
static void open_shop(struct shop *s)
{
    memset(s, 0, sizeof *s);
    baton__price_book__init(&s->book);
    s->book.id = ID(1);
    s->book.code = s->book.name = "Europe";
    s->book.currency_code = "EUR";
    s->book.version = 3;
    baton__product__init(&s->product);
    s->product.id = ID(2);
    s->product.code = "RELAY";
    s->product.name = "Relay";
    s->product.family = "Relays";
    s->product.unit = "pcs";
    baton__price_book_entry__init(&s->entry);
    s->entry.unit_price = 1000;
    s->entry.valid_to = "2026-12-31";
    baton__price_book_entry__init(&s->contract);
    s->contract.unit_price = 700;
    baton__offer__init(&s->offer);
    s->offer.id = ID(3);
    s->offer.code = "SUMMER";
    s->offer.name = "Summer";
    s->offer.has_percent_e4 = true;
    s->offer.percent_e4 = 10 * PERCENT_ONE;
    s->offer.valid_to = "2026-06-30";
    memcpy(s->facts.day, "2026-06-15", CATALOGUE_DAY_SIZE);
    s->facts.book = &s->book;
    s->facts.offers[s->facts.n_offers++] = &s->offer;
    s->entries[0] = &s->entry;
    s->contracts[0] = &s->contract;
    s->priced = (struct price_product){&s->product, s->contracts, s->entries, 1, 1};
}

static void test_lines(void **state)
{
    struct bench *b = *state;
    struct shop s;
    open_shop(&s);
    /* 1, 3 */
    const Baton__CatalogueLine *line = catalogue_line(&s.facts, &s.priced, NULL, b->arena);
    assert_non_null(line);
    assert_int_equal(line->price, 1000);
    assert_string_equal(line->offer_code, "SUMMER");
    assert_int_equal(line->offer_price, 900);
    assert_string_equal(line->unit, "pcs");
    memcpy(s.facts.day, "2026-07-01", CATALOGUE_DAY_SIZE);
    line = catalogue_line(&s.facts, &s.priced, NULL, b->arena);
    assert_false(line->has_offer_price);
    assert_null(line->offer_code);
    /* 2 */
    memcpy(s.facts.day, "2027-01-01", CATALOGUE_DAY_SIZE);
    assert_null(catalogue_line(&s.facts, &s.priced, NULL, b->arena));
    memcpy(s.facts.day, "2026-07-01", CATALOGUE_DAY_SIZE);
    s.product.has_retired = s.product.retired = true;
    assert_null(catalogue_line(&s.facts, &s.priced, NULL, b->arena));
}

static void test_tiers_and_parts(void **state)
{
    struct bench *b = *state;
    struct shop s;
    Baton__PriceTier tiers[2], *list[] = {&tiers[0], &tiers[1]};
    open_shop(&s);
    baton__price_tier__init(&tiers[0]);
    baton__price_tier__init(&tiers[1]);
    tiers[0].from_quantity_e4 = QUANTITY_ONE / 2;
    tiers[0].unit_price = 990;
    tiers[1].from_quantity_e4 = 10 * QUANTITY_ONE;
    tiers[1].unit_price = 800;
    s.entry.tiers = list;
    s.entry.n_tiers = 2;
    /* 7: that of less than one is the price of one */
    const Baton__CatalogueLine *line = catalogue_line(&s.facts, &s.priced, NULL, b->arena);
    assert_int_equal(line->price, 990);
    assert_int_equal(line->n_tiers, 1);
    assert_int_equal(line->tiers[0]->unit_price, 800);
    assert_int_equal(line->n_parts, 0);
    /* 8: a bundle without a price of its own costs what is in it, each with the tier of all there is of it */
    Baton__Product bundle = BATON__PRODUCT__INIT;
    Baton__BundleComponent ten = BATON__BUNDLE_COMPONENT__INIT, *components[] = {&ten};
    bundle.id = ID(4);
    bundle.code = bundle.name = "TEN";
    ten.product_id = ID(2);
    ten.quantity_e4 = 10 * QUANTITY_ONE;
    bundle.components = components;
    bundle.n_components = 1;
    s.priced.n_contracts = 0;
    const struct price_product whole = {.product = &bundle}, *parts[] = {&s.priced};
    line = catalogue_line(&s.facts, &whole, parts, b->arena);
    assert_int_equal(line->price, 8000);
    assert_int_equal(line->n_tiers, 0);
    assert_int_equal(line->n_parts, 1);
    assert_string_equal(line->parts[0]->code, "RELAY");
    assert_int_equal(line->parts[0]->quantity_e4, 10 * QUANTITY_ONE);
}

static Baton__CatalogueLine *line_new(struct bench *b, const char *family, unsigned n, int64_t price)
{
    Baton__CatalogueLine *line = ARENA_NEW(b->arena, Baton__CatalogueLine);
    baton__catalogue_line__init(line);
    line->family = (char *)(uintptr_t)family;
    line->code = arena_printf(b->arena, "P-%03u", n);
    line->name = arena_printf(b->arena, "Thing %u", n);
    line->has_price = true;
    line->price = price;
    return line;
}

static void finish(struct bench *b, struct shop *s, Baton__Catalogue *c)
{
    c->version = c->as_of = NULL;
    catalogue_finish(&s->facts, c, b->arena);
}

static void test_order_and_version(void **state)
{
    struct bench *b = *state;
    struct shop s;
    Baton__Catalogue c = BATON__CATALOGUE__INIT;
    Baton__CatalogueLine *lines[] = {line_new(b, NULL, 1, 1), line_new(b, "B", 3, 1), line_new(b, "B", 2, 1),
                                     line_new(b, "A", 9, 1)};
    open_shop(&s);
    c.lines = lines;
    c.n_lines = 4;
    finish(b, &s, &c);
    /* 4 */
    assert_string_equal(lines[0]->code, "P-009");
    assert_string_equal(lines[1]->code, "P-002");
    assert_string_equal(lines[2]->code, "P-003");
    assert_string_equal(lines[3]->code, "P-001");
    /* 5 */
    const char *version = c.version;
    assert_memory_equal(version, "3-", 2);
    assert_string_equal(c.as_of, "2026-06-15");
    /* 6 */
    const char *tag = arena_printf(b->arena, "\"x\", \"%s.2026-06-15.en.pdf\"", version);
    assert_true(catalogue_is_named(&c, NULL, tag));
    assert_false(catalogue_is_named(&c, "zh-Hant", tag));
    assert_false(catalogue_is_named(&c, NULL, NULL));
    c.as_of = "2026-06-16";
    assert_false(catalogue_is_named(&c, NULL, tag));
    memcpy(s.facts.day, "2026-06-16", CATALOGUE_DAY_SIZE);
    finish(b, &s, &c);
    assert_string_equal(c.version, version);
    lines[2]->price++;
    finish(b, &s, &c);
    assert_string_not_equal(c.version, version);
}

/* --- links --- */

static void test_links(void **state)
{
    struct bench *b = *state;
    struct shop s;
    struct catalogue_link_facts f = {0};
    Baton__CreateCatalogueLinkRequest q = BATON__CREATE_CATALOGUE_LINK_REQUEST__INIT;
    open_shop(&s);
    /* L1 */
    assert_refused(run(b, catalogue_decide_link, &f, &q), b, REFUSAL_NOT_FOUND, "price_book_id");
    /* L2 */
    f.book = &s.book;
    f.n_links = CATALOGUE_LINKS_MAX;
    assert_refused(run(b, catalogue_decide_link, &f, &q), b, REFUSAL_RESOURCE_EXHAUSTED, "price_book_id");
    f.n_links--;
    assert_true(run(b, catalogue_decide_link, &f, &q));
    /* L3, L4 */
    const Baton__CatalogueLink *link = b->out.events[0]->catalogue_link_changed->link;
    const Baton__CreateCatalogueLinkResponse *p = (const Baton__CreateCatalogueLinkResponse *)b->out.reply;
    char hash[HASH_TEXT_SIZE];
    hash_text(hash, p->token);
    assert_string_equal(link->price_book_id, s.book.id);
    assert_string_equal(link->token_hash, hash);
    assert_null(p->link->token_hash);
}

static void test_revoke(void **state)
{
    struct bench *b = *state;
    struct catalogue_link_facts f = {0};
    Baton__CatalogueLink link = BATON__CATALOGUE_LINK__INIT;
    Baton__RevokeCatalogueLinkRequest q = BATON__REVOKE_CATALOGUE_LINK_REQUEST__INIT;
    link.id = ID(7);
    link.created_by_id = ID(8);
    /* L5 */
    assert_refused(run(b, catalogue_decide_revoke, &f, &q), b, REFUSAL_NOT_FOUND, "id");
    f.link = &link;
    b->actor.has_role = true;
    b->actor.role = BATON__ROLE__ROLE_MANAGER;
    assert_refused(run(b, catalogue_decide_revoke, &f, &q), b, REFUSAL_NOT_FOUND, "id");
    b->actor.user_id = ID(8);
    assert_true(run(b, catalogue_decide_revoke, &f, &q));
    assert_true(b->out.events[0]->catalogue_link_changed->revoked);
    b->actor.user_id = ID(9);
    b->actor.role = BATON__ROLE__ROLE_ADMIN;
    assert_true(run(b, catalogue_decide_revoke, &f, &q));
}

/* --- on paper --- */

static char *drawn(struct bench *b, const Baton__Catalogue *c, const char *language)
{
    const struct quote_paper paper = {"Relay House Ltd.", "1 Long Road\nTaipei 110"};
    char path[] = "/tmp/baton-catalogue-XXXXXX", *text = arena_alloc(b->arena, TEXT_MAX);
    struct buffer pdf;
    int file = mkstemp(path);
    assert_true(file >= 0);
    buffer_init(&pdf, CATALOGUE_PDF_MAX);
    assert_true(catalogue_pdf_draw(c, &paper, language, &pdf));
    assert_int_equal(write(file, pdf.data, pdf.size), pdf.size);
    close(file);
    buffer_release(&pdf);
    FILE *p = popen(arena_printf(b->arena, "pdftotext -layout '%s' -", path), "r");
    assert_non_null(p);
    text[fread(text, 1, TEXT_MAX - 1, p)] = '\0';
    assert_int_equal(pclose(p), 0);
    assert_int_equal(unlink(path), 0);
    return text;
}

static void test_paper(void **state)
{
    struct bench *b = *state;
    struct shop s;
    Baton__Catalogue c = BATON__CATALOGUE__INIT;
    Baton__CatalogueLine *lines[LINES];
    open_shop(&s);
    for (unsigned i = 0; i < LINES; i++)
        lines[i] = line_new(b, i % 2 ? "Relays" : "Cables", i, 123450 + i);
    lines[7]->offer_name = "Summer";
    lines[7]->has_offer_price = true;
    lines[7]->offer_price = 99901;
    Baton__PriceTier tier = BATON__PRICE_TIER__INIT, *tiers[] = {&tier, &tier};
    Baton__CataloguePart part = BATON__CATALOGUE_PART__INIT, *parts[] = {&part};
    tier.from_quantity_e4 = 25 * QUANTITY_ONE;
    tier.unit_price = 77702;
    part.code = "P-555";
    part.name =
        "Foil, ABCDEFGHIJKLMNOPQRSTUVWXYZ"; /* letters that cairo keeps a whole font for, see sheet.c */
    part.quantity_e4 = QUANTITY_ONE / 2;
    lines[9]->tiers = tiers;
    lines[9]->parts = parts;
    lines[9]->n_tiers = 2;
    lines[9]->n_parts = 1;
    c.lines = lines;
    c.n_lines = LINES;
    finish(b, &s, &c);
    const char *text = drawn(b, &c, NULL);
    for (unsigned i = 0; i < LINES; i++) {
        assert_non_null(strstr(text, arena_printf(b->arena, "P-%03u", i)));
        assert_non_null(
            strstr(text, arena_printf(b->arena, "1,%u.%02u", (123450 + i) / 100 % 1000, (123450 + i) % 100)));
    }
    assert_non_null(strstr(text, "999.01"));
    assert_non_null(strstr(text, "0.5 × P-555"));
    assert_non_null(strstr(text, "from 25: 777.02"));
    assert_non_null(strstr(text, c.version));
    assert_non_null(strstr(text, "Valid as of"));
    assert_non_null(strstr(text, "Page 3 of 3"));
    text = drawn(b, &c, "zh-Hant");
    assert_non_null(strstr(text, "產品型錄"));
    assert_non_null(strstr(text, "價格基準日"));
    assert_non_null(strstr(text, "2026-06-15"));
}

/* A bundle of more than a page has room for ends with a sign of it, and the page does not run over. */
static void test_large_bundle(void **state)
{
    struct bench *b = *state;
    struct shop s;
    Baton__Catalogue c = BATON__CATALOGUE__INIT;
    Baton__CatalogueLine *lines[] = {line_new(b, NULL, 1, 100)};
    Baton__PriceTier tier = BATON__PRICE_TIER__INIT, *tiers[] = {&tier};
    Baton__CataloguePart *parts[CATALOGUE_COMPONENTS_MAX];
    char name[PART_NAME + 1] = "";
    open_shop(&s);
    tier.from_quantity_e4 = 25 * QUANTITY_ONE;
    tier.unit_price = 77702;
    for (size_t i = 0; i < PART_NAME; i++)
        name[i] = i % 8 ? 'o' : ' ';
    for (unsigned i = 0; i < CATALOGUE_COMPONENTS_MAX; i++) {
        parts[i] = ARENA_NEW(b->arena, Baton__CataloguePart);
        baton__catalogue_part__init(parts[i]);
        parts[i]->code = arena_printf(b->arena, "PART-%02u", i);
        parts[i]->name = name;
        parts[i]->quantity_e4 = QUANTITY_ONE;
    }
    lines[0]->tiers = tiers;
    lines[0]->n_tiers = 1;
    lines[0]->parts = parts;
    c.lines = lines;
    c.n_lines = 1;
    for (size_t n = 1; n <= CATALOGUE_COMPONENTS_MAX; n += CATALOGUE_COMPONENTS_MAX - 1) {
        lines[0]->n_parts = n;
        finish(b, &s, &c);
        const char *text = drawn(b, &c, NULL);
        assert_non_null(strstr(text, "1 × PART-00"));
        assert_non_null(strstr(text, "from 25: 777.02"));
        assert_null(strstr(text, "PART-49"));
        assert_int_equal(strstr(text, "…") != NULL, n > 1);
        assert_non_null(strstr(text, n > 1 ? "Page 2 of 2" : "Page 1 of 1"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),           cmocka_unit_test(test_order_and_version),
        cmocka_unit_test(test_links),           cmocka_unit_test(test_revoke),
        cmocka_unit_test(test_tiers_and_parts), cmocka_unit_test(test_paper),
        cmocka_unit_test(test_large_bundle),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
