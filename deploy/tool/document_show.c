/* `baton document list` and `baton document show`. */
#include <stdio.h>
#include <string.h>

#include "tool/document.h"
#include "tool/options.h"
#include "tool/output.h"

enum { MEMORY = 256 << 20, PAGE = 200, FILTERS_MAX = 3, REVISIONS_MAX = 1000 };

bool document_type_known(const char *type)
{
    bool is_known =
        type == NULL || option_word(&baton__document_type__descriptor, "DOCUMENT_TYPE_", type) != 0;
    if (!is_known)
        fprintf(stderr, "error: there is no type \"%s\" of documents\n", type);
    return is_known;
}

static const char *type_of(const Baton__Document *d, struct arena *a)
{
    return output_word(a, &baton__document_type__descriptor, (int)d->type, "DOCUMENT_TYPE_");
}

static const char *status_of(const Baton__Document *d, struct arena *a)
{
    return output_word(a, &baton__document_status__descriptor, (int)d->status, "DOCUMENT_STATUS_");
}

/* --- list --- */

struct listing {
    const char *query, *day, *from, *before;
    struct document_filters of;
};

static void add_filter(struct document_filters *s, const char *field, const char *value, struct arena *a)
{
    if (value == NULL)
        return;
    Baton__SearchFilter *f = ARENA_NEW(a, Baton__SearchFilter);
    baton__search_filter__init(f);
    f->field = (char *)(uintptr_t)field;
    f->values = ARENA_ARRAY(a, char *, 1);
    f->values[f->n_values++] = (char *)(uintptr_t)value;
    s->rows[s->n++] = f;
}

static const char *enum_name(const ProtobufCEnumDescriptor *e, const char *prefix, const char *text)
{
    const ProtobufCEnumValue *v =
        text != NULL ? protobuf_c_enum_descriptor_get_value(e, option_word(e, prefix, text)) : NULL;
    return v != NULL ? v->name : NULL;
}

static void print_heading(struct grid *g, struct arena *a)
{
    grid_init(g, a, "title|type|status|>revision|effective|expires|renewal|notice|id");
}

static void add_row(struct grid *g, const Baton__Document *d, struct arena *a)
{
    grid_add(g, (const char *[]){d->title, type_of(d, a), status_of(d, a),
                                 d->current_number > 0 ? arena_printf(a, "%u", d->current_number) : "",
                                 d->effective_on, d->expires_on, d->renewal_on, d->notice_on, d->id});
}

/* To the table, or at once as they are. */
static void add_documents(struct grid *g, Baton__Document *const *all, size_t n, struct session *s)
{
    for (size_t i = 0; i < n; i++)
        if (s->tool->json)
            tool_print_json(s->tool, all[i]);
        else
            add_row(g, all[i], s->arena);
}

bool document_filters_known(const struct document_filters *f)
{
    if (!document_type_known(f->type))
        return false;
    if (f->status == NULL ||
        option_word(&baton__document_status__descriptor, "DOCUMENT_STATUS_", f->status) != 0)
        return true;
    fprintf(stderr, "error: there is no status \"%s\" of documents\n", f->status);
    return false;
}

bool document_filters_read(struct document_filters *f, struct session *s)
{
    struct arena *a = s->arena;
    f->rows = ARENA_ARRAY(a, Baton__SearchFilter *, 8);
    add_filter(f, "type", enum_name(&baton__document_type__descriptor, "DOCUMENT_TYPE_", f->type), a);
    add_filter(f, "status", enum_name(&baton__document_status__descriptor, "DOCUMENT_STATUS_", f->status), a);
    add_filter(f, "owner_id", f->owner, a);
    add_filter(f, "account_ids", f->account, a);
    add_filter(f, "tags", f->tag, a);
    return f->n <= FILTERS_MAX ||
           refuse(&s->no, REFUSAL_INVALID_ARGUMENT, NULL, "at most %d of these at once", FILTERS_MAX);
}

static bool list(struct session *s)
{
    struct listing *l = s->arg;
    Baton__ListDocumentsRequest q = BATON__LIST_DOCUMENTS_REQUEST__INIT;
    Baton__Search search = BATON__SEARCH__INIT;
    const Baton__ListDocumentsResponse *r;
    struct grid g;
    if (!document_filters_read(&l->of, s))
        return false;
    search.query = (char *)(uintptr_t)l->query;
    search.has_order = l->query == NULL;
    search.order = BATON__SEARCH_ORDER__SEARCH_ORDER_NEWEST;
    search.filters = l->of.rows;
    search.n_filters = l->of.n;
    q.search = &search;
    q.day_field = (char *)(uintptr_t)l->day;
    q.day_from = (char *)(uintptr_t)l->from;
    q.day_before = (char *)(uintptr_t)l->before;
    q.has_page_size = true;
    q.page_size = PAGE;
    print_heading(&g, s->arena);
    do {
        if ((r = session_call(s, "DocumentService/ListDocuments", &q)) == NULL)
            return false;
        add_documents(&g, r->documents, r->n_documents, s);
        q.page_token = r->next_page_token;
    } while (q.page_token != NULL && *q.page_token != '\0');
    if (!s->tool->json)
        grid_print(&g, s->tool);
    return true;
}

int tool_document_list(struct tool *t, int argc, char **argv)
{
    struct listing l = {0};
    int first;
    const struct option_row rows[] = {
        {"type", OPTION_TEXT, &l.of.type},   {"status", OPTION_TEXT, &l.of.status},
        {"owner", OPTION_TEXT, &l.of.owner}, {"account", OPTION_TEXT, &l.of.account},
        {"tag", OPTION_TEXT, &l.of.tag},     {"day", OPTION_TEXT, &l.day},
        {"from", OPTION_TEXT, &l.from},      {"before", OPTION_TEXT, &l.before},
    };
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 0, 1, &first) ||
        !document_filters_known(&l.of))
        return TOOL_USAGE;
    l.query = first < argc ? argv[first] : NULL;
    return session_run(t, MEMORY, list, &l);
}

static bool reading(struct session *s)
{
    Baton__ListReadingRequest q = BATON__LIST_READING_REQUEST__INIT;
    struct grid g;
    q.has_page_size = true;
    q.page_size = PAGE;
    print_heading(&g, s->arena);
    do {
        const Baton__ListReadingResponse *r = session_call(s, "DocumentService/ListReading", &q);
        if (r == NULL)
            return false;
        add_documents(&g, r->documents, r->n_documents, s);
        q.page_token = r->next_page_token;
    } while (q.page_token != NULL && *q.page_token != '\0');
    if (!s->tool->json)
        grid_print(&g, s->tool);
    return true;
}

int tool_document_reading(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 0, 0, MEMORY, reading);
}

/* --- one --- */

static void order(struct document_revisions *all)
{
    for (size_t i = 1; i < all->n; i++)
        for (size_t k = i; k > 0 && all->rows[k]->number < all->rows[k - 1]->number; k--) {
            Baton__DocumentRevision *v = all->rows[k];
            all->rows[k] = all->rows[k - 1];
            all->rows[k - 1] = v;
        }
}

bool document_revisions_load(struct session *s, const char *document_id, struct document_revisions *out)
{
    Baton__ListRecordsRequest q = BATON__LIST_RECORDS_REQUEST__INIT;
    q.type = (char *)(uintptr_t) "document_revision";
    q.where_field = (char *)(uintptr_t) "document_id";
    q.where_value = (char *)(uintptr_t)document_id;
    q.has_page_size = true;
    q.page_size = PAGE;
    out->rows = ARENA_ARRAY(s->arena, Baton__DocumentRevision *, REVISIONS_MAX);
    do {
        const Baton__ListRecordsResponse *r = session_call(s, "RecordService/ListRecords", &q);
        if (r == NULL)
            return false;
        for (size_t i = 0; i < r->n_records && out->n < REVISIONS_MAX; i++)
            out->rows[out->n++] = r->records[i]->document_revision;
        q.page_token = r->next_page_token;
    } while (q.page_token != NULL && *q.page_token != '\0');
    order(out);
    return true;
}

static void print_revisions(struct session *s, const struct document_revisions *all)
{
    struct grid g;
    struct arena *a = s->arena;
    grid_init(&g, a, ">revision|status|name|>size|of|note");
    for (size_t i = 0; i < all->n; i++) {
        const Baton__DocumentRevision *v = all->rows[i];
        grid_add(&g,
                 (const char *[]){
                     arena_printf(a, "%u", v->number),
                     output_word(a, &baton__revision_status__descriptor, (int)v->status, "REVISION_STATUS_"),
                     v->name, output_bytes(a, v->size), output_time(a, v->created_at), v->note});
    }
    grid_print(&g, s->tool);
}

/* False: s->no says why. */
static bool print_pending(struct session *s, const Baton__Document *d)
{
    Baton__GetReadersRequest q = BATON__GET_READERS_REQUEST__INIT;
    size_t pending = 0;
    q.document_id = d->id;
    q.has_pending = q.pending = q.has_page_size = true;
    q.page_size = PAGE;
    do {
        const Baton__GetReadersResponse *r = session_call(s, "DocumentService/GetReaders", &q);
        if (r == NULL)
            return false;
        pending += r->n_readers;
        q.page_token = r->next_page_token;
    } while (q.page_token != NULL && *q.page_token != '\0');
    fprintf(s->tool->out, "%zu have not read it yet\n", pending);
    return true;
}

static bool show(struct session *s)
{
    struct document_revisions all = {0};
    struct grid g;
    const Baton__Document *d = document_get(s, s->words[0]);
    if (d == NULL)
        return false;
    if (s->tool->json) {
        tool_print_json(s->tool, d);
        return true;
    }
    if (!document_revisions_load(s, d->id, &all))
        return false;
    print_heading(&g, s->arena);
    add_row(&g, d, s->arena);
    grid_print(&g, s->tool);
    print_revisions(s, &all);
    return d->must_read == NULL || print_pending(s, d);
}

int tool_document_show(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 1, 1, MEMORY, show);
}
