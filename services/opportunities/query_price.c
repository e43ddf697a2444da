/* What a product costs, for whoever asks. */
#include "base/rfc3339.h"
#include "services/opportunities/rows.h"

static const char *text_or_none(const char *text)
{
    return text && *text ? text : NULL;
}

static const char *product_id(struct load *l, const Baton__PriceProductRequest *q)
{
    const Baton__Product *p = text_or_none(q->product_code) ? table_find(l->txn, OPPORTUNITIES_PRODUCT,
                                                                         "code", q->product_code, l->arena)
                                                            : NULL;
    return p ? p->id : q->product_id;
}

bool opportunities_query_price(struct load *l, const struct command *c, ProtobufCMessage **reply,
                               struct refusal *no)
{
    const Baton__PriceProductRequest *q = (const Baton__PriceProductRequest *)c->request;
    char today[CATALOGUE_DAY_SIZE];
    opportunities_day(l->now_us, 0, today);
    const struct price_book_wish wish = {text_or_none(q->price_book_id), text_or_none(q->market),
                                         text_or_none(q->currency_code),
                                         text_or_none(q->day) ? q->day : today};
    if (!rfc3339_is_date(wish.day))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "day",
                      "\"%s\" is not a date (they are written like 2026-12-31)", wish.day);
    const Baton__PriceBook *book = opportunities_book(l, &wish, no);
    if (!book)
        return false;
    const char *account = text_or_none(q->account_id);
    const struct price_product *p = opportunities_price_product(l, book, product_id(l, q), account);
    Baton__PriceProductResponse *out = ARENA_NEW(l->arena, Baton__PriceProductResponse);
    baton__price_product_response__init(out);
    out->price = price_of(opportunities_price_facts(l, book, &wish), p,
                          opportunities_price_parts(l, book, p->product, account),
                          q->has_quantity_e4 ? q->quantity_e4 : QUANTITY_ONE, l->arena, no);
    if (!out->price)
        return false;
    out->product_id = p->product->id;
    out->day = arena_strdup(l->arena, wish.day);
    out->has_quantity_e4 = true;
    out->quantity_e4 = q->has_quantity_e4 ? q->quantity_e4 : QUANTITY_ONE;
    *reply = &out->base;
    return true;
}
