/* The gateway in this process, its services played by the fuzzer: bytes of a connection in, bytes out, and
   what the services get to see in between. */
#ifndef BATON_TESTS_FUZZ_GATEWAY_H
#define BATON_TESTS_FUZZ_GATEWAY_H

#include "baton/v1/bus.pb-c.h"
#include "fuzz/fuzz.h"

/* A request that reached a service; `request` is of the method's input and has passed its rules. */
typedef void gate_fn(const Baton__Envelope *e, const struct schema_method *method,
                     const ProtobufCMessage *request);

/* One connection: sends these bytes, waits until the gateway closes it or says nothing for so long. The
   answer lives until the next call. Every request's message is checked: the gateway hands on nothing a
   service would refuse to read. `called` may be NULL. */
struct bytes gate_talk(struct bytes request, int patience_ms, gate_fn *called);

/* 3 digits of an answer; 0: there is none. Asserts that it is HTTP and no failure of the gateway's own. */
unsigned gate_status(struct bytes answer);

/* Head and body as a request, the last one of its connection: with the body's length, a host, and a sender
   nobody has seen before (what is open to everybody is limited by the sender's address). */
struct bytes gate_request(const char *head, struct bytes body, struct buffer *out);

/* --- forms (form.c) --- */

/* What is answered to GetForm and to SubmitForm. */
struct bytes gate_form_shown(struct arena *a);
struct bytes gate_form_taken(const ProtobufCMessage *request, struct arena *a);
/* Whether the answer finds a value wrong. */
bool gate_form_is_wrong(const char *value);
/* Asserts that nothing in an answer's page was written as it came: every tag and every quote is closed. */
void gate_page_check(struct bytes answer);

#endif
