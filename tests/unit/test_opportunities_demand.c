/* Demand plans: which warehouse serves where, what is drawn, what is kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "baton/v1/event.pb-c.h"
#include "services/opportunities/demand.h"
#include "services/opportunities/rollup.h"

enum { MONTH = 2026 * 12 + 2, MODEL = 256 << 20 };
#define NOW  INT64_C(1772442000000000)
#define UNIT INT64_C(10000)

struct fixture {
    struct arena *a;
    struct stamp s;
    struct outcome out;
    struct ident_source ids;
    Baton__Actor actor;
};

static int set_up(void **state)
{
    static struct fixture f;
    f = (struct fixture){.a = arena_new(MODEL), .actor = BATON__ACTOR__INIT};
    f.ids = (struct ident_source){0};
    ident_source_advance(&f.ids, NOW, (const uint8_t[10]){1});
    f.s = (struct stamp){.now_us = NOW, .arena = f.a, .ids = &f.ids, .actor = &f.actor};
    f.out = (struct outcome){.arena = f.a};
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    arena_free(((struct fixture *)*state)->a);
    return 0;
}

static Baton__Warehouse *warehouse(struct arena *a, const char *code, const char *country, const char *region)
{
    Baton__Warehouse *w = ARENA_NEW(a, Baton__Warehouse);
    Baton__WarehouseArea *area = ARENA_NEW(a, Baton__WarehouseArea);
    baton__warehouse__init(w);
    baton__warehouse_area__init(area);
    w->id = w->code = (char *)(uintptr_t)code;
    area->country = (char *)(uintptr_t)country;
    area->region = (char *)(uintptr_t)region;
    w->areas = ARENA_ARRAY(a, Baton__WarehouseArea *, 2);
    w->areas[w->n_areas++] = area;
    return w;
}

/* 1, 2, 3 */
static void test_warehouse(void **state)
{
    struct fixture *f = *state;
    Baton__Warehouse *all[DEMAND_WAREHOUSES_MAX] = {warehouse(f->a, "one", "DE", NULL)};
    struct warehouse_facts facts = {all, 1};
    static const struct {
        const char *id, *country, *region, *becomes;
    } rows[] = {
        {"two", "de", "Bavaria", "DE"}, {"two", "AT", NULL, "AT"}, {"one", "DE", NULL, "DE"},
        {"two", "XX", NULL, NULL},      {"two", "DE", NULL, NULL}, {"two", "DE", "", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__Warehouse *w = warehouse(f->a, rows[i].id, rows[i].country, rows[i].region);
        assert_int_equal(demand_check_warehouse(&facts, NULL, &w->base, &f->s, &f->out), !!rows[i].becomes);
        if (rows[i].becomes)
            assert_string_equal(w->areas[0]->country, rows[i].becomes);
        else
            assert_string_equal(f->out.no.field, "areas");
    }
    Baton__Warehouse *twice = warehouse(f->a, "two", "FR", "Alsace");
    twice->areas[twice->n_areas++] = warehouse(f->a, "", "FR", "ALSACE")->areas[0];
    assert_false(demand_check_warehouse(&facts, NULL, &twice->base, &f->s, &f->out));
    for (; facts.n < DEMAND_WAREHOUSES_MAX; facts.n++)
        all[facts.n] = all[0];
    Baton__Warehouse *more = warehouse(f->a, "more", "JP", NULL);
    assert_false(demand_check_warehouse(&facts, NULL, &more->base, &f->s, &f->out));
    assert_true(demand_check_warehouse(&facts, &more->base, &more->base, &f->s, &f->out));
}

/* 4 */
static void test_serves(void **state)
{
    struct fixture *f = *state;
    Baton__Warehouse *all[] = {warehouse(f->a, "country", "DE", NULL),
                               warehouse(f->a, "region", "DE", "Bavaria"),
                               warehouse(f->a, "part", "FR", "Alsace")};
    const struct warehouse_facts facts = {all, 3};
    static const struct {
        const char *country, *region, *code;
    } rows[] = {
        {"DE", NULL, "country"},      {"DE", "Saxony", "country"},
        {"DE", "bavaria ", "region"}, {"FR", "Alsace", "part"},
        {"FR", NULL, NULL},           {"FR", "Normandy", NULL},
        {NULL, "Bavaria", NULL},      {"", NULL, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const Baton__Warehouse *w = demand_warehouse(&facts, rows[i].country, rows[i].region, f->a);
        assert_true(rows[i].code ? w && strcmp(w->code, rows[i].code) == 0 : !w);
    }
}

/* --- drawing --- */

struct drawing {
    struct demand_job job;
    struct forecast_deal deals[3];
    const char *ids[3];
    struct demand_line lines[4];
    double chances[3];
    struct demand_units rows[4];
};

static void drawing_init(struct drawing *d, uint64_t seed)
{
    static const struct forecast_spell spells[] = {
        {.stage = 0, .exit = FORECAST_WON, .first = true, .entered = 24300, .left = 24301, .n = 300},
        {.stage = 0, .exit = FORECAST_LOST, .first = true, .entered = 24300, .left = 24301, .n = 700},
    };
    *d = (struct drawing){.ids = {"a", "b", "c"},
                          .lines = {{"relay", "north", MONTH, 10 * UNIT, 0},
                                    {"pump", "north", MONTH, 2 * UNIT, 0},
                                    {"relay", "", MONTH + 1, 7 * UNIT, 2},
                                    {"relay", "north", MONTH, 100 * UNIT, 1}}};
    d->job = (struct demand_job){.deals = d->deals,
                                 .ids = d->ids,
                                 .n_deals = 3,
                                 .lines = d->lines,
                                 .n_lines = 4,
                                 .chances = d->chances,
                                 .rows = d->rows};
    const int32_t first = forecast_first_day((struct forecast_months){MONTH, 1});
    d->job.counts = (struct forecast_counts){.n_stages = 1, .spells = spells, .n_spells = 2};
    d->job.period =
        (struct forecast_period){first, first, forecast_last_day((struct forecast_months){MONTH, 3})};
    for (size_t i = 0; i < 3; i++)
        d->deals[i].entered = forecast_step(first);
    baton__demand_plan__init(&d->job.plan);
    d->job.plan.seed = seed;
}

/* draw 1, 3, 4 */
static void test_draw(void **state)
{
    struct fixture *f = *state;
    struct drawing d, again, other;
    drawing_init(&d, 7);
    demand_draw(&d.job, f->a);
    assert_int_equal(d.job.n_rows, 3);
    static const int64_t quantities[] = {2 * UNIT, 110 * UNIT, 7 * UNIT}; /* pump, relay, relay later */
    for (size_t i = 0; i < 3; i++) {
        const struct demand_units *u = &d.rows[i];
        int64_t expected = 0;
        for (uint32_t k = 0; k < u->n; k++)
            expected += demand_expected(d.lines[u->first + k].quantity_e4,
                                        demand_chance(d.chances[d.lines[u->first + k].deal]));
        assert_int_equal(u->expected_e4, expected);
        assert_true(0 < expected && expected < quantities[i]);
        assert_true(u->p10_e4 <= u->p50_e4 && u->p50_e4 <= u->p90_e4 && u->p90_e4 <= quantities[i]);
    }
    drawing_init(&again, 7);
    demand_draw(&again.job, f->a);
    assert_memory_equal(d.rows, again.rows, sizeof d.rows);
    drawing_init(&other, 8); /* of another seed only what is drawn is other */
    demand_draw(&other.job, f->a);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(d.rows[i].expected_e4, other.rows[i].expected_e4);
}

/* draw 2: both lines of a deal alone in their rows come together, so their rows are alike */
static void test_draw_together(void **state)
{
    struct fixture *f = *state;
    struct drawing d;
    drawing_init(&d, 7);
    d.job.n_lines = 2;
    demand_draw(&d.job, f->a);
    assert_int_equal(d.rows[0].p10_e4 * 5, d.rows[1].p10_e4);
    assert_int_equal(d.rows[0].p50_e4 * 5, d.rows[1].p50_e4);
    assert_int_equal(d.rows[0].p90_e4 * 5, d.rows[1].p90_e4);
}

/* --- keeping --- */

static void test_make(void **state)
{
    struct fixture *f = *state;
    struct drawing d;
    Baton__MakeDemandPlanRequest r = BATON__MAKE_DEMAND_PLAN_REQUEST__INIT;
    Baton__DemandPlan newest = BATON__DEMAND_PLAN__INIT, oldest = BATON__DEMAND_PLAN__INIT;
    struct demand_facts facts = {.newest = &newest, .oldest = &oldest, .n = 2, .month = MONTH};
    struct command c = {.request = &r.base};
    newest.id = "newest";
    oldest.id = "oldest";
    assert_false(demand_decide_make(&facts, &c, &f->s, &f->out)); /* 2: no memory */
    drawing_init(&d, 7);
    demand_draw(&d.job, f->a);
    c.prepared = &d.job;
    d.job.problem = "too many";
    assert_false(demand_decide_make(&facts, &c, &f->s, &f->out));
    assert_string_equal(f->out.no.message, "too many");
    d.job.problem = NULL;
    assert_true(demand_decide_make(&facts, &c, &f->s, &f->out));
    assert_int_equal(f->out.n_events, 1);
    const Baton__DemandPlanMade *e = f->out.events[0]->demand_plan_made;
    assert_int_equal(e->n_rows, 3);
    assert_string_equal(e->plan->previous_id, "newest");
    assert_null(e->dropped_id);
    assert_int_equal(e->rows[1]->n_deals, 2);
    facts.n = DEMAND_PLANS_MAX; /* 3 */
    f->out.n_events = 0;
    assert_true(demand_decide_make(&facts, &c, &f->s, &f->out));
    assert_string_equal(f->out.events[0]->demand_plan_made->dropped_id, "oldest");
    r.has_monthly = r.monthly = true; /* 1 */
    static const struct {
        bool monthly;
        uint32_t month;
        size_t events;
    } rows[] = {{true, MONTH, 0}, {true, MONTH - 1, 1}, {false, MONTH, 1}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        newest.monthly = rows[i].monthly;
        newest.first_month = rows[i].month;
        f->out.n_events = 0;
        assert_true(demand_decide_make(&facts, &c, &f->s, &f->out));
        assert_int_equal(f->out.n_events, rows[i].events);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_warehouse, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_serves, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_draw, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_draw_together, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_make, set_up, tear_down),
    };
    schema_load();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
