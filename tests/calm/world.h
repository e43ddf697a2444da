/* The calmest world there is: messages arrive at once and in order, nothing fails, and time passes only where
   nothing else is left to do. */
#ifndef BATON_TESTS_CALM_WORLD_H
#define BATON_TESTS_CALM_WORLD_H

#include "bus/world.h"

struct world *calm_new(int64_t start_us);
void calm_free(struct world *w);

/* Everybody takes what has arrived, or time passes to when somebody wants to run. False: nothing happens
   until then. */
bool calm_step(struct world *w, int64_t until_us);
/* Steps until then; it is then. */
void calm_run(struct world *w, int64_t until_us);
int64_t calm_now(struct world *w);

#endif
