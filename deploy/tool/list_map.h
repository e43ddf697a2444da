/* What each column of a list is to a contact or an account: guessed from one visible table of names in
   several languages, changed by hand. */
#ifndef BATON_TOOL_LIST_MAP_H
#define BATON_TOOL_LIST_MAP_H

#include "base/cell.h"
#include "baton/v1/contact_lists.pb-c.h"
#include "tool/csv.h"
#include "tool/lead_fields.h"

enum list_use {
    LIST_USE_NOTHING,   /* left out, and said so */
    LIST_USE_FIELD,     /* a field of the record */
    LIST_USE_FULL_NAME, /* a contact's first and last name in one */
    LIST_USE_COMPANY,   /* the name of a contact's account */
    LIST_USE_ID,        /* its key where it came from: what we wrote ourselves is found by it again */
};

struct list_target {
    enum list_use use;
    const struct lead_field *field; /* with LIST_USE_FIELD */
    const char *why;                /* for a person: "its name", "by hand" */
};

struct list_map {
    const struct csv_file *file;
    bool accounts; /* else contacts */
    struct lead_fields fields;
    struct list_target *targets; /* one for each column; in the file's arena */
};

/* Guesses every column. */
void list_map_guess(struct list_map *m, const struct csv_file *f, bool accounts);
/* "COLUMN=FIELD", or "COLUMN=" for a column that is left out. False: there is no such field or column. */
bool list_map_set(struct list_map *m, const char *assignment, struct refusal *no);
/* What the column becomes, for a person. */
const char *list_map_target(const struct list_map *m, size_t column);

/* The row as a contact or an account; texts stay as they are. False: a field does not take its value. */
bool list_map_row(const struct list_map *m, const struct csv_row *row, Baton__ImportRow *out, struct arena *a,
                  struct refusal *no);

#endif
