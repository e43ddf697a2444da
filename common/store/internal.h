/* What the files of this folder share. */
#ifndef BATON_STORE_INTERNAL_H
#define BATON_STORE_INTERNAL_H

#include <lmdb.h>
#include <pthread.h>

#include "schema/schema.h"
#include "store/key.h"
#include "store/log.h"
#include "store/store.h"

enum { TABLE_INDEXES_MAX = 16, TABLE_KEYS_MAX = 8, BUCKETS_MAX = 200, ENTRY_HEAD = 4 };
enum { MAIN_DB = 1 }; /* LMDB's own, which has all others */

struct index_state {
    const struct schema_field *field;
    unsigned bucket;
};

struct table_state {
    const char *name;
    const struct schema_message *message;
    unsigned bucket;
    const struct schema_field *keys[TABLE_KEYS_MAX];
    size_t n_keys;
    struct index_state indexes[TABLE_INDEXES_MAX];
    size_t n_indexes;
    const struct schema_field *due;
    bool is_dropped; /* TABLE_NOTHING */
};

struct store {
    MDB_env *env;
    const uint8_t *map; /* LMDB's, of the whole file; NULL: it changes under the hands of a transaction */
    char *dir;
    int lock_fd;
    bool read_only, tolerant, scratch;
    const struct store_check *opening; /* told of what is wrong until it is open */
    bool lacks_bucket;
    struct bucket {
        char *name;
        uint32_t crc;           /* of the name: what the checksums of its entries begin with */
    } buckets[BUCKETS_MAX + 2]; /* by LMDB's number, which counts its own two as well */
    unsigned n_buckets;
    uint64_t quota_bytes;
    int64_t disk_checked_us;
    uint64_t disk_checked_bytes;
    bool disk_full;
    char pressure[96];
    struct table_state *tables;
    size_t n_tables;
    unsigned log, inbox[2], meta, cursors, due, keys;
    uint8_t log_id[LOG_ID_SIZE];
    struct log_position head, committed_head;
    const struct store_probe *probe;
    pthread_mutex_t open_lock; /* other threads than the writer's read, too */
    struct txn *open;          /* transactions not yet ended */
};

struct txn {
    struct store *store;
    MDB_txn *mdb;
    int error; /* first LMDB error; sticks */
    bool write;
    struct txn *next, **link; /* among store->open */
};

/* What the probe says of this call; 0 without one. */
int store_probe(struct store *s, enum store_call call, unsigned bucket, struct bytes key);
/* Before LMDB opens it to write: what is there is a store, or it is removed and `is_new`. False: logged. */
bool birth_begin(const char *dir, bool *is_new);
/* After LMDB made a new one: it is on the disk, and so are the folders it is in. False: logged. */
bool birth_end(MDB_env *env, const char *dir);
/* Fills store->tables; after the environment is open. */
void table_states_init(struct store *s, const struct table_def *defs, size_t n);
/* NULL if the field has no index. */
const struct index_state *index_named(const struct table_state *ts, const char *field);
/* table_index.c. Entries of values that are not there any more go, those of new ones come; `old` and `new`:
   the row before and after, NULL: there is none. */
void index_row(struct txn *t, const struct index_state *ix, const struct key *primary,
               const ProtobufCMessage *old, const ProtobufCMessage *new);
bool index_entry_is(struct txn *t, unsigned bucket, const struct key *k, const struct key *primary);
/* How many entries the row must have; `*lacks` becomes true where one is not there. */
size_t index_count(struct txn *t, const struct index_state *ix, const ProtobufCMessage *row,
                   const struct key *primary, bool *lacks);
void log_load(struct store *s);

/* A stored entry becomes its value; false: it fails its checksum. `crc`: of the bucket's name. */
bool entry_open(uint32_t crc, struct bytes key, struct bytes *stored);
/* check.c, each false if what there is may not be opened: before LMDB opens it, before anything of it is
   used, and when all buckets are open. */
bool store_check_head(struct store *s, const struct store_check *told);
bool store_check(struct store *s, const struct store_check *told);
bool store_check_names(struct store *s, const struct store_check *told);

#endif
