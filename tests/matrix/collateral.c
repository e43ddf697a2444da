/* What is printed in the company, where it lies, and orders of it. */
#include "baton/v1/collateral.pb-c.h"
#include "matrix/internal.h"

enum { A_LOT = 100000000, TOO_MANY = 600 };

const char *company_printed(struct company *c)
{
    Baton__CollateralItem item = BATON__COLLATERAL_ITEM__INIT;
    item.name = item.sku = arena_printf(c->arena, "PRINTED-%u", company_number(c));
    if (!*c->printed)
        company_create(c, &item.base, c->printed);
    return c->printed;
}

static void place_make(struct company *c, char id[COMPANY_ID_SIZE])
{
    Baton__StockPlace place = BATON__STOCK_PLACE__INIT;
    place.name = arena_printf(c->arena, "Shelf %u", company_number(c));
    company_create(c, &place.base, id);
}

const char *company_shelf(struct company *c)
{
    Baton__ReceiveStockRequest q = BATON__RECEIVE_STOCK_REQUEST__INIT;
    if (*c->shelf)
        return c->shelf;
    place_make(c, c->shelf);
    q.item_id = (char *)(uintptr_t)company_printed(c);
    q.place_id = c->shelf;
    q.has_quantity = true;
    q.quantity = A_LOT;
    (void)company_must(c, &c->boss.actor, "CollateralService/ReceiveStock", &q); /* it was not refused */
    return c->shelf;
}

const char *company_stall(struct company *c)
{
    if (!*c->stall)
        place_make(c, c->stall);
    return c->stall;
}

/* By its owner, whatever else they are. */
static void order(struct company *c, const struct person *owner, uint32_t quantity, char id[COMPANY_ID_SIZE])
{
    Baton__OrderCollateralRequest q = BATON__ORDER_COLLATERAL_REQUEST__INIT;
    Baton__CollateralWish wish = BATON__COLLATERAL_WISH__INIT, *lines[] = {&wish};
    Baton__Actor actor = owner->actor;
    actor.role = BATON__ROLE__ROLE_REP;
    q.place_id = (char *)(uintptr_t)company_shelf(c);
    wish.item_id = (char *)(uintptr_t)company_printed(c);
    wish.has_quantity = true;
    wish.quantity = quantity;
    q.lines = lines;
    q.n_lines = 1;
    Baton__OrderCollateralResponse *p = company_must(c, &actor, "CollateralService/OrderCollateral", &q);
    company_keep_id(id, p->order->id);
}

void company_order(struct company *c, const struct kind *k, const struct person *owner,
                   char id[COMPANY_ID_SIZE])
{
    order(c, owner, 2, id);
}

void company_order_waiting(struct company *c, const struct kind *k, const struct person *owner,
                           char id[COMPANY_ID_SIZE])
{
    order(c, owner, TOO_MANY, id);
}

void company_order_picked(struct company *c, const struct kind *k, const struct person *owner,
                          char id[COMPANY_ID_SIZE])
{
    Baton__PickOrderRequest q = BATON__PICK_ORDER_REQUEST__INIT;
    order(c, owner, 2, id);
    q.order_id = id;
    (void)company_must(c, &c->boss.actor, "CollateralService/PickOrder", &q); /* it was not refused */
}

void company_order_shipped(struct company *c, const struct kind *k, const struct person *owner,
                           char id[COMPANY_ID_SIZE])
{
    Baton__ShipOrderRequest q = BATON__SHIP_ORDER_REQUEST__INIT;
    company_order_picked(c, k, owner, id);
    q.order_id = id;
    (void)company_must(c, &c->boss.actor, "CollateralService/ShipOrder", &q); /* it was not refused */
}
