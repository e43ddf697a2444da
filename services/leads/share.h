/* Fair share of a pool's leads: earliest eligible virtual deadline first (Stoica and Abdel-Wahab, 1995), in
   integers, over debts that are kept for good.

   What is owed. Each lead is owed to everybody who could have taken it, by weight: x_i = w_i / W of it, W
   being the sum of the weights of those E who could. A member's debt d_i is what it was owed minus what it
   got, in leads. Nothing is forgotten: who cannot take a lead is owed nothing of it and keeps their debt
   until they can again, through absences, full days, restarts, joins (debt 0) and changes of weight.

   How it is kept. The pool has a virtual time V, moved on by UNIT / W with each lead; a member who can take
   leads has the position V - d_i / w_i, so that V alone moves what all of them are owed. Who cannot is
   parked: what is kept is d_i itself.

   Who gets it. A member is due when its position is not beyond the weighted mean of E's positions; its
   deadline is the virtual time at which it would have had its lead, position + UNIT / w. Of those due, and
   owed no more than two leads less than whoever of E is owed most (this lead's x counted in), the earliest
   deadline gets the lead, ties going to whoever stands first in the pool. If there is none such, it is who is
   owed most.

   1. While the same members are eligible at the same weights, from debts l with mean debt m = sum(l) / W for
   a unit of weight on, and P the sum of those l_i - w_i m above 0:

       min(l_i - w_i m, -1)  <=  d_i - w_i m  <=  max(l_i - w_i m, 1) + P w_i / W

   From a new pool on (all l = 0) that is |received_i - w_i * total / W| <= 1 at every moment, as the paper
   proves: the second condition never binds there, nobody being owed more than 1 + x, nobody due less than x.
   From other debts on it can bind; the bound above is then not proved, but what 100,000 random histories keep
   to (test_leads_share.c).

   2. Where eligibility differs from lead to lead, whatever the order (the carpool problem: Fagin and
   Williams, 1983; Ajtai, Aspnes, Naor, Rabani, Schulman, Waarts, Fairness in Scheduling, 1998), with n
   members:

       |d_i| <= C (n - 1) / 2,      C = 1 for equal weights, 3 for any

   Proof. Debts add up to 0 over all. Let T_k be the largest sum of k debts; we show T_k <= c_k = C k (n - k)
   / 2 at every moment, which for k = 1 and k = n - 1 is the bound. It holds at the beginning. Let j get a
   lead, K be any k members, S the sum of their debts after it. (a) j in K: S <= T_k + x(K) - 1 <= c_k. (b) K
   and E have none in common: nothing changes. (c) Else let r be their number in common, j not in K. j was
   chosen among those owed no more than C - 1 less than the most, so each of these r is after it owed at most
   d_j + C (equal weights: the earliest deadline of those due is the largest debt, C = 1). Without them K has
   k - r members, none of them in E: S <= c_(k-r) + r (d_j + C). With j it has k + 1 members, who were owed x
   <= 1 of this lead and got 1: S + d_j <= c_(k+1). Adding the first and r times the second: (r + 1) S <=
   c_(k-r) + r c_(k+1) + r C = (r + 1) c_k - C r (r + 1) / 2 + r C <= (r + 1) c_k for r >= 1. []

   What is seen is far below: tests/unit/test_leads_fairness.c says how far.

   UNIT is divisible by every weight up to 16; the factor of 2^20 keeps the error of the others below a
   millionth of a lead for weights up to a million. V is rounded down once a lead: w_i / UNIT of a lead for
   the member, which is a hundredth after 10^7 leads at weight 1,000. Positions wrap: only differences count.
 */
#ifndef BATON_LEADS_SHARE_H
#define BATON_LEADS_SHARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LEADS_SHARE_UNIT (INT64_C(720720) << 20)
enum {
    LEADS_WEIGHT_MAX = 1000000,
    LEADS_DEBT_MAX = 128, /* leads, either way: sums over 20,000 members stay within 63 bits */
};

/* A place in a pool. One who never had a lead of it is parked with position 0. */
struct leads_member {
    uint32_t person;  /* which of the routing's persons */
    uint32_t weight;  /* 1 to LEADS_WEIGHT_MAX */
    int64_t position; /* while parked: the debt, in UNIT a lead */
    uint64_t received;
    bool parked;
};

/* Whose turn it is, and what V was and becomes. */
struct leads_turn {
    size_t chosen, runner_up; /* members; runner_up SIZE_MAX: nobody else could */
    int64_t margin; /* how much later the runner-up's deadline is, in millionths of UNIT; not below 0 */
    int64_t before, after;
};

/* excluded[i] not 0: member i cannot take this lead. False: nobody can. O(n), touches nothing. */
bool leads_share_choose(const struct leads_member *members, size_t n, const uint8_t *excluded,
                        int64_t virtual_time, struct leads_turn *turn);

/* What member i becomes by that turn. False: it stays as it is. */
bool leads_share_after(const struct leads_member *members, size_t i, bool excluded,
                       const struct leads_turn *turn, struct leads_member *after);

/* The debt to keep of somebody at `position` who leaves at virtual time V; LEADS_DEBT_MAX leads at most. */
int64_t leads_share_debt(int64_t position, uint32_t weight, int64_t virtual_time);

#endif
