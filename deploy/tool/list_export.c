/* `baton contact export` and `baton account export`: page by page, as vCards, CSV or JSON lines. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cards/card.h"
#include "tool/list_map.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/records.h"
#include "tool/session.h"

enum { PAGE_ROWS = 500, PAGE_MEMORY = 64 << 20, KEPT_MEMORY = 512 << 20, RECORD_MAX = 1 << 20 };

struct exporting;
typedef void write_fn(struct exporting *x, const ProtobufCMessage *record, const char *company);

struct exporting {
    struct tool *tool;
    const char *type, *where_field, *where_value, *path;
    Baton__ExportFormat format;
    write_fn *write;
    FILE *out;
    struct lead_fields fields;
    struct record_list accounts; /* in the order of their ids */
    struct arena *page;
    struct buffer text;
    uint64_t n;
    bool too_large; /* a record did not fit */
};

/* --- forms --- */

static void write_card(struct exporting *x, const ProtobufCMessage *record, const char *company)
{
    enum card_version v = x->format == BATON__EXPORT_FORMAT__EXPORT_FORMAT_VCARD4 ? CARD_4 : CARD_3;
    bool whole = record->descriptor == &baton__contact__descriptor
                     ? card_of_contact((const Baton__Contact *)record, company, v, x->page, &x->text)
                     : card_of_account((const Baton__Account *)record, v, x->page, &x->text);
    x->too_large = x->too_large || !whole;
}

static void add_cell(struct exporting *x, const char *text, bool first)
{
    cell_add(&x->text, text, first, x->page);
}

/* A contact's account stands as its name: an id means nothing elsewhere. */
static bool has_column(const struct lead_field *f)
{
    return strcmp(f->name, "account_id") != 0;
}

static const char *cell_of(struct exporting *x, const ProtobufCMessage *record, const struct lead_field *f)
{
    const ProtobufCMessage *holder =
        f->outer == NULL ? record
                         : *(ProtobufCMessage *const *)((const uint8_t *)record + f->outer->pb->offset);
    if (holder == NULL || !schema_present(holder, f->field))
        return "";
    if (f->field->pb->type == PROTOBUF_C_TYPE_STRING)
        return schema_text_of(holder, f->field);
    int64_t value = schema_int_of(holder, f->field);
    if (f->field->pb->type == PROTOBUF_C_TYPE_BOOL)
        return value != 0 ? "yes" : "no";
    if (f->field->pb->type != PROTOBUF_C_TYPE_ENUM)
        return arena_printf(x->page, "%" PRId64, value);
    const ProtobufCEnumValue *e = protobuf_c_enum_descriptor_get_value(f->field->pb->descriptor, (int)value);
    return e != NULL ? e->name : "";
}

static void write_cells(struct exporting *x, const ProtobufCMessage *record, const char *company)
{
    add_cell(x, schema_get_text(record, "id"), true);
    for (size_t i = 0; i < x->fields.n; i++)
        if (has_column(&x->fields.all[i]))
            add_cell(x, cell_of(x, record, &x->fields.all[i]), false);
    if (record->descriptor == &baton__contact__descriptor)
        add_cell(x, company != NULL ? company : "", false);
    (void)buffer_text(&x->text, "\r\n"); /* RFC 4180 */
}

static void write_header(struct exporting *x)
{
    if (x->format != BATON__EXPORT_FORMAT__EXPORT_FORMAT_CSV)
        return;
    fputs("\"id\"", x->out);
    for (size_t i = 0; i < x->fields.n; i++)
        if (has_column(&x->fields.all[i]))
            fprintf(x->out, ",\"%s\"", x->fields.all[i].name);
    fputs(strcmp(x->type, "contact") == 0 ? ",\"company\"\r\n" : "\r\n", x->out);
}

static void write_json(struct exporting *x, const ProtobufCMessage *record, const char *company)
{
    if (!schema_to_json(record, 0, &x->text))
        return;
    if (company != NULL && x->text.size > 0) {
        x->text.size--;                               /* the closing brace */
        (void)buffer_text(&x->text, ",\"company\":"); /* x->text.overflow says so */
        (void)schema_json_string(&x->text, company);  /* as above */
        (void)buffer_char(&x->text, '}');             /* as above */
    }
    (void)buffer_char(&x->text, '\n'); /* as above */
}

static const struct {
    const char *name;
    Baton__ExportFormat format;
    write_fn *write;
} formats[] = {
    {"vcard4", BATON__EXPORT_FORMAT__EXPORT_FORMAT_VCARD4, write_card},
    {"vcard3", BATON__EXPORT_FORMAT__EXPORT_FORMAT_VCARD3, write_card},
    {"csv", BATON__EXPORT_FORMAT__EXPORT_FORMAT_CSV, write_cells},
    {"jsonl", BATON__EXPORT_FORMAT__EXPORT_FORMAT_JSONL, write_json},
};

static bool choose(struct exporting *x, const char *name)
{
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (strcmp(formats[i].name, name) == 0) {
            x->format = formats[i].format;
            x->write = formats[i].write;
            return true;
        }
    return false;
}

/* --- pages --- */

static int by_id(const void *a, const void *b)
{
    return strcmp(schema_get_text(*(ProtobufCMessage *const *)a, "id"),
                  schema_get_text(*(ProtobufCMessage *const *)b, "id"));
}

static const char *company_of(const struct exporting *x, const ProtobufCMessage *record)
{
    if (record->descriptor != &baton__contact__descriptor)
        return NULL;
    Baton__Account wanted = BATON__ACCOUNT__INIT, *key = &wanted;
    wanted.id = ((const Baton__Contact *)record)->account_id;
    if (wanted.id == NULL || x->accounts.n == 0)
        return NULL;
    Baton__Account **found = bsearch(&key, x->accounts.rows, x->accounts.n, sizeof *x->accounts.rows, by_id);
    return found != NULL ? (*found)->name : NULL;
}

static bool write_page(struct exporting *x, const Baton__ExportRecordsResponse *r)
{
    const struct schema_field *member;
    for (size_t i = 0; i < r->n_records; i++) {
        const ProtobufCMessage *record = schema_oneof(&r->records[i]->base, &member);
        if (record == NULL)
            continue;
        buffer_clear(&x->text);
        x->write(x, record, company_of(x, record));
        x->too_large = x->too_large || x->text.overflow;
        fwrite(x->text.data, 1, x->text.size, x->out);
        x->n++;
    }
    return !ferror(x->out);
}

static bool export_pages(struct session *s, struct exporting *x)
{
    Baton__ExportRecordsRequest q = BATON__EXPORT_RECORDS_REQUEST__INIT;
    bool good = true;
    q.type = (char *)(uintptr_t)x->type;
    q.has_format = q.has_page_size = true;
    q.format = x->format;
    q.page_size = PAGE_ROWS;
    q.where_field = (char *)(uintptr_t)x->where_field;
    q.where_value = (char *)(uintptr_t)x->where_value;
    do {
        void *answer;
        char token[1024];
        (void)snprintf(token, sizeof token, "%s", q.page_token != NULL ? q.page_token : ""); /* fits */
        arena_reset(x->page);
        q.page_token = *token != '\0' ? token : NULL;
        if (!api_call(s->api, "ContactListService/ExportRecords", &q, x->page, &answer, &s->no))
            return false;
        const Baton__ExportRecordsResponse *r = answer;
        good = write_page(x, r);
        q.page_token = r->next_page_token;
    } while (good && q.page_token != NULL && *q.page_token != '\0');
    if (!good)
        fprintf(stderr, "error: %s: %s\n", x->path != NULL ? x->path : "standard output", strerror(errno));
    if (x->too_large)
        fprintf(stderr, "error: a record was too large to be written whole\n");
    return session_end(s, good && !x->too_large ? TOOL_OK : TOOL_FAILED);
}

static bool run(struct session *s)
{
    struct exporting *x = s->arg;
    bool names = strcmp(x->type, "contact") == 0;
    if (names && !records_load(s->api, "account", s->arena, &x->accounts, &s->no))
        return false;
    if (x->accounts.n > 0)
        qsort(x->accounts.rows, x->accounts.n, sizeof *x->accounts.rows, by_id);
    x->out = x->path != NULL ? fopen(x->path, "we") : s->tool->out;
    if (x->out == NULL) {
        fprintf(stderr, "error: %s: %s\n", x->path, strerror(errno));
        return session_end(s, TOOL_FAILED);
    }
    x->page = arena_new(PAGE_MEMORY);
    buffer_init(&x->text, RECORD_MAX);
    write_header(x);
    bool good = export_pages(s, x);
    buffer_release(&x->text);
    arena_free(x->page);
    if (x->path == NULL)
        return good;
    if (fclose(x->out) != 0 && good)
        return session_end(s, TOOL_FAILED);
    if (good && s->status == TOOL_OK)
        fprintf(s->tool->out, s->tool->json ? "{\"records\":%" PRIu64 "}\n" : "%" PRIu64 " records written\n",
                x->n);
    return good;
}

static int export_command(struct tool *t, int argc, char **argv, const char *type)
{
    struct exporting x = {.tool = t, .type = type};
    const char *format = "csv", *where = NULL;
    char field[100];
    int first;
    const struct option_row rows[] = {
        {"format", OPTION_TEXT, &format}, {"where", OPTION_TEXT, &where}, {"out", OPTION_TEXT, &x.path}};
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 0, 0, &first))
        return TOOL_USAGE;
    const char *equals = where != NULL ? strchr(where, '=') : NULL;
    if (!choose(&x, format) ||
        (where != NULL && (equals == NULL || (size_t)(equals - where) >= sizeof field))) {
        fprintf(stderr, "error: --format is vcard4, vcard3, csv or jsonl, and --where is FIELD=VALUE\n");
        return TOOL_USAGE;
    }
    if (where != NULL) {
        (void)snprintf(field, sizeof field, "%.*s", (int)(equals - where), where); /* fits */
        x.where_field = field;
        x.where_value = equals + 1;
    }
    record_fields_load(&x.fields, strcmp(type, "contact") == 0 ? &baton__contact__descriptor
                                                               : &baton__account__descriptor);
    return session_run(t, KEPT_MEMORY, run, &x);
}

int tool_contact_export(struct tool *t, int argc, char **argv)
{
    return export_command(t, argc, argv, "contact");
}

int tool_account_export(struct tool *t, int argc, char **argv)
{
    return export_command(t, argc, argv, "account");
}

const char tool_list_export_help[] =
    "To standard output, page by page. A cell of CSV that a spreadsheet would take for a formula has an "
    "apostrophe\n"
    "in front, which `import` takes off again. Every export is written down: who, what, how many.\n\n"
    "  --format F              vcard4, vcard3, csv (default) or jsonl\n"
    "  --where FIELD=VALUE     only those: by owner_id, account_id, import_id\n"
    "  --out FILE              instead of standard output\n";
