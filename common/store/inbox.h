/* The inbox: replies by request id, so that a repeated request gets the same reply and no second effect.

   Two generations, "inbox.0" and "inbox.1"; a day after the newer was begun the older is emptied and takes
   over. A reply is thus kept for one to two days.
   id(16) -> digest of who asked what(16) how(1) packed reply or Refusal
   how: 0 done, 1 refused, 2 done, and its reply was erased with whom it was about */
#ifndef BATON_STORE_INBOX_H
#define BATON_STORE_INBOX_H

#include "base/arena.h"
#include "store/store.h"

enum { INBOX_DIGEST_SIZE = 16 };

struct inbox_entry {
    uint8_t digest[INBOX_DIGEST_SIZE]; /* of who asked what: another request with the same id is not it */
    bool refused;                      /* reply is a packed Refusal */
    bool erased;                       /* there is none any more */
    struct bytes reply;
};

/* A UUID is taken as it is (keys in time order are cheap), any other text by its hash. */
void inbox_id(uint8_t out[16], const char *request_id);
bool inbox_get(struct txn *t, const uint8_t id[16], struct inbox_entry *e);
/* An entry as its bucket has it; false: it is not one. */
bool inbox_decode(struct bytes stored, struct inbox_entry *e);
/* When the newer generation was begun; what was put since then is there. INT64_MAX: nothing was put yet. */
int64_t inbox_since(struct txn *t);
void inbox_put(struct txn *t, const uint8_t id[16], const struct inbox_entry *e, int64_t now_us,
               struct arena *a);

/* Where a walk through all replies stands; all zero at its beginning. */
struct inbox_place {
    uint8_t generation, after[16];
};
/* Looks at some more replies; those that have one of the texts in them are erased. `texts`: each of `size`
   bytes, one behind the other. False: that were all. */
bool inbox_erase_some(struct txn *t, struct inbox_place *at, struct bytes texts, size_t size,
                      struct arena *a);

#endif
