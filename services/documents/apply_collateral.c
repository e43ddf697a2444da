/* What there is of printed material, what was sent, and what that cost. */
#include <stdio.h>
#include <string.h>

#include "base/civil.h"
#include "baton/v1/contacts.pb-c.h"
#include "schema/personal.h"
#include "services/documents/rows.h"

static void add_cost(struct apply *ap, const char *by, const char *of, const Baton__StockMove *m)
{
    struct civil day = civil_of_seconds(ap->time_us / 1000000);
    const uint64_t month = (uint64_t)(day.year * 12 + day.month - 1);
    const char *currency = m->cost && m->cost->currency_code ? m->cost->currency_code : "";
    struct key key = key_of(by);
    key_text(&key, of);
    key_u64(&key, month);
    key_text(&key, currency);
    const Baton__CollateralCost *was = table_get(ap->txn, DOCUMENTS_COLLATERAL_COST, &key, ap->arena);
    Baton__CollateralCost row = BATON__COLLATERAL_COST__INIT;
    row.by = (char *)(uintptr_t)by;
    row.of = (char *)(uintptr_t)(of ? of : "");
    row.has_month = row.has_units = row.has_minor_units = true;
    row.month = month;
    row.currency_code = (char *)(uintptr_t)currency;
    row.units = (was ? was->units : 0) + (uint64_t)-m->quantity;
    row.minor_units = (was ? was->minor_units : 0) + (m->cost ? m->cost->minor_units : 0);
    table_put(ap->txn, DOCUMENTS_COLLATERAL_COST, &row, ap->seq, ap->arena);
}

static void put_move(struct apply *ap, const Baton__StockMove *m)
{
    table_put(ap->txn, DOCUMENTS_STOCK_MOVE, m, ap->seq, ap->arena);
    if (m->why != BATON__STOCK_REASON__STOCK_REASON_SHIPPED)
        return;
    add_cost(ap, "campaign", m->campaign, m);
    add_cost(ap, "team", m->team_id, m);
    add_cost(ap, "all", NULL, m);
}

static void put_back_order(struct apply *ap, const Baton__BackOrder *row)
{
    struct key key = key_of(row->item_id);
    key_text(&key, row->place_id);
    key_text(&key, row->order_id);
    if (row->quantity)
        table_put(ap->txn, DOCUMENTS_BACK_ORDER, row, ap->seq, ap->arena);
    else
        (void)table_delete(ap->txn, DOCUMENTS_BACK_ORDER, &key, ap->arena); /* there may have been none */
}

void documents_apply_stock(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__StockChanged *e = (const Baton__StockChanged *)payload;
    for (size_t i = 0; i < e->n_balances; i++)
        table_put(ap->txn, DOCUMENTS_STOCK_BALANCE, e->balances[i], ap->seq, ap->arena);
    for (size_t i = 0; i < e->n_moves; i++)
        put_move(ap, e->moves[i]);
    for (size_t i = 0; i < e->n_back_orders; i++)
        put_back_order(ap, e->back_orders[i]);
}

/* --- whoever was erased --- */

enum { SCRATCH = 4 << 20, TOKEN_SIZE = 2 * KEY_MAX + 1 };

static const ProtobufCMessage *without(const Baton__PersonErased *e, const Baton__CollateralOrder *o,
                                       struct arena *a)
{
    if (e->extent)
        return personal_without(&o->base, o->contact_id, a);
    Baton__CollateralOrder *left = arena_copy(a, o, sizeof *o);
    left->ship_to = NULL; /* of before: this alone */
    return o->ship_to ? &left->base : &o->base;
}

/* What is left of the next order for them that says something of them; NULL: none does any more. */
static const ProtobufCMessage *order_for(struct apply *ap, const Baton__PersonErased *e,
                                         const char *contact_id, char after[TOKEN_SIZE],
                                         struct arena *scratch)
{
    struct table_scan scan;
    const Baton__CollateralOrder *o;
    const ProtobufCMessage *left = NULL;
    if (!table_scan_open(&scan, ap->txn, DOCUMENTS_COLLATERAL_ORDER, "contact_id", contact_id, after, false))
        return NULL;
    for (arena_reset(scratch);
         (o = table_scan_next(&scan, scratch)) && (left = without(e, o, scratch)) == &o->base;
         arena_reset(scratch))
        left = NULL;
    if (left)
        (void)snprintf(after, TOKEN_SIZE, "%s", table_scan_token(&scan, scratch)); /* fits */
    table_scan_close(&scan);
    return left;
}

void documents_apply_erased(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__PersonErased *e = (const Baton__PersonErased *)payload;
    const ProtobufCMessage *left;
    struct arena *scratch = arena_new(SCRATCH); /* one order at a time: there may be many */
    for (size_t i = 0; i < e->n_contact_ids; i++) {
        char after[TOKEN_SIZE] = "";
        while ((left = order_for(ap, e, e->contact_ids[i], after, scratch))) {
            const struct key key = key_of(schema_get_text(left, "id"));
            /* no change of the order: its last one is where it was */
            table_put(ap->txn, DOCUMENTS_COLLATERAL_ORDER, left,
                      table_seq(ap->txn, DOCUMENTS_COLLATERAL_ORDER, &key), scratch);
        }
    }
    arena_free(scratch);
}
