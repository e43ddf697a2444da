/* What records were: every change with what it did to each field, and putting an earlier version back. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "schema/personal.h"
#include "service/records.h"

enum { VALUE_MAX = 512, FIELD_JSON_MAX = 1 << 20, BACK_MAX = 2000 };

/* A record as it is, or as it was when it was deleted. */
struct place {
    const struct record_row *row;
    ProtobufCMessage *live, *gone; /* one of them, or neither: there never was one */
    uint64_t seq;                  /* log position of the newest change */
};

/* The change of this record in a log record, NULL if there is none. */
static Baton__RecordChanged *change_in(const Baton__LogRecord *record, const char *type, const char *id)
{
    for (size_t i = 0; i < record->n_events; i++) {
        const struct schema_field *member;
        Baton__Event *e = record->events[i];
        if (e->event_case != BATON__EVENT__EVENT_RECORD_CHANGED || e->record_changed->copy)
            continue;
        ProtobufCMessage *row = schema_oneof(&e->record_changed->record->base, &member);
        if (row && strcmp(member->pb->name, type) == 0 && strcmp(schema_get_text(row, "id"), id) == 0)
            return e->record_changed;
    }
    return NULL;
}

static ProtobufCMessage *record_of(const Baton__RecordChanged *e)
{
    const struct schema_field *member;
    return schema_oneof(&e->record->base, &member);
}

static Baton__RecordChanged *change_at(struct load *l, uint64_t seq, const char *type, const char *id,
                                       Baton__LogRecord **record)
{
    *record = seq ? log_get(l->txn, seq, l->arena) : NULL;
    return *record ? change_in(*record, type, id) : NULL;
}

/* Whom the record is about has been erased since. */
static bool is_erased(const Baton__LogRecord *record, const ProtobufCMessage *row)
{
    const char *subject = record->n_sealed ? personal_subject(row) : NULL;
    return subject && seal_lacks(record, subject);
}

static struct place find(struct load *l, const struct record_row *row, const char *type, const char *id)
{
    struct place p = {.row = row};
    struct key key = key_of(id);
    Baton__LogRecord *record;
    p.live = table_get(l->txn, row->table, &key, l->arena);
    if (p.live) {
        p.seq = table_seq(l->txn, row->table, &key);
        return p;
    }
    int table = table_number(txn_store(l->txn), "gone");
    const Baton__GoneRecord *g = table_get_id(l->txn, (unsigned)table, id, l->arena);
    const Baton__RecordChanged *e =
        g && strcmp(g->type, type) == 0 ? change_at(l, g->seq, type, id, &record) : NULL;
    if (e) {
        p.gone = record_of(e);
        p.seq = g->seq;
    }
    return p;
}

/* --- history --- */

/* One field's value as JSON; NULL where it is absent. */
static char *value_text(const ProtobufCMessage *record, const struct schema_field *f, struct arena *a)
{
    struct buffer json;
    if (!record || f->rules->secret || !schema_present(record, f))
        return NULL;
    ProtobufCMessage *alone = arena_alloc(a, record->descriptor->sizeof_message);
    protobuf_c_message_init(record->descriptor, alone);
    schema_field_share(alone, record, f);
    buffer_init(&json, FIELD_JSON_MAX);
    bool whole = schema_to_json(alone, 0, &json);
    const char *text = buffer_cstr(&json);
    const size_t before = strlen(f->json_name) + 4; /* {"name": */
    size_t size = strlen(text);
    size = size > before ? size - before - (whole ? 1 : 0) : 0;
    char *value = size ? arena_strndup(a, text + before, size) : NULL;
    if (value && size > VALUE_MAX)
        value[text_clip(value, VALUE_MAX)] = '\0';
    buffer_release(&json);
    return value;
}

/* Names of fields and their values, of those that the actor is shown. */
static void tell_fields(const struct load *l, Baton__Change *c, const struct place *p,
                        const Baton__Actor *actor, const Baton__RecordChanged *e,
                        const ProtobufCMessage *before)
{
    struct arena *a = l->arena;
    const ProtobufCMessage *after = record_of(e);
    const struct schema_message *m = schema_message(after->descriptor);
    c->fields = ARENA_ARRAY(a, char *, e->n_fields);
    c->values = ARENA_ARRAY(a, Baton__FieldChange *, e->n_fields);
    for (size_t i = 0; i < e->n_fields; i++) {
        const struct schema_field *f = schema_field(m, e->fields[i]);
        if (!f || !records_shows(l, p->row, actor, f))
            continue;
        c->fields[c->n_fields++] = e->fields[i];
        if (!before)
            continue;
        Baton__FieldChange *v = c->values[c->n_values++] = ARENA_NEW(a, Baton__FieldChange);
        baton__field_change__init(v);
        v->field = e->fields[i];
        v->from = value_text(before, f, a);
        v->to = value_text(after, f, a);
    }
}

static Baton__Change *change_of(const struct load *l, const struct place *p, const Baton__Actor *actor,
                                const Baton__LogRecord *record, const Baton__RecordChanged *e,
                                const ProtobufCMessage *before)
{
    struct arena *a = l->arena;
    Baton__Change *c = ARENA_NEW(a, Baton__Change);
    baton__change__init(c);
    c->has_kind = c->has_seq = true;
    c->kind = e->kind;
    c->seq = record->seq;
    c->actor = record->actor;
    c->changed_at = timestamp_of(a, (int64_t)record->time_us);
    c->record = record_wrap(records_view(l, p->row->table, actor, record_of(e)), a);
    c->has_restored_seq = e->has_restored_seq;
    c->restored_seq = e->restored_seq;
    c->has_erased = c->erased = is_erased(record, record_of(e));
    tell_fields(l, c, p, actor, e, before);
    return c;
}

/* Each change names the log position of the one before it; the page token is such a position. */
static void collect(struct load *l, const struct command *c, const struct place *p, uint64_t seq,
                    Baton__ListChangesResponse *out)
{
    const Baton__ListChangesRequest *r = (const Baton__ListChangesRequest *)c->request;
    size_t most = records_page_size(r->has_page_size, r->page_size), bytes = 0;
    Baton__LogRecord *record, *earlier;
    out->changes = ARENA_ARRAY(l->arena, Baton__Change *, most);
    const Baton__RecordChanged *e = change_at(l, seq, r->type, r->id, &record);
    while (e && out->n_changes < most && bytes < RECORDS_REPLY_BYTES) {
        const Baton__RecordChanged *before = change_at(l, e->previous_seq, r->type, r->id, &earlier);
        Baton__Change *change = change_of(l, p, c->actor, record, e, before ? record_of(before) : NULL);
        bytes += protobuf_c_message_get_packed_size(&change->base);
        out->changes[out->n_changes++] = change;
        e = before;
        record = earlier;
    }
    if (e)
        out->next_page_token = arena_printf(l->arena, "%llu", (unsigned long long)record->seq);
}

bool records_query_changes(struct load *l, const struct command *c, ProtobufCMessage **reply,
                           struct refusal *no)
{
    const Baton__ListChangesRequest *r = (const Baton__ListChangesRequest *)c->request;
    const struct record_row *row = records_readable(l, r->type, c->actor, no);
    if (!row)
        return false;
    struct place p = find(l, row, r->type, r->id);
    if (!records_may_read(l, row->table, p.live ? p.live : p.gone, c->actor))
        return refuse(no, REFUSAL_NOT_FOUND, "id", "there is no such record");
    uint64_t seq = p.seq;
    if (r->page_token && *r->page_token) {
        char *end;
        unsigned long long from = strtoull(r->page_token, &end, 10);
        if (*end || from > seq)
            return refuse(no, REFUSAL_INVALID_ARGUMENT, "page_token", "this is no page token");
        seq = from;
    }
    Baton__ListChangesResponse *out = ARENA_NEW(l->arena, Baton__ListChangesResponse);
    baton__list_changes_response__init(out);
    collect(l, c, &p, seq, out);
    records_looked(l, row->table, c->actor, RECORD_LOOK_HISTORY, p.live ? p.live : p.gone,
                   out->n_changes ? 1 : 0);
    *reply = &out->base;
    return true;
}

/* --- restoring --- */

/* By its place, or the newest that is not younger than a time: looked for among the last BACK_MAX changes. */
static void version_load(struct load *l, const Baton__RestoreRecordRequest *r, uint64_t newest,
                         struct record_facts *f)
{
    Baton__LogRecord *record;
    uint64_t seq = r->has_seq ? r->seq : newest;
    const int64_t at_us = timestamp_us(r->changed_at);
    const Baton__RecordChanged *e = seq <= newest ? change_at(l, seq, r->type, r->id, &record) : NULL;
    for (int n = 1; e && !r->has_seq && (int64_t)record->time_us > at_us; n++)
        e = n < BACK_MAX ? change_at(l, e->previous_seq, r->type, r->id, &record) : NULL;
    if (!e)
        return;
    f->version = record_of(e);
    f->version_seq = record->seq;
    f->version_erased = is_erased(record, f->version);
}

/* What the service's own load is asked: about an update, or about a creation where there is none any more. */
static struct command as_if(const struct command *c, const struct record_facts *f, struct arena *a)
{
    struct command as = *c;
    Baton__Record *record = record_wrap(f->version, a);
    if (f->before) {
        Baton__UpdateRecordRequest *u = ARENA_NEW(a, Baton__UpdateRecordRequest);
        baton__update_record_request__init(u);
        u->record = record;
        as.request = &u->base;
    } else {
        Baton__CreateRecordRequest *n = ARENA_NEW(a, Baton__CreateRecordRequest);
        baton__create_record_request__init(n);
        n->record = record;
        as.request = &n->base;
        as.gone = f->gone;
    }
    return as;
}

void *records_load_restore(struct load *l, const struct command *c)
{
    const Baton__RestoreRecordRequest *r = (const Baton__RestoreRecordRequest *)c->request;
    struct record_case *k = ARENA_NEW(l->arena, struct record_case);
    const struct record_row *row = records_row(l->service, r->type);
    struct record_facts *f = &k->facts;
    if (!row)
        return k;
    struct place p = find(l, row, r->type, r->id);
    if (!p.live && !p.gone)
        return k;
    k->check = row->check;
    f->before = p.live;
    f->gone = p.gone;
    f->before_seq = p.seq;
    f->reach = records_reach(l, row->table, p.live ? p.live : p.gone, c->actor);
    version_load(l, r, p.seq, f);
    if (!f->version)
        return k;
    f->taken_field = records_taken_field(l, row, f->version, r->id);
    if (row->extra) {
        const struct command as = as_if(c, f, l->arena);
        f->extra = row->extra(l, &as);
    }
    return k;
}

bool records_decide_restore(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct record_case *k = facts;
    const Baton__RestoreRecordRequest *r = (const Baton__RestoreRecordRequest *)c->request;
    if (r->has_seq == (r->changed_at != NULL))
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "seq", "either seq or changed_at is given");
    return record_decide_restore(&k->facts, k->check, c, s, out);
}
