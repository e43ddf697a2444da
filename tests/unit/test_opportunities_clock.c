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
#include "bus/client.h"
#include "calm/world.h"
#include "services/opportunities/rows.h"
#include "store/log.h"

#define OWNER "0190a8e2-1111-7000-8000-000000000001"

enum { MEMORY = 64 << 20, PATH = 96, IDLE = 14 };
/* 2026-03-02 06:00 UTC */
static const int64_t START = INT64_C(1772431200000000), SECOND = 1000000, DAY = INT64_C(86400000000);

struct drill {
    struct world *world;
    struct service *service;
    struct client *client;
    struct arena *arena;
    Baton__Actor actor;
    char dir[PATH];
    ProtobufCMessage *reply;
    const struct schema_method *method;
    bool done;
};

/* Follows nobody, who would be asked for every second. */
static struct service_def def;

static int set_up(void **state)
{
    char path[PATH + 16];
    struct drill *d = calloc(1, sizeof *d);
    assert_non_null(d);
    schema_load();
    snprintf(d->dir, sizeof d->dir, "%s", "/tmp/baton-clock-XXXXXX");
    assert_non_null(mkdtemp(d->dir));
    d->world = calm_new(START);
    d->arena = arena_new(MEMORY);
    def = opportunities_service;
    def.n_follows = def.n_copies = 0;
    snprintf(path, sizeof path, "%s/opportunities", d->dir);
    d->service =
        service_new(&def, &(struct service_options){.world = d->world, .dir = path, .no_sync = true});
    assert_non_null(d->service);
    d->client = client_new(d->world);
    baton__actor__init(&d->actor);
    d->actor.has_role = true;
    d->actor.role = BATON__ROLE__ROLE_ADMIN;
    d->actor.user_id = (char *)OWNER;
    *state = d;
    return 0;
}

static int tear_down(void **state)
{
    struct drill *d = *state;
    char command[PATH + 16];
    client_free(d->client);
    service_free(d->service);
    calm_free(d->world);
    arena_free(d->arena);
    snprintf(command, sizeof command, "rm -rf %s", d->dir);
    int rc = system(command);
    free(d);
    return rc;
}

static void on_reply(void *arg, const struct refusal *no, struct bytes body)
{
    struct drill *d = arg;
    if (no)
        fail_msg("%s: %s", d->method->name, no->message);
    d->done = true;
    d->reply = schema_unpack(d->method->output, body, d->arena);
}

static void *ask(struct drill *d, const char *method, const void *request)
{
    struct refusal no;
    d->method = schema_method(method);
    d->done = false;
    struct call call = {.service = "opportunities",
                        .method = method,
                        .actor = &d->actor,
                        .body = schema_pack(request, d->arena)};
    assert_true(client_call(d->client, &call, on_reply, d, &no));
    while (!d->done && calm_step(d->world, calm_now(d->world) + 10 * SECOND))
        ;
    assert_true(d->done);
    return d->reply;
}

static void pass(struct drill *d, int64_t us)
{
    calm_run(d->world, calm_now(d->world) + us);
}

static void *record(struct drill *d, bool is_new, void *row)
{
    const struct schema_field *member;
    Baton__CreateRecordRequest create = BATON__CREATE_RECORD_REQUEST__INIT;
    Baton__UpdateRecordRequest update = BATON__UPDATE_RECORD_REQUEST__INIT;
    create.record = update.record = record_wrap(row, d->arena);
    if (is_new)
        return schema_oneof(
            &((Baton__CreateRecordResponse *)ask(d, "RecordService/CreateRecord", &create))->record->base,
            &member);
    return schema_oneof(
        &((Baton__UpdateRecordResponse *)ask(d, "RecordService/UpdateRecord", &update))->record->base,
        &member);
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
