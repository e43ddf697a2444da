/* Hosts, their time, and the order of events. What happens to messages is in bus.c. */
#include "sim/world.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/internal.h"

enum { ROUND_MESSAGES_MAX = 256, BUSY_MAX_US = 3000, IDLE_ROUNDS_MAX = 20000 };

uint64_t sim_random(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15ull);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
}

uint64_t sim_below(uint64_t *state, uint64_t below)
{
    return sim_random(state) % below;
}

uint64_t sim_mix(uint64_t a, uint64_t b)
{
    uint64_t state = a ^ (b * 0xd6e8feb86659fd93ull);
    return sim_random(&state);
}

/* --- events, earliest first; a binary heap --- */

static bool before(const struct event *a, const struct event *b)
{
    return a->at_us != b->at_us ? a->at_us < b->at_us : a->order < b->order;
}

static void swap(struct event *a, struct event *b)
{
    struct event t = *a;
    *a = *b;
    *b = t;
}

void event_add(struct sim_world *w, struct event e)
{
    if (w->n_events == w->events_room) {
        w->events_room = w->events_room ? w->events_room * 2 : 256;
        w->events = realloc(w->events, w->events_room * sizeof *w->events);
        assert(w->events);
    }
    e.order = ++w->order;
    size_t i = w->n_events++;
    w->events[i] = e;
    for (; i && before(&w->events[i], &w->events[(i - 1) / 2]); i = (i - 1) / 2)
        swap(&w->events[i], &w->events[(i - 1) / 2]);
}

static struct event event_take(struct sim_world *w)
{
    struct event first = w->events[0];
    w->events[0] = w->events[--w->n_events];
    for (size_t i = 0;;) {
        size_t least = i;
        for (size_t child = 2 * i + 1; child <= 2 * i + 2; child++)
            if (child < w->n_events && before(&w->events[child], &w->events[least]))
                least = child;
        if (least == i)
            return first;
        swap(&w->events[i], &w->events[least]);
        i = least;
    }
}

/* --- hosts --- */

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* The next round is at the earliest moment anybody asked for; older, later entries in the heap are stale. */
void round_at(struct host *h, int64_t at_us)
{
    at_us = later(later(at_us, h->busy_until_us), later(h->paused_until_us, h->w->now_us));
    if (h->round_us && h->round_us <= at_us)
        return;
    h->round_us = at_us;
    event_add(h->w, (struct event){.kind = EVENT_ROUND, .at_us = at_us, .host = h});
}

static int64_t wall_us(struct world *w)
{
    struct host *h = (struct host *)w;
    return h->w->now_us + h->clock_us;
}

static void random_bytes(struct world *w, void *out, size_t size)
{
    struct host *h = (struct host *)w;
    for (size_t i = 0; i < size; i += sizeof(uint64_t)) {
        uint64_t fresh = sim_random(&h->random);
        memcpy((uint8_t *)out + i, &fresh, size - i < sizeof fresh ? size - i : sizeof fresh);
    }
}

static void add_turn(struct world *w, turn_fn *run, void *arg)
{
    struct host *h = (struct host *)w;
    assert(h->n_turns < TURNS_MAX);
    h->turns[h->n_turns++] = (struct turn){run, arg};
    round_at(h, h->w->now_us);
}

static void remove_turn(struct world *w, void *arg)
{
    struct host *h = (struct host *)w;
    for (size_t i = 0; i < h->n_turns; i++)
        if (h->turns[i].arg == arg)
            h->turns[i--] = h->turns[--h->n_turns];
}

static bool slow(struct world *w, struct slow_job *job)
{
    struct host *h = (struct host *)w;
    struct message *m = message_new(h->w, 0);
    job->work(job);
    m->job = job;
    m->to_host = h;
    m->life = h->life;
    event_add(h->w,
              (struct event){.kind = EVENT_MESSAGE, .at_us = h->w->now_us + SIM_SECOND / 10, .message = m});
    return true;
}

static const struct world_ops sim_ops = {
    .wall_us = wall_us,
    .random = random_bytes,
    .bind = port_bind,
    .connect = port_connect,
    .send = port_send,
    .close = port_close,
    .add_turn = add_turn,
    .remove_turn = remove_turn,
    .slow = slow,
    .outbound = port_outbound,
};

struct sim_world *world_new(uint64_t seed, int64_t start_us, const struct sim_hooks *hooks)
{
    struct sim_world *w = calloc(1, sizeof *w);
    assert(w);
    w->seed = seed;
    w->now_us = start_us;
    w->hooks = *hooks;
    return w;
}

int64_t world_now(const struct sim_world *w)
{
    return w->now_us;
}

void world_at(struct sim_world *w, int64_t at_us, void (*fn)(void *arg), void *arg)
{
    event_add(w, (struct event){.kind = EVENT_CALL, .at_us = later(at_us, w->now_us), .fn = fn, .arg = arg});
}

struct host *host_new(struct sim_world *w, const char *name)
{
    assert(w->n_hosts < SIM_HOSTS_MAX);
    struct host *h = calloc(1, sizeof *h);
    assert(h);
    h->world.ops = &sim_ops;
    h->w = w;
    h->name = name;
    h->number = w->n_hosts;
    h->random = sim_mix(w->seed, w->n_hosts + 1);
    h->inbox_end = &h->inbox;
    w->hosts[w->n_hosts++] = h;
    return h;
}

const char *host_name(const struct host *h)
{
    return h->name;
}

struct world *host_world(struct host *h)
{
    return &h->world;
}

struct host *host_running(const struct sim_world *w)
{
    return w->running;
}

bool host_run(struct host *h, void (*fn)(void *arg), void *arg)
{
    assert(!h->w->running);
    h->w->running = h;
    bool alive = setjmp(h->exit) == 0;
    if (alive)
        fn(arg);
    h->w->running = NULL;
    return alive;
}

void host_wake(struct host *h)
{
    round_at(h, h->w->now_us);
}

void host_die(struct host *h)
{
    assert(h->w->running == h);
    longjmp(h->exit, 1);
}

void host_clear(struct host *h)
{
    for (struct port *p = h->w->ports; p; p = p->next)
        if (p->host == h && !p->closed)
            port_close(p);
    while (h->inbox) {
        struct message *m = h->inbox;
        h->inbox = m->next;
        message_free(m);
    }
    h->inbox_end = &h->inbox;
    h->n_turns = h->queue = h->idle_rounds = 0;
    h->life++;
    h->round_us = h->paused_until_us = 0;
}

void host_silence(struct host *h)
{
    struct sim_world *w = h->w;
    for (size_t i = 0; i < w->n_events; i++)
        if (w->events[i].kind == EVENT_MESSAGE && w->events[i].message->from_host == h)
            w->events[i].message->to = 0;
    for (unsigned i = 0; i < w->n_hosts; i++)
        for (struct message *m = w->hosts[i]->inbox; m; m = m->next)
            if (m->from_host == h)
                m->to = 0;
}

void host_pause(struct host *h, int64_t until_us)
{
    h->paused_until_us = until_us;
    h->round_us = 0;
    round_at(h, until_us);
}

bool host_paused(const struct host *h)
{
    return h->paused_until_us > h->w->now_us;
}

int64_t host_latest_us(const struct host *h)
{
    return later(h->w->now_us + h->clock_us, h->latest_us);
}

void host_clock(struct host *h, int64_t by_us)
{
    h->latest_us = host_latest_us(h);
    h->clock_us += by_us;
    round_at(h, h->w->now_us);
}

size_t host_queue(const struct host *h)
{
    return h->queue;
}

void world_free(struct sim_world *w)
{
    for (unsigned i = 0; i < w->n_hosts; i++)
        host_clear(w->hosts[i]);
    for (size_t i = 0; i < w->n_events; i++)
        if (w->events[i].kind == EVENT_MESSAGE)
            message_free(w->events[i].message);
    for (struct port *p = w->ports, *next; p; p = next) {
        next = p->next;
        free(p);
    }
    for (unsigned i = 0; i < w->n_hosts; i++)
        free(w->hosts[i]);
    free(w->events);
    free(w);
}

/* --- one round of a host --- */

static void take(struct host *h, struct message *m)
{
    struct peer from = {.size = sizeof m->from};
    struct port *p = m->to_host ? NULL : port_numbered(h->w, m->to);
    memcpy(from.id, &m->from, sizeof m->from);
    if (m->job)
        m->job->done(m->job);
    else if (m->request)
        m->request->done(m->request, &m->result);
    else if (p && m->peer_lost)
        p->lost(p->arg);
    else if (p)
        p->receive(p->arg, &from, bytes_of(m->data, m->envelope_size),
                   bytes_of(m->data + m->envelope_size, m->body_size));
}

static void round_run(void *arg)
{
    struct host *h = arg;
    int64_t wake_us = 0;
    for (int n = 0; h->inbox && n < ROUND_MESSAGES_MAX; n++) {
        struct message *m = h->inbox;
        h->inbox = m->next;
        if (!h->inbox)
            h->inbox_end = &h->inbox;
        h->queue--;
        h->idle_rounds = 0;
        take(h, m);
        message_free(m);
    }
    for (size_t i = 0; i < h->n_turns; i++) {
        int64_t at = h->turns[i].run(h->turns[i].arg);
        if (at && (!wake_us || at < wake_us))
            wake_us = at;
    }
    h->wake_us = wake_us;
}

/* How long a round took is part of what the seed decides; what arrives meanwhile makes the next batch. */
static void round_fire(struct host *h)
{
    struct sim_world *w = h->w;
    h->round_us = 0;
    if (!h->n_turns)
        return;
    if (++h->idle_rounds > IDLE_ROUNDS_MAX)
        w->hooks.wrong(w->hooks.arg, "spin: a host runs again and again without anything to do");
    bool alive = host_run(h, round_run, h);
    h->busy_until_us =
        w->now_us + 1 +
        (int64_t)(sim_mix(w->seed ^ 0xb5, ++h->rounds ^ (uint64_t)h->number << 48) % BUSY_MAX_US);
    if (alive && h->inbox)
        round_at(h, w->now_us);
    else if (alive && h->wake_us)
        round_at(h, h->wake_us - h->clock_us);
    w->hooks.round(w->hooks.arg, h, alive);
}

static void arrive(struct sim_world *w, struct message *m)
{
    const struct port *p = m->to_host ? NULL : port_numbered(w, m->to);
    struct host *h = m->to_host ? m->to_host : p ? p->host : NULL;
    if (!h || !h->n_turns || (m->to_host && m->life != h->life)) {
        message_free(m);
        return;
    }
    m->next = NULL;
    *h->inbox_end = m;
    h->inbox_end = &m->next;
    h->queue++;
    round_at(h, w->now_us);
}

bool world_step(struct sim_world *w, int64_t until_us)
{
    while (w->n_events && w->events[0].at_us <= until_us) {
        struct event e = event_take(w);
        w->now_us = later(w->now_us, e.at_us);
        switch (e.kind) {
        case EVENT_MESSAGE:
            arrive(w, e.message);
            break;
        case EVENT_CALL:
            e.fn(e.arg);
            return true;
        case EVENT_ROUND:
            if (e.host->round_us != e.at_us)
                break; /* another came before it */
            round_fire(e.host);
            return true;
        }
    }
    w->now_us = later(w->now_us, until_us);
    return false;
}
