/* Calls to other services: a request, a number, a reply or a timeout. Used by the gateway and by tools; the
   services themselves never call each other, they follow. */
#ifndef BATON_BUS_CLIENT_H
#define BATON_BUS_CLIENT_H

#include "base/refusal.h"
#include "baton/v1/bus.pb-c.h"
#include "bus/world.h"

struct client;

/* Whom one can call: every service of a deployment, in the order in which they are started. */
enum { CLIENT_SERVICES = 6 };
extern const char *const client_services[CLIENT_SERVICES];

enum { CLIENT_CALLS_MAX = 16384, CLIENT_TIMEOUT_MS = 30000 };

/* `no` is NULL on success. `body` lives until it returns. Called exactly once for each call that was taken.
 */
typedef void reply_fn(void *arg, const struct refusal *no, struct bytes body);

struct client *client_new(struct world *w);
/* Calls that wait are answered with `canceled`. */
void client_free(struct client *c);

struct call {
    const char *service;             /* "leads" */
    const char *method;              /* "LeadService/CaptureLead" */
    const Baton__Actor *actor;       /* may be NULL: nobody signed in */
    const Baton__Original *original; /* may be NULL */
    const char *trace_id;            /* may be NULL */
    struct bytes body;
    uint32_t timeout_ms; /* 0: CLIENT_TIMEOUT_MS */
};

/* False: refused at once, `no` says why (unavailable: the service is not there; resource_exhausted: too many
   calls wait), and `reply` will not be called. */
bool client_call(struct client *c, const struct call *call, reply_fn *reply, void *arg, struct refusal *no);

/* Which service answers a method: from its service's name; RecordService by the record type inside. NULL if
   that cannot be told (an unknown record type: `no` says so). */
struct schema_method;
const char *client_route(const struct schema_method *m, const ProtobufCMessage *request, struct refusal *no);

#endif
