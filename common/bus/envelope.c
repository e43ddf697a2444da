/* Envelopes in and out of bytes. */
#include "bus/envelope.h"

#include <stdio.h>

Baton__Envelope *envelope_decode(struct bytes wire, struct arena *a, struct refusal *no)
{
    ProtobufCMessage *m = NULL;
    if (!schema_decode(schema_message(&baton__envelope__descriptor), wire, a, &m, no))
        return NULL;
    return (Baton__Envelope *)m;
}

struct bytes envelope_pack(Baton__EnvelopeKind kind, uint64_t call, const struct refusal *no, struct arena *a)
{
    Baton__Envelope e = BATON__ENVELOPE__INIT;
    e.has_kind = e.has_call = true;
    e.kind = kind;
    e.call = call;
    e.refusal = no ? refusal_to_wire(no, a) : NULL;
    return schema_pack(&e.base, a);
}

void refusal_from_wire(struct refusal *no, const Baton__Refusal *wire)
{
    no->code = wire->has_code ? (enum refusal_code)wire->code : REFUSAL_UNKNOWN;
    snprintf(no->message, sizeof no->message, "%s", wire->message ? wire->message : "");
    snprintf(no->field, sizeof no->field, "%s", wire->field ? wire->field : "");
}

Baton__Refusal *refusal_to_wire(const struct refusal *no, struct arena *a)
{
    Baton__Refusal *wire = ARENA_NEW(a, Baton__Refusal);
    baton__refusal__init(wire);
    wire->has_code = true;
    wire->code = (Baton__Code)no->code;
    wire->message = arena_strdup(a, no->message);
    wire->field = no->field[0] ? arena_strdup(a, no->field) : NULL;
    return wire;
}
