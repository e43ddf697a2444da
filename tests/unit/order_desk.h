/* What tests of orders of printed material share. */
#ifndef BATON_TESTS_ORDER_DESK_H
#define BATON_TESTS_ORDER_DESK_H

#include "services/documents/collateral.h"
#include "tests/unit/decide_bench.h"

#define STATUS(NAME) BATON__COLLATERAL_ORDER_STATUS__COLLATERAL_ORDER_STATUS_##NAME
#define NEWS(NAME)   BATON__COLLATERAL_NEWS_KIND__COLLATERAL_NEWS_KIND_##NAME
#define OWNER        ID(7)

/* Two items; of the first ten are there, of the second one. */
struct desk {
    Baton__CollateralItem items[2];
    Baton__Money costs[2];
    Baton__StockPlace place;
    Baton__StockBalance balances[2], totals[2];
    Baton__CollateralLine rows[2], *lines[2];
    Baton__CollateralOrder order;
    Baton__CollateralWish wishes[2], *wish[2];
    struct collateral_order_facts f;
};

static inline void line_make(struct desk *d, size_t i, uint32_t ordered)
{
    d->lines[i] = &d->rows[i];
    d->wish[i] = &d->wishes[i];
    baton__collateral_line__init(&d->rows[i]);
    baton__collateral_wish__init(&d->wishes[i]);
    baton__collateral_item__init(&d->items[i]);
    baton__money__init(&d->costs[i]);
    baton__stock_balance__init(&d->balances[i]);
    Baton__CollateralLine *row = &d->rows[i];
    row->has_ordered = row->has_approved = row->has_picked = row->has_shipped = row->has_received = true;
    row->has_back_ordered = row->has_unit_cost = d->costs[i].has_minor_units = true;
    d->costs[i].currency_code = (char *)"EUR";
    d->costs[i].minor_units = 150;
    d->items[i].id = d->rows[i].item_id = d->wishes[i].item_id = i ? ID(2) : ID(1);
    d->items[i].name = i ? (char *)"Poster" : (char *)"Brochure";
    d->items[i].unit_cost = &d->costs[i];
    d->rows[i].ordered = d->rows[i].approved = d->wishes[i].quantity = ordered;
    d->rows[i].unit_cost = 150;
    d->balances[i].on_hand = i ? 1 : 10;
    d->totals[i] = d->balances[i];
    d->f.lines[i] = (struct collateral_stock){&d->items[i], &d->balances[i], &d->totals[i]};
}

/* An order of four and three that is approved, by its owner's manager, who keeps the place. */
static inline struct desk *desk(struct bench *b)
{
    static char *keepers[] = {ID(8)};
    struct desk *d = ARENA_NEW(b->arena, struct desk);
    baton__stock_place__init(&d->place);
    d->place.id = ID(3);
    d->place.name = (char *)"Shelf";
    d->place.keeper_ids = keepers;
    d->place.n_keeper_ids = 1;
    baton__collateral_order__init(&d->order);
    d->order.id = ID(4);
    d->order.owner_id = OWNER;
    d->order.place_id = d->place.id;
    d->order.has_status = true;
    d->order.status = STATUS(APPROVED);
    d->order.desk = d->place.id;
    d->order.lines = d->lines;
    d->order.n_lines = 2;
    d->f = (struct collateral_order_facts){.place = &d->place,
                                           .order = &d->order,
                                           .is_in_charge = true,
                                           .is_keeper = true,
                                           .team_id = ID(5),
                                           .approver_id = ID(6)};
    line_make(d, 0, 4);
    line_make(d, 1, 3);
    b->actor.user_id = ID(8);
    b->actor.has_role = true;
    b->actor.role = BATON__ROLE__ROLE_MANAGER;
    return d;
}

static inline const Baton__CollateralOrder *changed(const struct bench *b)
{
    for (size_t i = 0; i < b->out.n_events; i++)
        if (b->out.events[i]->event_case == BATON__EVENT__EVENT_RECORD_CHANGED)
            return b->out.events[i]->record_changed->record->collateral_order;
    fail();
    return NULL;
}

static inline const Baton__StockChanged *said(const struct bench *b)
{
    for (size_t i = 0; i < b->out.n_events; i++)
        if (b->out.events[i]->event_case == BATON__EVENT__EVENT_STOCK_CHANGED)
            return b->out.events[i]->stock_changed;
    return NULL;
}

static inline const Baton__CollateralNews *news(const struct bench *b)
{
    for (size_t i = 0; i < b->out.n_events; i++)
        if (b->out.events[i]->event_case == BATON__EVENT__EVENT_COLLATERAL_NEWS)
            return b->out.events[i]->collateral_news;
    return NULL;
}

#endif
