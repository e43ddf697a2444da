/* The bus of the seeded world: ports, and what happens to messages between them. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/internal.h"

enum { LOST_NOTICE_US = 1000, LATE_FACTOR = 5 };

struct message *message_new(struct sim_world *w, size_t size)
{
    struct message *m = calloc(1, sizeof *m);
    assert(m);
    m->data = malloc(size + 1);
    assert(m->data);
    return m;
}

void message_free(struct message *m)
{
    free(m->data);
    free(m);
}

static struct port *port_new(struct world *w, const char *service, receive_fn *receive, void *arg)
{
    struct host *h = (struct host *)w;
    struct port *p = calloc(1, sizeof *p);
    assert(p && strlen(service) < sizeof p->service);
    *p = (struct port){
        .host = h, .number = ++h->w->next_port, .receive = receive, .arg = arg, .next = h->w->ports};
    strncpy(p->service, service, sizeof p->service - 1);
    h->w->ports = p;
    return p;
}

struct port *port_bind(struct world *w, const char *service, receive_fn *receive, void *arg)
{
    struct port *p = port_new(w, service, receive, arg);
    p->bound = true;
    return p;
}

struct port *port_connect(struct world *w, const char *service, receive_fn *receive, lost_fn *lost, void *arg)
{
    struct port *p = port_new(w, service, receive, arg);
    p->lost = lost;
    return p;
}

bool port_outbound(struct world *w, struct outbound_request *r)
{
    struct host *h = (struct host *)w;
    struct outbound_result result = {.reason = ""};
    int64_t after_us = 0;
    h->w->hooks.call(h->w->hooks.arg, h);
    if (!h->w->hooks.outside || !h->w->hooks.outside(h->w->hooks.arg, h, r, &result, &after_us))
        return false;
    struct message *m = message_new(h->w, 0);
    m->request = r;
    m->result = result;
    m->to_host = h;
    m->life = h->life;
    event_add(h->w, (struct event){.kind = EVENT_MESSAGE, .at_us = h->w->now_us + after_us, .message = m});
    return true;
}

struct port *port_numbered(struct sim_world *w, uint32_t number)
{
    for (struct port *p = w->ports; p; p = p->next)
        if (p->number == number)
            return p->closed ? NULL : p;
    return NULL;
}

static struct port *port_bound(struct sim_world *w, const char *service)
{
    for (struct port *p = w->ports; p; p = p->next)
        if (p->bound && !p->closed && strcmp(p->service, service) == 0)
            return p;
    return NULL;
}

static void sweep(struct sim_world *w)
{
    for (struct port **at = &w->ports; *at;) {
        struct port *p = *at;
        if (p->closed) {
            *at = p->next;
            free(p);
        } else {
            at = &p->next;
        }
    }
}

/* Whoever was connected to it hears of that a moment later. */
void port_close(struct port *p)
{
    struct sim_world *w = p->host->w;
    if (!p->closed && p->bound)
        for (struct port *q = w->ports; q; q = q->next) {
            if (q->closed || !q->lost || strcmp(q->service, p->service) != 0)
                continue;
            struct message *m = message_new(w, 0);
            m->to = q->number;
            m->peer_lost = true;
            event_add(
                w, (struct event){.kind = EVENT_MESSAGE, .at_us = w->now_us + LOST_NOTICE_US, .message = m});
        }
    p->closed = true;
}

static struct message *copy_of(struct sim_world *w, struct bytes envelope, struct bytes body)
{
    struct message *m = message_new(w, envelope.size + body.size);
    m->envelope_size = envelope.size;
    m->body_size = body.size;
    memcpy(m->data, envelope.data, envelope.size);
    if (body.size)
        memcpy(m->data + envelope.size, body.data, body.size);
    return m;
}

/* A few bits turned over, the end cut off, or another message's length. */
static void garble(struct message *m, uint64_t *fate)
{
    size_t size = m->envelope_size + m->body_size;
    if (!size)
        return;
    if (sim_below(fate, 4) == 0) {
        size_t kept = sim_below(fate, size);
        m->envelope_size = m->envelope_size < kept ? m->envelope_size : kept;
        m->body_size = kept - m->envelope_size;
        return;
    }
    for (uint64_t n = 1 + sim_below(fate, 8); n; n--)
        m->data[sim_below(fate, size)] ^= (uint8_t)(1 << sim_below(fate, 8));
}

/* As with ZeroMQ two messages between the same two arrive in the order in which they were sent, except where
   the weather says otherwise. */
static void under_way(struct sim_world *w, struct way *way, struct message *m, uint64_t *fate)
{
    int64_t delay = w->weather.delay_max_us ? (int64_t)sim_below(fate, (uint64_t)w->weather.delay_max_us) : 0;
    int64_t at = w->now_us + 1 + delay;
    if (sim_below(fate, 1000) < w->weather.out_of_turn)
        at += delay * LATE_FACTOR;
    else if (at < way->last_us)
        at = way->last_us;
    if (at > way->last_us)
        way->last_us = at;
    event_add(w, (struct event){.kind = EVENT_MESSAGE, .at_us = at, .message = m});
}

static void send_one(struct port *p, const struct port *target, struct way *way, struct bytes envelope,
                     struct bytes body, uint64_t *fate)
{
    struct sim_world *w = p->host->w;
    struct message *m = copy_of(w, envelope, body);
    m->to = target->number;
    m->from = p->number;
    m->from_host = p->host;
    if (sim_below(fate, 1000) < w->weather.garbled)
        garble(m, fate);
    under_way(w, way, m, fate);
}

bool port_send(struct port *p, const struct peer *to, struct bytes envelope, struct bytes body)
{
    struct sim_world *w = p->host->w;
    struct port *target;
    uint32_t number;
    w->hooks.call(w->hooks.arg, p->host);
    sweep(w);
    if (to) {
        assert(to->size == sizeof number);
        memcpy(&number, to->id, sizeof number);
        target = port_numbered(w, number);
    } else {
        target = port_bound(w, p->service);
    }
    if (!target)
        return false;
    w->hooks.send(w->hooks.arg, p->host, target->host, envelope, body);
    struct way *way = &w->ways[p->host->number][target->host->number];
    uint64_t fate = sim_mix(w->seed, ++way->sent << 16 | p->host->number << 8 | target->host->number);
    bool lost = sim_below(&fate, 1000) < w->weather.lost,
         doubled = sim_below(&fate, 1000) < w->weather.doubled;
    if (way->cut || lost)
        return true;
    for (int n = doubled ? 2 : 1; n; n--)
        send_one(p, target, way, envelope, body, &fate);
    return true;
}

void world_weather(struct sim_world *w, const struct weather *weather)
{
    w->weather = *weather;
}

void world_cut(struct sim_world *w, const struct host *from, const struct host *to, bool cut)
{
    w->ways[from->number][to->number].cut = cut;
}
