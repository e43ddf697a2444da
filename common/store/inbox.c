/* Replies by request id, in two generations. */
#include "store/inbox.h"

#include <string.h>

#include "base/hash.h"
#include "base/ident.h"
#include "store/internal.h"

enum {
    ID_SIZE = 16,
    HEAD = INBOX_DIGEST_SIZE + 1,
    LOOKED_AT = 2000,
    FOUND_SIZE = ID_SIZE + INBOX_DIGEST_SIZE
};
enum { DONE, REFUSED, ERASED };
static const int64_t GENERATION_US = 24ll * 3600 * 1000000;
static const char GENERATION_KEY[] = "inbox";

void inbox_id(uint8_t out[16], const char *request_id)
{
    uint8_t hash[HASH_SIZE];
    if (ident_parse(out, request_id))
        return;
    hash2(hash, bytes_text("request"), bytes_text(request_id));
    memcpy(out, hash, 16);
}

bool inbox_decode(struct bytes stored, struct inbox_entry *e)
{
    if (stored.size < HEAD || stored.data[INBOX_DIGEST_SIZE] > ERASED)
        return false;
    memcpy(e->digest, stored.data, INBOX_DIGEST_SIZE);
    e->refused = stored.data[INBOX_DIGEST_SIZE] == REFUSED;
    e->erased = stored.data[INBOX_DIGEST_SIZE] == ERASED;
    e->reply = bytes_of(stored.data + HEAD, stored.size - HEAD);
    return true;
}

bool inbox_get(struct txn *t, const uint8_t id[16], struct inbox_entry *e)
{
    struct bytes v;
    struct bytes key = bytes_of(id, 16);
    if (!txn_get(t, t->store->inbox[0], key, &v) && !txn_get(t, t->store->inbox[1], key, &v))
        return false;
    return inbox_decode(v, e);
}

/* "meta" "inbox" -> since(8) which(1). */
static bool generation(struct txn *t, int64_t *since_us, unsigned *which)
{
    struct bytes v;
    if (!txn_get(t, t->store->meta, bytes_text(GENERATION_KEY), &v) || v.size != 9)
        return false;
    *since_us = (int64_t)get_be64(v.data);
    *which = v.data[8] & 1;
    return true;
}

int64_t inbox_since(struct txn *t)
{
    int64_t since_us;
    unsigned which;
    return generation(t, &since_us, &which) ? since_us : INT64_MAX;
}

/* Which generation takes new entries. */
static unsigned current(struct txn *t, int64_t now_us)
{
    int64_t since_us;
    unsigned which = 0;
    if (generation(t, &since_us, &which)) {
        if (now_us - since_us < GENERATION_US)
            return which;
        which ^= 1;
        txn_empty(t, t->store->inbox[which]);
    }
    uint8_t meta[9];
    put_be64(meta, (uint64_t)now_us);
    meta[8] = (uint8_t)which;
    txn_put(t, t->store->meta, bytes_text(GENERATION_KEY), bytes_of(meta, sizeof meta));
    return which;
}

void inbox_put(struct txn *t, const uint8_t id[16], const struct inbox_entry *e, int64_t now_us,
               struct arena *a)
{
    uint8_t *v = arena_raw(a, HEAD + e->reply.size);
    memcpy(v, e->digest, INBOX_DIGEST_SIZE);
    v[INBOX_DIGEST_SIZE] = e->refused ? REFUSED : DONE;
    if (e->reply.size)
        memcpy(v + HEAD, e->reply.data, e->reply.size);
    txn_put(t, t->store->inbox[current(t, now_us)], bytes_of(id, 16), bytes_of(v, HEAD + e->reply.size));
}

static bool has_any(struct bytes reply, struct bytes texts, size_t size)
{
    for (size_t at = 0; at + size <= texts.size; at += size)
        if (memmem(reply.data, reply.size, texts.data + at, size))
            return true;
    return false;
}

/* Keys of those to be erased among the next ones, at most LOOKED_AT; false: the generation has no more. */
static bool look(struct txn *t, struct inbox_place *at, struct bytes texts, size_t size,
                 uint8_t found[LOOKED_AT][FOUND_SIZE], size_t *n)
{
    static const uint8_t nothing[sizeof at->after];
    bool begins = memcmp(at->after, nothing, sizeof nothing) == 0;
    struct scan scan;
    struct bytes key, value;
    struct inbox_entry e;
    unsigned looked = 0;
    scan_open(&scan, t, t->store->inbox[at->generation], bytes_of(NULL, 0),
              begins ? bytes_of(NULL, 0) : bytes_of(at->after, sizeof at->after), false);
    bool more = false;
    while (looked < LOOKED_AT && (more = scan_next(&scan, &key, &value))) {
        if (key.size != sizeof at->after || (!begins && memcmp(key.data, at->after, sizeof at->after) == 0))
            continue;
        looked++;
        memcpy(at->after, key.data, sizeof at->after);
        if (!inbox_decode(value, &e) || !has_any(e.reply, texts, size))
            continue;
        memcpy(found[*n], key.data, sizeof at->after);
        memcpy(found[(*n)++] + sizeof at->after, value.data, INBOX_DIGEST_SIZE);
    }
    scan_close(&scan);
    return more;
}

bool inbox_erase_some(struct txn *t, struct inbox_place *at, struct bytes texts, size_t size, struct arena *a)
{
    uint8_t(*found)[FOUND_SIZE] = arena_alloc(a, LOOKED_AT * sizeof *found);
    uint8_t value[HEAD];
    unsigned bucket = t->store->inbox[at->generation];
    size_t n = 0;
    if (!look(t, at, texts, size, found, &n))
        *at = (struct inbox_place){.generation = at->generation + 1};
    for (size_t i = 0; i < n; i++) {
        memcpy(value, found[i] + sizeof at->after, INBOX_DIGEST_SIZE);
        value[INBOX_DIGEST_SIZE] = ERASED;
        txn_put(t, bucket, bytes_of(found[i], sizeof at->after), bytes_of(value, sizeof value));
    }
    return at->generation < 2;
}
