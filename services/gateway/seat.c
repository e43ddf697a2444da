/* Deadlines of connections, in a queue. */
#include "seat.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/socket.h>

void seats_init(struct seats *all, int64_t patience_us)
{
    all->patience_us = patience_us;
    TAILQ_INIT(&all->waiting);
}

struct seat *seat_new(struct seats *all, int64_t now_us, int fd)
{
    struct seat *s = calloc(1, sizeof *s);
    assert(s);
    s->all = all;
    s->fd = fd;
    seat_wait(s, now_us);
    return s;
}

void seat_free(struct seat *s)
{
    seat_rest(s);
    free(s);
}

void seat_wait(struct seat *s, int64_t now_us)
{
    seat_rest(s);
    s->waits = true;
    s->deadline_us = now_us + s->all->patience_us;
    TAILQ_INSERT_TAIL(&s->all->waiting, s, link);
}

void seat_rest(struct seat *s)
{
    if (s->waits)
        TAILQ_REMOVE(&s->all->waiting, s, link);
    s->waits = false;
}

static void cut(struct seat *s)
{
    seat_rest(s);
    /* The server sees the end of the connection and cleans up; that it is gone already is as good. */
    (void)shutdown(s->fd, SHUT_RDWR);
}

int64_t seats_cut_late(struct seats *all, int64_t now_us)
{
    struct seat *s;
    while ((s = TAILQ_FIRST(&all->waiting)) != NULL && s->deadline_us <= now_us)
        cut(s);
    return s ? s->deadline_us - now_us : -1;
}
