/* The log: what happened, in order, for good. The rows are its consequence.

   Personal fields are sealed (seal.h); hash and checksum are over the sealed bytes.
   "log"  seq(8) part(2)  ->  crc32c(4) hash(32) packed baton.v1.LogRecord, in parts of at most 1,900 bytes
   hash = BLAKE2b-256(hash of the record before, packed record); of the first: the log id before it.
   crc32c covers hash and record: it goes to followers along with them. "meta" "log_id" -> 16 random bytes. */
#ifndef BATON_STORE_LOG_H
#define BATON_STORE_LOG_H

#include "base/arena.h"
#include "base/hash.h"
#include "baton/v1/event.pb-c.h"
#include "store/seal.h"
#include "store/store.h"

enum { LOG_ID_SIZE = 16, LOG_HEAD_SIZE = 4 + HASH_SIZE, LOG_RECORD_MAX = 8 << 20 };

struct log_position {
    uint64_t seq; /* of the newest record; 0: none yet */
    uint8_t hash[HASH_SIZE];
};

/* Once after store_open of a writable store: makes the log id from `random` if the store is new. */
void log_prepare(struct store *s, const uint8_t random[LOG_ID_SIZE]);

const uint8_t *log_id(const struct store *s);
/* The newest record, counting those appended in the running transaction. */
struct log_position log_head(const struct store *s);

/* The number of the newest record as the transaction sees it: log_head does not know of another process's. */
uint64_t log_newest(struct txn *t);

/* Gives the record its number, seals what is personal in it (seal.h), chains and stores it. `fresh`: random
   bytes used for nothing else; NULL: it stays open. */
uint64_t log_append(struct txn *t, Baton__LogRecord *record, const uint8_t fresh[SEAL_FRESH_SIZE],
                    struct arena *a);

/* The stored form of a record (header and all) in the arena; false if there is none. One that is not
   whole ends the process: nobody is served from a damaged log. */
bool log_read(struct txn *t, uint64_t seq, struct arena *a, struct bytes *out);
/* The same, decoded and opened (seal.h). NULL if there is none. */
Baton__LogRecord *log_get(struct txn *t, uint64_t seq, struct arena *a);
/* Chain hash of a record; the log id padded with zeros for seq 0. False if there is no such record. */
bool log_hash(struct txn *t, uint64_t seq, struct arena *a, uint8_t out[HASH_SIZE]);

/* Walks the stored records from the first on. `stored` lives until the next step. */
struct log_walk {
    struct scan scan;
    struct bytes key, value; /* the part that comes next */
    bool more;
    struct buffer joined;
};
void log_walk_open(struct log_walk *w, struct txn *t);
bool log_walk_next(struct log_walk *w, uint64_t *seq, struct bytes *stored);
void log_walk_close(struct log_walk *w);

/* Checks a stored record against the hash of the one before it; on success `*hash` becomes its own. NULL:
   good; otherwise what is wrong with it. */
const char *log_check(struct bytes stored, uint8_t hash[HASH_SIZE]);
/* The packed record behind the header. */
struct bytes log_body(struct bytes stored);
/* Its chain hash, in the header: HASH_SIZE bytes. */
const uint8_t *log_stored_hash(struct bytes stored);
/* Hash that stands before the first record. */
void log_first_hash(const uint8_t id[LOG_ID_SIZE], uint8_t out[HASH_SIZE]);

/* Position in another service's log up to which this store has its effects. */
struct cursor {
    uint8_t log_id[LOG_ID_SIZE];
    struct log_position at;
};
bool cursor_get(struct txn *t, const char *service, struct cursor *c);
void cursor_put(struct txn *t, const char *service, const struct cursor *c);

#endif
