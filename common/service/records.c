/* RecordService: the generic functions of plain records, for every service that keeps some. */
#include "service/records.h"

#include <string.h>

#include "base/text.h"

enum { PAGE_DEFAULT = 50, PAGE_MAX = 200, LOOK_MAX = 2000 };

const struct record_row *records_row(const struct service *s, const char *type)
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

/* NULL: roles alone say it. */
static const struct access_row *access_of(const struct load *l, unsigned table)
{
    const struct service_def *def = l->service->def;
    for (size_t i = 0; i < def->n_accesses; i++)
        if (def->accesses[i].table == table)
            return &def->accesses[i];
    return NULL;
}

enum record_reach records_reach(struct load *l, unsigned table, const ProtobufCMessage *record,
                                const Baton__Actor *actor)
{
    const struct access_row *access = access_of(l, table);
    return access && access->reach ? access->reach(l, record, actor) : RECORD_BY_ROLE;
}

/* Of a row, or of none. */
static struct record_facts facts_of(struct load *l, unsigned table, ProtobufCMessage *row,
                                    const Baton__Actor *actor)
{
    struct record_facts f = {.before = row};
    if (row) {
        struct key key = key_of(schema_get_text(row, "id"));
        f.before_seq = table_seq(l->txn, table, &key);
        f.reach = records_reach(l, table, row, actor);
    }
    return f;
}

struct record_facts records_facts(struct load *l, unsigned table, const char *id, const Baton__Actor *actor)
{
    return facts_of(l, table, table_get_id(l->txn, table, id, l->arena), actor);
}

bool records_may_read(struct load *l, unsigned table, const ProtobufCMessage *record,
                      const Baton__Actor *actor)
{
    return record && record_reached(schema_message(record->descriptor), record,
                                    records_reach(l, table, record, actor), actor, false);
}

bool records_shows(const struct load *l, const struct record_row *row, const Baton__Actor *actor,
                   const struct schema_field *f)
{
    const struct access_row *access = access_of(l, row->table);
    return !access || !access->shows || access->shows(actor, f);
}

ProtobufCMessage *records_view(const struct load *l, unsigned table, const Baton__Actor *actor,
                               ProtobufCMessage *record)
{
    const struct schema_message *m = schema_message(record->descriptor);
    const struct access_row *access = access_of(l, table);
    if (!access || !access->shows)
        return record;
    ProtobufCMessage *view = arena_alloc(l->arena, record->descriptor->sizeof_message);
    protobuf_c_message_init(record->descriptor, view);
    for (unsigned i = 0; i < m->pb->n_fields; i++)
        if (access->shows(actor, &m->fields[i]))
            schema_field_share(view, record, &m->fields[i]);
    return view;
}

void records_looked(struct load *l, unsigned table, const Baton__Actor *actor, enum record_look look,
                    const ProtobufCMessage *record, size_t n)
{
    const struct access_row *access = access_of(l, table);
    if (access && access->looked && n)
        access->looked(l, actor, look, record, n);
}

static bool taken_by_other(struct load *l, const struct record_row *row, const char *field, const char *value,
                           const char *id)
{
    ProtobufCMessage *other = value ? table_find(l->txn, row->table, field, value, l->arena) : NULL;
    return other && (!id || strcmp(schema_get_text(other, "id"), id) != 0);
}

/* A unique value is taken as written and as folded: services may keep a folded form (e-mail addresses). */
const char *records_taken_field(struct load *l, const struct record_row *row, const ProtobufCMessage *wanted,
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
    const struct record_row *row = records_row(l->service, type);
    if (!row)
        return k;
    k->check = row->check;
    k->facts = facts_of(l, row->table, wanted && !id ? NULL : find_row(l, row, id), c->actor);
    if (wanted)
        k->facts.taken_field = records_taken_field(l, row, wanted, id);
    k->facts.extra = row->extra ? row->extra(l, c) : NULL;
    return k;
}

static void *load_create(struct load *l, const struct command *c)
{
    const struct schema_field *member = NULL;
    const Baton__CreateRecordRequest *r = (const Baton__CreateRecordRequest *)c->request;
    ProtobufCMessage *wanted = schema_oneof(&r->record->base, &member);
    return wanted && records_row(l->service, member->pb->name) ? case_of(l, c, member->pb->name, NULL, wanted)
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
        const struct record_row *row = records_row(l->service, member->pb->name);
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

const struct record_row *records_readable(struct load *l, const char *type, const Baton__Actor *actor,
                                          struct refusal *no)
{
    const struct record_row *row = records_row(l->service, type);
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
    const struct record_row *row = records_readable(l, r->type, c->actor, no);
    if (!row)
        return false;
    ProtobufCMessage *found = find_row(l, row, r->id);
    if (!records_may_read(l, row->table, found, c->actor))
        return refuse(no, REFUSAL_NOT_FOUND, "id", "there is no such record");
    Baton__GetRecordResponse *out = ARENA_NEW(l->arena, Baton__GetRecordResponse);
    baton__get_record_response__init(out);
    out->record = record_wrap(records_view(l, row->table, c->actor, found), l->arena);
    records_looked(l, row->table, c->actor, RECORD_LOOK_GET, found, 1);
    *reply = &out->base;
    return true;
}

size_t records_page_size(bool given, uint32_t size)
{
    return !given || size == 0 ? PAGE_DEFAULT : size < PAGE_MAX ? size : PAGE_MAX;
}

/* What one is not shown, one does not find out by asking for it either. */
static bool may_ask(const struct load *l, const struct record_row *row, const Baton__Actor *actor,
                    const char *name)
{
    const struct schema_field *f =
        name ? schema_field(table_message(txn_store(l->txn), row->table), name) : NULL;
    return !f || records_shows(l, row, actor, f);
}

static bool query_list(struct load *l, const struct command *c, ProtobufCMessage **reply, struct refusal *no)
{
    const Baton__ListRecordsRequest *r = (const Baton__ListRecordsRequest *)c->request;
    const struct record_row *row = records_readable(l, r->type, c->actor, no);
    struct table_scan scan;
    if (!row)
        return false;
    if (!may_ask(l, row, c->actor, r->where_field) ||
        !table_scan_open(&scan, l->txn, row->table, r->where_field, r->where_value, r->page_token, false))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, r->page_token ? "page_token" : "where_field",
                      "records cannot be listed by this");
    Baton__ListRecordsResponse *out = ARENA_NEW(l->arena, Baton__ListRecordsResponse);
    baton__list_records_response__init(out);
    size_t most = records_page_size(r->has_page_size, r->page_size), looked = 0, bytes = 0;
    out->records = ARENA_ARRAY(l->arena, Baton__Record *, most);
    ProtobufCMessage *found = NULL;
    while (out->n_records < most && looked < LOOK_MAX && bytes < RECORDS_REPLY_BYTES &&
           (found = table_scan_next(&scan, l->arena))) {
        looked++;
        if (!records_may_read(l, row->table, found, c->actor))
            continue;
        bytes += protobuf_c_message_get_packed_size(found);
        out->records[out->n_records++] = record_wrap(records_view(l, row->table, c->actor, found), l->arena);
    }
    if (found)
        out->next_page_token = table_scan_token(&scan, l->arena);
    table_scan_close(&scan);
    records_looked(l, row->table, c->actor, RECORD_LOOK_LIST, NULL, out->n_records);
    *reply = &out->base;
    return true;
}

static const struct method_row rows[] = {
    {.name = "RecordService/CreateRecord", .load = load_create, .decide = decide_create},
    {.name = "RecordService/UpdateRecord", .load = load_update, .decide = decide_update},
    {.name = "RecordService/DeleteRecord", .load = load_delete, .decide = decide_delete},
    {.name = "RecordService/RestoreRecord", .load = records_load_restore, .decide = records_decide_restore},
    {.name = "RecordService/GetRecord", .query = query_get},
    {.name = "RecordService/ListRecords", .query = query_list},
    {.name = "RecordService/ListChanges", .query = records_query_changes},
};

const struct method_row *records_methods(size_t *n)
{
    *n = sizeof rows / sizeof *rows;
    return rows;
}
