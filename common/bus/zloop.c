/* libev and ZeroMQ in one loop.

   ZMQ_FD is edge-triggered and says only "look again", so it cannot drive receiving by itself. In each
   iteration of the loop:
     prepare (high)  turns: commit what was drained, send, arm the timer
     prepare (low)   re-read ZMQ_EVENTS of every socket; if more waits, an idle watcher keeps the loop awake
     poll            the io watcher on ZMQ_FD only wakes it
     check           drain every socket, up to a budget
   Turns must come before the test: sending may consume the edge. The other way round everything works, but 5
   to 41 times slower. */
#include "bus/zloop.h"

#include <assert.h>
#include <errno.h>
#include <ev.h>
#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

#include "base/log.h"
#include "bus/slow.h"

enum {
    TURNS_MAX = 16,
    DRAIN_MESSAGES = 256,
    HIGH_WATER = 4096,
    HANDSHAKE_MS = 5000,
    HEARTBEAT_MS = 2000,
    HEARTBEAT_TIMEOUT_MS = 6000,
    RECONNECT_MS = 20,
    RECONNECT_MAX_MS = 1000
};

struct port {
    struct zloop *z;
    void *socket;
    bool bound, closed;
    receive_fn *receive;
    void *arg;
    ev_io io;
    struct port *next;
};

struct turn {
    turn_fn *run;
    void *arg;
};

struct zloop {
    struct world world;
    struct ev_loop *loop;
    void *context;
    int run_fd;
    ev_prepare work, test;
    ev_check drain;
    ev_idle idle;
    ev_timer timer;
    ev_signal terminate, interrupt;
    struct port *ports;
    struct turn turns[TURNS_MAX];
    size_t n_turns;
    struct slow_pool *slow;
    uint8_t random[4096];
    size_t random_left;
};

static int64_t wall_us(struct world *w)
{
    struct timespec ts;
    clock_gettime(CLOCK_REALTIME, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

/* Drawn in bulk: a system call for each command would show. What is handed out is wiped from the stock. */
static void random_bytes(struct world *w, void *out, size_t size)
{
    struct zloop *z = (struct zloop *)w;
    assert(size <= sizeof z->random);
    if (z->random_left < size) {
        randombytes_buf(z->random, sizeof z->random);
        z->random_left = sizeof z->random;
    }
    z->random_left -= size;
    memcpy(out, z->random + z->random_left, size);
    sodium_memzero(z->random + z->random_left, size);
}

static void set_int(void *socket, int option, int value)
{
    int rc = zmq_setsockopt(socket, option, &value, sizeof value);
    assert(rc == 0);
}

static void *socket_new(struct zloop *z, bool bound)
{
    void *s = zmq_socket(z->context, bound ? ZMQ_ROUTER : ZMQ_DEALER);
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

static struct port *port_new(struct world *w, bool bound, const char *service, receive_fn *receive, void *arg)
{
    struct zloop *z = (struct zloop *)w;
    char endpoint[128];
    /* By descriptor: a socket's path may have 107 bytes, a data folder's may be longer. */
    snprintf(endpoint, sizeof endpoint, "ipc:///proc/self/fd/%d/%s.sock", z->run_fd, service);
    void *s = socket_new(z, bound);
    if (!s || (bound ? zmq_bind(s, endpoint) : zmq_connect(s, endpoint)) != 0) {
        log_failure("bus", "cannot %s %s.sock: %s", bound ? "bind" : "connect to", service,
                    zmq_strerror(errno));
        if (s)
            zmq_close(s);
        return NULL;
    }
    struct port *p = calloc(1, sizeof *p);
    assert(p);
    *p = (struct port){.z = z, .socket = s, .bound = bound, .receive = receive, .arg = arg, .next = z->ports};
    z->ports = p;
    int fd = -1;
    size_t n = sizeof fd;
    zmq_getsockopt(s, ZMQ_FD, &fd, &n);
    ev_io_init(&p->io, on_io, fd, EV_READ);
    ev_io_start(z->loop, &p->io);
    return p;
}

static struct port *bind_port(struct world *w, const char *service, receive_fn *receive, void *arg)
{
    return port_new(w, true, service, receive, arg);
}

static struct port *connect_port(struct world *w, const char *service, receive_fn *receive, void *arg)
{
    return port_new(w, false, service, receive, arg);
}

/* The port is gone for its owner at once; the memory goes when no drain can be walking over it. */
static void close_port(struct port *p)
{
    if (!p || p->closed)
        return;
    p->closed = true;
    ev_io_stop(p->z->loop, &p->io);
    zmq_close(p->socket);
}

static void sweep_ports(struct zloop *z)
{
    struct port **at = &z->ports;
    while (*at) {
        struct port *p = *at;
        if (p->closed) {
            *at = p->next;
            free(p);
        } else {
            at = &p->next;
        }
    }
}

static bool send_frames(struct port *p, const struct peer *to, struct bytes envelope, struct bytes body)
{
    assert(p->bound == (to != NULL) && !p->closed);
    if (to && zmq_send(p->socket, to->id, to->size, ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0)
        return false;
    if (zmq_send(p->socket, envelope.data, envelope.size, ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0)
        return false;
    return zmq_send(p->socket, body.data, body.size, ZMQ_DONTWAIT) >= 0;
}

static void add_turn(struct world *w, turn_fn *run, void *arg)
{
    struct zloop *z = (struct zloop *)w;
    assert(z->n_turns < TURNS_MAX);
    z->turns[z->n_turns++] = (struct turn){run, arg};
}

static void remove_turn(struct world *w, void *arg)
{
    struct zloop *z = (struct zloop *)w;
    for (size_t i = 0; i < z->n_turns; i++)
        if (z->turns[i].arg == arg) {
            z->turns[i] = z->turns[--z->n_turns];
            return;
        }
}

static bool slow_start(struct world *w, struct slow_job *job)
{
    struct zloop *z = (struct zloop *)w;
    if (!z->slow)
        z->slow = slow_pool_new(z->loop);
    return slow_pool_add(z->slow, job);
}

/* Reads one message whole, whatever its number of frames; hands on those that have the right ones. */
static bool receive_one(struct port *p)
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

static void on_drain(struct ev_loop *loop, ev_check *check, int events)
{
    struct zloop *z = check->data;
    bool any = true;
    for (unsigned budget = DRAIN_MESSAGES; any && budget > 0;) {
        any = false;
        for (struct port *p = z->ports; p && budget > 0; p = p->next)
            if (!p->closed && receive_one(p)) {
                any = true;
                budget--;
            }
    }
    sweep_ports(z);
}

static void on_work(struct ev_loop *loop, ev_prepare *prepare, int events)
{
    struct zloop *z = prepare->data;
    int64_t wake = 0;
    for (size_t i = 0; i < z->n_turns; i++) {
        int64_t at = z->turns[i].run(z->turns[i].arg);
        if (at && (!wake || at < wake))
            wake = at;
    }
    ev_timer_stop(loop, &z->timer);
    if (!wake)
        return;
    int64_t wait = wake - wall_us(&z->world);
    ev_now_update(loop);
    ev_timer_set(&z->timer, wait > 0 ? (double)wait / 1e6 : 0., 0.);
    ev_timer_start(loop, &z->timer);
}

static void on_test(struct ev_loop *loop, ev_prepare *prepare, int events)
{
    struct zloop *z = prepare->data;
    bool more = false;
    for (struct port *p = z->ports; p; p = p->next) {
        int waiting = 0;
        size_t n = sizeof waiting;
        if (!p->closed && zmq_getsockopt(p->socket, ZMQ_EVENTS, &waiting, &n) == 0 && (waiting & ZMQ_POLLIN))
            more = true;
    }
    if (more)
        ev_idle_start(loop, &z->idle);
    else
        ev_idle_stop(loop, &z->idle);
}

static void on_idle(struct ev_loop *loop, ev_idle *idle, int events)
{
    /* Nothing: its being active keeps the loop from sleeping. */
}

static void on_timer(struct ev_loop *loop, ev_timer *timer, int events)
{
    /* Nothing: the turns run in the next prepare. */
}

static void on_signal(struct ev_loop *loop, ev_signal *signal, int events)
{
    ev_break(loop, EVBREAK_ALL);
}

static const struct world_ops zloop_ops = {
    .wall_us = wall_us,
    .random = random_bytes,
    .bind = bind_port,
    .connect = connect_port,
    .send = send_frames,
    .close = close_port,
    .add_turn = add_turn,
    .remove_turn = remove_turn,
    .slow = slow_start,
};

static void watchers_start(struct zloop *z)
{
    ev_prepare_init(&z->work, on_work);
    ev_prepare_init(&z->test, on_test);
    ev_check_init(&z->drain, on_drain);
    ev_idle_init(&z->idle, on_idle);
    ev_timer_init(&z->timer, on_timer, 0., 0.);
    ev_signal_init(&z->terminate, on_signal, SIGTERM);
    ev_signal_init(&z->interrupt, on_signal, SIGINT);
    ev_set_priority(&z->work, EV_MAXPRI);
    ev_set_priority(&z->test, EV_MINPRI);
    z->work.data = z->test.data = z->drain.data = z;
    ev_prepare_start(z->loop, &z->work);
    ev_prepare_start(z->loop, &z->test);
    ev_check_start(z->loop, &z->drain);
    ev_signal_start(z->loop, &z->terminate);
    ev_signal_start(z->loop, &z->interrupt);
}

struct world *zloop_new(const char *run_dir)
{
    if (mkdir(run_dir, 0700) != 0 && errno != EEXIST) {
        log_failure("bus", "cannot make %s: %s", run_dir, strerror(errno));
        return NULL;
    }
    int fd = open(run_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        log_failure("bus", "cannot open %s: %s", run_dir, strerror(errno));
        return NULL;
    }
    struct zloop *z = calloc(1, sizeof *z);
    assert(z && sodium_init() >= 0);
    signal(SIGPIPE, SIG_IGN);
    z->world.ops = &zloop_ops;
    z->run_fd = fd;
    z->loop = ev_loop_new(EVFLAG_AUTO);
    z->context = zmq_ctx_new();
    assert(z->loop && z->context);
    watchers_start(z);
    return &z->world;
}

void zloop_free(struct world *w)
{
    struct zloop *z = (struct zloop *)w;
    if (!z)
        return;
    slow_pool_free(z->slow);
    for (struct port *p = z->ports; p; p = p->next)
        close_port(p);
    sweep_ports(z);
    ev_signal_stop(z->loop, &z->terminate);
    ev_signal_stop(z->loop, &z->interrupt);
    zmq_ctx_term(z->context);
    ev_loop_destroy(z->loop);
    close(z->run_fd);
    free(z);
}

struct ev_loop *zloop_ev(struct world *w)
{
    return ((struct zloop *)w)->loop;
}

void zloop_run(struct world *w)
{
    struct zloop *z = (struct zloop *)w;
    ev_run(z->loop, 0);
    on_work(z->loop, &z->work, 0);
}

void zloop_stop(struct world *w)
{
    ev_break(((struct zloop *)w)->loop, EVBREAK_ALL);
}
