/* Decisions about what is printed and where it lies; the numbers of the rules are those of
   tests/unit/test_documents_collateral.c. */
#include <string.h>

#include "base/money.h"
#include "base/text.h"
#include "baton/v1/contacts.pb-c.h"
#include "services/documents/collateral.h"

/* 1: what it costs is an amount of a currency */
static bool check_cost(const Baton__Money *cost, struct refusal *no)
{
    if (!cost)
        return true;
    if (!cost->currency_code || money_digits(cost->currency_code) < 0)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "unit_cost", "\"%s\" is no currency",
                      cost->currency_code ? cost->currency_code : "");
    if (cost->minor_units < 0 || cost->minor_units > MONEY_MAX)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "unit_cost", "that cannot be what it costs");
    return true;
}

/* 4: with another level it is low, or not any more; whoever says so sees it */
static void level_changed(const struct collateral_record_facts *f, const Baton__CollateralItem *item,
                          struct stamp *s, struct outcome *out)
{
    if (!f->total || (bool)f->total->low == collateral_is_low(item, f->total))
        return;
    Baton__StockChanged *e = ARENA_NEW(s->arena, Baton__StockChanged);
    Baton__StockBalance *total = arena_copy(s->arena, f->total, sizeof *total);
    baton__stock_changed__init(e);
    total->has_low = true;
    total->low = !f->total->low;
    e->balances = ARENA_ARRAY(s->arena, Baton__StockBalance *, 1);
    e->balances[e->n_balances++] = total;
    outcome_event(out, e);
}

bool collateral_check_item(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                           struct stamp *s, struct outcome *out)
{
    const struct collateral_record_facts *f = extra;
    const Baton__CollateralItem *was = (const Baton__CollateralItem *)before;
    Baton__CollateralItem *item = (Baton__CollateralItem *)after;
    /* 2: what there was of it, and who ordered it, is told for good */
    if (!item && f->has_stock)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, NULL,
                      "there was stock or an order of it; retire it instead");
    if (!item)
        return true;
    item->name = text_tidy(s->arena, item->name);
    item->sku = text_trim(s->arena, item->sku);
    if (!check_cost(item->unit_cost, &out->no))
        return false;
    /* 3: it is printed from a document that whoever says so reads */
    bool is_same =
        was && was->document_id && item->document_id && strcmp(was->document_id, item->document_id) == 0;
    if (item->document_id && !is_same && !f->has_document)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "document_id", "there is no such document");
    level_changed(f, item, s, out);
    return true;
}

bool collateral_check_place(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                            struct stamp *s, struct outcome *out)
{
    const struct collateral_record_facts *f = extra;
    Baton__StockPlace *place = (Baton__StockPlace *)after;
    /* 5: where something lay, or was ordered from, stays */
    if (!place && (f->has_stock || f->has_orders))
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, NULL,
                      "there was stock or an order there; close it instead");
    if (!place)
        return true;
    place->name = text_tidy(s->arena, place->name);
    /* 6: its keepers are here */
    if (f->stranger_id)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "keeper_ids", "there is no such user");
    return true;
}

bool collateral_check_order(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                            struct stamp *s, struct outcome *out)
{
    return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, NULL,
                  "orders are made and changed by CollateralService alone");
}

void collateral_answer(void *record, const ProtobufCMessageDescriptor *answer, struct outcome *out)
{
    ProtobufCMessage *reply = arena_alloc(out->arena, answer->sizeof_message);
    protobuf_c_message_init(answer, reply);
    memcpy((uint8_t *)reply + answer->fields[0].offset, &record, sizeof record);
    out->reply = reply;
}

bool collateral_decide_erased(const void *facts, const struct command *c, struct stamp *s,
                              struct outcome *out)
{
    /* 7: where something was sent to goes with whom it was sent to, and what is noted with it */
    Baton__PersonErased *e = ARENA_NEW(s->arena, Baton__PersonErased);
    *e = *(const Baton__PersonErased *)c->request;
    e->has_extent = true;
    e->extent = 1;
    outcome_event(out, e);
    return true;
}
