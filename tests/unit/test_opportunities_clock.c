/* What nobody touches stalls, as time passes: in an opportunities service whose world is calm, where a year
   costs nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baton/v1/record.pb-c.h"
#include "calm/drill.h"
#include "services/opportunities/rows.h"
#include "store/log.h"

#define OWNER "0190a8e2-1111-7000-8000-000000000001"

enum { IDLE = 14 };
/* 2026-03-02 06:00 UTC */
static const int64_t START = INT64_C(1772431200000000), SECOND = 1000000, DAY = INT64_C(86400000000);

static int set_up(void **state)
{
    *state = drill_new(&opportunities_service, START, OWNER);
    return 0;
}

static int tear_down(void **state)
{
    drill_free(*state);
    return 0;
}

static void *ask(struct drill *d, const char *method, const void *request)
{
    return drill_ask(d, method, request);
}

static void pass(struct drill *d, int64_t us)
{
    calm_run(d->world, calm_now(d->world) + us);
}

static void *record(struct drill *d, bool is_new, void *row)
{
    return drill_record(d, is_new, row);
}

static Baton__Pipeline *pipeline(struct drill *d)
{
    Baton__ListRecordsRequest q = BATON__LIST_RECORDS_REQUEST__INIT;
    q.type = "pipeline";
    return ((Baton__ListRecordsResponse *)ask(d, "RecordService/ListRecords", &q))->records[0]->pipeline;
}

/* So many days in the first stage, from now on. */
static void have_patience(struct drill *d, uint32_t days)
{
    Baton__Pipeline *p = pipeline(d);
    p->stages[0]->has_idle_days = true;
    p->stages[0]->idle_days = days;
    (void)record(d, false, p); /* it is not refused */
    pass(d, SECOND);
}

static char *deal(struct drill *d)
{
    Baton__Opportunity o = BATON__OPPORTUNITY__INIT;
    o.name = "Big deal";
    o.owner_id = (char *)OWNER;
    return ((Baton__Opportunity *)record(d, true, &o))->id;
}

static size_t stalled(struct drill *d)
{
    Baton__ListStalledRequest q = BATON__LIST_STALLED_REQUEST__INIT;
    q.owner_id = (char *)OWNER;
    return ((Baton__ListStalledResponse *)ask(d, "OpportunityService/ListStalled", &q))->n_stalled;
}

/* How often somebody was told that something stalled. */
static size_t told(struct drill *d)
{
    size_t n = 0;
    struct txn *t = store_begin(service_store(d->service), false);
    for (uint64_t seq = 1; seq <= log_head(service_store(d->service)).seq; seq++) {
        const Baton__LogRecord *r = log_get(t, seq, d->arena);
        for (size_t i = 0; i < r->n_events; i++)
            n += r->events[i]->event_case == BATON__EVENT__EVENT_OPPORTUNITY_NEWS &&
                 r->events[i]->opportunity_news->kind ==
                     BATON__OPPORTUNITY_NEWS_KIND__OPPORTUNITY_NEWS_KIND_STALLED;
    }
    store_abort(t);
    return n;
}

/* 1, 2: once, when its days are over; a change sets them anew. */
static void stalls_once(void **state)
{
    struct drill *d = *state;
    Baton__Opportunity o = BATON__OPPORTUNITY__INIT;
    have_patience(d, IDLE);
    o.id = deal(d);
    pass(d, IDLE * DAY - SECOND);
    assert_int_equal(stalled(d), 0);
    pass(d, 2 * SECOND);
    assert_int_equal(stalled(d), 1);
    assert_int_equal(told(d), 1);
    pass(d, 3 * IDLE * DAY);
    assert_int_equal(told(d), 1);
    o.next_step = "Call";
    (void)record(d, false, &o); /* it is not refused */
    assert_int_equal(stalled(d), 0);
    pass(d, (IDLE - 1) * DAY);
    o.next_step = "Call again";
    (void)record(d, false, &o); /* it is not refused */
    pass(d, (IDLE - 1) * DAY);
    assert_int_equal(stalled(d), 0);
    pass(d, 2 * DAY);
    assert_int_equal(told(d), 2);
}

/* 1: what has ended, or stands where there is patience without end, never does. */
static void others_do_not(void **state)
{
    struct drill *d = *state;
    Baton__MoveOpportunityRequest q = BATON__MOVE_OPPORTUNITY_REQUEST__INIT;
    have_patience(d, IDLE);
    q.id = deal(d);
    q.stage_key = "closed_won";
    (void)ask(d, "OpportunityService/MoveOpportunity", &q); /* it is not refused */
    q.id = deal(d);
    q.stage_key = "proposal";
    (void)ask(d, "OpportunityService/MoveOpportunity", &q); /* it is not refused */
    pass(d, 400 * DAY);
    assert_int_equal(stalled(d), 0);
}

/* 5: more or less patience is at once for what is there; one that is late stalls at once. */
static void other_patience(void **state)
{
    struct drill *d = *state;
    enum { MANY = 450 };
    for (int i = 0; i < MANY; i++)
        (void)deal(d);
    pass(d, 30 * DAY);
    assert_int_equal(told(d), 0);
    have_patience(d, 40);
    pass(d, 9 * DAY);
    assert_int_equal(told(d), 0);
    have_patience(d, 20);
    pass(d, SECOND);
    assert_int_equal(told(d), MANY);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(stalls_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(others_do_not, set_up, tear_down),
        cmocka_unit_test_setup_teardown(other_patience, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
