/* Every message of the schema: wire -> struct -> wire -> struct, and struct -> JSON -> struct, lose nothing.
   Input: type, message. */
#include "fuzz/fuzz.h"

enum { MEMORY = 64 << 20, JSON_MAX = 16 << 20 };

static void through_wire(const struct schema_message *m, const ProtobufCMessage *message, struct arena *a)
{
    struct refusal no = {0};
    ProtobufCMessage *back = NULL;
    struct bytes wire = schema_pack(message, a);
    if (wire.size > SCHEMA_MESSAGE_MAX) /* numbers written short may be written longer */
        return;
    bool is_taken = schema_decode(m, wire, a, &back, &no);
    assert(is_taken && message_same(message, back));
    assert(bytes_equal(wire, schema_pack(back, a)));
    back = schema_unpack(m, wire, a);
    assert(back != NULL && message_same(message, back));
}

static void through_json(const struct schema_message *m, const ProtobufCMessage *message, struct arena *a)
{
    struct refusal no = {0};
    ProtobufCMessage *back = NULL;
    struct buffer json;
    buffer_init(&json, JSON_MAX);
    bool is_written = schema_to_json(message, SCHEMA_JSON_SECRETS, &json);
    assert(is_written);
    if (json.size <= SCHEMA_MESSAGE_MAX) {
        bool is_read = schema_from_json(m, buffer_bytes(&json), a, &back, &no);
        assert(is_read && message_same(message, back));
    }
    buffer_release(&json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    const struct schema_message *m = input_type(&in);
    struct arena *a = fuzz_arena(MEMORY);
    struct refusal no = {0};
    ProtobufCMessage *message = NULL;
    if (!schema_decode(m, input_rest(&in), a, &message, &no))
        return 0;
    through_wire(m, message, a);
    if (m->pb->n_fields > 0)
        through_json(m, message, a);
    (void)schema_check(message, NULL, &no); /* either is right */
    schema_drop_output_only(message);
    through_wire(m, message, a);
    return 0;
}
