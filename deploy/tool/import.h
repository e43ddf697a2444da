/* Bringing the rows of a CSV file in: what lead_import.c prepares and import_run.c does. */
#ifndef BATON_TOOL_IMPORT_H
#define BATON_TOOL_IMPORT_H

#include "tool/csv_map.h"
#include "tool/tool.h"

struct import_counts {
    uint64_t rows, held, merged, repeated,
        rejected;     /* rejected: kept by Baton as rejected, with the reason */
    uint64_t refused; /* not taken: the row or Baton says why */
    uint64_t failed;  /* no answer */
    uint64_t written; /* to rejects_path: all of the three, and rows rejected by an earlier import */
};

struct import {
    struct tool *tool;
    struct api *api;
    const struct csv_file *file;
    const struct csv_map *map;
    const char *source;
    bool acknowledge; /* customers are written to */
    const char *rejects_path;
    struct import_counts counts;
};

/* Brings every row in, with many calls under way; whoever is busy is asked again for a minute. Rows that are
   not held are written to rejects_path with the reason. False: rejects_path cannot be written. */
bool import_run(struct import *im);

#endif
