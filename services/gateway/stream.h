/* Open event streams. Each is either catching up (NotificationService/ReadFeed as its user, page by page from
   its cursor) or live (fed by the notifications' log, which the gateway follows). */
#ifndef BATON_GATEWAY_STREAM_H
#define BATON_GATEWAY_STREAM_H

#include "baton/v1/notifications.pb-c.h"
#include "bus/follow.h"
#include "request.h"

enum {
    STREAM_OUTBOX_MAX = 8 << 10, /* a page of twenty items; the system keeps as much again and more */
    STREAMS_PER_USER_MAX = 20,
};

struct streams *streams_new(struct gateway *g); /* NULL: logged */
/* Those that are still open are closed. */
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
