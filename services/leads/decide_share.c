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

int64_t leads_share_lag(int64_t position, uint32_t weight, int64_t virtual_time)
{
    int64_t behind = distance(position, virtual_time), most = LEADS_SHARE_UNIT / weight;
    behind = behind > most ? most : behind < -most ? -most : behind;
    return behind * weight;
}

/* Weighted sum of distances from V, of which the mean is asked. Weights up to 10^6, lags of a few leads and
   20,000 members stay far below 2^63. */
struct mean {
    int64_t sum, weight;
};

static void mean_add(struct mean *m, int64_t offset, uint32_t weight)
{
    m->sum += offset * weight;
    m->weight += weight;
}

static int64_t mean_of(const struct mean *m)
{
    return m->weight ? floor_divide(m->sum, m->weight) : 0;
}

/* Where a member stands, as a distance from V; `placed` is where those who return are placed. */
static int64_t offset_of(const struct leads_member *m, int64_t virtual_time, int64_t placed)
{
    return m->parked ? placed - m->position / m->weight : distance(virtual_time, m->position);
}

struct rank {
    size_t member;
    int64_t start, deadline;
    bool due;
};

/* Members come in the pool's order, so equals leave the first in place. */
static bool precedes(const struct rank *a, const struct rank *b)
{
    if (b->member == SIZE_MAX || a->due != b->due)
        return b->member == SIZE_MAX || a->due;
    return a->due ? a->deadline < b->deadline : a->start < b->start;
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

bool leads_share_choose(const struct leads_member *members, size_t n, const uint8_t *excluded,
                        int64_t virtual_time, struct leads_turn *turn)
{
    struct mean stayed = {0}, all;
    struct rank best[2] = {{.member = SIZE_MAX}, {.member = SIZE_MAX}};
    for (size_t i = 0; i < n; i++)
        if (!excluded[i] && !members[i].parked)
            mean_add(&stayed, distance(virtual_time, members[i].position), members[i].weight);
    int64_t placed = mean_of(&stayed);
    all = stayed;
    for (size_t i = 0; i < n; i++)
        if (!excluded[i] && members[i].parked)
            mean_add(&all, offset_of(&members[i], virtual_time, placed), members[i].weight);
    if (!all.weight)
        return false;
    int64_t now = mean_of(&all);
    for (size_t i = 0; i < n; i++) {
        if (excluded[i])
            continue;
        int64_t start = offset_of(&members[i], virtual_time, placed);
        rank_add(best, &(struct rank){.member = i,
                                      .start = start,
                                      .deadline = start + LEADS_SHARE_UNIT / members[i].weight,
                                      .due = start <= now});
    }
    uint32_t weight = members[best[0].member].weight;
    all.sum += LEADS_SHARE_UNIT / weight * weight;
    int64_t later = best[1].member == SIZE_MAX ? 0 : best[1].deadline - best[0].deadline;
    *turn = (struct leads_turn){.chosen = best[0].member,
                                .runner_up = best[1].member,
                                .margin = later > 0 ? later / (LEADS_SHARE_UNIT / 1000000) : 0,
                                .before = virtual_time,
                                .placed_at = moved(virtual_time, placed),
                                .after = moved(virtual_time, mean_of(&all))};
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
        after->position = leads_share_lag(m->position, m->weight, turn->before);
        return true;
    }
    if (m->parked) {
        after->parked = false;
        after->position = moved(turn->placed_at, -(m->position / m->weight));
    }
    if (i == turn->chosen) {
        after->position = moved(after->position, LEADS_SHARE_UNIT / m->weight);
        after->received++;
    }
    return m->parked || i == turn->chosen;
}
