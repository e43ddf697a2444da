/* Copying a store while it is written to, what tells one copy from another, and what a restored store knows
   of its being one. */
#ifndef BATON_STORE_COPY_H
#define BATON_STORE_COPY_H

#include "store/log.h"

/* A store as it was at one transaction. Whoever writes goes on, and writes over none of it until it is freed;
   until then the file grows by what is written. */
struct snapshot;
struct snapshot *snapshot_new(struct store *s); /* NULL: logged */
void snapshot_free(struct snapshot *n);         /* before the store is closed; NULL is fine */
struct txn *snapshot_txn(const struct snapshot *n);

/* Takes the next bytes of the copy; false: stop. */
typedef bool snapshot_copy_fn(void *arg, struct bytes piece);
/* The data.mdb of that moment, page by page. False: `take` said so, or logged. */
bool snapshot_copy(const struct snapshot *n, snapshot_copy_fn *take, void *arg);

/* BLAKE2b-256 over all rows of all tables, in order. */
void store_content_hash(struct txn *t, uint8_t out[HASH_SIZE]);

/* Where the log stood when this store was restored from a backup, and when that was. What stands behind it in
   the log has happened since. "meta" "restored" -> seq(8) hash(32) time_us(8) */
struct restored {
    struct log_position at;
    int64_t time_us;
};
/* False: it never was. */
bool restored_get(struct txn *t, struct restored *r);
void restored_put(struct txn *t, const struct restored *r);

#endif
