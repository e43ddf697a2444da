/* The operator's tool as a client of its own deployment: Connect over HTTP with the administrator's token. */
#ifndef BATON_TOOL_API_H
#define BATON_TOOL_API_H

#include "schema/schema.h"

struct api;

/* `data_dir` holds gateway.url (one line, written by the gateway) and admin.token. NULL: says on standard
   error what is missing and what to do ("is Baton running? start it with: baton up --data DIR"). */
struct api *api_open(const char *data_dir);
void api_close(struct api *api);
/* Where it answers: "http://127.0.0.1:8080". */
const char *api_address(const struct api *api);

/* What it knows us by, as a header. */
const char *api_authorization(const struct api *api);

/* Calls a method ("LeadService/CaptureLead") with binary protobuf. The response is in the arena. False: `no`
   says why; unreachable is `unavailable`. Keeps its connection. */
bool api_call(struct api *api, const char *method, const void *request, struct arena *a, void **response,
              struct refusal *no);

/* What an HTTP answer that is no success says; Connect's error, if it is one. Returns false. */
bool api_refused(long status, struct bytes body, struct refusal *no);

/* Whether the same may be answered otherwise a little later: nobody answered, or was too busy. */
bool api_may_ask_again(enum refusal_code code);

/* Many calls at once over several connections: at most `parallel` at a time. `done` is called in any order.
 */
typedef void api_done_fn(void *arg, const struct refusal *no, const void *response);
bool api_start(struct api *api, const char *method, const void *request, api_done_fn *done, void *arg);
/* Waits until fewer than `n` calls are under way; 0: all are done. */
void api_wait(struct api *api, unsigned n);

#endif
