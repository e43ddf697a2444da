/* The calibrated forecast on made histories of which the truth is known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "services/opportunities/forecast.h"

enum { STAGES = 3, MONTHS = 24, PER_STEP = 12, DEALS_MAX = 8000, WORLDS = 40, FIRST_DAY = 18262 /* 2020 */ };

static const char *const owners[] = {"ann", "bob"};

/* A deal as it truly went, step by step. */
struct truth {
    int32_t entered[STAGES], closed; /* steps; closed 0: not within the time */
    uint32_t last;                   /* the stage it came to */
    uint32_t owner;
    bool won;
};

struct world {
    uint64_t seed;
    struct truth deals[DEALS_MAX];
    size_t n;
};

struct fixture {
    struct arena *a;
    struct world w;
    int32_t begin, now, end; /* steps */
    int32_t today, last;     /* days */
};

static double chance(struct world *w)
{
    w->seed = w->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(w->seed >> 11) / (double)(UINT64_C(1) << 53);
}

/* In each step: to the next stage 15 %; closed 5 % in the first, 10 % in the second, 20 % in the last; ann
   wins two of three, bob one of three. */
static void live(struct world *w, struct truth *t, int32_t opened, int32_t end)
{
    static const double closes[STAGES] = {0.05, 0.10, 0.20};
    *t = (struct truth){.entered = {opened}, .owner = chance(w) < 0.5};
    for (int32_t step = opened; step < end; step++) {
        double x = chance(w);
        if (x < closes[t->last]) {
            t->closed = step;
            t->won = chance(w) < (t->owner ? 1.0 / 3 : 2.0 / 3);
            return;
        }
        if (x > 0.85 && t->last + 1 < STAGES)
            t->entered[++t->last] = step;
    }
}

static void make_world(struct fixture *f, uint64_t seed)
{
    f->w.seed = seed;
    f->w.n = 0;
    for (int32_t step = f->begin; step < f->end; step++)
        for (int i = 0; i < PER_STEP; i++)
            live(&f->w, &f->w.deals[f->w.n++], step, f->end);
}

static struct forecast_spell spell_of(const struct truth *t, uint32_t stage)
{
    struct forecast_spell s = {.stage = stage, .first = stage == 0, .entered = t->entered[stage], .n = 1};
    if (stage < t->last) {
        s.to = stage + 1;
        s.exit = FORECAST_MOVED;
        s.left = t->entered[stage + 1];
    } else if (t->closed) {
        s.exit = t->won ? FORECAST_WON : FORECAST_LOST;
        s.left = t->closed;
    }
    return s;
}

static void add_deal(struct forecast_counts *c, const struct truth *t)
{
    for (uint32_t s = 0; s <= t->last; s++)
        ((struct forecast_spell *)(uintptr_t)c->spells)[c->n_spells++] = spell_of(t, s);
    if (!t->closed)
        return;
    ((struct forecast_outcome *)(uintptr_t)c->outcomes)[c->n_outcomes++] =
        (struct forecast_outcome){FORECAST_OWNER, owners[t->owner], t->closed, t->won, !t->won};
    if (t->won)
        ((struct forecast_amount *)(uintptr_t)c->amounts)[c->n_amounts++] =
            (struct forecast_amount){"", forecast_bin(100000), t->closed, 1};
}

/* All that ever happens, what is still to come as well. */
static struct forecast_counts counts_of(struct fixture *f, size_t room)
{
    const size_t spells = room * STAGES;
    struct forecast_counts c = {STAGES, ARENA_ARRAY(f->a, struct forecast_spell, spells),
                                0,      ARENA_ARRAY(f->a, struct forecast_outcome, room),
                                0,      ARENA_ARRAY(f->a, struct forecast_amount, room),
                                0};
    for (size_t i = 0; i < f->w.n; i++)
        add_deal(&c, &f->w.deals[i]);
    return c;
}

/* Those open now. */
static size_t open_deals(const struct fixture *f, struct forecast_deal *out, const struct truth **truths)
{
    size_t n = 0;
    for (size_t i = 0; i < f->w.n; i++) {
        const struct truth *t = &f->w.deals[i];
        uint32_t stage = t->last;
        while (stage && t->entered[stage] >= f->now)
            stage--;
        if (t->entered[0] >= f->now || (t->closed && t->closed < f->now))
            continue;
        truths[n] = t;
        out[n++] =
            (struct forecast_deal){.stage = stage, .entered = t->entered[stage], .owner = owners[t->owner]};
    }
    return n;
}

static int set_up(void **state)
{
    static struct fixture f;
    f = (struct fixture){.a = arena_new(512 << 20)};
    f.begin = forecast_step(FIRST_DAY);
    f.today = FIRST_DAY + 731; /* 2022-01-01 */
    f.now = forecast_step(f.today);
    f.last = f.today + 30 + 28 + 31;
    f.end = forecast_step(f.last) + 1;
    assert_int_equal(f.now - f.begin, MONTHS * FORECAST_STEPS_MONTH);
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    arena_free(((struct fixture *)*state)->a);
    return 0;
}

static struct forecast_outlook *look(struct fixture *f, const struct forecast_counts *c)
{
    struct forecast_period p = {f->today, f->today, f->last};
    return forecast_look(forecast_learn(c, f->now, 0, f->a), &p, f->a);
}

/* A step ends where a month ends, and there are four in each. */
static void test_steps(void **state)
{
    for (int32_t day = -40000; day < 40000; day++) {
        int32_t by = forecast_step(day + 1) - forecast_step(day);
        assert_true(by == 0 || by == 1);
    }
    assert_int_equal(forecast_step(FIRST_DAY) % FORECAST_STEPS_MONTH, 0);
    assert_int_equal(forecast_step(FIRST_DAY + 366) - forecast_step(FIRST_DAY), 48);
    assert_int_equal(forecast_step(FIRST_DAY - 1), forecast_step(FIRST_DAY) - 1);
}

/* A bin stands for its amounts within a sixteenth, and bins are in the order of amounts. */
static void test_bins(void **state)
{
    uint32_t before = 0;
    for (int64_t amount = 0; amount < INT64_MAX / 3; amount += 1 + amount / 100) {
        uint32_t bin = forecast_bin(amount);
        double off = forecast_bin_amount(bin) - (double)amount;
        assert_true(bin >= before && bin < FORECAST_BINS);
        assert_true((off < 0 ? -off : off) <= 0.5 + (double)amount / 16);
        before = bin;
    }
    assert_true(forecast_bin(INT64_MAX) < FORECAST_BINS);
    assert_int_equal(forecast_bin(-5), 0);
}

/* Where nothing is known there is an answer, and it is a chance. */
static void test_nothing(void **state)
{
    struct fixture *f = *state;
    struct forecast_counts c = {.n_stages = 1};
    struct forecast_outlook *o = look(f, &c);
    struct forecast_deal d = {.entered = f->now - 1, .owner = "ann", .amount = INT64_MAX};
    struct forecast_chance x = forecast_chance(o, &d);
    assert_true(x.wins > 0 && x.wins < x.closes && x.closes < 1 && x.alike == 0);
    struct forecast_deal many[100];
    for (size_t i = 0; i < 100; i++)
        many[i] = d;
    struct forecast_total t = forecast_total(o, many, 100, 1000, 1, f->a);
    assert_true(0 <= t.p10 && t.p10 <= t.p50 && t.p50 <= t.p90);
    assert_int_equal(t.arrivals, 0);
    t = forecast_total(o, NULL, 0, 1000, 1, f->a);
    assert_true(t.p90 == 0 && t.mean == 0);
    d.stage = FORECAST_STAGES_MAX; /* none of the model's */
    assert_true(forecast_chance(o, &d).wins == 0);
}

/* 1: what was judged so likely came so often, by tenths of what was said; the better owner is known. */
static void test_calibrated(void **state)
{
    enum { TENTHS = 10, ENOUGH = 300 };
    struct fixture *f = *state;
    double said[TENTHS] = {0}, came[TENTHS] = {0}, n[TENTHS] = {0};
    struct forecast_deal *deals = ARENA_ARRAY(f->a, struct forecast_deal, DEALS_MAX);
    const struct truth **truths = ARENA_ARRAY(f->a, const struct truth *, DEALS_MAX);
    for (uint64_t seed = 1; seed <= WORLDS; seed++) {
        make_world(f, seed);
        struct forecast_counts c = counts_of(f, DEALS_MAX);
        struct forecast_outlook *o = look(f, &c);
        size_t open = open_deals(f, deals, truths);
        for (size_t i = 0; i < open; i++) {
            struct forecast_chance x = forecast_chance(o, &deals[i]);
            size_t tenth = (size_t)(x.wins * TENTHS);
            assert_true(x.wins >= 0 && x.wins <= x.closes && x.closes <= 1);
            said[tenth] += x.wins;
            came[tenth] += truths[i]->won;
            n[tenth]++;
        }
        arena_reset(f->a);
        deals = ARENA_ARRAY(f->a, struct forecast_deal, DEALS_MAX);
        truths = ARENA_ARRAY(f->a, const struct truth *, DEALS_MAX);
    }
    size_t looked = 0;
    for (size_t i = 0; i < TENTHS; i++) {
        double off = n[i] > 0 ? (said[i] - came[i]) / n[i] : 0;
        if (n[i] < ENOUGH)
            continue;
        print_message("said %.3f, came %.3f, of %.0f\n", said[i] / n[i], came[i] / n[i], n[i]);
        assert_true(off < 0.06 && off > -0.06);
        looked++;
    }
    assert_true(looked >= 3); /* from the worst tenth to the best there is something to tell apart */
}

/* 2: eight of ten totals lie between P10 and P90, what is opened in between included */
static void test_covered(void **state)
{
    struct fixture *f = *state;
    size_t within = 0;
    double said = 0, came = 0;
    for (uint64_t seed = 1; seed <= WORLDS; seed++, arena_reset(f->a)) {
        struct forecast_deal *deals = ARENA_ARRAY(f->a, struct forecast_deal, DEALS_MAX);
        const struct truth **truths = ARENA_ARRAY(f->a, const struct truth *, DEALS_MAX);
        make_world(f, seed + 1000);
        struct forecast_counts c = counts_of(f, DEALS_MAX);
        size_t n = open_deals(f, deals, truths);
        struct forecast_total t = forecast_total(look(f, &c), deals, n, 1000, seed, f->a);
        double won = 0;
        for (size_t i = 0; i < f->w.n; i++)
            won += f->w.deals[i].won && f->w.deals[i].closed >= f->now ? 100000 : 0;
        within += won >= (double)t.p10 && won <= (double)t.p90;
        assert_true(t.p10 < t.p50 && t.p50 < t.p90 && t.arrivals > 0 && t.deals > 0);
        said += (double)t.mean;
        came += won;
    }
    print_message("%zu of %d within; said %.0f came %.0f\n", within, WORLDS, said / WORLDS, came / WORLDS);
    assert_true(within >= WORLDS * 7 / 10);
    assert_true(said / came > 0.95 && said / came < 1.05);
}

static bool same(const struct forecast_total *x, const struct forecast_total *y)
{
    return x->p10 == y->p10 && x->p50 == y->p50 && x->p90 == y->p90 && x->mean == y->mean &&
           x->deals == y->deals && x->arrivals == y->arrivals;
}

struct known {
    struct forecast_counts c;
    struct forecast_deal *deals;
    size_t n;
};

static struct known know(struct fixture *f)
{
    struct known k = {.deals = ARENA_ARRAY(f->a, struct forecast_deal, DEALS_MAX)};
    const struct truth **truths = ARENA_ARRAY(f->a, const struct truth *, DEALS_MAX);
    make_world(f, 7);
    k.c = counts_of(f, 2 * DEALS_MAX);
    k.n = open_deals(f, k.deals, truths);
    return k;
}

/* 3: the same seed gives the same; the order of counts is nothing; another seed gives nearly the same */
static void test_same(void **state)
{
    struct fixture *f = *state;
    struct known k = know(f);
    struct forecast_total x = forecast_total(look(f, &k.c), k.deals, k.n, 1000, 3, f->a);
    struct forecast_spell *s = (struct forecast_spell *)(uintptr_t)k.c.spells;
    for (size_t i = 0, j = k.c.n_spells - 1; i < j; i++, j--) {
        struct forecast_spell swap = s[i];
        s[i] = s[j];
        s[j] = swap;
    }
    struct forecast_total y = forecast_total(look(f, &k.c), k.deals, k.n, 1000, 3, f->a);
    struct forecast_total z = forecast_total(look(f, &k.c), k.deals, k.n, 1000, 4, f->a);
    assert_true(same(&x, &y));
    assert_false(same(&x, &z));
    assert_true(z.mean == x.mean && z.p50 > x.p50 * 9 / 10 && z.p50 < x.p50 * 11 / 10);
}

/* 4: what comes later is not looked at */
static void test_past(void **state)
{
    struct fixture *f = *state;
    struct known k = know(f), then = k;
    struct forecast_spell *s = ARENA_ARRAY(f->a, struct forecast_spell, k.c.n_spells);
    then.c.spells = s;
    then.c.n_spells = 0;
    for (size_t i = 0; i < k.c.n_spells; i++) {
        struct forecast_spell x = k.c.spells[i];
        if (x.entered >= f->now)
            continue;
        if (x.exit != FORECAST_OPEN && x.left >= f->now)
            x.exit = FORECAST_OPEN;
        x.to = x.exit == FORECAST_OPEN ? 0 : x.to;
        s[then.c.n_spells++] = x;
    }
    assert_true(then.c.n_spells < k.c.n_spells);
    struct forecast_total x = forecast_total(look(f, &k.c), k.deals, k.n, 1000, 3, f->a);
    struct forecast_total y = forecast_total(look(f, &then.c), k.deals, k.n, 1000, 3, f->a);
    assert_true(same(&x, &y));
}

/* 5: what is taken back leaves no trace */
static void test_taken_back(void **state)
{
    struct fixture *f = *state;
    struct known k = know(f);
    struct forecast_total x = forecast_total(look(f, &k.c), k.deals, k.n, 1000, 3, f->a);
    struct forecast_spell *s = (struct forecast_spell *)(uintptr_t)k.c.spells;
    for (int64_t n = 5; n >= -5; n -= 10)
        s[k.c.n_spells++] = (struct forecast_spell){
            .exit = FORECAST_WON, .first = true, .entered = f->now - 9, .left = f->now - 5, .n = n};
    struct forecast_total y = forecast_total(look(f, &k.c), k.deals, k.n, 1000, 3, f->a);
    assert_true(same(&x, &y));
    k.c.n_spells--;
    y = forecast_total(look(f, &k.c), k.deals, k.n, 1000, 3, f->a);
    assert_false(same(&x, &y));
}

/* 6: an owner counts as far as there are deals to bear it out, and leans on the team until then */
static void test_owner(void **state)
{
    struct fixture *f = *state;
    struct known k = know(f);
    struct forecast_outcome *o = (struct forecast_outcome *)(uintptr_t)k.c.outcomes;
    o[k.c.n_outcomes++] = (struct forecast_outcome){FORECAST_OWNER, "new", f->now - 1, 1, 0};
    o[k.c.n_outcomes++] = (struct forecast_outcome){FORECAST_TEAM, "poor", f->now - 1, 0, 400};
    struct forecast_outlook *at = look(f, &k.c);
    struct forecast_deal d = {.entered = f->now - 2, .owner = "ann"};
    double ann = forecast_chance(at, &d).owner;
    d.owner = "bob";
    double bob = forecast_chance(at, &d).owner;
    d.owner = "new";
    double one = forecast_chance(at, &d).owner;
    d.team = "poor";
    double poor = forecast_chance(at, &d).owner;
    d.owner = d.team = NULL;
    assert_true(ann > 1.5 && ann < 2.3 && bob > 0.43 && bob < 0.67);
    assert_true(one > 1 && one < 1.06);
    assert_true(poor < 0.3);
    assert_true(forecast_chance(at, &d).owner == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_steps),
        cmocka_unit_test(test_bins),
        cmocka_unit_test_setup_teardown(test_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_calibrated, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_covered, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_same, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_past, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_taken_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_owner, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
