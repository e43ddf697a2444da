/* A store's copy: LMDB writes over no page that an open read transaction can see, so the pages of its moment
   are read from the file while others write. LMDB's own copying begins a transaction of its own, later than
   ours. */
#include "store/copy.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "store/internal.h"
#include "store/pages.h"
#include "store/table.h"

enum { PIECE = 1 << 20, TRIES = 1000, RESTORED_SIZE = 8 + HASH_SIZE + 8 };
static const char RESTORED_KEY[] = "restored";

struct snapshot {
    struct txn *txn;
    int fd; /* of the store's file; LMDB's */
    uint64_t pages;
    uint8_t metas[PAGES_METAS_BYTES]; /* the only pages that writers write over */
};

struct snapshot *snapshot_new(struct store *s)
{
    struct snapshot *n = malloc(sizeof *n);
    assert(n);
    int rc = mdb_env_get_fd(s->env, &n->fd);
    assert(rc == 0); /* it is open */
    for (unsigned i = 0; i < TRIES && (n->txn = store_begin(s, false)); i++) {
        if (pages_metas(n->fd, mdb_txn_id(n->txn->mdb), n->metas, &n->pages))
            return n;
        store_abort(n->txn);
    }
    log_failure("store", "%s cannot be looked at at one moment", s->dir);
    free(n);
    return NULL;
}

void snapshot_free(struct snapshot *n)
{
    if (!n)
        return;
    store_abort(n->txn);
    free(n);
}

struct txn *snapshot_txn(const struct snapshot *n)
{
    return n->txn;
}

/* The file ends sooner where its last pages were never written. */
static bool read_pages(const struct snapshot *n, uint8_t *piece, snapshot_copy_fn *take, void *arg)
{
    uint64_t at = PAGES_METAS_BYTES, end = n->pages * PAGES_SIZE;
    ssize_t got = 1;
    bool good = true;
    while (good && at < end && got != 0) {
        got = pread(n->fd, piece, end - at < PIECE ? end - at : PIECE, (off_t)at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            log_failure("store", "cannot read %s: %s", txn_store(n->txn)->dir, strerror(errno));
        good = got >= 0 && take(arg, bytes_of(piece, (size_t)got));
        at += good ? (uint64_t)got : 0;
    }
    return good;
}

bool snapshot_copy(const struct snapshot *n, snapshot_copy_fn *take, void *arg)
{
    uint8_t *piece = malloc(PIECE);
    assert(piece);
    bool good = take(arg, bytes_of(n->metas, sizeof n->metas)) && read_pages(n, piece, take, arg);
    free(piece);
    return good;
}

static void hash_sized(struct hash_stream *h, struct bytes b)
{
    uint8_t size[8];
    put_be64(size, b.size);
    hash_add(h, bytes_of(size, sizeof size));
    hash_add(h, b);
}

static void hash_table(struct hash_stream *h, struct txn *t, unsigned table)
{
    struct scan scan;
    struct bytes k, v;
    hash_sized(h, bytes_text(table_name(t->store, table)));
    scan_open(&scan, t, table_bucket(t->store, table), bytes_of(NULL, 0), bytes_of(NULL, 0), false);
    while (scan_next(&scan, &k, &v)) {
        hash_sized(h, k);
        hash_sized(h, v);
    }
    scan_close(&scan);
}

void store_content_hash(struct txn *t, uint8_t out[HASH_SIZE])
{
    struct hash_stream *h = hash_new();
    for (unsigned table = 0; table < t->store->n_tables; table++)
        hash_table(h, t, table);
    hash_end(h, out);
}

bool restored_get(struct txn *t, struct restored *r)
{
    struct bytes v;
    if (!txn_get(t, t->store->meta, bytes_text(RESTORED_KEY), &v) || v.size != RESTORED_SIZE)
        return false;
    r->at.seq = get_be64(v.data);
    memcpy(r->at.hash, v.data + 8, HASH_SIZE);
    r->time_us = (int64_t)get_be64(v.data + 8 + HASH_SIZE);
    return true;
}

void restored_put(struct txn *t, const struct restored *r)
{
    uint8_t v[RESTORED_SIZE];
    put_be64(v, r->at.seq);
    memcpy(v + 8, r->at.hash, HASH_SIZE);
    put_be64(v + 8 + HASH_SIZE, (uint64_t)r->time_us);
    txn_put(t, t->store->meta, bytes_text(RESTORED_KEY), bytes_of(v, sizeof v));
}
