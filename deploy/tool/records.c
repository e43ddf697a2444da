/* Plain records through RecordService. */
#include "tool/records.h"

#include <assert.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>
#include <time.h>

#include "base/ident.h"
#include "baton/v1/record.pb-c.h"
#include "schema/decide.h"
#include "tool/file.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/session.h"

enum { PAGE_SIZE = 200, LIST_ARENA_LIMIT = 512 << 20 };

char *request_id_new(struct arena *a)
{
    struct ident_source source = {0};
    struct timespec now;
    uint8_t random[10];
    char *text = arena_alloc(a, IDENT_TEXT_SIZE);
    ssize_t got = getrandom(random, sizeof random, 0);
    assert(got == (ssize_t)sizeof random);
    clock_gettime(CLOCK_REALTIME, &now);
    ident_source_advance(&source, (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000, random);
    ident_next_text(&source, text);
    return text;
}

void records_add(struct record_list *list, ProtobufCMessage *row, struct arena *a)
{
    if (list->n == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : 64;
        ProtobufCMessage **rows = ARENA_ARRAY(a, ProtobufCMessage *, capacity);
        if (list->n > 0)
            memcpy(rows, list->rows, list->n * sizeof *rows);
        list->rows = rows;
        list->capacity = capacity;
    }
    list->rows[list->n++] = row;
}

bool records_load(struct api *api, const char *type, struct arena *a, struct record_list *list,
                  struct refusal *no)
{
    Baton__ListRecordsRequest request;
    Baton__ListRecordsResponse *response;
    void *answer;
    *list = (struct record_list){0};
    baton__list_records_request__init(&request);
    request.type = (char *)type;
    request.has_page_size = true;
    request.page_size = PAGE_SIZE;
    do {
        if (!api_call(api, "RecordService/ListRecords", &request, a, &answer, no))
            return false;
        response = answer;
        for (size_t i = 0; i < response->n_records; i++) {
            const struct schema_field *field;
            ProtobufCMessage *row = schema_oneof(&response->records[i]->base, &field);
            if (row != NULL)
                records_add(list, row, a);
        }
        request.page_token = response->next_page_token;
    } while (request.page_token != NULL && *request.page_token != '\0');
    return true;
}

ProtobufCMessage *records_find(const struct record_list *list, const char *field, const char *value)
{
    for (size_t i = 0; value != NULL && i < list->n; i++) {
        const char *is = schema_get_text(list->rows[i], field);
        if (is != NULL && strcasecmp(is, value) == 0)
            return list->rows[i];
    }
    return NULL;
}

bool records_create(struct api *api, ProtobufCMessage *record, struct arena *a, ProtobufCMessage **made,
                    struct refusal *no)
{
    Baton__CreateRecordRequest request;
    const struct schema_field *field;
    void *answer;
    baton__create_record_request__init(&request);
    request.request_id = request_id_new(a);
    request.record = record_wrap(record, a);
    if (!api_call(api, "RecordService/CreateRecord", &request, a, &answer, no))
        return false;
    Baton__CreateRecordResponse *response = answer;
    *made = response->record != NULL ? schema_oneof(&response->record->base, &field) : NULL;
    return *made != NULL ||
           refuse(no, REFUSAL_INTERNAL, NULL, "the record that was made is not in the answer");
}

bool records_update(struct api *api, ProtobufCMessage *record, struct arena *a, struct refusal *no)
{
    Baton__UpdateRecordRequest request;
    void *answer;
    baton__update_record_request__init(&request);
    request.request_id = request_id_new(a);
    request.record = record_wrap(record, a);
    return api_call(api, "RecordService/UpdateRecord", &request, a, &answer, no);
}

ProtobufCMessage *records_read(const char *path, const struct schema_message *type, struct arena *a,
                               struct refusal *no)
{
    struct buffer b;
    ProtobufCMessage *m = NULL;
    buffer_init(&b, SCHEMA_MESSAGE_MAX);
    if (!file_read(path, &b))
        (void)refuse(no, REFUSAL_INVALID_ARGUMENT, NULL, "there is nothing in %s", path);
    else if (!schema_from_json(type, buffer_bytes(&b), a, &m, no))
        m = NULL;
    buffer_release(&b);
    return m;
}

bool records_replace(struct api *api, ProtobufCMessage *record, struct arena *a, struct refusal *no)
{
    Baton__UpdateRecordRequest request;
    const struct schema_message *type = schema_message(record->descriptor);
    void *answer;
    baton__update_record_request__init(&request);
    request.request_id = request_id_new(a);
    request.record = record_wrap(record, a);
    request.clear = ARENA_ARRAY(a, char *, type->pb->n_fields);
    for (unsigned i = 0; i < type->pb->n_fields; i++)
        if (!type->fields[i].rules->output_only && !schema_present(record, &type->fields[i]))
            request.clear[request.n_clear++] = (char *)(uintptr_t)type->fields[i].pb->name;
    return api_call(api, "RecordService/UpdateRecord", &request, a, &answer, no);
}

ProtobufCMessage *records_ensure(struct api *api, struct record_list *list, const char *field,
                                 ProtobufCMessage *record, struct arena *a, size_t *made, struct refusal *no)
{
    ProtobufCMessage *row = records_find(list, field, schema_get_text(record, field));
    if (row != NULL)
        return row;
    if (!records_create(api, record, a, &row, no))
        return NULL;
    records_add(list, row, a);
    (*made)++;
    return row;
}

static ProtobufCMessage *find_one(struct api *api, const char *type, const char *field, const char *value,
                                  struct arena *a, struct refusal *no)
{
    struct record_list list;
    if (!records_load(api, type, a, &list, no))
        return NULL;
    ProtobufCMessage *row = records_find(&list, field, value);
    if (row == NULL)
        (void)refuse(no, REFUSAL_NOT_FOUND, NULL, "there is no %s with the %s \"%s\"", type, field, value);
    return row;
}

Baton__User *records_user(struct api *api, const char *email, struct arena *a, struct refusal *no)
{
    return (Baton__User *)find_one(api, "user", "email", email, a, no);
}

const char *records_name(struct session *s, const char *type, const char *id)
{
    Baton__GetRecordRequest q = BATON__GET_RECORD_REQUEST__INIT;
    const struct schema_field *field;
    if (id == NULL)
        return "";
    q.type = (char *)(uintptr_t)type;
    q.id = (char *)(uintptr_t)id;
    const Baton__GetRecordResponse *answer = session_call(s, "RecordService/GetRecord", &q);
    const ProtobufCMessage *row =
        answer != NULL && answer->record != NULL ? schema_oneof(&answer->record->base, &field) : NULL;
    const char *name = row != NULL ? schema_get_text(row, "name") : NULL;
    return output_text(s->arena, name != NULL ? name : id);
}

bool records_user_id(struct api *api, const char *email, struct arena *a, char **id, struct refusal *no)
{
    const Baton__User *u = email != NULL ? records_user(api, email, a, no) : NULL;
    *id = u != NULL ? u->id : NULL;
    return email == NULL || u != NULL;
}

Baton__Team *records_team(struct api *api, const char *name, struct arena *a, struct refusal *no)
{
    return (Baton__Team *)find_one(api, "team", "name", name, a, no);
}

void records_print_json(struct tool *t, const struct record_list *list)
{
    struct buffer b;
    buffer_init(&b, SCHEMA_MESSAGE_MAX * 4);
    fputs("[", t->out);
    for (size_t i = 0; i < list->n; i++) {
        buffer_clear(&b);
        if (schema_to_json(list->rows[i], 0, &b))
            fprintf(t->out, "%s%s", i > 0 ? ",\n" : "\n", buffer_cstr(&b));
    }
    fputs("\n]\n", t->out);
    buffer_release(&b);
}

bool records_set(struct session *s, const char *type, const ProtobufCMessageDescriptor *of, const char *path)
{
    const struct schema_message *m = schema_message(of);
    struct record_list all;
    ProtobufCMessage *made, *row = records_read(path, m, s->arena, &s->no);
    if (row == NULL || !records_load(s->api, type, s->arena, &all, &s->no))
        return false;
    const ProtobufCMessage *there = records_find(&all, "name", schema_get_text(row, "name"));
    schema_drop_output_only(row);
    if (there != NULL)
        schema_set_text(row, "id", (char *)(uintptr_t)schema_get_text(there, "id"));
    if (there != NULL ? !records_replace(s->api, row, s->arena, &s->no)
                      : !records_create(s->api, row, s->arena, &made, &s->no))
        return false;
    if (s->tool->json)
        tool_print_json(s->tool, row);
    else
        fprintf(s->tool->out, "%s: %s\n", there != NULL ? "changed" : "made",
                output_text(s->arena, schema_get_text(row, "name")));
    return true;
}

struct listing {
    const char *type, *beside_type;
    records_print_fn *print;
};

static bool list_all(struct session *s)
{
    const struct listing *l = s->arg;
    struct record_list list, beside = {0};
    if (!records_load(s->api, l->type, s->arena, &list, &s->no) ||
        (l->beside_type != NULL && !records_load(s->api, l->beside_type, s->arena, &beside, &s->no)))
        return false;
    if (s->tool->json)
        records_print_json(s->tool, &list);
    else
        l->print(s->tool, &list, &beside, s->arena);
    return true;
}

int records_list(struct tool *t, int argc, char **argv, const char *type, const char *beside_type,
                 records_print_fn *print)
{
    struct listing l = {type, beside_type, print};
    int first;
    if (!options_read(NULL, 0, argc, argv, 0, 0, &first))
        return TOOL_USAGE;
    return session_run(t, LIST_ARENA_LIMIT, list_all, &l);
}
