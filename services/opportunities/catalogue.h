/* The catalogue: what may stand in price books, offers, rates, limits and taxes, and what a product costs. */
#ifndef BATON_OPPORTUNITIES_CATALOGUE_H
#define BATON_OPPORTUNITIES_CATALOGUE_H

#include "base/money.h"
#include "baton/v1/catalogue.pb-c.h"
#include "baton/v1/opportunities.pb-c.h"
#include "schema/decide.h"

enum {
    CATALOGUE_OTHERS_MAX = 500, /* records of one slot: validities of one price, one book, one tax */
    CATALOGUE_BOOKS_MAX = 500,  /* that are not superseded */
    CATALOGUE_OFFERS_MAX = 200,
    CATALOGUE_COMPONENTS_MAX = 50, /* as the schema has it */
    CATALOGUE_RATE_DAYS = 7,       /* how old a rate of a currency may be */
    CATALOGUE_DAY_SIZE = 11,
    CATALOGUE_LINES_MAX = 5000, /* as the schema has it */
    CATALOGUE_LINKS_MAX = 100,  /* of one book, with all its versions */
};

/* --- what may stand in it (decide_catalogue.c) --- */

/* What the checks of the catalogue's records know of others. */
struct catalogue_facts {
    const ProtobufCMessage *others[CATALOGUE_OTHERS_MAX]; /* of the same slot */
    size_t n_others;
    size_t n_all;                 /* of offers: how many there are */
    const char *missing;          /* of what the record names, the field whose record is not there */
    bool has_bundle;              /* a component is a bundle itself */
    bool is_used;                 /* something names this record */
    const Baton__PriceBook *book; /* an entry's, or the one that a book supersedes; NULL: none */
    uint64_t book_seq;
};

record_check_fn catalogue_check_product, catalogue_check_book, catalogue_check_entry, catalogue_check_offer,
    catalogue_check_rate, catalogue_check_limit, catalogue_check_tax;

/* What no two records of a type may share at the same time, as the record says it; NULL: its type has none.
 */
char *catalogue_slot(const ProtobufCMessage *record, struct arena *a);
/* Ids of products in an offer ascend, each once, so that a line finds its own quickly: puts them so, in
 * place. */
void catalogue_sort_ids(char **ids, size_t *n);
/* The day lies within a validity, both ends included; NULL is open. */
bool catalogue_is_valid(const char *from, const char *to, const char *day);

/* --- what it costs (decide_price.c) --- */

/* A product with its prices in one book: by contract of one account, and for everybody. */
struct price_product {
    const Baton__Product *product; /* NULL: there is none */
    const Baton__PriceBookEntry **contracts, **entries;
    size_t n_contracts, n_entries;
};

/* All that the price of any product on a day depends on, but the product. */
struct price_facts {
    char day[CATALOGUE_DAY_SIZE];
    const Baton__PriceBook *book;                     /* NULL: there is none */
    const Baton__Offer *offers[CATALOGUE_OFFERS_MAX]; /* their products' ids ascend */
    size_t n_offers;
    const char *market, *currency;   /* NULL: any, the book's */
    const Baton__CurrencyRate *rate; /* the newest until the day, within days; NULL: none */
};

/* Of several books the one to quote from. */
struct price_book_wish {
    const char *id, *market, *currency, *day; /* id, market and currency may be NULL */
};
const Baton__PriceBook *price_book_pick(const Baton__PriceBook *const *books, size_t n,
                                        const struct price_book_wish *wish, struct refusal *no);

/* What so much of a product costs; `parts` are those of a bundle's components, in their order. NULL: refused.
 */
Baton__Price *price_of(const struct price_facts *f, const struct price_product *product,
                       const struct price_product *const *parts, int64_t quantity_e4, struct arena *a,
                       struct refusal *no);

/* "EUR 1,234.50" without the thousands: for sentences. */
char *price_say(const char *currency, int64_t minor_units, struct arena *a);

/* --- for everybody, on a day (decide_catalogue_list.c) --- */

/* What one of the product costs, without any contract; `parts` as above. NULL: nothing, on the facts' day. */
Baton__CatalogueLine *catalogue_line(const struct price_facts *f, const struct price_product *product,
                                     const struct price_product *const *parts, struct arena *a);
/* Orders the lines, and says what book, day and version they are of. */
void catalogue_finish(const struct price_facts *f, Baton__Catalogue *c, struct arena *a);
/* Whether the text (NULL: none) has the tag of its PDF in that language: "VERSION.DAY.LANGUAGE.pdf", in
   double quotes. */
bool catalogue_is_named(const Baton__Catalogue *c, const char *language, const char *text);

/* --- links to it (decide_catalogue_link.c) --- */

struct catalogue_link_facts {
    const Baton__PriceBook *book;     /* the first version of what was asked for; NULL: there is none */
    size_t n_links;                   /* to it */
    const Baton__CatalogueLink *link; /* to be revoked; NULL: there is none */
};
decide_fn catalogue_decide_link, catalogue_decide_revoke;
/* Whether the actor may see and revoke it. */
bool catalogue_link_is_for(const Baton__CatalogueLink *link, const Baton__Actor *actor);

#endif
