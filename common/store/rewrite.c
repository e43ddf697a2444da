/* A store written anew, entry by entry: LMDB itself never cleans what it has room in again, so what was
   changed or deleted stands in its file until something else is written there. */
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "store/internal.h"
#include "store/pages.h"
#include "store/rewrite.h"

enum { PIECE = 16 << 20, NAME_MAX_SIZE = 128 };

struct rewriting {
    MDB_txn *from, *to;
    MDB_env *env;   /* of `to` */
    size_t written; /* since the last commit */
};

/* So much at once is what LMDB keeps in memory. */
static int go_on(struct rewriting *r)
{
    int rc = mdb_txn_commit(r->to);
    r->to = NULL;
    r->written = 0;
    return rc ? rc : mdb_txn_begin(r->env, NULL, 0, &r->to);
}

static int copy_entries(struct rewriting *r, MDB_dbi from, MDB_dbi to)
{
    MDB_cursor *c;
    MDB_val key, value;
    int rc = mdb_cursor_open(r->from, from, &c);
    if (rc)
        return rc;
    while (rc == 0 && (rc = mdb_cursor_get(c, &key, &value, MDB_NEXT)) == 0) {
        rc = mdb_put(r->to, to, &key, &value, MDB_APPEND);
        r->written += key.mv_size + value.mv_size;
        if (rc == 0 && r->written > PIECE)
            rc = go_on(r);
    }
    mdb_cursor_close(c);
    return rc == MDB_NOTFOUND ? 0 : rc;
}

static int copy_bucket(struct rewriting *r, const MDB_val *name)
{
    char text[NAME_MAX_SIZE];
    MDB_dbi from, to;
    if (name->mv_size >= sizeof text)
        return MDB_BAD_VALSIZE;
    memcpy(text, name->mv_data, name->mv_size);
    text[name->mv_size] = '\0';
    int rc = mdb_dbi_open(r->from, text, 0, &from);
    if (rc == 0)
        rc = mdb_dbi_open(r->to, text, MDB_CREATE, &to);
    if (rc == 0)
        rc = copy_entries(r, from, to);
    return rc ? rc : go_on(r); /* a bucket is known to others once it is committed */
}

static int copy_all(struct rewriting *r)
{
    MDB_cursor *c;
    MDB_val name, value;
    int rc = mdb_cursor_open(r->from, MAIN_DB, &c);
    if (rc)
        return rc;
    while (rc == 0 && (rc = mdb_cursor_get(c, &name, &value, MDB_NEXT)) == 0)
        rc = copy_bucket(r, &name);
    mdb_cursor_close(c);
    return rc == MDB_NOTFOUND ? 0 : rc;
}

static int env_new(MDB_env **env, const char *dir)
{
    int rc = mdb_env_create(env);
    if (rc == 0)
        rc = mdb_env_set_maxdbs(*env, BUCKETS_MAX);
    if (rc == 0)
        rc = mdb_env_set_mapsize(*env, PAGES_MAP_BYTES);
    return rc ? rc : mdb_env_open(*env, dir, MDB_NOTLS | MDB_NOSYNC, 0600);
}

bool store_rewrite(struct store *s, const char *dir)
{
    struct rewriting r = {0};
    int rc = env_new(&r.env, dir);
    if (rc == 0)
        rc = mdb_txn_begin(s->env, NULL, MDB_RDONLY, &r.from);
    if (rc == 0)
        rc = mdb_txn_begin(r.env, NULL, 0, &r.to);
    if (rc == 0)
        rc = copy_all(&r);
    if (rc == 0) {
        rc = mdb_txn_commit(r.to);
        r.to = NULL;
    }
    if (rc == 0)
        rc = mdb_env_sync(r.env, 1);
    mdb_txn_abort(r.to); /* both may be NULL */
    mdb_txn_abort(r.from);
    mdb_env_close(r.env);
    if (rc)
        log_failure("store", "cannot write %s anew in %s: %s", s->dir, dir, mdb_strerror(rc));
    return rc == 0;
}
