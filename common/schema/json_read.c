/* JSON to struct: jansson reads the text, the descriptors say what it means. */
#include "schema/internal.h"

#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/rfc3339.h"
#include "base/text.h"
#include "google/protobuf/timestamp.pb-c.h"

enum {
    /* Objects and arrays inside each other; each message can stand in an array. */
    JSON_DEPTH_MAX = 2 * SCHEMA_DEPTH_MAX,
    /* What jansson may take, at these bytes for each object and each value (measured, rounded up). */
    JSON_MEMORY_MAX = 32 << 20,
    JSON_OBJECT_SIZE = 320,
    JSON_VALUE_SIZE = 192,
};

/* Doubles hold every whole number up to here. */
static const double exact_max = 9007199254740992.0;

struct reader {
    struct arena *arena;
    struct refusal *no;
};

static bool expected(const struct reader *r, const struct schema_place *at, const char *what)
{
    return schema_refuse(r->no, REFUSAL_INVALID_ARGUMENT, at, "expected %s", what);
}

/* Zeroed memory of the message, or NULL and a refusal. */
static void *claim(const struct reader *r, size_t size)
{
    void *memory = arena_try(r->arena, size > 0 ? size : 1);
    if (memory == NULL)
        (void)refuse(r->no, REFUSAL_RESOURCE_EXHAUSTED, NULL, "the message needs too much memory");
    return memory;
}

/* --- numbers --- */

struct whole {
    bool negative;
    uint64_t magnitude;
};

static bool whole_of_json(const json_t *value, struct whole *out)
{
    if (json_is_integer(value)) {
        json_int_t number = json_integer_value(value);
        *out = (struct whole){number < 0, number < 0 ? -(uint64_t)number : (uint64_t)number};
        return true;
    }
    if (!json_is_real(value))
        return false;
    double number = json_real_value(value), magnitude = number < 0 ? -number : number;
    if (magnitude > exact_max || (double)(uint64_t)magnitude != magnitude)
        return false;
    *out = (struct whole){number < 0, (uint64_t)magnitude};
    return true;
}

/* A number as JSON writes it, in quotes. Jansson's own numbers end at INT64_MAX. */
static bool whole_of_text(const char *text, struct whole *out)
{
    size_t length = strlen(text);
    if (length > 0 && length <= 19 && text[0] != '0' && strspn(text, "0123456789") == length) {
        *out = (struct whole){false, strtoull(text, NULL, 10)};
        return true;
    }
    if (length == 20 && text[0] == '1' && strspn(text, "0123456789") == length) {
        *out = (struct whole){false, strtoull(text, NULL, 10)};
        return strcmp(text, "18446744073709551615") <= 0;
    }
    if (length == 0 || length > 64 || strspn(text, "0123456789+-.eE") != length)
        return false;
    json_t *value = json_loadb(text, length, JSON_DECODE_ANY, NULL);
    bool ok = value != NULL && whole_of_json(value, out);
    json_decref(value);
    return ok;
}

static bool store_whole(const struct reader *r, const struct schema_field *f, struct whole w, void *slot,
                        const struct schema_place *at)
{
    const struct schema_type *type = schema_type_of(f);
    uint64_t lowest = type->is_signed ? type->largest + 1 : 0; /* its magnitude */
    if (w.magnitude > (w.negative ? lowest : type->largest))
        return expected(
            r, at, w.negative && !type->is_signed ? "a number that is not negative" : "a smaller number");
    schema_write_int(f, slot, (int64_t)(w.negative ? -w.magnitude : w.magnitude));
    return true;
}

static bool read_number(const struct reader *r, const struct schema_field *f, const json_t *value, void *slot,
                        const struct schema_place *at)
{
    struct whole w;
    bool ok = json_is_string(value) ? whole_of_text(json_string_value(value), &w) : whole_of_json(value, &w);
    return ok ? store_whole(r, f, w, slot, at) : expected(r, at, "a whole number");
}

/* proto2's enums are closed: a number without a name is refused like a name nobody knows. */
static bool read_enum(const struct reader *r, const struct schema_field *f, const json_t *value, void *slot,
                      const struct schema_place *at)
{
    const ProtobufCEnumDescriptor *pb = f->pb->descriptor;
    const ProtobufCEnumValue *known = NULL;
    struct whole w;
    if (json_is_string(value))
        known = protobuf_c_enum_descriptor_get_value_by_name(pb, json_string_value(value));
    else if (whole_of_json(value, &w) && w.magnitude <= INT32_MAX)
        known = protobuf_c_enum_descriptor_get_value(pb, w.negative ? -(int)w.magnitude : (int)w.magnitude);
    if (known == NULL)
        return schema_refuse(r->no, REFUSAL_INVALID_ARGUMENT, at, "expected one of the values of %s",
                             pb->short_name);
    *(int *)slot = known->value;
    return true;
}

/* --- text --- */

static bool read_bool(const struct reader *r, const struct schema_field *f, const json_t *value, void *slot,
                      const struct schema_place *at)
{
    if (!json_is_boolean(value))
        return expected(r, at, "true or false");
    *(protobuf_c_boolean *)slot = json_is_true(value);
    return true;
}

static bool too_long(const struct reader *r, const struct schema_field *f, const struct schema_place *at)
{
    return schema_refuse(r->no, REFUSAL_INVALID_ARGUMENT, at, "longer than %zu bytes",
                         schema_text_limit(f, at));
}

/* jansson has refused what is not UTF-8 and NUL. */
static bool read_text(const struct reader *r, const struct schema_field *f, const json_t *value, void *slot,
                      const struct schema_place *at)
{
    if (!json_is_string(value))
        return expected(r, at, "text");
    size_t size = json_string_length(value);
    if (size > schema_text_limit(f, at))
        return too_long(r, f, at);
    char *text = claim(r, size + 1);
    if (text == NULL)
        return false;
    memcpy(text, json_string_value(value), size);
    *(char **)slot = text;
    return true;
}

static int base64_variant(const char *text, size_t size)
{
    bool padded = size > 0 && text[size - 1] == '=';
    if (strpbrk(text, "-_") != NULL)
        return padded ? sodium_base64_VARIANT_URLSAFE : sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    return padded ? sodium_base64_VARIANT_ORIGINAL : sodium_base64_VARIANT_ORIGINAL_NO_PADDING;
}

static bool read_bytes(const struct reader *r, const struct schema_field *f, const json_t *value, void *slot,
                       const struct schema_place *at)
{
    if (!json_is_string(value))
        return expected(r, at, "bytes in base64");
    const char *text = json_string_value(value);
    size_t size = json_string_length(value), room = size / 4 * 3 + 3;
    ProtobufCBinaryData *bytes = slot;
    /* The room is at most 5 above the true size, which is looked at again below. */
    if (room > schema_text_limit(f, at) + 6)
        return too_long(r, f, at);
    bytes->data = claim(r, room);
    if (bytes->data == NULL)
        return false;
    /* libsodium takes some bytes beyond ASCII for digits. */
    if (!text_is_ascii(text, size) || sodium_base642bin(bytes->data, room, text, size, NULL, &bytes->len,
                                                        NULL, base64_variant(text, size)) != 0)
        return expected(r, at, "bytes in base64");
    return bytes->len <= schema_text_limit(f, at) || too_long(r, f, at);
}

/* --- messages --- */

static bool read_time(const struct reader *r, const json_t *value, void *slot, const struct schema_place *at)
{
    Google__Protobuf__Timestamp *time = claim(r, sizeof *time);
    if (time == NULL)
        return false;
    google__protobuf__timestamp__init(time);
    const char *text = json_string_value(value); /* NULL if it is something else */
    if (text == NULL || !rfc3339_parse(text, &time->seconds, &time->nanos))
        return expected(r, at, "a time like 2026-01-31T09:30:00Z");
    *(Google__Protobuf__Timestamp **)slot = time;
    return true;
}

static bool read_message(const struct reader *r, const struct schema_message *m, const json_t *value,
                         ProtobufCMessage **out, const struct schema_place *at);

static bool read_value(const struct reader *r, const struct schema_field *f, const json_t *value, void *slot,
                       const struct schema_place *at)
{
    switch (f->pb->type) {
    case PROTOBUF_C_TYPE_STRING:
        return read_text(r, f, value, slot, at);
    case PROTOBUF_C_TYPE_BYTES:
        return read_bytes(r, f, value, slot, at);
    case PROTOBUF_C_TYPE_BOOL:
        return read_bool(r, f, value, slot, at);
    case PROTOBUF_C_TYPE_ENUM:
        return read_enum(r, f, value, slot, at);
    case PROTOBUF_C_TYPE_MESSAGE:
        return schema_is_time(f->message) ? read_time(r, value, slot, at)
                                          : read_message(r, f->message, value, slot, at);
    default:
        return read_number(r, f, value, slot, at);
    }
}

static bool read_array(const struct reader *r, const struct schema_field *f, const json_t *array,
                       ProtobufCMessage *message, const struct schema_place *at)
{
    struct schema_place item = *at;
    size_t n = json_array_size(array), size = schema_type_of(f)->size;
    if (!json_is_array(array))
        return expected(r, at, "an array");
    if (n > schema_items_limit(f))
        return schema_refuse(r->no, REFUSAL_INVALID_ARGUMENT, at, "more than %zu entries",
                             schema_items_limit(f));
    char *values = claim(r, n * size);
    if (values == NULL)
        return false;
    item.is_item = true;
    for (item.item = 0; item.item < n; item.item++)
        if (!read_value(r, f, json_array_get(array, item.item), values + item.item * size, &item))
            return false;
    schema_set_values(message, f, values, n);
    return true;
}

static bool read_field(const struct reader *r, const struct schema_field *f, const json_t *value,
                       ProtobufCMessage *message, const struct schema_place *at)
{
    if (schema_is_repeated(f))
        return read_array(r, f, value, message, at);
    if (schema_is_taken(message, f))
        return schema_refuse(r->no, REFUSAL_INVALID_ARGUMENT, at,
                             "only one of the alternatives can be given");
    if (!read_value(r, f, value, schema_value(message, f, 0), at))
        return false;
    schema_mark_present(message, f);
    return true;
}

static int name_to_field(const void *key, const void *item)
{
    return strcmp(key, (*(const struct schema_field *const *)item)->json_name);
}

/* By either name; NULL for what nobody knows. */
static const struct schema_field *field_called(const struct schema_message *m, const char *name)
{
    const struct schema_field *const *found =
        bsearch(name, m->by_json, m->pb->n_fields, sizeof *m->by_json, name_to_field);
    return found != NULL ? *found : schema_field(m, name);
}

static bool read_message(const struct reader *r, const struct schema_message *m, const json_t *value,
                         ProtobufCMessage **out, const struct schema_place *at)
{
    bool seen[SCHEMA_FIELDS_MAX] = {false};
    const char *name;
    json_t *inner;
    if (!json_is_object(value))
        return expected(r, at, "an object");
    ProtobufCMessage *message = claim(r, m->pb->sizeof_message);
    if (message == NULL)
        return false;
    m->pb->message_init(message);
    json_object_foreach((json_t *)value, name, inner)
    {
        const struct schema_field *f = field_called(m, name);
        if (f == NULL)
            continue;
        const struct schema_place here = schema_place_in(at, f->json_name, f);
        if (seen[f - m->fields])
            return schema_refuse(r->no, REFUSAL_INVALID_ARGUMENT, &here, "given twice");
        seen[f - m->fields] = true;
        if (!json_is_null(inner) && !read_field(r, f, inner, message, &here))
            return false;
    }
    *out = message;
    return true;
}

/* --- the text --- */

/* From a string's opening quote to its closing one, or to the last byte there is. */
static const uint8_t *skip_string(const uint8_t *at, const uint8_t *end)
{
    for (at++; at < end && *at != '"'; at++)
        if (*at == '\\' && at + 1 < end)
            at++;
    return at < end ? at : end - 1;
}

/* What jansson would make of it, before it does: {} takes a hundred times the memory of its text. */
static bool weigh(struct bytes json, struct refusal *no)
{
    size_t memory = 0, depth = 0;
    const uint8_t *end = json.size > 0 ? json.data + json.size : json.data;
    for (const uint8_t *at = json.data; at < end; at++) {
        if (*at == '"')
            at = skip_string(at, end);
        else if (*at == '{' || *at == '[')
            depth++, memory += JSON_OBJECT_SIZE;
        else if (*at == '}' || *at == ']')
            depth -= depth > 0;
        else if (*at == ',')
            memory += JSON_VALUE_SIZE;
        if (depth > JSON_DEPTH_MAX)
            return refuse(no, REFUSAL_INVALID_ARGUMENT, NULL, "the JSON is nested too deeply");
    }
    return memory <= JSON_MEMORY_MAX ||
           refuse(no, REFUSAL_RESOURCE_EXHAUSTED, NULL, "the message needs too much memory");
}

/* jansson's own words quote the text, which may be a password. */
static const struct {
    enum json_error_code code;
    const char *text;
} faults[] = {
    {json_error_invalid_utf8, "not text in UTF-8"},
    {json_error_null_character, "a NUL character in text"},
    {json_error_null_byte_in_key, "a NUL character in text"},
    {json_error_duplicate_key, "a name that is given twice"},
    {json_error_numeric_overflow, "too large a number"},
    {json_error_end_of_input_expected, "something behind the end"},
    {json_error_premature_end_of_input, "no end"},
};

static bool refuse_syntax(const json_error_t *error, struct refusal *no)
{
    const char *text = "not valid JSON";
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        if (json_error_code(error) == faults[i].code)
            text = faults[i].text;
    return refuse(no, REFUSAL_INVALID_ARGUMENT, NULL, "the JSON cannot be read: %s (line %d, column %d)",
                  text, error->line, error->column);
}

bool schema_from_json(const struct schema_message *m, struct bytes json, struct arena *a,
                      ProtobufCMessage **out, struct refusal *no)
{
    const struct reader r = {a, no};
    json_error_t error;
    if (json.size > SCHEMA_MESSAGE_MAX)
        return refuse(no, REFUSAL_RESOURCE_EXHAUSTED, NULL, "the message is larger than %d bytes",
                      SCHEMA_MESSAGE_MAX);
    if (!weigh(json, no))
        return false;
    json_t *top =
        json_loadb((const char *)json.data, json.size, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (top == NULL)
        return refuse_syntax(&error, no);
    bool ok = read_message(&r, m, top, out, NULL);
    json_decref(top);
    return ok;
}
