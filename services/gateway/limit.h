/* How often one address may use what is open to anybody: a bucket of tokens for each. */
#ifndef BATON_GATEWAY_LIMIT_H
#define BATON_GATEWAY_LIMIT_H

#include "request.h"

enum { LIMIT_PER_SECOND = 20, LIMIT_BURST = 200, LIMIT_ADDRESSES_MAX = 16384 };

struct limit *limit_new(void);
void limit_free(struct limit *l);

/* Takes one token of the request's address. False: there is none left; refused with 429. */
bool limit_request(struct request *r);

#endif
