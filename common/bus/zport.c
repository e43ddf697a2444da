/* One ZeroMQ socket as a port: its options, its frames, and whether its peer is still there. */
#include "bus/zport.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "base/log.h"

enum {
    HIGH_WATER = 4096,
    HANDSHAKE_MS = 5000,
    HEARTBEAT_MS = 2000,
    HEARTBEAT_TIMEOUT_MS = 6000,
    RECONNECT_MS = 20,
    RECONNECT_MAX_MS = 1000
};

static void set_int(void *socket, int option, int value)
{
    int rc = zmq_setsockopt(socket, option, &value, sizeof value);
    assert(rc == 0);
}

static void *socket_new(void *context, bool bound)
{
    void *s = zmq_socket(context, bound ? ZMQ_ROUTER : ZMQ_DEALER);
    if (!s)
        return NULL;
    int64_t frame_max = WORLD_FRAME_MAX;
    zmq_setsockopt(s, ZMQ_MAXMSGSIZE, &frame_max, sizeof frame_max);
    set_int(s, ZMQ_LINGER, 0);
    set_int(s, ZMQ_SNDHWM, HIGH_WATER);
    set_int(s, ZMQ_RCVHWM, HIGH_WATER);
    set_int(s, ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS);
    set_int(s, ZMQ_HEARTBEAT_IVL, HEARTBEAT_MS);
    set_int(s, ZMQ_HEARTBEAT_TIMEOUT, HEARTBEAT_TIMEOUT_MS);
    if (bound) {
        set_int(s, ZMQ_ROUTER_MANDATORY, 1);
    } else {
        set_int(s, ZMQ_IMMEDIATE, 1);
        set_int(s, ZMQ_RECONNECT_IVL, RECONNECT_MS);
        set_int(s, ZMQ_RECONNECT_IVL_MAX, RECONNECT_MAX_MS);
    }
    return s;
}

static void on_io(struct ev_loop *loop, ev_io *io, int events)
{
    /* Nothing: waking up is all it is for. */
}

static void io_start(struct ev_loop *loop, ev_io *io, void *socket)
{
    int fd = -1;
    size_t n = sizeof fd;
    zmq_getsockopt(socket, ZMQ_FD, &fd, &n);
    ev_io_init(io, on_io, fd, EV_READ);
    ev_io_start(loop, io);
}

/* The port is gone for its owner at once; the memory goes when no drain can be walking over it. */
void port_close(struct port *p)
{
    if (!p || p->closed)
        return;
    p->closed = true;
    ev_io_stop(p->loop, &p->io);
    if (p->monitor) {
        ev_io_stop(p->loop, &p->monitor_io);
        zmq_socket_monitor(p->socket, NULL, 0);
        zmq_close(p->monitor);
    }
    if (p->socket)
        zmq_close(p->socket);
}

static bool monitor_start(struct port *p, void *context)
{
    char endpoint[64];
    snprintf(endpoint, sizeof endpoint, "inproc://monitor-%p", p->socket);
    p->monitor = zmq_socket(context, ZMQ_PAIR);
    if (!p->monitor || zmq_socket_monitor(p->socket, endpoint, ZMQ_EVENT_DISCONNECTED) != 0 ||
        zmq_connect(p->monitor, endpoint) != 0)
        return false;
    set_int(p->monitor, ZMQ_LINGER, 0);
    io_start(p->loop, &p->monitor_io, p->monitor);
    return true;
}

/* A signal that comes meanwhile is for the loop: nothing has happened yet, and it is done again. */
static int attach(void *socket, bool bound, const char *endpoint)
{
    int rc;
    do
        rc = bound ? zmq_bind(socket, endpoint) : zmq_connect(socket, endpoint);
    while (rc != 0 && errno == EINTR);
    return rc;
}

struct port *port_open(const struct port_options *o)
{
    char endpoint[128];
    /* By descriptor: a socket's path may have 107 bytes, a data folder's may be longer. */
    snprintf(endpoint, sizeof endpoint, "ipc:///proc/self/fd/%d/%s.sock", o->run_fd, o->service);
    struct port *p = calloc(1, sizeof *p);
    assert(p);
    *p = (struct port){
        .loop = o->loop, .bound = o->bound, .receive = o->receive, .lost = o->lost, .arg = o->arg};
    p->socket = socket_new(o->context, o->bound);
    if (!p->socket || attach(p->socket, o->bound, endpoint) != 0 ||
        (o->lost && !monitor_start(p, o->context))) {
        log_failure("bus", "cannot %s %s.sock: %s", o->bound ? "bind" : "connect to", o->service,
                    zmq_strerror(errno));
        port_close(p);
        free(p);
        return NULL;
    }
    io_start(o->loop, &p->io, p->socket);
    return p;
}

bool port_send(struct port *p, const struct peer *to, struct bytes envelope, struct bytes body)
{
    assert(p->bound == (to != NULL) && !p->closed);
    if (to && zmq_send(p->socket, to->id, to->size, ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0)
        return false;
    if (zmq_send(p->socket, envelope.data, envelope.size, ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0)
        return false;
    return zmq_send(p->socket, body.data, body.size, ZMQ_DONTWAIT) >= 0;
}

/* Reads one message whole, whatever its number of frames; hands on those that have the right ones. */
bool port_receive(struct port *p)
{
    enum { FRAMES_MAX = 3 };
    zmq_msg_t frames[FRAMES_MAX];
    size_t n = 0, wanted = p->bound ? 3 : 2;
    int more = 1;
    bool fits = true;
    while (more) {
        zmq_msg_t extra, *f = n < wanted ? &frames[n] : &extra;
        zmq_msg_init(f);
        if (zmq_msg_recv(f, p->socket, ZMQ_DONTWAIT) < 0) {
            zmq_msg_close(f);
            fits = false;
            break;
        }
        more = zmq_msg_more(f);
        if (f == &extra) {
            zmq_msg_close(f);
            fits = false;
        } else {
            n++;
        }
    }
    bool received = n > 0;
    struct peer from = {.size = 0};
    if (p->bound && n && zmq_msg_size(&frames[0]) <= sizeof from.id) {
        from.size = (uint8_t)zmq_msg_size(&frames[0]);
        memcpy(from.id, zmq_msg_data(&frames[0]), from.size);
    }
    if (fits && n == wanted) {
        zmq_msg_t *e = &frames[wanted - 2], *b = &frames[wanted - 1];
        p->receive(p->arg, &from, bytes_of(zmq_msg_data(e), zmq_msg_size(e)),
                   bytes_of(zmq_msg_data(b), zmq_msg_size(b)));
    } else if (received) {
        log_warning("bus", "a message with the wrong number of frames was dropped");
    }
    for (size_t i = 0; i < n; i++)
        zmq_msg_close(&frames[i]);
    return received;
}

/* True: the peer went away since the last look. Each event is two frames, of which nothing else is asked. */
static bool drain_monitor(struct port *p)
{
    bool any = false;
    zmq_msg_t frame;
    zmq_msg_init(&frame);
    while (zmq_msg_recv(&frame, p->monitor, ZMQ_DONTWAIT) >= 0)
        any = true;
    zmq_msg_close(&frame);
    return any;
}

static bool readable(void *socket)
{
    int waiting = 0;
    size_t n = sizeof waiting;
    return zmq_getsockopt(socket, ZMQ_EVENTS, &waiting, &n) == 0 && (waiting & ZMQ_POLLIN);
}

bool port_waits(const struct port *p)
{
    return !p->closed && (readable(p->socket) || (p->monitor && readable(p->monitor)));
}

void port_look(struct port *p)
{
    if (!p->closed && p->monitor && drain_monitor(p))
        p->lost(p->arg);
}
