/* An answer that has no end: a client's connection, what waits to be taken by it, and whether its token still
   counts. What is written there is its owner's business.

   libmicrohttpd sends the head and is done with the connection then: what a silent client costs is this
   struct and what the system keeps for a socket. What is written goes out at once as far as the system takes
   it, and only the rest waits in the outbox. */
#ifndef BATON_GATEWAY_OUTLET_H
#define BATON_GATEWAY_OUTLET_H

#include <ev.h>

#include "request.h"

enum {
    OUTLET_HEARTBEAT_US = 15000000,
    OUTLET_STALLED_US = 30000000, /* a client that takes nothing for so long is cut off */
    OUTLET_CHECK_US = 3500000,    /* how often its token is looked up again ... */
    OUTLET_CHECK_AGE_US = 500000, /* ... and how old an answer will do: closed within 5 s of revoking */
    OUTLET_TICK_US = 500000,
    OUTLET_SEND_BYTES = 16 << 10, /* what the system is asked to keep of what was sent and not received */
};

struct outlet;
/* Only `drained` and what comes when the connection ends are called by the loop alone, never while somebody
   writes. */
struct outlet_ops {
    size_t outbox_max; /* more is not taken while anything waits ... */
    size_t write_max;  /* ... and never more than this at once */
    /* What waited has been sent; also once when the connection is there. */
    void (*drained)(struct outlet *o);
    /* Nothing was sent for OUTLET_HEARTBEAT_US: writes something. */
    void (*beat)(struct outlet *o);
    /* The connection has ended. */
    void (*gone)(struct outlet *o);
    /* And nothing under way knows of it any more. */
    void (*free)(struct outlet *o);
};

struct outlet {
    const struct outlet_ops *ops;
    struct gateway *gateway;
    ev_io io;
    struct who who; /* as last looked up */
    char token_hash[HASH_TEXT_SIZE];
    struct buffer outbox; /* from `sent` on */
    size_t sent;
    bool is_checking, is_ending, is_cut, is_gone;
    unsigned holds;
    int64_t moved_us; /* when the client last took something, or had nothing to take */
    int64_t check_us; /* when the token is to be looked up again */
};

/* For whoever asks by `r`. */
void outlet_init(struct outlet *o, const struct request *r, const struct outlet_ops *ops);
/* Answers the request with it. */
void outlet_open(struct outlet *o, struct request *r);

/* Nothing waits to be taken by the client. */
bool outlet_is_idle(const struct outlet *o);
/* False: the outbox has no room for it. */
bool outlet_write(struct outlet *o, struct bytes text);
/* Lets the client take what is in the outbox; then it is over. */
void outlet_end(struct outlet *o);
/* Whether its client has closed it, which the loop may not have seen yet; then it ends. */
bool outlet_is_left(struct outlet *o);
/* It is over at once: `gone` is called before this returns. */
void outlet_close(struct outlet *o);
/* Every OUTLET_TICK_US. */
void outlet_tick(struct outlet *o, int64_t now_us);

/* Something under way will come back to it, and has come back; false: its connection has ended meanwhile, and
   it may be freed already. */
void outlet_hold(struct outlet *o);
bool outlet_release(struct outlet *o);

#endif
