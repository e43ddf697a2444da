/* What events.c and reader.c share: one reader of the logs, and all of them. A reader has a page of events of
   each service at most, and asks for the next one when its client has taken that: a slow client reads slowly,
   and what it has not been given yet is in the logs. */
#ifndef BATON_GATEWAY_READER_H
#define BATON_GATEWAY_READER_H

#include <sys/queue.h>

#include "baton/v1/system.pb-c.h"
#include "bookmark.h"
#include "bus/follow.h"
#include "events.h"
#include "outlet.h"

enum { READER_TYPES_MAX = 64 };

/* One service's log, for one reader. */
struct lane {
    struct reader *reader;
    bool is_wanted, is_reading;
    bool is_at_end;                  /* there was no more ... */
    bool is_behind;                  /* ... but now there is: said while it was being read */
    int64_t retry_us;                /* the service was not there: not before */
    struct mark read;                /* behind the page */
    Baton__ReadEventsResponse *page; /* NULL: none; what it points to is in the arena */
    struct arena *arena;
    size_t next; /* of the page's events */
};

struct reader {
    struct outlet outlet;
    struct events *all;
    struct request *request; /* until it is answered */
    struct refusal no;       /* why it cannot be begun */
    Baton__Role role;        /* of when it began */
    bool is_lasting;         /* goes on when everything has been read */
    uint64_t left;           /* so many events yet */
    char *types_text, *types[READER_TYPES_MAX];
    size_t n_types;
    struct bookmark given;
    bool is_ahead; /* `given` is further than the last id that was sent */
    struct lane lanes[CLIENT_SERVICES];
    TAILQ_ENTRY(reader) link;
};

struct events {
    struct gateway *gateway;
    /* From the heads on, while there are readers: only to learn that there is more. */
    struct follow *follows[CLIENT_SERVICES];
    uint64_t heads[CLIENT_SERVICES];
    int64_t renewed_us[CLIENT_SERVICES];
    int64_t tick_us;
    struct buffer text; /* of one event */
    unsigned n_readers;
    TAILQ_HEAD(, reader) readers;
};

/* Asks every service that is wanted; answers the request once all have answered. May free it. */
void reader_begin(struct reader *r);
/* Reads on, and gives the client what it has room for. */
void reader_go_on(struct reader *r);
/* There is more in the log of this service. */
void reader_wake(struct reader *r, size_t service);
/* Of one that is not on its way to its client. */
void reader_free(struct reader *r);

extern const struct outlet_ops reader_outlet;

#endif
