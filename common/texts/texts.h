/* What documents say, found by words: the text of each by page, in a file of SQLite (FTS5) beside the store.
   It is derived: it may be deleted at any time and is made again from the files, and what it has of a
   document is only believed as long as the document's row names the same revision.

   A document is cut into pieces of at most 8 KiB, none over a page. A word is letters and digits, folded as
   everywhere (search.h); of scripts without spaces between words every two characters that stand together are
   one. Each change is a transaction: a process that is killed leaves what was there before it.

   All of it blocks. Any number of threads may ask, while one changes. */
#ifndef BATON_TEXTS_H
#define BATON_TEXTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/ident.h"
#include "base/refusal.h"

struct texts;

/* In this folder, which is there. A file that is damaged, or of another program's form, is made anew. NULL:
   logged. */
struct texts *texts_open(const char *dir);
/* Nobody is in one of its functions any more. NULL is fine. */
void texts_close(struct texts *p);

/* --- changes; false: it could not be, logged. A file that turned out damaged is empty from then on. --- */

/* The text of the document's revision, as preview_text has it: pages end with \f. */
bool texts_put(struct texts *p, const char *id, uint32_t number, const char *text, size_t size);
/* There need not be any. */
bool texts_drop(struct texts *p, const char *id);

struct texts_known {
    char id[IDENT_TEXT_SIZE];
    uint32_t number; /* of the revision */
};
/* Of which revision it has the text; 0: none, -1: logged. */
int64_t texts_number(struct texts *p, const char *id);
/* At most `room` of those whose ids are behind `after` and not behind `to`, in their order; how many. -1:
 * logged. */
int texts_list(struct texts *p, const char *after, const char *to, struct texts_known *out, size_t room);

/* Whether all is in it that should be, as whoever keeps it says; at first it is not. */
void texts_complete(struct texts *p, bool is_complete);
bool texts_is_complete(struct texts *p);
/* Of how many documents it has the text; they may have none. */
uint64_t texts_count(struct texts *p);
/* How often it had to be made anew since it was opened. */
unsigned texts_losses(struct texts *p);

/* --- finding --- */

enum {
    TEXTS_WORDS_MAX = 16,   /* of a query; further ones are not looked for */
    TEXTS_SNIPPETS_MAX = 3, /* of a document */
    TEXTS_SNIPPET_BYTES = 320,
    TEXTS_MARKS_MAX = 16,
    TEXTS_TOKEN_MAX = 40,
};

struct texts_mark {
    uint32_t at, size;
};
struct texts_snippet {
    char *text;    /* white space is one space */
    uint32_t page; /* 0: it has no pages */
    struct texts_mark marks[TEXTS_MARKS_MAX];
    size_t n_marks;
};
struct texts_hit {
    char id[IDENT_TEXT_SIZE];
    struct texts_snippet *snippets;
    size_t n_snippets;
};

struct texts_asked {
    const char *query;
    const char *token;  /* NULL: from the beginning */
    size_t most;        /* hits */
    size_t looked_most; /* documents that `takes` is asked about; then the page ends */
    /* Whether this one is wanted; asked once about each that has the words, in the order of the hits. */
    bool (*takes)(void *arg, const char *id, uint32_t number);
    void *arg;
};
struct texts_page {
    struct texts_hit *hits; /* in the arena */
    size_t n;
    char token[TEXTS_TOKEN_MAX]; /* "": there is no more */
};
/* False: `no` says that there is no word in the query, that the token is none, or that it cannot be read. */
bool texts_find(struct texts *p, const struct texts_asked *asked, struct arena *a, struct texts_page *page,
                struct refusal *no);

#endif
