/* Whose turn it is in a pool. share.h says how, and what is guaranteed. */
#include "services/leads/share.h"

/* Positions wrap, so they are subtracted and added as unsigned. */
static int64_t distance(int64_t from, int64_t to)
{
    return (int64_t)((uint64_t)to - (uint64_t)from);
}

static int64_t moved(int64_t position, int64_t by)
{
    return (int64_t)((uint64_t)position + (uint64_t)by);
}

static int64_t floor_divide(int64_t a, int64_t b)
{
    return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

int64_t leads_share_debt(int64_t position, uint32_t weight, int64_t virtual_time)
{
    int64_t most = LEADS_DEBT_MAX * LEADS_SHARE_UNIT / weight, behind = distance(position, virtual_time);
    behind = behind > most ? most : behind < -most ? -most : behind;
    return behind * weight;
}

/* Those who can take this lead, as distances from V. */
struct able {
    int64_t weight; /* their sum */
    int64_t mean;   /* of where they stand */
    int64_t owed;   /* the most anybody is owed, this lead counted in; in UNIT */
};

static int64_t offset_of(const struct leads_member *m, int64_t virtual_time)
{
    return m->parked ? -(m->position / m->weight) : distance(virtual_time, m->position);
}

static int64_t owed_to(const struct leads_member *m, int64_t offset, int64_t weight)
{
    return (LEADS_SHARE_UNIT / weight - offset) * m->weight;
}

/* Debts are bounded by LEADS_DEBT_MAX, give or take what a period without parking adds: sums stay below 2^63.
 */
static bool look(const struct leads_member *members, size_t n, const uint8_t *excluded, int64_t virtual_time,
                 struct able *e)
{
    int64_t sum = 0;
    *e = (struct able){.owed = INT64_MIN};
    for (size_t i = 0; i < n; i++) {
        if (excluded[i])
            continue;
        sum += offset_of(&members[i], virtual_time) * members[i].weight;
        e->weight += members[i].weight;
    }
    if (!e->weight)
        return false;
    e->mean = floor_divide(sum, e->weight);
    for (size_t i = 0; i < n; i++) {
        int64_t owed =
            excluded[i] ? INT64_MIN : owed_to(&members[i], offset_of(&members[i], virtual_time), e->weight);
        e->owed = owed > e->owed ? owed : e->owed;
    }
    return true;
}

struct rank {
    size_t member;
    int64_t owed, deadline;
    bool due;
};

/* Members come in the pool's order, so equals leave the first in place. */
static bool precedes(const struct rank *a, const struct rank *b)
{
    if (b->member == SIZE_MAX || a->due != b->due)
        return b->member == SIZE_MAX || a->due;
    return a->due ? a->deadline < b->deadline : a->owed > b->owed;
}

static void rank_add(struct rank best[2], const struct rank *r)
{
    if (precedes(r, &best[0])) {
        best[1] = best[0];
        best[0] = *r;
    } else if (precedes(r, &best[1])) {
        best[1] = *r;
    }
}

static struct rank rank_of(const struct leads_member *m, size_t i, const struct able *e, int64_t virtual_time)
{
    int64_t start = offset_of(m, virtual_time), owed = owed_to(m, start, e->weight);
    return (struct rank){.member = i,
                         .owed = owed,
                         .deadline = start + LEADS_SHARE_UNIT / m->weight,
                         .due = start <= e->mean && e->owed - owed <= 2 * LEADS_SHARE_UNIT};
}

bool leads_share_choose(const struct leads_member *members, size_t n, const uint8_t *excluded,
                        int64_t virtual_time, struct leads_turn *turn)
{
    struct able e;
    struct rank best[2] = {{.member = SIZE_MAX}, {.member = SIZE_MAX}};
    if (!look(members, n, excluded, virtual_time, &e))
        return false;
    for (size_t i = 0; i < n; i++) {
        struct rank r = rank_of(&members[i], i, &e, virtual_time);
        if (!excluded[i])
            rank_add(best, &r);
    }
    int64_t later = best[1].member == SIZE_MAX ? 0 : best[1].deadline - best[0].deadline;
    *turn = (struct leads_turn){.chosen = best[0].member,
                                .runner_up = best[1].member,
                                .margin = later > 0 ? later / (LEADS_SHARE_UNIT / 1000000) : 0,
                                .before = virtual_time,
                                .after = moved(virtual_time, LEADS_SHARE_UNIT / e.weight)};
    return true;
}

bool leads_share_after(const struct leads_member *members, size_t i, bool excluded,
                       const struct leads_turn *turn, struct leads_member *after)
{
    const struct leads_member *m = &members[i];
    *after = *m;
    if (excluded) {
        if (m->parked)
            return false;
        after->parked = true;
        after->position = leads_share_debt(m->position, m->weight, turn->before);
        return true;
    }
    if (m->parked) {
        after->parked = false;
        after->position = moved(turn->before, -(m->position / m->weight));
    }
    if (i == turn->chosen) {
        after->position = moved(after->position, LEADS_SHARE_UNIT / m->weight);
        after->received++;
    }
    return m->parked || i == turn->chosen;
}
