/* What a service adds so that its records are found by what is typed: an index in memory for each type, made
   of the rows at the start and kept in step by apply; derived, no truth. Which fields are looked in is said
   by the schema (`searchable`), and are those named phone and mobile_phone; of the values of `custom` those
   that finder_custom names. */
#ifndef BATON_SERVICE_FINDER_H
#define BATON_SERVICE_FINDER_H

#include "baton/v1/search.pb-c.h"
#include "schema/custom.h"
#include "search/search.h"
#include "service/service.h"

/* A type. All lists end with NULL. */
struct finder_def {
    unsigned table;
    const char *created, *updated; /* fields that are times */
    const char *const
        *tags; /* fields that are filtered by, texts (one or many) or enums; at most SEARCH_TAGS */
    const char *const *names; /* fields that make its name, in the order in which it is sorted */
    const char *hidden;       /* a text; what has one is not found; NULL: there is no such field */
    /* Whether everybody who finds the record is shown this field; the others are closed to finder_asked's
       open_only. NULL: all of them. */
    bool (*is_open)(const struct schema_field *f);
};

struct finder {
    const struct finder_def *def;
    struct search *index;
    char *custom[CUSTOM_FIELDS_MAX]; /* names */
    size_t n_custom;
};

void finder_init(struct finder *f, const struct finder_def *def);
void finder_release(struct finder *f);

/* Rows that are noted from now on are found by the values of these custom fields, and of no others; copies
   the names. At most CUSTOM_FIELDS_MAX. */
void finder_custom(struct finder *f, char *const *names, size_t n);

/* At the start: all rows. */
void finder_load(struct finder *f, struct load *l);
/* The row is so from now on; `f` NULL: nobody searches here (a replay). */
void finder_note(struct finder *f, const ProtobufCMessage *row);
/* The next `most` rows behind `token` (NULL: the first ones), noted anew; `f` NULL: only walked over. The
   token for those behind them, in `a`; NULL: there are none. */
char *finder_note_some(struct finder *f, struct txn *t, unsigned table, const char *token, size_t most,
                       struct arena *a);
/* It is gone. */
void finder_forget(struct finder *f, const char *id);
/* After a RecordChanged, whatever happened to the record. */
void finder_apply(struct finder *f, struct apply *ap, const ProtobufCMessage *record);

enum { FINDER_PAGE_DEFAULT = 20, FINDER_PAGE_MAX = 200, FINDER_ASKED_MAX = 20000 };

/* A search over some types of one service. */
struct finder_asked {
    const Baton__Search *search; /* NULL: everything, the best first */
    uint32_t page_size;          /* 0: the default */
    const char *page_token;
    /* What the caller may see, besides the search: as in search.h. */
    const struct search_filter *only; /* NULL: everything */
    bool (*may)(void *arg, const uint8_t id[IDENT_SIZE], const char *const tags[SEARCH_TAGS]);
    /* The same where the record itself must be read for it: the arena of `rows` is that of one record. It is
     * asked of FINDER_ASKED_MAX records at most, then the page is cut. Not beside `may`. NULL: everything. */
    bool (*sees)(struct load *rows, const char *id, void *arg);
    void *arg;      /* of either */
    bool open_only; /* by what is closed nothing is found */
};

struct finder_found {
    struct finder *in;
    struct search_hit hit;
    const char *name; /* where they are sorted by name */
};

struct finder_page {
    struct finder_found *found; /* in the arena */
    size_t n;
    char *next_page_token; /* NULL: there is no more */
    bool cut;
};

/* False: `no` says which field is none to filter by, or that the page token is none. */
bool finder_find(struct finder *const *finders, size_t n, struct load *l, const struct finder_asked *asked,
                 struct finder_page *page, struct refusal *no);

/* Whether the row is what the search's filters and times ask for, whatever is typed: for those who come to
   rows by another way. */
bool finder_fits(const struct finder_def *def, const ProtobufCMessage *row, const Baton__Search *s);
/* Whether all of its filters are such that this is filtered by. */
bool finder_check(const struct finder_def *def, const Baton__Search *s, struct refusal *no);

/* For a reply. */
Baton__SearchRank *finder_rank(const struct search_hit *hit, struct arena *a);

#endif
