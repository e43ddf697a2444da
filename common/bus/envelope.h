/* Envelopes in and out of bytes. */
#ifndef BATON_BUS_ENVELOPE_H
#define BATON_BUS_ENVELOPE_H

#include "baton/v1/bus.pb-c.h"
#include "schema/schema.h"

/* On the wire: crc32c(4) packed baton.v1.Envelope; the checksum covers the packed envelope and the body that
   follows in a frame of its own, so that nothing damaged on the way is taken for something else. */

/* NULL: `no` says what is wrong with it. */
Baton__Envelope *envelope_decode(struct bytes wire, struct bytes body, struct arena *a, struct refusal *no);
/* The same checksum and form for any envelope; in the arena. */
struct bytes envelope_seal(const Baton__Envelope *e, struct bytes body, struct arena *a);

/* A sealed envelope of this kind about this call; `no` may be NULL. */
struct bytes envelope_pack(Baton__EnvelopeKind kind, uint64_t call, const struct refusal *no,
                           struct bytes body, struct arena *a);

void refusal_from_wire(struct refusal *no, const Baton__Refusal *wire);
/* In the arena. */
Baton__Refusal *refusal_to_wire(const struct refusal *no, struct arena *a);

#endif
