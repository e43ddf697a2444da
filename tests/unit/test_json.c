/* protobuf's JSON mapping, both ways. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "baton/v1/directory.pb-c.h"
#include "baton/v1/leads.pb-c.h"
#include "baton/v1/record.pb-c.h"
#include "schema/schema.h"

static int setup(void **state)
{
    schema_load();
    *state = arena_new(64 << 20);
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

static const char *written(const ProtobufCMessage *message, unsigned flags, struct arena *a)
{
    struct buffer out;
    buffer_init(&out, 1 << 20);
    assert_true(schema_to_json(message, flags, &out));
    char *text = arena_strndup(a, (const char *)out.data, out.size);
    buffer_release(&out);
    return text;
}

/* 1: the table. `out` NULL: refused, with `field` and `says` in the message. */
static const struct {
    const char *message, *in, *out, *field, *says;
} table[] = {
    /* 1.1 int64: number, text, 1.0, 1e3; not 1.5, too large, empty, spaces, other writings */
    {"Lead", "{\"annualRevenue\":5}", "{\"annualRevenue\":\"5\"}", 0, 0},
    {"Lead", "{\"annualRevenue\":\"5\"}", "{\"annualRevenue\":\"5\"}", 0, 0},
    {"Lead", "{\"annualRevenue\":1.0}", "{\"annualRevenue\":\"1\"}", 0, 0},
    {"Lead", "{\"annualRevenue\":1e3}", "{\"annualRevenue\":\"1000\"}", 0, 0},
    {"Lead", "{\"annualRevenue\":\"1e3\"}", "{\"annualRevenue\":\"1000\"}", 0, 0},
    {"Lead", "{\"annualRevenue\":\"-2.0\"}", "{\"annualRevenue\":\"-2\"}", 0, 0},
    {"Lead", "{\"annualRevenue\":0}", "{\"annualRevenue\":\"0\"}", 0, 0},
    {"Lead", "{\"annualRevenue\":\"-0\"}", "{\"annualRevenue\":\"0\"}", 0, 0},
    {"Lead", "{\"annualRevenue\":-9223372036854775808}", "{\"annualRevenue\":\"-9223372036854775808\"}", 0,
     0},
    {"Lead", "{\"annualRevenue\":\"9223372036854775807\"}", "{\"annualRevenue\":\"9223372036854775807\"}", 0,
     0},
    {"Lead", "{\"annualRevenue\":\"9223372036854775808\"}", NULL, "annualRevenue", "a smaller number"},
    {"Lead", "{\"annualRevenue\":9223372036854775808}", NULL, "", "too large a number"},
    {"Lead", "{\"annualRevenue\":1.5}", NULL, "annualRevenue", "annualRevenue: expected a whole number"},
    {"Lead", "{\"annualRevenue\":\"1.5\"}", NULL, "annualRevenue", "whole number"},
    {"Lead", "{\"annualRevenue\":\"\"}", NULL, "annualRevenue", "whole number"},
    {"Lead", "{\"annualRevenue\":\" 1\"}", NULL, "annualRevenue", "whole number"},
    {"Lead", "{\"annualRevenue\":\"1 \"}", NULL, "annualRevenue", "whole number"},
    {"Lead", "{\"annualRevenue\":\"+1\"}", NULL, "annualRevenue", "whole number"},
    {"Lead", "{\"annualRevenue\":\"01\"}", NULL, "annualRevenue", "whole number"},
    {"Lead", "{\"annualRevenue\":\"0x1\"}", NULL, "annualRevenue", "whole number"},
    {"Lead", "{\"annualRevenue\":\"1e400\"}", NULL, "annualRevenue", "whole number"},
    {"Lead", "{\"annualRevenue\":1e400}", NULL, "", "too large a number"},
    {"Lead", "{\"annualRevenue\":1e18}", NULL, "annualRevenue", "whole number"}, /* not exact any more */
    {"Lead", "{\"annualRevenue\":true}", NULL, "annualRevenue", "whole number"},
    {"Lead", "{\"annualRevenue\":[1]}", NULL, "annualRevenue", "whole number"},
    {"Lead", "{\"annualRevenue\":NaN}", NULL, "", "not valid JSON"},
    /* 1.2 uint64 and fixed64 */
    {"Lead", "{\"revision\":\"18446744073709551615\"}", "{\"revision\":\"18446744073709551615\"}", 0, 0},
    {"Lead", "{\"revision\":\"18446744073709551616\"}", NULL, "revision", "whole number"},
    {"Lead", "{\"revision\":\"9999999999999999999\"}", "{\"revision\":\"9999999999999999999\"}", 0, 0},
    {"Lead", "{\"revision\":-1}", NULL, "revision", "not negative"},
    {"LogRecord", "{\"timeUs\":1}", "{\"timeUs\":\"1\"}", 0, 0},
    {"Share", "{\"position\":\"-7\"}", "{\"position\":\"-7\"}", 0, 0},
    /* 1.3 32 bits */
    {"Lead", "{\"decisionCount\":7}", "{\"decisionCount\":7}", 0, 0},
    {"Lead", "{\"decisionCount\":\"4294967295\"}", "{\"decisionCount\":4294967295}", 0, 0},
    {"Lead", "{\"decisionCount\":4294967296}", NULL, "decisionCount", "a smaller number"},
    {"Lead", "{\"decisionCount\":-1}", NULL, "decisionCount", "not negative"},
    /* 1.4 bytes: standard or URL alphabet, with padding or not */
    {"Original", "{\"body\":\"+/8=\"}", "{\"body\":\"+/8=\"}", 0, 0},
    {"Original", "{\"body\":\"+/8\"}", "{\"body\":\"+/8=\"}", 0, 0},
    {"Original", "{\"body\":\"-_8=\"}", "{\"body\":\"+/8=\"}", 0, 0},
    {"Original", "{\"body\":\"-_8\"}", "{\"body\":\"+/8=\"}", 0, 0},
    {"Original", "{\"body\":\"\"}", "{\"body\":\"\"}", 0, 0},
    {"Original", "{\"body\":\"a\"}", NULL, "body", "base64"},
    {"Original", "{\"body\":\"+/8==\"}", NULL, "body", "base64"},
    {"Original", "{\"body\":\"+_8=\"}", NULL, "body", "base64"},
    {"Original", "{\"body\":\"a b=\"}", NULL, "body", "base64"},
    {"Original", "{\"body\":\"AA\xc3\xa9\"}", NULL, "body", "base64"},
    {"Original", "{\"body\":5}", NULL, "body", "base64"},
    /* 1.5 enums: name or number; proto2's are closed */
    {"Lead", "{\"status\":\"LEAD_STATUS_DEAD\"}", "{\"status\":\"LEAD_STATUS_DEAD\"}", 0, 0},
    {"Lead", "{\"status\":6}", "{\"status\":\"LEAD_STATUS_DEAD\"}", 0, 0},
    {"Lead", "{\"status\":6.0}", "{\"status\":\"LEAD_STATUS_DEAD\"}", 0, 0},
    {"Lead", "{\"status\":0}", "{\"status\":\"LEAD_STATUS_UNSPECIFIED\"}", 0, 0},
    {"Lead", "{\"status\":\"lead_status_dead\"}", NULL, "status", "values of LeadStatus"},
    {"Lead", "{\"status\":\"6\"}", NULL, "status", "values of LeadStatus"},
    {"Lead", "{\"status\":99}", NULL, "status", "values of LeadStatus"},
    {"Lead", "{\"status\":-1}", NULL, "status", "values of LeadStatus"},
    {"Lead", "{\"status\":4294967302}", NULL, "status", "values of LeadStatus"},
    /* 1.6 times */
    {"Lead", "{\"receivedAt\":\"2026-01-31T09:30:00Z\"}", "{\"receivedAt\":\"2026-01-31T09:30:00Z\"}", 0, 0},
    {"Lead", "{\"receivedAt\":\"2026-01-31T09:30:00.5+02:00\"}",
     "{\"receivedAt\":\"2026-01-31T07:30:00.500Z\"}", 0, 0},
    {"Lead", "{\"receivedAt\":\"1970-01-01T00:00:00Z\"}", "{\"receivedAt\":\"1970-01-01T00:00:00Z\"}", 0, 0},
    {"Lead", "{\"receivedAt\":\"9999-12-31T23:59:59.999999999Z\"}",
     "{\"receivedAt\":\"9999-12-31T23:59:59.999999999Z\"}", 0, 0},
    {"Lead", "{\"receivedAt\":\"2026-01-31t09:30:00Z\"}", NULL, "receivedAt", "a time like"},
    {"Lead", "{\"receivedAt\":\"2026-02-31T09:30:00Z\"}", NULL, "receivedAt", "a time like"},
    {"Lead", "{\"receivedAt\":\"0000-01-01T00:00:00Z\"}", NULL, "receivedAt", "a time like"},
    {"Lead", "{\"receivedAt\":{\"seconds\":1}}", NULL, "receivedAt", "a time like"},
    /* 1.7 repeated: array; null array is unset, null element is refused, empty is absent */
    {"Lead", "{\"flags\":[\"a\",\"b\"]}", "{\"flags\":[\"a\",\"b\"]}", 0, 0},
    {"Lead", "{\"flags\":null}", "{}", 0, 0},
    {"Lead", "{\"flags\":[]}", "{}", 0, 0},
    {"Lead", "{\"flags\":[\"a\",null]}", NULL, "flags[1]", "expected text"},
    {"Lead", "{\"flags\":\"a\"}", NULL, "flags", "an array"},
    {"Pool", "{\"members\":[{},null]}", NULL, "members[1]", "an object"},
    {"ListLeadsRequest", "{\"status\":[1,\"LEAD_STATUS_DEAD\"]}",
     "{\"status\":[\"LEAD_STATUS_NEW\",\"LEAD_STATUS_DEAD\"]}", 0, 0},
    {"ListLeadsRequest", "{\"status\":[1,98]}", NULL, "status[1]", "values of LeadStatus"},
    /* 1.8 oneof: two members refused, a null one ignored, an empty one set */
    {"Record", "{\"user\":{}}", "{\"user\":{}}", 0, 0},
    {"Record", "{\"user\":{},\"team\":null}", "{\"user\":{}}", 0, 0},
    {"Record", "{\"user\":{},\"team\":{}}", NULL, "team", "only one of the alternatives"},
    /* 1.9 presence: null is unset, empty is set */
    {"Lead", "{\"email\":null,\"doNotCall\":null,\"address\":null}", "{}", 0, 0},
    {"Lead", "{\"email\":\"\",\"doNotCall\":false,\"address\":{}}",
     "{\"email\":\"\",\"address\":{},\"doNotCall\":false}", 0, 0},
    {"Lead", "{\"doNotCall\":1}", NULL, "doNotCall", "true or false"},
    {"Lead", "{\"doNotCall\":\"true\"}", NULL, "doNotCall", "true or false"},
    {"Lead", "{\"email\":5}", NULL, "email", "expected text"},
    /* 1.10 names: both, but one at a time; unknown ones are skipped */
    {"Lead", "{\"first_name\":\"a\"}", "{\"firstName\":\"a\"}", 0, 0},
    {"Lead", "{\"first_name\":\"a\",\"firstName\":\"a\"}", NULL, "firstName", "given twice"},
    {"Lead", "{\"first_name\":null,\"firstName\":\"a\"}", NULL, "firstName", "given twice"},
    {"Lead", "{\"firstName\":\"a\",\"firstName\":\"a\"}", NULL, "", "given twice"},
    {"Lead", "{\"nothing\":{\"a\":[1,{}]},\"FirstName\":1,\"\":2}", "{}", 0, 0},
    /* 1.11 the text */
    {"Lead", "[]", NULL, "", "an object"},
    {"Lead", "5", NULL, "", "an object"},
    {"Lead", "null", NULL, "", "an object"},
    {"Lead", "", NULL, "", "no end"},
    {"Lead", "{", NULL, "", "no end"},
    {"Lead", "{} x", NULL, "", "behind the end"},
    {"Lead", "{\"email\":\"a\",}", NULL, "", "not valid JSON (line 1, column"},
    {"Lead", "{'email':1}", NULL, "", "not valid JSON"},
    {"Lead", "{\"email\":\"\\ud800\"}", NULL, "", "not valid JSON"},
    {"Lead", "{\"email\":\"\\ud83d\\ude00\"}", "{\"email\":\"\U0001F600\"}", 0, 0},
    {"Lead", "{\"email\":\"\\u0000\"}", NULL, "", "NUL"},
    {"Lead", "{\"a\\u0000b\":1}", NULL, "", "NUL"},
    {"Lead", "{\"email\":\"\xff\"}", NULL, "", "UTF-8"},
    {"Lead", "{\"email\":\"\xed\xa0\x80\"}", NULL, "", "UTF-8"},
    {"Lead", "{\"email\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0001\\u007f\"}",
     "{\"email\":\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\x7f\"}", 0, 0},
    {"Lead", "\n{\n \"email\" : \"a\"\n}\n", "{\"email\":\"a\"}", 0, 0},
    /* 1.12 places deep inside */
    {"CaptureLeadRequest", "{\"lead\":{\"address\":{\"city\":5}}}", NULL, "lead.address.city",
     "lead.address.city: expected text"},
    {"PublishPolicyRequest", "{\"policy\":{\"rules\":[{},{\"conditions\":[{\"values\":[\"a\",1]}]}]}}", NULL,
     "policy.rules[1].conditions[0].values[1]", "expected text"},
};

static void test_table(void **state)
{
    struct arena *a = *state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct refusal no = {0};
        ProtobufCMessage *message;
        bool ok = schema_from_json(named(a, table[i].message), bytes_text(table[i].in), a, &message, &no);
        if (ok != (table[i].out != NULL))
            fail_msg("row %zu: %s: %s", i, table[i].in, ok ? "accepted" : no.message);
        if (ok) {
            assert_string_equal(written(message, 0, a), table[i].out);
            continue;
        }
        assert_int_equal(no.code, REFUSAL_INVALID_ARGUMENT);
        assert_string_equal(no.field, table[i].field);
        if (strstr(no.message, table[i].says) == NULL)
            fail_msg("row %zu: %s: %s", i, table[i].in, no.message);
    }
}

/* 2: the limits of schema_decode hold here too. */
static void test_limits(void **state)
{
    struct arena *a = *state;
    struct refusal no = {0};
    ProtobufCMessage *message;
    struct buffer in;
    buffer_init(&in, 4 << 20);
    for (size_t n = 254; n <= 255; n++) {
        buffer_clear(&in);
        buffer_printf(&in, "{\"email\":\"%0*d\"}", (int)n, 1);
        assert_int_equal(schema_from_json(named(a, "Lead"), buffer_bytes(&in), a, &message, &no), n == 254);
    }
    assert_string_equal(no.message, "email: longer than 254 bytes");
    for (size_t n = 256; n <= 257; n++) {
        buffer_clear(&in);
        buffer_text(&in, "{\"flags\":[\"\"");
        for (size_t i = 1; i < n; i++)
            buffer_text(&in, ",\"\"");
        buffer_text(&in, "]}");
        assert_int_equal(schema_from_json(named(a, "Lead"), buffer_bytes(&in), a, &message, &no), n == 256);
    }
    assert_string_equal(no.message, "flags: more than 256 entries");
    for (size_t n = 16; n <= 18; n++) { /* log_id: 16 bytes */
        buffer_clear(&in);
        buffer_printf(&in, "{\"logId\":\"%.*s\"}", (int)((n * 8 + 5) / 6), "AAAAAAAAAAAAAAAAAAAAAAAA");
        assert_int_equal(schema_from_json(named(a, "Follow"), buffer_bytes(&in), a, &message, &no), n == 16);
    }
    buffer_release(&in);
}

/* `text`, `n` times, between `head` and `tail`. */
static struct bytes repeated(struct buffer *out, const char *head, const char *text, size_t n,
                             const char *tail)
{
    buffer_clear(out);
    buffer_text(out, head);
    for (size_t i = 0; i < n; i++)
        buffer_text(out, text);
    buffer_text(out, tail);
    return buffer_bytes(out);
}

/* 3: depth, size and memory are bounded before jansson reads. */
static void test_bounds(void **state)
{
    struct refusal no = {0};
    ProtobufCMessage *message;
    struct buffer in;
    struct arena *small = arena_new(32 << 10);
    const struct schema_message *lead = named(*state, "Lead"), *pool = named(*state, "Pool");
    buffer_init(&in, 4 << 20);
    assert_true(schema_from_json(lead, repeated(&in, "{\"x\":", "[", 31, ""), small, &message, &no) == false);
    assert_int_equal(strncmp(no.message, "the JSON cannot be read: no end", 31), 0);
    assert_false(schema_from_json(lead, repeated(&in, "{\"x\":", "[", 100000, ""), small, &message, &no));
    assert_string_equal(no.message, "the JSON is nested too deeply");
    assert_false(schema_from_json(lead, repeated(&in, "", "{\"address\":", 90000, ""), small, &message, &no));
    assert_true(
        schema_from_json(lead, repeated(&in, "{\"email\":\"", "[{", 100, "\"}"), small, &message, &no));
    assert_false(
        schema_from_json(lead, repeated(&in, "{\"x\":[{}", ",{}", 300000, "]}"), small, &message, &no));
    assert_int_equal(no.code, REFUSAL_RESOURCE_EXHAUSTED);
    assert_false(
        schema_from_json(lead, repeated(&in, "{\"x\":\"", "a", 1 << 20, "\"}"), small, &message, &no));
    assert_int_equal(no.code, REFUSAL_RESOURCE_EXHAUSTED);
    assert_true(
        schema_from_json(lead, repeated(&in, "{\"x\":\"", "\\\",{", 200000, "\"}"), small, &message, &no));
    assert_false(
        schema_from_json(pool, repeated(&in, "{\"members\":[{}", ",{}", 9999, "]}"), small, &message, &no));
    assert_int_equal(no.code, REFUSAL_RESOURCE_EXHAUSTED);
    arena_free(small);
    buffer_release(&in);
}

/* 4: what is secret is written only when asked for, also deep inside. */
static void test_secrets(void **state)
{
    Baton__User user = BATON__USER__INIT;
    user.name = "A";
    Baton__SignInResponse response = BATON__SIGN_IN_RESPONSE__INIT;
    response.session_token = "t";
    response.user = &user;
    assert_string_equal(written(&response.base, 0, *state), "{\"user\":{\"name\":\"A\"}}");
    assert_string_equal(written(&response.base, SCHEMA_JSON_SECRETS, *state),
                        "{\"sessionToken\":\"t\",\"user\":{\"name\":\"A\"}}");
    Baton__Credential credential = BATON__CREDENTIAL__INIT;
    credential.secret_hash = "h";
    Baton__ListTokensResponse list = BATON__LIST_TOKENS_RESPONSE__INIT;
    list.n_tokens = 1;
    list.tokens = &(Baton__Credential *){&credential};
    assert_string_equal(written(&list.base, 0, *state), "{\"tokens\":[{}]}");
}

/* 5: what services should never have is written somehow, and a full buffer says no. */
static void test_writing(void **state)
{
    Baton__Lead lead = BATON__LEAD__INIT;
    Google__Protobuf__Timestamp time = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    struct buffer out;
    static const char expected[] = "{\"receivedAt\":null,\"status\":99}";
    enum { SIZE = sizeof expected - 1 };
    time.seconds = INT64_MAX;
    lead.received_at = &time;
    lead.has_status = true;
    lead.status = (Baton__LeadStatus)99;
    assert_string_equal(written(&lead.base, 0, *state), expected);
    for (size_t limit = 0; limit < SIZE; limit++) {
        buffer_init(&out, limit);
        assert_false(schema_to_json(&lead.base, 0, &out));
        buffer_release(&out);
    }
    buffer_init(&out, SIZE);
    assert_true(schema_to_json(&lead.base, 0, &out));
    buffer_clear(&out);
    assert_true(schema_json_string(&out, "a\"\n"));
    assert_int_equal(out.size, 7);
    assert_memory_equal(out.data, "\"a\\\"\\n\"", 7);
    buffer_release(&out);
}

static const char typical[] =
    "{\"requestId\":\"0190a8e2-1111-7000-8000-000000000001\",\"lead\":{\"salutation\":\"Frau\","
    "\"firstName\":\"Zo\u00eb\",\"lastName\":\"\u6797\u5c0f\u59d0\",\"company\":\"Example & Sons Ltd\","
    "\"email\":\"zoe@example.com\",\"phone\":\"+49 221 123456\",\"address\":{\"street\":\"Long Road "
    "1\",\"city\":"
    "\"K\u00f6ln\",\"postalCode\":\"50667\",\"country\":\"Germany\"},\"status\":\"LEAD_STATUS_NEW\","
    "\"receivedAt\":\"2026-01-31T09:30:00.500Z\",\"annualRevenue\":\"-5\",\"doNotCall\":true,"
    "\"flags\":[\"one\",\"two\"],\"message\":\"Please \\\"call\\\" me\\nback.\"},"
    "\"original\":{\"contentType\":\"text/plain\",\"body\":\"AAEC/w==\"}}";

/* 6: JSON, struct, JSON, struct: the same bytes. */
static void test_round_trip(void **state)
{
    struct arena *a = *state;
    struct refusal no;
    ProtobufCMessage *first, *second, *third;
    const struct schema_message *m = named(a, "CaptureLeadRequest");
    assert_true(schema_from_json(m, bytes_text(typical), a, &first, &no));
    const char *json = written(first, 0, a);
    assert_true(schema_from_json(m, bytes_text(json), a, &second, &no));
    assert_true(bytes_equal(schema_pack(first, a), schema_pack(second, a)));
    assert_string_equal(written(second, 0, a), json);
    assert_true(schema_decode(m, schema_pack(second, a), a, &third, &no));
    assert_string_equal(written(third, 0, a), json);
}

/* 7: JSON by chance: refused, or a message that can be packed, decoded and written again. */
static void test_mutations(void **state)
{
    uint64_t seed = 7;
    struct refusal no;
    const struct schema_message *m = named(*state, "CaptureLeadRequest");
    static const char bits[] = "{}[]\",:\\u0e-+.n 9\x80";
    size_t accepted = 0;
    for (size_t round = 0; round < 3000; round++) {
        struct arena *a = arena_new(256 << 10);
        ProtobufCMessage *message, *again;
        size_t size = sizeof typical - 1;
        char *json = malloc(size);
        memcpy(json, typical, size);
        for (size_t changes = 1 + round % 4; changes > 0; changes--) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            size_t at = (seed >> 33) % size;
            switch (seed >> 62) {
            case 0:
                json[at] = bits[(seed >> 20) % (sizeof bits - 1)];
                break;
            case 1:
                memmove(json + at, json + at + 1, --size - at);
                break;
            case 2:
                json[at] ^= (char)(1 << (seed >> 20) % 8);
                break;
            default:
                json[at] = json[(seed >> 11) % size];
            }
        }
        if (schema_from_json(m, bytes_of(json, size), a, &message, &no)) {
            accepted++;
            struct bytes wire = schema_pack(message, a);
            assert_true(schema_decode(m, wire, a, &again, &no));
            assert_string_equal(written(again, 0, a), written(message, 0, a));
        }
        free(json);
        arena_free(a);
    }
    assert_in_range(accepted, 300, 2700);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),     cmocka_unit_test(test_limits),  cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_secrets),   cmocka_unit_test(test_writing), cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_mutations),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
