/* Facts for prices: a book, a product's entries in it, offers, and a rate. */
#include <string.h>

#include "base/civil.h"
#include "services/opportunities/rows.h"

enum { BOOK_VERSIONS_MAX = 1000 };

static void day_before(const char *day, int back, char out[CATALOGUE_DAY_SIZE])
{
    struct civil c;
    bool is_date;
    char text[CIVIL_SIZE];
    *out = '\0';
    if (!civil_parse(day, &c, &is_date))
        return;
    c = civil_of_seconds(civil_seconds(&c) - (int64_t)back * 86400);
    civil_format(text, &c, true);
    memcpy(out, text, CATALOGUE_DAY_SIZE);
}

void opportunities_day(int64_t now_us, int later, char out[CATALOGUE_DAY_SIZE])
{
    char text[CIVIL_SIZE];
    const struct civil c = civil_of_seconds(now_us / 1000000 + (int64_t)later * 86400);
    civil_format(text, &c, true);
    memcpy(out, text, CATALOGUE_DAY_SIZE);
}

const Baton__PriceBook *opportunities_book(struct load *l, const struct price_book_wish *wish,
                                           struct refusal *no)
{
    struct table_scan scan;
    const Baton__PriceBook *b;
    const Baton__PriceBook **books = ARENA_ARRAY(l->arena, const Baton__PriceBook *, CATALOGUE_BOOKS_MAX);
    size_t n = 0;
    if (wish->id) {
        b = table_get_id(l->txn, OPPORTUNITIES_PRICE_BOOK, wish->id, l->arena);
        if (!b)
            (void)refuse(no, REFUSAL_NOT_FOUND, "price_book_id", "there is no such price book");
        return b;
    }
    if (!table_scan_open(&scan, l->txn, OPPORTUNITIES_PRICE_BOOK, NULL, NULL, NULL, true))
        return NULL;
    while (n < CATALOGUE_BOOKS_MAX && (b = table_scan_next(&scan, l->arena)))
        if (!b->superseded_by_id)
            books[n++] = b;
    table_scan_close(&scan);
    return price_book_pick(books, n, wish, no);
}

const Baton__PriceBook *opportunities_book_newest(struct load *l, const char *id)
{
    const Baton__PriceBook *b = NULL;
    for (int i = 0; id && i < BOOK_VERSIONS_MAX; i++) {
        b = table_get_id(l->txn, OPPORTUNITIES_PRICE_BOOK, id, l->arena);
        id = b ? b->superseded_by_id : NULL;
    }
    return b;
}

const Baton__PriceBook *opportunities_book_first(struct load *l, const char *id)
{
    const Baton__PriceBook *b = NULL;
    for (int i = 0; id && i < BOOK_VERSIONS_MAX; i++) {
        b = table_get_id(l->txn, OPPORTUNITIES_PRICE_BOOK, id, l->arena);
        id = b ? b->supersedes_id : NULL;
    }
    return b;
}

const Baton__CurrencyRate *opportunities_rate(struct load *l, const char *from, const char *to,
                                              const char *until)
{
    Baton__CurrencyRate wanted = BATON__CURRENCY_RATE__INIT;
    const Baton__CurrencyRate *rate = NULL;
    wanted.from_currency = (char *)(uintptr_t)from;
    wanted.to_currency = (char *)(uintptr_t)to;
    for (int back = 0; !rate && back <= CATALOGUE_RATE_DAYS; back++) {
        char day[CATALOGUE_DAY_SIZE];
        struct catalogue_facts found = {.n_others = 0};
        day_before(until, back, day);
        wanted.day = day;
        opportunities_slot_load(l, OPPORTUNITIES_RATE, catalogue_slot(&wanted.base, l->arena), &found);
        rate = found.n_others ? (const Baton__CurrencyRate *)found.others[0] : NULL;
    }
    return rate;
}

/* What was written before ids ascended is put right here. */
static void offers_load(struct load *l, struct price_facts *f)
{
    struct table_scan scan;
    Baton__Offer *o;
    if (!table_scan_open(&scan, l->txn, OPPORTUNITIES_OFFER, NULL, NULL, NULL, false))
        return;
    while (f->n_offers < CATALOGUE_OFFERS_MAX && (o = table_scan_next(&scan, l->arena)))
        if (catalogue_is_valid(o->valid_from, o->valid_to, f->day)) {
            catalogue_sort_ids(o->product_ids, &o->n_product_ids);
            f->offers[f->n_offers++] = o;
        }
    table_scan_close(&scan);
}

struct price_facts *opportunities_price_facts(struct load *l, const Baton__PriceBook *book,
                                              const struct price_book_wish *wish)
{
    struct price_facts *f = ARENA_NEW(l->arena, struct price_facts);
    (void)day_before(wish->day, 0, f->day); /* as it is, or none */
    f->book = book;
    f->market = wish->market;
    f->currency = wish->currency;
    if (book && f->currency && strcmp(book->currency_code, f->currency) != 0)
        f->rate = opportunities_rate(l, book->currency_code, f->currency, f->day);
    offers_load(l, f);
    return f;
}

static const Baton__PriceBookEntry **entries_load(struct load *l, const Baton__PriceBook *book,
                                                  const char *product_id, const char *account_id, size_t *n)
{
    Baton__PriceBookEntry wanted = BATON__PRICE_BOOK_ENTRY__INIT;
    struct catalogue_facts found = {.n_others = 0};
    wanted.price_book_id = book->id;
    wanted.product_id = (char *)(uintptr_t)product_id;
    wanted.account_id = (char *)(uintptr_t)account_id;
    opportunities_slot_load(l, OPPORTUNITIES_ENTRY, catalogue_slot(&wanted.base, l->arena), &found);
    const Baton__PriceBookEntry **rows = ARENA_ARRAY(l->arena, const Baton__PriceBookEntry *, found.n_others);
    for (*n = 0; *n < found.n_others; ++*n)
        rows[*n] = (const Baton__PriceBookEntry *)found.others[*n];
    return rows;
}

struct price_product *opportunities_price_product(struct load *l, const Baton__PriceBook *book,
                                                  const char *id, const char *account_id)
{
    struct price_product *p = ARENA_NEW(l->arena, struct price_product);
    p->product = table_get_id(l->txn, OPPORTUNITIES_PRODUCT, id, l->arena);
    if (!p->product || !book)
        return p;
    p->entries = entries_load(l, book, id, NULL, &p->n_entries);
    if (account_id)
        p->contracts = entries_load(l, book, id, account_id, &p->n_contracts);
    return p;
}

const struct price_product *const *opportunities_price_parts(struct load *l, const Baton__PriceBook *book,
                                                             const Baton__Product *bundle,
                                                             const char *account_id)
{
    const size_t n = bundle ? bundle->n_components : 0;
    const struct price_product **parts = ARENA_ARRAY(l->arena, const struct price_product *, n);
    for (size_t i = 0; i < n; i++)
        parts[i] = opportunities_price_product(l, book, bundle->components[i]->product_id, account_id);
    return parts;
}
