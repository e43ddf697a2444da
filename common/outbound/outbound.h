/* Exchanges with the outside for a libev loop: HTTP and SMTP by libcurl, MQTT by libmosquitto; the loop never
   waits. Every address
   is looked at when it is connected to (outbound_guard.h); redirects are not followed, proxies not used, what
   answers say beyond their status is not kept. */
#ifndef BATON_BUS_OUTBOUND_H
#define BATON_BUS_OUTBOUND_H

#include "bus/world.h"

struct ev_loop;
struct outbound;

enum {
    OUTBOUND_MAX = 64,     /* exchanges at once */
    OUTBOUND_HOST_MAX = 4, /* of them to one host */
    OUTBOUND_ANSWER_MAX = 64 << 10,
    OUTBOUND_CONNECT_MS = 10000,
    OUTBOUND_TIME_MS = 30000
};

/* Without `private_allowed`: public addresses, their usual ports, and TLS. Whose certificates are trusted
   says the file in SSL_CERT_FILE, or else the system. */
struct outbound *outbound_new(struct ev_loop *loop, bool private_allowed);
/* What is under way is broken off, a letter within some seconds, and `done` called. */
void outbound_free(struct outbound *o);
/* As world_ops.outbound. */
bool outbound_begin(struct outbound *o, struct outbound_request *r);

#endif
