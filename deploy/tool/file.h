/* Files that commands are given. */
#ifndef BATON_TOOL_FILE_H
#define BATON_TOOL_FILE_H

#include <stdbool.h>

#include "base/bytes.h"
#include "tool/csv.h"

/* The whole of a file; "-" is standard input. False: said on standard error. */
bool file_read(const char *path, struct buffer *out);
/* The same as a table; released by csv_file_release. */
bool file_read_csv(const char *path, const struct csv_options *o, struct csv_file *out);

#endif
