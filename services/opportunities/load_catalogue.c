/* Facts for the records of the catalogue: what they name, what names them, and what stands beside them. */
#include <string.h>

#include "baton/v1/record.pb-c.h"
#include "services/opportunities/rows.h"

ProtobufCMessage *opportunities_wished(struct load *l, const struct command *c, unsigned table)
{
    const ProtobufCMessage *wanted = record_wanted(c), *before = NULL;
    if (!wanted)
        return NULL;
    if (c->request->descriptor == &baton__update_record_request__descriptor)
        before = table_get_id(l->txn, table, schema_get_text(wanted, "id"), l->arena);
    return record_would_be(before, c, l->arena);
}

static bool is_indexed(struct load *l, unsigned table, const char *field, const char *value)
{
    struct table_scan scan;
    if (!value || !table_scan_open(&scan, l->txn, table, field, value, NULL, false))
        return false;
    bool found = table_scan_next(&scan, l->arena) != NULL;
    table_scan_close(&scan);
    return found;
}

void opportunities_slot_load(struct load *l, unsigned table, const char *slot, struct catalogue_facts *f)
{
    struct table_scan scan;
    const ProtobufCMessage *row;
    if (!slot || !table_scan_open(&scan, l->txn, table, "slot", slot, NULL, false))
        return;
    while (f->n_others < CATALOGUE_OTHERS_MAX && (row = table_scan_next(&scan, l->arena)))
        f->others[f->n_others++] = row;
    table_scan_close(&scan);
}

/* Facts about the record; `slot` is loaded by whoever has one. */
static struct catalogue_facts *facts_of(struct load *l, const struct command *c, unsigned table,
                                        ProtobufCMessage **record)
{
    struct catalogue_facts *f = ARENA_NEW(l->arena, struct catalogue_facts);
    *record = opportunities_wished(l, c, table);
    if (*record)
        opportunities_slot_load(l, table, catalogue_slot(*record, l->arena), f);
    return f;
}

static const char *id_of(const struct command *c, const ProtobufCMessage *record)
{
    if (c->request->descriptor == &baton__delete_record_request__descriptor)
        return ((const Baton__DeleteRecordRequest *)c->request)->id;
    return record ? schema_get_text(record, "id") : NULL;
}

static const Baton__Product *product_there(struct load *l, const char *id, const char *field,
                                           struct catalogue_facts *f)
{
    const Baton__Product *p = table_get_id(l->txn, OPPORTUNITIES_PRODUCT, id, l->arena);
    if (!p)
        f->missing = field;
    return p;
}

void *opportunities_load_product(struct load *l, const struct command *c)
{
    ProtobufCMessage *record;
    struct catalogue_facts *f = facts_of(l, c, OPPORTUNITIES_PRODUCT, &record);
    const Baton__Product *p = (const Baton__Product *)record;
    for (size_t i = 0; p && i < p->n_components; i++) {
        const Baton__Product *part = product_there(l, p->components[i]->product_id, "components", f);
        f->has_bundle |= part && part->n_components;
    }
    f->is_used = is_indexed(l, OPPORTUNITIES_ENTRY, "product_id", id_of(c, record)) ||
                 is_indexed(l, OPPORTUNITIES_PRODUCT, "component_ids", id_of(c, record));
    return f;
}

static void book_load(struct load *l, const char *id, const char *field, struct catalogue_facts *f)
{
    struct key key = key_of(id ? id : "");
    f->book = table_get_id(l->txn, OPPORTUNITIES_PRICE_BOOK, id, l->arena);
    f->book_seq = f->book ? table_seq(l->txn, OPPORTUNITIES_PRICE_BOOK, &key) : 0;
    if (!f->book)
        f->missing = field;
}

void *opportunities_load_price_book(struct load *l, const struct command *c)
{
    ProtobufCMessage *record;
    struct catalogue_facts *f = facts_of(l, c, OPPORTUNITIES_PRICE_BOOK, &record);
    const Baton__PriceBook *b = (const Baton__PriceBook *)record;
    const Baton__PriceBook *now = table_get_id(l->txn, OPPORTUNITIES_PRICE_BOOK, id_of(c, record), l->arena);
    if (b && b->supersedes_id)
        book_load(l, b->supersedes_id, "supersedes_id", f);
    f->is_used = is_indexed(l, OPPORTUNITIES_ENTRY, "price_book_id", id_of(c, record)) ||
                 (now && (now->supersedes_id || now->superseded_by_id));
    return f;
}

void *opportunities_load_entry(struct load *l, const struct command *c)
{
    ProtobufCMessage *record;
    struct catalogue_facts *f = facts_of(l, c, OPPORTUNITIES_ENTRY, &record);
    const Baton__PriceBookEntry *e = (const Baton__PriceBookEntry *)record;
    if (!e)
        return f;
    (void)product_there(l, e->product_id, "product_id", f); /* whether it is missing is in the facts */
    book_load(l, e->price_book_id, "price_book_id", f);
    return f;
}

void *opportunities_load_offer(struct load *l, const struct command *c)
{
    ProtobufCMessage *record;
    struct table_scan scan;
    struct catalogue_facts *f = facts_of(l, c, OPPORTUNITIES_OFFER, &record);
    const Baton__Offer *o = (const Baton__Offer *)record;
    for (size_t i = 0; o && i < o->n_product_ids; i++)
        (void)product_there(l, o->product_ids[i], "product_ids", f); /* as above */
    if (!table_scan_open(&scan, l->txn, OPPORTUNITIES_OFFER, NULL, NULL, NULL, false))
        return f;
    while (f->n_all < CATALOGUE_OFFERS_MAX && table_scan_next(&scan, l->arena))
        f->n_all++;
    table_scan_close(&scan);
    return f;
}

void *opportunities_load_rate(struct load *l, const struct command *c)
{
    ProtobufCMessage *record;
    return facts_of(l, c, OPPORTUNITIES_RATE, &record);
}

void *opportunities_load_limit(struct load *l, const struct command *c)
{
    ProtobufCMessage *record;
    return facts_of(l, c, OPPORTUNITIES_LIMIT, &record);
}

void *opportunities_load_tax(struct load *l, const struct command *c)
{
    ProtobufCMessage *record;
    return facts_of(l, c, OPPORTUNITIES_TAX, &record);
}
