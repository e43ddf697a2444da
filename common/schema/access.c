/* Generic access to the fields of a protobuf-c struct, by the offsets in its descriptor. */
#include "schema/internal.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "google/protobuf/timestamp.pb-c.h"

#define VARINT PROTOBUF_C_WIRE_TYPE_VARINT
#define FIXED4 PROTOBUF_C_WIRE_TYPE_32BIT
#define FIXED8 PROTOBUF_C_WIRE_TYPE_64BIT
#define PREFIX PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED

const struct schema_type schema_types[PROTOBUF_C_TYPE_MESSAGE + 1] = {
    [PROTOBUF_C_TYPE_INT32] = {VARINT, 4, true, true, INT32_MAX},
    [PROTOBUF_C_TYPE_SINT32] = {VARINT, 4, true, true, INT32_MAX},
    [PROTOBUF_C_TYPE_SFIXED32] = {FIXED4, 4, true, true, INT32_MAX},
    [PROTOBUF_C_TYPE_INT64] = {VARINT, 8, true, true, INT64_MAX},
    [PROTOBUF_C_TYPE_SINT64] = {VARINT, 8, true, true, INT64_MAX},
    [PROTOBUF_C_TYPE_SFIXED64] = {FIXED8, 8, true, true, INT64_MAX},
    [PROTOBUF_C_TYPE_UINT32] = {VARINT, 4, true, false, UINT32_MAX},
    [PROTOBUF_C_TYPE_FIXED32] = {FIXED4, 4, true, false, UINT32_MAX},
    [PROTOBUF_C_TYPE_UINT64] = {VARINT, 8, true, false, UINT64_MAX},
    [PROTOBUF_C_TYPE_FIXED64] = {FIXED8, 8, true, false, UINT64_MAX},
    [PROTOBUF_C_TYPE_FLOAT] = {FIXED4, 4, false, true, 0},
    [PROTOBUF_C_TYPE_DOUBLE] = {FIXED8, 8, false, true, 0},
    [PROTOBUF_C_TYPE_BOOL] = {VARINT, sizeof(protobuf_c_boolean), false, false, 0},
    [PROTOBUF_C_TYPE_ENUM] = {VARINT, sizeof(int), false, true, 0},
    [PROTOBUF_C_TYPE_STRING] = {PREFIX, sizeof(char *), false, false, 0},
    [PROTOBUF_C_TYPE_BYTES] = {PREFIX, sizeof(ProtobufCBinaryData), false, false, 0},
    [PROTOBUF_C_TYPE_MESSAGE] = {PREFIX, sizeof(ProtobufCMessage *), false, false, 0},
};

static void *member(const ProtobufCMessage *m, size_t offset)
{
    return (char *)m + offset;
}

static bool is_oneof(const struct schema_field *f)
{
    return (f->pb->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0;
}

/* Singular and present where the pointer is not NULL. */
static bool is_pointer(const struct schema_field *f)
{
    return f->pb->type == PROTOBUF_C_TYPE_STRING || f->pb->type == PROTOBUF_C_TYPE_MESSAGE;
}

/* Presence is a flag of its own. Timestamp is proto3: its numbers have none and are present unless 0. */
static bool has_flag(const struct schema_field *f)
{
    return f->pb->label == PROTOBUF_C_LABEL_OPTIONAL && !is_oneof(f) && !is_pointer(f);
}

static const struct schema_field *field_of(const ProtobufCMessage *m, const char *name)
{
    const struct schema_field *f = schema_field(schema_message(m->descriptor), name);
    assert(f != NULL && !schema_is_repeated(f));
    return f;
}

static const struct schema_field *number_of(const ProtobufCMessage *m, const char *name)
{
    const struct schema_field *f = field_of(m, name);
    assert(schema_type_of(f)->is_whole || f->pb->type == PROTOBUF_C_TYPE_ENUM ||
           f->pb->type == PROTOBUF_C_TYPE_BOOL);
    return f;
}

bool schema_is_time(const struct schema_message *m)
{
    return m->pb == &google__protobuf__timestamp__descriptor;
}

size_t schema_count(const ProtobufCMessage *m, const struct schema_field *f)
{
    const void *quantifier = member(m, f->pb->quantifier_offset);
    if (schema_is_repeated(f))
        return *(const size_t *)quantifier;
    if (is_oneof(f) && *(const uint32_t *)quantifier != f->pb->id)
        return 0;
    if (is_pointer(f))
        return *(void **)member(m, f->pb->offset) != NULL;
    if (has_flag(f))
        return *(const protobuf_c_boolean *)quantifier != 0;
    return is_oneof(f) || schema_read_int(f, member(m, f->pb->offset)) != 0;
}

void *schema_value(const ProtobufCMessage *m, const struct schema_field *f, size_t i)
{
    void *at = member(m, f->pb->offset);
    return schema_is_repeated(f) ? *(char **)at + i * schema_type_of(f)->size : at;
}

int64_t schema_read_int(const struct schema_field *f, const void *value)
{
    const struct schema_type *type = schema_type_of(f);
    if (type->size == sizeof(int64_t))
        return *(const int64_t *)value;
    return type->is_signed ? *(const int32_t *)value : (int64_t) * (const uint32_t *)value;
}

void schema_write_int(const struct schema_field *f, void *value, int64_t number)
{
    if (schema_type_of(f)->size == sizeof(int64_t))
        *(int64_t *)value = number;
    else
        *(uint32_t *)value = (uint32_t)number;
}

void schema_mark_present(ProtobufCMessage *m, const struct schema_field *f)
{
    if (is_oneof(f))
        *(uint32_t *)member(m, f->pb->quantifier_offset) = f->pb->id;
    else if (has_flag(f))
        *(protobuf_c_boolean *)member(m, f->pb->quantifier_offset) = true;
}

void schema_set_values(ProtobufCMessage *m, const struct schema_field *f, void *values, size_t n)
{
    *(size_t *)member(m, f->pb->quantifier_offset) = n;
    *(void **)member(m, f->pb->offset) = values;
}

bool schema_is_taken(const ProtobufCMessage *m, const struct schema_field *f)
{
    const uint32_t *set = member(m, f->pb->quantifier_offset);
    return is_oneof(f) && *set != 0 && *set != f->pb->id;
}

/* Outermost first, so it calls itself for what is outside. */
static size_t place_append(char *out, size_t size, const struct schema_place *at)
{
    size_t used = at->outer != NULL ? place_append(out, size, at->outer) : 0;
    const char *dot = used > 0 ? "." : "";
    int n = at->is_item ? snprintf(out + used, size - used, "%s%s[%zu]", dot, at->name, at->item)
                        : snprintf(out + used, size - used, "%s%s", dot, at->name);
    return n < 0 || (size_t)n >= size - used ? size - 1 : used + (size_t)n;
}

void schema_place_text(char *out, size_t size, const struct schema_place *at)
{
    out[0] = '\0';
    if (at != NULL)
        (void)place_append(out, size, at); /* the length does not matter here */
}

bool schema_refuse(struct refusal *no, enum refusal_code code, const struct schema_place *at,
                   const char *format, ...)
{
    char place[sizeof no->field], text[sizeof no->message];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args); /* cut off is good enough */
    va_end(args);
    schema_place_text(place, sizeof place, at);
    return refuse(no, code, place, "%s%s%s", place, place[0] != '\0' ? ": " : "", text);
}

const char *schema_text_of(const ProtobufCMessage *m, const struct schema_field *f)
{
    assert(f->pb->type == PROTOBUF_C_TYPE_STRING);
    return schema_present(m, f) ? *(char **)schema_value(m, f, 0) : NULL;
}

size_t schema_texts_of(const ProtobufCMessage *m, const struct schema_field *f, char *const **texts)
{
    assert(f->pb->type == PROTOBUF_C_TYPE_STRING);
    *texts = schema_value(m, f, 0);
    return schema_count(m, f);
}

const char *schema_get_text(const ProtobufCMessage *m, const char *field)
{
    return schema_text_of(m, field_of(m, field));
}

void schema_set_text(ProtobufCMessage *m, const char *field, char *value)
{
    const struct schema_field *f = field_of(m, field);
    assert(f->pb->type == PROTOBUF_C_TYPE_STRING);
    if (value == NULL) {
        schema_clear(m, f);
        return;
    }
    *(char **)schema_value(m, f, 0) = value;
    schema_mark_present(m, f);
}

int64_t schema_int_of(const ProtobufCMessage *m, const struct schema_field *f)
{
    return schema_present(m, f) ? schema_read_int(f, schema_value(m, f, 0)) : 0;
}

int64_t schema_get_int(const ProtobufCMessage *m, const char *field)
{
    return schema_int_of(m, field_of(m, field));
}

void schema_set_int(ProtobufCMessage *m, const char *field, int64_t value)
{
    const struct schema_field *f = number_of(m, field);
    schema_write_int(f, schema_value(m, f, 0), value);
    schema_mark_present(m, f);
}

/* Field numbers mostly run 1, 2, 3 ... */
const struct schema_field *schema_numbered(const struct schema_message *m, uint32_t number)
{
    const ProtobufCMessageDescriptor *pb = m->pb;
    if (number - 1 < pb->n_fields && pb->fields[number - 1].id == number)
        return &m->fields[number - 1];
    const ProtobufCFieldDescriptor *f = protobuf_c_message_descriptor_get_field(pb, number);
    return f != NULL ? &m->fields[f - pb->fields] : NULL;
}

bool schema_present(const ProtobufCMessage *m, const struct schema_field *f)
{
    return schema_count(m, f) > 0;
}

void schema_clear(ProtobufCMessage *m, const struct schema_field *f)
{
    void *quantifier = member(m, f->pb->quantifier_offset);
    if (is_oneof(f) && *(uint32_t *)quantifier != f->pb->id)
        return; /* the memory is another member's */
    if (schema_is_repeated(f))
        *(size_t *)quantifier = 0;
    else if (is_oneof(f))
        *(uint32_t *)quantifier = 0;
    else if (has_flag(f))
        *(protobuf_c_boolean *)quantifier = false;
    memset(member(m, f->pb->offset), 0, schema_is_repeated(f) ? sizeof(void *) : schema_type_of(f)->size);
}

static bool message_equal(const ProtobufCMessage *a, const ProtobufCMessage *b,
                          const struct schema_message *m)
{
    if (a->n_unknown_fields || b->n_unknown_fields)
        return false; /* nobody here can say what is in them */
    for (unsigned i = 0; i < m->pb->n_fields; i++)
        if (!schema_field_equal(a, b, &m->fields[i]))
            return false;
    return true;
}

static bool value_equal(const void *a, const void *b, const struct schema_field *f)
{
    switch (f->pb->type) {
    case PROTOBUF_C_TYPE_STRING:
        return strcmp(*(char *const *)a, *(char *const *)b) == 0;
    case PROTOBUF_C_TYPE_BYTES: {
        const ProtobufCBinaryData *x = a, *y = b;
        return bytes_equal(bytes_of(x->data, x->len), bytes_of(y->data, y->len));
    }
    case PROTOBUF_C_TYPE_MESSAGE:
        return message_equal(*(ProtobufCMessage *const *)a, *(ProtobufCMessage *const *)b, f->message);
    default:
        return memcmp(a, b, schema_type_of(f)->size) == 0;
    }
}

bool schema_field_equal(const ProtobufCMessage *a, const ProtobufCMessage *b, const struct schema_field *f)
{
    size_t n = schema_count(a, f);
    if (schema_count(b, f) != n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!value_equal(schema_value(a, f, i), schema_value(b, f, i), f))
            return false;
    return true;
}

bool schema_equal(const ProtobufCMessage *a, const ProtobufCMessage *b)
{
    return a->descriptor == b->descriptor && message_equal(a, b, schema_message(a->descriptor));
}

void schema_field_share(ProtobufCMessage *dst, const ProtobufCMessage *src, const struct schema_field *f)
{
    assert(dst->descriptor == src->descriptor);
    if (!schema_present(src, f)) {
        schema_clear(dst, f);
        return;
    }
    if (schema_is_repeated(f)) {
        schema_set_values(dst, f, schema_value(src, f, 0), schema_count(src, f));
        return;
    }
    memcpy(member(dst, f->pb->offset), member(src, f->pb->offset), schema_type_of(f)->size);
    schema_mark_present(dst, f);
}

ProtobufCMessage *schema_oneof(const ProtobufCMessage *m, const struct schema_field **field)
{
    const struct schema_message *s = schema_message(m->descriptor);
    unsigned first = 0; /* of its members, which all say by the same number which is set */
    while (first < s->pb->n_fields && !is_oneof(&s->fields[first]))
        first++;
    assert(first < s->pb->n_fields);
    uint32_t set = *(const uint32_t *)member(m, s->fields[first].pb->quantifier_offset);
    *field = set != 0 ? schema_numbered(s, set) : NULL;
    if (*field != NULL && !schema_present(m, *field))
        *field = NULL;
    if (*field == NULL)
        return NULL;
    assert((*field)->message != NULL);
    return *(ProtobufCMessage **)schema_value(m, *field, 0);
}

void schema_set_oneof(ProtobufCMessage *m, const struct schema_field *field, ProtobufCMessage *value)
{
    assert(is_oneof(field) && field->message != NULL && value->descriptor == field->message->pb);
    *(ProtobufCMessage **)schema_value(m, field, 0) = value;
    schema_mark_present(m, field);
}
