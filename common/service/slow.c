/* The slow part of a command runs outside the loop; then the command takes its place in a batch. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "bus/envelope.h"
#include "service/internal.h"

struct slow_request {
    struct slow_job job; /* first */
    struct service *service;
    const struct slow_part *part;
    struct peer peer;
    void *memory;
    uint8_t *bytes; /* envelope and body, one behind the other */
    size_t envelope_size, body_size;
};

static void work(struct slow_job *job)
{
    struct slow_request *r = (struct slow_request *)job;
    if (r->memory)
        r->part->work(r->memory);
}

static void done(struct slow_job *job)
{
    struct slow_request *r = (struct slow_request *)job;
    struct service *s = r->service;
    struct item i = {.kind = ITEM_PREPARED, .peer = r->peer, .slow = r};
    i.envelope = (Baton__Envelope *)schema_unpack(schema_message(&baton__envelope__descriptor),
                                                  bytes_of(r->bytes, r->envelope_size), s->staged);
    i.body = bytes_of(r->bytes + r->envelope_size, r->body_size);
    assert(i.envelope); /* it was one before */
    service_stage(s, &i);
}

bool slow_begin(struct service *s, const struct item *i, const struct slow_part *part,
                const struct command *c, struct refusal *no)
{
    struct load l = batch_load(s);
    struct slow_request *r = calloc(1, sizeof *r);
    assert(r);
    *r = (struct slow_request){
        .job = {.work = work, .done = done}, .service = s, .part = part, .peer = i->peer};
    struct bytes envelope = schema_pack(&i->envelope->base, s->arena);
    r->envelope_size = envelope.size;
    r->body_size = i->body.size;
    r->bytes = malloc(r->envelope_size + r->body_size + 1);
    assert(r->bytes);
    memcpy(r->bytes, envelope.data, r->envelope_size);
    if (r->body_size)
        memcpy(r->bytes + r->envelope_size, i->body.data, r->body_size);
    r->memory = part->load(&l, c);
    if (s->world->ops->slow(s->world, &r->job))
        return true;
    slow_request_free(r);
    return refuse(no, REFUSAL_RESOURCE_EXHAUSTED, NULL,
                  "too much of this is under way; try again in a moment");
}

const void *slow_memory(const struct slow_request *r)
{
    return r->memory;
}

void slow_request_free(struct slow_request *r)
{
    free(r->memory);
    free(r->bytes);
    free(r);
}
