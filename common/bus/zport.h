/* One ZeroMQ socket of a zloop. */
#ifndef BATON_BUS_ZPORT_H
#define BATON_BUS_ZPORT_H

#include <ev.h>

#include "bus/world.h"

struct port {
    struct ev_loop *loop;
    void *socket;
    bool bound, closed;
    receive_fn *receive;
    lost_fn *lost;
    void *arg;
    ev_io io;
    void *monitor; /* says when the peer of a connected port goes away; NULL: nobody wants to know */
    ev_io monitor_io;
    struct port *next;
};

struct port_options {
    struct ev_loop *loop;
    void *context;
    int run_fd; /* of the folder with the sockets */
    const char *service;
    bool bound;
    receive_fn *receive;
    lost_fn *lost; /* may be NULL */
    void *arg;
};

/* NULL: logged. */
struct port *port_open(const struct port_options *o);
/* Marks it closed; whoever walks over the ports frees it later. NULL and twice are fine. */
void port_close(struct port *p);

/* As world_ops.send. */
bool port_send(struct port *p, const struct peer *to, struct bytes envelope, struct bytes body);
/* Takes one message, whatever its number of frames, and hands on the ones that have the right one. False:
 * none. */
bool port_receive(struct port *p);
/* Tells the owner if the peer went away since the last look. */
void port_look(struct port *p);
/* There is something to receive or to look at. */
bool port_waits(const struct port *p);

#endif
