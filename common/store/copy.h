/* Copying a store while it is written to, what tells one copy from another, and what a restored store knows
   of its being one. */
#ifndef BATON_STORE_COPY_H
#define BATON_STORE_COPY_H

#include "store/log.h"

/* Takes the next bytes of the copy; false: stop. */
typedef bool store_copy_fn(void *arg, struct bytes piece);

/* The store's data.mdb as it stands at one transaction, page by page; whoever writes goes on. SIGPIPE must be
   ignored. False: `take` said so, or logged. */
bool store_copy(struct store *s, store_copy_fn *take, void *arg);

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
