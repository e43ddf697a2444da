/* The catalogue of a price book as it is today, for who works here and for whoever has a link; who has which.
 */
#include <string.h>

#include "services/opportunities/catalogue_pdf.h"
#include "services/opportunities/rows.h"

enum { BYTES_MAX = CATALOGUE_PDF_MAX, LINES_BYTES_MAX = 8 << 20 /* that are drawn, packed */ };

static const char *text_or_none(const char *text)
{
    return text && *text ? text : NULL;
}

/* --- what is in it --- */

struct gathering {
    struct load *l, row; /* `row` reads into memory that is given back after each row */
    const struct price_facts *f;
    Baton__Catalogue *out;
    size_t bytes; /* of the lines */
};

typedef Baton__CatalogueLine *line_fn(struct load *l, const struct price_facts *f, const void *row);

/* The entry's line; NULL: there is none, or it is of a bundle. */
static Baton__CatalogueLine *entry_line(struct load *l, const struct price_facts *f, const void *row)
{
    const Baton__PriceBookEntry *e = row;
    struct price_product p = {.entries = &e, .n_entries = 1};
    if (text_or_none(e->account_id) || !catalogue_is_valid(e->valid_from, e->valid_to, f->day))
        return NULL;
    p.product = table_get_id(l->txn, OPPORTUNITIES_PRODUCT, e->product_id, l->arena);
    return p.product && p.product->n_components ? NULL : catalogue_line(f, &p, NULL, l->arena);
}

/* The product's line, if it is a bundle, which may have no entry of its own. */
static Baton__CatalogueLine *bundle_line(struct load *l, const struct price_facts *f, const void *row)
{
    const Baton__Product *bundle = row;
    if (!bundle->n_components || bundle->retired)
        return NULL;
    return catalogue_line(f, opportunities_price_product(l, f->book, bundle->id, NULL),
                          opportunities_price_parts(l, f->book, bundle, NULL), l->arena);
}

static bool refuse_large(struct refusal *no)
{
    return refuse(no, REFUSAL_RESOURCE_EXHAUSTED, NULL,
                  "there is more in this price book than one catalogue holds (%d products)",
                  CATALOGUE_LINES_MAX);
}

/* False: there is no room for it. */
static bool add(struct gathering *g, const Baton__CatalogueLine *line)
{
    Baton__Catalogue *out = g->out;
    if (line) {
        g->bytes += protobuf_c_message_get_packed_size(&line->base);
        if (out->n_lines == CATALOGUE_LINES_MAX || g->bytes > LINES_BYTES_MAX)
            return false;
        out->lines[out->n_lines++] = (Baton__CatalogueLine *)schema_copy(&line->base, g->l->arena);
    }
    arena_reset(g->row.arena);
    return true;
}

/* However many rows there are: only what is kept is counted. */
static bool walk(struct gathering *g, unsigned table, const char *field, const char *value, line_fn *line)
{
    struct table_scan scan;
    const void *row;
    bool fits = true;
    if (!table_scan_open(&scan, g->l->txn, table, field, value, NULL, false))
        return true;
    while (fits && (row = table_scan_next(&scan, g->row.arena)))
        fits = add(g, line(&g->row, g->f, row));
    table_scan_close(&scan);
    return fits;
}

static bool gather(struct load *l, const struct price_facts *f, Baton__Catalogue *out, struct refusal *no)
{
    struct gathering g = {.l = l, .row = *l, .f = f, .out = out};
    out->lines = ARENA_ARRAY(l->arena, Baton__CatalogueLine *, CATALOGUE_LINES_MAX);
    g.row.arena = arena_new(arena_limit(l->arena));
    const bool fits = walk(&g, OPPORTUNITIES_ENTRY, "price_book_id", f->book->id, entry_line) &&
                      walk(&g, OPPORTUNITIES_PRODUCT, NULL, NULL, bundle_line);
    arena_free(g.row.arena);
    return fits || refuse_large(no);
}

static Baton__Catalogue *catalogue_of(struct load *l, const Baton__PriceBook *book, struct refusal *no)
{
    char today[CATALOGUE_DAY_SIZE];
    opportunities_day(l->now_us, 0, today);
    const struct price_book_wish wish = {book->id, text_or_none(book->market), NULL, today};
    Baton__Catalogue *out = ARENA_NEW(l->arena, Baton__Catalogue);
    baton__catalogue__init(out);
    if (!catalogue_is_valid(book->valid_from, book->valid_to, today)) {
        (void)refuse(no, REFUSAL_FAILED_PRECONDITION, "price_book_id", "price book %s is not valid on %s",
                     book->code, today);
        return NULL;
    }
    const struct price_facts *f = opportunities_price_facts(l, book, &wish);
    if (!gather(l, f, out, no))
        return NULL;
    catalogue_finish(f, out, l->arena);
    return out;
}

/* --- as it is asked for --- */

static bool draw(struct load *l, const char *language, Baton__Catalogue *c, struct refusal *no)
{
    const Baton__Organisation *o = opportunities_organisation(l);
    const struct quote_paper paper = {o ? o->name : NULL, o ? o->letterhead : NULL};
    struct buffer out;
    buffer_init(&out, CATALOGUE_PDF_MAX);
    const bool is_drawn = catalogue_pdf_draw(c, &paper, language, &out);
    if (is_drawn) {
        c->has_pdf = true;
        c->pdf.data = arena_copy(l->arena, out.data, out.size);
        c->pdf.len = out.size;
    }
    buffer_release(&out);
    return is_drawn || refuse(no, REFUSAL_UNAVAILABLE, NULL,
                              "the catalogue is too large for one file, or this installation cannot draw it");
}

/* NULL: refused. */
static Baton__Catalogue *answer(struct load *l, const Baton__PriceBook *book, bool is_superseded,
                                const Baton__CatalogueWish *wish, struct refusal *no)
{
    static const Baton__CatalogueWish anything = BATON__CATALOGUE_WISH__INIT;
    const Baton__CatalogueWish *w = wish ? wish : &anything;
    Baton__Catalogue *c = catalogue_of(l, book, no);
    if (!c)
        return NULL;
    c->has_superseded = true;
    c->superseded = is_superseded || (text_or_none(w->version) && strcmp(w->version, c->version) != 0);
    if (w->as_pdf) {
        if (!c->superseded && !catalogue_is_named(c, w->language, w->have) && !draw(l, w->language, c, no))
            return NULL;
        c->n_lines = 0;
    }
    if (protobuf_c_message_get_packed_size(&c->base) <= BYTES_MAX + 4096)
        return c;
    (void)refuse_large(no);
    return NULL;
}

bool opportunities_query_catalogue(struct load *l, const struct command *c, ProtobufCMessage **reply,
                                   struct refusal *no)
{
    const Baton__GetCatalogueRequest *q = (const Baton__GetCatalogueRequest *)c->request;
    const Baton__PriceBook *asked =
        text_or_none(q->price_book_code)
            ? table_find(l->txn, OPPORTUNITIES_PRICE_BOOK, "code", q->price_book_code, l->arena)
            : table_get_id(l->txn, OPPORTUNITIES_PRICE_BOOK, q->price_book_id, l->arena);
    const Baton__PriceBook *book = asked ? opportunities_book_newest(l, asked->id) : NULL;
    Baton__GetCatalogueResponse *out = ARENA_NEW(l->arena, Baton__GetCatalogueResponse);
    baton__get_catalogue_response__init(out);
    if (!book)
        return refuse(no, REFUSAL_NOT_FOUND, "price_book_id", "there is no such price book");
    out->catalogue = answer(l, book, strcmp(book->id, asked->id) != 0, q->wish, no);
    *reply = &out->base;
    return out->catalogue != NULL;
}

bool opportunities_query_catalogue_link(struct load *l, const struct command *c, ProtobufCMessage **reply,
                                        struct refusal *no)
{
    const Baton__GetCatalogueByLinkRequest *q = (const Baton__GetCatalogueByLinkRequest *)c->request;
    const Baton__CatalogueLink *link = opportunities_catalogue_by_link(l, q->token);
    const Baton__PriceBook *book = link ? opportunities_book_newest(l, link->price_book_id) : NULL;
    Baton__GetCatalogueByLinkResponse *out = ARENA_NEW(l->arena, Baton__GetCatalogueByLinkResponse);
    baton__get_catalogue_by_link_response__init(out);
    if (!book)
        return refuse(no, REFUSAL_NOT_FOUND, "token", "there is nothing here, or not any more");
    out->catalogue = answer(l, book, false, q->wish, no);
    *reply = &out->base;
    if (!out->catalogue)
        return false;
    out->catalogue->price_book_id = NULL; /* of no use outside */
    return true;
}

bool opportunities_query_catalogue_links(struct load *l, const struct command *c, ProtobufCMessage **reply,
                                         struct refusal *no)
{
    const Baton__ListCatalogueLinksRequest *q = (const Baton__ListCatalogueLinksRequest *)c->request;
    const Baton__PriceBook *book = opportunities_book_first(l, q->price_book_id);
    Baton__CatalogueLink *links[CATALOGUE_LINKS_MAX];
    Baton__ListCatalogueLinksResponse *out = ARENA_NEW(l->arena, Baton__ListCatalogueLinksResponse);
    baton__list_catalogue_links_response__init(out);
    if (!book)
        return refuse(no, REFUSAL_NOT_FOUND, "price_book_id", "there is no such price book");
    const size_t n = opportunities_catalogue_links(l, book->id, links);
    out->links = ARENA_ARRAY(l->arena, Baton__CatalogueLink *, n);
    for (size_t i = 0; i < n; i++)
        if (catalogue_link_is_for(links[i], c->actor)) {
            links[i]->token_hash = NULL;
            out->links[out->n_links++] = links[i];
        }
    *reply = &out->base;
    return true;
}
