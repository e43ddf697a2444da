/* Queries that are answered aside, over the real bus and from the real pool of threads, while the loop
   writes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <ev.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "baton/v1/record.pb-c.h"
#include "bus/client.h"
#include "bus/slow.h"
#include "bus/zloop.h"
#include "service/service.h"
#include "services/opportunities/opportunities.h"

enum { ROUNDS = 60, UNITS = 100, CROWD = 3 * SLOW_QUEUE_MAX, PATH = 96, MEMORY = 64 << 20 };

struct fixture {
    struct world *world;
    struct service *service;
    struct client *client;
    struct arena *arena;
    Baton__Actor actor;
    ev_timer limit;
    char dir[PATH];
    unsigned created, asked, answered, refused, waited_for;
    bool stops;
    int64_t deals; /* of the last answer */
};

/* Follows nobody: there is nobody. */
static struct service_def def;

static void on_limit(struct ev_loop *loop, ev_timer *timer, int events)
{
    abort();
}

static struct fixture *fixture_new(void)
{
    char path[PATH + 16];
    struct fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    snprintf(f->dir, sizeof f->dir, "%s", "/tmp/baton-aside-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    snprintf(path, sizeof path, "%s/run", f->dir);
    f->world = zloop_new(path);
    assert_non_null(f->world);
    snprintf(path, sizeof path, "%s/opportunities", f->dir);
    def = opportunities_service;
    def.n_follows = def.n_copies = 0;
    f->service =
        service_new(&def, &(struct service_options){.world = f->world, .dir = path, .no_sync = true});
    assert_non_null(f->service);
    f->client = client_new(f->world);
    f->arena = arena_new(MEMORY);
    baton__actor__init(&f->actor);
    f->actor.has_role = true;
    f->actor.role = BATON__ROLE__ROLE_ADMIN;
    f->actor.user_id = (char *)(uintptr_t) "0191a3b4-0000-7000-8000-00000000000a";
    ev_timer_init(&f->limit, on_limit, 60., 0.);
    ev_timer_start(zloop_ev(f->world), &f->limit);
    return f;
}

static int remove_all(struct fixture *f)
{
    char command[PATH + 16];
    snprintf(command, sizeof command, "rm -rf %s", f->dir);
    return system(command);
}

static int set_up(void **state)
{
    *state = fixture_new();
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    client_free(f->client);
    service_free(f->service);
    zloop_free(f->world);
    arena_free(f->arena);
    int rc = remove_all(f);
    free(f);
    return rc;
}

static void send_call(struct fixture *f, const char *method, const ProtobufCMessage *request,
                      reply_fn *on_reply, void *arg)
{
    struct refusal no;
    struct call call = {.service = "opportunities",
                        .method = method,
                        .actor = &f->actor,
                        .body = schema_pack(request, f->arena)};
    /* The very first may find no connection yet; the loop makes it. */
    for (int i = 0; !client_call(f->client, &call, on_reply, arg, &no); i++) {
        assert_true(i < 1000);
        ev_run(zloop_ev(f->world), EVRUN_ONCE);
    }
}

/* --- what is written --- */

static void on_created(void *arg, const struct refusal *no, struct bytes body)
{
    struct fixture *f = arg;
    assert_null(no);
    f->created++;
    zloop_stop(f->world);
}

static void create(struct fixture *f)
{
    Baton__Opportunity o = BATON__OPPORTUNITY__INIT;
    Baton__Money amount = BATON__MONEY__INIT;
    Baton__CreateRecordRequest q = BATON__CREATE_RECORD_REQUEST__INIT;
    const unsigned before = f->created;
    o.name = "Deal";
    o.close_date = "2031-02-03";
    amount.currency_code = "EUR";
    amount.has_minor_units = true;
    amount.minor_units = UNITS;
    o.amount = &amount;
    q.record = record_wrap(&o.base, f->arena);
    send_call(f, "RecordService/CreateRecord", &q.base, on_created, f);
    while (f->created == before)
        zloop_run(f->world);
}

/* --- what is asked aside --- */

struct question {
    struct fixture *f;
    unsigned created; /* answered when it was asked */
};

static void on_told(void *arg, const struct refusal *no, struct bytes body)
{
    struct question *q = arg;
    struct fixture *f = q->f;
    f->answered++;
    if (f->stops)
        return;
    if (no) {
        assert_int_equal(no->code, REFUSAL_RESOURCE_EXHAUSTED);
        f->refused++;
    } else {
        const Baton__GetForecastResponse *r = (const Baton__GetForecastResponse *)schema_unpack(
            schema_message(&baton__get_forecast_response__descriptor), body, f->arena);
        assert_non_null(r);
        const Baton__ForecastSums *s = r->n_total ? r->total[0] : NULL;
        f->deals = s ? s->deals : 0;
        assert_in_range(f->deals, q->created, f->created + 1); /* 1 */
        assert_int_equal(s ? s->pipeline + s->commit + s->best_case + s->omitted : 0,
                         UNITS * f->deals); /* 2 */
    }
    if (f->answered == f->waited_for)
        zloop_stop(f->world);
}

/* Of a day that is not over, so that all there is counts. */
static void ask(struct fixture *f)
{
    Baton__GetForecastRequest q = BATON__GET_FORECAST_REQUEST__INIT;
    struct question *question = ARENA_NEW(f->arena, struct question);
    *question = (struct question){f, f->created};
    q.period = "2031-Q1";
    q.as_of = "2031-01-01";
    f->asked++;
    send_call(f, "ForecastService/GetForecast", &q.base, on_told, question);
}

static void wait_all(struct fixture *f)
{
    f->waited_for = f->asked;
    while (f->answered < f->asked)
        zloop_run(f->world);
}

/* 1, 2: whoever asks sees all that was answered before they asked, and each deal whole, while others are
   written. */
static void test_sees(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < ROUNDS; i++) {
        ask(f);
        create(f);
        ask(f);
        if (i % 4 == 0)
            wait_all(f);
    }
    wait_all(f);
    ask(f);
    wait_all(f);
    assert_int_equal(f->deals, ROUNDS);
    assert_int_equal(f->refused, 0);
}

/* 3: more than may wait are refused, and all are answered. */
static void test_crowd(void **state)
{
    struct fixture *f = *state;
    create(f);
    for (int i = 0; i < CROWD; i++)
        ask(f);
    wait_all(f);
    assert_in_range(f->refused, 0, CROWD - SLOW_QUEUE_MAX);
    ask(f);
    f->refused = 0;
    wait_all(f);
    assert_int_equal(f->refused, 0);
}

static void stop_with_crowd(void)
{
    struct fixture *f = fixture_new();
    create(f);
    for (int i = 0; i < SLOW_QUEUE_MAX; i++)
        ask(f);
    for (int i = 0; i < 3; i++)
        ev_run(zloop_ev(f->world), EVRUN_ONCE);
    f->stops = true;
    client_free(f->client);
    service_free(f->service);
    zloop_free(f->world);
    _exit(remove_all(f));
}

/* 4: a service that stops waits for what reads its store, and for nothing else. */
static void test_stops(void **state)
{
    enum { TIMES = 10 };
    for (int i = 0; i < TIMES; i++) {
        int status = -1;
        const pid_t child = fork();
        assert_true(child >= 0);
        if (!child)
            stop_with_crowd();
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_sees, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_crowd, set_up, tear_down),
        cmocka_unit_test(test_stops),
    };
    schema_load();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
