/* The world a service lives in: clock, random, messages, slow work. The real one runs on libev and ZeroMQ
   (zloop.h); the seeded one (tests/sim/world.h) holds all services in one process. Nothing above this line
   asks the operating system for any of it. */
#ifndef BATON_BUS_WORLD_H
#define BATON_BUS_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

struct world;
struct port;

/* Who a message came from, so that it can be answered. */
struct peer {
    uint8_t id[16];
    uint8_t size;
};

/* The bytes live until it returns. `from` is meaningful on bound ports only. */
typedef void receive_fn(void *arg, const struct peer *from, struct bytes envelope, struct bytes body);

/* The other end of a connected port went away: what was sent and not answered may or may not have had effect.
 */
typedef void lost_fn(void *arg);

/* Runs what has arrived; returns the wall time (us) at which it wants to run again without any arrival,
   0 for never. Runs after every round of arrivals, and before the loop sleeps. */
typedef int64_t turn_fn(void *arg);

/* Something too slow for the loop. `work` runs elsewhere and touches nothing but the job; then `done` in the
 * loop. */
struct slow_job {
    void (*work)(struct slow_job *job);
    void (*done)(struct slow_job *job);
    struct slow_job *next;
};

struct world_ops {
    int64_t (*wall_us)(struct world *w);
    void (*random)(struct world *w, void *out, size_t size);
    /* NULL: cannot (logged). A service binds one port under its own name and connects to others by theirs. */
    struct port *(*bind)(struct world *w, const char *service, receive_fn *receive, void *arg);
    /* `lost` may be NULL. A port finds its peer again by itself. */
    struct port *(*connect)(struct world *w, const char *service, receive_fn *receive, lost_fn *lost,
                            void *arg);
    /* False: the peer is gone or its queue is full; nothing was sent. `to` is NULL on connected ports. */
    bool (*send)(struct port *p, const struct peer *to, struct bytes envelope, struct bytes body);
    void (*close)(struct port *p);
    /* Called for each turn from now on. One a service. */
    void (*add_turn)(struct world *w, turn_fn *turn, void *arg);
    void (*remove_turn)(struct world *w, void *arg);
    /* False: too much is waiting already. */
    bool (*slow)(struct world *w, struct slow_job *job);
};

struct world {
    const struct world_ops *ops;
};

/* The largest frame anybody sends or takes. */
enum { WORLD_FRAME_MAX = 16 << 20 };

#endif
