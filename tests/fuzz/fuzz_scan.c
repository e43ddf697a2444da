/* The pre-scan: what it lets pass protobuf-c unpacks, within the arena it was planned for, and holds what the
   scan promises of it. Input: type, bits of the arena's limit, message. */
#include <string.h>

#include "base/text.h"
#include "fuzz/fuzz.h"
#include "schema/internal.h"

enum { LIMIT_BITS_MIN = 6, LIMIT_BITS = 17 }; /* 64 bytes to 4 MiB */

static void check_message(const ProtobufCMessage *message, unsigned depth);

static void check_value(const struct schema_field *f, const void *value, unsigned depth)
{
    const ProtobufCBinaryData *bytes = value;
    switch (f->pb->type) {
    case PROTOBUF_C_TYPE_STRING: {
        const char *text = *(char *const *)value;
        assert(text_valid(text, strlen(text)));
        break;
    }
    case PROTOBUF_C_TYPE_BYTES:
        for (size_t i = 0; i < bytes->len; i++) /* readable to its last byte */
            *(volatile uint8_t *)&bytes->data[i];
        break;
    case PROTOBUF_C_TYPE_ENUM:
        assert(protobuf_c_enum_descriptor_get_value(f->pb->descriptor, *(const int *)value) != NULL);
        break;
    case PROTOBUF_C_TYPE_MESSAGE:
        check_message(*(ProtobufCMessage *const *)value, depth + 1);
        break;
    default:
        break;
    }
}

static void check_message(const ProtobufCMessage *message, unsigned depth)
{
    const struct schema_message *m = schema_message(message->descriptor);
    assert(depth <= SCHEMA_DEPTH_MAX && message->n_unknown_fields == 0);
    for (unsigned i = 0; i < m->pb->n_fields; i++) {
        const struct schema_field *f = &m->fields[i];
        size_t n = schema_count(message, f);
        assert(n <= (schema_is_repeated(f) ? schema_items_limit(f) : 1));
        for (size_t k = 0; k < n; k++)
            check_value(f, schema_value(message, f, k), depth);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    const struct schema_message *m = input_type(&in);
    struct arena *a = arena_new((size_t)1 << (LIMIT_BITS_MIN + input_u8(&in) % LIMIT_BITS));
    struct refusal no = {0};
    ProtobufCMessage *message = NULL;
    bool is_taken = schema_decode(m, input_rest(&in), a, &message, &no);
    assert(is_taken == (no.code == REFUSAL_NONE) && is_taken == (message != NULL));
    /* Whatever is refused, is refused before protobuf-c has seen it. */
    assert(is_taken || arena_used(a) == 0);
    assert(is_taken || (no.message[0] != '\0' && text_valid(no.message, strlen(no.message))));
    if (is_taken)
        check_message(message, 1);
    arena_free(a);
    return 0;
}
