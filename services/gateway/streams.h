/* What stream.c and catch_up.c share: a stream, and all of them. */
#ifndef BATON_GATEWAY_STREAMS_H
#define BATON_GATEWAY_STREAMS_H

#include <sys/queue.h>

#include "outlet.h"
#include "stream.h"

enum { USER_BUCKETS = 4096, GROUP_MAX = 1 << 20 };

struct stream {
    struct outlet outlet; /* first: what its functions are called with */
    struct streams *all;
    struct user *user;
    bool is_live, has_position, is_reading;
    uint64_t position; /* everything of the user up to here is in the outbox or was sent */
    uint64_t need_seq;
    TAILQ_ENTRY(stream) link;
    LIST_ENTRY(stream) of_user;
};

struct user {
    char id[IDENT_TEXT_SIZE];
    unsigned n_streams;
    LIST_HEAD(, stream) streams;
    LIST_ENTRY(user) bucket;
};

struct streams {
    struct gateway *gateway;
    struct follow *follow;
    bool is_attached;  /* the follow goes on from a known position */
    uint64_t position; /* of the follow */
    int64_t tick_us, renewed_us;
    struct arena *arena; /* for one record */
    struct buffer group;
    unsigned n_streams;
    TAILQ_HEAD(, stream) list;
    LIST_HEAD(, user) users[USER_BUCKETS];
};

/* Asks for the next page of what the stream has not been given, if there is any use in it now. */
void stream_catch_up(struct stream *s);
/* Makes it catch up, at least to `need_seq`. */
void stream_fall_back(struct stream *s, uint64_t need_seq);
/* The items of a live record. */
void stream_give(struct stream *s, uint64_t seq, struct bytes text);

#endif
