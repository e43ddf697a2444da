/* Fairness where who can take a lead differs from lead to lead: the bound of share.h over seeded random
   histories, and beside two others on the same histories. Prints what it measures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "baton/v1/leads.pb-c.h"
#include "services/leads/share.h"

enum { MEMBERS_MAX = 24, DAYS = 30, PER_DAY_MAX = 20 };

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

static size_t histories(size_t usual, size_t in_full)
{
    const char *long_form = getenv("BATON_TEST_LONG");
    return long_form && strcmp(long_form, "1") == 0 ? in_full : usual;
}

/* --- a pool, and what everybody is owed by plain arithmetic --- */

struct pool {
    struct leads_member members[MEMBERS_MAX];
    double debt[MEMBERS_MAX];
    size_t n;
    int64_t virtual_time;
};

static void join(struct pool *p, uint32_t weight)
{
    p->debt[p->n] = 0;
    p->members[p->n++] = (struct leads_member){.weight = weight, .parked = true};
}

static void owe(struct pool *p, const uint8_t *excluded)
{
    double weight = 0;
    for (size_t i = 0; i < p->n; i++)
        weight += excluded[i] ? 0 : p->members[i].weight;
    for (size_t i = 0; i < p->n; i++)
        p->debt[i] += excluded[i] ? 0 : p->members[i].weight / weight;
}

/* One lead; false: nobody can take it. */
static bool assign(struct pool *p, const uint8_t *excluded)
{
    struct leads_turn turn;
    struct leads_member after[MEMBERS_MAX];
    if (!leads_share_choose(p->members, p->n, excluded, p->virtual_time, &turn))
        return false;
    for (size_t i = 0; i < p->n; i++)
        (void)leads_share_after(p->members, i, excluded[i], &turn, &after[i]);
    memcpy(p->members, after, sizeof *after * p->n);
    p->virtual_time = turn.after;
    owe(p, excluded);
    p->debt[turn.chosen] -= 1;
    return true;
}

static double worst(const struct pool *p)
{
    double most = 0;
    for (size_t i = 0; i < p->n; i++)
        most = fabs(p->debt[i]) > most ? fabs(p->debt[i]) : most;
    return most;
}

/* Everything a process keeps of a member goes through the row. */
static void restart(struct pool *p)
{
    for (size_t i = 0; i < p->n; i++) {
        struct leads_member *m = &p->members[i];
        uint8_t bytes[64];
        Baton__Share row = BATON__SHARE__INIT;
        row.has_position = row.has_parked = row.has_received = true;
        row.position = m->position;
        row.parked = m->parked;
        row.received = m->received;
        Baton__Share *read = baton__share__unpack(NULL, baton__share__pack(&row, bytes), bytes);
        assert_non_null(read);
        *m = (struct leads_member){.weight = m->weight,
                                   .position = read->position,
                                   .received = read->received,
                                   .parked = read->parked};
        baton__share__free_unpacked(read, NULL);
    }
}

/* --- 1, 2: the bound --- */

/* Who cannot take this lead: by skill, absence, a full day; somebody always can. */
static void draw_excluded(const struct pool *p, uint8_t *excluded, uint64_t *seed)
{
    uint32_t one_in = 1 + below(seed, 4);
    for (size_t i = 0; i < p->n; i++)
        excluded[i] = below(seed, one_in + 1) != 0;
    excluded[below(seed, (uint32_t)p->n)] = 0;
}

/* The worst of a few draws, seen from now: an adversary who looks one lead ahead. */
static void draw_worst(const struct pool *p, uint8_t *excluded, uint64_t *seed)
{
    double most = -1;
    for (int k = 0; k < 8; k++) {
        uint8_t drawn[MEMBERS_MAX];
        struct pool after = *p;
        draw_excluded(p, drawn, seed);
        (void)assign(&after, drawn);
        if (worst(&after) <= most)
            continue;
        most = worst(&after);
        memcpy(excluded, drawn, sizeof drawn);
    }
}

static void change(struct pool *p, uint32_t weights, uint64_t *seed)
{
    if (p->n < MEMBERS_MAX && below(seed, 16) == 0)
        join(p, 1 + below(seed, weights));
    if (below(seed, 32) == 0)
        restart(p);
}

static double history_worst(uint32_t weights, double bound_of_one, bool adversary, uint64_t *seed)
{
    struct pool p = {0};
    double seen = 0;
    for (uint32_t i = 2 + below(seed, MEMBERS_MAX / 2); i > 0; i--)
        join(&p, 1 + below(seed, weights));
    for (uint32_t leads = 10 + below(seed, 40); leads > 0; leads--) {
        uint8_t excluded[MEMBERS_MAX];
        change(&p, weights, seed);
        if (adversary)
            draw_worst(&p, excluded, seed);
        else
            draw_excluded(&p, excluded, seed);
        assert_true(assign(&p, excluded));
        double now = worst(&p);
        assert_true(now <= bound_of_one * (double)(p.n - 1) / 2 + 1e-6);
        seen = now > seen ? now : seen;
    }
    return seen;
}

static void bound(const char *what, uint32_t weights, double bound_of_one, bool adversary, size_t n)
{
    uint64_t seed = 17;
    double most = 0, sum = 0;
    for (size_t i = 0; i < n; i++) {
        double now = history_worst(weights, bound_of_one, adversary, &seed);
        most = now > most ? now : most;
        sum += now;
    }
    print_message("%-32s %8zu histories: furthest from their share in the mean %.2f, at worst %.2f leads\n",
                  what, n, sum / (double)n, most);
}

/* 1: equal weights: never further than (n - 1) / 2 */
static void test_equal_weights(void **state)
{
    bound("equal weights", 1, 1, false, histories(50000, 1000000));
    bound("equal weights, adversary", 1, 1, true, histories(2000, 50000));
}

/* 2: any weights: never further than 3 (n - 1) / 2 */
static void test_any_weights(void **state)
{
    bound("weights of 1 to 20", 20, 3, false, histories(50000, 1000000));
    bound("weights of 1 to 20, adversary", 20, 3, true, histories(2000, 50000));
}

/* --- 3: beside others: a month, the same leads, the same people --- */

struct month {
    size_t n;
    uint32_t most[MEMBERS_MAX]; /* leads a month that somebody is meant to get: the weight */
    struct arrival {
        int day;
        bool together; /* arrives while the one before is being handed out */
        uint8_t excluded[MEMBERS_MAX];
    } leads[DAYS * PER_DAY_MAX];
    size_t n_leads;
    double share[MEMBERS_MAX];
};

static void month_draw(struct month *m, uint64_t *seed)
{
    struct pool p = {0};
    *m = (struct month){.n = 3 + below(seed, 10)};
    for (size_t i = 0; i < m->n; i++) {
        m->most[i] = 5 + below(seed, 56);
        join(&p, m->most[i]);
    }
    uint32_t a_day = 1 + below(seed, PER_DAY_MAX);
    for (int day = 0; day < DAYS; day++)
        for (uint32_t k = below(seed, a_day + 1); k > 0; k--) {
            struct arrival *a = &m->leads[m->n_leads++];
            *a = (struct arrival){.day = day, .together = below(seed, 10) == 0};
            for (size_t i = 0; i < m->n; i++)
                a->excluded[i] = below(seed, 4) == 0;
            a->excluded[below(seed, (uint32_t)m->n)] = 0;
            owe(&p, a->excluded);
        }
    memcpy(m->share, p.debt, sizeof m->share);
}

static void by_share(const struct month *m, uint32_t *got, uint64_t *seed)
{
    struct pool p = {0};
    for (size_t i = 0; i < m->n; i++)
        join(&p, m->most[i]);
    for (size_t k = 0; k < m->n_leads; k++)
        (void)assign(&p, m->leads[k].excluded);
    for (size_t i = 0; i < m->n; i++)
        got[i] = (uint32_t)p.members[i].received;
}

/* The next after the last one who can. Two that arrive together read the same pointer. */
static void by_pointer(const struct month *m, uint32_t *got, uint64_t *seed)
{
    size_t last = 0, before = 0;
    for (size_t k = 0; k < m->n_leads; k++) {
        const struct arrival *a = &m->leads[k];
        size_t next = a->together ? before : last;
        before = next;
        do
            next = (next + 1) % m->n;
        while (a->excluded[next]);
        got[next]++;
        last = next;
    }
}

/* Odoo's engine: once a day, quota round(most / 30) for each, the first in line who can takes it and goes to
   the back; what finds nobody waits, for a week. */
static void by_quota(const struct month *m, uint32_t *got, uint64_t *seed)
{
    size_t line[MEMBERS_MAX];
    bool gone[DAYS * PER_DAY_MAX] = {0};
    for (size_t i = 0; i < m->n; i++)
        line[i] = i;
    for (int day = 0; day < DAYS; day++) {
        uint32_t quota[MEMBERS_MAX];
        for (size_t i = 0; i < m->n; i++)
            quota[i] = (uint32_t)lround(m->most[i] / 30.0);
        for (size_t k = 0; k < m->n_leads; k++) {
            const struct arrival *a = &m->leads[k];
            size_t at = 0;
            if (gone[k] || a->day > day || a->day < day - 7)
                continue;
            while (at < m->n && (a->excluded[line[at]] || !quota[line[at]]))
                at++;
            if (at == m->n)
                continue;
            size_t taker = line[at];
            gone[k] = true;
            quota[taker]--;
            got[taker]++;
            memmove(&line[at], &line[at + 1], sizeof *line * (m->n - at - 1));
            line[m->n - 1] = taker;
        }
    }
}

struct engine {
    const char *name;
    void (*run)(const struct month *m, uint32_t *got, uint64_t *seed);
    double off, worst, nothing, left; /* sums over months; the worst of all */
};

static void measure(struct engine *e, const struct month *m, uint64_t *seed)
{
    uint32_t got[MEMBERS_MAX] = {0};
    double off = 0;
    size_t handed = 0;
    e->run(m, got, seed);
    for (size_t i = 0; i < m->n; i++) {
        off = fmax(off, fabs(m->share[i] - got[i]));
        e->nothing += got[i] == 0 && m->share[i] >= 1;
        handed += got[i];
    }
    e->off += off;
    e->worst = fmax(e->worst, off);
    e->left += (double)(m->n_leads - handed);
}

static void test_beside_others(void **state)
{
    struct engine engines[] = {{.name = "Baton"}, {.name = "last-user pointer"}, {.name = "Odoo's quota"}};
    engines[0].run = by_share;
    engines[1].run = by_pointer;
    engines[2].run = by_quota;
    size_t months = histories(2000, 100000), leads = 0, people = 0;
    uint64_t seed = 29;
    struct month *m = malloc(sizeof *m);
    assert_non_null(m);
    for (size_t k = 0; k < months; k++) {
        month_draw(m, &seed);
        leads += m->n_leads;
        people += m->n;
        for (size_t i = 0; i < 3; i++)
            measure(&engines[i], m, &seed);
    }
    free(m);
    print_message("%zu months, %zu leads, %zu people\n", months, leads, people);
    print_message("%-18s %14s %12s %16s %14s\n", "", "off, mean", "off, worst", "got none", "left lying");
    for (size_t i = 0; i < 3; i++)
        print_message("%-18s %14.2f %12.1f %15.2f%% %13.2f%%\n", engines[i].name,
                      engines[i].off / (double)months, engines[i].worst,
                      100 * engines[i].nothing / (double)people, 100 * engines[i].left / (double)leads);
    assert_true(engines[0].off * 5 < engines[1].off && engines[0].off * 5 < engines[2].off);
    assert_true(engines[0].nothing == 0 && engines[0].left == 0);
}

/* 4: fourteen a month means fourteen, whoever else is there and however often people are away */
static void test_fourteen_means_fourteen(void **state)
{
    uint64_t seed = 5;
    for (int k = 0; k < 2000; k++) {
        struct pool p = {0};
        uint8_t nobody[MEMBERS_MAX] = {0};
        uint32_t leads = 14;
        join(&p, 14);
        for (uint32_t i = 1 + below(&seed, 12); i > 0; i--) {
            join(&p, 1 + below(&seed, 60));
            leads += p.members[p.n - 1].weight;
        }
        for (uint32_t i = 0; i < leads; i++)
            assert_true(assign(&p, nobody));
        assert_int_equal(p.members[0].received, 14);
    }
}

/* 5: the heaviest beside the lightest where either is away half of the time */
static void test_extreme_weights(void **state)
{
    struct pool p = {0};
    uint64_t seed = 7;
    join(&p, LEADS_WEIGHT_MAX);
    join(&p, 1);
    join(&p, 1);
    for (int i = 0; i < 20000; i++) {
        uint8_t excluded[MEMBERS_MAX] = {below(&seed, 2) == 0, below(&seed, 2) == 0, 0};
        assert_true(assign(&p, excluded));
        assert_true(worst(&p) <= 3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equal_weights),   cmocka_unit_test(test_any_weights),
        cmocka_unit_test(test_beside_others),   cmocka_unit_test(test_fourteen_means_fourteen),
        cmocka_unit_test(test_extreme_weights),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
