/* What the files of this folder share: types, limits, places in a message, memory for protobuf-c. */
#ifndef BATON_SCHEMA_INTERNAL_H
#define BATON_SCHEMA_INTERNAL_H

#include "schema/schema.h"

/* Most fields of one message: so many counters stand on the stack while it is read. */
enum { SCHEMA_FIELDS_MAX = 128 };

/* What is to be known of each ProtobufCType. */
struct schema_type {
    ProtobufCWireType wire;
    uint8_t size;  /* of one value in protobuf-c's struct */
    bool is_whole; /* a whole number, not an enum */
    bool is_signed;
    uint64_t largest; /* whole numbers only */
};
extern const struct schema_type schema_types[PROTOBUF_C_TYPE_MESSAGE + 1];

static inline const struct schema_type *schema_type_of(const struct schema_field *f)
{
    return &schema_types[f->pb->type];
}

static inline bool schema_is_repeated(const struct schema_field *f)
{
    return f->pb->label == PROTOBUF_C_LABEL_REPEATED;
}

static inline size_t schema_items_limit(const struct schema_field *f)
{
    return f->rules->has_max_items ? f->rules->max_items : SCHEMA_ITEMS_MAX;
}

/* By its number; NULL if there is none. */
const struct schema_field *schema_numbered(const struct schema_message *m, uint32_t number);

/* google.protobuf.Timestamp, which has its own form in JSON. */
bool schema_is_time(const struct schema_message *m);

/* Values of a field: 0 or 1, or as many as a repeated one has. */
size_t schema_count(const ProtobufCMessage *m, const struct schema_field *f);
/* Where value `i` stands: a pointer to a number, a char *, a ProtobufCBinaryData or a ProtobufCMessage *. */
void *schema_value(const ProtobufCMessage *m, const struct schema_field *f, size_t i);
/* Any whole number, enum or bool as it stands there; unsigned ones above INT64_MAX come out negative. */
int64_t schema_read_int(const struct schema_field *f, const void *value);
void schema_write_int(const struct schema_field *f, void *value, int64_t number);
/* The value of a singular field was stored: it is present. */
void schema_mark_present(ProtobufCMessage *m, const struct schema_field *f);

/* The values of a repeated field; keeps the pointer. */
void schema_set_values(ProtobufCMessage *m, const struct schema_field *f, void *values, size_t n);
/* Another member of its oneof is set. */
bool schema_is_taken(const ProtobufCMessage *m, const struct schema_field *f);

/* A field inside a message inside ...: lives on the stack of who walks there. */
struct schema_place {
    const struct schema_place *outer; /* NULL: the top */
    const char *name;
    bool is_item; /* of a repeated field: `item` counts from 0 */
    size_t item;
    bool lenient; /* texts here may be longer than their fields say */
};

static inline struct schema_place schema_place_in(const struct schema_place *outer, const char *name,
                                                  const struct schema_field *f)
{
    return (struct schema_place){
        .outer = outer, .name = name, .lenient = f->rules->lenient || (outer && outer->lenient)};
}

/* Longest text or bytes of a field at this place. */
static inline size_t schema_text_limit(const struct schema_field *f, const struct schema_place *at)
{
    size_t limit = f->rules->has_max_length ? f->rules->max_length : SCHEMA_TEXT_MAX;
    return at->lenient && limit < SCHEMA_TEXT_LENIENT ? SCHEMA_TEXT_LENIENT : limit;
}

/* "policy.rules[3].name"; cut off where `size` is too small. NULL gives "". */
void schema_place_text(char *out, size_t size, const struct schema_place *at);
/* As refuse(); the message is the place, a colon and what is said here. */
bool schema_refuse(struct refusal *no, enum refusal_code code, const struct schema_place *at,
                   const char *format, ...) __attribute__((format(printf, 4, 5)));

/* protobuf-c's allocations from the arena, within its limit. */
ProtobufCAllocator schema_allocator(struct arena *a);

#endif
