/* Appending to, reading and checking the hash-chained log. */
#include "store/log.h"

#include <assert.h>
#include <string.h>

#include "base/log.h"
#include "store/internal.h"
#include "store/key.h"

enum { PART_MAX = 1900 };
static const char LOG_ID_KEY[] = "log_id";

static struct key part_key(uint64_t seq, unsigned part)
{
    struct key k;
    uint8_t b[2];
    key_init(&k);
    key_u64(&k, seq);
    put_be16(b, (uint16_t)part);
    key_raw(&k, bytes_of(b, sizeof b));
    return k;
}

void log_first_hash(const uint8_t id[LOG_ID_SIZE], uint8_t out[HASH_SIZE])
{
    memset(out, 0, HASH_SIZE);
    memcpy(out, id, LOG_ID_SIZE);
}

uint64_t log_newest(struct txn *t)
{
    struct scan scan;
    struct bytes k, v;
    scan_open(&scan, t, t->store->log, bytes_of(NULL, 0), bytes_of(NULL, 0), true);
    uint64_t seq = scan_next(&scan, &k, &v) ? get_be64(k.data) : 0;
    scan_close(&scan);
    return seq;
}

static void load_head(struct store *s, struct txn *t)
{
    struct bytes stored;
    uint64_t seq = log_newest(t);
    log_first_hash(s->log_id, s->head.hash);
    s->head.seq = seq;
    if (seq) {
        struct arena *a = arena_new(LOG_RECORD_MAX * 2);
        if (log_read(t, seq, a, &stored))
            memcpy(s->head.hash, stored.data + 4, HASH_SIZE);
        else if (!s->tolerant)
            log_fatal("store", "the newest record of the log cannot be read; run `baton verify`");
        arena_free(a);
    }
    s->committed_head = s->head;
}

void log_load(struct store *s)
{
    struct bytes id;
    struct txn *t = store_begin(s, false);
    if (!t)
        log_fatal("store", "cannot read %s", s->dir);
    if (txn_get(t, s->meta, bytes_text(LOG_ID_KEY), &id) && id.size == LOG_ID_SIZE) {
        memcpy(s->log_id, id.data, LOG_ID_SIZE);
        load_head(s, t);
    }
    /* A store that cannot be read is not a new one. */
    if (txn_failed(t))
        log_fatal("store", "cannot read %s", s->dir);
    store_abort(t);
}

void log_prepare(struct store *s, const uint8_t random[LOG_ID_SIZE])
{
    struct bytes id;
    struct txn *t = store_begin(s, true);
    if (!t)
        log_fatal("store", "cannot write %s", s->dir);
    if (txn_get(t, s->meta, bytes_text(LOG_ID_KEY), &id)) {
        store_abort(t);
        return;
    }
    txn_put(t, s->meta, bytes_text(LOG_ID_KEY), bytes_of(random, LOG_ID_SIZE));
    if (!store_commit(t))
        log_fatal("store", "cannot write %s", s->dir);
    log_load(s);
}

const uint8_t *log_id(const struct store *s)
{
    return s->log_id;
}

struct log_position log_head(const struct store *s)
{
    return s->head;
}

uint64_t log_append(struct txn *t, Baton__LogRecord *record, const uint8_t fresh[SEAL_FRESH_SIZE],
                    struct arena *a)
{
    struct store *s = t->store;
    record->seq = s->head.seq + 1;
    record->has_seq = true;
    const Baton__LogRecord *kept = fresh ? seal_record(t, record, fresh, a) : record;
    size_t n = protobuf_c_message_get_packed_size(&kept->base);
    assert(n <= LOG_RECORD_MAX);
    uint8_t *stored = arena_raw(a, LOG_HEAD_SIZE + n);
    protobuf_c_message_pack(&kept->base, stored + LOG_HEAD_SIZE);
    hash2(stored + 4, bytes_of(s->head.hash, HASH_SIZE), bytes_of(stored + LOG_HEAD_SIZE, n));
    put_be32(stored, crc32c(0, stored + 4, HASH_SIZE + n));
    size_t total = LOG_HEAD_SIZE + n;
    for (size_t at = 0, part = 0; at < total; at += PART_MAX, part++) {
        struct key k = part_key(record->seq, (unsigned)part);
        txn_append(t, s->log, key_bytes(&k),
                   bytes_of(stored + at, total - at < PART_MAX ? total - at : PART_MAX));
    }
    s->head.seq = record->seq;
    memcpy(s->head.hash, stored + 4, HASH_SIZE);
    return record->seq;
}

static bool record_is_whole(struct bytes stored)
{
    return stored.size >= LOG_HEAD_SIZE &&
           get_be32(stored.data) == crc32c(0, stored.data + 4, stored.size - 4);
}

/* All parts of one record, joined. */
static bool join_parts(struct txn *t, uint64_t seq, struct arena *a, struct bytes *out)
{
    struct scan scan;
    struct bytes k, v;
    uint8_t prefix[8];
    struct buffer joined;
    put_be64(prefix, seq);
    buffer_init(&joined, LOG_HEAD_SIZE + LOG_RECORD_MAX);
    scan_open(&scan, t, t->store->log, bytes_of(prefix, sizeof prefix), bytes_of(NULL, 0), false);
    while (scan_next(&scan, &k, &v))
        buffer_add(&joined, v.data, v.size);
    scan_close(&scan);
    out->size = joined.size;
    out->data = joined.size ? arena_copy(a, joined.data, joined.size) : NULL;
    buffer_release(&joined);
    return out->size > 0;
}

bool log_read(struct txn *t, uint64_t seq, struct arena *a, struct bytes *out)
{
    struct key first = part_key(seq, 0);
    if (!txn_get(t, t->store->log, key_bytes(&first), out))
        return false;
    /* The entry's own checksum was right; what it cannot tell is a missing part. */
    if (out->size != PART_MAX || (join_parts(t, seq, a, out) && record_is_whole(*out)))
        return true;
    if (!t->store->tolerant)
        log_fatal("store", "record %llu of the log is damaged; run `baton verify`", (unsigned long long)seq);
    return false;
}

struct bytes log_body(struct bytes stored)
{
    assert(stored.size >= LOG_HEAD_SIZE);
    return bytes_of(stored.data + LOG_HEAD_SIZE, stored.size - LOG_HEAD_SIZE);
}

const uint8_t *log_stored_hash(struct bytes stored)
{
    assert(stored.size >= LOG_HEAD_SIZE);
    return stored.data + LOG_HEAD_SIZE - HASH_SIZE;
}

Baton__LogRecord *log_get(struct txn *t, uint64_t seq, struct arena *a)
{
    struct bytes stored;
    if (!log_read(t, seq, a, &stored))
        return NULL;
    Baton__LogRecord *record = seal_read(t, stored, a);
    if (!record)
        log_fatal("store", "record %llu of the log cannot be read", (unsigned long long)seq);
    return record;
}

bool log_hash(struct txn *t, uint64_t seq, struct arena *a, uint8_t out[HASH_SIZE])
{
    struct bytes stored;
    if (seq == 0) {
        log_first_hash(t->store->log_id, out);
        return true;
    }
    /* The newest is asked for by every follower, once a second. */
    if (seq == t->store->committed_head.seq) {
        memcpy(out, t->store->committed_head.hash, HASH_SIZE);
        return true;
    }
    if (!log_read(t, seq, a, &stored))
        return false;
    memcpy(out, log_stored_hash(stored), HASH_SIZE);
    return true;
}

void log_walk_open(struct log_walk *w, struct txn *t)
{
    scan_open(&w->scan, t, t->store->log, bytes_of(NULL, 0), bytes_of(NULL, 0), false);
    buffer_init(&w->joined, LOG_HEAD_SIZE + LOG_RECORD_MAX);
    w->more = scan_next(&w->scan, &w->key, &w->value);
}

bool log_walk_next(struct log_walk *w, uint64_t *seq, struct bytes *stored)
{
    if (!w->more)
        return false;
    *seq = get_be64(w->key.data);
    *stored = w->value;
    bool whole = w->value.size < PART_MAX;
    buffer_clear(&w->joined);
    do {
        if (!whole)
            buffer_add(&w->joined, w->value.data, w->value.size); /* what is too long fails its checksum */
        w->more = scan_next(&w->scan, &w->key, &w->value);
    } while (!whole && w->more && get_be64(w->key.data) == *seq);
    if (!whole)
        *stored = buffer_bytes(&w->joined);
    return true;
}

void log_walk_close(struct log_walk *w)
{
    scan_close(&w->scan);
    buffer_release(&w->joined);
}

const char *log_check(struct bytes stored, uint8_t hash[HASH_SIZE])
{
    uint8_t own[HASH_SIZE];
    if (!record_is_whole(stored))
        return "the checksum is wrong";
    hash2(own, bytes_of(hash, HASH_SIZE), log_body(stored));
    if (memcmp(own, stored.data + 4, HASH_SIZE) != 0)
        return "it does not follow from the record before it";
    memcpy(hash, own, HASH_SIZE);
    return NULL;
}

bool cursor_get(struct txn *t, const char *service, struct cursor *c)
{
    struct bytes v;
    if (!txn_get(t, t->store->cursors, bytes_text(service), &v) || v.size != sizeof *c)
        return false;
    memcpy(c, v.data, sizeof *c);
    return true;
}

void cursor_put(struct txn *t, const char *service, const struct cursor *c)
{
    txn_put(t, t->store->cursors, bytes_text(service), bytes_of(c, sizeof *c));
}
