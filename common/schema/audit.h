/* What a log record says of who did what: the rows of an audit. */
#ifndef BATON_SCHEMA_AUDIT_H
#define BATON_SCHEMA_AUDIT_H

#include "baton/v1/event.pb-c.h"
#include "baton/v1/system.pb-c.h"
#include "schema/schema.h"

/* Entries of a record that the filter (may be NULL) wants, in the arena: `*n` of them, as they stand in it.
   Of personal fields nothing is said, so the record need not have been opened. Not filled in: `service`. */
Baton__AuditEntry **audit_entries(const Baton__LogRecord *record, const Baton__AuditFilter *filter,
                                  struct arena *a, size_t *n);

#endif
