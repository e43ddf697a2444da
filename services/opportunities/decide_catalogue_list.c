/* What everybody pays for what is in a book on a day, as it is given to people: lines, their order, and a
   version that is another one where anything in it is. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "services/opportunities/catalogue.h"

enum { VERSION_BYTES = 6, TAG_SIZE = 128 };

static const char *or_none(const char *text)
{
    return text ? text : "";
}

static const Baton__Offer *offer_of(const struct price_facts *f, const char *id)
{
    for (size_t i = 0; id && i < f->n_offers; i++)
        if (strcmp(f->offers[i]->id, id) == 0)
            return f->offers[i];
    return NULL;
}

/* 7: where so many are bought that it is the price of none less, by the entry of the day */
static void add_tiers(const struct price_facts *f, const struct price_product *p, Baton__CatalogueLine *line,
                      struct arena *a)
{
    for (size_t i = 0; i < p->n_entries; i++) {
        const Baton__PriceBookEntry *e = p->entries[i];
        if (!catalogue_is_valid(e->valid_from, e->valid_to, f->day))
            continue;
        line->tiers = ARENA_ARRAY(a, Baton__PriceTier *, e->n_tiers);
        for (size_t k = 0; k < e->n_tiers; k++)
            if (e->tiers[k]->from_quantity_e4 > QUANTITY_ONE)
                line->tiers[line->n_tiers++] = e->tiers[k];
        return;
    }
}

/* 8: a bundle says what is in it */
static void add_parts(const Baton__Product *bundle, const struct price_product *const *parts,
                      Baton__CatalogueLine *line, struct arena *a)
{
    const size_t n = parts ? bundle->n_components : 0;
    line->parts = ARENA_ARRAY(a, Baton__CataloguePart *, n);
    for (size_t i = 0; i < n; i++) {
        if (!parts[i]->product)
            continue;
        Baton__CataloguePart *part = line->parts[line->n_parts++] = ARENA_NEW(a, Baton__CataloguePart);
        baton__catalogue_part__init(part);
        part->code = parts[i]->product->code;
        part->name = parts[i]->product->name;
        part->has_quantity_e4 = true;
        part->quantity_e4 = bundle->components[i]->quantity_e4;
    }
}

Baton__CatalogueLine *catalogue_line(const struct price_facts *f, const struct price_product *product,
                                     const struct price_product *const *parts, struct arena *a)
{
    struct refusal no;
    struct price_product open = *product;
    /* 1: what an account pays by contract is nobody else's business */
    open.n_contracts = 0;
    /* 2: what has no price today, or is not sold any more, is not in it */
    const Baton__Price *p = price_of(f, &open, parts, QUANTITY_ONE, a, &no);
    if (!p)
        return NULL;
    Baton__CatalogueLine *line = ARENA_NEW(a, Baton__CatalogueLine);
    baton__catalogue_line__init(line);
    line->family = open.product->family;
    line->code = open.product->code;
    line->name = open.product->name;
    line->unit = open.product->unit;
    line->has_price = true;
    line->price = p->gross->minor_units;
    /* 3: of the offers of the day what one of it costs with the best */
    const Baton__Offer *offer = offer_of(f, p->offer_id);
    if (offer) {
        line->offer_code = offer->code;
        line->offer_name = offer->name;
        line->has_offer_price = true;
        line->offer_price = p->amount->minor_units;
    }
    add_tiers(f, &open, line, a);
    add_parts(open.product, parts, line, a);
    return line;
}

/* 4: by family and code; what has no family comes last */
static int by_place(const void *x, const void *y)
{
    const Baton__CatalogueLine *a = *(Baton__CatalogueLine *const *)x, *b = *(Baton__CatalogueLine *const *)y;
    const char *p = or_none(a->family), *q = or_none(b->family);
    if (!*p != !*q)
        return *p ? -1 : 1;
    const int family = strcmp(p, q);
    return family ? family : strcmp(or_none(a->code), or_none(b->code));
}

void catalogue_finish(const struct price_facts *f, Baton__Catalogue *c, struct arena *a)
{
    uint8_t hash[HASH_SIZE];
    char digits[2 * VERSION_BYTES + 1];
    if (c->n_lines)
        qsort(c->lines, c->n_lines, sizeof *c->lines, by_place);
    c->price_book_id = f->book->id;
    c->name = f->book->name;
    c->currency_code = f->book->currency_code;
    /* 5: the version is of what is in it, not of the day it was asked for */
    hash2(hash, schema_pack(&c->base, a), bytes_of(NULL, 0));
    hex_encode(digits, hash, VERSION_BYTES);
    c->version = arena_printf(a, "%" PRIu64 "-%s", f->book->version, digits);
    c->as_of = arena_strdup(a, f->day);
}

/* 6: what somebody has is the same if version, day and language are */
bool catalogue_is_named(const Baton__Catalogue *c, const char *language, const char *text)
{
    char tag[TAG_SIZE];
    (void)snprintf(tag, sizeof tag, "\"%s.%s.%s.pdf\"", c->version, c->as_of,
                   language ? language : "en"); /* fits, as the schema has it */
    return text && strstr(text, tag);
}
