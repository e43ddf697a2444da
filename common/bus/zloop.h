/* The real world: one libev loop, ZeroMQ sockets over ipc, a small thread pool.

   ZeroMQ's descriptor is edge-triggered, so sockets are driven by a prepare watcher that re-reads ZMQ_EVENTS,
   an empty io watcher and a check watcher that drains with a budget; turns run before that test. See zloop.c.
 */
#ifndef BATON_BUS_ZLOOP_H
#define BATON_BUS_ZLOOP_H

#include "bus/world.h"

struct ev_loop;

/* `run_dir` holds the sockets SERVICE.sock; made if it is not there. NULL: logged. */
struct world *zloop_new(const char *run_dir);
void zloop_free(struct world *w);

struct ev_loop *zloop_ev(struct world *w);

/* Until SIGTERM, SIGINT or zloop_stop; runs every turn once more before it returns. */
void zloop_run(struct world *w);
void zloop_stop(struct world *w);

#endif
