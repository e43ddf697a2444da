/* GET /v1/events: the public events of all services since the beginning, for ever, as server-sent events. */
#ifndef BATON_GATEWAY_EVENTS_H
#define BATON_GATEWAY_EVENTS_H

#include "request.h"

enum { EVENTS_READERS_MAX = 32, EVENTS_PER_USER_MAX = 4 };

struct events *events_new(struct gateway *g);
/* Those that are still open are closed. */
void events_free(struct events *e);

/* From the loop's turn; returns the wall time at which it wants to be called again, 0: not by time. */
int64_t events_turn(struct events *e);
/* Ends every reader, or those of one token. */
void events_end(struct events *e);
void events_end_token(struct events *e, const char *token_hash);

unsigned events_count(const struct events *e);

#endif
