/* kill -9 of a random service at a random moment, also while it starts, with leads under way all the while.
 */
#include <inttypes.h>
#include <stdio.h>

#include "faults.h"

enum { ROUNDS = 1000, ROUNDS_LONG = 20000, LEADS_A_ROUND = 8, SAY_EVERY = 500 };
enum { SOON_US = 10000, LATE_US = 70000 };
/* Who finds nobody listening comes again ever later, up to a second: after so many rounds without an answer
   they are left alone until there is one. */
enum { CALM_ROUNDS = 100, CALM_US = 30000000 };

/* Half of the rounds end soon, while a service starts; the others let everybody find everybody again. */
static int64_t round_us(uint64_t *seed)
{
    return (int64_t)fault_draw(seed, fault_draw(seed, 2) ? SOON_US : LATE_US);
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

static bool has_new(struct intake *l)
{
    return l->acknowledged > *(uint64_t *)l->arg;
}

static void calm(struct intake *l, uint64_t round, uint64_t *before)
{
    if (round % CALM_ROUNDS != 0)
        return;
    l->arg = before;
    if (!has_new(l) && !intake_run(l, CALM_US, has_new))
        drive_die("round %" PRIu64 ": nothing was acknowledged any more, though nobody was killed", round);
    *before = l->acknowledged;
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
        calm(&l, round, &before);
        if (round % SAY_EVERY == 0)
            fault_say("kill: %" PRIu64 " rounds, %" PRIu64 " acknowledged, %.1f rounds/s", round,
                      l.acknowledged, (double)round * 1e6 / (double)(drive_now_us() - begin));
    }
    double seconds = (double)(drive_now_us() - begin) / 1e6;
    intake_finish(&l);
    for (size_t i = 0; i < l.n; i++)
        intake_repeat(&l, i);
    intake_finish(&l);
    ask_settle(&l);
    fleet_stop_all(&f);
    check_stores(&l, f.data);
    if (!fleet_verify(&f))
        drive_die("baton verify found something; see %s", f.log);
    fault_say("kill: %" PRIu64 " rounds, seed %" PRIu64 ", %.1f rounds/s, %" PRIu64 " acknowledged, %" PRIu64
              " asked again with the same reply, %" PRIu64 " without answer; verify good",
              rounds, o->seed, (double)rounds / seconds, l.acknowledged, l.repeated, l.unanswered);
    intake_close(&l);
    return 0;
}
