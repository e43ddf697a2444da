/* Envelopes: what is taken can be packed and read again, and a refusal inside keeps its words.
   Input: bits (whether the checksum stands in it or is put right, and how long the body is), body, envelope.
 */
#include <string.h>

#include "bus/envelope.h"
#include "fuzz/fuzz.h"

enum { MEMORY = 4 << 20, OWN_MEMORY = MEMORY + 1 };

static void check_refusal(const Baton__Refusal *wire, struct arena *a)
{
    struct refusal no = {0}, again = {0};
    refusal_from_wire(&no, wire);
    Baton__Refusal *back = refusal_to_wire(&no, a);
    refusal_from_wire(&again, back);
    assert(again.code == no.code && strcmp(again.message, no.message) == 0 &&
           strcmp(again.field, no.field) == 0);
}

static void check_envelope(const Baton__Envelope *e, struct bytes body, struct arena *a)
{
    struct refusal no = {0};
    struct bytes wire = envelope_seal(e, body, a);
    Baton__Envelope *back = envelope_decode(wire, body, a, &no);
    assert(back != NULL && message_same(&e->base, &back->base));
    if (body.size > 0) { /* a flipped bit is seen */
        uint8_t *damaged = arena_copy(a, body.data, body.size);
        damaged[body.size / 2] ^= 1;
        assert(envelope_decode(wire, bytes_of(damaged, body.size), a, &no) == NULL);
    }
    back = envelope_decode(envelope_pack(e->kind, e->call, NULL, body, a), body, a, &no);
    assert(back != NULL && back->kind == e->kind && back->call == e->call && back->refusal == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = fuzz_arena(MEMORY), *own = fuzz_arena(OWN_MEMORY);
    struct input in = {data, size};
    struct refusal no = {0};
    uint8_t how = input_u8(&in);
    struct bytes body = input_take(&in, how >> 1), packed = input_rest(&in);
    struct bytes wire = how & 1 ? packed : sealed(packed, body, own);
    Baton__Envelope *e = envelope_decode(wire, body, a, &no);
    assert((e == NULL) == (no.code != REFUSAL_NONE));
    if (e == NULL) {
        assert(no.message[0] != '\0' && arena_used(a) == 0);
        return 0;
    }
    if (e->refusal != NULL)
        check_refusal(e->refusal, a);
    check_envelope(e, body, a);
    return 0;
}
