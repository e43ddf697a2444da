/* What the commands about documents share. */
#ifndef BATON_TOOL_DOCUMENT_H
#define BATON_TOOL_DOCUMENT_H

#include <stdio.h>

#include "baton/v1/documents.pb-c.h"
#include "baton/v1/record.pb-c.h"
#include "tool/session.h"

/* By its id. NULL: s->no says why. */
const Baton__Document *document_get(struct session *s, const char *id);

struct document_revisions {
    Baton__DocumentRevision **rows; /* the oldest first */
    size_t n;
};
/* False: s->no says why. */
bool document_revisions_load(struct session *s, const char *document_id, struct document_revisions *out);

/* Stores the file's bytes under that name: their hash, in the session's arena. NULL: s->no says why. */
char *document_store(struct session *s, FILE *f, uint64_t size, const char *name);

/* Whether the option's text is a type of documents, or NULL. False: said on standard error. */
bool document_type_known(const char *type);

/* What lists of documents are asked for by options; and the same as filters, once they are read. */
struct document_filters {
    const char *type, *status, *owner, *account, *tag;
    Baton__SearchFilter **rows;
    size_t n;
};
/* False: said on standard error. */
bool document_filters_known(const struct document_filters *f);
/* False: s->no says why. */
bool document_filters_read(struct document_filters *f, struct session *s);

#endif
