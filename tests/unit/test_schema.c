/* The schema as it is loaded, what its rules refuse, and generic access to fields. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "baton/v1/event.pb-c.h"
#include "baton/v1/record.pb-c.h"
#include "schema/schema.h"

#define ID "0190a8e2-1111-7000-8000-000000000001"

static int setup(void **state)
{
    schema_load();
    *state = arena_new(1 << 20);
    return 0;
}

static int teardown(void **state)
{
    arena_free(*state);
    return 0;
}

/* 1: options arrive, those written in several pieces too. */
static void test_options(void **state)
{
    static const struct {
        const char *message, *field, *json_name;
        bool required, output_only, unique, searchable, personal, secret, due, key, reference;
        uint32_t max_length, max_items;
    } rows[] = {
        {"baton.v1.User", "email", "email", true, false, true, false, true, false, false, false, false, 254,
         0},
        {"baton.v1.User", "id", "id", false, true, false, false, false, false, false, false, false, 0, 0},
        {"baton.v1.User", "working_hours", "workingHours", false, false, false, false, false, false, false,
         false, false, 0, 28},
        {"baton.v1.Lead", "external_key", "externalKey", false, true, true, false, true, false, false, false,
         false, 320, 0},
        {"baton.v1.Lead", "next_due_us", "nextDueUs", false, true, false, false, false, false, true, false,
         false, 0, 0},
        {"baton.v1.Password", "hash", "hash", false, false, false, false, false, true, false, false, false, 0,
         0},
        {"baton.v1.Share", "pool_id", "poolId", false, false, false, false, false, false, false, true, false,
         0, 0},
        {"baton.v1.AcceptLeadRequest", "id", "id", true, false, false, false, false, false, false, false,
         true, 0, 0},
        {"baton.v1.Lead", "annual_revenue", "annualRevenue", false, false, false, false, false, false, false,
         false, false, 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct schema_field *f = schema_field(schema_message_named(rows[i].message), rows[i].field);
        assert_string_equal(f->json_name, rows[i].json_name);
        assert_int_equal(f->rules->required, rows[i].required);
        assert_int_equal(f->rules->output_only, rows[i].output_only);
        assert_int_equal(f->rules->unique, rows[i].unique);
        assert_int_equal(f->rules->searchable, rows[i].searchable);
        assert_int_equal(f->rules->personal, rows[i].personal);
        assert_int_equal(f->rules->secret, rows[i].secret);
        assert_int_equal(f->rules->due, rows[i].due);
        assert_int_equal(f->rules->key, rows[i].key);
        assert_int_equal(f->rules->reference, rows[i].reference);
        assert_int_equal(f->rules->max_length, rows[i].max_length);
        assert_int_equal(f->rules->has_max_length, rows[i].max_length != 0);
        assert_int_equal(f->rules->max_items, rows[i].max_items);
    }
}

/* 2: messages are found by name and by descriptor, with what is inside them. */
static void test_messages(void **state)
{
    const struct schema_message *request = schema_message_named("baton.v1.CaptureLeadRequest");
    assert_ptr_equal(request, schema_message(&baton__capture_lead_request__descriptor));
    assert_ptr_equal(schema_field(request, "lead")->message, schema_message(&baton__lead__descriptor));
    assert_null(schema_message_named("baton.v1.Nothing"));
    assert_null(schema_message_named(""));
    assert_null(schema_field(request, "nothing"));
    assert_null(schema_field(schema_message(&baton__lead__descriptor), "annualRevenue"));
}

/* 3: records say who keeps them. */
static void test_records(void **state)
{
    const Baton__RecordRules *pool = schema_message_named("baton.v1.Pool")->record;
    assert_string_equal(pool->service, "leads");
    assert_int_equal(pool->n_read, 2);
    assert_int_equal(pool->n_write, 1);
    assert_int_equal(pool->write[0], BATON__ROLE__ROLE_ADMIN);
    assert_false(pool->single);
    assert_true(schema_message_named("baton.v1.Organisation")->record->single);
    assert_null(schema_message_named("baton.v1.Lead")->record);
}

/* 4: secrets are seen from above. */
static void test_secrets(void **state)
{
    assert_true(schema_message_named("baton.v1.SignInResponse")->has_secret);
    assert_true(schema_message_named("baton.v1.ListTokensResponse")->has_secret);
    assert_true(schema_message_named("baton.v1.LogRecord")->has_secret);
    assert_false(schema_message_named("baton.v1.CaptureLeadRequest")->has_secret);
}

/* 5: every method is there once, in order, and says who may call it. */
static void test_methods(void **state)
{
    static const struct {
        const char *name;
        uint32_t roles;
        bool open, internal, no_side_effects;
    } rows[] = {
        {"DirectoryService/Authenticate", 0x80, false, true, true},
        {"DirectoryService/GetMe", 0x7e, false, false, true},
        {"DirectoryService/SignIn", 0, true, false, false},
        {"LeadService/AssignLead", 0x06, false, false, false},
        {"LeadService/CaptureLead", 0x7e, false, false, false},
        {"LeadService/GetLead", 0x5e, false, false, true},
        {"LeadService/SubmitForm", 0, true, true, false},
        {"SystemService/ListServices", 0x02, false, false, true},
    };
    size_t n;
    const struct schema_method *all = schema_methods(&n);
    assert_true(n >= 38);
    for (size_t i = 1; i < n; i++)
        assert_true(strcmp(all[i - 1].name, all[i].name) < 0);
    for (size_t i = 0; i < n; i++)
        assert_true(all[i].open || all[i].roles != 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct schema_method *m = schema_method(rows[i].name);
        assert_non_null(m);
        assert_int_equal(m->roles, rows[i].roles);
        assert_int_equal(m->open, rows[i].open);
        assert_int_equal(m->internal, rows[i].internal);
        assert_int_equal(m->no_side_effects, rows[i].no_side_effects);
        assert_int_equal(strncmp(m->name, m->service, strlen(m->service)), 0);
    }
    assert_string_equal(schema_method("LeadService/GetLead")->input->pb->name, "baton.v1.GetLeadRequest");
    assert_string_equal(schema_method("LeadService/GetLead")->output->pb->name, "baton.v1.GetLeadResponse");
    assert_null(schema_method("LeadService/Nothing"));
    assert_null(schema_method(""));
    assert_true(schema_descriptor_set().size > 1000);
}

/* 6: what schema_check refuses, by JSON of the message. */
static void test_check(void **state)
{
    static const struct {
        const char *message, *json, *prefix, *field, *text; /* field NULL: passes */
    } rows[] = {
        /* 6.1 required */
        {"LeadForm", "{}", "form", "form.name", "name is missing"},
        {"LeadForm", "{\"name\":\"\"}", NULL, "name", "name is missing"},
        {"LeadForm", "{\"name\":\" \\t\\u3000\"}", NULL, "name", "name is missing"},
        {"LeadForm", "{\"name\":\" x\"}", NULL, NULL, NULL},
        {"LeadForm", "{\"name\":\"\\u9ede\"}", NULL, NULL, NULL},
        {"CaptureLeadRequest", "{}", NULL, "lead", "lead is missing"},
        {"CaptureLeadRequest", "{\"lead\":{}}", NULL, NULL, NULL},
        {"Territory", "{\"name\":\"North\"}", "territory", "territory.kind", "kind is missing"},
        {"Territory", "{\"name\":\"North\",\"kind\":0}", "territory", "territory.kind", "kind is missing"},
        {"Territory", "{\"name\":\"North\",\"kind\":2}", "territory", NULL, NULL},
        /* 6.2 min and max */
        {"WorkingInterval", "{\"weekday\":0,\"endMinute\":9}", NULL, "weekday", "weekday must be at least 1"},
        {"WorkingInterval", "{\"weekday\":8,\"endMinute\":9}", NULL, "weekday", "weekday must be at most 7"},
        {"WorkingInterval", "{\"weekday\":7,\"endMinute\":1441}", NULL, "end_minute",
         "end minute must be at most 1440"},
        {"WorkingInterval", "{\"weekday\":7,\"endMinute\":1440}", NULL, NULL, NULL},
        {"Account", "{\"name\":\"A\",\"numberOfEmployees\":-1}", "account", "account.number_of_employees",
         "number of employees must be at least 0"},
        /* 6.3 references */
        {"AcceptLeadRequest", "{\"id\":\"nonsense\"}", NULL, "id", "id is not the id of a record"},
        {"AcceptLeadRequest", "{\"id\":\"" ID "\"}", NULL, NULL, NULL},
        {"User", "{\"name\":\"A\",\"email\":\"a@b.c\",\"role\":3,\"territoryIds\":[\"" ID "\",\"x\"]}",
         "user", "user.territory_ids[1]", "an entry of territory ids is not the id of a record"},
        /* 6.4 messages inside */
        {"Pool", "{\"name\":\"P\",\"members\":[{\"userId\":\"" ID "\"},{\"weight\":3}]}", NULL,
         "members[1].user_id", "user id is missing"},
        {"Pool", "{\"name\":\"P\",\"members\":[{\"userId\":\"" ID "\",\"weight\":0}]}", "pool",
         "pool.members[0].weight", "weight must be at least 1"},
    };
    struct arena *a = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct refusal no = {0};
        ProtobufCMessage *message;
        const struct schema_message *m =
            schema_message_named(arena_printf(a, "baton.v1.%s", rows[i].message));
        assert_true(schema_from_json(m, bytes_text(rows[i].json), a, &message, &no));
        assert_int_equal(schema_check(message, rows[i].prefix, &no), rows[i].field == NULL);
        if (rows[i].field == NULL)
            continue;
        assert_int_equal(no.code, REFUSAL_INVALID_ARGUMENT);
        assert_string_equal(no.field, rows[i].field);
        assert_string_equal(no.message, rows[i].text);
    }
}

/* 7: limits of length and number hold for structs that were made by hand. */
static void test_check_limits(void **state)
{
    struct arena *a = *state;
    struct refusal no = {0};
    Baton__Lead lead = BATON__LEAD__INIT;
    lead.email = arena_alloc(a, 300);
    memset(lead.email, 'x', 255);
    assert_false(schema_check(&lead.base, "lead", &no));
    assert_string_equal(no.message, "email is longer than 254 bytes");
    lead.email[254] = '\0';
    assert_true(schema_check(&lead.base, "lead", &no));
    lead.n_flags = SCHEMA_ITEMS_MAX + 1;
    lead.flags = ARENA_ARRAY(a, char *, lead.n_flags);
    for (size_t i = 0; i < lead.n_flags; i++)
        lead.flags[i] = "x";
    assert_false(schema_check(&lead.base, "lead", &no));
    assert_string_equal(no.message, "flags has more than 256 entries");
    lead.n_flags--;
    assert_true(schema_check(&lead.base, "lead", &no));
    Baton__Original original = BATON__ORIGINAL__INIT;
    original.has_body = true;
    original.body.len = 786433;
    assert_false(schema_check(&original.base, NULL, &no));
    assert_string_equal(no.field, "body");
    Baton__AssignLeadRequest big = BATON__ASSIGN_LEAD_REQUEST__INIT;
    big.id = big.owner_id = ID;
    big.request_id = arena_alloc(a, 66);
    memset(big.request_id, 'r', 65);
    assert_false(schema_check(&big.base, NULL, &no));
    assert_string_equal(no.message, "request id is longer than 64 bytes");
}

/* 8: what clients must not set goes away, everywhere. */
static void test_drop_output_only(void **state)
{
    Baton__Lead lead = BATON__LEAD__INIT;
    lead.id = "x";
    lead.email = "a@b.c";
    lead.has_status = true;
    lead.status = BATON__LEAD_STATUS__LEAD_STATUS_DEAD;
    lead.n_flags = 1;
    lead.flags = &(char *){"x"};
    Baton__CaptureLeadRequest request = BATON__CAPTURE_LEAD_REQUEST__INIT;
    request.request_id = "r";
    request.lead = &lead;
    schema_drop_output_only(&request.base);
    assert_string_equal(request.request_id, "r");
    assert_string_equal(lead.email, "a@b.c");
    assert_null(lead.id);
    assert_false(lead.has_status);
    assert_int_equal(lead.status, 0);
    assert_int_equal(lead.n_flags, 0);
}

/* 9: text and numbers by name. */
static void test_access(void **state)
{
    Baton__Lead lead = BATON__LEAD__INIT;
    Baton__LogRecord record = BATON__LOG_RECORD__INIT;
    assert_null(schema_get_text(&lead.base, "email"));
    schema_set_text(&lead.base, "email", "a@b.c");
    assert_string_equal(schema_get_text(&lead.base, "email"), "a@b.c");
    schema_set_text(&lead.base, "email", NULL);
    assert_null(lead.email);

    static const struct {
        const char *field;
        int64_t value;
    } rows[] = {
        {"annual_revenue", INT64_MIN},
        {"revision", INT64_MAX},
        {"status", 8},
        {"decision_count", UINT32_MAX},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(schema_get_int(&lead.base, rows[i].field), 0);
        schema_set_int(&lead.base, rows[i].field, rows[i].value);
        assert_true(schema_get_int(&lead.base, rows[i].field) == rows[i].value);
        assert_true(
            schema_present(&lead.base, schema_field(schema_message(lead.base.descriptor), rows[i].field)));
    }
    assert_true(lead.has_annual_revenue && lead.has_status && lead.decision_count == UINT32_MAX);
    schema_set_int(&record.base, "time_us", 1700000000000000);
    assert_true(record.has_time_us && record.time_us == 1700000000000000);
}

/* 10: one member of a oneof at a time. */
static void test_oneof(void **state)
{
    Baton__Event event = BATON__EVENT__INIT;
    Baton__LeadAccepted accepted = BATON__LEAD_ACCEPTED__INIT;
    const struct schema_message *m = schema_message(event.base.descriptor);
    const struct schema_field *field = schema_field(m, "lead_accepted");
    assert_null(schema_oneof(&event.base, &field));
    assert_null(field);
    field = schema_field(m, "lead_accepted");
    schema_set_oneof(&event.base, field, &accepted.base);
    assert_int_equal(event.event_case, BATON__EVENT__EVENT_LEAD_ACCEPTED);
    assert_ptr_equal(event.lead_accepted, &accepted);
    assert_ptr_equal(schema_oneof(&event.base, &field), &accepted.base);
    assert_string_equal(field->pb->name, "lead_accepted");
    schema_clear(&event.base, schema_field(m, "lead_declined"));
    assert_int_equal(event.event_case, BATON__EVENT__EVENT_LEAD_ACCEPTED);
    schema_clear(&event.base, field);
    assert_int_equal(event.event_case, 0);
    assert_null(event.lead_accepted);
}

/* 11: equal or not, and shared. */
static void test_equal_and_share(void **state)
{
    static const struct {
        const char *a, *b, *field;
        bool equal;
    } rows[] = {
        {"{}", "{}", "email", true},
        {"{\"email\":\"\"}", "{}", "email", false},
        {"{\"email\":\"a\"}", "{\"email\":\"a\"}", "email", true},
        {"{\"email\":\"a\"}", "{\"email\":\"b\"}", "email", false},
        {"{\"annualRevenue\":0}", "{}", "annual_revenue", false},
        {"{\"annualRevenue\":5}", "{\"annualRevenue\":\"5\"}", "annual_revenue", true},
        {"{\"flags\":[\"a\",\"b\"]}", "{\"flags\":[\"a\",\"b\"]}", "flags", true},
        {"{\"flags\":[\"a\",\"b\"]}", "{\"flags\":[\"a\"]}", "flags", false},
        {"{\"flags\":[\"a\",\"b\"]}", "{\"flags\":[\"a\",\"c\"]}", "flags", false},
        {"{\"address\":{\"city\":\"x\"}}", "{\"address\":{\"city\":\"x\"}}", "address", true},
        {"{\"address\":{\"city\":\"x\"}}", "{\"address\":{\"city\":\"y\"}}", "address", false},
        {"{\"address\":{}}", "{}", "address", false},
        {"{\"receivedAt\":\"2026-01-01T00:00:00Z\"}", "{\"receivedAt\":\"2026-01-01T01:00:00+01:00\"}",
         "received_at", true},
        {"{\"receivedAt\":\"1970-01-01T00:00:00Z\"}", "{\"receivedAt\":\"1970-01-01T00:00:01Z\"}",
         "received_at", false},
    };
    const struct schema_message *m = schema_message(&baton__lead__descriptor);
    struct refusal no;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ProtobufCMessage *a, *b;
        const struct schema_field *f = schema_field(m, rows[i].field);
        assert_true(schema_from_json(m, bytes_text(rows[i].a), *state, &a, &no));
        assert_true(schema_from_json(m, bytes_text(rows[i].b), *state, &b, &no));
        assert_int_equal(schema_field_equal(a, b, f), rows[i].equal);
        assert_int_equal(schema_field_equal(b, a, f), rows[i].equal);
        assert_int_equal(schema_equal(a, b), rows[i].equal);
        schema_field_share(b, a, f);
        assert_true(schema_field_equal(a, b, f));
        assert_true(schema_equal(a, b));
        schema_clear(b, f);
        assert_false(schema_present(b, f));
    }
}

/* 12: what nobody here can read is like nothing, and other types are not alike. */
static void test_unknown_is_not_equal(void **state)
{
    static const uint8_t newer[] = {0xfa, 0xff, 0xff, 0xff, 0x0f, 1, 'x'}; /* field 2^32 / 8 - 1 */
    const struct schema_message *m = schema_message(&baton__lead__descriptor);
    ProtobufCMessage *a = schema_unpack(m, bytes_of(newer, sizeof newer), *state);
    Baton__Lead none = BATON__LEAD__INIT;
    Baton__Address address = BATON__ADDRESS__INIT;
    assert_non_null(a);
    assert_int_equal(a->n_unknown_fields, 1);
    assert_false(schema_equal(a, a));
    assert_false(schema_equal(a, &none.base));
    assert_true(schema_equal(&none.base, &none.base));
    assert_false(schema_equal(&none.base, &address.base));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_options),         cmocka_unit_test(test_messages),
        cmocka_unit_test(test_records),         cmocka_unit_test(test_secrets),
        cmocka_unit_test(test_methods),         cmocka_unit_test(test_check),
        cmocka_unit_test(test_check_limits),    cmocka_unit_test(test_drop_output_only),
        cmocka_unit_test(test_access),          cmocka_unit_test(test_oneof),
        cmocka_unit_test(test_equal_and_share), cmocka_unit_test(test_unknown_is_not_equal),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
