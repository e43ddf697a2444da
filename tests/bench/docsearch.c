/* docsearch: how long the documents service takes to find 20 documents by what their pages say, over the bus,
   one query after the other. Log and texts are written here as the service would have written them. The same
   pages and queries as files for PostgreSQL (postgres). */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "baton/v1/record.pb-c.h"
#include "bench.h"
#include "service/apply.h"
#include "services/documents/rows.h"
#include "store/log.h"

enum {
    PAGES = 10,  /* of a document */
    WORDS = 300, /* of a page */
    VOCABULARY = 40000,
    CHINESE_EVERY = 5, /* documents */
    QUERIES = 200,
    WARM = 20,
    MEMORY = 64 << 20,
    READY_POLL_MS = 5
};
static const int64_t START_US = INT64_C(1767607200000000); /* 2026-01-05T10:00:00Z */

/* --- what pages say: words as often as in a language, the n-th one in n --- */

static uint64_t mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

static uint64_t drawn(uint64_t *state)
{
    return mix(*state += UINT64_C(0x9e3779b97f4a7c15));
}

/* Of rank 0 to VOCABULARY - 1: the logarithm of a rank is as likely as any other. */
static uint32_t rank(uint64_t *state)
{
    uint32_t most = 1;
    uint64_t octave = drawn(state) % 15;
    for (uint64_t i = 0; i < octave; i++)
        most *= 2;
    uint32_t r = most - 1 + (uint32_t)(drawn(state) % most);
    return r < VOCABULARY ? r : r % VOCABULARY;
}

static const char *latin(uint32_t r, struct arena *a)
{
    static const char *const first[] = {"ba", "con", "de",  "pro", "in", "ter",
                                        "mo", "li",  "sur", "ex",  "fa", "re"},
                             *const middle[] = {"ra",  "ti", "ven", "si", "lo",
                                                "gna", "mu", "der", "ca", "pli"},
                             *const last[] = {"t", "nce", "on", "ment", "ty", "r", "ble", "sed"};
    uint32_t x = r;
    const char *word = first[x % 12];
    x /= 12;
    do
        word = arena_printf(a, "%s%s", word, middle[x % 10]);
    while (x /= 10);
    return arena_printf(a, "%s%s", word, last[r % 8]);
}

/* Two characters of those that are common. */
static const char *chinese(uint32_t r, struct arena *a)
{
    const uint32_t all[] = {0x4e00 + r % 211 * 17, 0x5000 + r / 211 % 191 * 13};
    char text[8];
    for (int i = 0; i < 2; i++) {
        text[3 * i] = (char)(0xe0 | all[i] >> 12);
        text[3 * i + 1] = (char)(0x80 | (all[i] >> 6 & 0x3f));
        text[3 * i + 2] = (char)(0x80 | (all[i] & 0x3f));
    }
    text[6] = '\0';
    return arena_strdup(a, text);
}

static bool is_chinese(uint32_t document)
{
    return document % CHINESE_EVERY == CHINESE_EVERY - 1;
}

static void page_of(uint32_t document, uint32_t page, const char *const *vocabulary, struct buffer *out)
{
    uint64_t state = mix(document * UINT64_C(64) + page + 1);
    const bool runs = is_chinese(document);
    for (int i = 0; i < WORDS; i++) {
        (void)buffer_text(out, vocabulary[rank(&state) + (runs ? VOCABULARY : 0)]); /* there is room */
        (void)buffer_text(out, i % 12 == 11 ? (runs ? "。" : ".\n") : runs ? "" : " ");
    }
}

static const char *const *vocabulary_new(struct arena *a)
{
    const char **words = ARENA_ARRAY(a, const char *, 2 * VOCABULARY);
    for (uint32_t r = 0; r < VOCABULARY; r++) {
        words[r] = latin(r, a);
        words[VOCABULARY + r] = chinese(r, a);
    }
    return words;
}

/* --- queries --- */

struct query_row {
    const char *kind, *typed;
};

/* What stands somewhere, as somebody would remember it. */
static struct query_row query_of(uint32_t i, const char *const *vocabulary, struct arena *a)
{
    static const char *const kinds[] = {"seldom", "often", "two", "phrase", "beginning", "chinese"};
    const char *kind = kinds[i % 6];
    uint64_t state = mix(i + UINT64_C(1) * 1000003);
    const uint32_t seldom = 2000 + (uint32_t)(drawn(&state) % (VOCABULARY - 2000));
    const uint32_t often = 50 + (uint32_t)(drawn(&state) % 500), other = 50 + (uint32_t)(drawn(&state) % 500);
    struct query_row q = {kind, vocabulary[seldom]};
    switch (kind[0]) {
    case 'o':
        q.typed = vocabulary[often];
        break;
    case 't':
        q.typed = arena_printf(a, "%s %s", vocabulary[often], vocabulary[other]);
        break;
    case 'p':
        q.typed = arena_printf(a, "\"%s %s\"", vocabulary[often % 20], vocabulary[other]);
        break;
    case 'b':
        q.typed = arena_strndup(a, vocabulary[seldom], strlen(vocabulary[seldom]) - 3);
        break;
    case 'c':
        q.typed = vocabulary[VOCABULARY + seldom];
        break;
    default:
        break;
    }
    return q;
}

/* --- rows --- */

struct wanted {
    uint32_t documents;
    const char *const *vocabulary;
    struct arena *arena; /* of a row */
};

static const char *text_of(const struct wanted *w, uint32_t document, struct buffer *text)
{
    buffer_clear(text);
    for (uint32_t page = 0; page < PAGES; page++) {
        page_of(document, page, w->vocabulary, text);
        (void)buffer_char(text, '\f'); /* there is room */
    }
    return buffer_cstr(text);
}

/* The document as created, with a first revision. */
static const char *write_document(const struct wanted *w, struct txn *txn, struct ident_source *ids,
                                  uint32_t i)
{
    struct arena *a = w->arena;
    Baton__Document d = BATON__DOCUMENT__INIT;
    Baton__DocumentRevision v = BATON__DOCUMENT_REVISION__INIT;
    Baton__Actor actor = BATON__ACTOR__INIT;
    Baton__LogRecord r = BATON__LOG_RECORD__INIT;
    struct stamp s = {.now_us = START_US + i, .actor = &actor, .ids = ids, .arena = a};
    struct outcome out = {.arena = a};
    d.title = arena_printf(a, "Document %u", i);
    d.has_current_number = d.has_last_number = true;
    d.current_number = d.last_number = 1;
    (void)record_created(&d.base, &s, &out);
    v.document_id = d.id;
    v.has_number = true;
    v.number = 1;
    v.name = "file.txt";
    v.file_hash = arena_strdup(a, "0000000000000000000000000000000000000000000000000000000000000000");
    (void)record_created(&v.base, &s, &out);
    r.has_time_us = true;
    r.time_us = (uint64_t)s.now_us;
    r.actor = &actor;
    r.events = out.events;
    r.n_events = out.n_events;
    (void)log_append(txn, &r, NULL, a); /* its number stands in the record */
    service_apply(&documents_service, txn, &r, a);
    return d.id;
}

static void write_all(const char *dir, const struct wanted *w)
{
    enum { COMMIT_EVERY = 1000, TEXT_MAX = 4 << 20 };
    static const uint8_t log_id[LOG_ID_SIZE] = {1}, first[10] = {1};
    struct ident_source ids = {0};
    struct buffer text;
    struct store *store = store_open(&(struct store_options){
        .dir = dir, .no_sync = true, .tables = documents_tables, .n_tables = DOCUMENTS_TABLES});
    struct texts *texts = store ? texts_open(dir) : NULL;
    if (!texts)
        drive_die("no store in %s", dir);
    buffer_init(&text, TEXT_MAX);
    log_prepare(store, log_id);
    ident_source_advance(&ids, START_US, first);
    struct txn *txn = store_begin(store, true);
    int64_t us = 0;
    for (uint32_t i = 0; i < w->documents; i++, arena_reset(w->arena)) {
        const char *id = write_document(w, txn, &ids, i), *said = text_of(w, i, &text);
        int64_t begin = drive_now_us();
        if (!texts_put(texts, id, 1, said, text.size))
            drive_die("the texts cannot be written");
        us += drive_now_us() - begin;
        if (i % COMMIT_EVERY == COMMIT_EVERY - 1 && (!store_commit(txn) || !(txn = store_begin(store, true))))
            drive_die("the log cannot be written");
    }
    if (!store_commit(txn))
        drive_die("the log cannot be written");
    bench_remark("docsearch: %.0f pages a second are put into the texts",
                 w->documents * PAGES * 1e6 / (double)us);
    buffer_release(&text);
    texts_close(texts);
    store_close(store);
}

/* Every page as one row, and of each query what is typed; in between what ends rows for psql. */
static void export_rows(const char *path, const struct wanted *w)
{
    enum { TEXT_MAX = 64 << 10 };
    struct buffer text;
    FILE *f = fopen(path, "we");
    if (!f)
        drive_die("cannot write %s", path);
    buffer_init(&text, TEXT_MAX);
    for (uint32_t n = 0; n < w->documents * PAGES; n++) {
        buffer_clear(&text);
        page_of(n / PAGES, n % PAGES, w->vocabulary, &text);
        for (size_t i = 0; i < text.size; i++)
            if (text.data[i] == '\n')
                text.data[i] = ' ';
        fprintf(f, "%u\t%u\t%s\n", n, n / PAGES, buffer_cstr(&text));
    }
    fputs("\\.\n", f);
    for (uint32_t i = 0; i < QUERIES; i++, arena_reset(w->arena)) {
        const struct query_row q = query_of(i, w->vocabulary, w->arena);
        fprintf(f, "%u\t%s\t%s\n", i, q.kind, q.typed);
    }
    fputs("\\.\n", f);
    buffer_release(&text);
    if (fclose(f) != 0)
        drive_die("cannot write %s", path);
}

/* --- asking --- */

static size_t ask(struct bus *b, const Baton__Actor *actor, const char *typed, int64_t *us)
{
    Baton__SearchDocumentsRequest q = BATON__SEARCH_DOCUMENTS_REQUEST__INIT;
    q.query = (char *)(uintptr_t)typed;
    int64_t begin = drive_now_us();
    const Baton__SearchDocumentsResponse *r =
        bus_call(b, "documents", "DocumentService/SearchDocuments", actor, &q.base,
                 &baton__search_documents_response__descriptor);
    *us = drive_now_us() - begin;
    if (!r->complete)
        drive_die("documents are still being read");
    return r->n_found;
}

static void wait_complete(struct bus *b, const Baton__Actor *actor)
{
    Baton__SearchDocumentsRequest q = BATON__SEARCH_DOCUMENTS_REQUEST__INIT;
    const Baton__SearchDocumentsResponse *r;
    int64_t begin = drive_now_us();
    q.query = (char *)(uintptr_t) "nothing";
    do {
        drive_wait_ms(READY_POLL_MS);
        r = bus_call(b, "documents", "DocumentService/SearchDocuments", actor, &q.base,
                     &baton__search_documents_response__descriptor);
    } while (!r->complete);
    bench_remark("docsearch: after a start all are held against the rows in %.2f s",
                 (double)(drive_now_us() - begin) / 1e6);
}

static void measure(struct bus *b, const struct wanted *w, struct samples all[2])
{
    enum { KINDS = 6 };
    const Baton__Actor actor = company_actor(BATON__ROLE__ROLE_ADMIN, NULL);
    struct samples kinds[KINDS] = {0};
    size_t nothing = 0;
    int64_t us;
    wait_complete(b, &actor);
    for (uint32_t i = 0; i < WARM; i++, arena_reset(w->arena))
        (void)ask(b, &actor, query_of(QUERIES + i, w->vocabulary, w->arena).typed, &us); /* only to be warm */
    for (uint32_t i = 0; i < QUERIES; i++, arena_reset(w->arena)) {
        const struct query_row q = query_of(i, w->vocabulary, w->arena);
        nothing += ask(b, &actor, q.typed, &us) == 0;
        samples_add(&all[q.kind[0] == 'c'], us);
        samples_add(&kinds[i % KINDS], us);
    }
    for (uint32_t i = 0; i < KINDS; i++) {
        bench_remark("docsearch: %s: p50 %.3f ms, slowest %.3f ms", query_of(i, w->vocabulary, w->arena).kind,
                     samples_ms(&kinds[i], 0.5), samples_ms(&kinds[i], 1));
        samples_release(&kinds[i]);
    }
    bench_remark("docsearch: %u pages, %d queries, %zu of them found nothing", w->documents * PAGES, QUERIES,
                 nothing);
}

static void run(const char *programs, const char *data, const struct wanted *w, struct samples all[2])
{
    struct arena *a = arena_new(MEMORY);
    char *program = arena_printf(a, "%s/baton-documents", programs);
    char *log = arena_printf(a, "%s/documents.log", data), *dir = arena_printf(a, "%s/documents", data);
    (void)mkdir(data, 0700); /* if it is there, the store says whether it will do */
    write_all(dir, w);
    pid_t pid = drive_spawn((const char *[]){program, "--data", data, NULL}, log);
    struct bus b = bus_open(data);
    (void)bus_status(&b, "documents"); /* it answers */
    measure(&b, w, all);
    bench_remark("docsearch: the service grew to %.0f MiB", drive_memory_kib(pid, "status", "VmHWM:") / 1024);
    bus_close(&b);
    drive_end(pid);
    arena_free(a);
}

static double number_of(int argc, char **argv, const char *name)
{
    return strtod(drive_option(argc, argv, name, "0"), NULL);
}

int main(int argc, char **argv)
{
    struct arena *words = arena_new(MEMORY);
    struct wanted w = {.documents =
                           (uint32_t)strtoul(drive_option(argc, argv, "pages", "100000"), NULL, 10) / PAGES,
                       .vocabulary = vocabulary_new(words),
                       .arena = arena_new(MEMORY)};
    const char *file = drive_option(argc, argv, "export", "");
    struct samples all[2] = {0};
    if (*file) {
        export_rows(file, &w);
        return 0;
    }
    schema_load();
    run(drive_option(argc, argv, "programs", NULL), drive_option(argc, argv, "data", NULL), &w, all);
    bench_row("docsearch-p50", samples_ms(&all[0], 0.5), "ms", number_of(argc, argv, "peer50"));
    bench_row("docsearch-p99", samples_ms(&all[0], 0.99), "ms", number_of(argc, argv, "peer99"));
    bench_row("docsearch-chinese", samples_ms(&all[1], 0.5), "ms", number_of(argc, argv, "chinese"));
    samples_release(&all[0]);
    samples_release(&all[1]);
    arena_free(w.arena);
    arena_free(words);
    return 0;
}
