/* A seeded world in one process: virtual time, messages that take their time, arrive out of turn or are lost,
   and services that stop and start. The same seed gives the same history. */
#ifndef BATON_SIM_WORLD_H
#define BATON_SIM_WORLD_H

#include "bus/world.h"

struct sim_options {
    uint64_t seed;
    int64_t start_us;       /* wall time at the beginning */
    unsigned lost_permille; /* of messages */
    int64_t delay_max_us;   /* each message takes up to this */
};

struct world *sim_new(const struct sim_options *o);
void sim_free(struct world *w);

/* Delivers one message or lets time pass to the next wake-up, then runs the turns. False: nothing will ever
   happen again before `until_us`. */
bool sim_step(struct world *w, int64_t until_us);
/* Steps until then. */
void sim_run_until(struct world *w, int64_t until_us);

int64_t sim_now(struct world *w);
/* From the world's seed, but apart from what services draw. */
uint64_t sim_draw(struct world *w, uint64_t below);
/* Messages under way to ports of this service are lost; what a crash does to them. */
void sim_cut(struct world *w, const char *service);
void sim_set_lost(struct world *w, unsigned permille);

#endif
