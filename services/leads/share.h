/* Fair share of a pool's leads: earliest eligible virtual deadline first (Stoica and Abdel-Wahab, 1995), in
   integers.

   A member of weight w gets a lead's worth of virtual time, LEADS_SHARE_UNIT / w, with each lead. Its
   position is the virtual time at which its next lead is due to begin; position + UNIT / w is that lead's
   deadline. The pool's virtual time V is the weighted mean of the positions of those who can take a lead now,
   so that what some were given too early and others too late always adds up to nothing; each lead moves V on
   by UNIT / W, W being the sum of their weights. A member is due when its position is not beyond V; of those
   due, the earliest deadline gets the lead, ties going to whoever stands first in the pool. There is always
   somebody due: the smallest position is never beyond the mean.

   lag = w * (V - position) / UNIT is what a member should have had minus what it had, in leads.

   Who cannot take a lead is parked: what is kept is the lag, not the position, and never more than one lead
   either way. On return the position is V - lag / w. So an absence neither resets anybody nor lets leads pile
   up for them, a change of weight keeps what somebody is owed, and a new member (parked with lag 0) starts
   level.

   What is guaranteed while the same members are eligible at the same weights, l being the lags at the start
   of that time and P the sum of those above 0:

       min(l_i, -1)  <=  lag_i  <=  max(l_i, 1) + P * w_i / W

   From a new pool on (all l = 0) that is |received_i - w_i * total / W| <= 1 at every moment.

   UNIT is divisible by every weight up to 16, so these are exact; the factor of 2^20 keeps the error of the
   others below a millionth of a lead for weights up to a million. Positions wrap: only differences count. */
#ifndef BATON_LEADS_SHARE_H
#define BATON_LEADS_SHARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LEADS_SHARE_UNIT (INT64_C(720720) << 20)
enum { LEADS_WEIGHT_MAX = 1000000 };

/* A place in a pool. One who never had a lead of it is parked with position 0. */
struct leads_member {
    uint32_t person;  /* which of the routing's persons */
    uint32_t weight;  /* 1 to LEADS_WEIGHT_MAX */
    int64_t position; /* while parked: the lag, in UNIT a lead */
    uint64_t received;
    bool parked;
};

/* Whose turn it is, and what V was (on coming in), is for those who return, and becomes. */
struct leads_turn {
    size_t chosen, runner_up; /* members; runner_up SIZE_MAX: nobody else could */
    int64_t margin; /* how much later the runner-up's deadline is, in millionths of UNIT; not below 0 */
    int64_t before, placed_at, after;
};

/* excluded[i] not 0: member i cannot take this lead. False: nobody can. O(n), touches nothing. */
bool leads_share_choose(const struct leads_member *members, size_t n, const uint8_t *excluded,
                        int64_t virtual_time, struct leads_turn *turn);

/* What member i becomes by that turn. False: it stays as it is. */
bool leads_share_after(const struct leads_member *members, size_t i, bool excluded,
                       const struct leads_turn *turn, struct leads_member *after);

/* The lag to keep of somebody at `position` who leaves at virtual time V. */
int64_t leads_share_lag(int64_t position, uint32_t weight, int64_t virtual_time);

#endif
