/* Personal fields in the log: sealed under a key for each record they are about, kept beside the log. Without
   the key nobody reads them, and the chain, which is over the sealed bytes, still holds.

   LogRecord.sealed   a box for each subject: nonce(24), then libsodium's secretbox of the personal parts that
                      the record has of it (schema/personal.h)
   "keys"  subject(16)  ->  since(8) key(32), or since(8) alone where the key was destroyed

   A subject is a record's id: a UUID as it is, any other text by its hash. A key opens records from `since`
   on; what is said of a subject after its key was destroyed gets a new one, which opens nothing older. */
#ifndef BATON_STORE_SEAL_H
#define BATON_STORE_SEAL_H

#include "base/arena.h"
#include "baton/v1/event.pb-c.h"
#include "store/store.h"

enum {
    SEAL_SUBJECT_SIZE = 16,
    SEAL_KEY_SIZE = 32,
    SEAL_FRESH_SIZE = 32,
    SEAL_ENTRY_SIZE = SEAL_SUBJECT_SIZE + SEAL_KEY_SIZE
};

void seal_subject(uint8_t out[SEAL_SUBJECT_SIZE], const char *id);

/* The record as it is to be stored; keys that are not there yet are made, with the nonces, from `fresh`,
   which must be random and used once. In the arena; shares memory with `r`. */
const Baton__LogRecord *seal_record(struct txn *t, const Baton__LogRecord *r,
                                    const uint8_t fresh[SEAL_FRESH_SIZE], struct arena *a);

/* A stored record (log.h), unpacked and opened with the keys of this store: what cannot be opened is absent,
   and its boxes are what is left in `sealed`. NULL: it cannot be read, or a box is not what its key sealed.
 */
Baton__LogRecord *seal_read(struct txn *t, struct bytes stored, struct arena *a);
/* The same with keys that came along with it, as seal_keys gives them. */
Baton__LogRecord *seal_read_with(struct bytes stored, struct bytes keys, struct arena *a);

/* Subject and key of each box of stored record `seq` that can be opened, one behind the other, in the arena.
 */
struct bytes seal_keys(struct txn *t, uint64_t seq, struct bytes stored, struct arena *a);

/* Destroys the subject's key for good: nothing that the log says of it so far is read any more; the next
   record gets a new one. */
void seal_erase(struct txn *t, const char *id);
/* Whether the record has a part about the subject that could not be opened. */
bool seal_lacks(const Baton__LogRecord *r, const char *id);

#endif
