/* The runtime over real ZeroMQ and libev, with the contacts service in this process: no edge is lost, a
   repeated request has one effect, bad bytes cost only their own request; what is done outside begins after
   its commit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <ev.h>

#include "baton/v1/system.pb-c.h"
#include "bus/client.h"
#include "bus/zloop.h"
#include "contacts/contacts.h"
#include "service/service.h"
#include "store/log.h"

struct fixture {
    char dir[64];
    struct world *world;
    struct service *service;
    struct client *client;
    struct arena *arena;
    Baton__Actor actor;
    unsigned waiting, answered, refused;
    struct refusal no;
    uint8_t reply[4096];
    size_t reply_size;
    ev_timer limit;
};

/* Somebody outside, who looks at what is committed when they are asked. */
static struct outside {
    struct fixture *f;
    struct world_ops ops;
    bool wanted, busy;
    unsigned asked, committed, ended;
    struct outbound_request *request;
    enum outbound_end end;
    unsigned status;
} outside;

static bool outside_ask(struct load *l, const ProtobufCMessage *event, struct outbound_request *r)
{
    const Baton__RecordChanged *e = (const Baton__RecordChanged *)event;
    r->url = arena_printf(l->arena, "https://%s/", e->record->account->name);
    return outside.wanted;
}

/* Its end is an event that is no attempt. */
static bool outside_end(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct outbound_result *result = c->prepared;
    Baton__DeviceRemoved *e = ARENA_NEW(s->arena, Baton__DeviceRemoved);
    baton__device_removed__init(e);
    assert_non_null(((const Baton__RecordChanged *)c->request)->record);
    outside.ended++;
    outside.end = result->end;
    outside.status = result->status;
    outcome_event(out, &e->base);
    if (outside.f->answered >= outside.f->waiting) /* else the answer is still waited for */
        zloop_stop(outside.f->world);
    return true;
}

static bool outside_outbound(struct world *w, struct outbound_request *r)
{
    struct fixture *f = outside.f;
    struct txn *t = store_begin(service_store(f->service), false);
    uint64_t seq = log_head(service_store(f->service)).seq;
    outside.asked++;
    outside.committed += log_get(t, seq, f->arena) != NULL;
    store_abort(t);
    outside.request = r;
    return !outside.busy;
}

static const struct effect_row effects[] = {
    {&baton__record_changed__descriptor, outside_ask, NULL, outside_end},
};
static struct service_def def;

static void on_limit(struct ev_loop *loop, ev_timer *timer, int events)
{
    ev_break(loop, EVBREAK_ALL);
}

static int set_up(void **state)
{
    char path[96];
    struct fixture *f = calloc(1, sizeof *f);
    snprintf(f->dir, sizeof f->dir, "%s", "/tmp/baton-bus-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    snprintf(path, sizeof path, "%s/run", f->dir);
    f->world = zloop_new(path);
    snprintf(path, sizeof path, "%s/contacts", f->dir);
    struct service_options o = {.world = f->world, .dir = path};
    def = contacts_service;
    def.effects = effects;
    def.n_effects = 1;
    outside = (struct outside){.f = f, .ops = *f->world->ops};
    outside.ops.outbound = outside_outbound;
    f->world->ops = &outside.ops;
    f->service = service_new(&def, &o);
    assert_non_null(f->service);
    f->client = client_new(f->world);
    f->arena = arena_new(64 << 20);
    baton__actor__init(&f->actor);
    f->actor.has_role = true;
    f->actor.role = BATON__ROLE__ROLE_ADMIN;
    f->actor.user_id = (char *)(uintptr_t) "0191a3b4-0000-7000-8000-00000000000a";
    ev_timer_init(&f->limit, on_limit, 20., 0.);
    ev_timer_start(zloop_ev(f->world), &f->limit);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    char command[128];
    struct fixture *f = *state;
    client_free(f->client);
    service_free(f->service);
    zloop_free(f->world);
    arena_free(f->arena);
    snprintf(command, sizeof command, "rm -rf %s", f->dir);
    int rc = system(command);
    free(f);
    return rc;
}

static void on_reply(void *arg, const struct refusal *no, struct bytes body)
{
    struct fixture *f = arg;
    f->answered++;
    f->refused += no != NULL;
    f->no = no ? *no : (struct refusal){0};
    f->reply_size = body.size < sizeof f->reply ? body.size : sizeof f->reply;
    if (f->reply_size)
        memcpy(f->reply, body.data, f->reply_size);
    if (f->answered >= f->waiting)
        zloop_stop(f->world);
}

static bool send_bytes(struct fixture *f, const char *method, struct bytes body)
{
    struct refusal no;
    struct call call = {.service = "contacts", .method = method, .actor = &f->actor, .body = body};
    return client_call(f->client, &call, on_reply, f, &no);
}

/* Until all that was sent is answered. */
static void wait_all(struct fixture *f, unsigned n)
{
    f->waiting = n;
    if (f->answered < n)
        zloop_run(f->world);
    assert_int_equal(f->answered, n);
}

static void ask(struct fixture *f, const char *method, struct bytes body)
{
    f->answered = 0;
    /* The very first may find no connection yet; the loop makes it. */
    for (int i = 0; !send_bytes(f, method, body); i++) {
        assert_true(i < 1000);
        ev_run(zloop_ev(f->world), EVRUN_ONCE);
    }
    wait_all(f, 1);
}

static struct bytes create_account(struct fixture *f, const char *request_id, const char *name)
{
    Baton__Account account = BATON__ACCOUNT__INIT;
    Baton__CreateRecordRequest r = BATON__CREATE_RECORD_REQUEST__INIT;
    account.name = (char *)(uintptr_t)name;
    r.request_id = (char *)(uintptr_t)request_id;
    r.record = record_wrap(&account.base, f->arena);
    return schema_pack(&r.base, f->arena);
}

static uint64_t head(const struct fixture *f)
{
    return log_head(service_store(f->service)).seq;
}

static void test_burst_is_answered_whole(void **state)
{
    enum { BURST = 4000 };
    struct fixture *f = *state;
    ask(f, "RecordService/CreateRecord", create_account(f, "first", "A"));
    f->answered = 0;
    for (int i = 0; i < BURST; i++) {
        char id[32];
        snprintf(id, sizeof id, "burst-%d", i);
        assert_true(send_bytes(f, "RecordService/CreateRecord", create_account(f, id, "B")));
    }
    wait_all(f, BURST);
    assert_int_equal(f->refused, 0);
    assert_int_equal(head(f), BURST + 1);
}

static void test_repeated_request_has_one_effect(void **state)
{
    struct fixture *f = *state;
    uint8_t first[sizeof f->reply];
    struct bytes request = create_account(f, "same", "A");
    ask(f, "RecordService/CreateRecord", request);
    size_t n = f->reply_size;
    memcpy(first, f->reply, n);
    for (int i = 0; i < 3; i++) {
        ask(f, "RecordService/CreateRecord", request);
        assert_int_equal(f->reply_size, n);
        assert_memory_equal(f->reply, first, n);
    }
    assert_int_equal(head(f), 1);
    ask(f, "RecordService/CreateRecord", create_account(f, "same", "another"));
    assert_int_equal(f->no.code, REFUSAL_ALREADY_EXISTS);
    assert_string_equal(f->no.field, "request_id");
    assert_int_equal(head(f), 1);
}

static void test_repeated_refusal_is_the_same(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < 2; i++) {
        ask(f, "RecordService/CreateRecord", create_account(f, "no", " "));
        assert_int_equal(f->no.code, REFUSAL_INVALID_ARGUMENT);
        assert_string_equal(f->no.field, "account.name");
    }
    assert_int_equal(head(f), 0);
}

static void test_same_id_within_one_batch(void **state)
{
    struct fixture *f = *state;
    ask(f, "RecordService/CreateRecord", create_account(f, "first", "A"));
    f->answered = 0;
    for (int i = 0; i < 100; i++)
        assert_true(send_bytes(f, "RecordService/CreateRecord", create_account(f, "twin", "A")));
    wait_all(f, 100);
    assert_int_equal(f->refused, 0);
    assert_int_equal(head(f), 2);
}

static void test_bad_bytes_cost_their_own_request(void **state)
{
    struct fixture *f = *state;
    uint8_t deep[20000];
    memset(deep, 0x12, sizeof deep);
    static const uint8_t latin[] = {0x12, 0x06, 0xc2, 0x02, 0x03, 0x2a, 0x01, 0xff};
    const struct bytes bad[] = {
        bytes_of(deep, sizeof deep),
        bytes_of("\x12\xff", 2),
        bytes_of("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 11),
        bytes_of(latin, sizeof latin),
        bytes_of("", 0),
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ask(f, "RecordService/CreateRecord", bad[i]);
        assert_int_equal(f->no.code == REFUSAL_INVALID_ARGUMENT || f->no.code == REFUSAL_RESOURCE_EXHAUSTED,
                         1);
        assert_true(f->no.message[0] != 0);
    }
    assert_int_equal(head(f), 0);
    ask(f, "RecordService/CreateRecord", create_account(f, "good", "A"));
    assert_int_equal(f->no.code, REFUSAL_NONE);
}

static void test_effect_begins_after_its_commit(void **state)
{
    struct fixture *f = *state;
    outside.wanted = true;
    ask(f, "RecordService/CreateRecord", create_account(f, "a", "outside"));
    assert_int_equal(outside.asked, 1);
    assert_int_equal(outside.committed, 1);
    assert_string_equal(outside.request->url, "https://outside/");
    assert_int_equal(head(f), 1);
    outside.request->done(outside.request, &(struct outbound_result){.status = 204, .reason = ""});
    zloop_run(f->world);
    assert_int_equal(outside.ended, 1);
    assert_int_equal(outside.status, 204);
    assert_int_equal(head(f), 2);
    /* a repeated request and a refused one begin nothing */
    ask(f, "RecordService/CreateRecord", create_account(f, "a", "outside"));
    ask(f, "RecordService/CreateRecord", create_account(f, "b", " "));
    assert_int_equal(outside.asked, 1);
    /* one that is under way when the service ends ends after it, alone */
    ask(f, "RecordService/CreateRecord", create_account(f, "c", "outside"));
    service_free(f->service);
    f->service = NULL;
    outside.request->done(outside.request, &(struct outbound_result){.end = OUTBOUND_LATE, .reason = ""});
    assert_int_equal(outside.ended, 1);
}

static void test_effect_without_room_ends_busy(void **state)
{
    struct fixture *f = *state;
    outside.wanted = outside.busy = true;
    ask(f, "RecordService/CreateRecord", create_account(f, "a", "outside"));
    if (!outside.ended)
        zloop_run(f->world);
    assert_int_equal(outside.ended, 1);
    assert_int_equal(outside.end, OUTBOUND_BUSY);
    assert_int_equal(head(f), 2);
}

static void test_who_may(void **state)
{
    struct fixture *f = *state;
    ask(f, "LeadService/CaptureLead", bytes_of(NULL, 0));
    assert_int_equal(f->no.code, REFUSAL_UNIMPLEMENTED);
    ask(f, "SystemService/GetStatus", bytes_of(NULL, 0));
    assert_int_equal(f->no.code, REFUSAL_PERMISSION_DENIED);
    f->actor.has_role = false;
    ask(f, "RecordService/CreateRecord", create_account(f, "x", "A"));
    assert_int_equal(f->no.code, REFUSAL_UNAUTHENTICATED);
    assert_int_equal(head(f), 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(test_burst_is_answered_whole),          T(test_repeated_request_has_one_effect),
        T(test_repeated_refusal_is_the_same),     T(test_same_id_within_one_batch),
        T(test_bad_bytes_cost_their_own_request), T(test_who_may),
        T(test_effect_begins_after_its_commit),   T(test_effect_without_room_ends_busy),
    };
    schema_load();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
