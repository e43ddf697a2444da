/* What a message's options demand of its values. */
#include "schema/internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "base/ident.h"

/* Refusals read as sentences: "annual revenue is missing". */
__attribute__((format(printf, 3, 4))) static bool broken(struct refusal *no, const struct schema_place *at,
                                                         const char *format, ...)
{
    char place[sizeof no->field], name[64], text[100];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args); /* fits: numbers only */
    va_end(args);
    (void)snprintf(name, sizeof name, "%s", at->name); /* cut off is good enough */
    for (char *c = name; *c != '\0'; c++)
        if (*c == '_')
            *c = ' ';
    schema_place_text(place, sizeof place, at);
    return refuse(no, REFUSAL_INVALID_ARGUMENT, place, "%s%s %s", at->is_item ? "an entry of " : "", name,
                  text);
}

static bool is_blank(const char *text)
{
    int32_t i = 0;
    UChar32 c;
    do
        U8_NEXT(text, i, -1, c);
    while (c > 0 && u_isUWhiteSpace(c));
    return c == 0;
}

static bool check_number(const struct schema_field *f, const void *value, const struct schema_place *at,
                         struct refusal *no)
{
    int64_t number = schema_read_int(f, value);
    /* Unsigned and above INT64_MAX: larger than any rule can say. */
    bool is_huge = !schema_type_of(f)->is_signed && number < 0;
    if (f->rules->has_min && number < f->rules->min && !is_huge)
        return broken(no, at, "must be at least %" PRId64, f->rules->min);
    if (f->rules->has_max && (number > f->rules->max || is_huge))
        return broken(no, at, "must be at most %" PRId64, f->rules->max);
    return true;
}

static bool check_text(const struct schema_field *f, const char *text, const struct schema_place *at,
                       struct refusal *no)
{
    uint8_t id[IDENT_SIZE];
    size_t limit = schema_text_limit(f, at);
    if (f->rules->required && is_blank(text))
        return broken(no, at, "is missing");
    if (strlen(text) > limit)
        return broken(no, at, "is longer than %zu bytes", limit);
    if (f->rules->reference && !ident_parse(id, text))
        return broken(no, at, "is not the id of a record");
    return true;
}

static bool check_message(const ProtobufCMessage *message, const struct schema_message *m,
                          const struct schema_place *outer, struct refusal *no);

static bool check_value(const struct schema_field *f, const void *value, const struct schema_place *at,
                        struct refusal *no)
{
    switch (f->pb->type) {
    case PROTOBUF_C_TYPE_STRING:
        return check_text(f, *(char *const *)value, at, no);
    case PROTOBUF_C_TYPE_BYTES:
        return ((const ProtobufCBinaryData *)value)->len <= schema_text_limit(f, at) ||
               broken(no, at, "is longer than %zu bytes", schema_text_limit(f, at));
    case PROTOBUF_C_TYPE_MESSAGE:
        /* A plain record inside a request may be partial; the record functions check what becomes of it. */
        return f->message->record != NULL ||
               check_message(*(ProtobufCMessage *const *)value, f->message, at, no);
    case PROTOBUF_C_TYPE_ENUM: /* 0 is UNSPECIFIED everywhere */
        return !f->rules->required || schema_read_int(f, value) != 0 || broken(no, at, "is missing");
    default:
        return check_number(f, value, at, no);
    }
}

static bool check_field(const ProtobufCMessage *message, const struct schema_field *f,
                        const struct schema_place *outer, struct refusal *no)
{
    struct schema_place at = schema_place_in(outer, f->pb->name, f);
    size_t n = schema_count(message, f);
    if (n == 0)
        return !f->rules->required || broken(no, &at, "is missing");
    if (schema_is_repeated(f) && n > schema_items_limit(f))
        return broken(no, &at, "has more than %zu entries", schema_items_limit(f));
    at.is_item = schema_is_repeated(f);
    for (; at.item < n; at.item++)
        if (!check_value(f, schema_value(message, f, at.item), &at, no))
            return false;
    return true;
}

static bool check_message(const ProtobufCMessage *message, const struct schema_message *m,
                          const struct schema_place *outer, struct refusal *no)
{
    for (unsigned i = 0; i < m->pb->n_fields; i++)
        if (!check_field(message, &m->fields[i], outer, no))
            return false;
    return true;
}

bool schema_check(const ProtobufCMessage *message, const char *prefix, struct refusal *no)
{
    const struct schema_place top = {.name = prefix};
    return check_message(message, schema_message(message->descriptor), prefix != NULL ? &top : NULL, no);
}

static void drop_output_only(ProtobufCMessage *message, const struct schema_message *m)
{
    for (unsigned i = 0; i < m->pb->n_fields; i++) {
        const struct schema_field *f = &m->fields[i];
        if (f->rules->output_only) {
            schema_clear(message, f);
            continue;
        }
        size_t n = f->message != NULL ? schema_count(message, f) : 0;
        for (size_t k = 0; k < n; k++)
            drop_output_only(*(ProtobufCMessage **)schema_value(message, f, k), f->message);
    }
}

void schema_drop_output_only(ProtobufCMessage *message)
{
    drop_output_only(message, schema_message(message->descriptor));
}
