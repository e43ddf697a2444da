/* `baton document put`, `get` and `acknowledge`: files into documents and out of them. */
#include "tool/document.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tool/api_file.h"
#include "tool/options.h"
#include "tool/output.h"

enum { MEMORY = 64 << 20 };

const Baton__Document *document_get(struct session *s, const char *id)
{
    Baton__GetRecordRequest q = BATON__GET_RECORD_REQUEST__INIT;
    q.type = (char *)(uintptr_t) "document";
    q.id = (char *)(uintptr_t)id;
    const Baton__GetRecordResponse *r = session_call(s, "RecordService/GetRecord", &q);
    return r != NULL ? r->record->document : NULL;
}

/* --- put --- */

struct put {
    const char *document, *title, *type, *note, *path;
    struct option_list accounts, tags;
    bool draft;
};

/* Returns false: the work is over, and nothing was refused. */
static bool is_failed(struct session *s, const char *what, const char *path)
{
    fprintf(stderr, "error: cannot %s %s: %s\n", what, path, strerror(errno));
    s->status = TOOL_FAILED;
    return false;
}

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

char *document_store(struct session *s, FILE *f, uint64_t size, const char *name)
{
    Baton__BeginUploadRequest q = BATON__BEGIN_UPLOAD_REQUEST__INIT;
    char hash[HASH_TEXT_SIZE] = "";
    struct progress bar;
    q.name = (char *)(uintptr_t)name;
    q.has_size = true;
    q.size = size;
    progress_start(&bar, "put", size, s->tool->json);
    const Baton__BeginUploadResponse *r = session_call(s, "DocumentService/BeginUpload", &q);
    bool good = r != NULL && api_put_file(s->api, r->upload, f, &bar, hash, &s->no);
    progress_end(&bar);
    return good && *hash != '\0' ? arena_strdup(s->arena, hash) : NULL;
}

static char *store(struct session *s, const char *path)
{
    struct stat st;
    char *hash = NULL;
    FILE *f = fopen(path, "rbe");
    if (f == NULL || fstat(fileno(f), &st) != 0)
        (void)is_failed(s, "open", path);
    else
        hash = document_store(s, f, (uint64_t)st.st_size, name_of(path));
    if (f != NULL)
        (void)fclose(f); /* only read */
    return hash;
}

static const char *new_document(struct session *s, const struct put *p)
{
    Baton__Document d = BATON__DOCUMENT__INIT;
    Baton__Record record = BATON__RECORD__INIT;
    Baton__CreateRecordRequest q = BATON__CREATE_RECORD_REQUEST__INIT;
    d.title = (char *)(uintptr_t)(p->title != NULL ? p->title : name_of(p->path));
    d.has_type = p->type != NULL;
    d.type = d.has_type ? option_word(&baton__document_type__descriptor, "DOCUMENT_TYPE_", p->type) : 0;
    d.account_ids = (char **)(uintptr_t)p->accounts.values;
    d.n_account_ids = p->accounts.n;
    d.tags = (char **)(uintptr_t)p->tags.values;
    d.n_tags = p->tags.n;
    record.record_case = BATON__RECORD__RECORD_DOCUMENT;
    record.document = &d;
    q.record = &record;
    const Baton__CreateRecordResponse *r = session_call(s, "RecordService/CreateRecord", &q);
    return r != NULL ? r->record->document->id : NULL;
}

static void print_added(struct tool *t, const void *answer, struct arena *a)
{
    const Baton__AddRevisionResponse *r = answer;
    fprintf(t->out, "revision %u of %s (%s), %s\n", r->revision->number, output_text(a, r->document->title),
            r->document->id,
            r->document->current_number == r->revision->number ? "the current one" : "a draft");
}

static bool put(struct session *s)
{
    const struct put *p = s->arg;
    Baton__AddRevisionRequest q = BATON__ADD_REVISION_REQUEST__INIT;
    /* the file first: what is no file makes no document */
    q.file_hash = store(s, p->path);
    if (q.file_hash == NULL)
        return s->status == TOOL_FAILED;
    q.document_id = (char *)(uintptr_t)(p->document != NULL ? p->document : new_document(s, p));
    q.note = (char *)(uintptr_t)p->note;
    q.has_make_current = true;
    q.make_current = !p->draft;
    return q.document_id != NULL && session_ask(s, "DocumentService/AddRevision", &q, print_added);
}

int tool_document_put(struct tool *t, int argc, char **argv)
{
    struct put p = {0};
    int first;
    const struct option_row rows[] = {
        {"document", OPTION_TEXT, &p.document}, {"title", OPTION_TEXT, &p.title},
        {"type", OPTION_TEXT, &p.type},         {"account", OPTION_LIST, &p.accounts},
        {"tag", OPTION_LIST, &p.tags},          {"note", OPTION_TEXT, &p.note},
        {"draft", OPTION_FLAG, &p.draft},
    };
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 1, 1, &first) ||
        !document_type_known(p.type))
        return TOOL_USAGE;
    p.path = argv[first];
    return session_run(t, MEMORY, put, &p);
}

/* --- get --- */

struct get {
    const char *document, *path;
    long number;
};

static const Baton__DocumentRevision *revision_of(struct session *s, const struct get *g)
{
    const Baton__Document *d = document_get(s, g->document);
    const Baton__DocumentRevision *found = NULL;
    if (d == NULL)
        return NULL;
    uint32_t number = g->number > 0 ? (uint32_t)g->number : d->current_number;
    struct document_revisions all = {0};
    if (!document_revisions_load(s, d->id, &all))
        return NULL;
    for (size_t i = 0; i < all.n; i++)
        if (all.rows[i]->number == number)
            found = all.rows[i];
    if (found == NULL)
        (void)refuse(&s->no, REFUSAL_NOT_FOUND, NULL,
                     number > 0 ? "the document has no revision %u" : "no revision is the current one",
                     number);
    return found;
}

static bool download(struct session *s, const Baton__DocumentRevision *v, FILE *out)
{
    struct progress bar;
    progress_start(&bar, "get", v->size, s->tool->json);
    bool good = api_get_file(s->api, v->file_hash, v->size, out, &bar, &s->no);
    progress_end(&bar);
    return good;
}

static bool get(struct session *s)
{
    struct get *g = s->arg;
    const Baton__DocumentRevision *v = revision_of(s, g);
    if (v == NULL)
        return false;
    const char *path = g->path != NULL ? g->path : name_of(v->name);
    const bool to_out = strcmp(path, "-") == 0;
    FILE *out = to_out ? s->tool->out : fopen(path, "wbxe");
    if (out == NULL)
        return !is_failed(s, "write", path);
    bool good = download(s, v, out);
    if (!to_out && fclose(out) != 0 && good)
        good = is_failed(s, "write", path);
    if (!to_out && !good)
        (void)unlink(path); /* half of it is of no use */
    if (!to_out && good)
        fprintf(s->tool->out, "%s, %s\n", output_text(s->arena, path), output_bytes(s->arena, v->size));
    return good || s->status == TOOL_FAILED;
}

int tool_document_get(struct tool *t, int argc, char **argv)
{
    struct get g = {0};
    int first;
    const struct option_row rows[] = {{"revision", OPTION_NUMBER, &g.number}, {"out", OPTION_TEXT, &g.path}};
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 1, 1, &first))
        return TOOL_USAGE;
    g.document = argv[first];
    return session_run(t, MEMORY, get, &g);
}

/* --- acknowledge --- */

static bool acknowledge(struct session *s)
{
    Baton__AcknowledgeDocumentRequest q = BATON__ACKNOWLEDGE_DOCUMENT_REQUEST__INIT;
    const Baton__Document *d = document_get(s, s->words[0]);
    if (d == NULL)
        return false;
    q.document_id = d->id;
    q.has_number = true;
    q.number = d->current_number;
    if (session_call(s, "DocumentService/AcknowledgeDocument", &q) == NULL)
        return false;
    fprintf(s->tool->out, "revision %u of %s is read\n", d->current_number, output_text(s->arena, d->title));
    return true;
}

int tool_document_acknowledge(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 1, 1, MEMORY, acknowledge);
}
