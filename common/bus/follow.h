/* Following another service's log: catch-up and live tail are the same thing.

   The follower asks from its cursor and grants credit in bytes; it asks again every second of silence, so a
   restart on either side heals by itself. Records are checked against the chain before they are handed on;
   a gap, a wrong hash or a wrong log id stops the follow with a reason and is asked again from the cursor. */
#ifndef BATON_BUS_FOLLOW_H
#define BATON_BUS_FOLLOW_H

#include "baton/v1/bus.pb-c.h"
#include "bus/world.h"
#include "store/log.h"

struct follow;

enum { FOLLOW_CREDIT_BYTES = 1 << 20, FOLLOW_RENEW_US = 1000000 };

/* One record, checked, as it stands in the log; `keys` is what it is opened with (seal_read_with). `at` is
   the position to remember together with its effect. The bytes live until it returns. */
typedef void follow_record_fn(void *arg, struct follow *f, struct bytes stored, struct bytes keys,
                              const struct cursor *at);

/* Starts from `from`; NULL: from the beginning; `from_head`: only what comes from now on. `follower`: the
   name of the service that follows, by which the other side speaks of it; NULL: none. */
struct follow *follow_new(struct world *w, const char *service, const char *follower,
                          const struct cursor *from, bool from_head, follow_record_fn *record, void *arg);
void follow_free(struct follow *f);

/* The record's effect is committed: `bytes` of credit, of record and keys, go back to the sender. */
void follow_done(struct follow *f, size_t bytes);
/* Forget what has been handed on beyond `from` and ask again from there. Records handed on before and not yet
   worked on come once more: whoever keeps some compares the number of rewinds. */
void follow_rewind(struct follow *f, const struct cursor *from);
unsigned follow_rewinds(const struct follow *f);

/* To be called from the follower's turn; returns when it wants to be called next (wall us). */
int64_t follow_turn(struct follow *f);

const char *follow_service(const struct follow *f);
/* Head of the other log as last heard; 0: never heard. */
uint64_t follow_head(const struct follow *f);
uint64_t follow_position(const struct follow *f);
/* Why it stands still, NULL if it does not. */
const char *follow_stopped(const struct follow *f);
/* Where the other log stands, if it stands still because its position is not in that log; NULL otherwise. */
struct follow_lost {
    uint8_t log_id[LOG_ID_SIZE];
    struct log_position head;
    bool is_restored; /* from a backup, at `restored`, when it was `restored_us` */
    struct log_position restored;
    int64_t restored_us;
};
const struct follow_lost *follow_lost(const struct follow *f);
/* True once it had everything there was at some moment. */
bool follow_caught_up(const struct follow *f);

#endif
