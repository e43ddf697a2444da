/* Reading and writing entries within a transaction, each behind its checksum. */
#include <assert.h>
#include <string.h>

#include "base/hash.h"
#include "base/log.h"
#include "store/internal.h"
#include "store/pages.h"

static const char OUT_OF_ORDER[] = "keys are out of order, or a page is not what it should be";

static MDB_val val_of(struct bytes b)
{
    return (MDB_val){b.size, (void *)(uintptr_t)b.data};
}

/* False: the transaction has failed, before or just now. */
static bool goes_on(struct txn *t, enum store_call call, unsigned bucket, struct bytes key)
{
    if (!t->error)
        t->error = store_probe(t->store, call, bucket, key);
    return !t->error;
}

static struct bytes bytes_from(const MDB_val *v)
{
    return bytes_of(v->mv_data, v->mv_size);
}

static uint32_t entry_crc(uint32_t crc, struct bytes key, struct bytes value)
{
    return crc32c(crc32c(crc, key.data, key.size), value.data, value.size);
}

bool entry_open(uint32_t crc, struct bytes key, struct bytes *stored)
{
    if (stored->size < ENTRY_HEAD)
        return false;
    struct bytes value = bytes_of(stored->data + ENTRY_HEAD, stored->size - ENTRY_HEAD);
    if (get_be32(stored->data) != entry_crc(crc, key, value))
        return false;
    *stored = value;
    return true;
}

/* Nobody is served from a damaged store. */
static void damaged(struct txn *t, unsigned bucket, const char *what)
{
    if (!t->store->tolerant)
        log_fatal("store", "%s is damaged (%s, in %s); run `baton verify`", t->store->dir, what,
                  t->store->buckets[bucket].name);
}

/* A read that LMDB itself could not do. */
static void unreadable(struct txn *t, unsigned bucket, int rc)
{
    damaged(t, bucket, mdb_strerror(rc));
    t->error = rc;
}

static bool open_or_die(struct txn *t, unsigned bucket, struct bytes key, struct bytes *stored)
{
    if (entry_open(t->store->buckets[bucket].crc, key, stored))
        return true;
    damaged(t, bucket, "an entry fails its checksum");
    return false;
}

/* A damaged page can hide what is there without any key being out of order: it says that it has fewer
   entries, or leads somewhere else. What this very transaction has changed are copies of the pages looked at
   here. */
static bool way_is_sound(struct txn *t, unsigned bucket, struct bytes key, uintptr_t *page)
{
    const struct store *s = t->store;
    MDB_envinfo info;
    MDB_val name = val_of(bytes_text(s->buckets[bucket].name)), record;
    const uint8_t *leaf = NULL;
    bool sound =
        !s->map || (mdb_get(t->mdb, MAIN_DB, &name, &record) == 0 && mdb_env_info(s->env, &info) == 0 &&
                    pages_path_is_sound(s->map, info.me_last_pgno, bytes_from(&record), key, &leaf));
    *page = (uintptr_t)leaf / PAGES_SIZE;
    return sound;
}

/* The entry a cursor stands at and the one beyond it are sound, and lie on that side of `key`, in order. */
static bool stand(struct txn *t, MDB_cursor *c, struct bytes key, MDB_val *k, MDB_val *v, bool after)
{
    for (int i = 0, rc = 0; i < 2 && rc == 0; i++) {
        struct bytes found = bytes_from(k), stored = bytes_from(v);
        int order = bytes_compare(found, key);
        if (!(after ? order > 0 : order < 0) ||
            !entry_open(t->store->buckets[mdb_cursor_dbi(c)].crc, found, &stored))
            return false;
        key = found;
        rc = mdb_cursor_get(c, k, v, after ? MDB_NEXT : MDB_PREV);
        if (rc != 0 && rc != MDB_NOTFOUND)
            return false;
    }
    return true;
}

/* LMDB seeks by halves and believes every key on its way. A flipped bit, in a key or in the place that it is
   looked for at, leads it astray, and what is there would be taken for absent: then what it ended between
   does not lie on both sides of the key, or is out of order itself. */
static bool is_absent(struct txn *t, unsigned bucket, struct bytes key)
{
    MDB_cursor *after, *before;
    MDB_val k = val_of(key), v;
    uintptr_t page;
    if (!way_is_sound(t, bucket, key, &page))
        return false;
    if (mdb_cursor_open(t->mdb, bucket, &after) != 0)
        return false;
    if (mdb_cursor_open(t->mdb, bucket, &before) != 0) {
        mdb_cursor_close(after);
        return false;
    }
    int rc = mdb_cursor_get(after, &k, &v, MDB_SET_RANGE);
    bool absent = rc == MDB_NOTFOUND || (rc == 0 && stand(t, after, key, &k, &v, true));
    k = val_of(key);
    if (absent)
        rc = mdb_cursor_get(before, &k, &v, MDB_SET_RANGE) == 0 ? mdb_cursor_get(before, &k, &v, MDB_PREV)
                                                                : mdb_cursor_get(before, &k, &v, MDB_LAST);
    absent = absent && (rc == MDB_NOTFOUND || (rc == 0 && stand(t, before, key, &k, &v, false)));
    mdb_cursor_close(after);
    mdb_cursor_close(before);
    return absent;
}

bool txn_get(struct txn *t, unsigned bucket, struct bytes key, struct bytes *value)
{
    if (!goes_on(t, STORE_GET, bucket, key))
        return false;
    MDB_val k = val_of(key), v;
    int rc = mdb_get(t->mdb, bucket, &k, &v);
    if (rc != 0 && rc != MDB_NOTFOUND)
        unreadable(t, bucket, rc);
    if (rc == MDB_NOTFOUND && !is_absent(t, bucket, key))
        damaged(t, bucket, OUT_OF_ORDER);
    if (rc != 0)
        return false;
    *value = bytes_from(&v);
    return open_or_die(t, bucket, key, value);
}

static void put(struct txn *t, unsigned bucket, struct bytes key, struct bytes value, unsigned flags)
{
    assert(t->write);
    if (!goes_on(t, STORE_PUT, bucket, key))
        return;
    uint32_t crc = entry_crc(t->store->buckets[bucket].crc, key, value);
    MDB_val k = val_of(key), v = {.mv_size = ENTRY_HEAD + value.size};
    t->error = mdb_put(t->mdb, bucket, &k, &v, flags | MDB_RESERVE);
    if (t->error)
        return;
    uint8_t *stored = v.mv_data;
    put_be32(stored, crc);
    if (value.size)
        memcpy(stored + ENTRY_HEAD, value.data, value.size);
}

void txn_put(struct txn *t, unsigned bucket, struct bytes key, struct bytes value)
{
    put(t, bucket, key, value, 0);
}

void txn_append(struct txn *t, unsigned bucket, struct bytes key, struct bytes value)
{
    put(t, bucket, key, value, MDB_APPEND);
}

bool txn_delete(struct txn *t, unsigned bucket, struct bytes key)
{
    assert(t->write);
    if (!goes_on(t, STORE_DELETE, bucket, key))
        return false;
    MDB_val k = val_of(key);
    int rc = mdb_del(t->mdb, bucket, &k, NULL);
    if (rc && rc != MDB_NOTFOUND)
        t->error = rc;
    return rc == 0;
}

void txn_empty(struct txn *t, unsigned bucket)
{
    assert(t->write);
    if (goes_on(t, STORE_DELETE, bucket, bytes_of(NULL, 0)))
        t->error = mdb_drop(t->mdb, bucket, 0);
}

void scan_open(struct scan *s, struct txn *t, unsigned bucket, struct bytes prefix, struct bytes from,
               bool backwards)
{
    *s = (struct scan){.txn = t, .prefix = prefix, .backwards = backwards, .from = from};
    MDB_cursor *c = NULL;
    if (goes_on(t, STORE_SCAN, bucket, prefix))
        t->error = mdb_cursor_open(t->mdb, bucket, &c);
    s->cursor = c;
}

/* A walk seeks one bound, twice; the way to it, and the leaf it leads to, are looked at once. */
static void look_at_way(struct scan *s, struct bytes bound)
{
    if (!s->sought && !way_is_sound(s->txn, mdb_cursor_dbi(s->cursor), bound, &s->page))
        damaged(s->txn, mdb_cursor_dbi(s->cursor), OUT_OF_ORDER);
    s->sought = true;
}

/* The last of all. A tree that is not found among the others is an empty one to LMDB. */
static int seek_last(struct scan *s, MDB_val *k, MDB_val *v)
{
    uint8_t above[KEY_MAX + 1];
    memset(above, 0xff, sizeof above);
    look_at_way(s, bytes_of(above, sizeof above));
    return mdb_cursor_get(s->cursor, k, v, MDB_LAST);
}

/* The first key at or above `bound`. */
static int seek(struct scan *s, struct bytes bound, MDB_val *k, MDB_val *v)
{
    *k = val_of(bound);
    look_at_way(s, bound);
    return mdb_cursor_get(s->cursor, k, v, bound.size ? MDB_SET_RANGE : MDB_FIRST);
}

/* The last key below `bound`, or the last of all when there is no key at or above it. */
static int seek_below(struct scan *s, struct bytes bound, MDB_val *k, MDB_val *v, bool inclusive)
{
    MDB_cursor *c = s->cursor;
    int rc = seek(s, bound, k, v);
    if (rc == MDB_NOTFOUND)
        return mdb_cursor_get(c, k, v, MDB_LAST);
    if (rc == 0 && inclusive && bytes_equal(bytes_from(k), bound))
        return 0;
    return rc ? rc : mdb_cursor_get(c, k, v, MDB_PREV);
}

static int first_backwards(struct scan *s, MDB_val *k, MDB_val *v)
{
    if (s->from.size)
        return seek_below(s, s->from, k, v, true);
    /* Just past the prefix: the prefix with its last byte that is not ff counted up. */
    uint8_t past[512];
    size_t n = s->prefix.size;
    assert(n <= sizeof past);
    if (n)
        memcpy(past, s->prefix.data, n);
    while (n && past[n - 1] == 0xff)
        n--;
    if (!n)
        return seek_last(s, k, v);
    past[n - 1]++;
    return seek_below(s, bytes_of(past, n), k, v, false);
}

static int first_forwards(struct scan *s, MDB_val *k, MDB_val *v)
{
    return seek(s, s->from.size ? s->from : s->prefix, k, v);
}

static int first(struct scan *s, MDB_val *k, MDB_val *v)
{
    return s->backwards ? first_backwards(s, k, v) : first_forwards(s, k, v);
}

static bool has_prefix(const struct scan *s, struct bytes key)
{
    return key.size >= s->prefix.size &&
           (s->prefix.size == 0 || memcmp(key.data, s->prefix.data, s->prefix.size) == 0);
}

/* A walk in its direction would pass this key before it comes to where it begins. */
static bool is_before(const struct scan *s, struct bytes key)
{
    struct bytes begin = s->from.size ? s->from : s->prefix;
    int order = bytes_compare(key, begin);
    if (!s->backwards)
        return order < 0;
    return order > 0 && (s->from.size || !has_prefix(s, key));
}

/* What LMDB passed over to where the walk begins does not belong to it. */
static int begin(struct scan *s, MDB_val *k, MDB_val *v)
{
    int rc = first(s, k, v);
    if (rc != 0 && rc != MDB_NOTFOUND)
        return rc;
    struct bytes begins = bytes_from(k);
    MDB_cursor_op passed = s->backwards ? MDB_NEXT : MDB_PREV, all = s->backwards ? MDB_FIRST : MDB_LAST;
    bool right = mdb_cursor_get(s->cursor, k, v, rc == 0 ? passed : all) != 0 || is_before(s, bytes_from(k));
    if (right && rc == 0) /* where it stands, LMDB seeks by another way */
        right = first(s, k, v) == 0 && bytes_equal(bytes_from(k), begins);
    if (!right)
        damaged(s->txn, mdb_cursor_dbi(s->cursor), OUT_OF_ORDER);
    return rc;
}

static int go_on(struct scan *s, MDB_val *k, MDB_val *v)
{
    int rc = mdb_cursor_get(s->cursor, k, v, s->backwards ? MDB_PREV : MDB_NEXT);
    int order = rc == 0 ? bytes_compare(bytes_from(k), s->last) : 0;
    if (rc == 0 && (s->backwards ? order >= 0 : order <= 0))
        damaged(s->txn, mdb_cursor_dbi(s->cursor), OUT_OF_ORDER);
    return rc;
}

/* Each page that a walk comes to is looked at once, and those above it. */
static void enter_page(struct scan *s, const MDB_val *k)
{
    const uintptr_t page = (uintptr_t)k->mv_data / PAGES_SIZE;
    uintptr_t leaf;
    if (page != s->page && !way_is_sound(s->txn, mdb_cursor_dbi(s->cursor), bytes_from(k), &leaf))
        damaged(s->txn, mdb_cursor_dbi(s->cursor), OUT_OF_ORDER);
    s->page = page;
}

/* The next entry as it is stored, of whatever key. */
static bool step(struct scan *s, struct bytes *key, struct bytes *stored)
{
    if (!s->cursor || s->txn->error)
        return false;
    MDB_val k, v;
    int rc = s->started ? go_on(s, &k, &v) : begin(s, &k, &v);
    s->started = true;
    if (rc && rc != MDB_NOTFOUND)
        unreadable(s->txn, mdb_cursor_dbi(s->cursor), rc);
    if (rc)
        return false;
    enter_page(s, &k);
    *key = s->last = bytes_from(&k);
    *stored = bytes_from(&v);
    return true;
}

bool scan_next(struct scan *s, struct bytes *key, struct bytes *value)
{
    bool sound = false;
    while (!sound && step(s, key, value))
        sound = open_or_die(s->txn, mdb_cursor_dbi(s->cursor), *key, value);
    return sound && has_prefix(s, *key);
}

void scan_close(struct scan *s)
{
    if (s->cursor)
        mdb_cursor_close(s->cursor);
    s->cursor = NULL;
}
