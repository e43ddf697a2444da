/* Decisions about stock: the ledger, what is set aside, and who waits; the numbers of the rules are those of
   tests/unit/test_documents_collateral.c. */
#include <assert.h>
#include <string.h>

#include "services/documents/collateral.h"

enum { BOOK_MAX = 2 * COLLATERAL_LINES_MAX };

uint64_t collateral_loose(const Baton__StockBalance *b)
{
    return b ? b->on_hand - b->picked : 0;
}

/* 10: what others wait for is not there for who comes later */
uint64_t collateral_free(const Baton__StockBalance *b)
{
    uint64_t loose = collateral_loose(b);
    return b && loose > b->back_ordered ? loose - b->back_ordered : 0;
}

bool collateral_is_low(const Baton__CollateralItem *item, const Baton__StockBalance *total)
{
    return item && item->low_level && collateral_loose(total) < item->low_level;
}

/* --- the book --- */

struct collateral_book collateral_book(struct stamp *s, struct outcome *out)
{
    struct collateral_book b = {ARENA_NEW(s->arena, Baton__StockChanged), s, out};
    baton__stock_changed__init(b.event);
    b.event->balances = ARENA_ARRAY(s->arena, Baton__StockBalance *, BOOK_MAX);
    b.event->moves = ARENA_ARRAY(s->arena, Baton__StockMove *, BOOK_MAX);
    b.event->back_orders = ARENA_ARRAY(s->arena, Baton__BackOrder *, BOOK_MAX);
    return b;
}

void collateral_book_close(struct collateral_book *b)
{
    if (b->event->n_balances)
        outcome_event(b->out, b->event);
}

static Baton__StockBalance *balance_of(struct collateral_book *b, const Baton__StockBalance *before,
                                       const char *item_id, const char *place_id)
{
    Baton__StockBalance *row = ARENA_NEW(b->s->arena, Baton__StockBalance);
    if (before)
        *row = *before;
    else
        baton__stock_balance__init(row);
    row->item_id = (char *)(uintptr_t)item_id;
    row->place_id = (char *)(uintptr_t)place_id;
    row->has_on_hand = row->has_picked = row->has_back_ordered = row->has_moves = true;
    assert(b->event->n_balances < BOOK_MAX);
    b->event->balances[b->event->n_balances++] = row;
    return row;
}

static void balance_add(Baton__StockBalance *row, const struct collateral_change *c)
{
    row->on_hand += (uint64_t)c->moved;
    row->picked += (uint64_t)c->picked;
    row->back_ordered += (uint64_t)c->back_ordered;
    assert(row->on_hand <= INT64_MAX && row->picked <= row->on_hand && row->back_ordered <= INT64_MAX);
}

static void cost_of(Baton__StockMove *m, const struct collateral_change *c, struct arena *a)
{
    const Baton__CollateralOrder *o = c->order;
    m->order_id = o ? o->id : NULL;
    if (!o || c->why != BATON__STOCK_REASON__STOCK_REASON_SHIPPED)
        return;
    m->campaign = o->campaign;
    m->team_id = o->team_id;
    if (!o->cost)
        return;
    m->cost = ARENA_NEW(a, Baton__Money);
    baton__money__init(m->cost);
    m->cost->currency_code = o->cost->currency_code;
    m->cost->has_minor_units = true;
    m->cost->minor_units = -c->moved * c->unit_cost; /* no more than that of the whole order, which fits */
}

static void write_move(struct collateral_book *b, const Baton__StockBalance *row,
                       const struct collateral_change *c)
{
    Baton__StockMove *m = ARENA_NEW(b->s->arena, Baton__StockMove);
    baton__stock_move__init(m);
    m->item_id = row->item_id;
    m->place_id = row->place_id;
    m->has_number = m->has_quantity = m->has_why = true;
    m->number = row->moves;
    m->quantity = c->moved;
    m->why = c->why;
    m->other_place_id = (char *)(uintptr_t)c->other_place_id;
    m->note = (char *)(uintptr_t)c->note;
    m->by_id = b->s->actor->user_id;
    m->at = timestamp_of(b->s->arena, b->s->now_us);
    cost_of(m, c, b->s->arena);
    b->event->moves[b->event->n_moves++] = m;
}

static void tell_low(struct collateral_book *b, const Baton__CollateralItem *item,
                     const Baton__StockPlace *place, const Baton__StockBalance *total)
{
    Baton__CollateralNews *e = ARENA_NEW(b->s->arena, Baton__CollateralNews);
    baton__collateral_news__init(e);
    e->has_kind = e->has_left = true;
    e->kind = BATON__COLLATERAL_NEWS_KIND__COLLATERAL_NEWS_KIND_LOW;
    e->item_id = item->id;
    e->title = item->name;
    e->left = collateral_loose(total);
    e->user_ids = place->keeper_ids;
    e->n_user_ids = place->n_keeper_ids;
    outcome_event(b->out, e);
}

static Baton__StockBalance *change_row(struct collateral_book *b, const Baton__StockBalance *before,
                                       const char *item_id, const char *place_id,
                                       const struct collateral_change *c)
{
    Baton__StockBalance *row = balance_of(b, before, item_id, place_id);
    balance_add(row, c);
    if (c->moved) {
        row->moves++;
        write_move(b, row, c);
    }
    /* 11: what is there goes to those who wait for it, in a step of its own */
    row->has_due_us = row->back_ordered && collateral_loose(row);
    row->due_us = row->has_due_us ? b->s->now_us + 1 : 0;
    return row;
}

Baton__StockBalance *collateral_book_change(struct collateral_book *b, const struct collateral_stock *stock,
                                            const Baton__StockPlace *place, const struct collateral_change *c)
{
    Baton__StockBalance *row = change_row(b, stock->balance, stock->item->id, place->id, c);
    Baton__StockBalance *total = balance_of(b, stock->total, stock->item->id, "");
    balance_add(total, c);
    /* 12: those who keep the place hear once that little is left, and again after there was enough */
    bool is_low = collateral_is_low(stock->item, total);
    if (is_low && !total->low)
        tell_low(b, stock->item, place, total);
    total->has_low = true;
    total->low = is_low;
    return row;
}

void collateral_back_order(struct collateral_book *b, const Baton__CollateralOrder *o,
                           const Baton__CollateralLine *line, uint32_t quantity)
{
    Baton__BackOrder *row = ARENA_NEW(b->s->arena, Baton__BackOrder);
    baton__back_order__init(row);
    row->item_id = line->item_id;
    row->place_id = o->place_id;
    row->order_id = o->id;
    row->has_quantity = true;
    row->quantity = quantity;
    assert(b->event->n_back_orders < BOOK_MAX);
    b->event->back_orders[b->event->n_back_orders++] = row;
}

/* --- what comes, goes, and is counted --- */

static bool may_change(const struct collateral_stock_facts *f, struct refusal *no)
{
    /* 13: what there is, where there is a place for it, by who keeps the place */
    if (!f->place)
        return refuse(no, REFUSAL_NOT_FOUND, "place_id", "there is no such place");
    if (!f->is_keeper)
        return refuse(no, REFUSAL_PERMISSION_DENIED, NULL, "only those who keep the place change its stock");
    if (!f->stock.item)
        return refuse(no, REFUSAL_NOT_FOUND, "item_id", "there is no such item");
    return true;
}

static bool change(const struct collateral_stock_facts *f, const struct collateral_change *c,
                   const ProtobufCMessageDescriptor *answer, struct stamp *s, struct outcome *out)
{
    struct collateral_book book = collateral_book(s, out);
    collateral_answer(collateral_book_change(&book, &f->stock, f->place, c), answer, out);
    collateral_book_close(&book);
    return true;
}

/* 14: stock never goes below zero, nor below what is set aside */
static bool has_loose(const struct collateral_stock_facts *f, uint32_t quantity, struct refusal *no)
{
    uint64_t loose = collateral_loose(f->stock.balance);
    return quantity <= loose || refuse(no, REFUSAL_FAILED_PRECONDITION, "quantity",
                                       "%llu are there that no order has picked", (unsigned long long)loose);
}

static bool has_room(const Baton__StockBalance *b, uint64_t quantity, const char *field, struct refusal *no)
{
    static const uint64_t MOST = UINT64_C(1000000000000);
    return (b ? b->on_hand : 0) + quantity <= MOST ||
           refuse(no, REFUSAL_FAILED_PRECONDITION, field, "that is more than a place holds");
}

bool collateral_decide_receive(const void *facts, const struct command *c, struct stamp *s,
                               struct outcome *out)
{
    const struct collateral_stock_facts *f = facts;
    const Baton__ReceiveStockRequest *r = (const Baton__ReceiveStockRequest *)c->request;
    const struct collateral_change come = {
        .moved = r->quantity, .why = BATON__STOCK_REASON__STOCK_REASON_RECEIVED, .note = r->note};
    return may_change(f, &out->no) && has_room(f->stock.total, r->quantity, "quantity", &out->no) &&
           change(f, &come, &baton__receive_stock_response__descriptor, s, out);
}

bool collateral_decide_count(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct collateral_stock_facts *f = facts;
    const Baton__CountStockRequest *r = (const Baton__CountStockRequest *)c->request;
    const Baton__StockBalance *b = f->stock.balance;
    const struct collateral_change counted = {.moved = (int64_t)r->counted - (int64_t)(b ? b->on_hand : 0),
                                              .why = BATON__STOCK_REASON__STOCK_REASON_COUNTED,
                                              .note = r->note};
    if (!may_change(f, &out->no) || !has_room(f->stock.total, r->counted, "counted", &out->no))
        return false;
    /* 15: what is picked is there; if it is not, its orders are cancelled first */
    if (b && r->counted < b->picked)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "counted",
                      "%llu are picked for orders: cancel what cannot be sent",
                      (unsigned long long)b->picked);
    if (counted.moved)
        return change(f, &counted, &baton__count_stock_response__descriptor, s, out);
    collateral_answer((void *)(uintptr_t)b, &baton__count_stock_response__descriptor, out);
    return true;
}

bool collateral_decide_scrap(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct collateral_stock_facts *f = facts;
    const Baton__ScrapStockRequest *r = (const Baton__ScrapStockRequest *)c->request;
    const struct collateral_change gone = {
        .moved = -(int64_t)r->quantity, .why = BATON__STOCK_REASON__STOCK_REASON_SCRAPPED, .note = r->note};
    return may_change(f, &out->no) && has_loose(f, r->quantity, &out->no) &&
           change(f, &gone, &baton__scrap_stock_response__descriptor, s, out);
}

bool collateral_decide_move(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct collateral_stock_facts *f = facts;
    const Baton__MoveStockRequest *r = (const Baton__MoveStockRequest *)c->request;
    if (!may_change(f, &out->no))
        return false;
    /* 16: from one place to another */
    if (!f->to_place)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "to_place_id", "there is no such place");
    if (strcmp(f->place->id, f->to_place->id) == 0)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "to_place_id", "it is there already");
    if (!has_loose(f, r->quantity, &out->no))
        return false;
    struct collateral_change gone = {.moved = -(int64_t)r->quantity,
                                     .why = BATON__STOCK_REASON__STOCK_REASON_MOVED,
                                     .other_place_id = f->to_place->id,
                                     .note = r->note};
    struct collateral_change come = gone;
    struct collateral_book book = collateral_book(s, out);
    come.moved = r->quantity;
    come.other_place_id = f->place->id;
    /* all places together have what they had */
    (void)change_row(&book, f->to.balance, f->stock.item->id, f->to_place->id, &come); /* not asked for */
    collateral_answer(change_row(&book, f->stock.balance, f->stock.item->id, f->place->id, &gone),
                      &baton__move_stock_response__descriptor, out);
    collateral_book_close(&book);
    return true;
}

/* --- those who wait --- */

static Baton__CollateralLine *line_of(const Baton__CollateralOrder *o, const char *item_id)
{
    for (size_t i = 0; i < o->n_lines; i++)
        if (strcmp(o->lines[i]->item_id, item_id) == 0)
            return o->lines[i];
    return NULL;
}

static void serve(const struct collateral_due_facts *f, size_t i, uint32_t given, struct collateral_book *b)
{
    const Baton__CollateralOrder *before = f->waiting[i].order;
    Baton__CollateralOrder *o = (Baton__CollateralOrder *)schema_copy(&before->base, b->s->arena);
    Baton__CollateralLine *line = line_of(o, f->stock.item->id);
    line->picked += given;
    line->back_ordered -= given;
    collateral_back_order(b, o, line, line->back_ordered);
    collateral_order_refresh(o, b->s->arena);
    record_updated(&before->base, f->waiting[i].seq, &o->base, b->s, b->out);
}

bool collateral_decide_due(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct collateral_due_facts *f = facts;
    struct collateral_book book = collateral_book(s, out);
    uint64_t loose = collateral_loose(f->stock.balance);
    struct collateral_change change = {0};
    /* 17: the oldest order first, each as much as there is for it */
    for (size_t i = 0; i < f->n && loose; i++) {
        uint32_t wants = f->waiting[i].row->quantity, given = loose < wants ? (uint32_t)loose : wants;
        serve(f, i, given, &book);
        loose -= given;
        change.picked += given;
        change.back_ordered -= given;
    }
    (void)collateral_book_change(&book, &f->stock, f->place, &change); /* nobody asked */
    collateral_book_close(&book);
    return true;
}
