/* A world without surprises: one queue of messages, one clock. */
#include "calm/world.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

enum { TURNS_MAX = 32, PORTS_MAX = 64 };

struct port {
    struct calm *calm;
    char service[32];
    bool is_bound, is_open;
    uint8_t number;
    receive_fn *receive;
    void *arg;
};

struct message {
    uint8_t from, to;
    uint8_t *data;
    size_t envelope_size, body_size;
    struct slow_job *job;             /* finished, instead of a message */
    struct outbound_request *request; /* taken by whoever is outside, instead of a message */
    TAILQ_ENTRY(message) link;
};

struct turn {
    turn_fn *run;
    void *arg;
    int64_t wake_us;
};

struct calm {
    struct world world;
    int64_t now_us;
    uint64_t random;
    struct port ports[PORTS_MAX];
    struct turn turns[TURNS_MAX];
    size_t n_turns;
    TAILQ_HEAD(queue, message) messages;
};

static int64_t wall_us(struct world *w)
{
    return ((struct calm *)w)->now_us;
}

/* splitmix64 (Steele, Lea, Flood 2014) */
static void random_bytes(struct world *w, void *out, size_t size)
{
    struct calm *c = (struct calm *)w;
    for (size_t i = 0; i < size; i++) {
        uint64_t z = (c->random += 0x9e3779b97f4a7c15ull);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
        ((uint8_t *)out)[i] = (uint8_t)(z >> 56);
    }
}

static struct port *port_new(struct world *w, bool is_bound, const char *service, receive_fn *receive,
                             void *arg)
{
    struct calm *c = (struct calm *)w;
    uint8_t number = 0;
    while (number < PORTS_MAX && c->ports[number].is_open)
        number++;
    assert(number < PORTS_MAX && strlen(service) < sizeof c->ports[0].service);
    struct port *p = &c->ports[number];
    *p = (struct port){
        .calm = c, .is_bound = is_bound, .is_open = true, .number = number, .receive = receive, .arg = arg};
    memcpy(p->service, service, strlen(service));
    return p;
}

static struct port *bind_port(struct world *w, const char *service, receive_fn *receive, void *arg)
{
    return port_new(w, true, service, receive, arg);
}

static struct port *connect_port(struct world *w, const char *service, receive_fn *receive, lost_fn *lost,
                                 void *arg)
{
    return port_new(w, false, service, receive, arg);
}

static void close_port(struct port *p)
{
    p->is_open = false;
}

static struct port *target_of(struct port *p, const struct peer *to)
{
    if (to != NULL)
        return p->calm->ports[to->id[0]].is_open ? &p->calm->ports[to->id[0]] : NULL;
    for (size_t i = 0; i < PORTS_MAX; i++) {
        struct port *q = &p->calm->ports[i];
        if (q->is_open && q->is_bound && strcmp(q->service, p->service) == 0)
            return q;
    }
    return NULL;
}

static struct message *message_new(struct calm *c)
{
    struct message *m = calloc(1, sizeof *m);
    assert(m != NULL);
    TAILQ_INSERT_TAIL(&c->messages, m, link);
    return m;
}

static void message_free(struct message *m)
{
    free(m->data);
    free(m);
}

static bool send_message(struct port *p, const struct peer *to, struct bytes envelope, struct bytes body)
{
    const struct port *target = target_of(p, to);
    if (target == NULL)
        return false;
    struct message *m = message_new(p->calm);
    m->from = p->number;
    m->to = target->number;
    m->envelope_size = envelope.size;
    m->body_size = body.size;
    m->data = malloc(envelope.size + body.size + 1);
    assert(m->data != NULL);
    if (envelope.size > 0)
        memcpy(m->data, envelope.data, envelope.size);
    if (body.size > 0)
        memcpy(m->data + envelope.size, body.data, body.size);
    return true;
}

static void add_turn(struct world *w, turn_fn *run, void *arg)
{
    struct calm *c = (struct calm *)w;
    assert(c->n_turns < TURNS_MAX);
    c->turns[c->n_turns++] = (struct turn){run, arg, c->now_us};
}

static void remove_turn(struct world *w, void *arg)
{
    struct calm *c = (struct calm *)w;
    for (size_t i = 0; i < c->n_turns; i++)
        if (c->turns[i].arg == arg)
            c->turns[i] = c->turns[--c->n_turns];
}

static bool slow(struct world *w, struct slow_job *job)
{
    job->work(job);
    message_new((struct calm *)w)->job = job;
    return true;
}

static bool outbound(struct world *w, struct outbound_request *r)
{
    message_new((struct calm *)w)->request = r;
    return true;
}

static const struct world_ops calm_ops = {
    .wall_us = wall_us,
    .random = random_bytes,
    .bind = bind_port,
    .connect = connect_port,
    .send = send_message,
    .close = close_port,
    .add_turn = add_turn,
    .remove_turn = remove_turn,
    .slow = slow,
    .outbound = outbound,
};

struct world *calm_new(int64_t start_us)
{
    struct calm *c = calloc(1, sizeof *c);
    assert(c != NULL);
    c->world.ops = &calm_ops;
    c->now_us = start_us;
    TAILQ_INIT(&c->messages);
    return &c->world;
}

void calm_free(struct world *w)
{
    struct calm *c = (struct calm *)w;
    for (struct message *m; (m = TAILQ_FIRST(&c->messages)) != NULL;) {
        TAILQ_REMOVE(&c->messages, m, link);
        message_free(m);
    }
    free(c);
}

static void deliver(struct calm *c, struct message *m)
{
    const struct port *p = &c->ports[m->to];
    struct peer from = {.id = {m->from}, .size = 1};
    const struct outbound_result taken = {.status = 250, .reason = ""};
    if (m->job != NULL)
        m->job->done(m->job);
    else if (m->request != NULL)
        m->request->done(m->request, &taken);
    else if (p->is_open)
        p->receive(p->arg, &from, bytes_of(m->data, m->envelope_size),
                   bytes_of(m->data + m->envelope_size, m->body_size));
    message_free(m);
}

static int64_t next_wake(const struct calm *c)
{
    int64_t wake = INT64_MAX;
    for (size_t i = 0; i < c->n_turns; i++)
        if (c->turns[i].wake_us != 0 && c->turns[i].wake_us < wake)
            wake = c->turns[i].wake_us;
    return wake;
}

bool calm_step(struct world *w, int64_t until_us)
{
    struct calm *c = (struct calm *)w;
    const struct message *last = TAILQ_LAST(&c->messages, queue);
    int64_t wake = next_wake(c);
    if (last == NULL && wake > until_us)
        return false;
    if (last == NULL && wake > c->now_us)
        c->now_us = wake;
    for (bool more = last != NULL; more;) {
        struct message *m = TAILQ_FIRST(&c->messages);
        TAILQ_REMOVE(&c->messages, m, link);
        more = m != last;
        deliver(c, m);
    }
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
