/* Facts for quotes: what stands, what it is for, and what its lines are priced by. */
#include <string.h>

#include "base/hash.h"
#include "services/opportunities/rows.h"

static const char *text_or_none(const char *text)
{
    return text && *text ? text : NULL;
}

/* --- what stands --- */

static const void *seen(struct load *l, unsigned table, const char *id, const Baton__Actor *actor,
                        uint64_t *seq)
{
    struct key key = key_of(id ? id : "");
    ProtobufCMessage *row = table_get_id(l->txn, table, id, l->arena);
    if (!records_may_read(l, table, row, actor))
        return NULL;
    *seq = table_seq(l->txn, table, &key);
    return row;
}

/* What is about an opportunity is reached as that is; whoever writes that owns this. */
enum record_reach opportunities_row_about_reach(struct load *l, const ProtobufCMessage *row,
                                                const Baton__Actor *actor)
{
    const ProtobufCMessage *o =
        table_get_id(l->txn, OPPORTUNITIES_OPPORTUNITY, schema_get_text(row, "opportunity_id"), l->arena);
    if (!o)
        return actor_is(actor, BATON__ROLE__ROLE_ADMIN) ? RECORD_OWN : RECORD_READ;
    const enum record_reach reach = opportunities_row_reach(l, o, actor);
    return reach >= RECORD_WRITE ? RECORD_OWN : reach;
}

static bool may_write(struct load *l, const ProtobufCMessage *opportunity, const Baton__Actor *actor)
{
    return opportunity && record_reached(schema_message(opportunity->descriptor), opportunity,
                                         opportunities_row_reach(l, opportunity, actor), actor, true);
}

static uint64_t numbered(struct load *l)
{
    struct table_scan scan;
    const Baton__Quote *last = NULL;
    if (table_scan_open(&scan, l->txn, OPPORTUNITIES_QUOTE, NULL, NULL, NULL, true)) {
        last = table_scan_next(&scan, l->arena);
        table_scan_close(&scan);
    }
    return last ? last->numbered : 0;
}

static struct quote_facts *facts_of(struct load *l, const char *quote_id, const Baton__Actor *actor)
{
    struct quote_facts *f = ARENA_NEW(l->arena, struct quote_facts);
    opportunities_day(l->now_us, 0, f->today);
    opportunities_day(l->now_us, QUOTE_VALID_DAYS, f->lasts_until);
    f->numbered = numbered(l);
    f->quote = opportunities_quote_left(l, seen(l, OPPORTUNITIES_QUOTE, quote_id, actor, &f->quote_seq));
    if (f->quote)
        f->opportunity =
            seen(l, OPPORTUNITIES_OPPORTUNITY, f->quote->opportunity_id, actor, &f->opportunity_seq);
    f->may_write = f->opportunity && may_write(l, &f->opportunity->base, actor);
    return f;
}

/* --- what its lines are priced by --- */

static const Baton__TaxRate *tax_in(struct load *l, const Baton__Product *p, const Baton__QuoteHead *head,
                                    const char *region, const char *day)
{
    Baton__TaxRate wanted = BATON__TAX_RATE__INIT;
    struct catalogue_facts found = {.n_others = 0};
    wanted.tax_class = p->tax_class;
    wanted.country = head->country;
    wanted.region = (char *)(uintptr_t)region;
    opportunities_slot_load(l, OPPORTUNITIES_TAX, catalogue_slot(&wanted.base, l->arena), &found);
    for (size_t i = 0; i < found.n_others; i++) {
        const Baton__TaxRate *t = (const Baton__TaxRate *)found.others[i];
        if (catalogue_is_valid(t->valid_from, t->valid_to, day))
            return t;
    }
    return NULL;
}

static const Baton__TaxRate *tax_of(struct load *l, const Baton__Product *p, const Baton__QuoteHead *head,
                                    const char *day)
{
    if (!p || !head || !text_or_none(head->country))
        return NULL;
    const Baton__TaxRate *t = text_or_none(head->region) ? tax_in(l, p, head, head->region, day) : NULL;
    return t ? t : tax_in(l, p, head, NULL, day);
}

/* Lines mostly have the tax of one before them. */
static const Baton__TaxRate *tax_beside(struct load *l, const struct quote_facts *f, size_t i,
                                        const Baton__QuoteHead *head)
{
    const Baton__Product *p = f->lines[i].product->product,
                         *before = i ? f->lines[i - 1].product->product : NULL;
    if (p && before &&
        strcmp(p->tax_class ? p->tax_class : "", before->tax_class ? before->tax_class : "") == 0)
        return f->lines[i - 1].tax;
    return tax_of(l, p, head, f->prices->day);
}

static const char *product_of(struct load *l, const Baton__QuoteLineWish *w)
{
    const Baton__Product *p = text_or_none(w->product_code) ? table_find(l->txn, OPPORTUNITIES_PRODUCT,
                                                                         "code", w->product_code, l->arena)
                                                            : NULL;
    return p ? p->id : w->product_id;
}

static void lines_load(struct load *l, struct quote_facts *f, const char *account_id,
                       const Baton__QuoteHead *head)
{
    const Baton__PriceBook *book = f->prices->book;
    size_t parts = 0;
    for (size_t i = 0; i < f->n_lines && !f->has_too_many_parts; i++) {
        struct quote_line_facts *line = &f->lines[i];
        line->product = opportunities_price_product(l, book, product_of(l, f->wishes[i]), account_id);
        parts += line->product->product ? line->product->product->n_components : 0;
        f->has_too_many_parts = parts > QUOTE_PARTS_MAX;
        if (!f->has_too_many_parts)
            line->parts = opportunities_price_parts(l, book, line->product->product, account_id);
        line->tax = tax_beside(l, f, i, head);
    }
}

static void limits_load(struct load *l, struct quote_facts *f)
{
    struct table_scan scan;
    const Baton__DiscountLimit *row;
    if (!table_scan_open(&scan, l->txn, OPPORTUNITIES_LIMIT, NULL, NULL, NULL, false))
        return;
    while (f->n_limits < QUOTE_LIMITS_MAX && (row = table_scan_next(&scan, l->arena)))
        f->limits[f->n_limits++] = row;
    table_scan_close(&scan);
}

static bool is_empty(struct load *l, unsigned table)
{
    struct table_scan scan;
    if (!table_scan_open(&scan, l->txn, table, NULL, NULL, NULL, false))
        return true;
    const bool found = table_scan_next(&scan, l->arena) != NULL;
    table_scan_close(&scan);
    return !found;
}

/* All that pricing the wishes of a quote needs. */
static void pricing_load(struct load *l, struct quote_facts *f, const Baton__QuoteHead *head, const char *day)
{
    const struct price_book_wish wish = {NULL, text_or_none(f->quote->market), f->quote->currency_code, day};
    f->prices = opportunities_price_facts(l, opportunities_book_newest(l, f->quote->price_book_id), &wish);
    f->has_taxes = !is_empty(l, OPPORTUNITIES_TAX);
    lines_load(l, f, f->quote->account_id, head);
    limits_load(l, f);
}

/* --- methods --- */

void *opportunities_load_quote_create(struct load *l, const struct command *c)
{
    const Baton__CreateQuoteRequest *r = (const Baton__CreateQuoteRequest *)c->request;
    struct quote_facts *f = facts_of(l, NULL, c->actor);
    const struct price_book_wish wish = {text_or_none(r->price_book_id), text_or_none(r->market),
                                         text_or_none(r->currency_code),
                                         text_or_none(r->priced_on) ? r->priced_on : f->today};
    f->opportunity = seen(l, OPPORTUNITIES_OPPORTUNITY, r->opportunity_id, c->actor, &f->opportunity_seq);
    f->may_write = f->opportunity && may_write(l, &f->opportunity->base, c->actor);
    f->prices = opportunities_price_facts(l, opportunities_book(l, &wish, &f->no_book), &wish);
    return f;
}

void *opportunities_load_quote_lines(struct load *l, const struct command *c)
{
    const Baton__SetQuoteLinesRequest *r = (const Baton__SetQuoteLinesRequest *)c->request;
    struct quote_facts *f = facts_of(l, r->quote_id, c->actor);
    f->wishes = r->lines;
    f->n_lines = r->n_lines;
    if (f->quote)
        pricing_load(l, f, r->head ? r->head : f->quote->head,
                     f->quote->is_dated ? f->quote->priced_on : f->today);
    return f;
}

void *opportunities_load_quote_revise(struct load *l, const struct command *c)
{
    const Baton__ReviseQuoteRequest *r = (const Baton__ReviseQuoteRequest *)c->request;
    struct quote_facts *f = facts_of(l, r->quote_id, c->actor);
    if (!f->quote)
        return f;
    f->wishes = r->n_lines ? r->lines : quote_wishes(f->quote, l->arena);
    f->n_lines = r->n_lines ? r->n_lines : f->quote->n_lines;
    pricing_load(l, f, f->quote->head, f->quote->is_dated ? f->quote->priced_on : f->today);
    return f;
}

/* As of today, whatever day it was priced on, and from the book it was priced from. */
void *opportunities_load_quote_send(struct load *l, const struct command *c)
{
    const Baton__SendQuoteRequest *r = (const Baton__SendQuoteRequest *)c->request;
    struct quote_facts *f = facts_of(l, r->quote_id, c->actor);
    if (!f->quote)
        return f;
    const struct price_book_wish wish = {NULL, text_or_none(f->quote->market), f->quote->currency_code,
                                         f->today};
    f->wishes = quote_wishes(f->quote, l->arena);
    f->n_lines = f->quote->n_lines;
    f->prices = opportunities_price_facts(
        l, table_get_id(l->txn, OPPORTUNITIES_PRICE_BOOK, f->quote->price_book_id, l->arena), &wish);
    lines_load(l, f, f->quote->account_id, f->quote->head);
    return f;
}

/* The quote alone; all these requests name it in the same way. */
void *opportunities_load_quote(struct load *l, const struct command *c)
{
    return facts_of(l, schema_get_text(c->request, "quote_id"), c->actor);
}

const Baton__Organisation *opportunities_organisation(struct load *l)
{
    struct table_scan scan;
    const Baton__Organisation *o = NULL;
    if (table_scan_open(&scan, l->txn, OPPORTUNITIES_ORGANISATION, NULL, NULL, NULL, false)) {
        o = table_scan_next(&scan, l->arena);
        table_scan_close(&scan);
    }
    return o;
}

const Baton__Quote *opportunities_quote_by_link(struct load *l, const char *token)
{
    char hash[HASH_TEXT_SIZE];
    hash_text(hash, token);
    const struct key key = key_of(hash);
    const Baton__QuoteLink *link = table_get(l->txn, OPPORTUNITIES_QUOTE_LINK, &key, l->arena);
    const Baton__Quote *q = link ? table_get_id(l->txn, OPPORTUNITIES_QUOTE, link->quote_id, l->arena) : NULL;
    /* the link of a version that was revised ends, and that to whoever was erased, before its own turn */
    return q && q->status != BATON__QUOTE_STATUS__QUOTE_STATUS_SUPERSEDED &&
                   !opportunities_quote_is_erased(l, q)
               ? q
               : NULL;
}

void *opportunities_load_quote_link(struct load *l, const struct command *c)
{
    struct quote_facts *f = facts_of(l, NULL, c->actor);
    f->quote = opportunities_quote_by_link(l, schema_get_text(c->request, "token"));
    if (!f->quote)
        return f;
    const struct key key = key_of(f->quote->id), of = key_of(f->quote->opportunity_id);
    f->quote_seq = table_seq(l->txn, OPPORTUNITIES_QUOTE, &key);
    f->opportunity = table_get(l->txn, OPPORTUNITIES_OPPORTUNITY, &of, l->arena);
    f->opportunity_seq = table_seq(l->txn, OPPORTUNITIES_OPPORTUNITY, &of);
    if (f->opportunity)
        opportunities_people_load(l, f->opportunity, NULL, &f->people);
    return f;
}

void *opportunities_load_quote_due(struct load *l, const struct command *c)
{
    const Baton__Quote *q = (const Baton__Quote *)c->request;
    struct quote_facts *f = ARENA_NEW(l->arena, struct quote_facts);
    struct key key = key_of(q->id);
    f->quote = opportunities_quote_left(l, q);
    f->quote_seq = table_seq(l->txn, OPPORTUNITIES_QUOTE, &key);
    return f;
}
