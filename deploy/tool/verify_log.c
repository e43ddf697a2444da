/* Walking a log: every checksum, the hash chain, and the same rows made once more in a scratch store. */
#include "tool/verify.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "schema/schema.h"
#include "service/apply.h"
#include "tool/output.h"

enum { COMMIT_EVERY = 1000, RECORD_TEXT_MAX = LOG_HEAD_SIZE + LOG_RECORD_MAX };

void verify_found(struct verify *v, const char *format, ...)
{
    struct verify_result *r = v->result;
    va_list args;
    if (r->n_findings < VERIFY_FINDINGS_MAX) {
        va_start(args, format);
        vsnprintf(r->findings[r->n_findings], VERIFY_FINDING_SIZE, format, args);
        va_end(args);
    }
    r->n_findings++;
}

bool verify_read(struct txn *t, unsigned log_bucket, uint64_t seq, struct buffer *out)
{
    struct scan s;
    struct bytes k, v;
    uint8_t prefix[8];
    put_be64(prefix, seq);
    buffer_clear(out);
    scan_open(&s, t, log_bucket, bytes_of(prefix, sizeof prefix), bytes_of(NULL, 0), false);
    while (scan_next(&s, &k, &v))
        (void)buffer_add(out, v.data, v.size); /* what is too long fails its checksum */
    scan_close(&s);
    return out->size > 0;
}

/* Number of the newest record in this view. */
static uint64_t newest(struct txn *t, unsigned log_bucket)
{
    struct scan s;
    struct bytes k, v;
    uint64_t seq = 0;
    scan_open(&s, t, log_bucket, bytes_of(NULL, 0), bytes_of(NULL, 0), true);
    if (scan_next(&s, &k, &v) && k.size >= 8)
        seq = get_be64(k.data);
    scan_close(&s);
    return seq;
}

static void count_events(struct verify *v, const Baton__LogRecord *record)
{
    for (size_t i = 0; i < record->n_events; i++) {
        v->captured_events += record->events[i]->event_case == BATON__EVENT__EVENT_LEAD_CAPTURED;
        v->rejected_events += record->events[i]->event_case == BATON__EVENT__EVENT_LEAD_REJECTED;
    }
}

/* Checks one record and applies it to the scratch store. False: nothing after it can be trusted. */
static bool take_record(struct verify *v, struct txn *scratch, uint64_t seq, struct buffer *stored,
                        uint8_t hash[HASH_SIZE])
{
    if (!verify_read(v->txn, v->log_bucket, seq, stored)) {
        verify_found(v, "log: record %" PRIu64 " is missing", seq);
        return false;
    }
    const char *wrong = log_check(buffer_bytes(stored), hash);
    if (wrong != NULL) {
        verify_found(v, "log: record %" PRIu64 ": %s", seq, wrong);
        return false;
    }
    arena_reset(v->arena);
    Baton__LogRecord *record = (Baton__LogRecord *)schema_unpack(
        schema_message(&baton__log_record__descriptor), log_body(buffer_bytes(stored)), v->arena);
    if (record == NULL || record->seq != seq) {
        verify_found(v, "log: record %" PRIu64 " cannot be read", seq);
        return false;
    }
    count_events(v, record);
    service_apply(v->def, scratch, record, v->arena);
    v->result->records = seq;
    return true;
}

void verify_log(struct verify *v)
{
    struct progress progress;
    struct buffer stored;
    uint8_t hash[HASH_SIZE];
    uint64_t head = newest(v->txn, v->log_bucket);
    struct txn *scratch = store_begin(v->scratch, true);
    v->log_is_good = scratch != NULL;
    buffer_init(&stored, RECORD_TEXT_MAX);
    log_first_hash(log_id(v->store), hash);
    progress_start(&progress, v->def->name, head, v->quiet);
    for (uint64_t seq = 1; seq <= head && v->log_is_good; seq++) {
        v->log_is_good = take_record(v, scratch, seq, &stored, hash);
        if (seq % COMMIT_EVERY == 0 && v->log_is_good) {
            v->log_is_good = store_commit(scratch);
            scratch = v->log_is_good ? store_begin(v->scratch, true) : NULL;
            v->log_is_good = scratch != NULL;
        }
        progress_show(&progress, seq);
    }
    progress_end(&progress);
    if (scratch != NULL && !store_commit(scratch))
        v->log_is_good = false;
    else if (scratch == NULL)
        verify_found(v, "the scratch store cannot be written");
    buffer_release(&stored);
}
