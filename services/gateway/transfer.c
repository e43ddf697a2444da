/* Turns of those who carry pieces of files. */
#include "transfer.h"

#include "base/memory.h"

enum { TRANSFERS_KEPT = 16 << 20 }; /* bytes of memory that pieces come and go in */

void transfers_init(struct transfers *all)
{
    all->n = 0;
    TAILQ_INIT(&all->waiting);
    memory_keep_freed(TRANSFERS_KEPT);
}

static void let_go(struct transfers *all, struct transfer *t)
{
    t->state = TRANSFER_FLIES;
    all->n++;
    t->go(t);
}

void transfer_ask(struct transfers *all, struct transfer *t)
{
    if (t->state != TRANSFER_RESTS)
        return;
    if (all->n < TRANSFERS_MAX) {
        let_go(all, t);
        return;
    }
    t->state = TRANSFER_WAITS;
    TAILQ_INSERT_TAIL(&all->waiting, t, link);
}

void transfer_done(struct transfers *all, struct transfer *t)
{
    struct transfer *next = TAILQ_FIRST(&all->waiting);
    t->state = TRANSFER_RESTS;
    all->n--;
    if (!next || all->n >= TRANSFERS_MAX)
        return;
    TAILQ_REMOVE(&all->waiting, next, link);
    let_go(all, next);
}

void transfer_leave(struct transfers *all, struct transfer *t)
{
    if (t->state != TRANSFER_WAITS)
        return;
    TAILQ_REMOVE(&all->waiting, t, link);
    t->state = TRANSFER_RESTS;
}
