/* Orders of printed material that are picked, sent and received, rule by rule; the numbers are those of the
   comments in decide_collateral_ship.c. */
#include "tests/unit/order_desk.h"

/* --- picking --- */

static void test_pick(void **state)
{
    struct bench *b = *state;
    struct desk *d = desk(b);
    Baton__PickOrderRequest q = BATON__PICK_ORDER_REQUEST__INIT;
    /* 16: of the second one is there, two are owed */
    assert_true(run(b, collateral_decide_pick, &d->f, &q));
    assert_int_equal(changed(b)->lines[0]->picked, 4);
    assert_int_equal(changed(b)->lines[1]->picked, 1);
    assert_int_equal(changed(b)->lines[1]->back_ordered, 2);
    assert_int_equal(changed(b)->status, STATUS(PICKED));
    assert_int_equal(said(b)->n_back_orders, 1);
    assert_int_equal(said(b)->back_orders[0]->quantity, 2);
    assert_int_equal(said(b)->balances[2]->picked, 1);
    assert_int_equal(said(b)->balances[2]->back_ordered, 2);
    /* 14 */
    q.lines = d->wish;
    q.n_lines = 2;
    assert_refused(run(b, collateral_decide_pick, &d->f, &q), b, REFUSAL_FAILED_PRECONDITION,
                   "lines.quantity");
    assert_non_null(strstr(b->out.no.message, "of Poster 1 are there"));
    d->wishes[1].quantity = 1;
    assert_true(run(b, collateral_decide_pick, &d->f, &q));
    assert_int_equal(said(b)->n_back_orders, 0);
    d->balances[1].back_ordered = 1; /* somebody waits for it */
    assert_refused(run(b, collateral_decide_pick, &d->f, &q), b, REFUSAL_FAILED_PRECONDITION,
                   "lines.quantity");
    /* 15 */
    d->rows[0].picked = 4;
    d->rows[1].back_ordered = 3;
    assert_refused(run(b, collateral_decide_pick, &d->f, &q), b, REFUSAL_FAILED_PRECONDITION, "order_id");
}

/* 13 */
static void test_handle(void **state)
{
    struct bench *b = *state;
    struct desk *d = desk(b);
    Baton__PickOrderRequest pick = BATON__PICK_ORDER_REQUEST__INIT;
    Baton__ShipOrderRequest ship = BATON__SHIP_ORDER_REQUEST__INIT;
    d->order.desk = NULL;
    assert_refused(run(b, collateral_decide_pick, &d->f, &pick), b, REFUSAL_FAILED_PRECONDITION, "order_id");
    d->order.status = STATUS(WAITING);
    assert_refused(run(b, collateral_decide_ship, &d->f, &ship), b, REFUSAL_FAILED_PRECONDITION, "order_id");
    d->f.is_keeper = false;
    assert_refused(run(b, collateral_decide_ship, &d->f, &ship), b, REFUSAL_PERMISSION_DENIED, "");
    d->f.order = NULL;
    assert_refused(run(b, collateral_decide_pick, &d->f, &pick), b, REFUSAL_NOT_FOUND, "order_id");
}

/* --- sending and receiving --- */

/* 17, 18 */
static void test_ship(void **state)
{
    struct bench *b = *state;
    struct desk *d = desk(b);
    Baton__ShipOrderRequest q = BATON__SHIP_ORDER_REQUEST__INIT;
    assert_refused(run(b, collateral_decide_ship, &d->f, &q), b, REFUSAL_FAILED_PRECONDITION, "order_id");
    d->order.cost = &d->costs[0];
    d->order.campaign = (char *)"Spring";
    d->rows[0].picked = d->balances[0].picked = d->totals[0].picked = 3;
    q.tracking = (char *)"parcel 1";
    assert_true(run(b, collateral_decide_ship, &d->f, &q));
    assert_int_equal(changed(b)->lines[0]->shipped, 3);
    assert_int_equal(changed(b)->status, STATUS(PART_SHIPPED));
    assert_string_equal(changed(b)->tracking, "parcel 1");
    const Baton__StockMove *m = said(b)->moves[0];
    assert_int_equal(m->quantity, -3);
    assert_int_equal(m->cost->minor_units, 450);
    assert_string_equal(m->campaign, "Spring");
    assert_string_equal(m->order_id, ID(4));
    assert_int_equal(said(b)->balances[0]->on_hand, 7);
    assert_int_equal(said(b)->balances[0]->picked, 0);
    assert_int_equal(news(b)->kind, NEWS(SHIPPED));
    q.lines = d->wish;
    q.n_lines = 1;
    d->wishes[0].quantity = 2;
    d->f.is_own = true;
    assert_true(run(b, collateral_decide_ship, &d->f, &q));
    assert_int_equal(changed(b)->lines[0]->shipped, 2);
    assert_null(news(b));
    d->wishes[0].quantity = 4;
    assert_refused(run(b, collateral_decide_ship, &d->f, &q), b, REFUSAL_FAILED_PRECONDITION,
                   "lines.quantity");
}

/* 19 */
static void test_come(void **state)
{
    struct bench *b = *state;
    struct desk *d = desk(b);
    Baton__ReceiveOrderRequest q = BATON__RECEIVE_ORDER_REQUEST__INIT;
    assert_refused(run(b, collateral_decide_come, &d->f, &q), b, REFUSAL_FAILED_PRECONDITION, "order_id");
    d->rows[0].picked = d->rows[0].shipped = 4;
    d->rows[1].picked = d->rows[1].shipped = 3;
    q.lines = d->wish;
    q.n_lines = 1;
    assert_true(run(b, collateral_decide_come, &d->f, &q));
    assert_int_equal(changed(b)->status, STATUS(SHIPPED));
    assert_int_equal(changed(b)->lines[0]->received, 4);
    q.n_lines = 0;
    assert_true(run(b, collateral_decide_come, &d->f, &q));
    assert_int_equal(changed(b)->status, STATUS(RECEIVED));
    d->f.is_in_charge = false;
    assert_refused(run(b, collateral_decide_come, &d->f, &q), b, REFUSAL_PERMISSION_DENIED, "");
    d->f.order = NULL;
    assert_refused(run(b, collateral_decide_come, &d->f, &q), b, REFUSAL_NOT_FOUND, "order_id");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(test_pick), cmocka_unit_test(test_handle),
                                              cmocka_unit_test(test_ship), cmocka_unit_test(test_come)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
