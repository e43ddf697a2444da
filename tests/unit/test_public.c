/* Which events the world is told of, as what, and what is left out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "baton/v1/event.pb-c.h"
#include "schema/decide.h"
#include "schema/public.h"

static const Baton__Actor admin = {.base = PROTOBUF_C_MESSAGE_INIT(&baton__actor__descriptor),
                                   .has_role = true,
                                   .role = BATON__ROLE__ROLE_ADMIN};
static const Baton__Actor program = {.base = PROTOBUF_C_MESSAGE_INIT(&baton__actor__descriptor),
                                     .has_role = true,
                                     .role = BATON__ROLE__ROLE_SERVICE};
static const Baton__Actor nobody = {.base = PROTOBUF_C_MESSAGE_INIT(&baton__actor__descriptor)};

/* What stays inside; whoever adds an event writes it down here or in public.c. */
static const char *const internal[] = {
    "duplicate_cleared",
    "person_erased",
    "messages_erased",
    "quotes_erased",
    "record_changed",
    "credential_issued",
    "credential_revoked",
    "credentials_used",
    "password_set",
    "policy_shadowed",
    "policy_shadow_ended",
    "territory_move_advanced",
    "outcomes_taught",
    "outcomes_forgotten",
    "handover_advanced",
    "follow_rejoined",
    "notification_created",
    "notifications_seen",
    "notifications_delivered",
    "device_registered",
    "device_removed",
    "delivery_armed",
    "delivery_queued",
    "delivery_attempted",
    "delivery_succeeded",
    "delivery_failed",
    "delivery_ended",
    "delivery_replayed",
    "delivery_lane_moved",
    "mail_password_set",
    "webhook_secret_issued",
    "device_push_set",
    "device_push_ended",
    "device_heard",
    "device_asked",
    "push_key_made",
    "delivery_lane_alarmed",
    "channel_secret_set",
    "notifications_acknowledged",
    "notification_chain_moved",
    "notification_unseen",
    "preferences_set",
    "digest_sent",
    "delivery_held",
    "announcement_made",
    "announcement_advanced",
    "lead_follower_changed",
    "lead_followed",
    "note_mentioned",
    "contacts_imported",
    "import_undone",
    "records_exported",
    "activity_reminder_due",
    "activity_scheduled",
    "timeline_noted",
    "fields_confirmed",
    "quality_judged",
    "quality_sweep_advanced",
    "search_sweep_advanced",
    "access_noted",
    "stage_retirement_advanced",
    "upload_begun",
    "upload_advanced",
    "upload_ended",
    "file_stored",
    "document_news",
    "document_calendar_moved",
    "document_read",
    "document_asking_moved",
    "document_sent",
    "document_share_changed",
    "stock_changed",
    "collateral_news",
    "opportunity_news",
    "plan_looked",
    "opportunity_touched",
    "opportunity_followed",
    "deal_clock_set",
    "clock_sweep_advanced",
    "forecast_adjusted",
    "demand_plan_made",
    "action_noted",
    "adoption_zoned",
    "activity_counted",
    "lead_counted",
    "catalogue_link_changed",
};

static bool is_internal(const char *name)
{
    for (size_t i = 0; i < sizeof internal / sizeof *internal; i++)
        if (strcmp(internal[i], name) == 0)
            return true;
    return false;
}

/* 1: every event there is has been decided about. */
static void test_all_events(void **state)
{
    const struct schema_message *event = schema_message(&baton__event__descriptor);
    for (unsigned i = 0; i < event->pb->n_fields; i++) {
        const struct schema_field *f = &event->fields[i];
        bool is_public = public_row_of(f->message->pb) != NULL;
        if (is_public == is_internal(f->pb->name))
            print_error("%s is public %d\n", f->pb->name, is_public);
        assert_true(is_public != is_internal(f->pb->name));
    }
}

/* 2: names there are and names there are not. */
static void test_names(void **state)
{
    static const struct {
        const char *type;
        bool is;
    } names[] = {
        {"lead.assigned", true},
        {"lead.merged", true},
        {"account.created", true},
        {"lead_form.deleted", true},
        {"user.updated", true},
        {"user.left", true},
        {"lead.created", false},
        {"account", false},
        {"account.", false},
        {"account.moved", false},
        {"accoun.created", false},
        {"accounts.created", false},
        {"", false},
        {".created", false},
        {"lead.assigned.", false},
        {"notification.created", false},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_int_equal(public_is_type(names[i].type), names[i].is);
}

static Baton__RecordChanged changed(ProtobufCMessage *record, Baton__ChangeKind kind, struct arena *a)
{
    Baton__RecordChanged e = BATON__RECORD_CHANGED__INIT;
    e.record = record_wrap(record, a);
    e.has_kind = true;
    e.kind = kind;
    e.has_previous_seq = true;
    e.previous_seq = 41;
    return e;
}

/* 3: a record's change is told under its type; a copy, and a change of nothing, are not. */
static void test_records(void **state)
{
    struct arena *a = arena_new(1 << 20);
    struct buffer out;
    Baton__Account account = BATON__ACCOUNT__INIT;
    account.id = "a1";
    account.name = "Acme \"1\"";
    Baton__RecordChanged e = changed(&account.base, BATON__CHANGE_KIND__CHANGE_KIND_UPDATED, a);
    char *fields[] = {"name"};
    e.n_fields = 1;
    e.fields = fields;
    assert_string_equal(public_type(&e.base, a), "account.updated");
    buffer_init(&out, 1 << 12);
    assert_true(public_write("contacts:7.1", "account.updated", &e.base, 1500000, a, &out));
    assert_string_equal(buffer_cstr(&out),
                        "{\"id\":\"contacts:7.1\",\"type\":\"account.updated\",\"timestamp\":\"1970-01-01T00:"
                        "00:01.500Z\",\"data\":"
                        "{\"kind\":\"CHANGE_KIND_UPDATED\",\"record\":{\"account\":{\"id\":\"a1\",\"name\":"
                        "\"Acme \\\"1\\\"\"}},\"fields\":[\"name\"]}}");
    assert_true(e.has_previous_seq && e.record); /* what was given is as it was */
    e.has_copy = e.copy = true;
    assert_null(public_type(&e.base, a));
    e.copy = false;
    e.kind = BATON__CHANGE_KIND__CHANGE_KIND_UNSPECIFIED;
    assert_null(public_type(&e.base, a));
    e.kind = BATON__CHANGE_KIND__CHANGE_KIND_DELETED;
    e.record = NULL;
    assert_null(public_type(&e.base, a));
    buffer_release(&out);
    arena_free(a);
}

/* 4: records are seen by whoever may read them, all else by administrators. */
static void test_who(void **state)
{
    struct arena *a = arena_new(1 << 20);
    Baton__LeadAccepted accepted = BATON__LEAD_ACCEPTED__INIT;
    Baton__Account account = BATON__ACCOUNT__INIT;
    Baton__MailAccount mail = BATON__MAIL_ACCOUNT__INIT;
    Baton__RecordChanged open = changed(&account.base, BATON__CHANGE_KIND__CHANGE_KIND_CREATED, a);
    Baton__RecordChanged closed = changed(&mail.base, BATON__CHANGE_KIND__CHANGE_KIND_CREATED, a);
    assert_true(public_may_see(&accepted.base, &admin));
    assert_false(public_may_see(&accepted.base, &program));
    assert_false(public_may_see(&accepted.base, &nobody));
    assert_true(public_may_see(&open.base, &admin));
    assert_true(public_may_see(&open.base, &program));
    assert_false(public_may_see(&open.base, &nobody));
    assert_true(public_may_see(&closed.base, &admin));
    assert_false(public_may_see(&closed.base, &program));
    arena_free(a);
}

/* 5: of messages inside an event only the one that is named is told; the original of a lead never is. */
static void test_what(void **state)
{
    struct arena *a = arena_new(1 << 20);
    struct buffer out;
    Baton__Lead lead = BATON__LEAD__INIT;
    Baton__Original original = BATON__ORIGINAL__INIT;
    Baton__LeadCaptured captured = BATON__LEAD_CAPTURED__INIT;
    Baton__LeadConverted converted = BATON__LEAD_CONVERTED__INIT;
    Baton__LeadsMerged merged = BATON__LEADS_MERGED__INIT;
    char *losers[] = {"l2", "l3"};
    lead.id = "l1";
    captured.lead = converted.lead = &lead;
    captured.original = &original;
    original.content_type = "text/plain";
    converted.lead_id = merged.survivor_id = "l1";
    merged.n_loser_ids = 2;
    merged.loser_ids = losers;
    static const char *const tail[] = {"\"data\":{\"lead\":{\"id\":\"l1\"}}}",
                                       "\"data\":{\"leadId\":\"l1\"}}",
                                       "\"data\":{\"survivorId\":\"l1\",\"loserIds\":[\"l2\",\"l3\"]}}"};
    const ProtobufCMessage *events[] = {&captured.base, &converted.base, &merged.base};
    for (size_t i = 0; i < 3; i++) {
        buffer_init(&out, 1 << 12);
        assert_true(public_write(NULL, "x", events[i], 0, a, &out));
        assert_non_null(strstr(buffer_cstr(&out), tail[i]));
        buffer_release(&out);
    }
    buffer_init(&out, 20);
    assert_false(public_write(NULL, "x", &merged.base, 0, a, &out));
    buffer_release(&out);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_events), cmocka_unit_test(test_names), cmocka_unit_test(test_records),
        cmocka_unit_test(test_who),        cmocka_unit_test(test_what),
    };
    schema_load();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
