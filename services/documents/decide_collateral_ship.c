/* Decisions about orders of printed material that are picked, sent and received; the numbers of the rules are
   those of tests/unit/test_documents_shipping.c. */
#include <string.h>

#include "services/documents/collateral.h"

#define STATUS(NAME) BATON__COLLATERAL_ORDER_STATUS__COLLATERAL_ORDER_STATUS_##NAME

/* A copy to be changed; NULL: refused. */
static Baton__CollateralOrder *to_handle(const struct collateral_order_facts *f, struct stamp *s,
                                         struct refusal *no)
{
    if (!f->order)
        return refuse(no, REFUSAL_NOT_FOUND, "order_id", "there is no such order"), NULL;
    /* 13: by who keeps the place, while something is to leave there */
    if (!f->is_keeper)
        return refuse(no, REFUSAL_PERMISSION_DENIED, NULL, "only those who keep the place pick and ship"),
               NULL;
    if (f->order->status == STATUS(WAITING))
        return refuse(no, REFUSAL_FAILED_PRECONDITION, "order_id", "it is not approved yet"), NULL;
    if (!f->order->desk)
        return refuse(no, REFUSAL_FAILED_PRECONDITION, "order_id", "nothing of it is to be sent any more"),
               NULL;
    return (Baton__CollateralOrder *)schema_copy(&f->order->base, s->arena);
}

/* --- picking --- */

static uint32_t unpicked(const Baton__CollateralLine *line)
{
    return line->approved - line->picked;
}

/* 14: what is named is picked as a whole or not at all: who came first has it */
static bool all_there(const struct collateral_order_facts *f, const Baton__CollateralOrder *o,
                      const uint32_t wanted[], struct refusal *no)
{
    for (size_t i = 0; i < o->n_lines; i++) {
        uint64_t there = collateral_free(f->lines[i].balance);
        if (wanted[i] > there)
            return refuse(no, REFUSAL_FAILED_PRECONDITION, "lines.quantity",
                          "of %.100s %llu are there that nobody else has or waits for",
                          f->lines[i].item->name, (unsigned long long)there);
    }
    return true;
}

/* Of what the order does not wait for yet. Where all is wanted, it waits for what is not there. */
static void pick_line(const struct collateral_order_facts *f, size_t i, uint32_t wanted, bool waits,
                      Baton__CollateralOrder *o, struct collateral_book *book)
{
    Baton__CollateralLine *line = o->lines[i];
    uint64_t there = collateral_free(f->lines[i].balance);
    uint32_t given = wanted < there ? wanted : (uint32_t)there, missing = waits ? wanted - given : 0;
    const struct collateral_change pick = {.picked = given, .back_ordered = missing};
    if (!given && !missing)
        return;
    line->picked += given;
    line->back_ordered += missing;
    (void)collateral_book_change(book, &f->lines[i], f->place, &pick); /* not asked for */
    if (missing)
        collateral_back_order(book, o, line, line->back_ordered);
}

bool collateral_decide_pick(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct collateral_order_facts *f = facts;
    const Baton__PickOrderRequest *r = (const Baton__PickOrderRequest *)c->request;
    Baton__CollateralOrder *o = to_handle(f, s, &out->no);
    uint32_t open[COLLATERAL_LINES_MAX], wanted[COLLATERAL_LINES_MAX];
    uint64_t all = 0;
    if (!o)
        return false;
    for (size_t i = 0; i < o->n_lines; i++)
        all += open[i] = unpicked(o->lines[i]) - o->lines[i]->back_ordered;
    /* 15: what is a back order is picked by itself, when it comes */
    if (all == 0)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "order_id", "all that is there is picked");
    if (!collateral_wishes(o, r->lines, r->n_lines, open, "to be picked", wanted, &out->no))
        return false;
    if (r->n_lines && !all_there(f, o, wanted, &out->no))
        return false;
    struct collateral_book book = collateral_book(s, out);
    /* 16: where nothing is named, what is not there is a back order */
    for (size_t i = 0; i < o->n_lines; i++)
        pick_line(f, i, wanted[i], r->n_lines == 0, o, &book);
    collateral_book_close(&book);
    return collateral_order_changed(f, o, &baton__pick_order_response__descriptor, s, out);
}

/* --- sending --- */

static void ship_line(const struct collateral_order_facts *f, size_t i, uint32_t quantity,
                      Baton__CollateralOrder *o, struct collateral_book *book)
{
    const struct collateral_change gone = {.moved = -(int64_t)quantity,
                                           .why = BATON__STOCK_REASON__STOCK_REASON_SHIPPED,
                                           .order = o,
                                           .unit_cost = o->lines[i]->unit_cost,
                                           .picked = -(int64_t)quantity};
    if (quantity == 0)
        return;
    o->lines[i]->shipped += quantity;
    (void)collateral_book_change(book, &f->lines[i], f->place, &gone); /* not asked for */
}

bool collateral_decide_ship(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct collateral_order_facts *f = facts;
    const Baton__ShipOrderRequest *r = (const Baton__ShipOrderRequest *)c->request;
    Baton__CollateralOrder *o = to_handle(f, s, &out->no);
    uint32_t open[COLLATERAL_LINES_MAX], wanted[COLLATERAL_LINES_MAX];
    uint64_t all = 0;
    if (!o)
        return false;
    for (size_t i = 0; i < o->n_lines; i++)
        all += open[i] = o->lines[i]->picked - o->lines[i]->shipped;
    /* 17: what is picked, or a part of it; more goes in the next parcel */
    if (all == 0)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "order_id",
                      "nothing is picked that is not sent");
    if (!collateral_wishes(o, r->lines, r->n_lines, open, "picked and not sent", wanted, &out->no))
        return false;
    struct collateral_book book = collateral_book(s, out);
    for (size_t i = 0; i < o->n_lines; i++)
        ship_line(f, i, wanted[i], o, &book);
    collateral_book_close(&book);
    if (r->tracking)
        o->tracking = r->tracking;
    (void)collateral_order_changed(f, o, &baton__ship_order_response__descriptor, s, out); /* it may */
    /* 18: whoever ordered hears of it, unless they sent it themselves */
    collateral_order_news(o, f->lines, BATON__COLLATERAL_NEWS_KIND__COLLATERAL_NEWS_KIND_SHIPPED,
                          &o->owner_id, o->owner_id && !f->is_own, out);
    return true;
}

/* --- receiving --- */

bool collateral_decide_come(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct collateral_order_facts *f = facts;
    const Baton__ReceiveOrderRequest *r = (const Baton__ReceiveOrderRequest *)c->request;
    uint32_t open[COLLATERAL_LINES_MAX], wanted[COLLATERAL_LINES_MAX];
    uint64_t all = 0;
    if (!f->order)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "order_id", "there is no such order");
    /* 19: whoever ordered says what has come, of what was sent */
    if (!f->is_in_charge)
        return refuse(&out->no, REFUSAL_PERMISSION_DENIED, NULL,
                      "whoever ordered says what has come, or who is above them");
    Baton__CollateralOrder *o = (Baton__CollateralOrder *)schema_copy(&f->order->base, s->arena);
    for (size_t i = 0; i < o->n_lines; i++)
        all += open[i] = o->lines[i]->shipped - o->lines[i]->received;
    if (all == 0)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "order_id", "nothing of it is under way");
    if (!collateral_wishes(o, r->lines, r->n_lines, open, "under way", wanted, &out->no))
        return false;
    for (size_t i = 0; i < o->n_lines; i++)
        o->lines[i]->received += wanted[i];
    return collateral_order_changed(f, o, &baton__receive_order_response__descriptor, s, out);
}
