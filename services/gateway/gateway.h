/* The gateway: the only door, without any domain logic of its own. It says who is asking; services decide
   whether. One struct holds its parts; each part is one file. */
#ifndef BATON_GATEWAY_H
#define BATON_GATEWAY_H

#include "base/arena.h"
#include "base/ident.h"
#include "bus/client.h"
#include "bus/world.h"
#include "transfer.h"
#include "zip.h"

enum {
    GATEWAY_CONNECTIONS_MAX = 20000,
    GATEWAY_HEAD_MAX = 16 << 10,    /* request line and headers, and the answer's */
    GATEWAY_REQUEST_US = 30000000,  /* for each of: sending a request, fetching its answer, being idle */
    GATEWAY_BODIES_MAX = 256 << 20, /* request bodies held at one moment */
    GATEWAY_ARENA_MAX = 64 << 20,
    GATEWAY_DRAIN_S = 3,
};

/* Somebody who is signed in. */
struct who {
    Baton__Role role;
    char user_id[IDENT_TEXT_SIZE], session_id[IDENT_TEXT_SIZE];
};

struct gateway_options {
    const char *address;    /* to listen on */
    const char *port;       /* "0": any */
    const char *public_url; /* NULL: none; then nothing stands in front of us */
};

struct gateway {
    struct world *world;
    struct ev_loop *loop;
    const char *public_url;
    struct client *client;
    struct http *http;
    struct auth *auth;
    struct limit *limit;
    struct streams *streams;
    struct events *events;
    struct board *board;
    struct pages *pages;
    struct zip *zip;
    struct transfers transfers;
    uint8_t form_key[16]; /* of form_stamp.c */
    struct arena *arena;  /* for translating one message; reset by whoever begins with one */
};

/* Listens at once. NULL: logged. */
struct gateway *gateway_new(struct world *world, struct ev_loop *loop, const struct gateway_options *options);
/* No new connections, streams end, what is under way gets some seconds to end; then the loop is broken off.
 */
void gateway_drain(struct gateway *g);
void gateway_free(struct gateway *g);

/* Where it listens, as a URL one can reach it by from this machine. */
const char *gateway_url(const struct gateway *g);

/* A clock that never runs backwards. */
int64_t gateway_now_us(void);

/* For calls in the gateway's own name. */
const Baton__Actor *gateway_self(void);
/* `who` as an actor; shares its texts. */
Baton__Actor gateway_actor(const struct who *who);

#endif
