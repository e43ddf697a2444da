/* Looking at a whole store before anything of it is used: pages, then what every entry holds. */
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "store/internal.h"
#include "store/pages.h"

enum { TRIES = 1000 };

struct check {
    const struct store_check *told;
    uint64_t wrong_pages, wrong_entries;
};

static void on_wrong(void *arg, const char *what)
{
    struct check *c = arg;
    c->wrong_pages++;
    c->told->wrong(c->told->arg, what);
}

static void on_entry(void *arg, const char *bucket, struct bytes key, struct bytes stored)
{
    struct check *c = arg;
    char text[160];
    if (entry_open(crc32c(0, bucket, strlen(bucket)), key, &stored))
        return;
    c->wrong_entries++;
    snprintf(text, sizeof text, "%.100s: an entry fails its checksum", bucket);
    c->told->wrong(c->told->arg, text);
}

bool store_check_head(struct store *s, const struct store_check *told)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/data.mdb", s->dir);
    if (pages_can_be_opened(path))
        return true;
    told->wrong(told->arg, "a meta page is damaged");
    return false;
}

/* The walk of the newest snapshot; begins anew when a writer has gone on. */
static bool walk(struct store *s, const struct pages_see *see)
{
    bool there = false;
    int fd;
    MDB_txn *t;
    if (mdb_env_get_fd(s->env, &fd) != 0)
        return false;
    for (unsigned i = 0; !there && i < TRIES; i++) {
        if (mdb_txn_begin(s->env, NULL, MDB_RDONLY, &t) != 0)
            return false;
        there = pages_walk(fd, mdb_txn_id(t), see);
        mdb_txn_abort(t);
    }
    return there;
}

bool store_check(struct store *s, const struct store_check *told)
{
    struct check c = {.told = told};
    const struct pages_see see = {.arg = &c, .wrong = on_wrong, .entry = on_entry};
    if (!walk(s, &see))
        on_wrong(&c, "its newest meta page cannot be found");
    return !c.wrong_pages && (!c.wrong_entries || s->tolerant);
}

bool store_check_names(struct store *s, const struct store_check *told)
{
    MDB_txn *t;
    MDB_stat stat;
    if (mdb_txn_begin(s->env, NULL, MDB_RDONLY, &t) != 0)
        return false;
    int rc = mdb_stat(t, MAIN_DB, &stat);
    mdb_txn_abort(t);
    if (rc == 0 && stat.ms_entries <= s->n_buckets)
        return true;
    told->wrong(told->arg, "there is a bucket that this program does not know");
    return s->tolerant;
}
