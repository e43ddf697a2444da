/* The LMDB environment: opening, locking, transactions, buckets, space. */
#include "store/store.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/log.h"
#include "store/internal.h"
#include "store/pages.h"

enum { QUOTA_PERCENT = 85, DISK_EVERY_US = 1000000 };
/* Below this much free disk the next commits could fail: LMDB copies pages before it frees any. */
static const uint64_t DISK_FREE_MIN = 32ull << 20;

static int lock_folder(const char *dir)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/owner.lock", dir);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        log_failure("store", "cannot open %s: %s", path, strerror(errno));
        return -1;
    }
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return fd;
    log_failure("store", "%s is in use by another process; stop that one first", dir);
    close(fd);
    return -1;
}

/* A folder without LMDB's lock file is a copy that nobody writes; looking at it leaves nothing behind. */
static bool is_copy(const char *dir)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/lock.mdb", dir);
    return access(path, F_OK) != 0;
}

static const unsigned UNSAFE = MDB_WRITEMAP | MDB_NOMETASYNC | MDB_MAPASYNC | MDB_NOLOCK | MDB_NOSYNC;

static unsigned env_flags(const struct store_options *o)
{
    if (o->scratch)
        return MDB_NOTLS | MDB_NOSYNC | MDB_WRITEMAP;
    if (o->read_only)
        return MDB_NOTLS | MDB_RDONLY | (is_copy(o->dir) ? MDB_NOLOCK : 0);
    return MDB_NOTLS | (o->no_sync ? MDB_NOSYNC : 0);
}

/* What LMDB asserts of its pages. */
static void on_assert(MDB_env *env, const char *text)
{
    const struct store *s = mdb_env_get_userctx(env);
    log_fatal("store", "%s is damaged (%s); run `baton verify`", s->dir, text);
}

static bool env_open(struct store *s, const struct store_options *o)
{
    unsigned flags = env_flags(o);
    int rc = mdb_env_create(&s->env);
    if (rc == 0)
        rc = mdb_env_set_userctx(s->env, s);
    if (rc == 0)
        rc = mdb_env_set_assert(s->env, on_assert);
    if (rc == 0)
        rc = mdb_env_set_maxdbs(s->env, BUCKETS_MAX);
    if (rc == 0)
        rc = mdb_env_set_mapsize(s->env, PAGES_MAP_BYTES);
    if (rc == 0)
        rc = mdb_env_open(s->env, o->dir, flags, 0600);
    if (rc != 0) {
        log_failure("store", "cannot open the store in %s: %s", o->dir, mdb_strerror(rc));
        return false;
    }
    unsigned got = 0;
    mdb_env_get_flags(s->env, &got);
    assert(o->read_only || o->scratch || (got & UNSAFE) == (o->no_sync ? MDB_NOSYNC : 0));
    return true;
}

static bool folder_make(const char *dir)
{
    if (mkdir(dir, 0700) == 0 || errno == EEXIST)
        return true;
    log_failure("store", "cannot make %s: %s", dir, strerror(errno));
    return false;
}

static bool complete(const char *dir)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/data.mdb", dir);
    int done = pages_complete(path);
    if (done > 0)
        log_warning("store", "%s: a commit that was cut off at its last write was completed", dir);
    else if (done < 0)
        log_failure("store", "cannot write %s: %s", path, strerror(errno));
    return done >= 0;
}

/* LMDB does not say where its map is, but where something in it is. */
static void map_find(struct store *s)
{
    MDB_txn *mdb;
    MDB_val name = {strlen(s->buckets[s->log].name), s->buckets[s->log].name}, record;
    if (s->scratch || mdb_txn_begin(s->env, NULL, MDB_RDONLY, &mdb) != 0)
        return;
    if (mdb_get(mdb, MAIN_DB, &name, &record) == 0)
        s->map = pages_map_of(record.mv_data);
    mdb_txn_abort(mdb);
}

/* While a store is looked at this is one more thing that is wrong with it. */
static unsigned bucket_lacks(struct store *s, const char *name, const char *why)
{
    char text[160];
    if (!s->opening)
        log_fatal("store", "cannot open %s in %s: %s", name, s->dir, why);
    snprintf(text, sizeof text, "%.80s: it cannot be opened: %.50s", name, why);
    s->opening->wrong(s->opening->arg, text);
    s->lacks_bucket = true;
    return 0;
}

static int bucket_open(struct store *s, const char *name, MDB_dbi *dbi)
{
    MDB_txn *mdb;
    int rc = mdb_txn_begin(s->env, NULL, s->read_only ? MDB_RDONLY : 0, &mdb);
    if (rc)
        return rc;
    rc = mdb_dbi_open(mdb, name, s->read_only ? 0 : MDB_CREATE, dbi);
    if (rc == 0)
        return mdb_txn_commit(mdb);
    mdb_txn_abort(mdb);
    return rc;
}

static unsigned bucket_opened(struct store *s, const char *name, MDB_dbi dbi, int rc)
{
    if (rc)
        return bucket_lacks(s, name, mdb_strerror(rc));
    struct bucket *b = &s->buckets[dbi];
    if (!b->name) {
        *b = (struct bucket){.name = strdup(name), .crc = crc32c(0, name, strlen(name))};
        s->n_buckets++;
    }
    return dbi;
}

/* Stores of before there was such a bucket may be looked at. 0: it is not there. */
static unsigned bucket_since(struct store *s, const char *name)
{
    MDB_dbi dbi = 0;
    int rc = bucket_open(s, name, &dbi);
    return rc == MDB_NOTFOUND && s->read_only ? 0 : bucket_opened(s, name, dbi, rc);
}

struct store *store_open(const struct store_options *o)
{
    struct store *s = calloc(1, sizeof *s);
    assert(s);
    s->lock_fd = -1;
    pthread_mutex_init(&s->open_lock, NULL);
    s->dir = strdup(o->dir);
    s->read_only = o->read_only;
    s->tolerant = o->tolerant;
    s->scratch = o->scratch;
    s->probe = o->probe;
    s->opening = o->check;
    s->quota_bytes = o->quota_bytes ? o->quota_bytes : PAGES_MAP_BYTES;
    bool is_new = false;
    if (!o->read_only) {
        if (!folder_make(o->dir) || (s->lock_fd = lock_folder(o->dir)) < 0 || !birth_begin(o->dir, &is_new))
            goto failed;
    }
    if (!o->read_only && !complete(o->dir))
        goto failed;
    if ((o->check && !store_check_head(s, o->check)) || !env_open(s, o))
        goto failed;
    if ((is_new && !o->no_sync && !o->scratch && !birth_end(s->env, o->dir)) ||
        (o->check && !store_check(s, o->check)))
        goto failed;
    s->log = store_bucket(s, "log");
    s->inbox[0] = store_bucket(s, "inbox.0");
    s->inbox[1] = store_bucket(s, "inbox.1");
    s->meta = store_bucket(s, "meta");
    s->cursors = store_bucket(s, "cursor");
    s->due = store_bucket(s, "due");
    s->keys = bucket_since(s, "keys");
    table_states_init(s, o->tables, o->n_tables);
    if (s->lacks_bucket || (o->check && !store_check_names(s, o->check)))
        goto failed;
    s->opening = NULL;
    map_find(s);
    log_load(s);
    return s;
failed:
    store_close(s);
    return NULL;
}

void store_close(struct store *s)
{
    if (!s)
        return;
    if (s->env)
        mdb_env_close(s->env);
    if (s->lock_fd >= 0)
        close(s->lock_fd);
    for (size_t i = 0; i < sizeof s->buckets / sizeof *s->buckets; i++)
        free(s->buckets[i].name);
    pthread_mutex_destroy(&s->open_lock);
    free(s->tables);
    free(s->dir);
    free(s);
}

void store_abandon(struct store *s)
{
    while (s->open)
        store_abort(s->open);
    store_close(s);
}

uint64_t store_bytes(struct store *s)
{
    MDB_envinfo info;
    MDB_stat stat;
    mdb_env_info(s->env, &info);
    mdb_env_stat(s->env, &stat);
    return ((uint64_t)info.me_last_pgno + 1) * stat.ms_psize;
}

/* What cannot be told is not taken for a full disk. */
uint64_t store_disk_free(const struct store *s)
{
    struct statvfs fs;
    if (s->probe)
        return s->probe->disk_free(s->probe->arg);
    return statvfs(s->dir, &fs) == 0 ? (uint64_t)fs.f_bavail * fs.f_frsize : UINT64_MAX;
}

/* Whoever was killed while looking on is still counted among the readers, and no page that they saw would be
   used again: the file would only grow. */
static void forget_the_dead(struct store *s)
{
    int dead = 0;
    if (mdb_reader_check(s->env, &dead) == 0 && dead > 0)
        log_info("store", "%s: %d that looked on were killed", s->dir, dead);
}

/* Asking the disk is a system call: once a second will do, and after so much growth that it could matter. */
static bool disk_is_full(struct store *s, uint64_t bytes, int64_t now_us)
{
    if (s->disk_checked_us && now_us - s->disk_checked_us < DISK_EVERY_US && now_us >= s->disk_checked_us &&
        bytes - s->disk_checked_bytes < DISK_FREE_MIN / 8)
        return s->disk_full;
    s->disk_checked_us = now_us;
    s->disk_checked_bytes = bytes;
    forget_the_dead(s);
    return s->disk_full = store_disk_free(s) < DISK_FREE_MIN;
}

const char *store_pressure(struct store *s, int64_t now_us)
{
    uint64_t bytes = store_bytes(s);
    s->pressure[0] = 0;
    if (bytes / QUOTA_PERCENT * 100 > s->quota_bytes)
        snprintf(s->pressure, sizeof s->pressure, "%d %% of the space set aside for this service is used",
                 QUOTA_PERCENT);
    else if (disk_is_full(s, bytes, now_us))
        snprintf(s->pressure, sizeof s->pressure, "the disk is nearly full");
    return s->pressure[0] ? s->pressure : NULL;
}

int store_probe(struct store *s, enum store_call call, unsigned bucket, struct bytes key)
{
    return s->probe ? s->probe->call(s->probe->arg, s, call, bucket, key) : 0;
}

static void txn_enter(struct store *s, struct txn *t)
{
    pthread_mutex_lock(&s->open_lock);
    t->next = s->open;
    t->link = &s->open;
    if (s->open)
        s->open->link = &t->next;
    s->open = t;
    pthread_mutex_unlock(&s->open_lock);
}

static void txn_leave(struct txn *t)
{
    struct store *s = t->store;
    pthread_mutex_lock(&s->open_lock);
    *t->link = t->next;
    if (t->next)
        t->next->link = t->link;
    pthread_mutex_unlock(&s->open_lock);
    free(t);
}

struct txn *store_begin(struct store *s, bool write)
{
    struct txn *t = calloc(1, sizeof *t);
    assert(t);
    t->store = s;
    t->write = write;
    int rc = store_probe(s, write ? STORE_BEGIN_WRITE : STORE_BEGIN_READ, 0, bytes_of(NULL, 0));
    if (rc == 0)
        rc = mdb_txn_begin(s->env, NULL, write ? 0 : MDB_RDONLY, &t->mdb);
    if (rc == 0) {
        txn_enter(s, t);
        return t;
    }
    log_failure("store", "cannot begin a transaction: %s", mdb_strerror(rc));
    free(t);
    return NULL;
}

bool store_commit(struct txn *t)
{
    struct store *s = t->store;
    int rc = t->error ? t->error : store_probe(s, STORE_COMMIT, 0, bytes_of(NULL, 0));
    MDB_txn *mdb = t->mdb;
    bool write = t->write;
    txn_leave(t);
    if (rc)
        mdb_txn_abort(mdb);
    else
        rc = mdb_txn_commit(mdb);
    if (rc == 0)
        rc = store_probe(s, STORE_COMMITTED, 0, bytes_of(NULL, 0));
    if (write)
        (void)store_probe(s, STORE_ENDED, 0, bytes_of(NULL, 0)); /* nothing is left that could fail */
    if (rc)
        log_failure("store", "commit in %s failed: %s", s->dir, mdb_strerror(rc));
    else if (write)
        s->committed_head = s->head;
    return rc == 0;
}

void store_abort(struct txn *t)
{
    struct store *s = t->store;
    bool write = t->write;
    mdb_txn_abort(t->mdb);
    txn_leave(t);
    if (!write)
        return;
    s->head = s->committed_head;
    (void)store_probe(s, STORE_ENDED, 0, bytes_of(NULL, 0)); /* nothing is left that could fail */
}

bool txn_failed(const struct txn *t)
{
    return t->error != 0;
}

struct store *txn_store(const struct txn *t)
{
    return t->store;
}

unsigned store_bucket(struct store *s, const char *name)
{
    MDB_dbi dbi = 0;
    int rc = bucket_open(s, name, &dbi);
    return bucket_opened(s, name, dbi, rc);
}
