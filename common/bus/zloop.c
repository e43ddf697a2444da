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
#include "bus/zport.h"

enum { TURNS_MAX = 16, DRAIN_MESSAGES = 256 };

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
    struct zloop_outside outside;
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

static struct port *add_port(struct zloop *z, const struct port_options *o)
{
    struct port *p = port_open(o);
    if (p) {
        p->next = z->ports;
        z->ports = p;
    }
    return p;
}

static struct port *bind_port(struct world *w, const char *service, receive_fn *receive, void *arg)
{
    struct zloop *z = (struct zloop *)w;
    return add_port(
        z, &(struct port_options){z->loop, z->context, z->run_fd, service, true, receive, NULL, arg});
}

static struct port *connect_port(struct world *w, const char *service, receive_fn *receive, lost_fn *lost,
                                 void *arg)
{
    struct zloop *z = (struct zloop *)w;
    return add_port(
        z, &(struct port_options){z->loop, z->context, z->run_fd, service, false, receive, lost, arg});
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

static bool outbound_start(struct world *w, struct outbound_request *r)
{
    struct zloop *z = (struct zloop *)w;
    assert(z->outside.begin); /* a service with effects has opened it */
    return z->outside.begin(z->outside.arg, r);
}

static void on_drain(struct ev_loop *loop, ev_check *check, int events)
{
    struct zloop *z = check->data;
    bool any = true;
    for (unsigned budget = DRAIN_MESSAGES; any && budget > 0;) {
        any = false;
        for (struct port *p = z->ports; p && budget > 0; p = p->next)
            if (!p->closed && port_receive(p)) {
                any = true;
                budget--;
            }
    }
    for (struct port *p = z->ports; p; p = p->next)
        port_look(p);
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
        more |= port_waits(p);
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
    .send = port_send,
    .close = port_close,
    .add_turn = add_turn,
    .remove_turn = remove_turn,
    .slow = slow_start,
    .outbound = outbound_start,
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
    if (z->outside.free)
        z->outside.free(z->outside.arg);
    for (struct port *p = z->ports; p; p = p->next)
        port_close(p);
    sweep_ports(z);
    ev_signal_stop(z->loop, &z->terminate);
    ev_signal_stop(z->loop, &z->interrupt);
    zmq_ctx_term(z->context);
    ev_loop_destroy(z->loop);
    close(z->run_fd);
    free(z);
}

void zloop_set_outside(struct world *w, const struct zloop_outside *outside)
{
    ((struct zloop *)w)->outside = *outside;
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
