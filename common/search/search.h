/* Finding records by what is typed: an index in memory of words, derived from rows and no truth. One for each
   record type; belongs to one thread.

   A record is a set of words. Words are what text_fold makes of a text, without diacritics, cut at everything
   that is neither letter nor digit and where letters of Chinese, Japanese or Korean begin and end. A phone
   number is one word of its digits, without what stands for going abroad or out of town.

   A typed word matches a record's word, the better the first of these holds:
   1 exact   they are the same
   2 prefix  it begins with it
   3 infix   it has it inside: from 3 letters, 4 digits or 1 Chinese character on
   4 typo    5 letters or more and one edit away, 9 or more and two (an edit inserts, drops, changes or swaps
             letters); of the last typed word the beginning of a longer one is enough. Where there are digits
             in it, it is another word

   Found is what has the most of the typed words. Of those, what needs the fewest typos comes first, then what
   matches better, then what is newer. Words are looked up by trigrams (of Chinese by one and two characters,
   of digits by four), typos by which letters occur; records by sorted lists of numbers, one a word. */
#ifndef BATON_SEARCH_H
#define BATON_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ident.h"

enum {
    SEARCH_TEXT_BYTES = 4096, /* of a text or a query; what is behind is not looked at */
    SEARCH_WORD_MAX = 48,     /* characters; longer words are several */
    SEARCH_DOC_WORDS = 240,   /* of a record, its tags included; further ones are not found */
    SEARCH_QUERY_WORDS = 8,   /* further ones are not looked at */
    SEARCH_TAGS = 12,         /* kinds of tags */
    SEARCH_TAG_BYTES = 64,    /* of a tag's value; longer ones are cut */
    SEARCH_FILTERS = 4,
    SEARCH_VALUES = 16,         /* of a filter */
    SEARCH_MATCHES_MAX = 10000, /* that are put in order */
    SEARCH_LOOK_MAX = 200000    /* records that are looked at for one query */
};

struct search;

struct search *search_new(void);    /* ends the process if there is no memory, as everything here */
void search_free(struct search *x); /* NULL is fine */

struct search_field {
    const char *text; /* NULL: none */
    bool is_phone;
    bool is_closed; /* not everybody who finds the record may find it by this */
};

/* What a record belongs to, for filters: as written, not folded. */
struct search_tag {
    unsigned number; /* below SEARCH_TAGS */
    const char *value;
};

struct search_doc {
    uint8_t id[IDENT_SIZE];
    int64_t created_us, updated_us;
    const struct search_field *fields;
    size_t n_fields;
    const struct search_tag *tags; /* of one number there may be several */
    size_t n_tags;
};

/* It is found from now on, and as it was no longer. A record keeps its place in time when it changes. */
void search_put(struct search *x, const struct search_doc *d);
/* It is found no longer; what is not there is fine. */
void search_drop(struct search *x, const uint8_t id[IDENT_SIZE]);

size_t search_count(const struct search *x);
/* What it takes, without what malloc takes for itself. */
size_t search_bytes(const struct search *x);

enum search_order { SEARCH_BEST, SEARCH_NEWEST };

/* Only what has one of these tags. */
struct search_filter {
    const struct search_tag *any;
    size_t n; /* at most SEARCH_VALUES */
};

/* Times in microseconds since 1970, both inclusive; 0: open. */
struct search_range {
    int64_t from_us, to_us;
};

struct search_query {
    const char *text; /* NULL or blank: everything. Nothing has what is no word */
    const struct search_filter *filters;
    size_t n_filters; /* at most SEARCH_FILTERS */
    struct search_range created, updated;
    enum search_order order;
    bool open_only; /* what is closed is as if it were not there */
    /* Whether the caller may see the record of this id, which has these tags (by number, of several one,
       NULL: none of that kind). What may not be seen is as if it were not there. NULL: may see everything. */
    bool (*may)(void *arg, const uint8_t id[IDENT_SIZE], const char *const tags[SEARCH_TAGS]);
    void *arg;
    size_t most; /* hits; at most SEARCH_MATCHES_MAX */
};

struct search_hit {
    uint8_t id[IDENT_SIZE];
    uint32_t place;       /* the newer the greater */
    uint8_t words, typos; /* typed words it has; of those with typos */
    uint8_t quality;      /* sum over them: 4 exact, 3 prefix, 2 infix, 1 typo */
    int64_t created_us;
};

/* The first `most` in order; how many. With SEARCH_NEWEST typos count only where nothing has none. `*cut`:
   records that are older than what was looked at are not among them. */
size_t search_find(struct search *x, const struct search_query *q, struct search_hit *hits, bool *cut);

/* Whether a Chinese name goes on from one text into the other without a space. */
bool search_runs_on(const char *before, const char *after);

/* The order of hits, for those of several indexes. */
int search_hit_compare(const void *a, const void *b);

/* --- for those who look in another way --- */

/* Folded as above, in UTF-8, not NUL-terminated; of more than SEARCH_TEXT_BYTES, or than there is room for,
   the beginning. How many bytes. */
size_t search_fold(const char *text, size_t size, char *out, size_t room);
/* Whether words of this folded character's script have no spaces between them. */
bool search_runs(uint32_t c);

#endif
