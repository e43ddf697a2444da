/* Rows of a list, whatever file they come from: CSV, JSON lines or vCards; and the file of those not taken.
 */
#ifndef BATON_TOOL_LIST_SOURCE_H
#define BATON_TOOL_LIST_SOURCE_H

#include "base/hash.h"
#include "tool/csv_rejects.h"
#include "tool/list_map.h"

struct card_row {
    struct bytes raw;
    size_t line;
};

struct list_source {
    const char *path;
    bool accounts; /* else contacts */
    bool is_cards;
    struct csv_file file; /* also of cards: its arena, and their text */
    struct list_map map;  /* of CSV and JSON lines */
    struct card_row *cards;
    size_t n_cards;
    const char *charset;     /* as asked for; NULL: guessed */
    char *owner_id;          /* of rows that name none; NULL: nobody */
    uint8_t hash[HASH_SIZE]; /* of the content */
};

/* Reads the file and guesses its columns. False: `no` says why; nothing needs to be released then. */
bool list_source_open(struct list_source *s, const char *path, bool accounts, const struct csv_options *o,
                      struct refusal *no);
void list_source_close(struct list_source *s);
size_t list_source_rows(const struct list_source *s);

/* Row `i` as it is sent; what it points to lives as long as the arena. False: *reason says why it cannot be.
 *Else reason says what of it was left out, NULL: nothing. */
bool list_source_row(const struct list_source *s, size_t i, Baton__ImportRow *out, struct arena *a,
                     const char **reason);

/* Rows that are set aside, as they came, with the reason: as CSV, or as vCards with a property
 * X-BATON-REASON. */
struct list_aside {
    const struct list_source *source;
    struct csv_rejects csv;
    FILE *cards;
    const char *path;
    size_t n;
    bool failed;
};
void list_aside_begin(struct list_aside *r, const struct list_source *s, const char *path);
void list_aside_add(struct list_aside *r, size_t row, const char *reason);
/* False: it could not be written whole; said on standard error. */
bool list_aside_end(struct list_aside *r);

#endif
