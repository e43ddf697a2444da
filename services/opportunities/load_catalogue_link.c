/* Links to catalogues, and where they lead. */
#include <string.h>

#include "base/hash.h"
#include "services/opportunities/rows.h"

size_t opportunities_catalogue_links(struct load *l, const char *first_id, Baton__CatalogueLink **out)
{
    struct table_scan scan;
    size_t n = 0;
    if (!table_scan_open(&scan, l->txn, OPPORTUNITIES_CATALOGUE_LINK, "price_book_id", first_id, NULL, false))
        return 0;
    while (n < CATALOGUE_LINKS_MAX && (out[n] = table_scan_next(&scan, l->arena)))
        n++;
    table_scan_close(&scan);
    return n;
}

void *opportunities_load_catalogue_link(struct load *l, const struct command *c)
{
    const Baton__CreateCatalogueLinkRequest *r = (const Baton__CreateCatalogueLinkRequest *)c->request;
    struct catalogue_link_facts *f = ARENA_NEW(l->arena, struct catalogue_link_facts);
    Baton__CatalogueLink *links[CATALOGUE_LINKS_MAX];
    f->book = opportunities_book_first(l, r->price_book_id);
    if (f->book)
        f->n_links = opportunities_catalogue_links(l, f->book->id, links);
    return f;
}

void *opportunities_load_catalogue_revoke(struct load *l, const struct command *c)
{
    const Baton__RevokeCatalogueLinkRequest *r = (const Baton__RevokeCatalogueLinkRequest *)c->request;
    struct catalogue_link_facts *f = ARENA_NEW(l->arena, struct catalogue_link_facts);
    f->link = table_get_id(l->txn, OPPORTUNITIES_CATALOGUE_LINK, r->id, l->arena);
    return f;
}

const Baton__CatalogueLink *opportunities_catalogue_by_link(struct load *l, const char *token)
{
    struct table_scan scan;
    char hash[HASH_TEXT_SIZE];
    hash_text(hash, token);
    if (!table_scan_open(&scan, l->txn, OPPORTUNITIES_CATALOGUE_LINK, "token_hash", hash, NULL, false))
        return NULL;
    const Baton__CatalogueLink *link = table_scan_next(&scan, l->arena);
    table_scan_close(&scan);
    return link;
}
