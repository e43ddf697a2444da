/* Proving a store right. Each part of each service is looked at in a process of its own, as many at a time as
   there are processors, because a damaged store may end whoever reads it; what was found is left in memory
   they share. */
#ifndef BATON_TOOL_VERIFY_H
#define BATON_TOOL_VERIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "baton/v1/leads.pb-c.h"
#include "service/service.h"
#include "store/log.h"
#include "tool/tool.h"

enum { VERIFY_FINDINGS_MAX = 20, VERIFY_FINDING_SIZE = 400, VERIFY_SERVICES = 6, VERIFY_PATH_SIZE = 4096 };

struct verify_result {
    const char *service;
    bool absent; /* the service has never run here */
    bool sound;  /* its pages are: it can be read on */
    uint64_t records, rows, cursors, inbox, files;
    uint64_t to_do; /* records, once that is known */
    bool counts_leads;
    uint64_t received, held, merged, rejected; /* leads only */
    uint64_t beyond;                           /* effects of records that a restored service no longer has */
    uint64_t n_findings;
    char findings[VERIFY_FINDINGS_MAX][VERIFY_FINDING_SIZE]; /* the first of them */
};

/* One part of one service, in its own process. */
struct verify {
    const char *data_dir, *scratch_dir;
    const struct service_def *def;
    struct verify_result *result;
    struct store *store, *scratch;
    struct txn *txn; /* one view of the live store for the whole part */
    bool log_is_good;
    uint64_t captured_events, rejected_events;
    int64_t inbox_since_us;
    bool every_reply_is_kept;           /* no method of the service answers with a secret */
    uint64_t followed[VERIFY_SERVICES]; /* by service: newest record that had an effect */
    struct arena *arena;
};

/* Any number of processes may say so at once. */
void verify_found(struct verify_result *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Opens the service's store to look at; NULL: said. */
struct store *verify_open(const struct verify *v, const struct service_def *def,
                          const struct store_check *check);
/* -1 if there is none. */
int verify_service(const char *name);
const struct service_def *verify_def(unsigned service);

/* verify_log.c: the chain, and the rows it makes in the scratch store. */
void verify_log(struct verify *v);

/* verify_rows.c: rows against the log; indexes and timers; custody. */
void verify_rows(struct verify *v);
void verify_tables(struct verify *v);
void verify_custody(struct verify *v);
/* After verify_log: custody against what the log says came in. */
void verify_taken_in(struct verify *v);

/* verify_files.c: nothing for a service that keeps none. Ends v->txn. */
void verify_files(struct verify *v);

/* verify_follow.c: what a record says of requests and of other logs; the inbox; positions in other logs. */
void verify_origin_start(struct verify *v);
void verify_origin(struct verify *v, const Baton__LogRecord *record);
void verify_inbox(struct verify *v);
void verify_cursors(struct verify *v);

/* verify_print.c */
void verify_print(struct tool *t, const struct verify_result *results, bool good);

#endif
