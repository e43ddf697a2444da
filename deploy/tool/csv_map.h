/* What each column of a CSV file is to a lead: guessed from a visible table of names, changed by hand. */
#ifndef BATON_TOOL_CSV_MAP_H
#define BATON_TOOL_CSV_MAP_H

#include "tool/csv.h"
#include "tool/lead_fields.h"

enum csv_use {
    CSV_USE_MESSAGE,   /* nothing a lead has a field for: "column: value" in its message */
    CSV_USE_FIELD,     /* a field of the lead */
    CSV_USE_FULL_NAME, /* first and last name in one */
    CSV_USE_NOTHING,   /* left out (written by an earlier import) */
};

struct csv_target {
    enum csv_use use;
    const struct lead_field *field; /* with CSV_USE_FIELD */
    int64_t factor;                 /* numbers are multiplied by it */
    const char *why;                /* for a person: "name", "by hand", "values repeat" */
};

struct csv_map {
    const struct csv_file *file;
    struct lead_fields fields;
    struct csv_target *targets; /* one for each column; in the file's arena */
};

/* Columns that an import writes behind those of the file, and reads over. */
#define CSV_REASON_COLUMN "baton_reason"
#define CSV_LINE_COLUMN   "baton_line"

/* Guesses every column. */
void csv_map_guess(struct csv_map *m, const struct csv_file *f);
/* "FIELD=COLUMN", "FIELD=COLUMN*1000000" or "FIELD=" (no column is that field). False: no such field or
 * column. */
bool csv_map_set(struct csv_map *m, const char *assignment, struct refusal *no);

/* The column of a field, -1 if none is. */
int csv_map_column(const struct csv_map *m, const char *field);

/* Fills the lead from a row. What a field cannot take goes into the message like a column without a field. */
void csv_map_lead(const struct csv_map *m, const struct csv_row *row, Baton__Lead *lead, struct arena *a);

/* Header names as they are compared: folded, letters and digits only ("E-Mail Address" -> "emailaddress"). */
char *csv_map_normal(struct arena *a, const char *name);

#endif
