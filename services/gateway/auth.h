/* Who is asking: what a token stands for, as the directory says, remembered for a few seconds. */
#ifndef BATON_GATEWAY_AUTH_H
#define BATON_GATEWAY_AUTH_H

#include "request.h"

enum { AUTH_ENTRIES_MAX = 10000, AUTH_AGE_US = 5000000 };

struct auth *auth_new(struct gateway *g);
void auth_free(struct auth *a);

/* `who` or `no` is NULL; both live until it returns. */
typedef void auth_fn(void *arg, const struct who *who, const struct refusal *no);

/* Looks up the hash of a token; an answer up to `age_us` old will do. Calls `done` exactly once, maybe before
   it returns. Lookups of the same token under way at the same time are one. */
void auth_check(struct auth *a, const char *token_hash, int64_t age_us, auth_fn *done, void *arg);
/* The next check asks the directory again. */
void auth_forget(struct auth *a, const char *token_hash);

/* Finds out who sent the request (bearer token, or the session's cookie) and goes on with `next`, or refuses.
 */
void auth_request(struct request *r, request_fn *next);

/* The session's cookie on this answer: `token`, or NULL to take it away. */
void auth_set_cookie(struct gateway *g, struct MHD_Response *response, const char *token);

#endif
