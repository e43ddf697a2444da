/* A quote of some products in one book, for tests of quotes. */
#ifndef BATON_TESTS_QUOTE_DESK_H
#define BATON_TESTS_QUOTE_DESK_H

#include "services/opportunities/quote.h"
#include "tests/unit/decide_bench.h"

enum { LINES = 60 };

/* Products at any price in one book, in a quote of one currency. */
struct desk {
    Baton__PriceBook book;
    Baton__Product products[LINES];
    Baton__PriceBookEntry entries[LINES];
    const Baton__PriceBookEntry *lists[LINES][1];
    struct price_product priced[LINES];
    Baton__TaxRate taxes[2];
    Baton__QuoteLineWish wishes[LINES], *list[LINES];
    int64_t discounts[LINES][2];
    struct price_facts prices;
    struct quote_facts facts;
    Baton__Quote quote;
    Baton__QuoteHead head;
    Baton__Opportunity opportunity;
};

static inline void line_open(struct desk *d, int i)
{
    baton__product__init(&d->products[i]);
    d->products[i].id = ID(2);
    d->products[i].code = d->products[i].name = "RELAY";
    baton__price_book_entry__init(&d->entries[i]);
    d->entries[i].id = ID(3);
    d->entries[i].unit_price = 1000;
    d->lists[i][0] = &d->entries[i];
    d->priced[i] = (struct price_product){.product = &d->products[i], .entries = d->lists[i], .n_entries = 1};
    baton__quote_line_wish__init(&d->wishes[i]);
    d->wishes[i].has_quantity_e4 = true;
    d->wishes[i].quantity_e4 = QUANTITY_ONE;
    d->wishes[i].discounts_e4 = d->discounts[i];
    d->list[i] = &d->wishes[i];
    d->facts.lines[i].product = &d->priced[i];
}

static inline void desk_open(struct desk *d)
{
    memset(d, 0, sizeof *d);
    baton__price_book__init(&d->book);
    d->book.id = ID(1);
    d->book.code = "EU";
    d->book.currency_code = "EUR";
    for (int i = 0; i < LINES; i++)
        line_open(d, i);
    for (int i = 0; i < 2; i++) {
        baton__tax_rate__init(&d->taxes[i]);
        d->taxes[i].name = "VAT";
        d->taxes[i].percent_e4 = i ? 7 * PERCENT_ONE : 19 * PERCENT_ONE;
    }
    memcpy(d->prices.day, "2026-06-15", CATALOGUE_DAY_SIZE);
    memcpy(d->facts.today, "2026-06-15", CATALOGUE_DAY_SIZE);
    memcpy(d->facts.lasts_until, "2026-07-15", CATALOGUE_DAY_SIZE);
    d->prices.book = &d->book;
    d->facts.prices = &d->prices;
    d->facts.wishes = d->list;
    d->facts.n_lines = 1;
    baton__opportunity__init(&d->opportunity);
    d->facts.opportunity = &d->opportunity;
    baton__quote_head__init(&d->head);
    baton__quote__init(&d->quote);
    d->quote.id = ID(5);
    d->quote.opportunity_id = ID(6);
    d->quote.currency_code = "EUR";
    d->quote.head = &d->head;
    d->quote.has_status = true;
    d->quote.status = BATON__QUOTE_STATUS__QUOTE_STATUS_DRAFT;
    d->quote.has_revision = true;
    d->quote.revision = 4;
    d->facts.quote = &d->quote;
    d->facts.may_write = true;
}

static inline struct refusal priced(struct bench *b, struct desk *d, int64_t discount)
{
    struct refusal no = {0};
    if (quote_price(&d->facts, &d->quote, discount, b->arena, &no))
        assert_int_equal(no.code, REFUSAL_NONE);
    return no;
}

#endif
