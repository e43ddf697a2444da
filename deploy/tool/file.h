/* Files that commands are given. */
#ifndef BATON_TOOL_FILE_H
#define BATON_TOOL_FILE_H

#include <stdbool.h>

#include "base/bytes.h"
#include "tool/csv.h"
#include "tool/tool.h"

/* The whole of a file; "-" is standard input. False: said on standard error. */
bool file_read(const char *path, struct buffer *out);
/* The same as a table; released by csv_file_release. */
bool file_read_csv(const char *path, const struct csv_options *o, struct csv_file *out);
/* Adds another file's columns: `with` is FILE.csv:COLUMN or FILE.csv:THEIRS=OURS; says how many rows have
   theirs there. `other` must live as long as `file`, and is released by the caller if it has an arena. */
bool file_join(struct csv_file *file, struct csv_file *other, const char *with, struct tool *t,
               struct refusal *no);

#endif
