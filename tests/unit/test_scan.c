/* Bytes from outside: what is refused, and that nothing of it harms. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "baton/v1/bus.pb-c.h"
#include "baton/v1/leads.pb-c.h"
#include "google/protobuf/descriptor.pb-c.h"
#include "schema/schema.h"

enum { MEMORY = 4 << 20 };

static int setup(void **state)
{
    schema_load();
    *state = arena_new(MEMORY);
    return 0;
}

static int teardown(void **state)
{
    arena_free(*state);
    return 0;
}

static const struct schema_message *named(struct arena *a, const char *name)
{
    const struct schema_message *m = schema_message_named(arena_printf(a, "baton.v1.%s", name));
    assert_non_null(m);
    return m;
}

/* A copy of exactly this size, so that the address sanitizer sees one byte too many being read. */
static bool decode(const struct schema_message *m, const void *data, size_t size, struct arena *a,
                   struct refusal *no)
{
    ProtobufCMessage *message = NULL;
    uint8_t *copy = malloc(size > 0 ? size : 1);
    memcpy(copy, data, size);
    *no = (struct refusal){0};
    bool ok = schema_decode(m, bytes_of(copy, size), a, &message, no);
    free(copy);
    assert_int_equal(ok, message != NULL);
    assert_int_equal(ok, no->code == REFUSAL_NONE);
    return ok;
}

static struct bytes typical(struct arena *a)
{
    ProtobufCMessage *message;
    struct refusal no;
    static const char json[] =
        "{\"requestId\":\"0190a8e2-1111-7000-8000-000000000001\",\"lead\":{\"salutation\":\"Frau\","
        "\"firstName\":\"Zo\u00eb\",\"lastName\":\"\u6797\u5c0f\u59d0\",\"company\":\"Example & Sons Ltd\","
        "\"email\":\"zoe@example.com\",\"address\":{\"street\":\"Long Road 1\",\"city\":\"K\u00f6ln\"},"
        "\"receivedAt\":\"2026-01-31T09:30:00.5Z\",\"status\":\"LEAD_STATUS_NEW\",\"annualRevenue\":\"-5\","
        "\"doNotCall\":true,\"flags\":[\"one\",\"two\"],\"message\":\"Please call me back.\"},"
        "\"original\":{\"contentType\":\"text/plain\",\"body\":\"AAEC/w==\"}}";
    assert_true(schema_from_json(named(a, "CaptureLeadRequest"), bytes_text(json), a, &message, &no));
    return schema_pack(message, a);
}

/* 1: single messages, byte for byte. */
static const struct {
    const char *message, *wire;
    size_t size;
    const char *field; /* NULL: accepted */
    const char *text;
} wires[] = {
    /* 1.1 whole messages */
    {"CaptureLeadRequest", "", 0, NULL, NULL},
    {"CaptureLeadRequest", "\x0a\x02hi", 4, NULL, NULL},
    {"CaptureLeadRequest", "\x12\x00", 2, NULL, NULL},
    /* 1.2 wrong wire types */
    {"CaptureLeadRequest", "\x08\x01", 2, "request_id", "wrong type"},
    {"CaptureLeadRequest", "\x15\1\1\1\1", 5, "lead", "wrong type"},
    {"CaptureLeadRequest", "\x12\x02\x52\x00", 4, NULL, NULL},
    {"CaptureLeadRequest", "\x12\x02\x50\x00", 4, "lead.email", "wrong type"},
    {"Envelope", "\x0a\x00", 2, "kind", "wrong type"},
    {"Share", "\x18\x00", 2, "position", "wrong type"},
    {"Share", "\x19\1\2\3\4\5\6\7\x08", 9, NULL, NULL},
    {"Share", "\x19\1\2\3\4\5\6\7", 8, "position", "damaged"},
    /* 1.3 groups, tag 0, wire types that do not exist, of known and unknown fields */
    {"CaptureLeadRequest", "\x0b\x0c", 2, "request_id", "wrong type"},
    {"CaptureLeadRequest", "\xa3\x06\xa4\x06", 4, "", "damaged"},
    {"CaptureLeadRequest", "\xa6\x06", 2, "", "damaged"},
    {"CaptureLeadRequest", "\x02\x00", 2, "", "damaged"},
    {"CaptureLeadRequest", "\x00\x00", 2, "", "damaged"},
    {"CaptureLeadRequest", "\x80\x80\x80\x80\x80\x00", 6, "", "damaged"},
    {"CaptureLeadRequest", "\xff\xff\xff\xff\x7f\x00", 6, "", "damaged"},
    /* 1.4 numbers of 10 bytes, of 11, and of more than 64 bits */
    {"Envelope", "\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11, NULL, NULL},
    {"Envelope", "\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 11, "call", "damaged"},
    {"Envelope", "\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 12, "call", "damaged"},
    {"Envelope", "\x10\xff", 2, "call", "damaged"},
    /* 1.5 lengths beyond the end, or of more than 5 bytes */
    {"CaptureLeadRequest", "\x0a\x03hi", 4, "request_id", "damaged"},
    {"CaptureLeadRequest", "\x0a\xff\xff\xff\xff\x0f", 6, "request_id", "damaged"},
    {"CaptureLeadRequest", "\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11, "request_id", "damaged"},
    {"CaptureLeadRequest", "\x12\x04\x52\x05xy", 6, "lead.email", "damaged"},
    /* 1.6 text: not UTF-8, too long a form, a surrogate, NUL, in a long run of plain text */
    {"CaptureLeadRequest", "\x12\x04\x52\x02\xc3\x28", 6, "lead.email", "UTF-8"},
    {"CaptureLeadRequest", "\x12\x04\x52\x02\xc0\xaf", 6, "lead.email", "UTF-8"},
    {"CaptureLeadRequest", "\x12\x05\x52\x03\xed\xa0\x80", 7, "lead.email", "UTF-8"},
    {"CaptureLeadRequest", "\x12\x05\x52\x03\x61\0b", 7, "lead.email", "UTF-8"},
    {"CaptureLeadRequest", "\x12\x10\x52\x0estuvwxyz\0tuvwx", 18, "lead.email", "UTF-8"},
    {"CaptureLeadRequest", "\x12\x10\x52\x0estuvwxyzstuvw\xff", 18, "lead.email", "UTF-8"},
    {"CaptureLeadRequest", "\x12\x06\x72\x04\x12\x02\xff\xff", 8, "lead.address.city", "UTF-8"},
    {"CaptureLeadRequest", "\x12\x08\x8a\x02\x01\x61\x8a\x02\x01\xff", 10, "lead.flags[1]", "UTF-8"},
    /* 1.7 enum values */
    {"CaptureLeadRequest", "\x12\x03\x80\x01\x08", 5, NULL, NULL},
    {"CaptureLeadRequest", "\x12\x03\x80\x01\x63", 5, "lead.status", "99 is not one"},
    {"Envelope", "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11, "kind", "-1 is not one"},
    /* 1.8 repeated numbers, packed and not */
    {"ListLeadsRequest", "\x20\x01\x20\x02", 4, NULL, NULL},
    {"ListLeadsRequest", "\x22\x02\x01\x02", 4, NULL, NULL},
    {"ListLeadsRequest", "\x22\x00", 2, NULL, NULL},
    {"ListLeadsRequest", "\x22\x02\x01\x63", 4, "status[0]", "99 is not one"},
    {"ListLeadsRequest", "\x22\x02\x01\xff", 4, "status[0]", "damaged"},
    /* 1.9 one message twice, which protobuf-c would merge; text twice is harmless */
    {"CaptureLeadRequest", "\x12\x00\x12\x00", 4, "lead", "given twice"},
    {"CaptureLeadRequest", "\x0a\x01\x61\x0a\x01\x62", 6, NULL, NULL},
    /* 1.10 times */
    {"Lead", "\x1a\x02\x08\xff", 4, "received_at.seconds", "damaged"},
    {"Lead", "\x1a\x07\x08\xff\x82\xd1\xff\xaf\x07", 9, NULL, NULL}, /* the last second of 9999 */
    {"Lead", "\x1a\x07\x08\x80\x83\xd1\xff\xaf\x07", 9, "received_at", "years"},
    {"Lead", "\x1a\x07\x08\xff\xff\xff\xff\xff\x7f", 9, "received_at", "years"},
    {"Lead", "\x1a\x0b\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 13, "received_at", "years"},
    {"Lead", "\x1a\x06\x10\x80\x94\xeb\xdc\x03", 8, "received_at", "years"},
    {"Lead", "\x1a\x06\x10\xff\x93\xeb\xdc\x03", 8, NULL, NULL},
};

static void test_rows(void **state)
{
    struct arena *a = *state;
    for (size_t i = 0; i < sizeof wires / sizeof *wires; i++) {
        struct refusal no;
        bool ok = decode(named(a, wires[i].message), wires[i].wire, wires[i].size, a, &no);
        if (ok != (wires[i].field == NULL))
            fail_msg("row %zu: %s %s", i, no.field, no.message);
        if (ok)
            continue;
        assert_int_equal(no.code, REFUSAL_INVALID_ARGUMENT);
        assert_string_equal(no.field, wires[i].field);
        if (strstr(no.message, wires[i].text) == NULL)
            fail_msg("row %zu: %s", i, no.message);
    }
}

/* 2: lengths and numbers of elements, at the limit and one above. */
static void test_limits(void **state)
{
    struct arena *a = *state;
    struct refusal no;
    Baton__Lead lead = BATON__LEAD__INIT;
    lead.email = arena_alloc(a, 256);
    memset(lead.email, 'x', 254);
    struct bytes wire = schema_pack(&lead.base, a);
    assert_true(decode(named(a, "Lead"), wire.data, wire.size, a, &no));
    lead.email[254] = 'x';
    wire = schema_pack(&lead.base, a);
    assert_false(decode(named(a, "Lead"), wire.data, wire.size, a, &no));
    assert_string_equal(no.message, "email: longer than 254 bytes");
    lead.email = NULL;
    lead.flags = ARENA_ARRAY(a, char *, SCHEMA_ITEMS_MAX + 1);
    for (size_t i = 0; i <= SCHEMA_ITEMS_MAX; i++)
        lead.flags[i] = "x";
    lead.n_flags = SCHEMA_ITEMS_MAX;
    wire = schema_pack(&lead.base, a);
    assert_true(decode(named(a, "Lead"), wire.data, wire.size, a, &no));
    lead.n_flags++;
    wire = schema_pack(&lead.base, a);
    assert_false(decode(named(a, "Lead"), wire.data, wire.size, a, &no));
    assert_string_equal(no.message, "flags[256]: more than 256 entries");
    uint8_t packed[4 + SCHEMA_ITEMS_MAX + 1] = {0x22, 0x81, 0x02};
    assert_false(decode(named(a, "ListLeadsRequest"), packed, 3 + 257, a, &no));
    packed[1] = 0x80;
    assert_true(decode(named(a, "ListLeadsRequest"), packed, 3 + 256, a, &no));
}

/* 3: too large in all. */
static void test_size(void **state)
{
    static uint8_t wire[SCHEMA_MESSAGE_MAX + 1];
    struct refusal no;
    memset(wire, 0xff, sizeof wire);
    assert_false(decode(named(*state, "Lead"), wire, sizeof wire, *state, &no));
    assert_int_equal(no.code, REFUSAL_RESOURCE_EXHAUSTED);
    assert_false(decode(named(*state, "Lead"), wire, SCHEMA_MESSAGE_MAX, *state, &no));
    assert_int_equal(no.code, REFUSAL_INVALID_ARGUMENT);
}

/* `depth` messages inside each other, field 3 of each, in at most `room` bytes; the innermost stands last. */
static size_t nest(uint8_t *out, size_t room, size_t depth)
{
    size_t at = room;
    for (size_t i = 0; i < depth; i++) {
        uint8_t head[6] = {3 << 3 | 2};
        size_t size = room - at, n = 1;
        for (; size >= 0x80; size >>= 7)
            head[n++] = (uint8_t)(size | 0x80);
        head[n++] = (uint8_t)size;
        at -= n;
        memcpy(out + at, head, n);
    }
    memmove(out, out + at, room - at);
    return room - at;
}

/* 4: a message type that contains itself. Ours do not; DescriptorProto does, in field 3. */
static void test_depth(void **state)
{
    enum { ROOM = 64 << 10 };
    struct arena *a = *state;
    struct refusal no;
    const ProtobufCMessageDescriptor *pb = &google__protobuf__descriptor_proto__descriptor;
    struct schema_field *fields = ARENA_ARRAY(a, struct schema_field, pb->n_fields);
    static const Baton__FieldRules none = BATON__FIELD_RULES__INIT;
    struct schema_message m = {.pb = pb, .fields = fields};
    for (unsigned i = 0; i < pb->n_fields; i++) {
        fields[i].pb = &pb->fields[i];
        fields[i].rules = &none;
        if (pb->fields[i].descriptor == pb)
            fields[i].message = &m;
    }
    uint8_t *wire = malloc(ROOM);
    size_t size = nest(wire, ROOM, 10000);
    assert_true(size > 20000);
    assert_false(decode(&m, wire, size, a, &no));
    assert_int_equal(no.code, REFUSAL_INVALID_ARGUMENT);
    assert_non_null(strstr(no.message, "nested deeper than 16"));
    assert_true(decode(&m, wire, nest(wire, ROOM, SCHEMA_DEPTH_MAX - 1), a, &no));
    assert_false(decode(&m, wire, nest(wire, ROOM, SCHEMA_DEPTH_MAX), a, &no));
    /* As fields of ours nobody knows: bytes like others. */
    assert_true(decode(named(a, "RevokeTokenResponse"), wire, nest(wire, ROOM, 10000), a, &no));
    free(wire);
}

/* 5: empty messages are 65 times larger in memory; the arena's limit is seen before any of it is used. */
static void test_memory(void **state)
{
    enum { N = 15000 };
    struct arena *a = *state, *small = arena_new(256 << 10);
    struct refusal no;
    Baton__Pool pool = BATON__POOL__INIT;
    pool.n_members = N;
    pool.members = ARENA_ARRAY(a, Baton__PoolMember *, N);
    Baton__PoolMember member = BATON__POOL_MEMBER__INIT;
    for (size_t i = 0; i < N; i++)
        pool.members[i] = &member;
    struct bytes wire = schema_pack(&pool.base, a);
    assert_int_equal(wire.size, 2 * N);
    size_t before = arena_used(small);
    assert_false(decode(named(a, "Pool"), wire.data, wire.size, small, &no));
    assert_int_equal(no.code, REFUSAL_RESOURCE_EXHAUSTED);
    assert_int_equal(arena_used(small), before);
    struct arena *large = arena_new(8 << 20);
    assert_true(decode(named(a, "Pool"), wire.data, wire.size, large, &no));
    arena_free(large);
    arena_free(small);
}

/* 6: whatever the arena has left, the answer is yes or a refusal. */
static void test_every_limit(void **state)
{
    struct refusal no = {0};
    struct bytes wire = typical(*state);
    bool fitted = false;
    for (size_t limit = 256; limit < 16384; limit += 48) {
        struct arena *small = arena_new(limit);
        bool ok = decode(named(*state, "CaptureLeadRequest"), wire.data, wire.size, small, &no);
        assert_true(ok || no.code == REFUSAL_RESOURCE_EXHAUSTED);
        assert_true(ok || !fitted);
        fitted = ok;
        arena_free(small);
    }
    assert_true(fitted);
}

/* 7: what nobody knows is skipped and does not stay in the struct, at any depth. */
static void test_unknown(void **state)
{
    static const uint8_t wire[] = {
        0x12, 0x07, 0x52, 0x01, 'a',  0xfa, 0x3e, 0x01, 'z', /* field 1007 in lead */
        0xf8, 0x3e, 0x05, 0xf9, 0x3e, 1,    2,    3,    4,   5, 6, 7, 8, 0xfd, 0x3e, 1, 2, 3, 4};
    struct arena *a = *state;
    struct refusal no;
    ProtobufCMessage *message;
    const struct schema_message *m = named(a, "CaptureLeadRequest");
    assert_true(schema_decode(m, bytes_of(wire, sizeof wire), a, &message, &no));
    struct bytes again = schema_pack(message, a);
    assert_int_equal(again.size, 5);
    assert_memory_equal(again.data, "\x12\x03\x52\x01\x61", 5);
    /* Rows keep it: a newer program wrote it. */
    message = schema_unpack(m, bytes_of(wire, sizeof wire), a);
    assert_int_equal(schema_pack(message, a).size, sizeof wire);
    assert_null(schema_unpack(m, bytes_of(wire, 3), a));
}

/* 8: packed, decoded and packed again is the same. */
static void test_round_trip(void **state)
{
    struct arena *a = *state;
    struct refusal no;
    ProtobufCMessage *message;
    struct bytes wire = typical(a);
    assert_true(schema_decode(named(a, "CaptureLeadRequest"), wire, a, &message, &no));
    struct bytes again = schema_pack(message, a);
    assert_true(bytes_equal(wire, again));
    const Baton__CaptureLeadRequest *request = (const Baton__CaptureLeadRequest *)message;
    assert_string_equal(request->lead->email, "zoe@example.com");
    assert_true(request->lead->annual_revenue == -5);
    assert_int_equal(request->original->body.len, 4);
}

/* 9: cut off at every byte. */
static void test_truncated(void **state)
{
    struct refusal no;
    struct bytes wire = typical(*state);
    size_t accepted = 0;
    for (size_t size = 0; size <= wire.size; size++) {
        struct arena *a = arena_new(64 << 10);
        accepted += decode(named(*state, "CaptureLeadRequest"), wire.data, size, a, &no);
        arena_free(a);
    }
    assert_int_equal(accepted, 4); /* nothing, and behind each of the three fields */
}

/* 10: every bit turned; what is accepted can be written in both forms. */
static void test_bit_flips(void **state)
{
    struct refusal no;
    struct bytes wire = typical(*state);
    uint8_t *changed = malloc(wire.size);
    struct buffer json;
    buffer_init(&json, 1 << 20);
    for (size_t bit = 0; bit < wire.size * 8; bit++) {
        struct arena *a = arena_new(64 << 10);
        ProtobufCMessage *message;
        memcpy(changed, wire.data, wire.size);
        changed[bit / 8] ^= (uint8_t)(1 << bit % 8);
        if (schema_decode(named(*state, "CaptureLeadRequest"), bytes_of(changed, wire.size), a, &message,
                          &no)) {
            buffer_clear(&json);
            assert_true(schema_to_json(message, SCHEMA_JSON_SECRETS, &json));
            assert_true(schema_pack(message, a).size > 0);
            (void)schema_check(message, NULL, &no); /* either answer is right */
        }
        arena_free(a);
    }
    buffer_release(&json);
    free(changed);
}

/* 11: bytes by chance, to every message there is. */
static void test_noise(void **state)
{
    uint64_t seed = 1;
    size_t n;
    struct refusal no;
    const struct schema_method *methods = schema_methods(&n);
    for (size_t round = 0; round < 400 * n; round++) {
        uint8_t noise[64];
        struct arena *a = arena_new(64 << 10);
        for (size_t i = 0; i < sizeof noise; i++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            noise[i] = (uint8_t)(seed >> (i % 3 == 0 ? 59 : 56)); /* often a small number, like a tag */
        }
        (void)decode(methods[round % n].input, noise, seed >> 58, a, &no); /* either answer is right */
        (void)decode(methods[round % n].output, noise, seed >> 58, a, &no);
        arena_free(a);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        /* clang-format off */
        cmocka_unit_test(test_rows), cmocka_unit_test(test_limits), cmocka_unit_test(test_size),
        cmocka_unit_test(test_depth), cmocka_unit_test(test_memory), cmocka_unit_test(test_every_limit),
        cmocka_unit_test(test_unknown), cmocka_unit_test(test_round_trip), cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_bit_flips), cmocka_unit_test(test_noise),
        /* clang-format on */
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
