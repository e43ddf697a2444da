/* Walking a log: every checksum, the hash chain, and the same rows made once more in a scratch store. */
#include "tool/verify.h"

#include <inttypes.h>

#include "schema/schema.h"
#include "service/apply.h"

enum { COMMIT_EVERY = 10000 };

static void count_events(struct verify *v, const Baton__LogRecord *record)
{
    for (size_t i = 0; i < record->n_events; i++) {
        v->captured_events += record->events[i]->event_case == BATON__EVENT__EVENT_LEAD_CAPTURED;
        v->rejected_events += record->events[i]->event_case == BATON__EVENT__EVENT_LEAD_REJECTED;
    }
}

/* Checks one record and applies it to the scratch store. False: nothing after it can be trusted. */
static bool take_record(struct verify *v, struct txn *scratch, uint64_t seq, struct bytes stored,
                        uint8_t hash[HASH_SIZE])
{
    const char *wrong = log_check(stored, hash);
    if (wrong != NULL) {
        verify_found(v->result, "log: record %" PRIu64 ": %s", seq, wrong);
        return false;
    }
    arena_reset(v->arena);
    Baton__LogRecord *record = seal_read(v->txn, stored, v->arena);
    if (record == NULL || record->seq != seq) {
        verify_found(v->result, "log: record %" PRIu64 " cannot be read", seq);
        return false;
    }
    count_events(v, record);
    verify_origin(v, record);
    service_apply(v->def, scratch, record, v->arena);
    return true;
}

/* One transaction's worth. False: there is no more, or the log is not good. */
static bool take_some(struct verify *v, struct log_walk *walk, struct txn *scratch, uint8_t hash[HASH_SIZE])
{
    struct verify_result *r = v->result;
    uint64_t seq, end = r->records + COMMIT_EVERY;
    struct bytes stored;
    while (r->records < end) {
        if (!log_walk_next(walk, &seq, &stored))
            return false;
        if (seq != r->records + 1)
            verify_found(r, "log: record %" PRIu64 " is missing", r->records + 1);
        v->log_is_good = seq == r->records + 1 && take_record(v, scratch, seq, stored, hash);
        if (!v->log_is_good)
            return false;
        r->records = seq;
    }
    return true;
}

void verify_log(struct verify *v)
{
    struct log_walk walk;
    uint8_t hash[HASH_SIZE];
    bool more = true;
    v->log_is_good = true;
    verify_origin_start(v);
    log_first_hash(log_id(v->store), hash);
    log_walk_open(&walk, v->txn);
    while (more) {
        struct txn *scratch = store_begin(v->scratch, true);
        more = scratch != NULL && take_some(v, &walk, scratch, hash);
        if (scratch == NULL || !store_commit(scratch)) {
            verify_found(v->result, "the scratch store cannot be written");
            v->log_is_good = more = false;
        }
    }
    log_walk_close(&walk);
}
