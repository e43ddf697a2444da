/* What of an opportunity is counted by which measure, and what a change does to the sums. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "services/opportunities/analysis.h"

/* 2026-01-05 10:00 UTC, and hours and days. */
#define START INT64_C(1767607200000000)
#define HOUR  INT64_C(3600000000)
#define DAY   (24 * HOUR)

enum { MONTH = 2026 * 12 };

struct fixture {
    struct arena *a;
    Baton__Opportunity o;
    Baton__Money amount;
    Google__Protobuf__Timestamp created, closed;
    Baton__AnalysisItem *item;
};

static const struct analysis_place north = {"north", "land", NULL};

static int set_up(void **state)
{
    static struct fixture f;
    f = (struct fixture){.a = arena_new(16 << 20)};
    baton__opportunity__init(&f.o);
    baton__money__init(&f.amount);
    google__protobuf__timestamp__init(&f.created);
    google__protobuf__timestamp__init(&f.closed);
    f.created.seconds = START / 1000000;
    f.amount.currency_code = "EUR";
    f.amount.has_minor_units = true;
    f.amount.minor_units = 500;
    f.o.id = "deal";
    f.o.owner_id = "ann";
    f.o.pipeline_id = "sales";
    f.o.stage_key = "first";
    f.o.stage_kind = BATON__STAGE_KIND__STAGE_KIND_OPEN;
    f.o.amount = &f.amount;
    f.o.created_at = &f.created;
    f.o.close_date = "2026-03-31";
    f.o.lead_source = "fair";
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    arena_free(((struct fixture *)*state)->a);
    return 0;
}

static void at(struct fixture *f, int64_t us)
{
    f->item = analysis_item(&f->o, f->item, &north, us, f->a);
}

static void go(struct fixture *f, const char *stage, Baton__StageKind kind, int64_t us)
{
    f->o.stage_key = (char *)(uintptr_t)stage;
    f->o.stage_kind = kind;
    f->closed.seconds = us / 1000000;
    f->o.closed_at = kind == BATON__STAGE_KIND__STAGE_KIND_OPEN ? NULL : &f->closed;
    at(f, us);
}

/* Of the item there is now; NULL: it does not count so. */
static const struct analysis_part *part(struct fixture *f, enum measure m, const char *detail)
{
    struct analysis_part *parts = ARENA_ARRAY(f->a, struct analysis_part, ANALYSIS_PARTS);
    const size_t n = analysis_parts(f->item, parts, f->a);
    for (size_t i = 0; i < n; i++)
        if (parts[i].measure == m && strcmp(parts[i].detail, detail) == 0)
            return &parts[i];
    return NULL;
}

/* 1: what is open. */
static void test_open(void **state)
{
    struct fixture *f = *state;
    at(f, START);
    const struct analysis_part *open = part(f, MEASURE_OPEN, "first"),
                               *expected = part(f, MEASURE_EXPECTED, "pipeline"),
                               *created = part(f, MEASURE_CREATED, "fair");
    assert_int_equal(open->month, 0);
    assert_int_equal(open->amount, 500);
    assert_string_equal(open->owner_id, "ann");
    assert_string_equal(open->team_id, "north");
    assert_string_equal(open->territory_id, "land");
    assert_int_equal(expected->month, MONTH + 2);
    assert_int_equal(created->month, MONTH);
    assert_null(part(f, MEASURE_WON, ""));
    assert_non_null(part(f, MEASURE_ENTERED, "first"));
    assert_null(part(f, MEASURE_LEFT, "first"));
}

/* 2: what is closed counts in its month and in the one it was made, and not as open. */
static void test_closed(void **state)
{
    struct fixture *f = *state;
    at(f, START);
    f->o.product_id = "thing";
    go(f, "won", BATON__STAGE_KIND__STAGE_KIND_WON, START + 40 * DAY);
    const struct analysis_part *won = part(f, MEASURE_WON, "thing"),
                               *cohort = part(f, MEASURE_COHORT_WON, "01");
    assert_int_equal(won->month, MONTH + 1);
    assert_int_equal(won->hours, 40 * 24);
    assert_int_equal(cohort->month, MONTH);
    assert_null(part(f, MEASURE_OPEN, "first"));
    f->o.outcome_reason = "price";
    f->o.lost_to = "them";
    go(f, "lost", BATON__STAGE_KIND__STAGE_KIND_LOST, START + 41 * DAY);
    assert_null(part(f, MEASURE_WON, "thing"));
    assert_int_equal(part(f, MEASURE_LOST, "price")->hours, 41 * 24);
    assert_int_equal(part(f, MEASURE_LOST_TO, "them")->month, MONTH + 1);
    assert_non_null(part(f, MEASURE_COHORT_LOST, "01"));
}

/* 3: of each stage that it came, and how long it was there in all, when it is not there any more. */
static void test_visits(void **state)
{
    struct fixture *f = *state;
    at(f, START);
    go(f, "second", BATON__STAGE_KIND__STAGE_KIND_OPEN, START + 2 * DAY);
    assert_int_equal(part(f, MEASURE_LEFT, "first")->hours, 48);
    go(f, "first", BATON__STAGE_KIND__STAGE_KIND_OPEN, START + 3 * DAY);
    assert_null(part(f, MEASURE_LEFT, "first"));
    assert_int_equal(part(f, MEASURE_LEFT, "second")->hours, 24);
    go(f, "lost", BATON__STAGE_KIND__STAGE_KIND_LOST, START + 4 * DAY);
    assert_int_equal(part(f, MEASURE_LEFT, "first")->hours, 72);
    assert_non_null(part(f, MEASURE_DROPPED, "first"));
    assert_null(part(f, MEASURE_DROPPED, "second"));
    assert_int_equal(part(f, MEASURE_ENTERED, "first")->month, MONTH);
}

/* 4: what stays is left out; what is given away goes with all that was counted. */
static void test_deltas(void **state)
{
    struct fixture *f = *state;
    struct analysis_delta *d = ARENA_ARRAY(f->a, struct analysis_delta, ANALYSIS_DELTAS);
    at(f, START);
    const Baton__AnalysisItem *first = f->item;
    assert_int_equal(analysis_deltas(NULL, first, d, f->a), 4);
    assert_int_equal(analysis_deltas(first, first, d, f->a), 0);
    f->o.close_date = "2026-04-01";
    at(f, START + HOUR);
    assert_int_equal(analysis_deltas(first, f->item, d, f->a), 2); /* another month is expected */
    const Baton__AnalysisItem *second = f->item;
    f->amount.minor_units = 700;
    at(f, START + HOUR);
    assert_int_equal(analysis_deltas(second, f->item, d, f->a), 4);
    assert_int_equal(d[0].count, 0);
    assert_int_equal(d[0].amount, 200);
    second = f->item;
    f->o.owner_id = "bob";
    at(f, START + HOUR);
    assert_int_equal(analysis_deltas(second, f->item, d, f->a), 8);
    assert_int_equal(analysis_deltas(second, NULL, d, f->a), 4);
    assert_int_equal(d[0].count, -1);
}

/* 5: what its owner's team was when it came to them counts on. */
static void test_place(void **state)
{
    struct fixture *f = *state;
    static const struct analysis_place south = {"south", NULL, NULL};
    at(f, START);
    f->item = analysis_item(&f->o, f->item, &south, START + DAY, f->a);
    assert_string_equal(f->item->team_id, "north");
    f->o.owner_id = "bob";
    f->item = analysis_item(&f->o, f->item, &south, START + DAY, f->a);
    assert_string_equal(f->item->team_id, "south");
    assert_string_equal(f->item->territory_id, "");
}

/* 6: months go by the clocks of the organisation, each as it was counted. */
static void test_zone(void **state)
{
    struct fixture *f = *state;
    struct civil_zone *taipei = civil_zone_new("Asia/Taipei");
    const struct analysis_place there = {"north", "land", taipei};
    const int64_t late = START + 26 * DAY + 8 * HOUR; /* the last of January, 18:00 UTC: two in the morning */
    struct analysis_part parts[ANALYSIS_PARTS];
    assert_non_null(taipei);
    at(f, START);
    f->o.stage_key = "won";
    f->o.stage_kind = BATON__STAGE_KIND__STAGE_KIND_WON;
    f->closed.seconds = late / 1000000;
    f->o.closed_at = &f->closed;
    f->item = analysis_item(&f->o, f->item, &there, late, f->a);
    civil_zone_free(taipei);
    const size_t n = analysis_parts(f->item, parts, f->a);
    size_t won = 0, left = 0;
    for (size_t i = 0; i < n; i++) {
        won += parts[i].measure == MEASURE_WON && parts[i].month == MONTH + 1;
        left += parts[i].measure == MEASURE_LEFT && parts[i].month == MONTH + 1;
    }
    assert_int_equal(won, 1);
    assert_int_equal(left, 1);
    /* what was counted before months were kept goes as it came */
    f->item->has_closed_month = f->item->has_created_month = false;
    (void)analysis_parts(f->item, parts, f->a);
    assert_int_equal(parts[0].month, MONTH);
    assert_int_equal(parts[1].month, MONTH);
}

/* 5: a day that is put off is remembered, while it is open. */
static void test_put_off(void **state)
{
    struct fixture *f = *state;
    at(f, START);
    f->o.close_date = "2026-04-10";
    at(f, START + DAY);
    f->o.close_date = "2026-04-01";
    at(f, START + DAY);
    f->o.close_date = "2026-04-11";
    at(f, START + DAY);
    assert_int_equal(f->item->pushed, 2);
    assert_int_equal(f->item->pushed_days, 20);
    go(f, "won", BATON__STAGE_KIND__STAGE_KIND_WON, START + 2 * DAY);
    f->o.close_date = "2026-05-11";
    at(f, START + 3 * DAY);
    assert_int_equal(f->item->pushed, 2);
}

/* 6: whatever happens, what was put in comes out whole. */
static void test_whole(void **state)
{
    enum { STEPS = 3000, ROWS = 4096 };
    struct fixture *f = *state;
    static const char *const stages[] = {"first", "second", "third", "won", "lost"};
    static const char *const owners[] = {"ann", "bob", "eve"};
    struct analysis_delta d[ANALYSIS_DELTAS];
    struct analysis_delta *sums = calloc(ROWS, sizeof *sums);
    size_t n_sums = 0;
    srand(7);
    for (int step = 0; step <= STEPS; step++) {
        const int s = rand() % 5;
        const Baton__AnalysisItem *before = f->item;
        f->amount.minor_units = rand() % 1000;
        f->o.owner_id = (char *)(uintptr_t)owners[rand() % 3];
        if (step == STEPS)
            f->item = NULL;
        else
            go(f, stages[s],
               s == 3   ? BATON__STAGE_KIND__STAGE_KIND_WON
               : s == 4 ? BATON__STAGE_KIND__STAGE_KIND_LOST
                        : BATON__STAGE_KIND__STAGE_KIND_OPEN,
               START + step * 5 * HOUR);
        const size_t n = analysis_deltas(before, f->item, d, f->a);
        for (size_t i = 0; i < n; i++) {
            size_t k = 0;
            while (k < n_sums &&
                   (sums[k].of.measure != d[i].of.measure || sums[k].of.month != d[i].of.month ||
                    strcmp(sums[k].of.detail, d[i].of.detail) != 0 ||
                    strcmp(sums[k].of.owner_id, d[i].of.owner_id) != 0))
                k++;
            assert_true(k < ROWS);
            if (k == n_sums)
                sums[n_sums++] = (struct analysis_delta){.of = d[i].of};
            sums[k].count += d[i].count;
            sums[k].amount += d[i].amount;
            sums[k].hours += d[i].hours;
            assert_true(sums[k].count >= 0);
            for (int b = 0; b < ANALYSIS_BINS; b++)
                sums[k].bins[b] = (int8_t)(sums[k].bins[b] + d[i].bins[b]);
        }
    }
    for (size_t k = 0; k < n_sums; k++) {
        static const int8_t none[ANALYSIS_BINS];
        assert_int_equal(sums[k].count, 0);
        assert_int_equal(sums[k].amount, 0);
        assert_int_equal(sums[k].hours, 0);
        assert_memory_equal(sums[k].bins, none, sizeof none);
    }
    free(sums);
}

/* 7: spans follow one another without a gap, and their middle is in them. */
static void test_bins(void **state)
{
    (void)state;
    unsigned last = 0;
    for (uint64_t h = 0; h < 100000; h++) {
        const unsigned bin = analysis_bin(h);
        assert_true(bin == last || bin == last + 1);
        assert_int_equal(analysis_bin(analysis_bin_middle(bin)), bin);
        last = bin;
    }
    assert_true(last < ANALYSIS_BINS - 1);
}

/* 8: every measure has a name of its own, and shares are of measures that are counted. */
static void test_table(void **state)
{
    (void)state;
    for (unsigned m = 0; m < MEASURES; m++) {
        const struct measure_row *r = &measure_rows[m];
        assert_int_equal(measure_find(r->name), m);
        if (r->part != MEASURES) {
            assert_int_equal(measure_rows[r->part].part, MEASURES);
            assert_int_equal(measure_rows[r->other].part, MEASURES);
        }
    }
    assert_int_equal(measure_find("nothing"), MEASURES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_open, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_closed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_visits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_deltas, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_zone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_put_off, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bins, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_table, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
