/* What is asked of printed material. */
#include <string.h>

#include "services/documents/rows.h"

enum { WALKED_MAX = 500, PLACES_MAX = 64, PAGE_BYTES_MAX = 512 << 10 };

static bool no_token(struct refusal *no)
{
    return refuse(no, REFUSAL_INVALID_ARGUMENT, "page_token", "this is no page token of this list");
}

static size_t page_of(uint32_t asked)
{
    return asked ? asked : FINDER_PAGE_DEFAULT;
}

/* --- what there is --- */

static Baton__CollateralStock *stock_of(struct load *l, Baton__CollateralItem *item)
{
    Baton__CollateralStock *s = ARENA_NEW(l->arena, Baton__CollateralStock);
    struct table_scan scan;
    const struct key under = key_of(item->id);
    Baton__StockBalance *row;
    baton__collateral_stock__init(s);
    s->item = item;
    s->places = ARENA_ARRAY(l->arena, Baton__StockBalance *, PLACES_MAX);
    if (!table_scan_under(&scan, l->txn, DOCUMENTS_STOCK_BALANCE, &under, NULL, NULL, false))
        return s;
    while (s->n_places < PLACES_MAX && (row = table_scan_next(&scan, l->arena)))
        if (*row->place_id)
            s->places[s->n_places++] = row;
        else
            s->total = row;
    table_scan_close(&scan);
    return s;
}

/* Of the row of a walk over items, or over what is at a place. */
static Baton__CollateralItem *item_of(struct load *l, const Baton__ListCollateralRequest *q, void *row)
{
    return q->place_id ? table_get_id(l->txn, DOCUMENTS_COLLATERAL_ITEM,
                                      ((const Baton__StockBalance *)row)->item_id, l->arena)
                       : row;
}

static bool is_listed(struct load *l, const Baton__ListCollateralRequest *q,
                      const Baton__CollateralItem *item)
{
    const Baton__StockBalance *total = item ? documents_balance(l, item->id, "") : NULL;
    return item && (!q->low || (total && total->low));
}

bool documents_query_collateral(struct load *l, const struct command *c, ProtobufCMessage **reply,
                                struct refusal *no)
{
    const Baton__ListCollateralRequest *q = (const Baton__ListCollateralRequest *)c->request;
    const size_t size = page_of(q->page_size);
    struct table_scan scan;
    void *row = NULL;
    if (!table_scan_open(&scan, l->txn, q->place_id ? DOCUMENTS_STOCK_BALANCE : DOCUMENTS_COLLATERAL_ITEM,
                         q->place_id ? "place_id" : NULL, q->place_id, q->page_token, false))
        return no_token(no);
    Baton__ListCollateralResponse *p = ARENA_NEW(l->arena, Baton__ListCollateralResponse);
    baton__list_collateral_response__init(p);
    p->stock = ARENA_ARRAY(l->arena, Baton__CollateralStock *, size);
    for (size_t walked = 0, bytes = 0; p->n_stock < size && walked < WALKED_MAX && bytes < PAGE_BYTES_MAX;
         walked++) {
        row = table_scan_next(&scan, l->arena);
        if (!row)
            break;
        Baton__CollateralItem *item = item_of(l, q, row);
        if (!is_listed(l, q, item))
            continue;
        p->stock[p->n_stock] = stock_of(l, item);
        bytes += protobuf_c_message_get_packed_size(&p->stock[p->n_stock++]->base);
    }
    p->next_page_token = row ? table_scan_token(&scan, l->arena) : NULL;
    table_scan_close(&scan);
    *reply = &p->base;
    return true;
}

bool documents_query_ledger(struct load *l, const struct command *c, ProtobufCMessage **reply,
                            struct refusal *no)
{
    const Baton__GetStockLedgerRequest *q = (const Baton__GetStockLedgerRequest *)c->request;
    const size_t size = page_of(q->page_size);
    struct table_scan scan;
    struct key under = key_of(q->item_id);
    Baton__StockMove *row = NULL;
    key_text(&under, q->place_id);
    if (!table_scan_under(&scan, l->txn, DOCUMENTS_STOCK_MOVE, &under, NULL, q->page_token, true))
        return no_token(no);
    Baton__GetStockLedgerResponse *p = ARENA_NEW(l->arena, Baton__GetStockLedgerResponse);
    baton__get_stock_ledger_response__init(p);
    p->balance = (Baton__StockBalance *)(uintptr_t)documents_balance(l, q->item_id, q->place_id);
    p->moves = ARENA_ARRAY(l->arena, Baton__StockMove *, size);
    while (p->n_moves < size && (row = table_scan_next(&scan, l->arena)))
        p->moves[p->n_moves++] = row;
    p->next_page_token = row ? table_scan_token(&scan, l->arena) : NULL;
    table_scan_close(&scan);
    *reply = &p->base;
    return true;
}

/* --- orders --- */

static bool is_of(const Baton__CollateralOrder *o, const Baton__ListOrdersRequest *q,
                  const Baton__Actor *actor)
{
    return (!q->status || o->status == q->status) &&
           (!q->mine || (o->owner_id && actor->user_id && strcmp(o->owner_id, actor->user_id) == 0)) &&
           (!q->place_id || strcmp(o->place_id, q->place_id) == 0);
}

/* By the index that has the fewest to look through. */
static bool orders_open(struct table_scan *scan, struct load *l, const Baton__ListOrdersRequest *q,
                        const Baton__Actor *actor)
{
    const char *field = q->open ? "desk" : q->mine ? "owner_id" : q->place_id ? "place_id" : NULL;
    const char *value = q->open       ? (q->place_id ? q->place_id : "approval")
                        : q->mine     ? actor->user_id
                        : q->place_id ? q->place_id
                                      : NULL;
    return table_scan_open(scan, l->txn, DOCUMENTS_COLLATERAL_ORDER, field, value, q->page_token, true);
}

bool documents_query_orders(struct load *l, const struct command *c, ProtobufCMessage **reply,
                            struct refusal *no)
{
    const Baton__ListOrdersRequest *q = (const Baton__ListOrdersRequest *)c->request;
    const size_t size = page_of(q->page_size);
    struct table_scan scan;
    Baton__CollateralOrder *row = NULL;
    if (!orders_open(&scan, l, q, c->actor))
        return no_token(no);
    Baton__ListOrdersResponse *p = ARENA_NEW(l->arena, Baton__ListOrdersResponse);
    baton__list_orders_response__init(p);
    p->orders = ARENA_ARRAY(l->arena, Baton__CollateralOrder *, size);
    for (size_t walked = 0, bytes = 0; p->n_orders < size && walked < WALKED_MAX && bytes < PAGE_BYTES_MAX;
         walked++) {
        row = table_scan_next(&scan, l->arena);
        if (!row)
            break;
        if (!is_of(row, q, c->actor) ||
            !records_may_read(l, DOCUMENTS_COLLATERAL_ORDER, &row->base, c->actor))
            continue;
        p->orders[p->n_orders++] = row;
        bytes += protobuf_c_message_get_packed_size(&row->base);
    }
    p->next_page_token = row ? table_scan_token(&scan, l->arena) : NULL;
    table_scan_close(&scan);
    *reply = &p->base;
    return true;
}

/* --- what it cost --- */

bool documents_query_cost(struct load *l, const struct command *c, ProtobufCMessage **reply,
                          struct refusal *no)
{
    static const char *const names[] = {
        [BATON__COLLATERAL_COST_BY__COLLATERAL_COST_BY_CAMPAIGN] = "campaign",
        [BATON__COLLATERAL_COST_BY__COLLATERAL_COST_BY_TEAM] = "team",
        [BATON__COLLATERAL_COST_BY__COLLATERAL_COST_BY_ALL] = "all",
    };
    const Baton__GetCollateralCostRequest *q = (const Baton__GetCollateralCostRequest *)c->request;
    const char *by = (size_t)q->by < sizeof names / sizeof *names ? names[q->by] : NULL;
    const size_t size = page_of(q->page_size);
    struct table_scan scan;
    Baton__CollateralCost *row = NULL;
    if (!by)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "by", "cost is told by campaign, by team, or of all");
    struct key under = key_of(by);
    if (q->of)
        key_text(&under, q->of);
    if (!table_scan_under(&scan, l->txn, DOCUMENTS_COLLATERAL_COST, &under, NULL, q->page_token, false))
        return no_token(no);
    Baton__GetCollateralCostResponse *p = ARENA_NEW(l->arena, Baton__GetCollateralCostResponse);
    baton__get_collateral_cost_response__init(p);
    p->costs = ARENA_ARRAY(l->arena, Baton__CollateralCost *, size);
    while (p->n_costs < size && (row = table_scan_next(&scan, l->arena)))
        p->costs[p->n_costs++] = row;
    p->next_page_token = row ? table_scan_token(&scan, l->arena) : NULL;
    table_scan_close(&scan);
    *reply = &p->base;
    return true;
}
