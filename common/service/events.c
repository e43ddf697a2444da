/* The log as the world may read it: public events from any position on, a page at a time. */
#include <string.h>

#include "base/log.h"
#include "schema/public.h"
#include "service/internal.h"

/* A page ends behind the record with which it reaches one of these; looking takes about half a millisecond.
 */
enum { PAGE_BYTES = 32 << 10, LOOKED_AT_BYTES = 128 << 10, LOOKED_AT_RECORDS = 256 };
enum { POSITION_HASH_SIZE = 6, JSON_MAX = 12 << 20 };

struct page {
    struct load *load;
    const Baton__Actor *actor;
    const Baton__ReadEventsRequest *request;
    Baton__ReadEventsResponse *out;
    size_t room, bytes;
    struct buffer json;
};

static Baton__EventPosition *position_new(struct arena *a, uint64_t seq, size_t events, const uint8_t *hash)
{
    Baton__EventPosition *p = ARENA_NEW(a, Baton__EventPosition);
    baton__event_position__init(p);
    p->has_seq = p->has_events = p->has_hash = true;
    p->seq = seq;
    p->events = (uint32_t)events;
    p->hash = (ProtobufCBinaryData){POSITION_HASH_SIZE, arena_copy(a, hash, POSITION_HASH_SIZE)};
    return p;
}

static bool wants(const Baton__ReadEventsRequest *r, const char *type)
{
    for (size_t i = 0; i < r->n_types; i++)
        if (strcmp(r->types[i], type) == 0)
            return true;
    return r->n_types == 0;
}

static Baton__PublicEvent *event_new(struct page *p, const char *type)
{
    if (p->out->n_events == p->room) {
        size_t room = p->room ? 2 * p->room : 64;
        Baton__PublicEvent **more = ARENA_ARRAY(p->load->arena, Baton__PublicEvent *, room);
        if (p->room)
            memcpy(more, p->out->events, p->room * sizeof *more);
        p->out->events = more;
        p->room = room;
    }
    Baton__PublicEvent *e = ARENA_NEW(p->load->arena, Baton__PublicEvent);
    baton__public_event__init(e);
    e->type = arena_strdup(p->load->arena, type);
    return p->out->events[p->out->n_events++] = e;
}

/* What does not fit is larger than any record makes it; it must not be passed over in silence. */
static void write_json(struct page *p, Baton__PublicEvent *e, const ProtobufCMessage *payload)
{
    struct arena *a = p->load->arena;
    const char *id = arena_printf(a, "%s:%llu.%u", p->load->service->def->name,
                                  (unsigned long long)e->at->seq, e->at->events);
    buffer_clear(&p->json);
    if (!public_write(id, e->type, payload, (int64_t)e->time_us, a, &p->json)) {
        log_failure("events", "an event %s is too large to be told", e->type);
        buffer_clear(&p->json);
        (void)buffer_printf(&p->json, "{\"id\":\"%s\",\"type\":\"%s\",\"data\":null}", id,
                            e->type); /* fits */
    }
    e->has_json = true;
    e->json = (ProtobufCBinaryData){p->json.size, arena_copy(a, p->json.data, p->json.size)};
    p->bytes += p->json.size;
}

static void take_record(struct page *p, const Baton__LogRecord *record, size_t from, const uint8_t *hash)
{
    struct arena *a = p->load->arena;
    for (size_t i = from; i < record->n_events; i++) {
        const struct schema_field *member;
        const ProtobufCMessage *payload = schema_oneof(&record->events[i]->base, &member);
        const char *type = payload ? public_type(payload, a) : NULL;
        if (!type || !wants(p->request, type) || !public_may_see(payload, p->actor))
            continue;
        Baton__PublicEvent *e = event_new(p, type);
        e->has_time_us = true;
        e->time_us = record->time_us;
        e->at = position_new(a, record->seq, i + 1, hash);
        write_json(p, e, payload);
    }
}

/* From the rest of the record that was read last. */
static void collect(struct page *p)
{
    struct load *l = p->load;
    const Baton__EventPosition *after = p->request->after;
    uint64_t head = log_head(txn_store(l->txn)).seq, seq = after && after->seq ? after->seq : 1;
    size_t looked_at = 0, from = after && after->seq ? after->events : 0;
    for (unsigned n = 0;
         seq <= head && n < LOOKED_AT_RECORDS && looked_at < LOOKED_AT_BYTES && p->bytes < PAGE_BYTES;
         n++, seq++, from = 0) {
        struct bytes stored;
        const Baton__LogRecord *record = NULL;
        if (log_read(l->txn, seq, l->arena, &stored))
            record = seal_read(l->txn, stored, l->arena);
        if (!record)
            log_fatal("service", "record %llu of the log cannot be read", (unsigned long long)seq);
        take_record(p, record, from, log_stored_hash(stored));
        looked_at += stored.size;
        p->out->upto = position_new(l->arena, seq, record->n_events, log_stored_hash(stored));
    }
    p->out->has_more = true;
    p->out->more = seq <= head;
}

static bool check_types(const Baton__ReadEventsRequest *r, struct refusal *no)
{
    for (size_t i = 0; i < r->n_types; i++)
        if (!public_is_type(r->types[i]))
            return refuse(no, REFUSAL_INVALID_ARGUMENT, "types",
                          "there are no events \"%.64s\"; there are such as lead.assigned, account.created, "
                          "opportunity.updated",
                          r->types[i]);
    return true;
}

static bool check_position(struct load *l, const Baton__EventPosition *after, struct refusal *no)
{
    if (!after || !after->seq)
        return true;
    if (after->hash.len < POSITION_HASH_SIZE)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "after", "the position has no hash");
    const struct remembered p = {.seq = after->seq, .hash = bytes_of(after->hash.data, after->hash.len)};
    const char *what = lost_what(l->service, l->txn, &p, l->arena);
    return !what || refuse(no, REFUSAL_FAILED_PRECONDITION, "after",
                           "this cursor %s. Read from the beginning: ask without a cursor", what);
}

bool events_query(struct load *l, const struct command *c, ProtobufCMessage **reply, struct refusal *no)
{
    struct page p = {.load = l, .actor = c->actor, .request = (const Baton__ReadEventsRequest *)c->request};
    if (!check_types(p.request, no) || !check_position(l, p.request->after, no))
        return false;
    p.out = ARENA_NEW(l->arena, Baton__ReadEventsResponse);
    baton__read_events_response__init(p.out);
    buffer_init(&p.json, JSON_MAX);
    collect(&p);
    buffer_release(&p.json);
    *reply = &p.out->base;
    return true;
}
