/* What things cost in the company: a price book, products and their prices. */
#include "baton/v1/opportunities.pb-c.h"
#include "matrix/internal.h"

const char *company_book(struct company *c)
{
    Baton__PriceBook b = BATON__PRICE_BOOK__INIT;
    b.code = arena_printf(c->arena, "BOOK-%u", company_number(c));
    b.name = b.code;
    b.currency_code = (char *)"EUR";
    if (!*c->book)
        company_create(c, &b.base, c->book);
    return c->book;
}

const char *company_product(struct company *c)
{
    Baton__Product p = BATON__PRODUCT__INIT;
    char *id = arena_alloc(c->arena, COMPANY_ID_SIZE);
    p.code = p.name = arena_printf(c->arena, "PRODUCT-%u", company_number(c));
    company_create(c, &p.base, id);
    return id;
}

const char *company_priced(struct company *c)
{
    Baton__PriceBookEntry e = BATON__PRICE_BOOK_ENTRY__INIT;
    char id[COMPANY_ID_SIZE];
    e.price_book_id = (char *)(uintptr_t)company_book(c);
    e.product_id = (char *)(uintptr_t)company_product(c);
    e.has_unit_price = true;
    e.unit_price = 1250;
    company_create(c, &e.base, id);
    return e.product_id;
}
