/* Wire to struct and back. Bytes from outside are walked over by a table before protobuf-c, which checks
   neither depth nor text nor memory, sees them. */
#include "schema/internal.h"

#include <assert.h>
#include <string.h>

#include "base/text.h"

enum {
    TAG_BYTES = 5,     /* longest tag or length on the wire */
    VARINT_BYTES = 10, /* longest number */
    ALIGNMENT = 16,    /* of the arena */
    /* While it unpacks a message of more than 16 fields, protobuf-c notes each in 32 bytes, in blocks that
       double: at most so much a field. */
    NOTE_FREE = 16,
    NOTE_SIZE = 64,
};

struct input {
    const uint8_t *at, *end;
};

/* Nothing may be added to no place, not even nothing. */
static struct input input_of(struct bytes b)
{
    return b.size > 0 ? (struct input){b.data, b.data + b.size} : (struct input){NULL, NULL};
}

struct scan {
    struct refusal *no;
    size_t left;      /* bytes of the arena that nothing is planned for yet */
    bool has_unknown; /* fields */
};

static bool damaged(struct scan *s, const struct schema_place *at)
{
    return schema_refuse(s->no, REFUSAL_INVALID_ARGUMENT, at, "the message is damaged");
}

/* protobuf-c will ask the arena for `size` bytes. */
static bool plan(struct scan *s, size_t size, const struct schema_place *at)
{
    size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (size > s->left)
        return schema_refuse(s->no, REFUSAL_RESOURCE_EXHAUSTED, at, "the message needs too much memory");
    s->left -= size;
    return true;
}

static bool read_varint(struct input *in, unsigned longest, uint64_t *out)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < longest && in->at < in->end; i++) {
        uint8_t byte = *in->at++;
        value |= (uint64_t)(byte & 0x7f) << (7 * i);
        if (byte & 0x80)
            continue;
        *out = value;
        return i < VARINT_BYTES - 1 || byte <= 1; /* more than 64 bits */
    }
    return false;
}

static bool read_bytes(struct input *in, size_t size, struct bytes *out)
{
    if (size > (size_t)(in->end - in->at))
        return false;
    *out = bytes_of(in->at, size);
    in->at += size;
    return true;
}

/* What stands behind a tag: a number in *number, or bytes. */
static bool read_payload(struct input *in, unsigned wire, uint64_t *number, struct bytes *bytes)
{
    switch (wire) {
    case PROTOBUF_C_WIRE_TYPE_VARINT:
        return read_varint(in, VARINT_BYTES, number);
    case PROTOBUF_C_WIRE_TYPE_64BIT:
        return read_bytes(in, 8, bytes);
    case PROTOBUF_C_WIRE_TYPE_32BIT:
        return read_bytes(in, 4, bytes);
    case PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED:
        return read_varint(in, TAG_BYTES, number) && read_bytes(in, *number, bytes);
    default:
        return false; /* groups, and what does not exist */
    }
}

/* Most text is plain ASCII without NUL, which eight bytes at a time tell; the rest is ICU's. */
static bool text_ok(struct bytes text)
{
    const uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
    size_t i = 0;
    for (uint64_t word; i + sizeof word <= text.size; i += sizeof word) {
        memcpy(&word, text.data + i, sizeof word);
        if (((word - ones) | word) & tops)
            return text_valid((const char *)text.data, text.size);
    }
    for (; i < text.size; i++)
        if (text.data[i] == 0 || text.data[i] >= 0x80)
            return text_valid((const char *)text.data, text.size);
    return true;
}

static bool scan_number(struct scan *s, const struct schema_field *f, uint64_t number,
                        const struct schema_place *at)
{
    if (f->pb->type == PROTOBUF_C_TYPE_ENUM &&
        protobuf_c_enum_descriptor_get_value(f->pb->descriptor, (int32_t)number) == NULL)
        return schema_refuse(s->no, REFUSAL_INVALID_ARGUMENT, at, "%d is not one of its values",
                             (int32_t)number);
    return true;
}

/* A time that does not exist could not be written as text again. */
static bool scan_time(struct scan *s, const struct schema_field *f, uint64_t number,
                      const struct schema_place *at)
{
    int64_t value = schema_type_of(f)->size == 4 ? (int32_t)number : (int64_t)number;
    if (value < f->rules->min || value > f->rules->max)
        return schema_refuse(s->no, REFUSAL_INVALID_ARGUMENT, at->outer,
                             "not a time between the years 1 and 9999");
    return true;
}

static bool scan_text(struct scan *s, const struct schema_field *f, struct bytes text,
                      const struct schema_place *at)
{
    bool is_text = f->pb->type == PROTOBUF_C_TYPE_STRING;
    size_t limit = schema_text_limit(f, at);
    if (text.size > limit)
        return schema_refuse(s->no, REFUSAL_INVALID_ARGUMENT, at, "longer than %zu bytes", limit);
    if (is_text && !text_ok(text))
        return schema_refuse(s->no, REFUSAL_INVALID_ARGUMENT, at, "not text in UTF-8");
    return plan(s, text.size + is_text, at);
}

/* `n` more elements of a repeated field. Twice is also too many for a single message: protobuf-c would merge
   the two, and what one of them may hold at most would not hold for both. */
static bool scan_count(struct scan *s, const struct schema_field *f, uint32_t *count, size_t n,
                       const struct schema_place *at)
{
    size_t limit = schema_items_limit(f);
    bool first = *count == 0;
    *count += (uint32_t)n;
    if (!schema_is_repeated(f)) {
        if (*count > 1 && f->message != NULL)
            return schema_refuse(s->no, REFUSAL_INVALID_ARGUMENT, at, "given twice");
        return true;
    }
    if (*count > limit)
        return schema_refuse(s->no, REFUSAL_INVALID_ARGUMENT, at, "more than %zu entries", limit);
    return plan(s, n * schema_type_of(f)->size + (first ? ALIGNMENT : 0), at);
}

/* The numbers of a repeated field in one piece. */
static bool scan_packed(struct scan *s, const struct schema_field *f, struct bytes packed, uint32_t *count,
                        const struct schema_place *at)
{
    struct input in = input_of(packed);
    size_t n = 0;
    for (; in.at < in.end; n++) {
        uint64_t number = 0;
        struct bytes ignored;
        if (!read_payload(&in, schema_type_of(f)->wire, &number, &ignored))
            return damaged(s, at);
        if (!scan_number(s, f, number, at))
            return false;
    }
    return scan_count(s, f, count, n, at);
}

/* A message that is being walked over. */
struct level {
    const struct schema_message *m;
    const struct schema_place *at;
    unsigned depth;
    struct input in;
    uint32_t counts[SCHEMA_FIELDS_MAX]; /* occurrences of each field so far */
};

static bool scan_message(struct scan *s, const struct schema_message *m, struct bytes wire,
                         const struct schema_place *at, unsigned depth);

static bool scan_field(struct scan *s, struct level *l, const struct schema_field *f, unsigned wire)
{
    uint32_t *count = &l->counts[f - l->m->fields];
    struct schema_place at = schema_place_in(l->at, f->pb->name, f);
    at.is_item = schema_is_repeated(f);
    at.item = *count;
    bool is_prefixed = wire == PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED;
    bool is_packed = is_prefixed && wire != schema_type_of(f)->wire && schema_is_repeated(f);
    uint64_t number = 0;
    struct bytes bytes = {NULL, 0};
    if (wire != schema_type_of(f)->wire && !is_packed)
        return schema_refuse(s->no, REFUSAL_INVALID_ARGUMENT, &at, "of the wrong type");
    if (!read_payload(&l->in, wire, &number, &bytes))
        return damaged(s, &at);
    if (is_packed)
        return scan_packed(s, f, bytes, count, &at);
    if (!scan_count(s, f, count, 1, &at))
        return false;
    if (f->message != NULL)
        return scan_message(s, f->message, bytes, &at, l->depth + 1);
    if (is_prefixed)
        return scan_text(s, f, bytes, &at);
    return schema_is_time(l->m) ? scan_time(s, f, number, &at) : scan_number(s, f, number, &at);
}

/* protobuf-c copies it before it is dropped again. */
static bool scan_unknown(struct scan *s, struct level *l, unsigned wire)
{
    const uint8_t *start = l->in.at;
    uint64_t number;
    struct bytes bytes;
    s->has_unknown = true;
    if (!read_payload(&l->in, wire, &number, &bytes))
        return damaged(s, l->at);
    return plan(s, (size_t)(l->in.at - start), l->at) && plan(s, sizeof(ProtobufCMessageUnknownField), l->at);
}

static bool scan_message(struct scan *s, const struct schema_message *m, struct bytes wire,
                         const struct schema_place *at, unsigned depth)
{
    struct level l;
    size_t n = 0;
    if (depth > SCHEMA_DEPTH_MAX)
        return schema_refuse(s->no, REFUSAL_INVALID_ARGUMENT, at, "nested deeper than %d", SCHEMA_DEPTH_MAX);
    l.m = m;
    l.at = at;
    l.depth = depth;
    l.in = input_of(wire);
    memset(l.counts, 0,
           m->pb->n_fields * sizeof *l.counts); /* not all of them: this runs for every message */
    for (; l.in.at < l.in.end; n++) {
        uint64_t tag;
        if (!read_varint(&l.in, TAG_BYTES, &tag) || tag > UINT32_MAX || tag >> 3 == 0)
            return damaged(s, at);
        const struct schema_field *f = schema_numbered(m, (uint32_t)(tag >> 3));
        if (f != NULL ? !scan_field(s, &l, f, tag & 7) : !scan_unknown(s, &l, tag & 7))
            return false;
    }
    return plan(s, m->pb->sizeof_message + (n > NOTE_FREE ? n * NOTE_SIZE : 0), at);
}

/* So that nothing unread gets into rows and the log. */
static void drop_unknown(ProtobufCMessage *message, const struct schema_message *m)
{
    message->n_unknown_fields = 0;
    message->unknown_fields = NULL;
    for (unsigned i = 0; i < m->pb->n_fields; i++) {
        const struct schema_field *f = &m->fields[i];
        size_t n = f->message != NULL ? schema_count(message, f) : 0;
        for (size_t k = 0; k < n; k++)
            drop_unknown(*(ProtobufCMessage **)schema_value(message, f, k), f->message);
    }
}

static void *allocate(void *arena, size_t size)
{
    return arena_try_raw(arena, size > 0 ? size : 1);
}

static void leave(void *arena, void *memory)
{
    (void)arena, (void)memory; /* goes with the arena */
}

ProtobufCAllocator schema_allocator(struct arena *a)
{
    return (ProtobufCAllocator){.alloc = allocate, .free = leave, .allocator_data = a};
}

bool schema_decode(const struct schema_message *m, struct bytes wire, struct arena *a, ProtobufCMessage **out,
                   struct refusal *no)
{
    struct scan s = {.no = no, .left = arena_limit(a) - arena_used(a)};
    if (wire.size > SCHEMA_MESSAGE_MAX)
        return refuse(no, REFUSAL_RESOURCE_EXHAUSTED, NULL, "the message is larger than %d bytes",
                      SCHEMA_MESSAGE_MAX);
    if (!scan_message(&s, m, wire, NULL, 1))
        return false;
    *out = schema_unpack(m, wire, a);
    if (*out == NULL)
        return refuse(no, REFUSAL_RESOURCE_EXHAUSTED, NULL, "the message needs too much memory");
    if (s.has_unknown)
        drop_unknown(*out, m);
    return true;
}

ProtobufCMessage *schema_unpack(const struct schema_message *m, struct bytes wire, struct arena *a)
{
    ProtobufCAllocator allocator = schema_allocator(a);
    return protobuf_c_message_unpack(m->pb, &allocator, wire.size, wire.data);
}

struct bytes schema_pack(const ProtobufCMessage *message, struct arena *a)
{
    size_t size = protobuf_c_message_get_packed_size(message);
    uint8_t *data = arena_raw(a, size > 0 ? size : 1);
    size_t written = protobuf_c_message_pack(message, data);
    assert(written == size);
    return bytes_of(data, size);
}

ProtobufCMessage *schema_copy(const ProtobufCMessage *message, struct arena *a)
{
    ProtobufCMessage *copy = schema_unpack(schema_message(message->descriptor), schema_pack(message, a), a);
    assert(copy);
    return copy;
}
