/* The file: opening it, or another one in its place, and its changes. */
#include "texts/texts.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "texts/internal.h"

enum { PATH_SIZE = 4096, IDLE_MAX = 2, BUSY_MS = 2000 };

struct texts {
    char path[PATH_SIZE];
    pthread_rwlock_t lock; /* held for reading by whoever uses the file, for writing while it is made anew */
    pthread_mutex_t idle_lock;
    sqlite3 *writer, *idle[IDLE_MAX];
    size_t n_idle;
    atomic_bool is_complete, is_damaged;
    atomic_uint_fast64_t count;
    atomic_uint losses;
};

/* The form of the file; others are made anew. */
#define FORM "1"
static const char FORM_SQL[] =
    "BEGIN;"
    "CREATE TABLE document(no INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, number INTEGER NOT NULL);"
    "CREATE VIRTUAL TABLE piece USING fts5(text, page UNINDEXED, tokenize=baton, columnsize=0);"
    "PRAGMA user_version=" FORM ";"
    "COMMIT";

/* --- connections --- */

void texts_failed(struct texts *p, sqlite3 *db, const char *what)
{
    int rc = sqlite3_errcode(db) & 0xff;
    log_failure("search", "the texts of documents cannot be %s: %s", what, sqlite3_errmsg(db));
    if (rc == SQLITE_CORRUPT || rc == SQLITE_NOTADB)
        atomic_store(&p->is_damaged, true);
}

static bool run(sqlite3 *db, const char *sql)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

/* What is lost when the machine goes down is read again; what is there is whole. */
static sqlite3 *connect(const char *path, bool is_writer)
{
    static const char settings[] =
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;"
        "PRAGMA journal_size_limit=16777216; PRAGMA cache_size=-8192";
    sqlite3 *db = NULL;
    int flags = is_writer ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    int rc = sqlite3_open_v2(path, &db, flags | SQLITE_OPEN_NOMUTEX, NULL);
    if (rc == SQLITE_OK) {
        (void)sqlite3_busy_timeout(db, BUSY_MS); /* cannot fail */
        if (tokens_register(db) && run(db, is_writer ? settings : "PRAGMA cache_size=-8192"))
            return db;
    }
    (void)sqlite3_close(db); /* nothing is under way in it */
    return NULL;
}

bool texts_are_there(struct texts *p)
{
    pthread_rwlock_rdlock(&p->lock);
    bool are_there = p->writer != NULL;
    pthread_rwlock_unlock(&p->lock);
    return are_there;
}

sqlite3 *texts_reader(struct texts *p)
{
    sqlite3 *db = NULL;
    pthread_rwlock_rdlock(&p->lock);
    pthread_mutex_lock(&p->idle_lock);
    if (p->n_idle)
        db = p->idle[--p->n_idle];
    pthread_mutex_unlock(&p->idle_lock);
    if (!db && !(db = connect(p->path, false))) {
        log_failure("search", "%s cannot be opened", p->path);
        pthread_rwlock_unlock(&p->lock);
    }
    return db;
}

void texts_reader_back(struct texts *p, sqlite3 *db)
{
    pthread_mutex_lock(&p->idle_lock);
    bool is_kept = p->n_idle < IDLE_MAX;
    if (is_kept)
        p->idle[p->n_idle++] = db;
    pthread_mutex_unlock(&p->idle_lock);
    if (!is_kept)
        (void)sqlite3_close(db); /* only read */
    pthread_rwlock_unlock(&p->lock);
}

sqlite3_stmt *texts_prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *s = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK)
        log_failure("search", "the texts of documents cannot be asked: %s", sqlite3_errmsg(db));
    return s;
}

/* --- the file --- */

/* -1: it cannot be asked. */
static int64_t number(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *s = NULL;
    int64_t n = -1;
    if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW)
        n = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    return n;
}

static bool has_form(sqlite3 *db)
{
    int64_t form = number(db, "PRAGMA user_version"),
            tables = number(db, "SELECT count(*) FROM sqlite_schema");
    if (form == 0 && tables == 0)
        return run(db, FORM_SQL);
    return form == strtol(FORM, NULL, 10) &&
           number(db, "SELECT count(*) FROM (SELECT 1 FROM piece LIMIT 1)") >= 0;
}

static void remove_all(const char *path)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    char name[PATH_SIZE + 8];
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        (void)snprintf(name, sizeof name, "%s%s", path, ends[i]); /* fits */
        if (unlink(name) != 0 && errno != ENOENT)
            log_failure("search", "cannot remove %s: %s", name, strerror(errno));
    }
}

/* For nobody else to read; SQLite gives its other files the same rights. */
static void create(const char *path)
{
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file >= 0)
        close(file);
}

static bool open_file(struct texts *p)
{
    for (int try = 0; try < 2; try++) {
        create(p->path);
        p->writer = connect(p->path, true);
        int64_t n =
            p->writer && has_form(p->writer) ? number(p->writer, "SELECT count(*) FROM document") : -1;
        if (n >= 0) {
            atomic_store(&p->count, (uint64_t)n);
            return true;
        }
        (void)sqlite3_close(p->writer); /* it may be NULL */
        p->writer = NULL;
        if (try == 0) {
            log_warning("search", "the texts of documents are read anew: %s cannot be used", p->path);
            remove_all(p->path);
        }
    }
    log_failure("search", "%s cannot be made", p->path);
    return false;
}

static void close_all(struct texts *p)
{
    while (p->n_idle)
        (void)sqlite3_close(p->idle[--p->n_idle]); /* only read */
    if (sqlite3_close(p->writer) != SQLITE_OK)
        log_failure("search", "%s cannot be closed", p->path);
    p->writer = NULL;
}

/* A file that is not there is made with the first text, so that nobody who has none pays for it. */
struct texts *texts_open(const char *dir)
{
    struct texts *p = calloc(1, sizeof *p);
    assert(p);
    int n = snprintf(p->path, sizeof p->path, "%s/texts.db", dir);
    pthread_rwlock_init(&p->lock, NULL);
    pthread_mutex_init(&p->idle_lock, NULL);
    if (n > 0 && n < PATH_SIZE && (access(p->path, F_OK) != 0 || open_file(p)))
        return p;
    texts_close(p);
    return NULL;
}

void texts_close(struct texts *p)
{
    if (!p)
        return;
    close_all(p);
    pthread_rwlock_destroy(&p->lock);
    pthread_mutex_destroy(&p->idle_lock);
    free(p);
}

/* False: there is no file to be changed. */
static bool begin(struct texts *p)
{
    if (atomic_load(&p->is_damaged) || !p->writer) {
        pthread_rwlock_wrlock(&p->lock);
        close_all(p);
        remove_all(p->path);
        if (open_file(p))
            atomic_fetch_add(&p->losses, atomic_exchange(&p->is_damaged, false));
        pthread_rwlock_unlock(&p->lock);
    }
    pthread_rwlock_rdlock(&p->lock);
    if (p->writer && run(p->writer, "BEGIN IMMEDIATE"))
        return true;
    if (p->writer)
        texts_failed(p, p->writer, "changed");
    pthread_rwlock_unlock(&p->lock);
    return false;
}

static bool end(struct texts *p, bool is_good)
{
    is_good = is_good && run(p->writer, "COMMIT");
    if (!is_good) {
        texts_failed(p, p->writer, "changed");
        (void)run(p->writer, "ROLLBACK"); /* where there is something to be undone */
    } else {
        int64_t n = number(p->writer, "SELECT count(*) FROM document");
        atomic_store(&p->count, n > 0 ? (uint64_t)n : 0);
    }
    pthread_rwlock_unlock(&p->lock);
    return is_good;
}

/* --- changes --- */

/* Those of `args` that are there, in their order: a text or a number. */
struct value {
    const char *text;
    size_t size;
    int64_t number;
};
static bool change(sqlite3 *db, const char *sql, const struct value *values, int n)
{
    sqlite3_stmt *s = NULL;
    bool good = sqlite3_prepare_v2(db, sql, -1, &s, NULL) == SQLITE_OK;
    for (int i = 0; good && i < n; i++)
        good =
            (values[i].text ? sqlite3_bind_text(s, i + 1, values[i].text, (int)values[i].size, SQLITE_STATIC)
                            : sqlite3_bind_int64(s, i + 1, values[i].number)) == SQLITE_OK;
    good = good && sqlite3_step(s) == SQLITE_DONE;
    return sqlite3_finalize(s) == SQLITE_OK && good;
}

static struct value text_of(const char *text)
{
    return (struct value){.text = text, .size = strlen(text)};
}

/* 0: there is none; -1: it cannot be said. */
static int64_t no_of(sqlite3 *db, const char *id)
{
    sqlite3_stmt *s = NULL;
    int rc = sqlite3_prepare_v2(db, "SELECT no FROM document WHERE id = ?1", -1, &s, NULL);
    if (rc == SQLITE_OK && (rc = sqlite3_bind_text(s, 1, id, -1, SQLITE_STATIC)) == SQLITE_OK)
        rc = sqlite3_step(s);
    int64_t no = rc == SQLITE_ROW ? sqlite3_column_int64(s, 0) : rc == SQLITE_DONE ? 0 : -1;
    sqlite3_finalize(s);
    return no;
}

static bool drop(sqlite3 *db, const char *id)
{
    const int64_t no = no_of(db, id);
    const struct value range[] = {{.number = no << PIECE_BITS}, {.number = (no + 1) << PIECE_BITS}};
    return no == 0 || (no > 0 && change(db, "DELETE FROM piece WHERE rowid >= ?1 AND rowid < ?2", range, 2) &&
                       change(db, "DELETE FROM document WHERE no = ?1", &(struct value){.number = no}, 1));
}

bool texts_drop(struct texts *p, const char *id)
{
    return !texts_are_there(p) || (begin(p) && end(p, drop(p->writer, id)));
}

/* 2: where nothing says that a page ends, there are none */
static bool put_pieces(sqlite3 *db, int64_t no, const char *text, size_t size)
{
    int64_t page = memchr(text, '\f', size) ? 1 : 0;
    bool good = true;
    for (int piece = 0; good && size && piece < PIECES_MAX; piece++) {
        size_t n = piece_of(text, size);
        const struct value values[] = {
            {.number = (no << PIECE_BITS) + piece}, {text, n, 0}, {.number = page}};
        good = n == 0 || change(db, "INSERT INTO piece(rowid, text, page) VALUES(?1, ?2, ?3)", values, 3);
        bool is_page = n < size && text[n] == '\f';
        page += is_page;
        n += is_page;
        text += n;
        size -= n;
    }
    return good;
}

static bool put(sqlite3 *db, const char *id, uint32_t revision, const char *text, size_t size)
{
    const struct value values[] = {text_of(id), {.number = revision}};
    return drop(db, id) &&
           change(
               db,
               "INSERT INTO document(no, id, number) SELECT coalesce(max(no), 0) + 1, ?1, ?2 FROM document",
               values, 2) &&
           put_pieces(db, sqlite3_last_insert_rowid(db), text, size);
}

bool texts_put(struct texts *p, const char *id, uint32_t revision, const char *text, size_t size)
{
    return begin(p) && end(p, put(p->writer, id, revision, text, size));
}

/* --- what there is --- */

int64_t texts_number(struct texts *p, const char *id)
{
    if (!texts_are_there(p))
        return 0;
    sqlite3 *db = texts_reader(p);
    sqlite3_stmt *s = db ? texts_prepare(db, "SELECT number FROM document WHERE id = ?1") : NULL;
    int rc = SQLITE_ERROR;
    int64_t n = 0;
    if (s) {
        sqlite3_bind_text(s, 1, id, -1, SQLITE_STATIC);
        rc = sqlite3_step(s);
        n = rc == SQLITE_ROW ? sqlite3_column_int64(s, 0) : 0;
        if (rc != SQLITE_ROW && rc != SQLITE_DONE)
            texts_failed(p, db, "read");
    }
    sqlite3_finalize(s);
    if (db)
        texts_reader_back(p, db);
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? n : -1;
}

int texts_list(struct texts *p, const char *after, const char *to, struct texts_known *out, size_t room)
{
    if (!texts_are_there(p))
        return 0;
    sqlite3 *db = texts_reader(p);
    sqlite3_stmt *s = db ? texts_prepare(db, "SELECT id, number FROM document WHERE id > ?1 AND id <= ?2 "
                                             "ORDER BY id LIMIT ?3")
                         : NULL;
    int n = 0, rc = SQLITE_ERROR;
    if (s) {
        sqlite3_bind_text(s, 1, after, -1, SQLITE_STATIC);
        sqlite3_bind_text(s, 2, to, -1, SQLITE_STATIC);
        sqlite3_bind_int64(s, 3, (int64_t)room);
        for (; (rc = sqlite3_step(s)) == SQLITE_ROW; n++) {
            const char *id = (const char *)sqlite3_column_text(s, 0);
            (void)snprintf(out[n].id, sizeof out[n].id, "%s", id ? id : ""); /* what is longer is no id */
            out[n].number = (uint32_t)sqlite3_column_int64(s, 1);
        }
        if (rc != SQLITE_DONE)
            texts_failed(p, db, "listed");
    }
    sqlite3_finalize(s);
    if (db)
        texts_reader_back(p, db);
    return rc == SQLITE_DONE ? n : -1;
}

void texts_complete(struct texts *p, bool is_complete)
{
    atomic_store(&p->is_complete, is_complete);
}

bool texts_is_complete(struct texts *p)
{
    return atomic_load(&p->is_complete);
}

uint64_t texts_count(struct texts *p)
{
    return atomic_load(&p->count);
}

unsigned texts_losses(struct texts *p)
{
    return atomic_load(&p->losses);
}
