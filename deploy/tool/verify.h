/* Proving a store right. Each service is looked at in a process of its own, because a damaged store may end
   whoever reads it; what was found is left in memory that both share. */
#ifndef BATON_TOOL_VERIFY_H
#define BATON_TOOL_VERIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "baton/v1/leads.pb-c.h"
#include "service/service.h"
#include "store/log.h"

enum { VERIFY_FINDINGS_MAX = 20, VERIFY_FINDING_SIZE = 240, VERIFY_SERVICES = 6 };

struct verify_result {
    bool finished; /* false: it ended before it was through */
    bool absent;   /* the service has never run here */
    uint64_t records, rows, cursors;
    uint64_t received, held, merged, rejected; /* leads only */
    uint64_t n_findings;
    char findings[VERIFY_FINDINGS_MAX][VERIFY_FINDING_SIZE]; /* the first of them */
};

struct verify {
    const char *data_dir;
    const struct service_def *def;
    struct verify_result *result;
    bool quiet;
    struct store *store, *scratch;
    struct txn *txn; /* one view of the live store for all checks */
    unsigned log_bucket;
    bool log_is_good;
    uint64_t captured_events, rejected_events;
    struct arena *arena;
};

void verify_found(struct verify *v, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* verify_log.c: the chain, and the rows it makes in the scratch store. */
void verify_log(struct verify *v);
/* The stored record in a buffer; false if there is none. Unlike log_read it does not judge. */
bool verify_read(struct txn *t, unsigned log_bucket, uint64_t seq, struct buffer *out);

/* verify_rows.c: rows against the log, indexes and timers, custody, positions in other logs. */
void verify_rows(struct verify *v);
void verify_custody(struct verify *v);
void verify_cursors(struct verify *v);

/* The service's definition by name. */
const struct service_def *verify_service(const char *name);

#endif
