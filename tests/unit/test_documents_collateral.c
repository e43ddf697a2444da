/* Printed material and what there is of it, rule by rule; the numbers are those of the comments in
   decide_collateral.c (1-7) and decide_collateral_stock.c (10-17). */
#include "services/documents/collateral.h"
#include "tests/unit/decide_bench.h"

#define ITEM  ID(1)
#define HERE  ID(2)
#define THERE ID(3)
#define ORDER ID(4)
#define OTHER ID(5)

#define WHY(NAME) BATON__STOCK_REASON__STOCK_REASON_##NAME

static Baton__CollateralItem item(void)
{
    Baton__CollateralItem i = BATON__COLLATERAL_ITEM__INIT;
    i.id = ITEM;
    i.name = (char *)" The  brochure ";
    i.sku = (char *)" B-1 ";
    return i;
}

static Baton__StockPlace place(char *id)
{
    static char *keepers[] = {ID(8), ID(9)};
    Baton__StockPlace p = BATON__STOCK_PLACE__INIT;
    p.id = id;
    p.name = (char *)"Shelf";
    p.keeper_ids = keepers;
    p.n_keeper_ids = 2;
    return p;
}

static Baton__StockBalance balance(char *place_id, uint64_t on_hand, uint64_t picked, uint64_t back_ordered)
{
    Baton__StockBalance b = BATON__STOCK_BALANCE__INIT;
    b.item_id = ITEM;
    b.place_id = place_id;
    b.on_hand = on_hand;
    b.picked = picked;
    b.back_ordered = back_ordered;
    b.moves = 7;
    return b;
}

/* --- items and places --- */

static void test_items(void **state)
{
    struct bench *b = *state;
    struct collateral_record_facts f = {0};
    Baton__CollateralItem i = item(), was = item();
    Baton__Money cost = BATON__MONEY__INIT;
    i.unit_cost = &cost;
    /* 1 */
    assert_refused(check(b, collateral_check_item, &f, NULL, &i), b, REFUSAL_INVALID_ARGUMENT, "unit_cost");
    cost.currency_code = (char *)"XXQ";
    assert_refused(check(b, collateral_check_item, &f, NULL, &i), b, REFUSAL_INVALID_ARGUMENT, "unit_cost");
    cost.currency_code = (char *)"EUR";
    cost.minor_units = -1;
    assert_refused(check(b, collateral_check_item, &f, NULL, &i), b, REFUSAL_INVALID_ARGUMENT, "unit_cost");
    cost.minor_units = 120;
    assert_true(check(b, collateral_check_item, &f, NULL, &i));
    assert_string_equal(i.name, "The brochure");
    assert_string_equal(i.sku, "B-1");
    /* 2 */
    assert_true(check(b, collateral_check_item, &f, &i, NULL));
    f.has_stock = true;
    assert_refused(check(b, collateral_check_item, &f, &i, NULL), b, REFUSAL_FAILED_PRECONDITION, "");
    /* 3 */
    i.document_id = ID(7);
    assert_refused(check(b, collateral_check_item, &f, &was, &i), b, REFUSAL_NOT_FOUND, "document_id");
    was.document_id = ID(7);
    assert_true(check(b, collateral_check_item, &f, &was, &i));
    was.document_id = NULL;
    f.has_document = true;
    assert_true(check(b, collateral_check_item, &f, &was, &i));
}

/* 4 */
static void test_level(void **state)
{
    struct bench *b = *state;
    Baton__CollateralItem i = item(), was = item();
    Baton__StockBalance total = balance("", 10, 4, 0);
    struct collateral_record_facts f = {.total = &total};
    i.low_level = 6;
    assert_true(check(b, collateral_check_item, &f, &was, &i));
    assert_int_equal(b->out.n_events, 0);
    i.low_level = 7;
    assert_true(check(b, collateral_check_item, &f, &was, &i));
    assert_int_equal(b->out.n_events, 1);
    assert_true(b->out.events[0]->stock_changed->balances[0]->low);
    assert_int_equal(b->out.events[0]->stock_changed->balances[0]->on_hand, 10);
    total.low = true;
    i.low_level = 0;
    assert_true(check(b, collateral_check_item, &f, &was, &i));
    assert_false(b->out.events[0]->stock_changed->balances[0]->low);
}

static void test_places(void **state)
{
    struct bench *b = *state;
    struct collateral_record_facts f = {0};
    Baton__StockPlace p = place(HERE);
    Baton__CollateralOrder o = BATON__COLLATERAL_ORDER__INIT;
    /* 5 */
    assert_true(check(b, collateral_check_place, &f, &p, NULL));
    f.has_orders = true;
    assert_refused(check(b, collateral_check_place, &f, &p, NULL), b, REFUSAL_FAILED_PRECONDITION, "");
    f.has_orders = false;
    f.has_stock = true;
    assert_refused(check(b, collateral_check_place, &f, &p, NULL), b, REFUSAL_FAILED_PRECONDITION, "");
    /* 6 */
    assert_true(check(b, collateral_check_place, &f, NULL, &p));
    f.stranger_id = ID(9);
    assert_refused(check(b, collateral_check_place, &f, NULL, &p), b, REFUSAL_NOT_FOUND, "keeper_ids");
    assert_refused(check(b, collateral_check_order, NULL, NULL, &o), b, REFUSAL_FAILED_PRECONDITION, "");
}

/* 7 */
static void test_erased(void **state)
{
    struct bench *b = *state;
    char *ids[] = {ID(6)};
    Baton__PersonErased e = BATON__PERSON_ERASED__INIT;
    e.contact_ids = ids;
    e.n_contact_ids = 1;
    assert_true(run(b, collateral_decide_erased, NULL, &e));
    assert_string_equal(b->out.events[0]->person_erased->contact_ids[0], ID(6));
    assert_int_equal(b->out.events[0]->person_erased->extent, 1);
}

/* --- stock --- */

struct stock {
    Baton__CollateralItem item;
    Baton__StockPlace here, there;
    Baton__StockBalance balance, total;
    struct collateral_stock_facts f;
};

/* Ten there, four of them picked. */
static struct stock *stock(struct bench *b)
{
    struct stock *s = ARENA_NEW(b->arena, struct stock);
    s->item = item();
    s->here = place(HERE);
    s->there = place(THERE);
    s->balance = balance(HERE, 10, 4, 0);
    s->total = balance("", 30, 4, 0);
    s->f = (struct collateral_stock_facts){.stock = {&s->item, &s->balance, &s->total},
                                           .place = &s->here,
                                           .to_place = &s->there,
                                           .is_keeper = true};
    b->actor.user_id = ID(8);
    return s;
}

static const Baton__StockChanged *said(const struct bench *b)
{
    assert_true(b->out.n_events >= 1);
    const Baton__Event *e = b->out.events[b->out.n_events - 1];
    assert_int_equal(e->event_case, BATON__EVENT__EVENT_STOCK_CHANGED);
    return e->stock_changed;
}

static void assert_move(const struct bench *b, int64_t quantity, Baton__StockReason why)
{
    const Baton__StockMove *m = said(b)->moves[said(b)->n_moves - 1];
    assert_int_equal(m->quantity, quantity);
    assert_int_equal(m->why, why);
    assert_int_equal(m->number, 8);
    assert_string_equal(m->by_id, ID(8));
    assert_string_equal(m->place_id, HERE);
}

/* 10 */
static void test_loose(void **state)
{
    static const struct {
        uint64_t on_hand, picked, back_ordered, loose, free;
    } rows[] = {{10, 0, 0, 10, 10}, {10, 4, 0, 6, 6}, {10, 4, 2, 6, 4}, {10, 4, 6, 6, 0}, {4, 4, 9, 0, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__StockBalance x = balance(HERE, rows[i].on_hand, rows[i].picked, rows[i].back_ordered);
        assert_int_equal(collateral_loose(&x), rows[i].loose);
        assert_int_equal(collateral_free(&x), rows[i].free);
    }
    assert_int_equal(collateral_free(NULL), 0);
}

static void test_receive(void **state)
{
    struct bench *b = *state;
    struct stock *s = stock(b);
    Baton__ReceiveStockRequest q = BATON__RECEIVE_STOCK_REQUEST__INIT;
    q.quantity = 5;
    assert_true(run(b, collateral_decide_receive, &s->f, &q));
    assert_move(b, 5, WHY(RECEIVED));
    assert_int_equal(((Baton__ReceiveStockResponse *)b->out.reply)->balance->on_hand, 15);
    assert_int_equal(said(b)->balances[1]->on_hand, 35);
    assert_false(said(b)->balances[0]->has_due_us);
    /* 11 */
    s->balance.back_ordered = 9;
    assert_true(run(b, collateral_decide_receive, &s->f, &q));
    assert_int_equal(said(b)->balances[0]->due_us, NOW + 1);
    /* where there never was any */
    s->f.stock.balance = s->f.stock.total = NULL;
    assert_true(run(b, collateral_decide_receive, &s->f, &q));
    assert_int_equal(said(b)->balances[0]->on_hand, 5);
    assert_int_equal(said(b)->moves[0]->number, 1);
    /* 13 */
    s->f.stock.item = NULL;
    assert_refused(run(b, collateral_decide_receive, &s->f, &q), b, REFUSAL_NOT_FOUND, "item_id");
    s->f.is_keeper = false;
    assert_refused(run(b, collateral_decide_receive, &s->f, &q), b, REFUSAL_PERMISSION_DENIED, "");
    s->f.place = NULL;
    assert_refused(run(b, collateral_decide_receive, &s->f, &q), b, REFUSAL_NOT_FOUND, "place_id");
}

/* 12 */
static void test_low(void **state)
{
    struct bench *b = *state;
    struct stock *s = stock(b);
    Baton__ScrapStockRequest q = BATON__SCRAP_STOCK_REQUEST__INIT;
    Baton__ReceiveStockRequest more = BATON__RECEIVE_STOCK_REQUEST__INIT;
    s->item.low_level = 25;
    q.quantity = 1;
    assert_true(run(b, collateral_decide_scrap, &s->f, &q)); /* 25 are left */
    assert_int_equal(b->out.n_events, 1);
    assert_false(said(b)->balances[1]->low);
    q.quantity = 2;
    assert_true(run(b, collateral_decide_scrap, &s->f, &q));
    assert_int_equal(b->out.n_events, 2);
    assert_int_equal(b->out.events[0]->collateral_news->left, 24);
    assert_int_equal(b->out.events[0]->collateral_news->n_user_ids, 2);
    assert_true(said(b)->balances[1]->low);
    s->total.low = true;
    assert_true(run(b, collateral_decide_scrap, &s->f, &q));
    assert_int_equal(b->out.n_events, 1);
    assert_true(said(b)->balances[1]->low);
    s->total = balance("", 28, 4, 0);
    s->total.low = true;
    more.quantity = 1;
    assert_true(run(b, collateral_decide_receive, &s->f, &more));
    assert_int_equal(b->out.n_events, 1);
    assert_false(said(b)->balances[1]->low);
}

/* 14, 15 */
static void test_zero(void **state)
{
    struct bench *b = *state;
    struct stock *s = stock(b);
    Baton__ScrapStockRequest q = BATON__SCRAP_STOCK_REQUEST__INIT;
    Baton__CountStockRequest c = BATON__COUNT_STOCK_REQUEST__INIT;
    q.quantity = 6;
    assert_true(run(b, collateral_decide_scrap, &s->f, &q));
    assert_move(b, -6, WHY(SCRAPPED));
    q.quantity = 7;
    assert_refused(run(b, collateral_decide_scrap, &s->f, &q), b, REFUSAL_FAILED_PRECONDITION, "quantity");
    assert_non_null(strstr(b->out.no.message, "6 are there"));
    c.counted = 4;
    assert_true(run(b, collateral_decide_count, &s->f, &c));
    assert_move(b, -6, WHY(COUNTED));
    c.counted = 12;
    assert_true(run(b, collateral_decide_count, &s->f, &c));
    assert_move(b, 2, WHY(COUNTED));
    c.counted = 3;
    assert_refused(run(b, collateral_decide_count, &s->f, &c), b, REFUSAL_FAILED_PRECONDITION, "counted");
    c.counted = 10;
    assert_true(run(b, collateral_decide_count, &s->f, &c));
    assert_int_equal(b->out.n_events, 0);
}

/* 16 */
static void test_move(void **state)
{
    struct bench *b = *state;
    struct stock *s = stock(b);
    Baton__MoveStockRequest q = BATON__MOVE_STOCK_REQUEST__INIT;
    q.quantity = 6;
    assert_true(run(b, collateral_decide_move, &s->f, &q));
    assert_move(b, -6, WHY(MOVED));
    assert_int_equal(said(b)->n_balances, 2); /* all places together have what they had */
    assert_int_equal(said(b)->moves[0]->quantity, 6);
    assert_string_equal(said(b)->moves[0]->place_id, THERE);
    assert_string_equal(said(b)->moves[0]->other_place_id, HERE);
    assert_string_equal(said(b)->moves[1]->other_place_id, THERE);
    q.quantity = 7;
    assert_refused(run(b, collateral_decide_move, &s->f, &q), b, REFUSAL_FAILED_PRECONDITION, "quantity");
    s->f.to_place = &s->here;
    assert_refused(run(b, collateral_decide_move, &s->f, &q), b, REFUSAL_INVALID_ARGUMENT, "to_place_id");
    s->f.to_place = NULL;
    assert_refused(run(b, collateral_decide_move, &s->f, &q), b, REFUSAL_NOT_FOUND, "to_place_id");
}

/* 17 */
static void test_due(void **state)
{
    struct bench *b = *state;
    struct stock *s = stock(b);
    Baton__CollateralLine lines[2], *of[2][1] = {{&lines[0]}, {&lines[1]}};
    Baton__CollateralOrder orders[2];
    Baton__BackOrder rows[2];
    struct collateral_due_facts f = {.stock = s->f.stock, .place = &s->here, .n = 2};
    s->balance.back_ordered = s->total.back_ordered = 8; /* and six are there */
    for (size_t i = 0; i < 2; i++) {
        baton__collateral_line__init(&lines[i]);
        baton__collateral_order__init(&orders[i]);
        baton__back_order__init(&rows[i]);
        lines[i].item_id = ITEM;
        lines[i].has_approved = lines[i].has_picked = lines[i].has_back_ordered = true;
        lines[i].approved = 5;
        lines[i].picked = 1;
        lines[i].back_ordered = rows[i].quantity = 4;
        orders[i].id = i ? OTHER : ORDER;
        orders[i].place_id = HERE;
        orders[i].lines = of[i];
        orders[i].n_lines = 1;
        orders[i].has_status = true;
        orders[i].status = BATON__COLLATERAL_ORDER_STATUS__COLLATERAL_ORDER_STATUS_APPROVED;
        f.waiting[i].row = &rows[i];
        f.waiting[i].order = &orders[i];
    }
    assert_true(run(b, collateral_decide_due, &f, &s->balance));
    assert_int_equal(b->out.n_events, 3);
    const Baton__CollateralOrder *first = b->out.events[0]->record_changed->record->collateral_order;
    assert_string_equal(first->id, ORDER);
    assert_int_equal(first->lines[0]->picked, 5);
    assert_int_equal(first->lines[0]->back_ordered, 0);
    const Baton__CollateralOrder *second = b->out.events[1]->record_changed->record->collateral_order;
    assert_int_equal(second->lines[0]->picked, 3);
    assert_int_equal(second->lines[0]->back_ordered, 2);
    assert_int_equal(said(b)->balances[0]->picked, 10);
    assert_int_equal(said(b)->balances[0]->back_ordered, 2);
    assert_false(said(b)->balances[0]->has_due_us);
    assert_int_equal(said(b)->back_orders[0]->quantity, 0);
    assert_int_equal(said(b)->back_orders[1]->quantity, 2);
    assert_int_equal(said(b)->n_moves, 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_items),  cmocka_unit_test(test_level), cmocka_unit_test(test_places),
        cmocka_unit_test(test_erased), cmocka_unit_test(test_loose), cmocka_unit_test(test_receive),
        cmocka_unit_test(test_low),    cmocka_unit_test(test_zero),  cmocka_unit_test(test_move),
        cmocka_unit_test(test_due),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
