/* What things cost in the company: a price book, products and their prices. */
#include "baton/v1/opportunities.pb-c.h"
#include "matrix/internal.h"

/* There is a tax for everything in Germany, so that lines have one. */
static void tax_make(struct company *c)
{
    Baton__TaxRate t = BATON__TAX_RATE__INIT;
    char id[COMPANY_ID_SIZE];
    t.name = t.country = (char *)"DE";
    t.has_percent_e4 = true;
    t.percent_e4 = 190000;
    company_create(c, &t.base, id);
}

const char *company_book(struct company *c)
{
    Baton__PriceBook b = BATON__PRICE_BOOK__INIT;
    b.code = arena_printf(c->arena, "BOOK-%u", company_number(c));
    b.name = b.code;
    b.currency_code = (char *)"EUR";
    if (*c->book)
        return c->book;
    company_create(c, &b.base, c->book);
    tax_make(c);
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

/* With one line of the product; the token is that of its link, if it was sent. */
static void quote_make(struct company *c, const Baton__Actor *author, const struct person *owner,
                       const char *product_id, int64_t discount_e4, char id[COMPANY_ID_SIZE])
{
    Baton__Opportunity o = BATON__OPPORTUNITY__INIT;
    Baton__CreateQuoteRequest create = BATON__CREATE_QUOTE_REQUEST__INIT;
    Baton__SetQuoteLinesRequest set = BATON__SET_QUOTE_LINES_REQUEST__INIT;
    Baton__QuoteLineWish line = BATON__QUOTE_LINE_WISH__INIT, *lines[] = {&line};
    char opportunity[COMPANY_ID_SIZE];
    o.name = arena_printf(c->arena, "Deal %u", company_number(c));
    o.owner_id = (char *)owner->id;
    company_create(c, &o.base, opportunity);
    create.opportunity_id = opportunity;
    create.price_book_id = (char *)(uintptr_t)company_book(c);
    Baton__CreateQuoteResponse *made = company_must(c, author, "QuoteService/CreateQuote", &create);
    company_keep_id(id, made->quote->id);
    set.quote_id = id;
    set.lines = lines;
    set.n_lines = 1;
    line.product_id = (char *)(uintptr_t)product_id;
    line.discounts_e4 = &discount_e4;
    line.n_discounts_e4 = discount_e4 != 0;
    /* the country of the tax rates that others may have written down */
    Baton__QuoteHead head = BATON__QUOTE_HEAD__INIT;
    head.country = (char *)"DE";
    set.head = &head;
    (void)company_must(c, author, "QuoteService/SetQuoteLines", &set); /* it was not refused */
}

void company_quote(struct company *c, const struct kind *k, const struct person *owner,
                   char id[COMPANY_ID_SIZE])
{
    quote_make(c, &c->boss.actor, owner, company_priced(c), 0, id);
}

/* Of representatives more than nothing off these is approved by managers. */
static const char *asked_product(struct company *c)
{
    Baton__DiscountLimit l = BATON__DISCOUNT_LIMIT__INIT;
    Baton__Product p = BATON__PRODUCT__INIT;
    Baton__Role above = BATON__ROLE__ROLE_MANAGER;
    Baton__UpdateRecordRequest q = BATON__UPDATE_RECORD_REQUEST__INIT;
    char id[COMPANY_ID_SIZE];
    if (*c->asked_product)
        return c->asked_product;
    l.family = p.family = (char *)"Asked";
    l.has_role = l.has_percent_e4 = true;
    l.role = BATON__ROLE__ROLE_REP;
    l.approvers = &above;
    l.n_approvers = 1;
    company_create(c, &l.base, id);
    company_keep_id(c->asked_product, company_priced(c));
    p.id = c->asked_product;
    q.record = record_wrap(&p.base, c->arena);
    (void)company_must(c, &c->boss.actor, "RecordService/UpdateRecord", &q); /* it was not refused */
    return c->asked_product;
}

void company_quote_asked(struct company *c, const struct kind *k, const struct person *owner,
                         char id[COMPANY_ID_SIZE])
{
    Baton__RequestApprovalRequest q = BATON__REQUEST_APPROVAL_REQUEST__INIT;
    quote_make(c, &c->deputy.actor, owner, asked_product(c), 10000, id);
    q.quote_id = id;
    (void)company_must(c, &c->deputy.actor, "QuoteService/RequestApproval", &q); /* it was not refused */
}

void company_quote_sent(struct company *c, const struct kind *k, const struct person *owner,
                        char id[COMPANY_ID_SIZE])
{
    Baton__SendQuoteRequest q = BATON__SEND_QUOTE_REQUEST__INIT;
    company_quote(c, k, &c->boss, id);
    q.quote_id = id;
    Baton__SendQuoteResponse *sent = company_must(c, &c->boss.actor, "QuoteService/SendQuote", &q);
    company_keep_id(id, sent->token);
}

const char *company_link(struct company *c)
{
    char *id = arena_alloc(c->arena, COMPANY_ID_SIZE);
    company_quote_sent(c, NULL, NULL, id);
    return id;
}

static Baton__CreateCatalogueLinkResponse *list(struct company *c, const Baton__Actor *actor)
{
    Baton__CreateCatalogueLinkRequest q = BATON__CREATE_CATALOGUE_LINK_REQUEST__INIT;
    q.price_book_id = (char *)(uintptr_t)company_book(c);
    return company_must(c, actor, "CatalogueService/CreateCatalogueLink", &q);
}

/* Whatever else they are, it is theirs. */
void company_catalogue_link(struct company *c, const struct kind *k, const struct person *owner,
                            char id[COMPANY_ID_SIZE])
{
    Baton__Actor actor = owner->actor;
    actor.role = BATON__ROLE__ROLE_REP;
    company_keep_id(id, list(c, &actor)->link->id);
}

const char *company_listed(struct company *c)
{
    return list(c, &c->boss.actor)->token;
}
