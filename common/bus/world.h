/* The world a service lives in: clock, random, messages, slow work, exchanges with
   the outside. The real one runs on libev and ZeroMQ
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

/* Something too slow for the loop. `work` runs elsewhere and touches nothing but the job, and a store by a
   read transaction of its own; then `done` in the loop. */
struct slow_job {
    void (*work)(struct slow_job *job);
    void (*done)(struct slow_job *job);
    bool is_long; /* may take seconds: never at work everywhere at once */
    struct slow_job *next;
};

/* One exchange with somebody outside: an HTTP request, a letter handed to a mail server, or a message
   published by a broker (QoS 1: until it says that it has it). */
enum outbound_kind { OUTBOUND_HTTP, OUTBOUND_MAIL, OUTBOUND_MQTT };

enum outbound_end {
    OUTBOUND_ANSWERED,    /* `status` says how */
    OUTBOUND_UNREACHABLE, /* no connection, none to be trusted, or it broke before the answer */
    OUTBOUND_LATE,        /* no answer in time; it may have been taken all the same */
    OUTBOUND_BUSY,        /* not begun: too much is under way, in all or to this host */
    OUTBOUND_FORBIDDEN    /* the address is one nobody is sent to; asking again does not help */
};

struct outbound_result {
    enum outbound_end end;
    unsigned status;        /* of HTTP or SMTP; MQTT 5's reason code, below 128: good */
    uint32_t retry_after_s; /* as the other side wishes; 0: it said nothing */
    const char *reason;     /* for a person, lasting; "" where the status says it all */
};

/* For whom the body of an HTTP request is sealed and by whom signed, as Web Push has it; keys are raw. */
enum { OUTBOUND_PUSH_KEY_SIZE = 32, OUTBOUND_PUSH_PUBLIC_SIZE = 65, OUTBOUND_PUSH_AUTH_SIZE = 16 };
struct outbound_push {
    uint8_t subscriber[OUTBOUND_PUSH_PUBLIC_SIZE], auth[OUTBOUND_PUSH_AUTH_SIZE];
    uint8_t own[OUTBOUND_PUSH_KEY_SIZE]; /* private */
    const char *subject;                 /* mailto:... or https://..., who can be asked about the sender */
};

/* All it points to lives until `done`, which is called once: in the loop, never before `outbound` has
   returned, and of what is under way when the world ends, then. */
struct outbound_request {
    enum outbound_kind kind;
    const char *url;            /* https://..., smtp://..., smtps://..., mqtt://..., mqtts://... */
    const char *method;         /* of HTTP; NULL: POST. A GET has no body. */
    const char *const *headers; /* "Name: value", of HTTP */
    size_t n_headers;
    const struct outbound_push *push; /* of HTTP; NULL: the body goes as it is */
    struct bytes body;                /* of the request; the letter, headers first; the message */
    const char *from, *to;     /* of the letter's envelope; who publishes (its client id), and the topic */
    const char *user, *secret; /* at the mail server or broker; NULL: none */
    void (*done)(struct outbound_request *r, const struct outbound_result *result);
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
    /* False: too much is under way, in all or to this host; `done` will not be called. */
    bool (*outbound)(struct world *w, struct outbound_request *r);
};

struct world {
    const struct world_ops *ops;
};

/* The largest frame anybody sends or takes. */
enum { WORLD_FRAME_MAX = 16 << 20 };

#endif
