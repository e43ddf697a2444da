/* What users did as it is counted: whose it is, how late, how complete. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/civil.h"
#include "baton/v1/contacts.pb-c.h"
#include "baton/v1/leads.pb-c.h"
#include "baton/v1/opportunities.pb-c.h"
#include "baton/v1/record.pb-c.h"
#include "schema/schema.h"
#include "services/opportunities/adoption.h"

/* 2026-01-05 10:00 UTC, a Monday. */
#define START INT64_C(1767607200000000)
#define HOUR  INT64_C(3600000000)
#define DAY   (24 * HOUR)

struct fixture {
    struct arena *a;
    struct stamp s;
    struct outcome out;
    Baton__Actor by, system;
    Baton__RecordChanged change;
    Baton__Record record;
    Baton__Activity act;
    Google__Protobuf__Timestamp end;
    char *fields[2];
    struct command c;
};

static int set_up(void **state)
{
    static struct fixture f;
    schema_load();
    f = (struct fixture){.a = arena_new(16 << 20)};
    baton__actor__init(&f.by);
    baton__actor__init(&f.system);
    baton__record_changed__init(&f.change);
    baton__record__init(&f.record);
    baton__activity__init(&f.act);
    google__protobuf__timestamp__init(&f.end);
    f.by.user_id = "ann";
    f.by.has_role = true;
    f.by.role = BATON__ROLE__ROLE_REP;
    f.act.id = "call";
    f.act.owner_id = "bob";
    f.act.kind = BATON__ACTIVITY_KIND__ACTIVITY_KIND_CALL;
    f.act.status = BATON__ACTIVITY_STATUS__ACTIVITY_STATUS_DONE;
    f.act.contact_id = "somebody";
    f.act.end_at = &f.end;
    f.end.seconds = (START - 30 * HOUR) / 1000000;
    f.record.record_case = BATON__RECORD__RECORD_ACTIVITY;
    f.record.activity = &f.act;
    f.change.record = &f.record;
    f.change.kind = BATON__CHANGE_KIND__CHANGE_KIND_CREATED;
    f.change.fields = f.fields;
    f.s = (struct stamp){.now_us = START, .actor = &f.system, .arena = f.a};
    f.out = (struct outcome){.arena = f.a};
    f.c = (struct command){
        .request = &f.act.base, .actor = &f.system, .change = &f.change, .by = &f.by, .by_us = START};
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    arena_free(((struct fixture *)*state)->a);
    return 0;
}

static const Baton__Event *decide(struct fixture *f, decide_fn *fn)
{
    f->out = (struct outcome){.arena = f->a};
    assert_true(fn(NULL, &f->c, &f->s, &f->out));
    return f->out.n_events ? f->out.events[0] : NULL;
}

/* 1: what is asked for, and what is there of it. */
static void test_complete(void **state)
{
    struct fixture *f = *state;
    Baton__Opportunity o = BATON__OPPORTUNITY__INIT;
    Baton__Note note = BATON__NOTE__INIT;
    uint32_t asked, filled;
    o.next_step = "call";
    o.close_date = "2026-01-01";
    adoption_complete(&o.base, &asked, &filled);
    assert_int_equal(asked, 6);
    assert_int_equal(filled, 2);
    adoption_complete(&note.base, &asked, &filled);
    assert_int_equal(asked, 0);
    adoption_complete(&f->act.base, &asked, &filled);
    assert_int_equal(asked, 3);
    assert_int_equal(filled, 1);
}

/* 2: how late something was entered is said once, when it is done. */
static void test_late(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(decide(f, adoption_decide_action)->action_noted->late_hours, 30);
    f->end.seconds = (START + HOUR) / 1000000;
    assert_int_equal(decide(f, adoption_decide_action)->action_noted->late_hours, 0); /* beforehand */
    f->change.kind = BATON__CHANGE_KIND__CHANGE_KIND_UPDATED;
    f->change.n_fields = 1;
    f->fields[0] = "description";
    assert_false(decide(f, adoption_decide_action)->action_noted->has_late_hours);
    f->fields[0] = "status";
    assert_true(decide(f, adoption_decide_action)->action_noted->has_late_hours);
    f->act.status = BATON__ACTIVITY_STATUS__ACTIVITY_STATUS_PLANNED;
    assert_false(decide(f, adoption_decide_action)->action_noted->has_late_hours);
}

/* 3: only what a user did, one by one. */
static void test_whose(void **state)
{
    struct fixture *f = *state;
    const Baton__ActionNoted *e = decide(f, adoption_decide_action)->action_noted;
    assert_string_equal(e->user_id, "ann");
    assert_string_equal(e->type, "activity");
    assert_true(e->created);
    f->change.kind = BATON__CHANGE_KIND__CHANGE_KIND_DELETED;
    assert_null(decide(f, adoption_decide_action));
    f->change.kind = BATON__CHANGE_KIND__CHANGE_KIND_CREATED;
    f->change.n_fields = 1;
    f->fields[0] = "import_id";
    assert_null(decide(f, adoption_decide_action));
    f->change.n_fields = 0;
    f->by.role = BATON__ROLE__ROLE_SYSTEM;
    assert_null(decide(f, adoption_decide_action));
    f->c.by = NULL;
    assert_null(decide(f, adoption_decide_action));
}

/* 4: an activity counts while it is done. */
static void test_activity(void **state)
{
    struct fixture *f = *state;
    const Baton__ActivityCounted *e = decide(f, adoption_decide_activity)->activity_counted;
    assert_string_equal(e->owner_id, "bob");
    assert_string_equal(e->kind, "call");
    assert_int_equal(e->at_us, START - 30 * HOUR);
    f->act.status = BATON__ACTIVITY_STATUS__ACTIVITY_STATUS_PLANNED;
    assert_null(decide(f, adoption_decide_activity));
    f->change.kind = BATON__CHANGE_KIND__CHANGE_KIND_UPDATED;
    assert_null(decide(f, adoption_decide_activity));
    f->change.n_fields = 1;
    f->fields[0] = "status";
    assert_false(decide(f, adoption_decide_activity)->activity_counted->has_at_us);
    f->act.status = BATON__ACTIVITY_STATUS__ACTIVITY_STATUS_DONE;
    f->change.kind = BATON__CHANGE_KIND__CHANGE_KIND_DELETED;
    assert_false(decide(f, adoption_decide_activity)->activity_counted->has_at_us);
}

/* 5: leads count for whom they were given; accepting one is an action. */
static void test_leads(void **state)
{
    struct fixture *f = *state;
    Baton__LeadAssigned given = BATON__LEAD_ASSIGNED__INIT;
    Baton__LeadAccepted accepted = BATON__LEAD_ACCEPTED__INIT;
    f->c.request = &given.base;
    given.lead_id = accepted.lead_id = "lead";
    assert_null(decide(f, adoption_decide_received)); /* it waits in a queue */
    given.owner_id = accepted.owner_id = "ann";
    given.lead_source = "web";
    assert_string_equal(decide(f, adoption_decide_received)->lead_counted->source, "web");
    f->c.request = &accepted.base;
    assert_int_equal(decide(f, adoption_decide_accepted)->lead_counted->step,
                     BATON__LEAD_STEP__LEAD_STEP_ACCEPTED);
    assert_int_equal(f->out.n_events, 2);
    assert_string_equal(f->out.events[1]->action_noted->type, "lead");
}

/* 6: weeks begin on Mondays, and add up. */
static void test_weeks(void **state)
{
    struct fixture *f = *state;
    Baton__AdoptionWeek w = BATON__ADOPTION_WEEK__INIT, sum = BATON__ADOPTION_WEEK__INIT;
    Baton__ActionNoted e = BATON__ACTION_NOTED__INIT;
    const uint64_t week = adoption_week(NULL, START);
    assert_int_equal(adoption_first_day(week), START / DAY);
    assert_int_equal(adoption_week(NULL, START - 11 * HOUR), week - 1);
    assert_int_equal(adoption_week(NULL, START + 6 * DAY), week);
    assert_int_equal(adoption_week(NULL, START + 7 * DAY), week + 1);
    /* where the user is: in Taipei it was Monday eight hours before, in New York five hours later */
    struct civil_zone *taipei = civil_zone_new("Asia/Taipei"), *york = civil_zone_new("America/New_York");
    assert_int_equal(adoption_week(taipei, START - 17 * HOUR), week);
    assert_int_equal(adoption_week(taipei, START - 19 * HOUR), week - 1);
    assert_int_equal(adoption_week(york, START - 6 * HOUR), week - 1);
    assert_int_equal(adoption_week(york, START - 4 * HOUR), week);
    civil_zone_free(taipei);
    civil_zone_free(york);
    e.type = "note";
    e.created = true;
    e.at_us = START;
    e.asked = 4;
    e.filled = 3;
    e.has_late_hours = true;
    e.late_hours = 30;
    adoption_count(&w, &e, f->a);
    e.created = e.has_late_hours = false;
    adoption_count(&w, &e, f->a);
    adoption_add(&sum, &w, f->a);
    adoption_add(&sum, &w, f->a);
    assert_int_equal(sum.n_counts, 1);
    assert_int_equal(sum.counts[0]->created, 2);
    assert_int_equal(sum.counts[0]->changed, 2);
    assert_int_equal(sum.asked, 16);
    assert_int_equal(sum.filled, 12);
    assert_int_equal(sum.late_hours, 60);
    assert_int_equal(sum.last_us, START);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_complete, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_late, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_whose, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_activity, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_leads, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_weeks, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
