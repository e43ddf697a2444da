/* Envelopes in and out of bytes. */
#include "bus/envelope.h"

#include <stdio.h>

#include "base/hash.h"

enum { CHECKSUM = 4 };

static uint32_t checksum(struct bytes packed, struct bytes body)
{
    return crc32c(crc32c(0, packed.data, packed.size), body.data, body.size);
}

Baton__Envelope *envelope_decode(struct bytes wire, struct bytes body, struct arena *a, struct refusal *no)
{
    ProtobufCMessage *m = NULL;
    struct bytes packed =
        wire.size < CHECKSUM ? bytes_of(NULL, 0) : bytes_of(wire.data + CHECKSUM, wire.size - CHECKSUM);
    if (wire.size < CHECKSUM || get_be32(wire.data) != checksum(packed, body)) {
        refuse(no, REFUSAL_INVALID_ARGUMENT, NULL, "the message was damaged on the way");
        return NULL;
    }
    if (!schema_decode(schema_message(&baton__envelope__descriptor), packed, a, &m, no))
        return NULL;
    return (Baton__Envelope *)m;
}

struct bytes envelope_seal(const Baton__Envelope *e, struct bytes body, struct arena *a)
{
    size_t size = protobuf_c_message_get_packed_size(&e->base);
    uint8_t *wire = arena_raw(a, CHECKSUM + size);
    protobuf_c_message_pack(&e->base, wire + CHECKSUM);
    put_be32(wire, checksum(bytes_of(wire + CHECKSUM, size), body));
    return bytes_of(wire, CHECKSUM + size);
}

struct bytes envelope_pack(Baton__EnvelopeKind kind, uint64_t call, const struct refusal *no,
                           struct bytes body, struct arena *a)
{
    Baton__Envelope e = BATON__ENVELOPE__INIT;
    e.has_kind = e.has_call = true;
    e.kind = kind;
    e.call = call;
    e.refusal = no ? refusal_to_wire(no, a) : NULL;
    return envelope_seal(&e, body, a);
}

void refusal_from_wire(struct refusal *no, const Baton__Refusal *wire)
{
    no->code = wire->has_code ? (enum refusal_code)wire->code : REFUSAL_UNKNOWN;
    snprintf(no->message, sizeof no->message, "%s", wire->message ? wire->message : "");
    snprintf(no->field, sizeof no->field, "%s", wire->field ? wire->field : "");
    no->detail_type = NULL;
    if (wire->detail_type && wire->has_detail)
        refuse_with(no, wire->detail_type, bytes_of(wire->detail.data, wire->detail.len));
}

Baton__Refusal *refusal_to_wire(const struct refusal *no, struct arena *a)
{
    Baton__Refusal *wire = ARENA_NEW(a, Baton__Refusal);
    baton__refusal__init(wire);
    wire->has_code = true;
    wire->code = (Baton__Code)no->code;
    wire->message = arena_strdup(a, no->message);
    wire->field = no->field[0] ? arena_strdup(a, no->field) : NULL;
    if (no->detail_type) {
        wire->detail_type = arena_strdup(a, no->detail_type);
        wire->has_detail = true;
        wire->detail =
            (ProtobufCBinaryData){no->detail.size, arena_copy(a, no->detail.data, no->detail.size)};
    }
    return wire;
}
