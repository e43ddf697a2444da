/* Struct to JSON. */
#include "schema/internal.h"

#include <inttypes.h>
#include <sodium.h>
#include <string.h>

#include "base/rfc3339.h"
#include "google/protobuf/timestamp.pb-c.h"

/* Nothing here looks at what the buffer says: once it is full it stays so, and the public functions ask it.
 */

static void write_bytes(struct buffer *out, const ProtobufCBinaryData *bytes)
{
    size_t size = sodium_base64_ENCODED_LEN(bytes->len, sodium_base64_VARIANT_ORIGINAL);
    buffer_char(out, '"');
    char *room = (char *)buffer_room(out, size);
    if (room == NULL)
        return;
    sodium_bin2base64(room, size, bytes->data, bytes->len, sodium_base64_VARIANT_ORIGINAL);
    out->size += size - 1; /* without the NUL */
    buffer_char(out, '"');
}

static void write_enum(struct buffer *out, const struct schema_field *f, int value)
{
    const ProtobufCEnumValue *known = protobuf_c_enum_descriptor_get_value(f->pb->descriptor, value);
    if (known != NULL)
        schema_json_string(out, known->name);
    else
        buffer_printf(out, "%d", value);
}

/* 64 bits as text: JavaScript's numbers have 53. */
static void write_number(struct buffer *out, const struct schema_field *f, const void *value)
{
    const struct schema_type *type = schema_type_of(f);
    int64_t number = schema_read_int(f, value);
    if (type->size < 8)
        buffer_printf(out, "%" PRId64, number);
    else if (type->is_signed)
        buffer_printf(out, "\"%" PRId64 "\"", number);
    else
        buffer_printf(out, "\"%" PRIu64 "\"", (uint64_t)number);
}

static void write_time(struct buffer *out, const Google__Protobuf__Timestamp *time)
{
    char text[RFC3339_SIZE];
    if (rfc3339_format(text, time->seconds, time->nanos))
        schema_json_string(out, text);
    else
        buffer_text(out, "null"); /* no such time; nothing from outside has one */
}

static void write_message(struct buffer *out, const ProtobufCMessage *message, const struct schema_message *m,
                          unsigned flags);

static void write_value(struct buffer *out, const struct schema_field *f, const void *value, unsigned flags)
{
    switch (f->pb->type) {
    case PROTOBUF_C_TYPE_STRING:
        schema_json_string(out, *(char *const *)value);
        break;
    case PROTOBUF_C_TYPE_BYTES:
        write_bytes(out, value);
        break;
    case PROTOBUF_C_TYPE_BOOL:
        buffer_text(out, *(const protobuf_c_boolean *)value ? "true" : "false");
        break;
    case PROTOBUF_C_TYPE_ENUM:
        write_enum(out, f, *(const int *)value);
        break;
    case PROTOBUF_C_TYPE_MESSAGE:
        if (schema_is_time(f->message))
            write_time(out, *(Google__Protobuf__Timestamp *const *)value);
        else
            write_message(out, *(ProtobufCMessage *const *)value, f->message, flags);
        break;
    default:
        write_number(out, f, value);
    }
}

static void write_field(struct buffer *out, const struct schema_field *f, const ProtobufCMessage *message,
                        size_t n, unsigned flags)
{
    buffer_char(out, '"');
    buffer_text(out, f->json_name);
    buffer_text(out, schema_is_repeated(f) ? "\":[" : "\":");
    for (size_t i = 0; i < n && !out->overflow; i++) {
        if (i > 0)
            buffer_char(out, ',');
        write_value(out, f, schema_value(message, f, i), flags);
    }
    if (schema_is_repeated(f))
        buffer_char(out, ']');
}

static void write_message(struct buffer *out, const ProtobufCMessage *message, const struct schema_message *m,
                          unsigned flags)
{
    bool first = true;
    buffer_char(out, '{');
    for (unsigned i = 0; i < m->pb->n_fields; i++) {
        const struct schema_field *f = &m->fields[i];
        size_t n = schema_count(message, f);
        if (n == 0 || (f->rules->secret && !(flags & SCHEMA_JSON_SECRETS)))
            continue;
        if (!first)
            buffer_char(out, ',');
        first = false;
        write_field(out, f, message, n, flags);
    }
    buffer_char(out, '}');
}

bool schema_to_json(const ProtobufCMessage *message, unsigned flags, struct buffer *out)
{
    write_message(out, message, schema_message(message->descriptor), flags);
    return !out->overflow;
}

static const char *const escapes[256] = {
    ['"'] = "\\\"", ['\\'] = "\\\\", ['\b'] = "\\b", ['\f'] = "\\f",
    ['\n'] = "\\n", ['\r'] = "\\r",  ['\t'] = "\\t",
};

bool schema_json_string(struct buffer *out, const char *s)
{
    buffer_char(out, '"');
    for (const char *plain = s;; s++) {
        unsigned char c = (unsigned char)*s;
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        buffer_add(out, plain, (size_t)(s - plain));
        if (c == '\0')
            break;
        if (escapes[c] != NULL)
            buffer_text(out, escapes[c]);
        else
            buffer_printf(out, "\\u%04x", c);
        plain = s + 1;
    }
    buffer_char(out, '"');
    return !out->overflow;
}
