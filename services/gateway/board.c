/* Asks every service for its status and keeps the answers for a tenth of a second. */
#include "board.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "bus/status.h"
#include "http.h"
#include "stream.h"

enum { FRESH_US = 100000, ASK_TIMEOUT_MS = 1000, STATUS_MAX = 64 << 10, WARM_TIMEOUT_MS = 10000 };

/* One service's place: its last answer, packed; empty: it gave none. */
struct place {
    struct board *board;
    struct buffer status;
};

struct waiter {
    request_fn *done;
    struct request *request;
    struct waiter *next;
};

struct board {
    struct gateway *gateway;
    struct place places[CLIENT_SERVICES];
    unsigned n_asked;
    int64_t fresh_us; /* 0: never */
    int64_t started_us;
    struct waiter *waiters;
};

struct board *board_new(struct gateway *g)
{
    struct board *b = calloc(1, sizeof *b);
    assert(b);
    b->gateway = g;
    b->started_us = g->world->ops->wall_us(g->world);
    for (size_t i = 0; i < CLIENT_SERVICES; i++) {
        b->places[i].board = b;
        buffer_init(&b->places[i].status, STATUS_MAX);
    }
    return b;
}

void board_free(struct board *b)
{
    if (!b)
        return;
    assert(!b->waiters);
    for (size_t i = 0; i < CLIENT_SERVICES; i++)
        buffer_release(&b->places[i].status);
    free(b);
}

static void finish(struct board *b)
{
    b->fresh_us = gateway_now_us();
    for (struct waiter *w; (w = b->waiters) != NULL;) {
        b->waiters = w->next;
        w->done(w->request);
        free(w);
    }
}

static void on_status(void *arg, const struct refusal *no, struct bytes body)
{
    struct place *p = arg;
    buffer_clear(&p->status);
    if (!no && !buffer_add(&p->status, body.data, body.size))
        buffer_clear(&p->status);
    if (--p->board->n_asked == 0)
        finish(p->board);
}

static bool ask(struct board *b, size_t i, reply_fn *reply, void *arg, uint32_t timeout_ms)
{
    struct refusal no; /* that it is not there is an answer, too */
    const struct call call = {.service = client_services[i],
                              .method = "SystemService/GetStatus",
                              .actor = gateway_self(),
                              .timeout_ms = timeout_ms};
    return client_call(b->gateway->client, &call, reply, arg, &no);
}

void board_ask(struct board *b, request_fn *done, struct request *r)
{
    if (!b->n_asked && b->fresh_us && gateway_now_us() - b->fresh_us < FRESH_US)
        return done(r);
    if (!b->n_asked)
        for (size_t i = 0; i < CLIENT_SERVICES; i++) {
            buffer_clear(&b->places[i].status);
            b->n_asked += ask(b, i, on_status, &b->places[i], ASK_TIMEOUT_MS);
        }
    if (!b->n_asked) {
        b->fresh_us = gateway_now_us();
        return done(r);
    }
    struct waiter *w = malloc(sizeof *w);
    assert(w);
    *w = (struct waiter){done, r, b->waiters};
    b->waiters = w;
}

static void on_warm(void *arg, const struct refusal *no, struct bytes body)
{
    /* Nothing: the connection is what it was for. */
}

void board_warm(struct board *b)
{
    for (size_t i = 0; i < CLIENT_SERVICES; i++)
        (void)ask(b, i, on_warm, b, WARM_TIMEOUT_MS); /* a service that comes later is found by then */
}

Baton__ServiceStatus *board_status(const struct board *b, size_t i, struct arena *a)
{
    const struct buffer *packed = &b->places[i].status;
    const Baton__GetStatusResponse *answer = NULL;
    if (packed->size)
        answer = (const Baton__GetStatusResponse *)schema_unpack(
            schema_message(&baton__get_status_response__descriptor), buffer_bytes(packed), a);
    if (answer && answer->status)
        return answer->status;
    Baton__ServiceStatus *status = ARENA_NEW(a, Baton__ServiceStatus);
    baton__service_status__init(status);
    status->name = arena_strdup(a, client_services[i]);
    status->state = arena_strdup(a, "unreachable");
    return status;
}

Baton__ServiceStatus *board_self(const struct board *b, struct arena *a)
{
    const struct http_counts *counts = http_counts(b->gateway->http);
    Baton__ServiceStatus *status = ARENA_NEW(a, Baton__ServiceStatus);
    baton__service_status__init(status);
    status->name = arena_strdup(a, "gateway");
    status->version = arena_strdup(a, BATON_VERSION);
    status->state = arena_strdup(a, "ready");
    status->has_resident_bytes = status->has_started_us = status->has_queries = status->has_refusals = true;
    status->resident_bytes = status_resident_bytes();
    status->started_us = b->started_us;
    status->refusals = counts->classes[4] + counts->classes[5];
    status->queries = counts->classes[2] + counts->classes[3] + status->refusals;
    status->n_follows = 1;
    status->follows = ARENA_ARRAY(a, Baton__FollowStatus *, 1);
    status->follows[0] = status_follow(streams_follow(b->gateway->streams), a);
    return status;
}
