/* The small thread pool for work over a millisecond. Threads start with the first job. */
#ifndef BATON_BUS_SLOW_H
#define BATON_BUS_SLOW_H

#include "bus/world.h"

struct ev_loop;
struct slow_pool;

/* Of long jobs, so that others find a thread and room. */
enum { SLOW_THREADS = 2, SLOW_QUEUE_MAX = 32, SLOW_LONG_AT_WORK = 1, SLOW_LONG_WAITING = 16 };

struct slow_pool *slow_pool_new(struct ev_loop *loop);
/* Waits for the jobs at work; what has not begun is not begun, and no `done` is called any more. */
void slow_pool_free(struct slow_pool *p);
/* False: SLOW_QUEUE_MAX jobs wait already, or as many long ones as may. */
bool slow_pool_add(struct slow_pool *p, struct slow_job *job);

#endif
