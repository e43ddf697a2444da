/* Pieces of files on their way to and from the documents service: TRANSFERS_MAX at one moment, whoever waits
   longest next. So what is on the bus is bounded whatever the number of uploads and downloads, and nobody is
   forgotten. */
#ifndef BATON_GATEWAY_TRANSFER_H
#define BATON_GATEWAY_TRANSFER_H

#include <sys/queue.h>

#include <stddef.h>

enum { TRANSFERS_MAX = 16, TRANSFER_PIECE = 512 << 10, TRANSFER_TIMEOUT_MS = 120000 };

struct transfer {
    /* Its turn has come: makes one call, after which transfer_done is called, or calls that at once. */
    void (*go)(struct transfer *t);
    enum { TRANSFER_RESTS, TRANSFER_WAITS, TRANSFER_FLIES } state;
    TAILQ_ENTRY(transfer) link;
};

struct transfers {
    unsigned n; /* on their way */
    TAILQ_HEAD(, transfer) waiting;
};

void transfers_init(struct transfers *all);
/* It has a piece to be carried; `go` is called now or later. */
void transfer_ask(struct transfers *all, struct transfer *t);
/* Its call has come back. */
void transfer_done(struct transfers *all, struct transfer *t);
/* It has no piece any more, if it was waiting. */
void transfer_leave(struct transfers *all, struct transfer *t);

#endif
