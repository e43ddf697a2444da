/* Where somebody stands in the logs of all services, as text that clients keep:
   "directory:31.1-0a1b2c3d4e5f,leads:1207.2-5f4e3d2c1b0a". Of each log that was read at all: the newest
   record of which something was, how many of its events, how its chain hash begins. */
#ifndef BATON_GATEWAY_BOOKMARK_H
#define BATON_GATEWAY_BOOKMARK_H

#include "base/refusal.h"
#include "bus/client.h"

enum {
    BOOKMARK_HASH_SIZE = 6,
    BOOKMARK_PART_MAX = 80, /* one service's */
    BOOKMARK_TEXT_SIZE = CLIENT_SERVICES * BOOKMARK_PART_MAX,
};

/* All zero: the beginning. */
struct bookmark {
    struct mark {
        uint64_t seq; /* 0: nothing was read */
        uint32_t events;
        uint8_t hash[BOOKMARK_HASH_SIZE];
    } marks[CLIENT_SERVICES]; /* in the order of client_services */
};

/* False: it is none; `no` says so of the field `from`. */
bool bookmark_read(const char *text, struct bookmark *b, struct refusal *no);
/* "" for the beginning. */
void bookmark_write(const struct bookmark *b, char out[BOOKMARK_TEXT_SIZE]);

/* The number of a service, CLIENT_SERVICES: there is none of this name. */
size_t bookmark_service(const char *name);

#endif
