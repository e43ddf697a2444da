/* Requests about printed material. */
#include <string.h>

#include "baton/v1/collateral.pb-c.h"
#include "contacts/contacts.h"
#include "documents/documents.h"
#include "sim/fill.h"
#include "store/table.h"

enum { ORDERED_MAX = 2, ITEMS = 2, PLACES = 2 /* few, so that orders want the same */ };

bool fill_collateral_item(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__CollateralItem item = BATON__COLLATERAL_ITEM__INIT;
    Baton__Money cost = BATON__MONEY__INIT;
    if (sim->known[KNOWN_COLLATERAL].n >= ITEMS)
        return false;
    item.name = fill_name(arena, "Brochure", sim_below(random, FILL_NAMES));
    item.sku = fill_name(arena, "SKU", sim_random(random));
    item.has_low_level = true;
    item.low_level = (uint32_t)sim_below(random, 20);
    cost.currency_code = sim_below(random, 8) ? "EUR" : "TWD";
    cost.has_minor_units = true;
    cost.minor_units = (int64_t)sim_below(random, 500);
    item.unit_cost = sim_below(random, 4) ? &cost : NULL;
    return fill_create(a, "documents", &item.base, arena);
}

bool fill_change_item(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__CollateralItem item = BATON__COLLATERAL_ITEM__INIT;
    item.id = fill_drawn(sim, KNOWN_COLLATERAL, random);
    item.has_low_level = true;
    item.low_level = (uint32_t)sim_below(random, 40);
    return item.id && fill_change(a, "documents", &item.base, arena);
}

bool fill_stock_place(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__StockPlace p = BATON__STOCK_PLACE__INIT;
    char *keeper_id = fill_drawn(sim, KNOWN_USER, random);
    if (sim->known[KNOWN_STOCK_PLACE].n >= PLACES)
        return false;
    p.name = fill_name(arena, "Shelf", sim_random(random));
    p.keeper_ids = &keeper_id;
    p.n_keeper_ids = keeper_id != NULL;
    return fill_create(a, "documents", &p.base, arena);
}

/* --- stock --- */

static bool ask_stock(struct ask *a, const char *method, const void *request, bool is_known,
                      struct arena *arena)
{
    if (is_known)
        fill_command(a, "documents", method, request, arena);
    return is_known;
}

bool fill_receive_stock(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__ReceiveStockRequest q = BATON__RECEIVE_STOCK_REQUEST__INIT;
    q.request_id = a->id;
    q.item_id = fill_drawn(sim, KNOWN_COLLATERAL, random);
    q.place_id = fill_drawn(sim, KNOWN_STOCK_PLACE, random);
    q.has_quantity = true;
    q.quantity = 1 + (uint32_t)sim_below(random, 40);
    return ask_stock(a, "CollateralService/ReceiveStock", &q, q.item_id && q.place_id, arena);
}

bool fill_count_stock(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__CountStockRequest q = BATON__COUNT_STOCK_REQUEST__INIT;
    q.request_id = a->id;
    q.item_id = fill_drawn(sim, KNOWN_COLLATERAL, random);
    q.place_id = fill_drawn(sim, KNOWN_STOCK_PLACE, random);
    q.has_counted = true;
    q.counted = (uint32_t)sim_below(random, 40);
    return ask_stock(a, "CollateralService/CountStock", &q, q.item_id && q.place_id, arena);
}

bool fill_scrap_stock(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__ScrapStockRequest q = BATON__SCRAP_STOCK_REQUEST__INIT;
    q.request_id = a->id;
    q.item_id = fill_drawn(sim, KNOWN_COLLATERAL, random);
    q.place_id = fill_drawn(sim, KNOWN_STOCK_PLACE, random);
    q.has_quantity = true;
    q.quantity = 1 + (uint32_t)sim_below(random, 20);
    return ask_stock(a, "CollateralService/ScrapStock", &q, q.item_id && q.place_id, arena);
}

bool fill_move_stock(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__MoveStockRequest q = BATON__MOVE_STOCK_REQUEST__INIT;
    q.request_id = a->id;
    q.item_id = fill_drawn(sim, KNOWN_COLLATERAL, random);
    q.place_id = fill_drawn(sim, KNOWN_STOCK_PLACE, random);
    q.to_place_id = fill_drawn(sim, KNOWN_STOCK_PLACE, random);
    q.has_quantity = true;
    q.quantity = 1 + (uint32_t)sim_below(random, 10);
    return ask_stock(a, "CollateralService/MoveStock", &q, q.item_id && q.place_id, arena);
}

/* --- orders --- */

/* Where it goes to, as an erased person would not want it to be told. */
static void address(struct sim *sim, Baton__OrderCollateralRequest *q, uint64_t *random, struct arena *arena)
{
    const Baton__Contact *c = table_get_id(sim->ledgers[CONTACTS].made, CONTACTS_CONTACT,
                                           fill_drawn(sim, KNOWN_CONTACT, random), arena);
    if (!c || !c->email)
        return;
    q->contact_id = c->id;
    q->ship_to = q->note = arena_printf(arena, "care of %s", c->email);
}

bool fill_order(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__OrderCollateralRequest q = BATON__ORDER_COLLATERAL_REQUEST__INIT;
    Baton__CollateralWish wishes[ORDERED_MAX], *lines[ORDERED_MAX];
    size_t n = 1 + sim_below(random, ORDERED_MAX);
    q.request_id = a->id;
    q.place_id = fill_drawn(sim, KNOWN_STOCK_PLACE, random);
    q.lines = lines;
    for (; q.n_lines < n; q.n_lines++) {
        Baton__CollateralWish *w = lines[q.n_lines] = &wishes[q.n_lines];
        baton__collateral_wish__init(w);
        w->item_id = fill_drawn(sim, KNOWN_COLLATERAL, random);
        w->has_quantity = true;
        w->quantity = sim_below(random, 8) ? 1 + (uint32_t)sim_below(random, 30) : 600;
        if (!w->item_id)
            return false;
        if (q.n_lines && strcmp(w->item_id, wishes[0].item_id) == 0)
            break;
    }
    q.campaign = sim_below(random, 3) ? fill_name(arena, "Campaign", sim_below(random, 3)) : NULL;
    if (sim_below(random, 2))
        address(sim, &q, random, arena);
    a->actor.user_id = fill_drawn(sim, KNOWN_USER, random);
    a->actor.role = BATON__ROLE__ROLE_REP;
    return ask_stock(a, "CollateralService/OrderCollateral", &q, q.place_id && a->actor.user_id, arena);
}

bool fill_judge_order(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__ApproveOrderRequest yes = BATON__APPROVE_ORDER_REQUEST__INIT;
    Baton__RejectOrderRequest no = BATON__REJECT_ORDER_REQUEST__INIT;
    yes.request_id = no.request_id = a->id;
    yes.order_id = no.order_id = fill_drawn(sim, KNOWN_ORDER, random);
    no.reason = "too many";
    return sim_below(random, 4)
               ? ask_stock(a, "CollateralService/ApproveOrder", &yes, yes.order_id != NULL, arena)
               : ask_stock(a, "CollateralService/RejectOrder", &no, no.order_id != NULL, arena);
}

/* One of the order's items, so many of it. */
static bool wish_of(struct sim *sim, const char *order_id, Baton__CollateralWish *w, uint64_t *random,
                    struct arena *arena)
{
    const Baton__CollateralOrder *o =
        table_get_id(sim->ledgers[DOCUMENTS].made, DOCUMENTS_COLLATERAL_ORDER, order_id, arena);
    baton__collateral_wish__init(w);
    if (!o || sim_below(random, 3))
        return false;
    w->item_id = o->lines[sim_below(random, o->n_lines)]->item_id;
    w->has_quantity = true;
    w->quantity = 1 + (uint32_t)sim_below(random, 10);
    return true;
}

bool fill_pick_order(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__PickOrderRequest q = BATON__PICK_ORDER_REQUEST__INIT;
    Baton__CollateralWish w, *lines[] = {&w};
    q.request_id = a->id;
    q.order_id = fill_drawn(sim, KNOWN_ORDER, random);
    q.lines = lines;
    q.n_lines = wish_of(sim, q.order_id, &w, random, arena);
    return ask_stock(a, "CollateralService/PickOrder", &q, q.order_id != NULL, arena);
}

bool fill_ship_order(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__ShipOrderRequest q = BATON__SHIP_ORDER_REQUEST__INIT;
    Baton__CollateralWish w, *lines[] = {&w};
    q.request_id = a->id;
    q.order_id = fill_drawn(sim, KNOWN_ORDER, random);
    q.lines = lines;
    q.n_lines = wish_of(sim, q.order_id, &w, random, arena);
    return ask_stock(a, "CollateralService/ShipOrder", &q, q.order_id != NULL, arena);
}

bool fill_receive_order(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__ReceiveOrderRequest q = BATON__RECEIVE_ORDER_REQUEST__INIT;
    Baton__CollateralWish w, *lines[] = {&w};
    q.request_id = a->id;
    q.order_id = fill_drawn(sim, KNOWN_ORDER, random);
    q.lines = lines;
    q.n_lines = wish_of(sim, q.order_id, &w, random, arena);
    return ask_stock(a, "CollateralService/ReceiveOrder", &q, q.order_id != NULL, arena);
}

bool fill_cancel_order(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__CancelOrderRequest q = BATON__CANCEL_ORDER_REQUEST__INIT;
    q.request_id = a->id;
    q.order_id = fill_drawn(sim, KNOWN_ORDER, random);
    return ask_stock(a, "CollateralService/CancelOrder", &q, q.order_id != NULL, arena);
}

bool fill_list_collateral(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__ListCollateralRequest q = BATON__LIST_COLLATERAL_REQUEST__INIT;
    q.place_id = sim_below(random, 2) ? fill_drawn(sim, KNOWN_STOCK_PLACE, random) : NULL;
    q.has_low = true;
    q.low = sim_below(random, 3) == 0;
    fill_query(a, "documents", "CollateralService/ListCollateral", &q, arena);
    return true;
}
