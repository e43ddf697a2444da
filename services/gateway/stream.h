/* Open event streams. Each is either catching up (NotificationService/ReadFeed as its user, page by page from
   its cursor) or live (fed by the notifications' log, which the gateway follows). */
#ifndef BATON_GATEWAY_STREAM_H
#define BATON_GATEWAY_STREAM_H

#include "baton/v1/notifications.pb-c.h"
#include "bus/follow.h"
#include "request.h"

enum {
    STREAM_OUTBOX_MAX = 64 << 10,
    STREAMS_PER_USER_MAX = 20,
    STREAM_HEARTBEAT_US = 15000000,
    STREAM_STALLED_US = 30000000, /* a client that takes nothing for so long is cut off */
    STREAM_CHECK_US = 3500000,    /* how often its token is looked up again ... */
    STREAM_CHECK_AGE_US = 500000, /* ... and how old an answer will do: closed within 5 s of revoking */
    STREAM_TICK_US = 500000,
};

struct streams *streams_new(struct gateway *g); /* NULL: logged */
/* All have ended. */
void streams_free(struct streams *s);

/* From the loop's turn; returns the wall time at which it wants to be called again. */
int64_t streams_turn(struct streams *s);
/* Ends every stream, or those of one token. */
void streams_end(struct streams *s);
void streams_end_token(struct streams *s, const char *user_id, const char *token_hash);

unsigned streams_count(const struct streams *s);
const struct follow *streams_follow(const struct streams *s);

/* --- what is sent (feed.c) --- */

/* Items of one log position as events; the last one carries the id, so that a client that was cut off between
   them gets all of them again. */
void feed_encode(Baton__FeedItem *const *items, size_t n, struct buffer *out);
/* What the record says to users, as items in the arena, in order. */
size_t feed_items(const Baton__LogRecord *record, struct arena *a, Baton__FeedItem ***items);

#endif
