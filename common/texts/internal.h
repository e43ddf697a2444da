/* What the files of texts share. */
#ifndef BATON_TEXTS_INTERNAL_H
#define BATON_TEXTS_INTERNAL_H

#include <sqlite3.h>

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

/* Whether anything was ever put into it. */
bool texts_are_there(struct texts *p);
/* A connection for reading, until it is given back; NULL: logged. */
sqlite3 *texts_reader(struct texts *p);
void texts_reader_back(struct texts *p, sqlite3 *db);
/* NULL: logged. */
sqlite3_stmt *texts_prepare(sqlite3 *db, const char *sql);
/* Of a connection on which something went wrong: logged, and remembered where the file is damaged. */
void texts_failed(struct texts *p, sqlite3 *db, const char *what);

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
