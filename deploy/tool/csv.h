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
    struct bytes header_raw; /* empty: the rows were JSON lines */
    struct csv_row *rows;
    size_t n_rows, n_empty;
};

struct csv_options {
    const char *charset; /* NULL: guessed */
    char delimiter;      /* 0: guessed among , ; tab | */
};

/* Reads a file, CSV or JSON lines. False: `no` says why; nothing needs to be released then. */
bool csv_file_read(struct csv_file *f, const char *path, const struct csv_options *o, struct refusal *no);
/* The same from memory. */
bool csv_file_parse(struct csv_file *f, struct bytes content, const struct csv_options *o,
                    struct refusal *no);
void csv_file_release(struct csv_file *f);

/* Whether it is JSON lines: the first thing in it is an object. (csv_json.c) */
bool csv_is_json(struct bytes content);
/* An object a line: its keys are columns, those of an object inside it stand behind a dot. */
bool csv_json_parse(struct csv_file *f, struct bytes content, struct refusal *no);

/* Position of a column by name, without regard to case; -1 if there is none. */
int csv_file_column(const struct csv_file *f, const char *name);
/* A name that a column may have, as csv_map_normal makes it, and which of the wanted columns it is then. */
struct csv_synonym {
    const char *header;
    int column;
};
/* Positions of the wanted columns; -1: the file has none. Of several the first counts. (csv_columns.c) */
void csv_file_columns(const struct csv_file *f, const struct csv_synonym *synonyms, size_t n, int *columns,
                      size_t n_columns);
/* The first value of a column, clipped, to show what is in it; "" if there is none. */
const char *csv_file_example(const struct csv_file *f, size_t column);

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
