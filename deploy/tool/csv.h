/* A CSV file as it comes from anywhere: character set and delimiter guessed, quotes across lines, ragged rows
   kept with a note of what is wrong with them. libcsv parses, ICU converts. */
#ifndef BATON_TOOL_CSV_H
#define BATON_TOOL_CSV_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/refusal.h"

enum {
    CSV_FILE_MAX = 512 << 20,
    CSV_COLUMNS_MAX = 1000,
    CSV_CELL_MAX = 1 << 20,
    CSV_UNCLOSED_MAX = 100, /* rows with a quote that is never closed, before the rest is given up */
};

struct csv_row {
    size_t line;         /* where it begins, counted from 1 */
    const char **cells;  /* as many as there are columns; missing ones are "" */
    struct bytes raw;    /* its own text, without the line break */
    const char *problem; /* why it cannot be taken, NULL if it can */
};

struct csv_file {
    struct arena *arena;
    char charset[64];
    char delimiter;
    const char **columns;    /* the header; empty and repeated names are made distinct */
    size_t n_columns, n_own; /* own: those of the file itself, in front of joined ones */
    struct bytes header_raw;
    struct csv_row *rows;
    size_t n_rows, n_empty;
};

struct csv_options {
    const char *charset; /* NULL: guessed */
    char delimiter;      /* 0: guessed among , ; tab | */
};

/* Reads a file. False: `no` says why; nothing needs to be released then. */
bool csv_file_read(struct csv_file *f, const char *path, const struct csv_options *o, struct refusal *no);
/* The same from memory. */
bool csv_file_parse(struct csv_file *f, struct bytes content, const struct csv_options *o,
                    struct refusal *no);
void csv_file_release(struct csv_file *f);

/* Position of a column by name, without regard to case; -1 if there is none. */
int csv_file_column(const struct csv_file *f, const char *name);

/* The text as UTF-8 without a byte order mark; charset tells what it was. False: unknown charset.
 * (csv_text.c) */
bool csv_text_decode(struct bytes content, const char *wanted, struct arena *a, char charset[64],
                     struct bytes *out, struct refusal *no);

/* Adds the columns of `other` to the rows of `f` that have the same value (without regard to case) in `ours`
   as `other` has in `theirs`; the first such row counts. *matched counts rows. `other` must live as long as
   `f`. (csv_join.c) */
bool csv_file_join(struct csv_file *f, const struct csv_file *other, const char *theirs, const char *ours,
                   size_t *matched, struct refusal *no);

#endif
