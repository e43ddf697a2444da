/* Puts the gateway's parts together and turns them with the loop. */
#include "gateway.h"

#include <assert.h>
#include <ev.h>
#include <sodium.h>
#include <stdlib.h>
#include <time.h>

#include "auth.h"
#include "board.h"
#include "bus/zloop.h"
#include "events.h"
#include "http.h"
#include "limit.h"
#include "page.h"
#include "stream.h"

int64_t gateway_now_us(void)
{
    struct timespec ts;
    (void)clock_gettime(CLOCK_MONOTONIC, &ts); /* is always there */
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

const Baton__Actor *gateway_self(void)
{
    static const Baton__Actor self = {.base = PROTOBUF_C_MESSAGE_INIT(&baton__actor__descriptor),
                                      .has_role = true,
                                      .role = BATON__ROLE__ROLE_SYSTEM,
                                      .service = (char *)(uintptr_t) "gateway"};
    return &self;
}

Baton__Actor gateway_actor(const struct who *who)
{
    Baton__Actor actor = BATON__ACTOR__INIT;
    actor.has_role = true;
    actor.role = who->role;
    actor.user_id = (char *)(uintptr_t)who->user_id;
    actor.session_id = who->session_id[0] ? (char *)(uintptr_t)who->session_id : NULL;
    return actor;
}

/* Calls that came back have resumed requests: libmicrohttpd goes on after everything else. */
static int64_t on_turn(void *arg)
{
    struct gateway *g = arg;
    int64_t wake = streams_turn(g->streams), events = events_turn(g->events), wait_us = http_turn(g->http);
    if (events && (!wake || events < wake))
        wake = events;
    int64_t now = g->world->ops->wall_us(g->world);
    if (wait_us >= 0 && (!wake || now + wait_us < wake))
        wake = now + wait_us;
    return wake;
}

struct gateway *gateway_new(struct world *world, struct ev_loop *loop, const struct gateway_options *options)
{
    struct gateway *g = calloc(1, sizeof *g);
    assert(g);
    g->world = world;
    g->loop = loop;
    g->public_url = options->public_url;
    g->arena = arena_new(GATEWAY_ARENA_MAX);
    randombytes_buf(g->form_key, sizeof g->form_key);
    transfers_init(&g->transfers);
    g->zip = zip_new();
    g->limit = limit_new();
    g->client = client_new(world);
    g->auth = auth_new(g);
    g->board = board_new(g);
    g->pages = pages_new(g);
    g->events = events_new(g);
    g->streams = streams_new(g);
    g->http = g->streams ? http_new(g, options) : NULL;
    if (!g->http) {
        gateway_free(g);
        return NULL;
    }
    world->ops->add_turn(world, on_turn, g);
    board_warm(g->board);
    return g;
}

struct drain {
    struct gateway *gateway;
    ev_timer late;
    ev_prepare look;
};

static void on_late(struct ev_loop *loop, ev_timer *timer, int events)
{
    ev_break(loop, EVBREAK_ALL);
}

static void on_look(struct ev_loop *loop, ev_prepare *prepare, int events)
{
    const struct drain *d = prepare->data;
    const struct gateway *g = d->gateway;
    if (http_requests(g->http) + streams_count(g->streams) + events_count(g->events) == 0)
        ev_break(loop, EVBREAK_ALL);
}

void gateway_drain(struct gateway *g)
{
    struct drain d = {.gateway = g};
    http_stop_listening(g->http);
    streams_end(g->streams);
    events_end(g->events);
    ev_timer_init(&d.late, on_late, GATEWAY_DRAIN_S, 0.);
    ev_prepare_init(&d.look, on_look);
    d.look.data = &d;
    ev_now_update(g->loop);
    ev_timer_start(g->loop, &d.late);
    ev_prepare_start(g->loop, &d.look);
    zloop_run(g->world);
    ev_timer_stop(g->loop, &d.late);
    ev_prepare_stop(g->loop, &d.look);
}

void gateway_free(struct gateway *g)
{
    if (!g)
        return;
    g->world->ops->remove_turn(g->world, g);
    client_free(g->client); /* answers what still waits, so that no connection is suspended */
    if (g->streams)
        streams_end(g->streams);
    events_end(g->events);
    http_free(g->http);
    streams_free(g->streams);
    events_free(g->events);
    pages_free(g->pages);
    board_free(g->board);
    auth_free(g->auth);
    limit_free(g->limit);
    zip_free(g->zip);
    arena_free(g->arena);
    free(g);
}

const char *gateway_url(const struct gateway *g)
{
    return http_url(g->http);
}
