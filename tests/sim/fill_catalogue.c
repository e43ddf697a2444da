/* Requests about the catalogue: products, price books and what belongs to them. */
#include "baton/v1/opportunities.pb-c.h"
#include "sim/fill.h"

enum { CODES = 8, PRICE_MOST = 100000, QUANTITY_SHARE = 1000, PERCENT_SHARE = 10000 };

bool fill_product(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Product p = BATON__PRODUCT__INIT;
    Baton__BundleComponent part = BATON__BUNDLE_COMPONENT__INIT, *parts[] = {&part};
    p.code = fill_name(arena, "Code", sim_random(random));
    p.name = fill_name(arena, "Product", sim_below(random, FILL_NAMES));
    part.product_id = fill_drawn(sim, KNOWN_PRODUCT, random);
    part.has_quantity_e4 = true;
    part.quantity_e4 = (int64_t)(1 + sim_below(random, 5)) * 10000;
    p.components = parts;
    p.n_components = part.product_id && sim_below(random, 4) == 0;
    return fill_create(a, "opportunities", &p.base, arena);
}

/* Now and then a new version of one that is there. */
bool fill_price_book(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    static char *const currencies[] = {"EUR", "TWD", "JPY"};
    Baton__PriceBook b = BATON__PRICE_BOOK__INIT;
    const uint64_t n = sim_random(random);
    b.code = fill_name(arena, "Book", n);
    b.name = fill_name(arena, "Prices", n % CODES);
    b.currency_code = currencies[n % 7 ? 0 : 1 + n % 2];
    b.supersedes_id = n % 5 == 0 ? fill_drawn(sim, KNOWN_PRICE_BOOK, random) : NULL;
    return fill_create(a, "opportunities", &b.base, arena);
}

bool fill_price(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__PriceBookEntry e = BATON__PRICE_BOOK_ENTRY__INIT;
    e.price_book_id = fill_drawn(sim, KNOWN_PRICE_BOOK, random);
    e.product_id = fill_drawn(sim, KNOWN_PRODUCT, random);
    e.has_unit_price = true;
    e.unit_price = (int64_t)sim_below(random, PRICE_MOST);
    e.account_id = sim_below(random, 4) ? NULL : fill_drawn(sim, KNOWN_ACCOUNT, random);
    return e.price_book_id && e.product_id && fill_create(a, "opportunities", &e.base, arena);
}

bool fill_change_price(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__PriceBookEntry e = BATON__PRICE_BOOK_ENTRY__INIT;
    e.id = fill_drawn(sim, KNOWN_ENTRY, random);
    e.has_unit_price = true;
    e.unit_price = (int64_t)sim_below(random, PRICE_MOST);
    return e.id && fill_change(a, "opportunities", &e.base, arena);
}

bool fill_offer(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Offer o = BATON__OFFER__INIT;
    o.code = fill_name(arena, "Offer", sim_random(random));
    o.name = "less for a while";
    o.has_percent_e4 = true;
    o.percent_e4 = (int64_t)sim_below(random, 20) * PERCENT_SHARE;
    o.has_min_quantity_e4 = true;
    o.min_quantity_e4 = (int64_t)sim_below(random, 20) * 10000;
    return fill_create(a, "opportunities", &o.base, arena);
}

bool fill_rate(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__CurrencyRate r = BATON__CURRENCY_RATE__INIT;
    r.from_currency = "EUR";
    r.to_currency = sim_below(random, 2) ? "TWD" : "JPY";
    r.day = arena_printf(arena, "2026-03-%02u", (unsigned)(1 + sim_below(random, 7)));
    r.has_rate_e9 = true;
    r.rate_e9 = (int64_t)(1 + sim_below(random, 200)) * 1000000000;
    return fill_create(a, "opportunities", &r.base, arena);
}

bool fill_limit(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__DiscountLimit l = BATON__DISCOUNT_LIMIT__INIT;
    Baton__Role above[] = {BATON__ROLE__ROLE_MANAGER, BATON__ROLE__ROLE_ADMIN};
    l.has_role = l.has_percent_e4 = true;
    l.role = sim_below(random, 2) ? BATON__ROLE__ROLE_REP : BATON__ROLE__ROLE_INSIDE;
    l.percent_e4 = (int64_t)sim_below(random, 20) * PERCENT_SHARE;
    l.approvers = above;
    l.n_approvers = 1 + sim_below(random, 2);
    return fill_create(a, "opportunities", &l.base, arena);
}

bool fill_tax(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__TaxRate t = BATON__TAX_RATE__INIT;
    t.name = "VAT";
    t.country = sim_below(random, 2) ? "DE" : "TW";
    t.has_percent_e4 = true;
    t.percent_e4 = (int64_t)(5 + sim_below(random, 15)) * PERCENT_SHARE;
    return fill_create(a, "opportunities", &t.base, arena);
}

bool fill_ask_price(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__PriceProductRequest q = BATON__PRICE_PRODUCT_REQUEST__INIT;
    q.product_id = fill_drawn(sim, KNOWN_PRODUCT, random);
    q.price_book_id = fill_drawn(sim, KNOWN_PRICE_BOOK, random);
    q.account_id = fill_drawn(sim, KNOWN_ACCOUNT, random);
    q.currency_code = sim_below(random, 4) ? NULL : "TWD";
    q.has_quantity_e4 = true;
    q.quantity_e4 = (int64_t)(1 + sim_below(random, 30)) * QUANTITY_SHARE;
    if (!q.product_id || !q.price_book_id)
        return false;
    fill_query(a, "opportunities", "CatalogueService/PriceProduct", &q, arena);
    return true;
}

bool fill_catalogue_link(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__CreateCatalogueLinkRequest q = BATON__CREATE_CATALOGUE_LINK_REQUEST__INIT;
    q.request_id = a->id;
    q.price_book_id = fill_drawn(sim, KNOWN_PRICE_BOOK, random);
    a->actor.user_id = fill_drawn(sim, KNOWN_USER, random);
    if (q.price_book_id && a->actor.user_id)
        fill_command(a, "opportunities", "CatalogueService/CreateCatalogueLink", &q, arena);
    return q.price_book_id && a->actor.user_id;
}

bool fill_revoke_catalogue_link(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    const char *owner_id;
    Baton__RevokeCatalogueLinkRequest q = BATON__REVOKE_CATALOGUE_LINK_REQUEST__INIT;
    q.request_id = a->id;
    q.id = (char *)(uintptr_t)known_draw(sim, KNOWN_CATALOGUE_LINK, random, &owner_id);
    if (!q.id)
        return false;
    a->actor.user_id = (char *)(uintptr_t)owner_id;
    fill_command(a, "opportunities", "CatalogueService/RevokeCatalogueLink", &q, arena);
    return true;
}

bool fill_catalogue(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__GetCatalogueRequest q = BATON__GET_CATALOGUE_REQUEST__INIT;
    Baton__GetCatalogueByLinkRequest link = BATON__GET_CATALOGUE_BY_LINK_REQUEST__INIT;
    link.token = sim_below(random, 2) ? fill_drawn(sim, KNOWN_CATALOGUE_TOKEN, random) : NULL;
    q.price_book_id = fill_drawn(sim, KNOWN_PRICE_BOOK, random);
    if (link.token)
        fill_query(a, "opportunities", "CatalogueService/GetCatalogueByLink", &link, arena);
    else if (q.price_book_id)
        fill_query(a, "opportunities", "CatalogueService/GetCatalogue", &q, arena);
    return link.token || q.price_book_id;
}
