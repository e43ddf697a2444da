/* Replies by request id, in two generations. */
#include "store/inbox.h"

#include <string.h>

#include "base/hash.h"
#include "base/ident.h"
#include "store/internal.h"

enum { HEAD = INBOX_DIGEST_SIZE + 1 };
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
    if (stored.size < HEAD || stored.data[INBOX_DIGEST_SIZE] > 1)
        return false;
    memcpy(e->digest, stored.data, INBOX_DIGEST_SIZE);
    e->refused = stored.data[INBOX_DIGEST_SIZE];
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
    v[INBOX_DIGEST_SIZE] = e->refused;
    if (e->reply.size)
        memcpy(v + HEAD, e->reply.data, e->reply.size);
    txn_put(t, t->store->inbox[current(t, now_us)], bytes_of(id, 16), bytes_of(v, HEAD + e->reply.size));
}
