/* A world without surprises in this process: messages arrive in the order in which they were sent, time
   passes when it is told to, slow work is done at once. */
#ifndef BATON_TESTS_FUZZ_WORLD_H
#define BATON_TESTS_FUZZ_WORLD_H

#include "bus/world.h"

struct world *calm_new(int64_t start_us);
void calm_free(struct world *w);

/* Delivers what is under way, and runs the turns. False: nothing is under way any more, and no turn wants to
   run before time passes. */
bool calm_step(struct world *w);
/* Lets so much time pass, turn by turn. */
void calm_pass(struct world *w, int64_t us);

#endif
