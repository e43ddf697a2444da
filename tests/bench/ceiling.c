/* The bare store: what the services wrote of each lead, written again with LMDB alone. */
#include <inttypes.h>
#include <lmdb.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bench.h"

enum { BUCKETS_MAX = 64, TAIL = 16 };
#define MAP_BYTES ((size_t)64 << 30)

/* How a bucket grows with the leads. */
enum order {
    IN_KEY_ORDER,  /* keys in time order */
    IN_TAIL_ORDER, /* an index: what its keys end with is in time order */
    REWRITTEN,     /* few rows, one of them written again for each lead */
    ONCE_A_COMMIT, /* one row, written with each commit */
};

static const struct {
    const char *service, *bucket;
    enum order order;
} written[] = {
    {"leads", "log", IN_KEY_ORDER},
    {"leads", "inbox.0", IN_KEY_ORDER},
    {"leads", "t.lead", IN_KEY_ORDER},
    {"leads", "i.lead.owner_id", IN_TAIL_ORDER},
    {"leads", "t.decision", IN_KEY_ORDER},
    {"leads", "due", IN_TAIL_ORDER},
    {"leads", "t.share", REWRITTEN},
    {"leads", "t.pool_clock", REWRITTEN},
    {"leads", "t.holding", REWRITTEN},
    {"leads", "t.custody", REWRITTEN},
    {"notifications", "log", IN_KEY_ORDER},
    {"notifications", "t.notification", IN_KEY_ORDER},
    {"notifications", "t.feed_item", IN_TAIL_ORDER},
    {"notifications", "cursor", ONCE_A_COMMIT},
};

struct entry {
    MDB_val key, value; /* in the map of the services' store */
};

struct bucket {
    const char *name;
    enum order order;
    uint64_t bytes; /* written */
    struct entry *entries;
    size_t n;
    MDB_dbi dbi;
};

struct half {
    const char *service;
    char path[4096];
    MDB_env *from, *to;
    MDB_txn *reading;
    struct bucket buckets[BUCKETS_MAX];
    size_t n_buckets;
    uint64_t n_leads;
    double a_commit;
};

static void must(int rc, const char *what)
{
    if (rc)
        drive_die("ceiling: %s: %s", what, mdb_strerror(rc));
}

static MDB_env *open_env(const char *path, unsigned flags)
{
    MDB_env *env;
    must(mdb_env_create(&env), "create");
    must(mdb_env_set_maxdbs(env, BUCKETS_MAX), "maxdbs");
    must(mdb_env_set_mapsize(env, MAP_BYTES), "mapsize");
    must(mdb_env_open(env, path, flags | MDB_NOTLS, 0600), path);
    return env;
}

static int by_tail(const void *a, const void *b)
{
    const MDB_val *x = &((const struct entry *)a)->key, *y = &((const struct entry *)b)->key;
    size_t nx = x->mv_size < TAIL ? x->mv_size : TAIL, ny = y->mv_size < TAIL ? y->mv_size : TAIL;
    return memcmp((const char *)x->mv_data + x->mv_size - nx, (const char *)y->mv_data + y->mv_size - ny,
                  nx < ny ? nx : ny);
}

static void load_bucket(struct half *h, const char *name, enum order order)
{
    struct bucket *b = &h->buckets[h->n_buckets];
    MDB_dbi dbi;
    MDB_stat stat;
    MDB_cursor *c;
    *b = (struct bucket){.name = name, .order = order};
    int rc = mdb_dbi_open(h->reading, name, 0, &dbi);
    if (rc == MDB_NOTFOUND)
        return;
    must(rc, name);
    must(mdb_stat(h->reading, dbi, &stat), name);
    if (stat.ms_entries == 0)
        return;
    b->entries = calloc(stat.ms_entries, sizeof *b->entries);
    must(mdb_cursor_open(h->reading, dbi, &c), name);
    for (struct entry *e = b->entries;
         b->n < stat.ms_entries && mdb_cursor_get(c, &e->key, &e->value, MDB_NEXT) == 0; e++)
        b->n++;
    mdb_cursor_close(c);
    if (order == IN_TAIL_ORDER)
        qsort(b->entries, b->n, sizeof *b->entries, by_tail);
    if (strcmp(name, strcmp(h->service, "leads") == 0 ? "t.lead" : "t.notification") == 0)
        h->n_leads = b->n;
    h->n_buckets++;
}

static void open_half(struct half *h, const char *data_dir, const char *scratch)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", data_dir, h->service);
    snprintf(h->path, sizeof h->path, "%s/%s", scratch, h->service);
    h->from = open_env(path, MDB_RDONLY);
    must(mdb_txn_begin(h->from, NULL, MDB_RDONLY, &h->reading), "begin");
    for (size_t i = 0; i < sizeof written / sizeof *written; i++)
        if (strcmp(written[i].service, h->service) == 0)
            load_bucket(h, written[i].bucket, written[i].order);
    (void)mkdir(scratch, 0700); /* if it is there already, opening says more */
    if (mkdir(h->path, 0700) != 0 || h->n_leads == 0)
        drive_die("ceiling: cannot make %s, or there are no leads in %s", h->path, path);
    h->to = open_env(h->path, 0);
    for (size_t i = 0; i < h->n_buckets; i++) {
        MDB_txn *txn;
        char name[24];
        snprintf(name, sizeof name, "%zu", i);
        must(mdb_txn_begin(h->to, NULL, 0, &txn), "begin");
        must(mdb_dbi_open(txn, name, MDB_CREATE, &h->buckets[i].dbi), "dbi");
        must(mdb_txn_commit(txn), "commit");
    }
}

static void put(MDB_txn *txn, struct bucket *b, size_t i)
{
    struct entry e = b->entries[i];
    must(mdb_put(txn, b->dbi, &e.key, &e.value, 0), "put");
    b->bytes += e.key.mv_size + e.value.mv_size;
}

static void put_lead(struct half *h, MDB_txn *txn, uint64_t lead)
{
    for (size_t i = 0; i < h->n_buckets; i++) {
        struct bucket *b = &h->buckets[i];
        if (b->order == REWRITTEN)
            put(txn, b, lead % b->n);
        else if (b->order != ONCE_A_COMMIT)
            for (size_t k = lead * b->n / h->n_leads; k < (lead + 1) * b->n / h->n_leads; k++)
                put(txn, b, k);
    }
}

static void *write_half(void *arg)
{
    struct half *h = arg;
    for (uint64_t lead = 0, commit = 1; lead < h->n_leads; commit++) {
        MDB_txn *txn;
        must(mdb_txn_begin(h->to, NULL, 0, &txn), "begin");
        for (; lead < h->n_leads && (double)lead < (double)commit * h->a_commit; lead++)
            put_lead(h, txn, lead);
        for (size_t i = 0; i < h->n_buckets; i++)
            if (h->buckets[i].order == ONCE_A_COMMIT)
                put(txn, &h->buckets[i], 0);
        must(mdb_txn_commit(txn), "commit");
    }
    return NULL;
}

static void close_half(struct half *h)
{
    for (size_t i = 0; i < h->n_buckets; i++)
        free(h->buckets[i].entries);
    mdb_txn_abort(h->reading);
    mdb_env_close(h->from);
    mdb_env_close(h->to);
}

/* What each lead costs in keys and values. */
static void say_bytes(const struct half *h)
{
    struct buffer text = {.limit = 4096};
    double all = 0;
    for (size_t i = 0; i < h->n_buckets; i++) {
        double each = (double)h->buckets[i].bytes / (double)h->n_leads;
        all += each;
        (void)buffer_printf(&text, ", %s %.0f", h->buckets[i].name, each);
    }
    bench_remark("ceiling: %s: %" PRIu64 " leads, bytes of each: %.0f in all%s", h->service, h->n_leads, all,
                 buffer_cstr(&text));
    buffer_release(&text);
}

double ceiling_run(const char *data_dir, const char *scratch, double leads_a_commit,
                   double notifications_a_commit)
{
    static struct half halves[2];
    halves[0] = (struct half){.service = "leads", .a_commit = leads_a_commit};
    halves[1] = (struct half){.service = "notifications", .a_commit = notifications_a_commit};
    pthread_t threads[2];
    for (size_t i = 0; i < 2; i++)
        open_half(&halves[i], data_dir, scratch);
    int64_t begin = drive_now_us();
    for (size_t i = 0; i < 2; i++)
        if (pthread_create(&threads[i], NULL, write_half, &halves[i]) != 0)
            drive_die("no threads");
    for (size_t i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    double rate = (double)halves[0].n_leads / ((double)(drive_now_us() - begin) / 1e6);
    for (size_t i = 0; i < 2; i++)
        say_bytes(&halves[i]);
    for (size_t i = 0; i < 2; i++)
        close_half(&halves[i]);
    return rate;
}
