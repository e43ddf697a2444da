/* Bringing a list in: batch after batch, each under a request id that the file and its rows make, so that an
   import that was cut off and is repeated does nothing twice. */
#ifndef BATON_TOOL_LIST_IMPORT_H
#define BATON_TOOL_LIST_IMPORT_H

#include "base/ident.h"
#include "tool/list_source.h"
#include "tool/session.h"

struct list_counts {
    uint64_t created, updated, unchanged, skipped, asked, rejected;
    uint64_t failed;   /* no answer */
    uint64_t remarked; /* of the others: something was left out */
    uint64_t known[4]; /* duplicates, by what they are known: external_id, email, phone, name */
};

struct list_import {
    struct session *session;
    struct list_source *source;
    const char *name, *country;
    Baton__DuplicatePolicy duplicates;
    bool preview;
    bool was_begun; /* an earlier run of the same import is gone on with */
    char import_id[IDENT_TEXT_SIZE];
    struct list_aside rejects, asked,
        remarks; /* remarks: of rows that were taken, what was left out of them */
    struct list_counts counts;
};

/* The id of the import: the same for the same content and choices, unless it was undone since. False:
 * refused. */
bool list_import_identify(struct list_import *im, const char *choices);
/* Brings all rows in, or asks what would become of them. False: the session's refusal says why it ended. */
bool list_import_run(struct list_import *im);

#endif
