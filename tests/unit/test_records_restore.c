/* Plain records: who reaches them, and putting earlier versions back; the numbered rules of
   common/schema/record_decide.c from 11 on, and those that they repeat. */
#include "tests/unit/records_bench.h"

/* The newest version is in the refusal. */
static void rule_8_newest_is_told(void **state)
{
    struct fixture *f = *state;
    assert_false(update(f, team(f, ID, "North", 3), team(f, ID, "South", 2), NULL, NULL));
    assert_string_equal(f->out->no.detail_type, "baton.v1.Record");
    const Baton__Record *r = (const Baton__Record *)schema_unpack(schema_message(&baton__record__descriptor),
                                                                  f->out->no.detail, f->arena);
    assert_string_equal(r->team->name, "North");
    assert_int_equal(r->team->revision, 3);
    assert_false(update(f, NULL, team(f, ID, "South", 2), NULL, NULL));
    assert_null(f->out->no.detail_type);
}

static Baton__Account *account(struct fixture *f, const char *name, const char *owner_id)
{
    Baton__Account *a = ARENA_NEW(f->arena, Baton__Account);
    baton__account__init(a);
    a->id = (char *)(uintptr_t)ID;
    a->name = (char *)(uintptr_t)name;
    a->owner_id = (char *)(uintptr_t)owner_id;
    a->has_revision = true;
    a->revision = 3;
    return a;
}

static void rule_11_owner_stays(void **state)
{
    struct fixture *f = *state;
    f->actor.role = BATON__ROLE__ROLE_REP;
    f->facts.reach = RECORD_WRITE;
    assert_true(update(f, account(f, "North", ME), account(f, "South", ME), NULL, NULL));
    f->out->n_events = 0;
    refused(f, update(f, account(f, "North", ME), account(f, "South", ID), NULL, NULL),
            REFUSAL_PERMISSION_DENIED, "owner_id");
    refused(f, update(f, account(f, "North", ME), account(f, "South", NULL), "owner_id", NULL),
            REFUSAL_PERMISSION_DENIED, "owner_id");
    f->facts.reach = RECORD_OWN;
    assert_true(update(f, account(f, "North", ME), account(f, "South", ID), NULL, NULL));
}

/* 6 and 7 by how far somebody reaches the record, whatever their role may do with others. */
static void rules_6_and_7_reach(void **state)
{
    struct fixture *f = *state;
    f->actor.role = BATON__ROLE__ROLE_REP;
    f->facts.reach = RECORD_HIDDEN;
    refused(f, update(f, account(f, "North", ME), account(f, "South", ME), NULL, NULL), REFUSAL_NOT_FOUND,
            "record.id");
    refused(f, remove_record(f, account(f, "North", ME), 0, NULL), REFUSAL_NOT_FOUND, "id");
    f->facts.reach = RECORD_READ;
    refused(f, update(f, account(f, "North", ME), account(f, "South", ME), NULL, NULL),
            REFUSAL_PERMISSION_DENIED, "");
    refused(f, remove_record(f, account(f, "North", ME), 0, NULL), REFUSAL_PERMISSION_DENIED, "");
    /* the role bounds it */
    f->facts.reach = RECORD_OWN;
    f->actor.role = BATON__ROLE__ROLE_PARTNER;
    refused(f, remove_record(f, account(f, "North", ME), 0, NULL), REFUSAL_PERMISSION_DENIED, "");
}

static bool restore(struct fixture *f, void *before, void *gone, void *version, record_check_fn *check)
{
    Baton__RestoreRecordRequest *r = ARENA_NEW(f->arena, Baton__RestoreRecordRequest);
    baton__restore_record_request__init(r);
    const ProtobufCMessage *now = before ? before : gone;
    r->type = now && now->descriptor == &baton__account__descriptor ? "account" : "team";
    r->id = (char *)(uintptr_t)ID;
    r->has_seq = true;
    r->seq = 4;
    f->facts.before = before;
    f->facts.gone = gone;
    f->facts.version = version;
    f->facts.before_seq = 7;
    f->facts.version_seq = 4;
    f->command.request = &r->base;
    return record_decide_restore(&f->facts, check, &f->command, &f->stamp, f->out);
}

static void rule_12_no_such_version(void **state)
{
    struct fixture *f = *state;
    refused(f, restore(f, NULL, NULL, NULL, NULL), REFUSAL_NOT_FOUND, "id");
    refused(f, restore(f, team(f, ID, "North", 3), NULL, NULL, NULL), REFUSAL_NOT_FOUND, "seq");
}

static void rule_15_erased(void **state)
{
    struct fixture *f = *state;
    f->facts.version_erased = true;
    refused(f, restore(f, team(f, ID, "North", 3), NULL, team(f, ID, "South", 1), NULL),
            REFUSAL_FAILED_PRECONDITION, "id");
}

static void rule_13_as_it_was(void **state)
{
    struct fixture *f = *state;
    Baton__Team *was = team(f, ID, "South", 1);
    was->parent_id = (char *)(uintptr_t)ME;
    Baton__Team *now = team(f, ID, "North", 3);
    now->manager_id = (char *)(uintptr_t)ME;
    assert_true(restore(f, now, NULL, was, NULL));
    const Baton__RecordChanged *e = only_event(f);
    assert_int_equal(e->kind, BATON__CHANGE_KIND__CHANGE_KIND_UPDATED);
    assert_string_equal(e->record->team->name, "South");
    assert_string_equal(e->record->team->parent_id, ME);
    assert_null(e->record->team->manager_id);
    assert_int_equal(e->record->team->revision, 4);
    assert_int_equal(e->previous_seq, 7);
    assert_int_equal(e->restored_seq, 4);
    /* 4 again: a record cannot be put back to what is not allowed any more */
    f->out->n_events = 0;
    refused(f, restore(f, now, NULL, was, always_no), REFUSAL_FAILED_PRECONDITION, "team.name");
    f->facts.taken_field = "name";
    refused(f, restore(f, now, NULL, was, NULL), REFUSAL_ALREADY_EXISTS, "name");
    f->facts.taken_field = NULL;
    /* as it is already: nothing happens */
    assert_true(restore(f, now, NULL, now, NULL));
    assert_int_equal(f->out->n_events, 0);
    /* 11 again */
    f->actor.role = BATON__ROLE__ROLE_REP;
    f->facts.reach = RECORD_WRITE;
    refused(f, restore(f, account(f, "North", ME), NULL, account(f, "North", ID), NULL),
            REFUSAL_PERMISSION_DENIED, "owner_id");
}

static void rule_14_comes_back(void **state)
{
    struct fixture *f = *state;
    Baton__Team *gone = team(f, ID, "North", 3);
    assert_true(restore(f, NULL, gone, team(f, ID, "South", 1), NULL));
    const Baton__RecordChanged *e = only_event(f);
    assert_int_equal(e->kind, BATON__CHANGE_KIND__CHANGE_KIND_CREATED);
    assert_string_equal(e->record->team->id, ID);
    assert_string_equal(e->record->team->name, "South");
    assert_int_equal(e->record->team->revision, 4);
    assert_int_equal(e->previous_seq, 7);
    assert_int_equal(e->restored_seq, 4);
    assert_int_equal(timestamp_us(e->record->team->updated_at), NOW);
    f->out->n_events = 0;
    f->actor.role = BATON__ROLE__ROLE_REP;
    refused(f, restore(f, NULL, gone, gone, NULL), REFUSAL_PERMISSION_DENIED, "");
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(rule_8_newest_is_told), T(rules_6_and_7_reach), T(rule_11_owner_stays), T(rule_12_no_such_version),
        T(rule_13_as_it_was),     T(rule_14_comes_back),  T(rule_15_erased),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
