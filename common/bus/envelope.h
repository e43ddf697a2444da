/* Envelopes in and out of bytes. */
#ifndef BATON_BUS_ENVELOPE_H
#define BATON_BUS_ENVELOPE_H

#include "baton/v1/bus.pb-c.h"
#include "schema/schema.h"

/* NULL: `no` says what is wrong with it. */
Baton__Envelope *envelope_decode(struct bytes wire, struct arena *a, struct refusal *no);

/* An envelope of this kind about this call, packed in the arena; `no` may be NULL. */
struct bytes envelope_pack(Baton__EnvelopeKind kind, uint64_t call, const struct refusal *no,
                           struct arena *a);

void refusal_from_wire(struct refusal *no, const Baton__Refusal *wire);
/* In the arena. */
Baton__Refusal *refusal_to_wire(const struct refusal *no, struct arena *a);

#endif
