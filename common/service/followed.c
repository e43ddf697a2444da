/* Another service's record: copies of its records, then this service's own consequences; effect and cursor in
   one transaction. */
#include <assert.h>
#include <string.h>

#include "service/internal.h"

enum { CURSOR_EVERY = 256 };

Baton__Actor followed_actor(const struct service *s)
{
    Baton__Actor a = BATON__ACTOR__INIT;
    a.service = (char *)(uintptr_t)s->def->name;
    a.has_role = true;
    a.role = BATON__ROLE__ROLE_SYSTEM;
    return a;
}

bool followed_decide_copy(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    Baton__RecordChanged *e = ARENA_NEW(s->arena, Baton__RecordChanged);
    *e = *c->change;
    e->has_copy = e->copy = true;
    e->has_previous_seq = false;
    outcome_event(out, e);
    return true;
}

const struct copy_row *followed_copy(const struct service *s, const char *service,
                                     const struct schema_field *member)
{
    for (size_t i = 0; i < s->def->n_copies; i++) {
        const struct copy_row *row = &s->def->copies[i];
        if (strcmp(row->service, service) == 0 &&
            strcmp(s->def->tables[row->table].name, member->pb->name) == 0)
            return row;
    }
    return NULL;
}

ProtobufCMessage *followed_kept(const struct copy_row *row, ProtobufCMessage *record, struct arena *a)
{
    const struct schema_message *type = schema_message(record->descriptor);
    if (!row->fields)
        return record;
    ProtobufCMessage *kept = arena_alloc(a, record->descriptor->sizeof_message);
    protobuf_c_message_init(record->descriptor, kept);
    for (const char *const *name = row->fields; *name; name++)
        schema_field_share(kept, record, schema_field(type, *name));
    return kept;
}

void followed_decide(struct service *s, load_fn *load, decide_fn *decide, const struct command *c,
                     const struct origin *from)
{
    struct decided d = {0};
    command_run(s, load, decide, c, from, &d);
    assert(d.ok);
}

bool followed_is_copied(const struct copy_row *row, const ProtobufCMessage *record)
{
    const struct schema_message *type = schema_message(record->descriptor);
    char *const *texts;
    for (const char *const *name = row->only; name && *name; name++)
        if (schema_texts_of(record, schema_field(type, *name), &texts))
            return true;
    return !row->only;
}

/* One that is copied no more is gone here; one that never was is none. */
static void make_copy(struct service *s, const struct copy_row *row, const struct command *c,
                      const struct origin *from)
{
    const struct schema_field *member;
    Baton__RecordChanged change = *c->change;
    struct command copy = *c;
    ProtobufCMessage *record = schema_oneof(&change.record->base, &member);
    if (!followed_is_copied(row, record)) {
        const struct key key = key_of(schema_get_text(record, "id"));
        if (!table_seq(s->txn, row->table, &key))
            return;
        change.kind = BATON__CHANGE_KIND__CHANGE_KIND_DELETED;
    }
    change.record = record_wrap(followed_kept(row, record, s->arena), s->arena);
    copy.change = &change;
    followed_decide(s, NULL, followed_decide_copy, &copy, from);
}

static void run_rows(struct service *s, const char *service, const struct command *c,
                     const struct origin *from)
{
    for (size_t i = 0; i < s->def->n_follows; i++) {
        const struct follow_row *row = &s->def->follows[i];
        if (row->event == c->request->descriptor && strcmp(row->service, service) == 0)
            followed_decide(s, row->load, row->decide, c, from);
    }
}

static void followed_event(struct service *s, const char *service, const Baton__LogRecord *record,
                           const Baton__Event *event, const struct origin *from)
{
    const struct schema_field *member;
    Baton__Actor actor = followed_actor(s);
    struct command c = {.request = schema_oneof(&event->base, &member),
                        .actor = &actor,
                        .source_seq = from->source_seq,
                        .by = record->actor,
                        .by_us = (int64_t)record->time_us};
    if (!c.request)
        return; /* newer than this program */
    if (c.request->descriptor == &baton__record_changed__descriptor) {
        c.change = (const Baton__RecordChanged *)c.request;
        if (c.change->copy)
            return; /* its home is elsewhere, and so is who tells of it */
        c.request = schema_oneof(&c.change->record->base, &member);
        if (!c.request)
            return; /* as above */
        const struct copy_row *row = followed_copy(s, service, member);
        if (row)
            make_copy(s, row, &c, from);
    }
    run_rows(s, service, &c, from);
}

void followed_run(struct service *s, const struct item *i)
{
    if (s->pressure || i->rewinds != follow_rewinds(i->follow))
        return; /* asked for again when there is room, or since then */
    const char *service = follow_service(i->follow);
    uint64_t head = log_head(s->store).seq;
    Baton__LogRecord *record = seal_read_with(i->body, i->keys, s->arena);
    assert(record); /* its checksum and chain were right */
    if (rejoin_takes(s, i, record))
        return;
    struct origin from = {
        .request_id = NULL, .trace_id = record->trace_id, .source = service, .source_seq = record->seq};
    for (size_t k = 0; k < record->n_events; k++)
        followed_event(s, service, record, record->events[k], &from);
    /* A record without effect moves the cursor only now and then: a commit for nothing costs a sync. */
    if (log_head(s->store).seq != head || i->at.at.seq % CURSOR_EVERY == 0)
        cursor_put(s->txn, service, &i->at);
}
