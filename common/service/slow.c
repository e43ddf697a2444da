/* What is too slow for the loop runs outside of it: the slow part of a command, which then takes its place in
   a batch, and a query as a whole. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "bus/envelope.h"
#include "service/internal.h"

struct slow_request {
    struct slow_job job; /* first */
    struct service *service;
    struct peer peer;
    uint8_t *bytes; /* envelope and body, one behind the other */
    size_t envelope_size, body_size;
    /* a slow part */
    const struct slow_part *part;
    void *memory;
    /* or a query */
    const struct method_state *method;
    int64_t now_us;
    struct arena *arena; /* of the answer */
    struct decided answer;
};

static Baton__Envelope *envelope_of(const struct slow_request *r, struct arena *a)
{
    Baton__Envelope *e = (Baton__Envelope *)schema_unpack(schema_message(&baton__envelope__descriptor),
                                                          bytes_of(r->bytes, r->envelope_size), a);
    assert(e); /* it was one before */
    return e;
}

static struct bytes body_of(const struct slow_request *r)
{
    return bytes_of(r->bytes + r->envelope_size, r->body_size);
}

static void done(struct slow_job *job)
{
    struct slow_request *r = (struct slow_request *)job;
    struct service *s = r->service;
    struct item i = {.kind = ITEM_PREPARED, .peer = r->peer, .slow = r};
    i.envelope = envelope_of(r, s->staged);
    i.body = body_of(r);
    service_stage(s, &i);
}

static struct slow_request *request_new(struct service *s, const struct item *i,
                                        void (*work)(struct slow_job *job))
{
    struct slow_request *r = calloc(1, sizeof *r);
    assert(r);
    *r = (struct slow_request){.job = {.work = work, .done = done}, .service = s, .peer = i->peer};
    struct bytes envelope = schema_pack(&i->envelope->base, s->arena);
    r->envelope_size = envelope.size;
    r->body_size = i->body.size;
    r->bytes = malloc(r->envelope_size + r->body_size + 1);
    assert(r->bytes);
    memcpy(r->bytes, envelope.data, r->envelope_size);
    if (r->body_size)
        memcpy(r->bytes + r->envelope_size, i->body.data, r->body_size);
    return r;
}

static bool request_add(struct service *s, struct slow_request *r, struct refusal *no)
{
    if (s->world->ops->slow(s->world, &r->job))
        return true;
    slow_request_free(r);
    return refuse(no, REFUSAL_RESOURCE_EXHAUSTED, NULL,
                  "too much of this is under way; try again in a moment");
}

void slow_request_free(struct slow_request *r)
{
    arena_free(r->arena);
    free(r->memory);
    free(r->bytes);
    free(r);
}

/* --- a slow part --- */

static void work(struct slow_job *job)
{
    struct slow_request *r = (struct slow_request *)job;
    if (r->memory)
        r->part->work(r->memory);
}

bool slow_begin(struct service *s, const struct item *i, const struct slow_part *part,
                const struct command *c, struct refusal *no)
{
    struct load l = batch_load(s);
    struct slow_request *r = request_new(s, i, work);
    r->part = part;
    r->memory = part->load(&l, c);
    r->job.is_long = part->is_long && r->memory && part->is_long(r->memory);
    return request_add(s, r, no);
}

const void *slow_memory(const struct slow_request *r)
{
    return r->memory;
}

/* --- a query --- */

/* Added to on the loop alone; taken from by whoever has answered. */
static void asides_add(struct service *s, int n)
{
    pthread_mutex_lock(&s->asides.lock);
    s->asides.n += (unsigned)n;
    if (!s->asides.n)
        pthread_cond_signal(&s->asides.none);
    pthread_mutex_unlock(&s->asides.lock);
}

static bool asides_go_on(struct service *s)
{
    pthread_mutex_lock(&s->asides.lock);
    const bool goes_on = !s->asides.end;
    pthread_mutex_unlock(&s->asides.lock);
    return goes_on;
}

/* As in a batch: what cannot be read is not answered. */
static void answer(struct slow_request *r)
{
    struct decided *d = &r->answer;
    struct command c;
    ProtobufCMessage *reply = NULL;
    r->arena = arena_new(BATCH_ARENA_MAX);
    struct load l = {.txn = store_begin(r->service->store, false),
                     .arena = r->arena,
                     .now_us = r->now_us,
                     .view = r->service->view};
    if (!l.txn)
        log_fatal("service", "the store cannot be used any more");
    d->ok = request_read(r->method, envelope_of(r, r->arena), body_of(r), r->arena, &c, &d->no) &&
            r->method->row->query(&l, &c, &reply, &d->no);
    if (d->ok && reply)
        d->reply = schema_pack(reply, r->arena);
    if (txn_failed(l.txn))
        log_fatal("service", "the store could not be read, so nobody gets an answer");
    store_abort(l.txn);
}

static void work_aside(struct slow_job *job)
{
    struct slow_request *r = (struct slow_request *)job;
    if (asides_go_on(r->service))
        answer(r);
    asides_add(r->service, -1);
}

bool aside_begin(struct service *s, const struct item *i, const struct method_state *m, struct refusal *no)
{
    struct slow_request *r = request_new(s, i, work_aside);
    r->method = m;
    r->now_us = s->last_us;
    asides_add(s, 1);
    if (request_add(s, r, no))
        return true;
    asides_add(s, -1);
    return false;
}

const struct decided *aside_answer(const struct slow_request *r)
{
    return r->method ? &r->answer : NULL;
}

void asides_end(struct service *s)
{
    pthread_mutex_lock(&s->asides.lock);
    s->asides.end = true;
    while (s->asides.n)
        pthread_cond_wait(&s->asides.none, &s->asides.lock);
    pthread_mutex_unlock(&s->asides.lock);
}
