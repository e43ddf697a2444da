/* RecordService: the generic functions of plain records, for every service that keeps some. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "service/internal.h"

enum { PAGE_DEFAULT = 50, PAGE_MAX = 200, LOOK_MAX = 2000, REPLY_BYTES_MAX = 512 << 10 };

/* Facts together with who checks them. */
struct record_case {
    struct record_facts facts;
    record_check_fn *check;
};

static const struct record_row *row_of(const struct service *s, const char *type)
{
    for (size_t i = 0; i < s->def->n_records; i++)
        if (strcmp(s->def->tables[s->def->records[i].table].name, type) == 0)
            return &s->def->records[i];
    return NULL;
}

/* A single record is found without its id. */
static ProtobufCMessage *find_row(struct load *l, const struct record_row *row, const char *id)
{
    if (id && *id)
        return table_get_id(l->txn, row->table, id, l->arena);
    struct table_scan scan;
    ProtobufCMessage *found = NULL;
    if (table_message(txn_store(l->txn), row->table)->record->single &&
        table_scan_open(&scan, l->txn, row->table, NULL, NULL, NULL, false)) {
        found = table_scan_next(&scan, l->arena);
        table_scan_close(&scan);
    }
    return found;
}

static bool is_seen(struct load *l, unsigned table, const ProtobufCMessage *found, const Baton__Actor *actor)
{
    const struct service_def *def = l->service->def;
    if (actor_is(actor, BATON__ROLE__ROLE_SYSTEM))
        return true;
    for (size_t i = 0; i < def->n_seen; i++)
        if (def->seen[i].table == table)
            return def->seen[i].seen(l, found, actor);
    return true;
}

static bool may_see(struct load *l, const struct record_row *row, const ProtobufCMessage *found,
                    const Baton__Actor *actor)
{
    return record_may(schema_message(found->descriptor), found, actor, false) &&
           is_seen(l, row->table, found, actor);
}

static bool taken_by_other(struct load *l, const struct record_row *row, const char *field, const char *value,
                           const char *id)
{
    ProtobufCMessage *other = value ? table_find(l->txn, row->table, field, value, l->arena) : NULL;
    return other && (!id || strcmp(schema_get_text(other, "id"), id) != 0);
}

/* A unique value is taken as written and as folded: services may keep a folded form (e-mail addresses). */
static const char *taken_field(struct load *l, const struct record_row *row, const ProtobufCMessage *wanted,
                               const char *id)
{
    const struct schema_message *m = schema_message(wanted->descriptor);
    for (unsigned i = 0; i < m->pb->n_fields; i++) {
        const struct schema_field *f = &m->fields[i];
        if (!f->rules->unique)
            continue;
        const char *value = schema_get_text(wanted, f->pb->name);
        if (value && (taken_by_other(l, row, f->pb->name, value, id) ||
                      taken_by_other(l, row, f->pb->name, text_fold(l->arena, value), id)))
            return f->pb->name;
    }
    return NULL;
}

static struct record_case *case_of(struct load *l, const struct command *c, const char *type, const char *id,
                                   const ProtobufCMessage *wanted)
{
    struct record_case *k = ARENA_NEW(l->arena, struct record_case);
    const struct record_row *row = row_of(l->service, type);
    if (!row)
        return k;
    k->check = row->check;
    k->facts.before = wanted && !id ? NULL : find_row(l, row, id);
    if (k->facts.before && !is_seen(l, row->table, k->facts.before, c->actor))
        k->facts.before = NULL;
    if (k->facts.before) {
        struct key key = key_of(schema_get_text(k->facts.before, "id"));
        k->facts.before_seq = table_seq(l->txn, row->table, &key);
    }
    if (wanted)
        k->facts.taken_field = taken_field(l, row, wanted, id);
    k->facts.extra = row->extra ? row->extra(l, c) : NULL;
    return k;
}

static void *load_create(struct load *l, const struct command *c)
{
    const struct schema_field *member = NULL;
    const Baton__CreateRecordRequest *r = (const Baton__CreateRecordRequest *)c->request;
    ProtobufCMessage *wanted = schema_oneof(&r->record->base, &member);
    return wanted && row_of(l->service, member->pb->name) ? case_of(l, c, member->pb->name, NULL, wanted)
                                                          : NULL;
}

static void *load_update(struct load *l, const struct command *c)
{
    const struct schema_field *member = NULL;
    const Baton__UpdateRecordRequest *r = (const Baton__UpdateRecordRequest *)c->request;
    ProtobufCMessage *wanted = schema_oneof(&r->record->base, &member);
    if (!wanted)
        return NULL;
    const char *id = schema_get_text(wanted, "id");
    if (!id && member->message->record->single) {
        const struct record_row *row = row_of(l->service, member->pb->name);
        ProtobufCMessage *only = row ? find_row(l, row, NULL) : NULL;
        id = only ? schema_get_text(only, "id") : NULL;
    }
    return case_of(l, c, member->pb->name, id ? id : "", wanted);
}

static void *load_delete(struct load *l, const struct command *c)
{
    const Baton__DeleteRecordRequest *r = (const Baton__DeleteRecordRequest *)c->request;
    return case_of(l, c, r->type, r->id, NULL);
}

static bool refuse_none(struct outcome *out)
{
    return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "record", "no record is given that is kept here");
}

static bool decide_create(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct record_case *k = facts;
    return k ? record_decide_create(&k->facts, k->check, c, s, out) : refuse_none(out);
}

static bool decide_update(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct record_case *k = facts;
    return k ? record_decide_update(&k->facts, k->check, c, s, out) : refuse_none(out);
}

static bool decide_delete(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct record_case *k = facts;
    return record_decide_delete(&k->facts, k->check, c, s, out);
}

static const struct record_row *readable(struct load *l, const char *type, const Baton__Actor *actor,
                                         struct refusal *no)
{
    const struct record_row *row = row_of(l->service, type);
    if (!row)
        refuse(no, REFUSAL_INVALID_ARGUMENT, "type", "there is no record type \"%s\" here", type);
    else if (!record_may(table_message(txn_store(l->txn), row->table), NULL, actor, false)) {
        refuse(no, REFUSAL_PERMISSION_DENIED, NULL, "your role may not see records of this type");
        row = NULL;
    }
    return row;
}

static bool query_get(struct load *l, const struct command *c, ProtobufCMessage **reply, struct refusal *no)
{
    const Baton__GetRecordRequest *r = (const Baton__GetRecordRequest *)c->request;
    const struct record_row *row = readable(l, r->type, c->actor, no);
    if (!row)
        return false;
    ProtobufCMessage *found = find_row(l, row, r->id);
    if (!found || !may_see(l, row, found, c->actor))
        return refuse(no, REFUSAL_NOT_FOUND, "id", "there is no such record");
    Baton__GetRecordResponse *out = ARENA_NEW(l->arena, Baton__GetRecordResponse);
    baton__get_record_response__init(out);
    out->record = record_wrap(found, l->arena);
    *reply = &out->base;
    return true;
}

static size_t page_size(bool given, uint32_t size)
{
    return !given || size == 0 ? PAGE_DEFAULT : size < PAGE_MAX ? size : PAGE_MAX;
}

static bool query_list(struct load *l, const struct command *c, ProtobufCMessage **reply, struct refusal *no)
{
    const Baton__ListRecordsRequest *r = (const Baton__ListRecordsRequest *)c->request;
    const struct record_row *row = readable(l, r->type, c->actor, no);
    struct table_scan scan;
    if (!row)
        return false;
    if (!table_scan_open(&scan, l->txn, row->table, r->where_field, r->where_value, r->page_token, false))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, r->page_token ? "page_token" : "where_field",
                      "records cannot be listed by this");
    Baton__ListRecordsResponse *out = ARENA_NEW(l->arena, Baton__ListRecordsResponse);
    baton__list_records_response__init(out);
    size_t most = page_size(r->has_page_size, r->page_size), looked = 0, bytes = 0;
    out->records = ARENA_ARRAY(l->arena, Baton__Record *, most);
    ProtobufCMessage *found = NULL;
    while (out->n_records < most && looked < LOOK_MAX && bytes < REPLY_BYTES_MAX &&
           (found = table_scan_next(&scan, l->arena))) {
        looked++;
        if (!may_see(l, row, found, c->actor))
            continue;
        bytes += protobuf_c_message_get_packed_size(found);
        out->records[out->n_records++] = record_wrap(found, l->arena);
    }
    if (found)
        out->next_page_token = table_scan_token(&scan, l->arena);
    table_scan_close(&scan);
    *reply = &out->base;
    return true;
}

/* The change of this record in a log record, NULL if there is none. */
static Baton__RecordChanged *change_in(const Baton__LogRecord *record, const char *type, const char *id)
{
    for (size_t i = 0; i < record->n_events; i++) {
        const struct schema_field *member;
        Baton__Event *e = record->events[i];
        if (e->event_case != BATON__EVENT__EVENT_RECORD_CHANGED)
            continue;
        ProtobufCMessage *row = schema_oneof(&e->record_changed->record->base, &member);
        if (row && strcmp(member->pb->name, type) == 0 && strcmp(schema_get_text(row, "id"), id) == 0)
            return e->record_changed;
    }
    return NULL;
}

static Baton__Change *change_of(const Baton__LogRecord *record, const Baton__RecordChanged *e,
                                struct arena *a)
{
    Baton__Change *c = ARENA_NEW(a, Baton__Change);
    baton__change__init(c);
    c->has_kind = true;
    c->kind = e->kind;
    c->actor = record->actor;
    c->changed_at = timestamp_of(a, (int64_t)record->time_us);
    c->record = e->record;
    c->fields = e->fields;
    c->n_fields = e->n_fields;
    return c;
}

/* Each change names the log position of the one before it; the page token is such a position. */
static void collect_changes(struct load *l, const Baton__ListChangesRequest *r, uint64_t seq,
                            Baton__ListChangesResponse *out)
{
    size_t most = page_size(r->has_page_size, r->page_size);
    out->changes = ARENA_ARRAY(l->arena, Baton__Change *, most);
    while (seq && out->n_changes < most) {
        Baton__LogRecord *record = log_get(l->txn, seq, l->arena);
        Baton__RecordChanged *e = record ? change_in(record, r->type, r->id) : NULL;
        if (!e)
            return;
        out->changes[out->n_changes++] = change_of(record, e, l->arena);
        seq = e->previous_seq;
    }
    if (seq)
        out->next_page_token = arena_printf(l->arena, "%llu", (unsigned long long)seq);
}

static bool query_changes(struct load *l, const struct command *c, ProtobufCMessage **reply,
                          struct refusal *no)
{
    const Baton__ListChangesRequest *r = (const Baton__ListChangesRequest *)c->request;
    const struct record_row *row = readable(l, r->type, c->actor, no);
    if (!row)
        return false;
    struct key key = key_of(r->id);
    ProtobufCMessage *found = table_get(l->txn, row->table, &key, l->arena);
    if (!found || !may_see(l, row, found, c->actor))
        return refuse(no, REFUSAL_NOT_FOUND, "id", "there is no such record");
    uint64_t seq = table_seq(l->txn, row->table, &key);
    if (r->page_token && *r->page_token) {
        char *end;
        unsigned long long from = strtoull(r->page_token, &end, 10);
        if (*end || from > seq)
            return refuse(no, REFUSAL_INVALID_ARGUMENT, "page_token", "this is no page token");
        seq = from;
    }
    Baton__ListChangesResponse *out = ARENA_NEW(l->arena, Baton__ListChangesResponse);
    baton__list_changes_response__init(out);
    collect_changes(l, r, seq, out);
    *reply = &out->base;
    return true;
}

static const struct method_row rows[] = {
    {.name = "RecordService/CreateRecord", .load = load_create, .decide = decide_create},
    {.name = "RecordService/UpdateRecord", .load = load_update, .decide = decide_update},
    {.name = "RecordService/DeleteRecord", .load = load_delete, .decide = decide_delete},
    {.name = "RecordService/GetRecord", .query = query_get},
    {.name = "RecordService/ListRecords", .query = query_list},
    {.name = "RecordService/ListChanges", .query = query_changes},
};

const struct method_row *records_methods(size_t *n)
{
    *n = sizeof rows / sizeof *rows;
    return rows;
}
