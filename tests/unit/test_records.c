/* Plain records: the numbered rules of common/schema/record_decide.c, with Team and Account as examples. */
#include "tests/unit/records_bench.h"

/* As checks do: what is required is there. */
static bool needs_a_name(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                         struct stamp *s, struct outcome *out)
{
    Baton__Team *t = (Baton__Team *)after;
    assert_non_null(t->name);
    if (strcmp(t->name, "nothing") == 0)
        t->name = NULL;
    return true;
}

static void rule_1_role_may_write(void **state)
{
    struct fixture *f = *state;
    f->actor.role = BATON__ROLE__ROLE_REP;
    refused(f, create(f, team(f, NULL, "North", 0), NULL), REFUSAL_PERMISSION_DENIED, "");
}

static void rule_1_partner_owns_nothing_of_others(void **state)
{
    struct fixture *f = *state;
    Baton__Account a = BATON__ACCOUNT__INIT;
    a.owner_id = (char *)(uintptr_t)ME;
    f->actor.role = BATON__ROLE__ROLE_PARTNER;
    assert_true(record_may(schema_message(a.base.descriptor), &a.base, &f->actor, false));
    a.owner_id = (char *)(uintptr_t)ID;
    assert_false(record_may(schema_message(a.base.descriptor), &a.base, &f->actor, false));
}

static void rule_2_single(void **state)
{
    struct fixture *f = *state;
    Baton__Organisation o = BATON__ORGANISATION__INIT;
    refused(f, create(f, &o, NULL), REFUSAL_FAILED_PRECONDITION, "record");
    refused(f, remove_record(f, &o, 0, NULL), REFUSAL_FAILED_PRECONDITION, "type");
}

static void rule_3_unique(void **state)
{
    struct fixture *f = *state;
    f->facts.taken_field = "name";
    refused(f, create(f, team(f, NULL, "North", 0), NULL), REFUSAL_ALREADY_EXISTS, "name");
    refused(f, update(f, team(f, ID, "North", 1), team(f, ID, "South", 0), NULL, NULL),
            REFUSAL_ALREADY_EXISTS, "name");
}

static void rule_4_service_then_schema(void **state)
{
    struct fixture *f = *state;
    refused(f, create(f, team(f, NULL, "North", 0), always_no), REFUSAL_FAILED_PRECONDITION, "team.name");
    /* before it, so that it can rely on them, and after it */
    refused(f, create(f, team(f, NULL, NULL, 0), needs_a_name), REFUSAL_INVALID_ARGUMENT, "team.name");
    refused(f, create(f, team(f, NULL, "nothing", 0), needs_a_name), REFUSAL_INVALID_ARGUMENT, "team.name");
    refused(f, create(f, team(f, NULL, " ", 0), NULL), REFUSAL_INVALID_ARGUMENT, "team.name");
    refused(f, update(f, team(f, ID, "North", 1), team(f, ID, NULL, 0), "name", NULL),
            REFUSAL_INVALID_ARGUMENT, "team.name");
}

static void rule_5_created(void **state)
{
    struct fixture *f = *state;
    assert_true(create(f, team(f, ID, "North", 99), NULL));
    const Baton__RecordChanged *e = only_event(f);
    assert_int_equal(e->kind, BATON__CHANGE_KIND__CHANGE_KIND_CREATED);
    assert_string_not_equal(e->record->team->id, ID); /* output only: the client does not choose it */
    assert_int_equal(e->record->team->revision, 1);
    assert_int_equal(timestamp_us(e->record->team->created_at), NOW);
    assert_non_null(((Baton__CreateRecordResponse *)f->out->reply)->record->team);
}

static void rule_6_missing(void **state)
{
    struct fixture *f = *state;
    refused(f, update(f, NULL, team(f, ID, "South", 0), NULL, NULL), REFUSAL_NOT_FOUND, "record.id");
    refused(f, remove_record(f, NULL, 0, NULL), REFUSAL_NOT_FOUND, "id");
}

static void rule_7_role_may_not_change(void **state)
{
    struct fixture *f = *state;
    f->actor.role = BATON__ROLE__ROLE_REP;
    refused(f, update(f, team(f, ID, "North", 1), team(f, ID, "South", 0), NULL, NULL),
            REFUSAL_PERMISSION_DENIED, "");
    refused(f, remove_record(f, team(f, ID, "North", 1), 0, NULL), REFUSAL_PERMISSION_DENIED, "");
}

static void rule_8_revision(void **state)
{
    struct fixture *f = *state;
    refused(f, update(f, team(f, ID, "North", 3), team(f, ID, "South", 2), NULL, NULL), REFUSAL_ABORTED,
            "revision");
    refused(f, remove_record(f, team(f, ID, "North", 3), 2, NULL), REFUSAL_ABORTED, "revision");
    assert_true(update(f, team(f, ID, "North", 3), team(f, ID, "South", 3), NULL, NULL));
}

static void rule_9_merge(void **state)
{
    struct fixture *f = *state;
    Baton__Team *before = team(f, ID, "North", 3);
    before->manager_id = (char *)(uintptr_t)ME;
    before->parent_id = (char *)(uintptr_t)ME;
    assert_true(update(f, before, team(f, ID, "South", 0), "parent_id", NULL));
    const Baton__RecordChanged *e = only_event(f);
    assert_string_equal(e->record->team->name, "South");
    assert_string_equal(e->record->team->manager_id, ME);
    assert_null(e->record->team->parent_id);
    assert_int_equal(e->record->team->revision, 4);
    assert_int_equal(e->previous_seq, 7);
    assert_int_equal(e->n_fields, 2);
    assert_string_equal(before->name, "North");
}

static void rule_9_nothing_changed(void **state)
{
    struct fixture *f = *state;
    assert_true(update(f, team(f, ID, "North", 3), team(f, ID, "North", 0), NULL, NULL));
    assert_int_equal(f->out->n_events, 0);
}

static void rule_9_clear_unknown(void **state)
{
    struct fixture *f = *state;
    refused(f, update(f, team(f, ID, "North", 3), team(f, ID, NULL, 0), "revision", NULL),
            REFUSAL_INVALID_ARGUMENT, "clear");
    refused(f, update(f, team(f, ID, "North", 3), team(f, ID, NULL, 0), "colour", NULL),
            REFUSAL_INVALID_ARGUMENT, "clear");
}

static void rule_10_delete(void **state)
{
    struct fixture *f = *state;
    refused(f, remove_record(f, team(f, ID, "North", 3), 0, always_no), REFUSAL_FAILED_PRECONDITION,
            "team.name");
    assert_true(remove_record(f, team(f, ID, "North", 3), 3, NULL));
    assert_int_equal(only_event(f)->kind, BATON__CHANGE_KIND__CHANGE_KIND_DELETED);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(rule_1_role_may_write),
        T(rule_1_partner_owns_nothing_of_others),
        T(rule_2_single),
        T(rule_3_unique),
        T(rule_4_service_then_schema),
        T(rule_5_created),
        T(rule_6_missing),
        T(rule_7_role_may_not_change),
        T(rule_8_revision),
        T(rule_9_merge),
        T(rule_9_nothing_changed),
        T(rule_9_clear_unknown),
        T(rule_10_delete),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
