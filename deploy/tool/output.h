/* What people see: tables with aligned columns, progress, numbers, text from outside made harmless. */
#ifndef BATON_TOOL_OUTPUT_H
#define BATON_TOOL_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "google/protobuf/timestamp.pb-c.h"
#include "tool/tool.h"

/* Text from outside without control characters (which could drive the terminal); NULL becomes "". */
const char *output_text(struct arena *a, const char *s);
/* A value of an enum as a word: "LEAD_STATUS_NEW" without its prefix as "new"; "" if there is no such value.
 */
const char *output_word(struct arena *a, const ProtobufCEnumDescriptor *e, int value, const char *prefix);
/* 1234567 as "1,234,567". */
const char *output_number(struct arena *a, uint64_t n);
/* 12345678 as "11.8 MiB". */
const char *output_bytes(struct arena *a, uint64_t n);
/* Minor units of an ISO 4217 currency as "1234.50"; of none as whole numbers. */
const char *output_amount(struct arena *a, int64_t minor_units, const char *currency);
/* 523 as "52.3 %". */
const char *output_permille(struct arena *a, uint32_t n);
/* Local time, "2026-03-01 14:05:09"; "" for NULL. */
const char *output_time(struct arena *a, const Google__Protobuf__Timestamp *t);

enum { GRID_COLUMNS_MAX = 12 };
struct grid {
    struct arena *arena;
    size_t n_columns, n_rows, capacity;
    const char **cells;           /* row by row; the first row is the heading */
    bool right[GRID_COLUMNS_MAX]; /* numbers stand to the right */
};
/* `headings` are separated by '|'; one that begins with '>' is of a column of numbers. */
void grid_init(struct grid *g, struct arena *a, const char *headings);
/* As many cells as there are columns; each is passed through output_text. */
void grid_add(struct grid *g, const char *const *cells);
void grid_print(const struct grid *g, struct tool *t);

/* What became of some of the rows of a file. */
struct sum_row {
    const char *name, *text;
    const char *preview; /* the same of what would become of them; NULL: the text */
    uint64_t n;
};
/* As members of a JSON object that is begun and not ended; else as a line for each that there are any of. */
void output_sum(struct tool *t, bool preview, const struct sum_row *rows, size_t n);

/* A bar on a terminal, redrawn at most ten times a second; else a line every ten per cent. Not in the first
   two seconds. On standard error.
 */
struct progress {
    const char *what;
    uint64_t total, last_tenth;
    int64_t started_us, drawn_us;
    bool terminal, quiet;
};
void progress_start(struct progress *p, const char *what, uint64_t total, bool quiet);
void progress_show(struct progress *p, uint64_t done);
/* Takes the bar away. */
void progress_end(struct progress *p);

/* Monotonic microseconds. */
int64_t output_clock_us(void);

#endif
