/* Whoever runs the deployment: restores one service from an older backup and mends what follows from that. */
#include <string.h>

#include "baton/v1/system.pb-c.h"
#include "sim/sim.h"

/* For so long at least somebody may find out that they have read further than the log now reaches. */
enum { DOWN_MAX_S = 10, EVERY_S = 5, FIND_OUT_S = 130 };

struct operator
{
    struct sim *sim;
    struct process *restored;
    const struct process *follower, *followed; /* whose turn it is */
    uint64_t random;
    int64_t until_us;
};

static bool follows(const struct process *p, const struct process *followed)
{
    for (size_t i = 0; i < p->def->n_follows; i++)
        if (strcmp(p->def->follows[i].service, followed->def->name) == 0)
            return true;
    for (size_t i = 0; i < p->def->n_copies; i++)
        if (strcmp(p->def->copies[i].service, followed->def->name) == 0)
            return true;
    return false;
}

static bool fill_rejoin(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    const struct operator* o = sim->operator;
    Baton__RejoinFollowRequest q = BATON__REJOIN_FOLLOW_REQUEST__INIT;
    q.request_id = a->id;
    q.service = (char *)(uintptr_t)o->follower->def->name;
    q.followed = (char *)(uintptr_t)o->followed->def->name;
    a->service = q.service;
    a->method = "SystemService/RejoinFollow";
    a->body = schema_pack(&q.base, arena);
    return true;
}

/* `baton rejoin` for whoever it concerns, again and again; where there is nothing to mend it is refused. */
static void mend(void *arg)
{
    struct operator* o = arg;
    struct sim *sim = o->sim;
    if (!effects_lost(sim) && world_now(sim->world) > o->until_us) {
        sim->operator= NULL;
        return;
    }
    for (int i = 0; i < SERVICES * SERVICES; i++) {
        o->follower = &sim->processes[i / SERVICES];
        o->followed = &sim->processes[i % SERVICES];
        if ((o->follower == o->restored || o->followed == o->restored) && follows(o->follower, o->followed))
            ask_begin(sim, fill_rejoin, sim_random(&o->random));
    }
    world_at(sim->world, world_now(sim->world) + EVERY_S * SIM_SECOND, mend, o);
}

void operator_restores(struct sim *sim, struct process *p, uint64_t random)
{
    if (sim->operator|| !process_restore(p, (int64_t)sim_below(&random, DOWN_MAX_S * SIM_SECOND)))
        return;
    backup_forget(sim);
    struct operator* o = ARENA_NEW(sim->memory, struct operator);
    *o = (struct operator){.sim = sim, .restored = p, .random = random};
    o->until_us = world_now(sim->world) + FIND_OUT_S * SIM_SECOND;
    sim->operator= o;
    world_at(sim->world, world_now(sim->world) + (int64_t)sim_below(&random, 40 * SIM_SECOND), mend, o);
}
