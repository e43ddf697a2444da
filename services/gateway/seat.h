/* Connections and how long each may take for its next step. */
#ifndef BATON_GATEWAY_SEAT_H
#define BATON_GATEWAY_SEAT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

/* A connection. While it waits for its client it has a deadline. */
struct seat {
    struct seats *all;
    int fd;
    bool waits;
    int64_t deadline_us;
    TAILQ_ENTRY(seat) link;
};

struct seats {
    int64_t patience_us;
    TAILQ_HEAD(, seat) waiting; /* soonest deadline first, since all wait equally long */
};

void seats_init(struct seats *all, int64_t patience_us);

/* A connection that waits from now on. */
struct seat *seat_new(struct seats *all, int64_t now_us, int fd);
void seat_free(struct seat *s);

/* The client is to do something: it has the whole time again. */
void seat_wait(struct seat *s, int64_t now_us);
/* It is our turn, or nobody's. */
void seat_rest(struct seat *s);

/* Cuts whoever took too long. Returns how many microseconds the next one has left, -1: nobody waits. */
int64_t seats_cut_late(struct seats *all, int64_t now_us);

#endif
