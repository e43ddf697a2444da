/* One service's durable store: an LMDB environment with full sync, and transactions over it.

   File layout: DIR/data.mdb, DIR/lock.mdb (LMDB's), DIR/owner.lock (flock of the one process that writes).
   Buckets (LMDB's named databases): "log", "inbox.0", "inbox.1", "meta", "cursor", "due", "keys", a "t.NAME"
   for the rows of each table and an "i.NAME.FIELD" for each of its indexes.

   Entry:  key  ->  crc32c(4) value
   The checksum covers the bucket's name, key and value. It is made and checked here and nowhere above;
   layouts in the other headers are of the value alone. An entry that fails it ends the process: nobody is
   served from a damaged store.

   A transaction's first error sticks: everything after it does nothing, and commit reports it once. */
#ifndef BATON_STORE_STORE_H
#define BATON_STORE_STORE_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

struct store;
struct txn;

/* How much of a table is kept; less than all of it only in a scratch store. */
enum table_kept {
    TABLE_WHOLE,
    TABLE_ROWS,   /* no timers, and of its indexes only the one that is named */
    TABLE_NOTHING /* what is put into it is dropped */
};

/* A table: rows are messages of one type. Keys, indexes and timers follow from the rules of its fields. */
struct table_def {
    const char *name;
    const ProtobufCMessageDescriptor *pb;
    enum table_kept kept;
    const char *index; /* of TABLE_ROWS: the field; NULL: none */
};

/* Who looks at every call of a store and may make it fail: the simulator. */
enum store_call {
    STORE_BEGIN_READ,
    STORE_BEGIN_WRITE,
    STORE_GET,
    STORE_PUT,
    STORE_DELETE,
    STORE_SCAN,
    STORE_COMMIT,    /* before it */
    STORE_COMMITTED, /* it is on disk; failing it now makes its outcome unknown */
    STORE_ENDED      /* a write transaction is over, committed or not */
};
struct store_probe {
    /* 0: go on; else the error the call fails with. `key` is meaningful for GET, PUT and DELETE. */
    int (*call)(void *arg, struct store *s, enum store_call call, unsigned bucket, struct bytes key);
    /* Bytes left on the disk. */
    uint64_t (*disk_free)(void *arg);
    void *arg;
};

/* Told of each thing that is wrong. */
struct store_check {
    void *arg;
    void (*wrong)(void *arg, const char *what);
};

struct store_options {
    const char *dir;      /* made if it is not there */
    uint64_t quota_bytes; /* commands are refused from 85 % of it on; 0: 64 GiB */
    bool read_only;       /* beside a running writer; takes no lock */
    bool tolerant;        /* for those who look for damage: entries that fail are passed over, nothing dies */
    bool no_sync;         /* simulator and scratch stores only; the durable store asserts it is off */
    bool scratch; /* for one process and then thrown away: written through the map, which a full disk ends */
    const struct table_def *tables;
    size_t n_tables;
    /* Looks at every page and the checksum of every entry before anything is used. What is damaged is not
       opened; with `tolerant` it is, if only entries are. NULL: does not look. */
    const struct store_check *check;
    const struct store_probe *probe; /* NULL: nobody looks */
};

/* NULL if it cannot be opened; the reason is logged. A second writer on the same folder gets NULL. */
struct store *store_open(const struct store_options *options);
void store_close(struct store *s); /* NULL is fine */
/* Ends transactions that are still open, as the end of the process would, and closes. */
void store_abandon(struct store *s);

/* Why commands must be refused for want of space ("85 % of the quota is used"), NULL if there is room.
   The quota counts at once; the disk is asked once a second of `now_us` and after a few MiB of growth. */
const char *store_pressure(struct store *s, int64_t now_us);
uint64_t store_bytes(struct store *s);
/* Left on its disk; UINT64_MAX: it cannot be told. */
uint64_t store_disk_free(const struct store *s);

/* One write transaction at a time; NULL if the store cannot start one (logged). */
struct txn *store_begin(struct store *s, bool write);
/* Ends the transaction either way. False: failed, and whether it is on disk is unknown; logged.
   The caller must not go on with this store. */
bool store_commit(struct txn *t);
void store_abort(struct txn *t);
bool txn_failed(const struct txn *t);
struct store *txn_store(const struct txn *t);

/* A bucket by name; made if it is not there and the store is writable. Before any transaction only. */
unsigned store_bucket(struct store *s, const char *name);

/* False if there is none. The value lives until the next write in this transaction. */
bool txn_get(struct txn *t, unsigned bucket, struct bytes key, struct bytes *value);
void txn_put(struct txn *t, unsigned bucket, struct bytes key, struct bytes value);
/* For keys greater than all there are: keeps pages full. */
void txn_append(struct txn *t, unsigned bucket, struct bytes key, struct bytes value);
/* False if there was none. */
bool txn_delete(struct txn *t, unsigned bucket, struct bytes key);
void txn_empty(struct txn *t, unsigned bucket);

/* Walks keys that begin with `prefix`, in order, from `from` on (inclusive; empty: from the start, or from
   the end when backwards). Nothing may be written between two steps: collect first, then write. */
struct scan {
    struct txn *txn;
    void *cursor;
    struct bytes prefix;
    bool backwards, started, sought;
    struct bytes from, last;
    uintptr_t page; /* that was looked at last */
};
void scan_open(struct scan *s, struct txn *t, unsigned bucket, struct bytes prefix, struct bytes from,
               bool backwards);
bool scan_next(struct scan *s, struct bytes *key, struct bytes *value);
void scan_close(struct scan *s);

#endif
