/* What becomes of a push, rule by rule; the numbers are those of the comments in decide_delivery.c. */
#include "unit/decide_bench.h"

#include "services/notifications/delivery.h"

#define SECOND INT64_C(1000000)
#define ME     ID(1)
#define PUSH   BATON__CHANNEL__CHANNEL_PUSH

enum {
    WAITING = BATON__DELIVERY_STATE__DELIVERY_STATE_WAITING,
    DEAD = BATON__DELIVERY_STATE__DELIVERY_STATE_DEAD,
    DROPPED = BATON__DELIVERY_STATE__DELIVERY_STATE_DROPPED,
    SUCCEEDED = BATON__EVENT__EVENT_DELIVERY_SUCCEEDED,
    FAILED = BATON__EVENT__EVENT_DELIVERY_FAILED,
    ARMED = BATON__EVENT__EVENT_DELIVERY_ARMED,
    ENDED = BATON__EVENT__EVENT_DELIVERY_ENDED,
    ATTEMPTED = BATON__EVENT__EVENT_DELIVERY_ATTEMPTED,
    MOVED = BATON__EVENT__EVENT_DELIVERY_LANE_MOVED,
    ALARMED = BATON__EVENT__EVENT_DELIVERY_LANE_ALARMED,
    CREATED = BATON__EVENT__EVENT_NOTIFICATION_CREATED,
    UNSUBSCRIBED = BATON__EVENT__EVENT_DEVICE_PUSH_ENDED
};

/* A push under way through a lane of its own, and one administrator. */
struct around {
    Baton__ChannelDelivery delivery, others[DELIVERY_TURN_MAX];
    Baton__DeliveryLane lane;
    Baton__DevicePush push;
    Baton__User admin;
    struct recipient recipient;
    struct delivery_facts facts;
};

static void delivery_init(struct bench *b, Baton__ChannelDelivery *d, char *id, int state)
{
    baton__channel_delivery__init(d);
    d->id = id;
    d->channel = PUSH;
    d->kind = BATON__DELIVERY_KIND__DELIVERY_KIND_NOTIFICATION;
    d->state = (Baton__DeliveryState)state;
    d->lane_id = (char *)"https://push.example";
    d->user_id = (char *)ME;
    d->device_id = (char *)ID(3);
    d->notification_id = (char *)ID(5);
    d->expires_at = timestamp_of(b->arena, NOW + 3600 * SECOND);
}

static void around_init(struct around *a, struct bench *b)
{
    memset(a, 0, sizeof *a);
    delivery_init(b, &a->delivery, (char *)ID(4), BATON__DELIVERY_STATE__DELIVERY_STATE_UNDER_WAY);
    a->delivery.attempts = 1;
    a->delivery.attempted_at = timestamp_of(b->arena, NOW - SECOND);
    baton__delivery_lane__init(&a->lane);
    a->lane.id = a->delivery.lane_id;
    a->lane.under_way = 1;
    baton__device_push__init(&a->push);
    a->push.since = timestamp_of(b->arena, NOW - 60 * SECOND);
    baton__user__init(&a->admin);
    a->admin.id = (char *)ID(8);
    a->recipient.ways.user = &a->admin;
    a->facts.delivery = &a->delivery;
    a->facts.lane.lane = &a->lane;
    a->facts.push = &a->push;
    a->facts.admins = (struct recipients){&a->recipient, 1};
}

static void result(struct bench *b, struct around *a, struct delivery_result r)
{
    Baton__DeliveryAttempted e = BATON__DELIVERY_ATTEMPTED__INIT;
    e.attempt = a->delivery.attempts;
    a->facts.result = r;
    assert_true(run(b, notifications_decide_result, &a->facts, &e));
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

static void test_result(void **state)
{
    struct bench *b = *state;
    struct around a;
    static const struct {
        int rule;
        struct delivery_result result;
        bool is_short, is_new, is_seen, is_alarmed;
        int events[4], becomes;
    } rows[] = {
        {9, {DELIVERY_ANSWERED, 201, 0, ""}, false, false, false, false, {SUCCEEDED}, 0},
        {16, {DELIVERY_ANSWERED, 404, 0, ""}, false, false, false, false, {FAILED, UNSUBSCRIBED}, DROPPED},
        {16, {DELIVERY_ANSWERED, 410, 0, ""}, false, false, false, false, {FAILED, UNSUBSCRIBED}, DROPPED},
        {16, {DELIVERY_ANSWERED, 410, 0, ""}, false, true, false, false, {FAILED}, DROPPED},
        {16, {DELIVERY_FORBIDDEN, 0, 0, "no"}, false, false, false, false, {FAILED, UNSUBSCRIBED}, DROPPED},
        {17, {DELIVERY_ANSWERED, 413, 0, ""}, false, false, false, false, {FAILED}, WAITING},
        {17, {DELIVERY_ANSWERED, 413, 0, ""}, true, false, false, false, {FAILED}, DEAD},
        {18, {DELIVERY_ANSWERED, 400, 0, ""}, false, false, false, false, {FAILED, CREATED, ALARMED}, DEAD},
        {18, {DELIVERY_ANSWERED, 401, 0, ""}, false, false, false, false, {FAILED, CREATED, ALARMED}, DEAD},
        {18, {DELIVERY_ANSWERED, 403, 0, ""}, false, false, false, true, {FAILED}, DEAD},
        {19, {DELIVERY_ANSWERED, 201, 0, ""}, false, false, true, false, {SUCCEEDED, ARMED}, 0},
        {12, {DELIVERY_ANSWERED, 429, 9, ""}, false, false, false, false, {FAILED, MOVED}, WAITING},
        {12, {DELIVERY_ANSWERED, 503, 0, ""}, false, false, false, false, {FAILED, MOVED}, WAITING},
        {12, {DELIVERY_UNREACHED, 0, 0, "no"}, false, false, false, false, {FAILED, MOVED}, WAITING},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        print_message("row %zu\n", i);
        around_init(&a, b);
        a.delivery.is_short = rows[i].is_short;
        a.push.since = timestamp_of(b->arena, rows[i].is_new ? NOW : NOW - 60 * SECOND);
        a.facts.is_seen = rows[i].is_seen;
        a.lane.alarmed_until_us = rows[i].is_alarmed ? NOW + SECOND : NOW;
        result(b, &a, rows[i].result);
        assert_events(b, rows[i].events);
        const Baton__DeliveryFailed *failed = b->out.events[0]->delivery_failed;
        if (rows[i].becomes)
            assert_int_equal(failed->state, rows[i].becomes);
        if (rows[i].becomes == WAITING && rows[i].result.status == 413)
            assert_true(failed->is_short && failed->retry_us == NOW);
        if (rows[i].result.status == 429)
            assert_true(failed->retry_us >= NOW + 9 * SECOND);
    }
}

/* 19: what is taken back names the notification; its device has been heard of. */
static void test_taken_back(void **state)
{
    struct bench *b = *state;
    struct around a;
    around_init(&a, b);
    a.facts.is_seen = true;
    result(b, &a, (struct delivery_result){DELIVERY_ANSWERED, 201, 0, ""});
    const Baton__ChannelDelivery *d = b->out.events[1]->delivery_armed->delivery;
    assert_int_equal(d->kind, BATON__DELIVERY_KIND__DELIVERY_KIND_CLEARED);
    assert_string_equal(d->body, "[\"" ID(5) "\"]");
    assert_string_equal(d->device_id, ID(3));
    assert_int_equal(b->out.events[0]->delivery_succeeded->device_due_us, NOW + 60 * INT64_C(86400) * SECOND);
}

/* As many as can be marked at once are all in it. */
static void test_all_cleared(void **state)
{
    struct bench *b = *state;
    char *ids[NOTIFICATIONS_MARKS_MAX];
    for (size_t i = 0; i < NOTIFICATIONS_MARKS_MAX; i++)
        ids[i] = (char *)ID(5);
    begin(b);
    delivery_clear(ID(3), ME, "https://push.example", ids, NOTIFICATIONS_MARKS_MAX, &b->stamp, &b->out);
    const char *body = b->out.events[0]->delivery_armed->delivery->body;
    assert_int_equal(strlen(body), NOTIFICATIONS_MARKS_MAX * 39 + 1);
    assert_int_equal(body[strlen(body) - 1], ']');
}

/* 2: what has become needless while it stood in the lane makes room, and is looked for again if there is
 * more. */
static void test_needless(void **state)
{
    struct bench *b = *state;
    struct around a;
    around_init(&a, b);
    for (size_t i = 0; i < DELIVERY_TURN_MAX; i++) {
        delivery_init(b, &a.others[i], (char *)ID(6), BATON__DELIVERY_STATE__DELIVERY_STATE_READY);
        a.facts.lane.ready[i] = &a.others[i];
        a.facts.lane.needless[i] = "a device took it";
    }
    a.facts.lane.needless[0] = NULL;
    a.facts.lane.n_ready = 2;
    result(b, &a, (struct delivery_result){DELIVERY_ANSWERED, 201, 0, ""});
    assert_events(b, (const int[]){SUCCEEDED, ATTEMPTED, ENDED, 0});
    assert_int_equal(b->out.events[2]->delivery_ended->state, DROPPED);
    a.facts.lane.n_ready = DELIVERY_TURN_MAX;
    result(b, &a, (struct delivery_result){DELIVERY_ANSWERED, 201, 0, ""});
    assert_int_equal(b->out.n_events, DELIVERY_TURN_MAX + 2);
    assert_int_equal(b->out.events[DELIVERY_TURN_MAX + 1]->event_case, MOVED);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_result),
        cmocka_unit_test(test_taken_back),
        cmocka_unit_test(test_all_cleared),
        cmocka_unit_test(test_needless),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
