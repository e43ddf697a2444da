/* Every message of the schema in JSON: JSON -> struct -> JSON -> struct loses nothing, the second text is the
   same as the first, and what JSON may say the wire may say. Input: type, JSON. */
#include "fuzz/fuzz.h"
#include "schema/internal.h"

enum { MEMORY = 64 << 20, JSON_MAX = 16 << 20 };

static void write(const ProtobufCMessage *message, struct buffer *out)
{
    buffer_init(out, JSON_MAX);
    bool is_written = schema_to_json(message, SCHEMA_JSON_SECRETS, out);
    assert(is_written);
}

static void check(const struct schema_message *m, const ProtobufCMessage *message, struct arena *a)
{
    struct refusal no = {0};
    ProtobufCMessage *back = NULL;
    struct buffer first, second;
    write(message, &first);
    bool is_read = schema_from_json(m, buffer_bytes(&first), a, &back, &no);
    assert(is_read && message_same(message, back));
    write(back, &second);
    assert(bytes_equal(buffer_bytes(&first), buffer_bytes(&second)));
    is_read = schema_decode(m, schema_pack(message, a), a, &back, &no);
    assert(is_read && message_same(message, back));
    buffer_release(&first);
    buffer_release(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    const struct schema_message *m = input_type(&in);
    struct arena *a = fuzz_arena(MEMORY);
    struct refusal no = {0};
    ProtobufCMessage *message = NULL;
    bool is_read = schema_from_json(m, input_rest(&in), a, &message, &no);
    assert(is_read == (no.code == REFUSAL_NONE));
    if (is_read && !schema_is_time(m)) /* times are texts in JSON: no message is one */
        check(m, message, a);
    return 0;
}
