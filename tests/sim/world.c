/* The seeded world: one list of messages under way, ordered by when they arrive. */
#include "sim/world.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { TURNS_MAX = 32, ROUND_MAX = 64 };

struct port {
    struct sim *sim;
    char service[32];
    bool bound, closed;
    uint32_t number;
    receive_fn *receive;
    lost_fn *lost;
    void *arg;
    struct port *next;
};

struct message {
    int64_t at_us;
    uint64_t order; /* between two ports messages keep their order */
    uint32_t to, from;
    bool to_bound;
    uint8_t *data;
    size_t envelope_size, body_size;
    struct slow_job *job; /* finished slow work instead of a message */
    bool lost;            /* the peer went away, instead of a message */
    struct message *next;
};

struct turn {
    turn_fn *run;
    void *arg;
    int64_t wake_us;
};

struct sim {
    struct world world;
    int64_t now_us;
    uint64_t state, draws; /* two generators: for services, for the world */
    struct sim_options options;
    struct port *ports;
    struct message *messages;
    uint64_t order;
    uint32_t next_port;
    struct turn turns[TURNS_MAX];
    size_t n_turns;
};

/* splitmix64 (Steele, Lea, Flood 2014) */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15ull);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
}

static int64_t wall_us(struct world *w)
{
    return ((struct sim *)w)->now_us;
}

static void random_bytes(struct world *w, void *out, size_t size)
{
    struct sim *s = (struct sim *)w;
    for (size_t i = 0; i < size; i++)
        ((uint8_t *)out)[i] = (uint8_t)next_random(&s->state);
}

static struct port *port_new(struct world *w, bool bound, const char *service, receive_fn *receive, void *arg)
{
    struct sim *s = (struct sim *)w;
    struct port *p = calloc(1, sizeof *p);
    assert(p && strlen(service) < sizeof p->service);
    *p = (struct port){
        .sim = s, .bound = bound, .number = ++s->next_port, .receive = receive, .arg = arg, .next = s->ports};
    strncpy(p->service, service, sizeof p->service - 1);
    s->ports = p;
    return p;
}

static struct port *bind_port(struct world *w, const char *service, receive_fn *receive, void *arg)
{
    return port_new(w, true, service, receive, arg);
}

static struct port *connect_port(struct world *w, const char *service, receive_fn *receive, lost_fn *lost,
                                 void *arg)
{
    struct port *p = port_new(w, false, service, receive, arg);
    p->lost = lost;
    return p;
}

static struct port *port_numbered(struct sim *s, uint32_t number)
{
    for (struct port *p = s->ports; p; p = p->next)
        if (p->number == number && !p->closed)
            return p;
    return NULL;
}

static struct port *port_bound(struct sim *s, const char *service)
{
    for (struct port *p = s->ports; p; p = p->next)
        if (p->bound && !p->closed && strcmp(p->service, service) == 0)
            return p;
    return NULL;
}

static void add_message(struct sim *s, struct message *m)
{
    struct message **at = &s->messages;
    m->order = ++s->order;
    while (*at && ((*at)->at_us < m->at_us || ((*at)->at_us == m->at_us && (*at)->order < m->order)))
        at = &(*at)->next;
    m->next = *at;
    *at = m;
}

/* As with ZeroMQ, two messages between the same two ports arrive in the order in which they were sent. */
static int64_t arrival(struct sim *s, uint32_t from, uint32_t to)
{
    int64_t at = s->now_us + 1;
    if (s->options.delay_max_us)
        at += (int64_t)(next_random(&s->draws) % (uint64_t)s->options.delay_max_us);
    for (const struct message *m = s->messages; m; m = m->next)
        if (m->from == from && m->to == to && m->at_us > at)
            at = m->at_us;
    return at;
}

static bool send_message(struct port *p, const struct peer *to, struct bytes envelope, struct bytes body)
{
    struct sim *s = p->sim;
    struct port *target = NULL;
    uint32_t number;
    if (to) {
        assert(to->size == sizeof number);
        memcpy(&number, to->id, sizeof number);
        target = port_numbered(s, number);
    } else {
        target = port_bound(s, p->service);
    }
    if (!target)
        return false;
    if (next_random(&s->draws) % 1000 < s->options.lost_permille)
        return true;
    struct message *m = calloc(1, sizeof *m);
    assert(m);
    *m = (struct message){.at_us = arrival(s, p->number, target->number),
                          .to = target->number,
                          .from = p->number,
                          .to_bound = !to,
                          .envelope_size = envelope.size,
                          .body_size = body.size};
    m->data = malloc(envelope.size + body.size + 1);
    assert(m->data);
    memcpy(m->data, envelope.data, envelope.size);
    if (body.size)
        memcpy(m->data + envelope.size, body.data, body.size);
    add_message(s, m);
    return true;
}

/* Whoever was connected to it hears of that a moment later. */
static void close_port(struct port *p)
{
    struct sim *s = p->sim;
    p->closed = true;
    for (struct port *q = s->ports; p->bound && q; q = q->next) {
        if (q->closed || !q->lost || strcmp(q->service, p->service) != 0)
            continue;
        struct message *m = calloc(1, sizeof *m);
        assert(m);
        *m = (struct message){.at_us = s->now_us + 1000, .to = q->number, .lost = true};
        add_message(s, m);
    }
}

static void add_turn(struct world *w, turn_fn *run, void *arg)
{
    struct sim *s = (struct sim *)w;
    assert(s->n_turns < TURNS_MAX);
    s->turns[s->n_turns++] = (struct turn){run, arg, s->now_us};
}

static void remove_turn(struct world *w, void *arg)
{
    struct sim *s = (struct sim *)w;
    for (size_t i = 0; i < s->n_turns; i++)
        if (s->turns[i].arg == arg)
            s->turns[i] = s->turns[--s->n_turns];
}

static bool slow(struct world *w, struct slow_job *job)
{
    struct sim *s = (struct sim *)w;
    struct message *m = calloc(1, sizeof *m);
    assert(m);
    job->work(job);
    *m = (struct message){.at_us = s->now_us + 100000, .job = job};
    add_message(s, m);
    return true;
}

static const struct world_ops sim_ops = {
    .wall_us = wall_us,
    .random = random_bytes,
    .bind = bind_port,
    .connect = connect_port,
    .send = send_message,
    .close = close_port,
    .add_turn = add_turn,
    .remove_turn = remove_turn,
    .slow = slow,
};

struct world *sim_new(const struct sim_options *o)
{
    struct sim *s = calloc(1, sizeof *s);
    assert(s);
    s->world.ops = &sim_ops;
    s->options = *o;
    s->now_us = o->start_us;
    s->state = o->seed;
    s->draws = ~o->seed;
    return &s->world;
}

static void message_free(struct message *m)
{
    free(m->data);
    free(m);
}

void sim_free(struct world *w)
{
    struct sim *s = (struct sim *)w;
    while (s->messages) {
        struct message *m = s->messages;
        s->messages = m->next;
        message_free(m);
    }
    while (s->ports) {
        struct port *p = s->ports;
        s->ports = p->next;
        free(p);
    }
    free(s);
}

static void deliver(struct sim *s)
{
    struct message *m = s->messages;
    s->messages = m->next;
    struct peer from = {.size = sizeof m->from};
    memcpy(from.id, &m->from, sizeof m->from);
    struct port *p = m->job ? NULL : port_numbered(s, m->to);
    if (m->job)
        m->job->done(m->job);
    else if (p && m->lost)
        p->lost(p->arg);
    else if (p)
        p->receive(p->arg, &from, bytes_of(m->data, m->envelope_size),
                   bytes_of(m->data + m->envelope_size, m->body_size));
    message_free(m);
}

static void run_turns(struct sim *s)
{
    for (size_t i = 0; i < s->n_turns; i++)
        s->turns[i].wake_us = s->turns[i].run(s->turns[i].arg);
}

static int64_t next_wake(const struct sim *s)
{
    int64_t wake = INT64_MAX;
    for (size_t i = 0; i < s->n_turns; i++)
        if (s->turns[i].wake_us && s->turns[i].wake_us < wake)
            wake = s->turns[i].wake_us;
    return wake;
}

bool sim_step(struct world *w, int64_t until_us)
{
    struct sim *s = (struct sim *)w;
    int64_t wake = next_wake(s);
    int64_t next = s->messages && s->messages->at_us <= wake ? s->messages->at_us : wake;
    if (next > until_us)
        return false;
    if (next > s->now_us)
        s->now_us = next;
    /* What arrived by now may be taken in one batch or in several. */
    size_t round = 1 + next_random(&s->draws) % ROUND_MAX;
    while (round-- > 0 && s->messages && s->messages->at_us <= s->now_us)
        deliver(s);
    run_turns(s);
    return true;
}

void sim_run_until(struct world *w, int64_t until_us)
{
    struct sim *s = (struct sim *)w;
    while (sim_step(w, until_us))
        ;
    if (s->now_us < until_us)
        s->now_us = until_us;
}

int64_t sim_now(struct world *w)
{
    return wall_us(w);
}

uint64_t sim_draw(struct world *w, uint64_t below)
{
    return next_random(&((struct sim *)w)->draws) % below;
}

void sim_cut(struct world *w, const char *service)
{
    struct sim *s = (struct sim *)w;
    for (struct message **at = &s->messages; *at;) {
        struct message *m = *at;
        struct port *to = port_numbered(s, m->to);
        if (!m->job && (!to || strcmp(to->service, service) == 0)) {
            *at = m->next;
            message_free(m);
        } else {
            at = &m->next;
        }
    }
}

void sim_set_lost(struct world *w, unsigned permille)
{
    ((struct sim *)w)->options.lost_permille = permille;
}
