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

/* Who does what is asked of the outside (world_ops.outbound): `begin` as there, `free` when the loop ends.
   Given before the first exchange, by a service that has some: others do not load what it takes. */
struct zloop_outside {
    bool (*begin)(void *arg, struct outbound_request *r);
    void (*free)(void *arg);
    void *arg;
};
void zloop_set_outside(struct world *w, const struct zloop_outside *outside);

struct ev_loop *zloop_ev(struct world *w);

/* Until SIGTERM, SIGINT or zloop_stop; runs every turn once more before it returns. */
void zloop_run(struct world *w);
void zloop_stop(struct world *w);

#endif
