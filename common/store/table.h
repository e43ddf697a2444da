/* Tables of messages. A service puts and gets rows; the indexes and timers their fields ask for are kept
   here.

   Row:    "t.NAME"        key fields            -> seq(8) packed message
   Index:  "i.NAME.FIELD"  field, key fields     -> key fields; of a repeated field an entry a value
   Timer:  "due"           due_us, name, key     -> key fields
   `seq` is the log position of the row's last change. */
#ifndef BATON_STORE_TABLE_H
#define BATON_STORE_TABLE_H

#include "base/arena.h"
#include "schema/schema.h"
#include "store/key.h"
#include "store/store.h"

/* Tables are called by their number: the position in store_options.tables. */

const char *table_name(const struct store *s, unsigned table);
/* -1 if there is none. */
int table_number(const struct store *s, const char *name);
const struct schema_message *table_message(const struct store *s, unsigned table);
/* Where its rows are. */
unsigned table_bucket(const struct store *s, unsigned table);

/* The row in the arena, NULL if there is none. */
void *table_get(struct txn *t, unsigned table, const struct key *key, struct arena *a);
void *table_get_id(struct txn *t, unsigned table, const char *id, struct arena *a); /* id NULL: NULL */
/* Log position of the row's last change, 0 if there is no row. */
uint64_t table_seq(struct txn *t, unsigned table, const struct key *key);

/* A row as its bucket has it, decoded in the arena; NULL: it cannot be. */
void *table_row(const struct store *s, unsigned table, struct bytes stored, struct arena *a);

/* Puts the row under the key its own fields make, at log position `seq`. */
void table_put(struct txn *t, unsigned table, const void *row, uint64_t seq, struct arena *a);
/* The same where the caller holds the row as it stands (from table_get in this transaction; NULL: there is
 * none). */
void table_replace(struct txn *t, unsigned table, const void *before, const void *row, uint64_t seq,
                   struct arena *a);
/* False if there was none. */
bool table_delete(struct txn *t, unsigned table, const struct key *key, struct arena *a);

/* The row with this value in a unique text field (compared as written), NULL if none. */
void *table_find(struct txn *t, unsigned table, const char *field, const char *value, struct arena *a);

/* Walks rows in key order, or those with `value` in an indexed text field. Rows may not be written between
   two steps. `token` (from table_scan_token, may be NULL) goes on behind where another walk stopped. */
struct table_scan {
    struct scan scan;
    struct txn *txn;
    unsigned table;
    bool by_index;
    struct key prefix, from, last;
    bool skip_first;
};
/* False: the field has no index or the token is not one; nothing is opened then. `field` NULL: all rows. */
bool table_scan_open(struct table_scan *s, struct txn *t, unsigned table, const char *field,
                     const char *value, const char *token, bool backwards);
/* Walks the rows whose key begins with `prefix` (its first parts), from `from` on (inclusive; NULL: from the
   start, or the end when backwards). False: the token is not one of this walk. */
bool table_scan_under(struct table_scan *s, struct txn *t, unsigned table, const struct key *prefix,
                      const struct key *from, const char *token, bool backwards);
/* Walks the rows that have a value in an indexed field, in the order of the values, from `from` on
   (inclusive). False: the field has no index or the token is not one of it. */
bool table_scan_values(struct table_scan *s, struct txn *t, unsigned table, const char *field,
                       const char *from, const char *token);
void *table_scan_next(struct table_scan *s, struct arena *a);
/* Where it stands, as text for a page token. */
char *table_scan_token(const struct table_scan *s, struct arena *a);
void table_scan_close(struct table_scan *s);

/* Whether the row has all its index and timer entries. */
bool table_has_entries(struct txn *t, unsigned table, const struct key *key, const void *row);

/* Whether no row as it stands has this entry of "due". */
bool due_is_stray(struct txn *t, struct bytes entry, struct bytes primary, struct arena *a);
/* The earliest timer. False if none is armed. */
bool due_first(struct txn *t, int64_t *due_us, unsigned *table, struct key *key);

/* Every row has its index and timer entries and nothing else has. Calls `wrong` for each that does not;
   returns the number of rows looked at. */
typedef void table_wrong_fn(void *arg, const char *what);
uint64_t table_check(struct txn *t, unsigned table, struct arena *scratch, table_wrong_fn *wrong, void *arg);

#endif
