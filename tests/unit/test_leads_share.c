/* Fair share: the bounds that share.h promises, over seeded random histories. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "services/leads/share.h"

enum { MEMBERS_MAX = 40, WEIGHT_MAX = 20, HISTORIES = 100000, PERIODS = 4, LEADS_MAX = 30 };

/* xorshift64*: the same histories on every machine. */
static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return *seed * UINT64_C(2685821657736338717);
}

static uint32_t below(uint64_t *seed, uint32_t n)
{
    return (uint32_t)(next_random(seed) >> 33) % n;
}

struct pool {
    struct leads_member members[MEMBERS_MAX];
    uint8_t excluded[MEMBERS_MAX];
    size_t n;
    int64_t virtual_time;
};

static void join(struct pool *p, uint32_t weight)
{
    p->members[p->n++] = (struct leads_member){.weight = weight, .parked = true};
}

/* One lead. Returns who got it, SIZE_MAX if nobody could. */
static size_t assign(struct pool *p, struct leads_turn *turn)
{
    struct leads_member after[MEMBERS_MAX];
    if (!leads_share_choose(p->members, p->n, p->excluded, p->virtual_time, turn))
        return SIZE_MAX;
    for (size_t i = 0; i < p->n; i++)
        (void)leads_share_after(p->members, i, p->excluded[i], turn, &after[i]);
    memcpy(p->members, after, sizeof *after * p->n);
    p->virtual_time = turn->after;
    return turn->chosen;
}

static double debt(const struct pool *p, size_t i)
{
    if (p->members[i].parked)
        return (double)p->members[i].position / (double)LEADS_SHARE_UNIT;
    int64_t behind = (int64_t)((uint64_t)p->virtual_time - (uint64_t)p->members[i].position);
    return (double)behind * p->members[i].weight / (double)LEADS_SHARE_UNIT;
}

static double total_weight(const struct pool *p)
{
    double w = 0;
    for (size_t i = 0; i < p->n; i++)
        w += p->excluded[i] ? 0 : p->members[i].weight;
    return w;
}

/* 1: a new pool: at every moment |received - w * total / W| <= 1, in whole numbers */
static void check_fresh(uint64_t *seed)
{
    struct pool p = {0};
    struct leads_turn turn;
    int64_t weight = 0;
    size_t n = 1 + below(seed, MEMBERS_MAX);
    for (size_t i = 0; i < n; i++) {
        join(&p, 1 + below(seed, WEIGHT_MAX));
        weight += p.members[i].weight;
    }
    int64_t leads = 1 + below(seed, 3 * LEADS_MAX);
    for (int64_t k = 1; k <= leads; k++) {
        assert_true(assign(&p, &turn) != SIZE_MAX);
        for (size_t i = 0; i < n; i++) {
            int64_t off = (int64_t)p.members[i].received * weight - p.members[i].weight * k;
            assert_true(off <= weight && -off <= weight);
        }
    }
}

/* What the leads of one period are measured against. */
struct period {
    double debt[MEMBERS_MAX], lag[MEMBERS_MAX], owed,
        weight; /* at its start; owed: the sum of the lags above 0 */
    uint64_t received[MEMBERS_MAX];
};

/* The first lead of a period places who returns; the debts before it follow from those after it. What counts
   is how far they are from what all have in common. */
static void period_begin(struct period *q, const struct pool *p, size_t chosen)
{
    double sum = 0;
    q->weight = total_weight(p);
    q->owed = 0;
    for (size_t i = 0; i < p->n; i++) {
        q->debt[i] = debt(p, i) + (i == chosen) - p->members[i].weight / q->weight;
        q->received[i] = p->members[i].received - (i == chosen);
        sum += p->excluded[i] ? 0 : q->debt[i];
    }
    for (size_t i = 0; i < p->n; i++) {
        q->lag[i] = q->debt[i] - p->members[i].weight * sum / q->weight;
        q->owed += !p->excluded[i] && q->lag[i] > 0 ? q->lag[i] : 0;
    }
}

static void period_check(const struct period *q, const struct pool *p, int leads)
{
    for (size_t i = 0; i < p->n; i++) {
        double got = (double)(p->members[i].received - q->received[i]);
        if (p->excluded[i]) {
            /* 2: who cannot take a lead gets none and keeps what they are owed */
            assert_true(got == 0 && p->members[i].parked);
            continue;
        }
        /* 3: what stands in the row is what is owed; 4: min(l, -1) <= lag <= max(l, 1) + P * w / W; the lag
           counted in leads, not read from positions */
        assert_true(fabs(debt(p, i) - (q->debt[i] + p->members[i].weight * leads / q->weight - got)) < 1e-3);
        double w = p->members[i].weight, now = q->lag[i] + w * leads / q->weight - got;
        double most = (q->lag[i] > 1 ? q->lag[i] : 1) + q->owed * w / q->weight;
        assert_true(now <= most + 1e-3);
        assert_true(now >= (q->lag[i] < -1 ? q->lag[i] : -1) - 1e-3);
    }
}

/* Joins, absences, leaves and changes of weight between two periods. */
static void change(struct pool *p, uint64_t *seed)
{
    for (size_t i = 0; i < p->n; i++) {
        p->excluded[i] = below(seed, 4) == 0;
        if (below(seed, 8))
            continue;
        struct leads_member *m = &p->members[i];
        if (!m->parked)
            m->position = leads_share_debt(m->position, m->weight, p->virtual_time);
        m->parked = true;
        m->weight = 1 + below(seed, WEIGHT_MAX);
    }
    while (p->n < MEMBERS_MAX && below(seed, 3) == 0)
        join(p, 1 + below(seed, WEIGHT_MAX));
}

static void check_changing(uint64_t *seed)
{
    struct pool p = {0};
    struct leads_turn turn;
    struct period q;
    size_t n = 1 + below(seed, MEMBERS_MAX - 4);
    for (size_t i = 0; i < n; i++)
        join(&p, 1 + below(seed, WEIGHT_MAX));
    for (int k = 0; k < PERIODS; k++) {
        int leads = 1 + (int)below(seed, LEADS_MAX);
        size_t chosen = assign(&p, &turn);
        if (chosen != SIZE_MAX)
            period_begin(&q, &p, chosen);
        for (int i = 1; chosen != SIZE_MAX && i <= leads; i++) {
            period_check(&q, &p, i);
            (void)assign(&p, &turn);
        }
        change(&p, seed);
    }
}

static void test_fresh_pools(void **state)
{
    uint64_t seed = 1;
    for (int i = 0; i < HISTORIES; i++)
        check_fresh(&seed);
}

static void test_changing_pools(void **state)
{
    uint64_t seed = 2;
    for (int i = 0; i < HISTORIES; i++)
        check_changing(&seed);
}

/* 5: who comes back after a long absence is not flooded: no two leads in a row among equals */
static void test_return_does_not_flood(void **state)
{
    struct pool p = {0};
    struct leads_turn turn;
    for (int i = 0; i < 5; i++)
        join(&p, 1);
    for (int i = 0; i < 7; i++)
        (void)assign(&p, &turn);
    p.excluded[3] = 1;
    for (int i = 0; i < 1000; i++)
        (void)assign(&p, &turn);
    p.excluded[3] = 0;
    uint64_t before = p.members[3].received;
    for (int i = 0; i < 10; i++)
        (void)assign(&p, &turn);
    assert_in_range(p.members[3].received - before, 1, 3);
}

/* 6: a new colleague gets their share from the first day, neither none nor all */
static void test_new_member_starts_level(void **state)
{
    struct pool p = {0};
    struct leads_turn turn;
    join(&p, 1);
    join(&p, 1);
    for (int i = 0; i < 100; i++)
        (void)assign(&p, &turn);
    join(&p, 1);
    for (int i = 0; i < 30; i++)
        (void)assign(&p, &turn);
    assert_in_range(p.members[2].received, 9, 11);
}

/* 7: equals take turns in the pool's order, and the next is named */
static void test_order_and_runner_up(void **state)
{
    struct pool p = {0};
    struct leads_turn turn;
    join(&p, 1);
    join(&p, 1);
    join(&p, 2);
    assert_int_equal(assign(&p, &turn), 2); /* weight 2: the earliest deadline */
    assert_int_equal(turn.runner_up, 0);
    assert_int_equal(turn.margin, 500000); /* half a lead's virtual time */
    assert_int_equal(assign(&p, &turn), 0);
    assert_int_equal(turn.runner_up, 1);
    assert_int_equal(turn.margin, 0);
}

/* 8: nobody to choose from; one to choose from */
static void test_nobody_and_alone(void **state)
{
    struct pool p = {0};
    struct leads_turn turn;
    assert_int_equal(assign(&p, &turn), SIZE_MAX);
    join(&p, 3);
    p.excluded[0] = 1;
    assert_int_equal(assign(&p, &turn), SIZE_MAX);
    p.excluded[0] = 0;
    assert_int_equal(assign(&p, &turn), 0);
    assert_true(turn.runner_up == SIZE_MAX);
}

/* 9: positions wrap around the end of the numbers without anybody noticing */
static void test_positions_wrap(void **state)
{
    struct pool p = {.virtual_time = INT64_MAX - LEADS_SHARE_UNIT};
    struct leads_turn turn;
    join(&p, 1);
    join(&p, 3);
    for (int k = 1; k <= 400; k++) {
        (void)assign(&p, &turn);
        int64_t off = (int64_t)p.members[1].received * 4 - 3 * k;
        assert_true(off <= 4 && off >= -4);
    }
    assert_true(p.virtual_time < 0);
}

/* 10: the heaviest beside the lightest, with 20,000 in the pool */
static void test_large_pool(void **state)
{
    enum { N = 20000, LEADS = 300 };
    struct leads_member *m = calloc(N, sizeof *m), after;
    uint8_t *excluded = calloc(N, 1);
    struct leads_turn turn;
    int64_t now = 0;
    for (size_t i = 0; i < N; i++)
        m[i] = (struct leads_member){.weight = i ? 1 : LEADS_WEIGHT_MAX, .parked = true};
    for (int k = 0; k < LEADS; k++) {
        assert_true(leads_share_choose(m, N, excluded, now, &turn));
        struct leads_turn t = turn;
        for (size_t i = 0; i < N; i++)
            if (leads_share_after(m, i, false, &t, &after))
                m[i] = after;
        now = turn.after;
    }
    assert_in_range(m[0].received, LEADS * 100 / 102 - 1, LEADS);
    free(m);
    free(excluded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fresh_pools),           cmocka_unit_test(test_changing_pools),
        cmocka_unit_test(test_return_does_not_flood), cmocka_unit_test(test_new_member_starts_level),
        cmocka_unit_test(test_order_and_runner_up),   cmocka_unit_test(test_nobody_and_alone),
        cmocka_unit_test(test_positions_wrap),        cmocka_unit_test(test_large_pool),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
