/* Orders of printed material, rule by rule; the numbers are those of the comments in
 * decide_collateral_order.c. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "services/documents/rows.h"
#include "tests/unit/order_desk.h"

/* --- what follows from the lines --- */

/* 1 */
static void test_status(void **state)
{
    struct bench *b = *state;
    struct desk *d = desk(b);
    static const struct {
        uint32_t approved, picked, shipped, received, back_ordered;
        Baton__CollateralOrderStatus status;
        bool is_open;
    } rows[] = {
        {4, 0, 0, 0, 0, STATUS(APPROVED), true},     {4, 2, 0, 0, 0, STATUS(APPROVED), true},
        {4, 0, 0, 0, 4, STATUS(APPROVED), true},     {4, 3, 0, 0, 1, STATUS(PICKED), true},
        {4, 4, 0, 0, 0, STATUS(PICKED), true},       {4, 4, 3, 0, 0, STATUS(PART_SHIPPED), true},
        {4, 4, 3, 3, 0, STATUS(PART_SHIPPED), true}, {4, 4, 4, 3, 0, STATUS(SHIPPED), false},
        {4, 4, 4, 4, 0, STATUS(RECEIVED), false},    {0, 0, 0, 0, 0, STATUS(CANCELLED), false},
    };
    d->order.n_lines = 1;
    d->order.cost = &d->costs[1];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        d->rows[0].approved = rows[i].approved;
        d->rows[0].picked = rows[i].picked;
        d->rows[0].shipped = rows[i].shipped;
        d->rows[0].received = rows[i].received;
        d->rows[0].back_ordered = rows[i].back_ordered;
        collateral_order_refresh(&d->order, b->arena);
        assert_int_equal(d->order.status, rows[i].status);
        assert_int_equal(d->order.desk != NULL, rows[i].is_open);
        assert_int_equal(d->order.cost->minor_units, 150 * rows[i].approved);
    }
}

/* 2 */
static void test_wishes(void **state)
{
    struct bench *b = *state;
    struct desk *d = desk(b);
    const uint32_t open[] = {4, 3};
    uint32_t wanted[2];
    begin(b);
    assert_true(collateral_wishes(&d->order, NULL, 0, open, "there", wanted, &b->out.no));
    assert_int_equal(wanted[0] + wanted[1], 7);
    assert_true(collateral_wishes(&d->order, d->wish + 1, 1, open, "there", wanted, &b->out.no));
    assert_int_equal(wanted[0], 0);
    assert_int_equal(wanted[1], 3);
    d->wishes[1].quantity = 4;
    assert_refused(collateral_wishes(&d->order, d->wish, 2, open, "there", wanted, &b->out.no), b,
                   REFUSAL_FAILED_PRECONDITION, "lines.quantity");
    d->wishes[1] = d->wishes[0];
    assert_refused(collateral_wishes(&d->order, d->wish, 2, open, "there", wanted, &b->out.no), b,
                   REFUSAL_INVALID_ARGUMENT, "lines.item_id");
    d->wishes[1].item_id = ID(9);
    assert_refused(collateral_wishes(&d->order, d->wish, 2, open, "there", wanted, &b->out.no), b,
                   REFUSAL_NOT_FOUND, "lines.item_id");
}

/* --- an order is made --- */

static Baton__OrderCollateralRequest ordering(struct desk *d)
{
    Baton__OrderCollateralRequest q = BATON__ORDER_COLLATERAL_REQUEST__INIT;
    q.place_id = d->place.id;
    q.lines = d->wish;
    q.n_lines = 2;
    q.campaign = (char *)"Spring";
    return q;
}

static void test_order(void **state)
{
    struct bench *b = *state;
    struct desk *d = desk(b);
    Baton__OrderCollateralRequest q = ordering(d);
    assert_true(run(b, collateral_decide_order, &d->f, &q));
    const Baton__CollateralOrder *o = changed(b);
    assert_string_equal(o->owner_id, ID(8));
    assert_string_equal(o->team_id, ID(5));
    assert_string_equal(o->campaign, "Spring");
    assert_int_equal(o->status, STATUS(APPROVED));
    assert_int_equal(o->cost->minor_units, 7 * 150);
    assert_int_equal(o->n_item_ids, 2);
    assert_int_equal(o->lines[1]->approved, 3);
    /* 8 */
    assert_int_equal(news(b)->kind, NEWS(TO_PICK));
    /* 4 */
    d->wishes[1].item_id = d->items[1].id = d->items[0].id;
    assert_refused(run(b, collateral_decide_order, &d->f, &q), b, REFUSAL_INVALID_ARGUMENT, "lines.item_id");
    d->items[1].id = ID(2);
    d->items[1].retired = true;
    assert_refused(run(b, collateral_decide_order, &d->f, &q), b, REFUSAL_FAILED_PRECONDITION,
                   "lines.item_id");
    d->f.lines[1].item = NULL;
    assert_refused(run(b, collateral_decide_order, &d->f, &q), b, REFUSAL_NOT_FOUND, "lines.item_id");
    /* 3 */
    d->place.closed = true;
    assert_refused(run(b, collateral_decide_order, &d->f, &q), b, REFUSAL_FAILED_PRECONDITION, "place_id");
    d->f.place = NULL;
    assert_refused(run(b, collateral_decide_order, &d->f, &q), b, REFUSAL_NOT_FOUND, "place_id");
}

/* 5, 6 */
static void test_cost(void **state)
{
    struct bench *b = *state;
    struct desk *d = desk(b);
    Baton__OrderCollateralRequest q = ordering(d);
    d->items[0].unit_cost = NULL;
    assert_true(run(b, collateral_decide_order, &d->f, &q));
    assert_int_equal(changed(b)->cost->minor_units, 3 * 150);
    d->items[0].unit_cost = &d->costs[0];
    d->costs[1].currency_code = (char *)"TWD";
    assert_refused(run(b, collateral_decide_order, &d->f, &q), b, REFUSAL_FAILED_PRECONDITION,
                   "lines.item_id");
    d->costs[1].currency_code = (char *)"EUR";
    d->costs[1].minor_units = INT64_C(900000000000000);
    assert_refused(run(b, collateral_decide_order, &d->f, &q), b, REFUSAL_INVALID_ARGUMENT, "lines.quantity");
}

/* 7, 8 */
static void test_limits(void **state)
{
    struct bench *b = *state;
    struct desk *d = desk(b);
    Baton__OrderCollateralRequest q = ordering(d);
    Baton__DocumentSettings s = BATON__DOCUMENT_SETTINGS__INIT;
    Baton__Money max = BATON__MONEY__INIT, *costs[] = {&max};
    static const struct {
        uint32_t first, units_max; /* 0: the settings say nothing */
        const char *currency;      /* NULL: likewise */
        int64_t cost_max;
        bool is_admin, waits;
    } rows[] = {
        {497, 0, NULL, 0, false, false},  {498, 0, NULL, 0, false, true},   {498, 0, NULL, 0, true, false},
        {4, 7, NULL, 0, false, false},    {4, 6, NULL, 0, false, true},     {4, 7, "EUR", 1050, false, false},
        {4, 7, "EUR", 1049, false, true}, {4, 7, "TWD", 9999, false, true}, {4, 7, "EUR", 1049, true, false},
    };
    max.has_minor_units = true;
    s.order_costs_max = costs;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        d->wishes[0].quantity = rows[i].first;
        s.has_order_units_max = rows[i].units_max != 0;
        s.order_units_max = rows[i].units_max;
        s.n_order_costs_max = rows[i].currency != NULL;
        max.currency_code = (char *)(uintptr_t)rows[i].currency;
        max.minor_units = rows[i].cost_max;
        d->f.settings = rows[i].units_max || rows[i].currency ? &s : NULL;
        b->actor.role = rows[i].is_admin ? BATON__ROLE__ROLE_ADMIN : BATON__ROLE__ROLE_REP;
        assert_true(run(b, collateral_decide_order, &d->f, &q));
        assert_int_equal(changed(b)->status, rows[i].waits ? STATUS(WAITING) : STATUS(APPROVED));
        assert_int_equal(news(b)->kind, rows[i].waits ? NEWS(TO_APPROVE) : NEWS(TO_PICK));
        assert_string_equal(changed(b)->desk, rows[i].waits ? "approval" : d->place.id);
    }
}

/* --- it is approved, rejected, cancelled --- */

/* 9, 10 */
static void test_approve(void **state)
{
    struct bench *b = *state;
    struct desk *d = desk(b);
    Baton__ApproveOrderRequest q = BATON__APPROVE_ORDER_REQUEST__INIT;
    assert_refused(run(b, collateral_decide_approve, &d->f, &q), b, REFUSAL_FAILED_PRECONDITION, "order_id");
    d->order.status = STATUS(WAITING);
    d->rows[0].approved = d->rows[1].approved = 0;
    assert_true(run(b, collateral_decide_approve, &d->f, &q));
    assert_int_equal(changed(b)->lines[0]->approved, 4);
    assert_string_equal(changed(b)->decided_by_id, ID(8));
    assert_int_equal(news(b)->kind, NEWS(TO_PICK));
    q.lines = d->wish;
    q.n_lines = 1;
    d->wishes[0].quantity = 2;
    assert_true(run(b, collateral_decide_approve, &d->f, &q));
    assert_int_equal(changed(b)->lines[0]->approved, 2);
    assert_int_equal(changed(b)->lines[1]->approved, 3);
    d->wishes[0].quantity = 5;
    assert_refused(run(b, collateral_decide_approve, &d->f, &q), b, REFUSAL_FAILED_PRECONDITION,
                   "lines.quantity");
    d->f.is_own = true;
    assert_refused(run(b, collateral_decide_approve, &d->f, &q), b, REFUSAL_PERMISSION_DENIED, "");
    d->f.is_own = d->f.is_in_charge = false;
    assert_refused(run(b, collateral_decide_approve, &d->f, &q), b, REFUSAL_PERMISSION_DENIED, "");
    d->f.order = NULL;
    assert_refused(run(b, collateral_decide_approve, &d->f, &q), b, REFUSAL_NOT_FOUND, "order_id");
}

/* 11 */
static void test_reject(void **state)
{
    struct bench *b = *state;
    struct desk *d = desk(b);
    Baton__RejectOrderRequest q = BATON__REJECT_ORDER_REQUEST__INIT;
    q.reason = (char *)"too many";
    assert_refused(run(b, collateral_decide_reject, &d->f, &q), b, REFUSAL_FAILED_PRECONDITION, "order_id");
    d->order.status = STATUS(WAITING);
    assert_true(run(b, collateral_decide_reject, &d->f, &q));
    assert_int_equal(changed(b)->status, STATUS(REJECTED));
    assert_null(changed(b)->desk);
    assert_string_equal(news(b)->user_ids[0], OWNER);
    assert_string_equal(news(b)->reason, "too many");
}

/* 12 */
static void test_cancel(void **state)
{
    struct bench *b = *state;
    struct desk *d = desk(b);
    Baton__CancelOrderRequest q = BATON__CANCEL_ORDER_REQUEST__INIT;
    d->rows[0].picked = 4;
    d->rows[0].shipped = 1;
    d->rows[1].picked = 1;
    d->rows[1].back_ordered = 2;
    d->balances[0].picked = d->totals[0].picked = 3;
    d->balances[1].picked = d->totals[1].picked = 1;
    d->balances[1].back_ordered = d->totals[1].back_ordered = 2;
    assert_true(run(b, collateral_decide_cancel, &d->f, &q));
    assert_int_equal(changed(b)->status, STATUS(SHIPPED));
    assert_int_equal(changed(b)->lines[0]->approved, 1);
    assert_int_equal(changed(b)->lines[1]->back_ordered, 0);
    assert_int_equal(said(b)->balances[0]->picked, 0);
    assert_int_equal(said(b)->balances[2]->back_ordered, 0);
    assert_int_equal(said(b)->back_orders[0]->quantity, 0);
    assert_int_equal(said(b)->n_moves, 0);
    d->rows[0].shipped = 0;
    d->balances[0].picked = d->totals[0].picked = 4;
    assert_true(run(b, collateral_decide_cancel, &d->f, &q));
    assert_int_equal(changed(b)->status, STATUS(CANCELLED));
    d->order.desk = NULL;
    assert_refused(run(b, collateral_decide_cancel, &d->f, &q), b, REFUSAL_FAILED_PRECONDITION, "order_id");
    d->f.is_in_charge = false;
    assert_refused(run(b, collateral_decide_cancel, &d->f, &q), b, REFUSAL_PERMISSION_DENIED, "");
    d->f.order = NULL;
    assert_refused(run(b, collateral_decide_cancel, &d->f, &q), b, REFUSAL_NOT_FOUND, "order_id");
}

/* --- whoever was erased --- */

enum { ORDERS = 1000, BATCH = 4 << 20 };

static void put_order(struct txn *t, unsigned i, const char *contact_id, struct arena *a)
{
    Baton__CollateralOrder o = BATON__COLLATERAL_ORDER__INIT;
    o.id = arena_printf(a, "0190a8e2-1111-7000-8000-%012u", i);
    o.contact_id = (char *)(uintptr_t)contact_id;
    o.note = i % 3 ? "Zelda waits" : NULL;
    o.campaign = "Spring";
    table_put(t, DOCUMENTS_COLLATERAL_ORDER, &o, i + 1, a);
    arena_reset(a);
}

static void assert_blank(struct txn *t, unsigned i, bool is_blank, struct arena *a)
{
    const struct key key = key_of(arena_printf(a, "0190a8e2-1111-7000-8000-%012u", i));
    const Baton__CollateralOrder *o = table_get(t, DOCUMENTS_COLLATERAL_ORDER, &key, a);
    assert_non_null(o);
    assert_int_equal(o->note == NULL, is_blank || i % 3 == 0);
    assert_string_equal(o->campaign, "Spring");
    assert_int_equal(table_seq(t, DOCUMENTS_COLLATERAL_ORDER, &key), i + 1);
    arena_reset(a);
}

/* Of whoever ordered much, all, in the memory that there is for one batch. */
static void test_erased(void **state)
{
    char dir[] = "/tmp/baton-orders-XXXXXX", *erased[] = {ID(1), ID(2)}, command[64];
    Baton__PersonErased e = BATON__PERSON_ERASED__INIT;
    struct arena *a = arena_new(BATCH);
    assert_non_null(mkdtemp(dir));
    struct store *store = store_open(&(struct store_options){
        .dir = dir, .no_sync = true, .tables = documents_tables, .n_tables = DOCUMENTS_TABLES});
    struct txn *t = store_begin(store, true);
    for (unsigned i = 0; i < ORDERS; i++)
        put_order(t, i, i % 10 ? ID(2) : ID(3), a);
    e.contact_ids = erased;
    e.n_contact_ids = 2;
    e.has_extent = true;
    e.extent = 1;
    struct apply ap = {.txn = t, .arena = a, .seq = 2 * ORDERS, .def = &documents_service};
    documents_apply_erased(&ap, &e.base);
    for (unsigned i = 0; i < ORDERS; i++)
        assert_blank(t, i, i % 10 != 0, a);
    store_abort(t);
    store_close(store);
    arena_free(a);
    (void)snprintf(command, sizeof command, "rm -rf %s", dir); /* fits */
    assert_int_equal(system(command), 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_status), cmocka_unit_test(test_wishes), cmocka_unit_test(test_order),
        cmocka_unit_test(test_cost),   cmocka_unit_test(test_limits), cmocka_unit_test(test_approve),
        cmocka_unit_test(test_reject), cmocka_unit_test(test_cancel), cmocka_unit_test(test_erased)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
