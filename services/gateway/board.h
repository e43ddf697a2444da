/* How the services are: asked all at once, at most once a second. */
#ifndef BATON_GATEWAY_BOARD_H
#define BATON_GATEWAY_BOARD_H

#include "baton/v1/system.pb-c.h"
#include "request.h"

struct board *board_new(struct gateway *g);
void board_free(struct board *b);

/* Goes on with `done` once the board is fresh, maybe before it returns. */
void board_ask(struct board *b, request_fn *done, struct request *r);
/* Makes the connections, so that the first request finds them. */
void board_warm(struct board *b);

/* Service `i` of client_services as it last said; "unreachable" if it did not. In the arena. */
Baton__ServiceStatus *board_status(const struct board *b, size_t i, struct arena *a);
/* The gateway itself. */
Baton__ServiceStatus *board_self(const struct board *b, struct arena *a);

#endif
