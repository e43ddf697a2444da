/* Decisions about deliveries, rule by rule; the numbers are those of the comments in decide_delivery.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "services/notifications/delivery.h"

#define ID(n)    "0190a8e2-1111-7000-8000-00000000000" #n
#define NOW      INT64_C(1780000000000000)
#define SECOND   INT64_C(1000000)
#define MAIL     BATON__CHANNEL__CHANNEL_MAIL
#define MQTT     BATON__CHANNEL__CHANNEL_MQTT
#define TEMPLATE BATON__CHANNEL__CHANNEL_TEMPLATE
#define LETTER   BATON__DELIVERY_KIND__DELIVERY_KIND_LETTER
#define NOTICE   BATON__DELIVERY_KIND__DELIVERY_KIND_NOTIFICATION
#define TEST     BATON__DELIVERY_KIND__DELIVERY_KIND_TEST

enum {
    WAITING = BATON__DELIVERY_STATE__DELIVERY_STATE_WAITING,
    READY = BATON__DELIVERY_STATE__DELIVERY_STATE_READY,
    UNDER_WAY = BATON__DELIVERY_STATE__DELIVERY_STATE_UNDER_WAY,
    DEAD = BATON__DELIVERY_STATE__DELIVERY_STATE_DEAD,
    DROPPED = BATON__DELIVERY_STATE__DELIVERY_STATE_DROPPED,
    ATTEMPTED = BATON__EVENT__EVENT_DELIVERY_ATTEMPTED,
    QUEUED = BATON__EVENT__EVENT_DELIVERY_QUEUED,
    HELD = BATON__EVENT__EVENT_DELIVERY_HELD,
    ENDED = BATON__EVENT__EVENT_DELIVERY_ENDED,
    SUCCEEDED = BATON__EVENT__EVENT_DELIVERY_SUCCEEDED,
    FAILED = BATON__EVENT__EVENT_DELIVERY_FAILED,
    MOVED = BATON__EVENT__EVENT_DELIVERY_LANE_MOVED,
    CHANGED = BATON__EVENT__EVENT_RECORD_CHANGED
};

/* One decision's surroundings, made anew for each. */
struct bench {
    struct arena *arena;
    struct ident_source ids;
    struct stamp stamp;
    struct outcome out;
    Baton__Actor actor;
    Baton__ChannelDelivery delivery, others[DELIVERY_TURN_MAX];
    Baton__DeliveryLane lane;
    struct delivery_facts facts;
};

static int setup(void **state)
{
    static struct bench bench;
    schema_load();
    bench.arena = arena_new(1 << 20);
    baton__actor__init(&bench.actor);
    *state = &bench;
    return 0;
}

static int teardown(void **state)
{
    arena_free(((struct bench *)*state)->arena);
    return 0;
}

static void delivery_init(struct bench *b, Baton__ChannelDelivery *d, const char *id, int state,
                          unsigned attempts, int64_t lasts_s)
{
    baton__channel_delivery__init(d);
    d->id = (char *)id;
    d->lane_id = (char *)"lane";
    d->channel = MAIL;
    d->kind = LETTER;
    d->state = (Baton__DeliveryState)state;
    d->attempts = attempts;
    d->expires_at = timestamp_of(b->arena, NOW + lasts_s * SECOND);
}

/* A letter in an open lane with nobody else in it. */
static void begin(struct bench *b, int state, unsigned attempts, int64_t lasts_s)
{
    memset(&b->out, 0, sizeof b->out);
    memset(&b->facts, 0, sizeof b->facts);
    b->out.arena = b->arena;
    b->stamp = (struct stamp){.now_us = NOW, .actor = &b->actor, .ids = &b->ids, .arena = b->arena};
    memset(b->stamp.random, 0xa5, sizeof b->stamp.random);
    delivery_init(b, &b->delivery, ID(1), state, attempts, lasts_s);
    baton__delivery_lane__init(&b->lane);
    b->lane.id = (char *)"lane";
    b->lane.channel = MAIL;
    b->lane.under_way = state == UNDER_WAY;
    b->facts.delivery = &b->delivery;
    b->facts.lane.lane = &b->lane;
}

static void others_wait(struct bench *b, size_t n)
{
    static const char *const ids[] = {ID(2), ID(3), ID(4)};
    for (size_t i = 0; i < n; i++) {
        delivery_init(b, &b->others[i], ids[i % 3], READY, 0, 1000);
        b->facts.lane.ready[i] = &b->others[i];
    }
    b->facts.lane.n_ready = n;
}

static void assert_events(const struct bench *b, const int *wanted)
{
    size_t n = 0;
    for (; wanted[n]; n++) {
        assert_true(n < b->out.n_events);
        assert_int_equal(b->out.events[n]->event_case, wanted[n]);
    }
    assert_int_equal(b->out.n_events, n);
}

static void due(struct bench *b)
{
    const struct command c = {.request = &b->delivery.base, .actor = &b->actor};
    assert_true(notifications_decide_delivery_due(&b->facts, &c, &b->stamp, &b->out));
}

static void test_due(void **state)
{
    struct bench *b = *state;
    static const struct {
        int rule, state, kind;
        unsigned attempts, failures, under_way, ready;
        int64_t lasts_s;
        bool taken, shut, closed;
        int events[4], becomes;
    } rows[] = {
        {6, WAITING, LETTER, 0, 0, 0, 0, 100, false, false, false, {ATTEMPTED}, 0},
        {2, WAITING, NOTICE, 0, 0, 0, 0, 100, true, false, false, {ENDED}, DROPPED},
        {3, WAITING, LETTER, 0, 0, 0, 0, 100, false, true, false, {ENDED}, DEAD},
        {3, WAITING, LETTER, 0, 0, 0, 2, 100, false, true, false, {ENDED, ENDED, ENDED}, DEAD},
        {4, WAITING, LETTER, 1, 0, 0, 0, 0, false, false, false, {ENDED}, DEAD},
        {4, WAITING, NOTICE, 1, 0, 0, 0, 0, false, false, false, {ENDED}, DROPPED},
        {4, READY, LETTER, 1, 0, 0, 2, 0, false, false, false, {ENDED, ATTEMPTED, ATTEMPTED}, DEAD},
        {4, UNDER_WAY, TEST, 1, 0, 1, 0, 100, false, false, false, {ENDED}, DEAD},
        {4, UNDER_WAY, LETTER, 20, 0, 1, 1, 100, false, false, false, {ENDED, ATTEMPTED}, DEAD},
        {5, WAITING, LETTER, 0, 0, 2, 0, 100, false, false, false, {QUEUED}, 0},
        {5, WAITING, LETTER, 0, 0, 0, 0, 100, false, false, true, {QUEUED}, 0},
        {5, WAITING, LETTER, 0, 5, 1, 0, 100, false, false, false, {QUEUED}, 0},
        {5, WAITING, LETTER, 0, 0, 1, 1, 100, false, false, false, {QUEUED, ATTEMPTED}, 0},
        {6, UNDER_WAY, LETTER, 1, 0, 1, 0, 100, false, false, false, {ATTEMPTED}, 0},
        {6, UNDER_WAY, NOTICE, 1, 0, 2, 1, 100, true, false, false, {ATTEMPTED}, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        print_message("row %zu\n", i);
        begin(b, rows[i].state, rows[i].attempts, rows[i].lasts_s);
        b->delivery.kind = (Baton__DeliveryKind)rows[i].kind;
        b->facts.needless = rows[i].taken ? "a device took it" : NULL;
        b->facts.lane.shut = rows[i].shut ? "switched off" : NULL;
        b->lane.closed_until_us = rows[i].closed ? NOW + SECOND : 0;
        b->lane.failures = rows[i].failures;
        b->lane.under_way = rows[i].under_way;
        others_wait(b, rows[i].ready);
        due(b);
        assert_events(b, rows[i].events);
        if (rows[i].becomes)
            assert_int_equal(b->out.events[0]->delivery_ended->state, rows[i].becomes);
        if (rows[i].events[0] == ATTEMPTED)
            assert_int_equal(b->out.events[0]->delivery_attempted->attempt, rows[i].attempts + 1);
    }
}

static void test_held(void **state)
{
    struct bench *b = *state;
    const int64_t until_us = NOW + 3600 * SECOND;
    /* 17: it waits for its hour, and as long again as it was given */
    begin(b, WAITING, 0, 86400);
    b->delivery.kind = NOTICE;
    b->delivery.created_at = timestamp_of(b->arena, NOW);
    b->facts.held_until_us = until_us;
    due(b);
    assert_events(b, (int[]){HELD, 0});
    const Baton__DeliveryHeld *e = b->out.events[0]->delivery_held;
    assert_int_equal(e->until_us, until_us);
    assert_int_equal(timestamp_us(e->expires_at), until_us + 86400 * SECOND);
    /* 17: what ends with what it reminds of ends with it */
    begin(b, WAITING, 0, 7200);
    b->delivery.kind = NOTICE;
    b->delivery.created_at = timestamp_of(b->arena, NOW);
    b->facts.held_until_us = until_us;
    due(b);
    assert_null(b->out.events[0]->delivery_held->expires_at);
    /* 17: others in the lane, too; who can go goes */
    begin(b, WAITING, 0, 100);
    others_wait(b, 2);
    b->facts.lane.held_until_us[0] = until_us;
    due(b);
    assert_events(b, (int[]){QUEUED, HELD, ATTEMPTED, 0});
    begin(b, WAITING, 0, 100);
    others_wait(b, 1);
    b->facts.lane.held_until_us[0] = until_us;
    due(b);
    assert_events(b, (int[]){ATTEMPTED, HELD, 0});
    /* 17: behind as many as are looked at there may be more */
    begin(b, WAITING, 0, 100);
    others_wait(b, DELIVERY_TURN_MAX);
    for (size_t i = 0; i < DELIVERY_TURN_MAX; i++)
        b->facts.lane.held_until_us[i] = until_us;
    due(b);
    assert_int_equal(b->out.events[b->out.n_events - 1]->event_case, MOVED);
}

static void result(struct bench *b, struct delivery_result r, unsigned attempt)
{
    Baton__DeliveryAttempted e = BATON__DELIVERY_ATTEMPTED__INIT;
    const struct command c = {.request = &e.base, .actor = &b->actor};
    e.attempt = attempt;
    b->facts.result = r;
    assert_true(notifications_decide_result(&b->facts, &c, &b->stamp, &b->out));
}

static void test_result(void **state)
{
    struct bench *b = *state;
    enum { YEAR_S = 365 * 86400 };
    static const struct {
        int rule, state;
        unsigned attempts, attempt, failures;
        struct delivery_result result;
        int events[4], becomes;
    } rows[] = {
        {7, WAITING, 1, 1, 0, {DELIVERY_ANSWERED, 250, 0, ""}, {0}, 0},
        {7, UNDER_WAY, 2, 1, 0, {DELIVERY_ANSWERED, 250, 0, ""}, {0}, 0},
        {8, UNDER_WAY, 1, 1, 0, {DELIVERY_NOT_BEGUN, 0, 0, "busy"}, {FAILED}, WAITING},
        {9, UNDER_WAY, 1, 1, 0, {DELIVERY_ANSWERED, 250, 0, ""}, {SUCCEEDED}, 0},
        {9, UNDER_WAY, 1, 1, 7, {DELIVERY_ANSWERED, 250, 0, ""}, {SUCCEEDED, MOVED}, 0},
        {9, UNDER_WAY, 1, 1, 0, {DELIVERY_ANSWERED, 550, 0, ""}, {FAILED}, DEAD},
        {9, UNDER_WAY, 1, 1, 2, {DELIVERY_ANSWERED, 451, 0, ""}, {FAILED, MOVED}, WAITING},
        {10, UNDER_WAY, 1, 1, 0, {DELIVERY_ANSWERED, 451, 0, ""}, {FAILED}, WAITING},
        {11, UNDER_WAY, 20, 20, 0, {DELIVERY_ANSWERED, 451, 0, ""}, {FAILED}, DEAD},
        {11, UNDER_WAY, 1, 1, 0, {DELIVERY_ANSWERED, 451, 2 * YEAR_S, ""}, {FAILED}, DEAD},
        {12, UNDER_WAY, 1, 1, 0, {DELIVERY_UNREACHED, 0, 0, "nobody"}, {FAILED, MOVED}, WAITING},
        {12, UNDER_WAY, 1, 1, 4, {DELIVERY_ANSWERED, 535, 0, ""}, {FAILED, MOVED}, WAITING},
        {9, UNDER_WAY, 1, 1, 0, {DELIVERY_FORBIDDEN, 0, 0, "never"}, {FAILED}, DEAD},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        print_message("row %zu\n", i);
        begin(b, rows[i].state, rows[i].attempts, YEAR_S);
        b->lane.failures = rows[i].failures;
        result(b, rows[i].result, rows[i].attempt);
        assert_events(b, rows[i].events);
        if (rows[i].becomes)
            assert_int_equal(b->out.events[0]->delivery_failed->state, rows[i].becomes);
        if (rows[i].becomes == WAITING)
            assert_true(b->out.events[0]->delivery_failed->retry_us > NOW);
    }
}

/* 12: closed after the fifth; 1 and 9: then tried with one, and open again once that goes well. */
static void test_lane(void **state)
{
    struct bench *b = *state;
    begin(b, UNDER_WAY, 1, 86400);
    b->lane.failures = 3;
    others_wait(b, 3);
    result(b, (struct delivery_result){DELIVERY_UNREACHED, 0, 0, "nobody"}, 1);
    assert_events(b, (const int[]){FAILED, MOVED, ATTEMPTED, ATTEMPTED, 0});
    assert_int_equal(b->out.events[1]->delivery_lane_moved->closed_until_us, 0);
    begin(b, UNDER_WAY, 1, 86400);
    b->lane.failures = 4;
    others_wait(b, 3);
    result(b, (struct delivery_result){DELIVERY_UNREACHED, 0, 0, "nobody"}, 1);
    assert_events(b, (const int[]){FAILED, MOVED, 0});
    assert_true(b->out.events[1]->delivery_lane_moved->closed_until_us > NOW);
    begin(b, WAITING, 0, 86400);
    b->lane.failures = 5;
    b->lane.closed_until_us = NOW;
    others_wait(b, 3);
    const struct command c = {.request = &b->lane.base, .actor = &b->actor};
    assert_true(notifications_decide_lane_due(&b->facts.lane, &c, &b->stamp, &b->out));
    assert_events(b, (const int[]){MOVED, ATTEMPTED, 0});
    begin(b, UNDER_WAY, 1, 86400);
    b->lane.failures = 5;
    others_wait(b, 3);
    result(b, (struct delivery_result){DELIVERY_ANSWERED, 250, 0, ""}, 1);
    assert_events(b, (const int[]){SUCCEEDED, MOVED, ATTEMPTED, ATTEMPTED, 0});
}

/* An endpoint's lane: one at a time, what failed goes first again; 16: 410 ends it. */
static void test_in_order(void **state)
{
    struct bench *b = *state;
    static const struct {
        struct delivery_result result;
        int events[6], becomes;
        bool closed;
    } rows[] = {
        {{DELIVERY_ANSWERED, 204, 0, ""}, {SUCCEEDED, ATTEMPTED}, 0, false},
        {{DELIVERY_ANSWERED, 503, 60, ""}, {FAILED, MOVED}, READY, true},
        {{DELIVERY_ANSWERED, 404, 0, ""}, {FAILED, MOVED}, READY, true},
        {{DELIVERY_UNREACHED, 0, 0, "nobody"}, {FAILED, MOVED}, READY, true},
        {{DELIVERY_NOT_BEGUN, 0, 0, "busy"}, {FAILED, MOVED}, READY, true},
        {{DELIVERY_ANSWERED, 413, 0, ""}, {FAILED, ATTEMPTED}, DEAD, false},
        {{DELIVERY_ANSWERED, 410, 0, ""}, {FAILED, CHANGED, ENDED, ENDED}, DEAD, false},
    };
    Baton__WebhookEndpoint endpoint = BATON__WEBHOOK_ENDPOINT__INIT;
    endpoint.id = (char *)"lane";
    endpoint.has_enabled = endpoint.enabled = true;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        print_message("row %zu\n", i);
        begin(b, UNDER_WAY, 1, 86400);
        b->delivery.channel = BATON__CHANNEL__CHANNEL_WEBHOOK;
        b->delivery.kind = BATON__DELIVERY_KIND__DELIVERY_KIND_EVENT;
        b->facts.endpoint = &endpoint;
        others_wait(b, 2);
        result(b, rows[i].result, 1);
        assert_events(b, rows[i].events);
        const Baton__DeliveryFailed *failed = b->out.events[0]->delivery_failed;
        if (rows[i].becomes)
            assert_int_equal(failed->state, rows[i].becomes);
        if (rows[i].closed) {
            int64_t until_us = b->out.events[1]->delivery_lane_moved->closed_until_us;
            assert_int_equal(until_us, failed->retry_us);
            assert_true(until_us >= NOW + rows[i].result.retry_after_s * SECOND);
        }
        if (rows[i].events[1] == CHANGED)
            assert_false(b->out.events[1]->record_changed->record->webhook_endpoint->enabled);
    }
}

/* 3: more of them than are looked at have their turn a second later. */
static void test_shut(void **state)
{
    struct bench *b = *state;
    begin(b, WAITING, 0, 86400);
    others_wait(b, DELIVERY_TURN_MAX);
    b->facts.lane.shut = "switched off";
    due(b);
    assert_int_equal(b->out.n_events, DELIVERY_TURN_MAX + 2);
    assert_int_equal(b->out.events[DELIVERY_TURN_MAX + 1]->event_case, MOVED);
}

/* 10: full jitter: everything between nothing and a bound that doubles, and not beyond the last bound. */
static void test_backoff(void **state)
{
    struct bench *b = *state;
    static const struct {
        unsigned failures;
        int64_t bound;
    } rows[] = {{1, 30}, {2, 60}, {5, 480}, {11, 30720}, {12, 43200}, {4000000000u, 43200}};
    uint64_t x = 88172645463325252ull;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t least = INT64_MAX, most = 0;
        for (int n = 0; n < 2000; n++) {
            begin(b, WAITING, 0, 0);
            x ^= x << 13, x ^= x >> 7, x ^= x << 17;
            memcpy(b->stamp.random, &x, sizeof x);
            int64_t wait = delivery_backoff_us(rows[i].failures, 30, 43200, &b->stamp);
            least = wait < least ? wait : least;
            most = wait > most ? wait : most;
        }
        assert_true(least >= 0 && least <= rows[i].bound / 20);
        assert_true(most <= rows[i].bound && most >= rows[i].bound * 19 / 20);
    }
}

/* 2 does not hold for a channel that is told of everything. */
static void test_taken(void **state)
{
    struct bench *b = *state;
    static const struct {
        Baton__Channel channel;
        int events[2];
    } rows[] = {{MAIL, {ENDED}}, {TEMPLATE, {ENDED}}, {MQTT, {ATTEMPTED}}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        begin(b, WAITING, 0, 100);
        b->delivery.kind = NOTICE;
        b->delivery.channel = rows[i].channel;
        b->facts.needless = "a device took it";
        due(b);
        assert_events(b, rows[i].events);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_due),      cmocka_unit_test(test_held),  cmocka_unit_test(test_result),
        cmocka_unit_test(test_lane),     cmocka_unit_test(test_shut),  cmocka_unit_test(test_backoff),
        cmocka_unit_test(test_in_order), cmocka_unit_test(test_taken),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
