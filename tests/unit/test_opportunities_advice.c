/* Dashboards, periods seen from today, and advice: what is said, and of what nothing is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "baton/v1/record.pb-c.h"
#include "services/opportunities/advice.h"
#include "services/opportunities/dashboard.h"

/* 2026-01-05 10:00 UTC. */
#define NOW INT64_C(1767607200000000)
#define DAY INT64_C(86400000000)

struct fixture {
    struct arena *a;
    struct stamp s;
    struct outcome out;
    Baton__Actor actor;
    Baton__Dashboard d;
    Baton__DashboardWidget w, *widgets[1];
    Baton__MeasureDimension by[1];
    char *measures[1];
    struct advice_facts facts;
    Baton__Advice *rows[32];
    struct advice_list list;
};

static int set_up(void **state)
{
    static struct fixture f;
    schema_load();
    f = (struct fixture){.a = arena_new(16 << 20)};
    baton__actor__init(&f.actor);
    f.actor.user_id = "ann";
    f.actor.has_role = true;
    f.actor.role = BATON__ROLE__ROLE_REP;
    baton__dashboard__init(&f.d);
    baton__dashboard_widget__init(&f.w);
    f.widgets[0] = &f.w;
    f.measures[0] = "won";
    f.w.title = "Won";
    f.w.chart = BATON__WIDGET_CHART__WIDGET_CHART_BARS;
    f.w.measures = f.measures;
    f.w.n_measures = 1;
    f.w.by = f.by;
    f.d.title = " Mine ";
    f.d.widgets = f.widgets;
    f.d.n_widgets = 1;
    f.s = (struct stamp){.now_us = NOW, .actor = &f.actor, .arena = f.a};
    f.out = (struct outcome){.arena = f.a};
    f.facts = (struct advice_facts){.now_us = NOW, .today = (int32_t)(NOW / DAY), .arena = f.a};
    f.list = (struct advice_list){f.rows, 0, 32};
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    arena_free(((struct fixture *)*state)->a);
    return 0;
}

/* 1, 2: a title, and an owner. */
static void test_owner(void **state)
{
    struct fixture *f = *state;
    f->d.owner_id = "bob";
    assert_true(dashboard_check(NULL, NULL, &f->d.base, &f->s, &f->out));
    assert_string_equal(f->d.title, "Mine");
    assert_string_equal(f->d.owner_id, "ann");
    f->actor.role = BATON__ROLE__ROLE_ADMIN;
    f->d.owner_id = "bob";
    assert_true(dashboard_check(NULL, NULL, &f->d.base, &f->s, &f->out));
    assert_string_equal(f->d.owner_id, "bob");
    f->d.title = "  ";
    assert_false(dashboard_check(NULL, NULL, &f->d.base, &f->s, &f->out));
}

/* 3, 4: widgets that can be drawn. */
static void test_widgets(void **state)
{
    struct fixture *f = *state;
    f->w.n_by = 1;
    f->by[0] = BATON__MEASURE_DIMENSION__MEASURE_DIMENSION_DETAIL;
    assert_true(dashboard_check(NULL, NULL, &f->d.base, &f->s, &f->out));
    f->measures[0] = "win_rate";
    assert_false(dashboard_check(NULL, NULL, &f->d.base, &f->s, &f->out));
    f->w.n_by = 0;
    assert_true(dashboard_check(NULL, NULL, &f->d.base, &f->s, &f->out));
    f->measures[0] = "wins";
    assert_false(dashboard_check(NULL, NULL, &f->d.base, &f->s, &f->out));
    f->w.n_measures = 0;
    assert_false(dashboard_check(NULL, NULL, &f->d.base, &f->s, &f->out));
    f->w.chart = BATON__WIDGET_CHART__WIDGET_CHART_ADVICE;
    assert_true(dashboard_check(NULL, NULL, &f->d.base, &f->s, &f->out));
}

/* 5: who sees it. */
static void test_reach(void **state)
{
    struct fixture *f = *state;
    Baton__Role roles[] = {BATON__ROLE__ROLE_REP};
    f->d.owner_id = "bob";
    assert_int_equal(dashboard_reach(&f->d, &f->actor), RECORD_HIDDEN);
    f->d.roles = roles;
    f->d.n_roles = 1;
    assert_int_equal(dashboard_reach(&f->d, &f->actor), RECORD_READ);
    f->d.owner_id = "ann";
    assert_int_equal(dashboard_reach(&f->d, &f->actor), RECORD_OWN);
    f->d.owner_id = NULL;
    f->actor.role = BATON__ROLE__ROLE_ADMIN;
    assert_int_equal(dashboard_reach(&f->d, &f->actor), RECORD_OWN);
}

/* 6: periods. */
static void test_periods(void **state)
{
    enum { JANUARY = 2026 * 12 };
    static const struct {
        Baton__MeasurePeriod period;
        uint32_t month, begins, first, n;
    } rows[] = {
        {BATON__MEASURE_PERIOD__MEASURE_PERIOD_THIS_MONTH, JANUARY, 1, JANUARY, 1},
        {BATON__MEASURE_PERIOD__MEASURE_PERIOD_LAST_MONTH, JANUARY, 1, JANUARY - 1, 1},
        {BATON__MEASURE_PERIOD__MEASURE_PERIOD_UNSPECIFIED, JANUARY + 4, 1, JANUARY + 3, 3},
        {BATON__MEASURE_PERIOD__MEASURE_PERIOD_LAST_QUARTER, JANUARY + 4, 1, JANUARY, 3},
        {BATON__MEASURE_PERIOD__MEASURE_PERIOD_THIS_YEAR, JANUARY, 4, JANUARY - 9, 12},
        {BATON__MEASURE_PERIOD__MEASURE_PERIOD_THIS_YEAR, JANUARY + 3, 4, JANUARY + 3, 12},
        {BATON__MEASURE_PERIOD__MEASURE_PERIOD_LAST_YEAR, JANUARY + 11, 1, JANUARY - 12, 12},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct forecast_months m = measure_period(rows[i].period, rows[i].month, rows[i].begins);
        assert_int_equal(m.first, rows[i].first);
        assert_int_equal(m.n, rows[i].n);
    }
}

/* 7: the tests, against values counted by hand. */
static void test_chance(void **state)
{
    (void)state;
    assert_true(fabs(advice_few(1, 10, 11, 14) - 0.001379728) < 1e-6); /* Fisher's own table form */
    assert_true(fabs(advice_few(0, 1, 1, 1) - 0.5) < 1e-9);
    assert_true(fabs(advice_many(10, 10) - 1.0 / 1024) < 1e-9);
    assert_true(fabs(advice_many(0, 10) - 1) < 1e-9);
    assert_true(fabs(advice_many(9, 10) - 11.0 / 1024) < 1e-9);
}

/* 8: who wins far less is named, with few cases or by little nobody is. */
static void test_people(void **state)
{
    struct fixture *f = *state;
    struct advice_person people[] = {{.user_id = "ann", .won = 30, .lost = 20},
                                     {.user_id = "bob", .won = 2, .lost = 38},
                                     {.user_id = "eve", .won = 0, .lost = 9},
                                     {.user_id = "jim", .won = 25, .lost = 25}};
    f->facts.people = people;
    f->facts.n_people = 4;
    advice_people(&f->facts, &f->list);
    assert_int_equal(f->list.n, 1);
    assert_string_equal(f->rows[0]->user_id, "bob");
    assert_int_equal(f->rows[0]->figures[0]->value, 50);
    f->list.n = 0;
    people[1].won = 18;
    people[1].lost = 22;
    advice_people(&f->facts, &f->list);
    assert_int_equal(f->list.n, 0);
}

/* 9: who is far slower. */
static void test_slow(void **state)
{
    struct fixture *f = *state;
    struct advice_person people[] = {{.user_id = "ann"}, {.user_id = "bob"}};
    people[0].accepted[analysis_bin(2)] = 40;
    people[1].accepted[analysis_bin(30)] = 15;
    f->facts.people = people;
    f->facts.n_people = 2;
    advice_people(&f->facts, &f->list);
    assert_int_equal(f->list.n, 1);
    assert_string_equal(f->rows[0]->user_id, "bob");
    people[1].accepted[analysis_bin(30)] = 8;
    f->list.n = 0;
    advice_people(&f->facts, &f->list);
    assert_int_equal(f->list.n, 0);
}

/* 10: territories out of balance, where there are enough deals and people on both sides. */
static void test_territories(void **state)
{
    struct fixture *f = *state;
    struct advice_territory t[] = {{"north", 1, 20}, {"south", 2, 10}, {"none", 0, 50}};
    f->facts.territories = t;
    f->facts.n_territories = 3;
    advice_territories(&f->facts, &f->list);
    assert_int_equal(f->list.n, 2);
    assert_string_equal(f->rows[0]->territory_id, "north");
    f->list.n = 0;
    t[0].deals = 9;
    advice_territories(&f->facts, &f->list);
    assert_int_equal(f->list.n, 0); /* 19 deals in all */
    t[0].deals = 12;
    t[1].deals = 20;
    advice_territories(&f->facts, &f->list);
    assert_int_equal(f->list.n, 0); /* 12 beside 10 */
}

/* 11: one sign is no risk, two are; the reason says both. */
static void test_deals(void **state)
{
    struct fixture *f = *state;
    Baton__Opportunity o = BATON__OPPORTUNITY__INIT;
    struct advice_deal d = {&o, NOW - 40 * DAY, 0, 0};
    unsigned signs;
    o.id = "deal";
    o.close_date = "2026-01-05";
    o.next_step_due_date = "2026-01-05";
    assert_null(advice_deal(&f->facts, &d, &signs));
    assert_int_equal(signs, 1);
    o.close_date = "2026-01-02";
    Baton__Advice *v = advice_deal(&f->facts, &d, &signs);
    assert_int_equal(signs, 2);
    assert_string_equal(v->reason, "nobody did anything for 40 days; it was to close before, by 3 days");
    assert_int_equal(v->n_figures, 2);
    d.pushed = 2;
    d.pushed_days = 30;
    o.next_step_due_date = "2026-01-04";
    v = advice_deal(&f->facts, &d, &signs);
    assert_int_equal(signs, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_owner, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_widgets, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_reach, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_periods, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_chance, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_people, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_slow, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_territories, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_deals, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
