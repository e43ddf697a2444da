/* Rows of a CSV file that were not taken, written beside it: as they came, with their line and the reason. */
#ifndef BATON_TOOL_CSV_REJECTS_H
#define BATON_TOOL_CSV_REJECTS_H

#include <stdio.h>

#include "tool/csv.h"

struct csv_rejects {
    const char *path;
    const struct csv_file *file;
    FILE *out; /* NULL: none so far */
    bool failed;
};

/* What an earlier run wrote there goes. */
void csv_rejects_begin(struct csv_rejects *r, const char *path, const struct csv_file *file);
void csv_rejects_add(struct csv_rejects *r, const struct csv_row *row, const char *reason);
/* False: it could not be written whole; said on standard error. */
bool csv_rejects_end(struct csv_rejects *r);

#endif
