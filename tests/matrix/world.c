/* Ports, one queue of messages, and a clock that is moved by hand. */
#include "matrix/world.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

enum { PORTS_MAX = 64, TURNS_MAX = 16 };

struct port {
    struct calm *calm;
    const char *service;
    bool bound, open;
    receive_fn *receive;
    void *arg;
};

struct message {
    struct port *from, *to;
    struct slow_job *job; /* finished slow work instead of a message */
    size_t envelope_size, body_size;
    struct message *next;
    uint8_t data[];
};

struct calm {
    struct world world; /* first */
    int64_t now_us;
    uint64_t drawn;
    struct port ports[PORTS_MAX];
    size_t n_ports;
    struct message *first, **last;
    struct {
        turn_fn *run;
        void *arg;
        int64_t wake_us;
    } turns[TURNS_MAX];
    size_t n_turns;
};

static int64_t wall_us(struct world *w)
{
    return ((struct calm *)w)->now_us;
}

/* Always the same numbers, and no two alike. */
static void random_bytes(struct world *w, void *out, size_t size)
{
    struct calm *c = (struct calm *)w;
    uint8_t block[HASH_SIZE];
    for (size_t i = 0; i < size; i++) {
        if (i % HASH_SIZE == 0) {
            c->drawn++;
            hash2(block, bytes_of(&c->drawn, sizeof c->drawn), bytes_of(NULL, 0));
        }
        ((uint8_t *)out)[i] = block[i % HASH_SIZE];
    }
}

static struct port *port_new(struct world *w, const char *service, bool bound, receive_fn *receive, void *arg)
{
    struct calm *c = (struct calm *)w;
    assert(c->n_ports < PORTS_MAX);
    struct port *p = &c->ports[c->n_ports++];
    *p = (struct port){c, service, bound, true, receive, arg};
    return p;
}

static struct port *port_bind(struct world *w, const char *service, receive_fn *receive, void *arg)
{
    return port_new(w, service, true, receive, arg);
}

/* Nobody is ever lost here. */
static struct port *port_connect(struct world *w, const char *service, receive_fn *receive, lost_fn *lost,
                                 void *arg)
{
    return port_new(w, service, false, receive, arg);
}

static struct port *bound(struct calm *c, const char *service)
{
    for (size_t i = 0; i < c->n_ports; i++)
        if (c->ports[i].bound && c->ports[i].open && strcmp(c->ports[i].service, service) == 0)
            return &c->ports[i];
    return NULL;
}

static struct message *queue(struct calm *c, size_t size)
{
    struct message *m = calloc(1, sizeof *m + size);
    assert(m);
    *c->last = m;
    c->last = &m->next;
    return m;
}

static bool port_send(struct port *p, const struct peer *to, struct bytes envelope, struct bytes body)
{
    struct port *target;
    if (to)
        memcpy(&target, to->id, sizeof target);
    else
        target = bound(p->calm, p->service);
    if (!target || !target->open)
        return false;
    struct message *m = queue(p->calm, envelope.size + body.size);
    m->from = p;
    m->to = target;
    m->envelope_size = envelope.size;
    m->body_size = body.size;
    memcpy(m->data, envelope.data, envelope.size);
    if (body.size)
        memcpy(m->data + envelope.size, body.data, body.size);
    return true;
}

static void port_close(struct port *p)
{
    p->open = false;
}

static void add_turn(struct world *w, turn_fn *turn, void *arg)
{
    struct calm *c = (struct calm *)w;
    assert(c->n_turns < TURNS_MAX);
    c->turns[c->n_turns].run = turn;
    c->turns[c->n_turns].arg = arg;
    c->turns[c->n_turns++].wake_us = c->now_us;
}

static void remove_turn(struct world *w, void *arg)
{
    struct calm *c = (struct calm *)w;
    for (size_t i = 0; i < c->n_turns; i++)
        if (c->turns[i].arg == arg)
            c->turns[i--] = c->turns[--c->n_turns];
}

static bool slow(struct world *w, struct slow_job *job)
{
    job->work(job);
    queue((struct calm *)w, 0)->job = job;
    return true;
}

static const struct world_ops calm_ops = {
    .wall_us = wall_us,
    .random = random_bytes,
    .bind = port_bind,
    .connect = port_connect,
    .send = port_send,
    .close = port_close,
    .add_turn = add_turn,
    .remove_turn = remove_turn,
    .slow = slow,
};

struct world *calm_new(int64_t start_us)
{
    struct calm *c = calloc(1, sizeof *c);
    assert(c);
    c->world.ops = &calm_ops;
    c->now_us = start_us;
    c->last = &c->first;
    return &c->world;
}

static struct message *dequeue(struct calm *c)
{
    struct message *m = c->first;
    c->first = m->next;
    if (!c->first)
        c->last = &c->first;
    return m;
}

void calm_free(struct world *w)
{
    struct calm *c = (struct calm *)w;
    while (c->first)
        free(dequeue(c));
    free(c);
}

static void deliver(struct calm *c)
{
    struct message *m = dequeue(c);
    struct peer from = {.size = sizeof m->from};
    memcpy(from.id, &m->from, sizeof m->from);
    if (m->job)
        m->job->done(m->job);
    else if (m->to->open)
        m->to->receive(m->to->arg, &from, bytes_of(m->data, m->envelope_size),
                       bytes_of(m->data + m->envelope_size, m->body_size));
    free(m);
}

/* INT64_MAX: nobody wants to. */
static int64_t next_wake(const struct calm *c)
{
    int64_t wake = INT64_MAX;
    for (size_t i = 0; i < c->n_turns; i++)
        if (c->turns[i].wake_us && c->turns[i].wake_us < wake)
            wake = c->turns[i].wake_us;
    return wake;
}

bool calm_step(struct world *w, int64_t until_us)
{
    struct calm *c = (struct calm *)w;
    int64_t wake = next_wake(c);
    if (!c->first && wake > until_us)
        return false;
    if (!c->first && wake > c->now_us)
        c->now_us = wake;
    while (c->first)
        deliver(c);
    for (size_t i = 0; i < c->n_turns; i++)
        c->turns[i].wake_us = c->turns[i].run(c->turns[i].arg);
    return true;
}

void calm_run(struct world *w, int64_t until_us)
{
    struct calm *c = (struct calm *)w;
    while (calm_step(w, until_us))
        ;
    if (c->now_us < until_us)
        c->now_us = until_us;
}

int64_t calm_now(struct world *w)
{
    return wall_us(w);
}
