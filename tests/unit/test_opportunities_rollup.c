/* Periods, who is below whom, what of an opportunity counts, and what is said of a forecast. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "baton/v1/record.pb-c.h"
#include "services/opportunities/rollup.h"

#define NOW INT64_C(1767607200000000)

struct fixture {
    struct arena *a;
    struct stamp s;
    struct outcome out;
    Baton__Actor actor;
};

static int set_up(void **state)
{
    static struct fixture f;
    f = (struct fixture){.a = arena_new(16 << 20)};
    baton__actor__init(&f.actor);
    f.actor.user_id = "me";
    f.s = (struct stamp){.now_us = NOW, .actor = &f.actor, .arena = f.a};
    f.out = (struct outcome){.arena = f.a};
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    arena_free(((struct fixture *)*state)->a);
    return 0;
}

/* --- periods --- */

static void test_periods(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *text;
        uint32_t begins, first, n;
        const char *first_day, *last_day;
    } rows[] = {
        {"2026-10", 1, 2026 * 12 + 9, 1, "2026-10-01", "2026-10-31"},
        {"2026-Q4", 1, 2026 * 12 + 9, 3, "2026-10-01", "2026-12-31"},
        {"2026", 1, 2026 * 12, 12, "2026-01-01", "2026-12-31"},
        {"2026", 4, 2025 * 12 + 3, 12, "2025-04-01",
         "2026-03-31"}, /* named after the year in which it ends */
        {"2026-Q1", 4, 2025 * 12 + 3, 3, "2025-04-01", "2025-06-30"},
        {"2026-Q4", 4, 2026 * 12, 3, "2026-01-01", "2026-03-31"},
        {"2024-02", 4, 2024 * 12 + 1, 1, "2024-02-01", "2024-02-29"},
    };
    static const char *const wrong[] = {"",         "26",     "2026-13", "2026-00",   "2026-Q5", "2026-Q0",
                                        "2026-Q1x", "2026-1", "1800",    "2026-10-1", "x2026",   NULL};
    struct forecast_months m;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_true(forecast_months_parse(rows[i].text, rows[i].begins, &m));
        assert_int_equal(m.first, rows[i].first);
        assert_int_equal(m.n, rows[i].n);
        assert_string_equal(forecast_day_text(forecast_first_day(m), f->a), rows[i].first_day);
        assert_string_equal(forecast_day_text(forecast_last_day(m), f->a), rows[i].last_day);
        assert_string_equal(forecast_months_name(m, rows[i].begins, f->a), rows[i].text);
    }
    for (size_t i = 0; wrong[i]; i++)
        assert_false(forecast_months_parse(wrong[i], 1, &m));
    assert_false(forecast_months_parse(NULL, 1, &m));
}

/* Every month lies in one quarter, which is called by the year's name. */
static void test_quarters(void **state)
{
    struct fixture *f = *state;
    for (uint32_t begins = 1; begins <= 12; begins++)
        for (uint32_t month = 2020 * 12; month < 2024 * 12; month++) {
            struct forecast_months q = forecast_quarter_of(month, begins), again;
            assert_true(q.first <= month && month < q.first + 3);
            assert_true(forecast_months_parse(forecast_months_name(q, begins, f->a), begins, &again));
            assert_int_equal(again.first, q.first);
        }
}

static void test_months(void **state)
{
    assert_int_equal(forecast_month_of("2026-12-31"), 2026 * 12 + 11);
    assert_int_equal(forecast_month_of("2026-13-01"), 0);
    assert_int_equal(forecast_month_of(""), 0);
    assert_int_equal(forecast_month_of(NULL), 0);
}

/* --- who is below whom --- */

static int32_t above(const struct forecast_tree *t, const char *id)
{
    return t->people[forecast_tree_find(t, id)].above;
}

static void test_tree(void **state)
{
    struct forecast_person people[] = {{.id = "rep", .team_id = "north"},
                                       {.id = "lead", .team_id = "north"},
                                       {.id = "boss", .team_id = "house"},
                                       {.id = "head"},
                                       {.id = "free"},
                                       {.id = "east", .team_id = "gone"}};
    struct forecast_team teams[] = {
        {"north", "lead", "area"}, {"area", "head", "house"}, {"house", "boss", NULL}};
    struct forecast_tree t = {people, 6, teams, 3, 0, false};
    forecast_tree_build(&t);
    int32_t rep = forecast_tree_find(&t, "rep"), lead = forecast_tree_find(&t, "lead"),
            head = forecast_tree_find(&t, "head"), boss = forecast_tree_find(&t, "boss");
    assert_int_equal(above(&t, "rep"), lead);
    assert_int_equal(above(&t, "lead"), head); /* 1: not themselves, but the next above */
    assert_int_equal(above(&t, "head"), boss); /* 2: in no team: the one they manage */
    assert_int_equal(above(&t, "boss"), FORECAST_NOBODY);
    assert_int_equal(above(&t, "free"), FORECAST_NOBODY);
    assert_int_equal(above(&t, "east"), FORECAST_NOBODY); /* a team that is not there */
    assert_int_equal(forecast_tree_part(&t, rep, boss), head);
    assert_int_equal(forecast_tree_part(&t, boss, boss), boss);
    assert_true(forecast_tree_part(&t, boss, lead) < FORECAST_NOBODY);
    assert_int_equal(forecast_tree_part(&t, rep, FORECAST_NOBODY), boss);
    assert_true(forecast_team_below(&t, "north", "house"));
    assert_false(forecast_team_below(&t, "house", "north"));
    assert_int_equal(t.people[boss].below, head);
    assert_false(t.ring);
}

/* 3: two who manage each other's teams, teams that are above themselves */
static void test_rings(void **state)
{
    struct forecast_person people[] = {
        {.id = "a", .team_id = "b's"}, {.id = "b", .team_id = "a's"}, {.id = "c", .team_id = "a's"}};
    struct forecast_team teams[] = {{"a's", "a", "b's"}, {"b's", "b", "a's"}};
    struct forecast_tree t = {people, 3, teams, 2, 0, false};
    forecast_tree_build(&t);
    assert_true(t.ring);
    size_t roots = 0;
    for (int32_t i = 0; i < 3; i++) {
        roots += t.people[i].above == FORECAST_NOBODY;
        assert_true(forecast_tree_part(&t, i, FORECAST_NOBODY) >= 0);
    }
    assert_int_equal(roots, 1);
    assert_true(forecast_team_below(&t, "a's", "b's"));
    assert_false(forecast_team_below(&t, "a's", "none"));
}

/* --- items --- */

static Baton__Opportunity deal(const char *stage, Baton__StageKind kind)
{
    Baton__Opportunity o = BATON__OPPORTUNITY__INIT;
    static Baton__Money money = BATON__MONEY__INIT;
    money.currency_code = "EUR";
    money.has_minor_units = true;
    money.minor_units = 150;
    o.id = "deal";
    o.pipeline_id = "p";
    o.stage_key = (char *)(uintptr_t)stage;
    o.has_stage_kind = o.has_probability = true;
    o.stage_kind = kind;
    o.probability = 50;
    o.owner_id = "ann";
    o.amount = &money;
    o.close_date = "2026-10-15";
    return o;
}

/* Adds up what a way through stages counts; all is taken back when the deal is deleted, but its moves. */
struct step {
    const char *stage; /* NULL: deleted */
    Baton__StageKind kind;
};

static int64_t walk(struct fixture *f, const struct step *steps, size_t n, enum forecast_exit exit)
{
    const Baton__ForecastItem *before = NULL;
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        Baton__Opportunity o = deal(steps[i].stage, steps[i].kind);
        struct forecast_deltas d;
        const Baton__ForecastItem *after =
            forecast_item(steps[i].stage ? &o : NULL, before, "north", 100 + (int32_t)i, f->a);
        forecast_item_moved(before, after, 100 + (int32_t)i, &d);
        assert_true(d.n <= FORECAST_DELTAS_MAX);
        for (size_t k = 0; k < d.n; k++)
            sum += d.spells[k].exit == exit ? d.spells[k].n : 0;
        before = after;
    }
    return sum;
}

static const Baton__StageKind OPEN = BATON__STAGE_KIND__STAGE_KIND_OPEN,
                              WON = BATON__STAGE_KIND__STAGE_KIND_WON,
                              LOST = BATON__STAGE_KIND__STAGE_KIND_LOST;

static void test_ways(void **state)
{
    struct fixture *f = *state;
    const struct {
        struct step steps[6];
        size_t n;
        int64_t counts[FORECAST_EXITS]; /* open, moved, won, lost */
    } rows[] = {
        {{{"a", OPEN}}, 1, {1, 0, 0, 0}},
        {{{"a", OPEN}, {"a", OPEN}, {"b", OPEN}}, 3, {1, 1, 0, 0}},
        {{{"a", OPEN}, {"b", OPEN}, {"w", WON}}, 3, {0, 1, 1, 0}},
        {{{"a", OPEN}, {"w", WON}, {"l", LOST}}, 3, {0, 0, 0, 1}}, /* it was lost after all */
        {{{"a", OPEN}, {"w", WON}, {"a", OPEN}}, 3, {1, 0, 0, 0}}, /* 2: closing is taken back */
        {{{"a", OPEN}, {"w", WON}, {"b", OPEN}}, 3, {1, 1, 0, 0}},
        {{{"w", WON}}, 1, {0, 0, 0, 0}}, /* 3: nobody saw it open */
        {{{"w", WON}, {"a", OPEN}, {"l", LOST}}, 3, {0, 0, 0, 1}},
        {{{"a", OPEN}, {NULL, OPEN}}, 2, {0, 0, 0, 0}},
        {{{"a", OPEN}, {"l", LOST}, {NULL, OPEN}, {"a", OPEN}}, 4, {1, 0, 0, 0}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int e = 0; e < FORECAST_EXITS; e++)
            assert_int_equal(walk(f, rows[i].steps, rows[i].n, (enum forecast_exit)e), rows[i].counts[e]);
}

/* It is in its stage since it came there, and first only where it began. */
static void test_since(void **state)
{
    struct fixture *f = *state;
    Baton__Opportunity a = deal("a", OPEN), b = deal("b", OPEN), w = deal("w", WON);
    const Baton__ForecastItem *i = forecast_item(&a, NULL, NULL, 1, f->a);
    assert_true(i->first && i->entered == 1 && i->month == 2026 * 12 + 9);
    assert_true(i->line->amount == 150 && i->line->weighted == 75 && i->line->category == 2);
    i = forecast_item(&a, i, NULL, 5, f->a);
    assert_true(i->first && i->entered == 1);
    i = forecast_item(&b, i, NULL, 6, f->a);
    assert_true(!i->first && i->entered == 6);
    i = forecast_item(&w, i, NULL, 9, f->a);
    assert_true(forecast_item_closed(i) && i->closed == 9 && i->open_entered == 6 && i->line->category == 5);
    i = forecast_item(&w, i, NULL, 11, f->a);
    assert_int_equal(i->closed, 9);
    i = forecast_item(&b, i, NULL, 12, f->a);
    assert_true(!forecast_item_closed(i) && i->entered == 6);
    a.pipeline_id = NULL; /* of before there were pipelines */
    assert_null(forecast_item(&a, NULL, NULL, 1, f->a));
}

/* What is put in is taken out whole, whatever its size, and an empty line is none. */
static void test_lines(void **state)
{
    struct fixture *f = *state;
    Baton__ForecastLevel level = BATON__FORECAST_LEVEL__INIT;
    Baton__Opportunity o = deal("a", OPEN), w = deal("w", WON);
    Baton__Money huge = BATON__MONEY__INIT, less = BATON__MONEY__INIT;
    huge.currency_code = less.currency_code = "EUR";
    huge.minor_units = INT64_MAX;
    less.minor_units = -5;
    const Baton__ForecastItem *one = forecast_item(&o, NULL, NULL, 1, f->a),
                              *other = forecast_item(&w, NULL, NULL, 1, f->a);
    forecast_line_count(&level, one->line, 1, f->a);
    forecast_line_count(&level, other->line, 1, f->a);
    o.amount = &huge;
    const Baton__ForecastItem *third = forecast_item(&o, NULL, NULL, 1, f->a);
    forecast_line_count(&level, third->line, 1, f->a);
    assert_int_equal(level.n_lines, 2);
    forecast_line_count(&level, third->line, -1, f->a);
    assert_true(level.lines[0]->deals == 1 && level.lines[0]->amount == 150 &&
                level.lines[0]->weighted == 75);
    forecast_line_count(&level, one->line, -1, f->a);
    assert_true(level.n_lines == 1 && level.lines[0]->category == 5);
    o.amount = &less;
    assert_int_equal(forecast_item(&o, NULL, NULL, 1, f->a)->line->amount, 0);
}

/* --- what is said --- */

static void test_adjust(void **state)
{
    struct fixture *f = *state;
    struct forecast_adjust_facts facts = {1, true, true};
    Baton__SetForecastAdjustmentRequest q = BATON__SET_FORECAST_ADJUSTMENT_REQUEST__INIT;
    Baton__Money m = BATON__MONEY__INIT;
    struct command c = {.request = &q.base, .actor = &f->actor};
    f->actor.has_role = true;
    f->actor.role = BATON__ROLE__ROLE_MANAGER;
    m.currency_code = "EUR";
    m.has_minor_units = true;
    m.minor_units = 5;
    q.amount = &m;
    q.period = "2026-Q4";
    assert_true(opportunities_decide_adjust(&facts, &c, &f->s, &f->out)); /* one's own, without a reason */
    q.user_id = "ann";
    assert_false(opportunities_decide_adjust(&facts, &c, &f->s, &f->out)); /* 3 */
    assert_string_equal(f->out.no.field, "reason");
    q.reason = " they are careful ";
    assert_true(opportunities_decide_adjust(&facts, &c, &f->s, &f->out));
    const Baton__ForecastAdjustment *a =
        ((const Baton__SetForecastAdjustmentResponse *)f->out.reply)->adjustment;
    assert_string_equal(a->reason, "they are careful");
    assert_string_equal(a->by_id, "me");
    assert_true(a->has_amount && a->amount == 5 && a->months == 3);
    m.minor_units = -1; /* 2 */
    assert_false(opportunities_decide_adjust(&facts, &c, &f->s, &f->out));
    m.has_minor_units = false;
    m.minor_units = 0; /* taken back */
    assert_true(opportunities_decide_adjust(&facts, &c, &f->s, &f->out));
    q.period = "soon";
    assert_false(opportunities_decide_adjust(&facts, &c, &f->s, &f->out));
    q.period = "2026";
    facts.is_above = false; /* 1 */
    assert_false(opportunities_decide_adjust(&facts, &c, &f->s, &f->out));
    assert_int_equal(f->out.no.code, REFUSAL_NOT_FOUND);
    f->actor.role = BATON__ROLE__ROLE_ADMIN;
    assert_true(opportunities_decide_adjust(&facts, &c, &f->s, &f->out));
    facts.is_here = false;
    assert_false(opportunities_decide_adjust(&facts, &c, &f->s, &f->out));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_periods), TEST(test_quarters), TEST(test_months), TEST(test_tree),   TEST(test_rings),
        TEST(test_ways),    TEST(test_since),    TEST(test_lines),  TEST(test_adjust),
    };
    schema_load();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
