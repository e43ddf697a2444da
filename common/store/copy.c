/* A store's copy through a pipe: LMDB writes into it in a thread of its own, the caller takes what comes out.
 */
#include "store/copy.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "store/internal.h"
#include "store/table.h"

enum { PIECE = 1 << 20, RESTORED_SIZE = 8 + HASH_SIZE + 8 };
static const char RESTORED_KEY[] = "restored";

struct writing {
    MDB_env *env;
    int fd, rc;
};

static void *write_copy(void *arg)
{
    struct writing *w = arg;
    w->rc = mdb_env_copyfd(w->env, w->fd);
    close(w->fd); /* the reader sees the end */
    return NULL;
}

/* True: everything came and was taken. */
static bool read_copy(int fd, store_copy_fn *take, void *arg)
{
    uint8_t *piece = malloc(PIECE);
    ssize_t n;
    bool good = true;
    assert(piece);
    while (good && (n = read(fd, piece, PIECE)) != 0) {
        if (n > 0)
            good = take(arg, bytes_of(piece, (size_t)n));
        else if (errno != EINTR)
            good = false;
    }
    free(piece);
    return good;
}

bool store_copy(struct store *s, store_copy_fn *take, void *arg)
{
    int ends[2];
    pthread_t thread;
    if (pipe2(ends, O_CLOEXEC) != 0) {
        log_failure("store", "cannot copy %s: %s", s->dir, strerror(errno));
        return false;
    }
    struct writing w = {.env = s->env, .fd = ends[1]};
    int rc = pthread_create(&thread, NULL, write_copy, &w);
    if (rc != 0) {
        log_failure("store", "cannot copy %s: %s", s->dir, strerror(rc));
        close(ends[0]);
        close(ends[1]);
        return false;
    }
    bool taken = read_copy(ends[0], take, arg);
    close(ends[0]); /* a writer that is not through ends with EPIPE */
    (void)pthread_join(thread, NULL);
    if (taken && w.rc != 0)
        log_failure("store", "cannot copy %s: %s", s->dir, mdb_strerror(w.rc));
    return taken && w.rc == 0;
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
