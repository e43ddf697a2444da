/* Finding: the documents that have all words, those that have them in one piece first. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "texts/internal.h"

/* Documents in which an expression holds, the newest first. */
struct stream {
    sqlite3_stmt *rows;
    int64_t no; /* where it stands; 0: at the end */
    bool failed;
};

/* 1: first those that have all words in one piece, then the others */
enum step { STEP_TOGETHER, STEP_APART, STEP_OVER };

struct find {
    sqlite3 *db;
    const struct texts_asked *asked;
    struct arena *arena;
    struct query query;
    struct texts_page *page;
    size_t looked;
    sqlite3_stmt *document, *snippets;
    bool failed;
};

static void stream_next(struct stream *s)
{
    const int64_t before = s->no;
    int rc = SQLITE_DONE;
    while (s->rows && (rc = sqlite3_step(s->rows)) == SQLITE_ROW) {
        s->no = sqlite3_column_int64(s->rows, 0) >> PIECE_BITS;
        if (s->no != before)
            return;
    }
    s->no = 0;
    s->failed = rc != SQLITE_DONE;
}

static struct stream stream_open(struct find *f, const char *expression, int64_t before)
{
    struct stream s = {.rows = texts_prepare(f->db, "SELECT rowid FROM piece WHERE piece MATCH ?1 AND "
                                                    "rowid < ?2 ORDER BY rowid DESC")};
    s.failed = !s.rows;
    if (s.rows) {
        sqlite3_bind_text(s.rows, 1, expression, -1, SQLITE_STATIC);
        sqlite3_bind_int64(s.rows, 2, before << PIECE_BITS);
        stream_next(&s);
    }
    return s;
}

static void stream_to(struct stream *s, int64_t no)
{
    while (s->no > no)
        stream_next(s);
}

static void stream_close(struct find *f, struct stream *s)
{
    f->failed |= s->failed;
    sqlite3_finalize(s->rows);
}

/* --- one that has the words --- */

static void add_snippets(struct find *f, struct texts_hit *h, int64_t no, const char *expression)
{
    sqlite3_stmt *s = f->snippets;
    h->snippets = ARENA_ARRAY(f->arena, struct texts_snippet, TEXTS_SNIPPETS_MAX);
    sqlite3_bind_text(s, 1, expression, -1, SQLITE_STATIC);
    sqlite3_bind_int64(s, 2, no << PIECE_BITS);
    sqlite3_bind_int64(s, 3, (no + 1) << PIECE_BITS);
    while (h->n_snippets < TEXTS_SNIPPETS_MAX && sqlite3_step(s) == SQLITE_ROW) {
        const char *text = (const char *)sqlite3_column_text(s, 0);
        if (text &&
            snippet_of(text, (uint32_t)sqlite3_column_int64(s, 1), f->arena, &h->snippets[h->n_snippets]))
            h->n_snippets++;
    }
    f->failed |= sqlite3_reset(s) != SQLITE_OK;
}

static void consider(struct find *f, int64_t no, const char *expression)
{
    struct texts_hit *h = &f->page->hits[f->page->n];
    uint32_t number = 0;
    *h = (struct texts_hit){0};
    f->looked++;
    sqlite3_bind_int64(f->document, 1, no);
    if (sqlite3_step(f->document) == SQLITE_ROW) {
        const char *id = (const char *)sqlite3_column_text(f->document, 0);
        (void)snprintf(h->id, sizeof h->id, "%s", id ? id : ""); /* what is longer is no id */
        number = (uint32_t)sqlite3_column_int64(f->document, 1);
    }
    f->failed |= sqlite3_reset(f->document) != SQLITE_OK;
    if (!number || !f->asked->takes(f->asked->arg, h->id, number))
        return;
    add_snippets(f, h, no, expression);
    f->page->n++;
}

/* True: the page is full, and goes on behind this one. */
static bool is_full(struct find *f, enum step step, int64_t no)
{
    if (f->page->n < f->asked->most && f->looked < f->asked->looked_most)
        return false;
    (void)snprintf(f->page->token, sizeof f->page->token, "%d.%" PRId64, (int)step, no); /* fits */
    return true;
}

/* --- all of them --- */

static bool find_together(struct find *f, int64_t before)
{
    struct stream s = stream_open(f, f->query.all, before);
    bool full = false;
    while (s.no && !full) {
        consider(f, s.no, f->query.all);
        full = is_full(f, STEP_TOGETHER, s.no);
        stream_next(&s);
    }
    if (full && !s.no && f->query.n == 1)
        f->page->token[0] = '\0'; /* that was the last one */
    stream_close(f, &s);
    return full;
}

/* The next document, from where `words` stand, that all of them have; 0: there is none. */
static int64_t meet(struct stream *words, size_t n)
{
    for (size_t same = 0; same < n;) {
        int64_t no = words[0].no;
        for (size_t i = 1; i < n; i++)
            no = words[i].no < no ? words[i].no : no;
        for (size_t i = same = 0; no && i < n; i++) {
            stream_to(&words[i], no);
            same += words[i].no == no;
        }
        if (!no)
            return 0;
    }
    return words[0].no;
}

static void find_apart(struct find *f, int64_t before)
{
    struct stream words[TEXTS_WORDS_MAX], together = stream_open(f, f->query.all, before);
    const size_t n = f->query.n;
    int64_t no;
    for (size_t i = 0; i < n; i++)
        words[i] = stream_open(f, f->query.words[i], before);
    bool full = false;
    while ((no = meet(words, n)) != 0 && !full) {
        stream_to(&together, no);
        if (together.no != no)
            consider(f, no, f->query.any);
        full = is_full(f, STEP_APART, no);
        stream_next(&words[0]);
    }
    if (full && !no)
        f->page->token[0] = '\0'; /* that was the last one */
    for (size_t i = 0; i < n; i++)
        stream_close(f, &words[i]);
    stream_close(f, &together);
}

static bool read_token(const char *token, enum step *step, int64_t *before)
{
    int number, end = 0;
    *step = STEP_TOGETHER;
    *before = INT64_MAX >> PIECE_BITS;
    if (!token || !*token)
        return true;
    if (sscanf(token, "%1d.%12" SCNd64 "%n", &number, before, &end) != 2 || token[end] || number < 0 ||
        number >= STEP_OVER || *before < 1)
        return false;
    *step = (enum step)number;
    return true;
}

static bool find(struct find *f, enum step step, int64_t before)
{
    f->document = texts_prepare(f->db, "SELECT id, number FROM document WHERE no = ?1");
    f->snippets = texts_prepare(f->db, "SELECT highlight(piece, 0, char(2), char(3)), page FROM piece WHERE "
                                       "piece MATCH ?1 AND rowid >= ?2 AND rowid < ?3 ORDER BY rowid");
    if (f->document && f->snippets && step == STEP_TOGETHER && !find_together(f, before) && f->query.n > 1) {
        step = STEP_APART;
        before = INT64_MAX >> PIECE_BITS;
    }
    if (f->document && f->snippets && step == STEP_APART)
        find_apart(f, before);
    bool is_good = f->document && f->snippets && !f->failed;
    sqlite3_finalize(f->document);
    sqlite3_finalize(f->snippets);
    return is_good;
}

bool texts_find(struct texts *p, const struct texts_asked *asked, struct arena *a, struct texts_page *page,
                struct refusal *no)
{
    struct find f = {.asked = asked, .arena = a, .page = page};
    enum step step;
    int64_t before;
    *page = (struct texts_page){.hits = ARENA_ARRAY(a, struct texts_hit, asked->most + 1)};
    if (!query_read(asked->query, a, &f.query))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "query", "there is no word in it");
    if (!read_token(asked->token, &step, &before))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "page_token", "this is no page token of this list");
    if (!texts_are_there(p))
        return true;
    f.db = texts_reader(p);
    bool is_read =
        f.db && sqlite3_exec(f.db, "BEGIN", NULL, NULL, NULL) == SQLITE_OK && find(&f, step, before);
    if (f.db && !is_read)
        texts_failed(p, f.db, "read");
    if (f.db) {
        (void)sqlite3_exec(f.db, "ROLLBACK", NULL, NULL, NULL); /* nothing was changed */
        texts_reader_back(p, f.db);
    }
    return is_read ||
           refuse(no, REFUSAL_UNAVAILABLE, NULL, "the texts of documents cannot be read now; try again");
}
