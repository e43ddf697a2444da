/* What the files of texts share. */
#ifndef BATON_TEXTS_INTERNAL_H
#define BATON_TEXTS_INTERNAL_H

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>

#include "texts/texts.h"

/* A piece's number is that of its document, shifted, and its own. */
enum { PIECE_BITS = 16, PIECES_MAX = 1 << PIECE_BITS, PIECE_BYTES = 8192 };
/* What stands around a mark in a text that is highlighted; no text has them (preview.h). */
#define MARK_BEGIN '\2'
#define MARK_END   '\3'

/* --- tokens.c --- */

enum { TOKEN_MAX = 128 }; /* bytes; what a longer word has behind is not looked at */

struct token {
    const char *text; /* folded */
    size_t size, n;   /* bytes and characters */
    size_t from, to;  /* where it stands */
    bool is_run;      /* of a script without spaces */
    bool is_beside; /* at the same place as the one before: the last character of a run, which is found alone
                     */
};
/* 0: go on; anything else ends it and is returned. */
typedef int token_fn(void *arg, const struct token *t);
/* `is_query`: of a run only its pairs, unless it is a single character. */
int tokens_of(const char *text, size_t size, bool is_query, token_fn *each, void *arg);
/* Makes "baton" a tokenizer of this connection. */
bool tokens_register(sqlite3 *db);

/* --- texts.c --- */

enum { TEXTS_PATH_SIZE = 4096, TEXTS_IDLE_MAX = 2 };
struct texts {
    char path[TEXTS_PATH_SIZE];
    pthread_rwlock_t lock; /* held for reading by whoever uses the file, for writing while it is made anew */
    pthread_mutex_t idle_lock;
    sqlite3 *writer, *idle[TEXTS_IDLE_MAX];
    size_t n_idle;
    atomic_bool is_complete, is_damaged, is_unclean;
    atomic_uint_fast64_t count;
    atomic_uint losses;
};
/* A change begins. False: there is no file to be changed. */
bool texts_begin(struct texts *p);
/* It is over. False: logged, and nothing was changed; so, too, where it was not good. */
bool texts_end(struct texts *p, bool is_good);
bool texts_run(sqlite3 *db, const char *sql);
/* The number that is asked for; -1: it cannot be asked. */
int64_t texts_figure(sqlite3 *db, const char *sql);
/* Whether anything was ever put into it. */
bool texts_are_there(struct texts *p);
/* A connection for reading, until it is given back; NULL: logged. */
sqlite3 *texts_reader(struct texts *p);
void texts_reader_back(struct texts *p, sqlite3 *db);
/* NULL: logged. */
sqlite3_stmt *texts_prepare(sqlite3 *db, const char *sql);
/* Of a connection on which something went wrong: logged, and remembered where the file is damaged. */
void texts_failed(struct texts *p, sqlite3 *db, const char *what);

/* --- clean.c --- */

/* Part of a change: words are to be cleaned away. */
bool texts_soil(struct texts *p);
/* Whether they are, of a file that was opened. */
bool texts_look(sqlite3 *writer);

/* --- cut.c --- */

/* How much of the text is its first piece, without what ends a page; 0: an empty page. */
size_t piece_of(const char *text, size_t size);

/* --- query.c --- */

/* What is typed, as expressions of FTS5 in the arena. */
struct query {
    const char *words[TEXTS_WORDS_MAX];
    size_t n;
    const char *all, *any; /* of them */
};
/* False: there is no word in it. */
bool query_read(const char *typed, struct arena *a, struct query *q);

/* --- snippet.c --- */

/* Of a highlighted text; false: nothing in it is marked. */
bool snippet_of(const char *text, uint32_t page, struct arena *a, struct texts_snippet *out);

#endif
