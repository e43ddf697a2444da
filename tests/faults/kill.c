/* kill -9 of a random service at a random moment, also while it starts, with leads under way all the while.
 */
#include <inttypes.h>
#include <stdio.h>

#include "faults.h"

enum { ROUNDS = 300, ROUNDS_LONG = 20000, LEADS_A_ROUND = 8, ROUND_MAX_US = 40000, SAY_EVERY = 500 };
enum { STALL_ROUNDS = 200 }; /* without one answer in so many, nothing gets on any more */

/* Most rounds end soon, where starts and commits are under way; some last until everything is calm. */
static int64_t round_us(uint64_t *seed)
{
    return (int64_t)(fault_draw(seed, 4) ? fault_draw(seed, ROUND_MAX_US / 4)
                                         : fault_draw(seed, ROUND_MAX_US));
}

/* The loop counts in milliseconds; the moment is meant more exactly. */
static void wait_us(int64_t us)
{
    for (int64_t end = drive_now_us() + us; drive_now_us() < end;)
        continue;
}

static void one_round(struct fleet *f, struct intake *l, uint64_t *seed)
{
    enum fleet_service victim = (enum fleet_service)fault_draw(seed, FLEET_SERVICES);
    int64_t us = round_us(seed);
    intake_add(l, fault_draw(seed, LEADS_A_ROUND + 1));
    intake_repeat(l, fault_draw(seed, l->n + 1) % l->n);
    (void)intake_run(l, us / 1000 * 1000, NULL); /* always to the end */
    wait_us(us % 1000);
    fleet_alive(f);
    fleet_kill(f, victim);
    fleet_start(f, victim);
}

static void stalls(const struct intake *l, uint64_t round, uint64_t *before)
{
    if (round % STALL_ROUNDS != 0)
        return;
    if (l->acknowledged == *before)
        drive_die("no lead was acknowledged in %d rounds", STALL_ROUNDS);
    *before = l->acknowledged;
}

static void settle(struct intake *l)
{
    bus_settle(&l->bus, "leads", "directory");
    bus_settle(&l->bus, "notifications", "leads");
}

int fault_kill(const struct fault_options *o)
{
    uint64_t rounds = o->rounds ? o->rounds : o->is_long ? ROUNDS_LONG : ROUNDS, seed = o->seed, before = 0;
    struct fleet f;
    struct intake l;
    fleet_init(&f, o, "kill");
    fleet_start_all(&f);
    intake_open(&l, &f);
    intake_add(&l, LEADS_A_ROUND);
    int64_t begin = drive_now_us();
    for (uint64_t round = 1; round <= rounds; round++) {
        one_round(&f, &l, &seed);
        stalls(&l, round, &before);
        if (round % SAY_EVERY == 0)
            fault_say("kill: %" PRIu64 " rounds, %" PRIu64 " acknowledged, %.1f rounds/s", round,
                      l.acknowledged, (double)round * 1e6 / (double)(drive_now_us() - begin));
    }
    double seconds = (double)(drive_now_us() - begin) / 1e6;
    intake_finish(&l);
    for (size_t i = 0; i < l.n; i++)
        intake_repeat(&l, i);
    intake_finish(&l);
    settle(&l);
    fleet_stop_all(&f);
    check_stores(&l, f.data);
    if (!fleet_verify(o->programs, f.data))
        drive_die("baton verify found something; see %s.log", f.data);
    fault_say("kill: %" PRIu64 " rounds, seed %" PRIu64 ", %.1f rounds/s, %" PRIu64 " acknowledged, %" PRIu64
              " asked again with the same reply, %" PRIu64 " without answer; verify good",
              rounds, o->seed, (double)rounds / seconds, l.acknowledged, l.repeated, l.unanswered);
    intake_close(&l);
    return 0;
}
