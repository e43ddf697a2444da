/* Somebody outside reads the logs as an API: what they are told is what was committed, all of it that is
   public, from where they were; and a position of a log that was put back is refused. */
#include <stdio.h>
#include <string.h>

#include "baton/v1/system.pb-c.h"
#include "schema/public.h"
#include "sim/fill.h"

enum { JSON_MAX = 12 << 20 };

bool fill_read_events(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__ReadEventsRequest q = BATON__READ_EVENTS_REQUEST__INIT;
    size_t i = sim_below(random, SERVICES);
    uint64_t from = sim_below(random, 4);
    q.after = from == 0 ? NULL : from == 1 ? sim->reads[i].stale : sim->reads[i].upto;
    a->forbidden = q.after && from == 1;
    fill_query(a, sim->processes[i].def->name, "SystemService/ReadEvents", &q, arena);
    return true;
}

void reads_forget(struct sim *sim, enum service_number service, size_t beyond)
{
    struct reads *r = &sim->reads[service];
    if (r->upto && r->upto->seq > beyond)
        r->stale = r->upto;
    r->upto = NULL;
}

static bool is_at(const struct ledger *l, const Baton__EventPosition *p)
{
    return p->seq >= 1 && p->seq <= l->n && p->hash.len >= 6 && p->hash.len <= HASH_SIZE &&
           memcmp(p->hash.data, l->hashes[p->seq - 1], p->hash.len) == 0;
}

/* The record as it can be read now: without whoever was erased since. */
static const Baton__LogRecord *record_now(const struct ledger *l, size_t seq, struct arena *arena)
{
    bool before = l->process->sim->looking;
    if (!l->process->service)
        return l->records[seq - 1];
    l->process->sim->looking = true;
    struct txn *t = store_begin(l->process->store, false);
    const Baton__LogRecord *r = log_get(t, seq, arena);
    store_abort(t);
    l->process->sim->looking = before;
    return r;
}

/* What stands in a record at this place; false: nothing that is told. */
static bool is_told(const Baton__LogRecord *r, const struct ask *a, size_t i, struct arena *arena,
                    struct buffer *json)
{
    const size_t seq = r->seq;
    const struct schema_field *member;
    const ProtobufCMessage *event = schema_oneof(&r->events[i]->base, &member);
    const char *type = event ? public_type(event, arena) : NULL;
    if (!type || !public_may_see(event, &a->actor))
        return false;
    buffer_clear(json);
    const char *id = arena_printf(arena, "%s:%zu.%zu", a->service, seq, i + 1);
    (void)public_write(id, type, event, (int64_t)r->time_us, arena, json); /* fits, or it is not equal */
    return true;
}

static bool is_json(const Baton__PublicEvent *e, const struct buffer *json)
{
    return bytes_equal(bytes_of(e->json.data, e->json.len), buffer_bytes(json));
}

static size_t compare(const struct ledger *l, const struct ask *a, const Baton__EventPosition *after,
                      const Baton__ReadEventsResponse *r, struct arena *arena)
{
    size_t n = 0, from = after ? after->events : 0;
    struct buffer json;
    buffer_init(&json, JSON_MAX);
    for (size_t seq = after ? after->seq : 1; seq <= r->upto->seq; seq++, from = 0)
        for (size_t i = from; i < l->records[seq - 1]->n_events; i++) {
            if (!is_told(l->records[seq - 1], a, i, arena, &json))
                continue;
            const Baton__PublicEvent *e = n < r->n_events ? r->events[n] : NULL;
            if (!e || e->at->seq != seq || e->at->events != i + 1 || !is_at(l, e->at) ||
                !(is_json(e, &json) ||
                  (is_told(record_now(l, seq, arena), a, i, arena, &json) && is_json(e, &json))))
                sim_wrong(a->sim, "read: event %zu of record %zu of %s is not told as it is", i + 1, seq,
                          a->service);
            n++;
        }
    buffer_release(&json);
    return n;
}

void reads_answer(const struct ledger *l, const struct ask *a, const ProtobufCMessage *reply,
                  struct arena *arena)
{
    const Baton__ReadEventsResponse *r = (const Baton__ReadEventsResponse *)reply;
    const Baton__ReadEventsRequest *q = (const Baton__ReadEventsRequest *)schema_unpack(
        schema_message(&baton__read_events_request__descriptor), a->body, arena);
    struct reads *reads = &a->sim->reads[l->process->number];
    if (a->forbidden)
        return;
    if (!r->upto) {
        if (r->n_events || r->more)
            sim_wrong(a->sim, "read: events of %s from nowhere", a->service);
        return;
    }
    if (!is_at(l, r->upto))
        sim_wrong(a->sim, "read: what %s told was not committed", a->service);
    if (compare(l, a, q->after, r, arena) != r->n_events)
        sim_wrong(a->sim, "read: %s told more than there is", a->service);
    if (!reads->upto || reads->upto->seq < r->upto->seq)
        reads->upto =
            (Baton__EventPosition *)schema_unpack(schema_message(&baton__event_position__descriptor),
                                                  schema_pack(&r->upto->base, arena), a->sim->memory);
}
