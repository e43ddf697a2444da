/* Devices and where pushes for them go, rule by rule; the numbers are those of the comments in
 * decide_device.c. */
#include "unit/decide_bench.h"

#include "base/bytes.h"
#include "services/notifications/delivery.h"

#define SECOND INT64_C(1000000)
#define ME     ID(1)
#define DAY_US (86400 * SECOND)

static char point[] =
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
static char secret[] = "BTBZMqHH6r4Tts7J_aSIgg";

static Baton__Device device(struct bench *b, int64_t heard_us)
{
    Baton__Device d = BATON__DEVICE__INIT;
    d.id = (char *)ID(3);
    d.user_id = (char *)ME;
    d.push_origin = (char *)"https://push.example";
    d.heard_at = heard_us ? timestamp_of(b->arena, heard_us) : NULL;
    return d;
}

static Baton__PushSubscription subscription(void)
{
    Baton__PushSubscription s = BATON__PUSH_SUBSCRIPTION__INIT;
    s.endpoint = (char *)"https://Push.example:443/x";
    s.p256dh = point;
    s.auth = secret;
    return s;
}

/* 1, 2 */
static void test_silent(void **state)
{
    struct bench *b = *state;
    Baton__Device d = device(b, NOW - 60 * DAY_US);
    assert_true(run(b, notifications_decide_device_due, NULL, &d));
    assert_int_equal(b->out.n_events, 2);
    assert_int_equal(b->out.events[0]->device_asked->due_us, NOW + 14 * DAY_US);
    const Baton__ChannelDelivery *asked = b->out.events[1]->delivery_armed->delivery;
    assert_int_equal(asked->kind, BATON__DELIVERY_KIND__DELIVERY_KIND_TEST);
    assert_string_equal(asked->device_id, ID(3));
    assert_string_equal(asked->lane_id, "https://push.example");
    d.push_origin = NULL;
    assert_true(run(b, notifications_decide_device_due, NULL, &d));
    assert_int_equal(b->out.n_events, 1);
    d.asked_at = timestamp_of(b->arena, NOW - 14 * DAY_US);
    assert_true(run(b, notifications_decide_device_due, NULL, &d));
    assert_int_equal(b->out.n_events, 1);
    assert_string_equal(b->out.events[0]->device_removed->device_id, ID(3));
    assert_non_null(b->out.events[0]->device_removed->reason);
}

/* A sign of life is written down once a day. */
static void test_heard(void **state)
{
    struct bench *b = *state;
    static const struct {
        int64_t heard_us;
        size_t events;
    } rows[] = {{0, 1}, {NOW, 0}, {NOW - DAY_US + SECOND, 0}, {NOW - DAY_US, 1}, {NOW + DAY_US, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__Device d = device(b, rows[i].heard_us);
        begin(b);
        device_heard(&d, &b->stamp, &b->out);
        assert_int_equal(b->out.n_events, rows[i].events);
        if (rows[i].events)
            assert_int_equal(b->out.events[0]->device_heard->due_us, NOW + 60 * DAY_US);
    }
}

/* 3, 4, 5 */
static void test_push(void **state)
{
    struct bench *b = *state;
    Baton__Device d = device(b, NOW);
    Baton__PushSubscription push = subscription(), other = subscription();
    Baton__DevicePush before = BATON__DEVICE_PUSH__INIT;
    Baton__SetPushSubscriptionRequest r = BATON__SET_PUSH_SUBSCRIPTION_REQUEST__INIT;
    struct device_facts f = {.device = &d};
    b->actor.user_id = (char *)ID(2);
    assert_refused(run(b, notifications_decide_push, &f, &r), b, REFUSAL_NOT_FOUND, "device_id");
    b->actor.user_id = (char *)ME;
    f.device = NULL;
    assert_refused(run(b, notifications_decide_push, &f, &r), b, REFUSAL_NOT_FOUND, "device_id");
    f.device = &d;
    r.push = &push;
    assert_true(run(b, notifications_decide_push, &f, &r));
    assert_int_equal(b->out.n_events, 1);
    assert_string_equal(b->out.events[0]->device_push_set->push_origin, "https://push.example");
    before.subscription = &other;
    f.push = &before;
    assert_true(run(b, notifications_decide_push, &f, &r));
    assert_int_equal(b->out.n_events, 0);
    other.endpoint = (char *)"https://push.example/y";
    assert_true(run(b, notifications_decide_push, &f, &r));
    assert_int_equal(b->out.n_events, 1);
    r.push = NULL;
    assert_true(run(b, notifications_decide_push, &f, &r));
    assert_string_equal(b->out.events[0]->device_push_ended->device_id, ID(3));
    assert_null(((const Baton__SetPushSubscriptionResponse *)b->out.reply)->device->push_origin);
}

static void test_wrong(void **state)
{
    struct bench *b = *state;
    static const struct {
        char *endpoint, *p256dh, *auth;
        const char *field;
    } rows[] = {
        {"http//push.example", point, secret, "push.endpoint"},
        {"https://a:b@push.example", point, secret, "push.endpoint"},
        {"https://push.example/x", point + 1, secret, "push.p256dh"},
        {"https://push.example/x", secret, secret, "push.p256dh"},
        {"https://push.example/x", NULL, secret, "push.p256dh"},
        {"https://push.example/x",
         "ACVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4", secret,
         "push.p256dh"},
        {"https://push.example/x", point, point, "push.auth"},
        {"https://push.example/x", point, "BTBZMqHH6r4Tts7J/aSIgg", "push.auth"},
        {"https://push.example/x", point, "BTBZMqHH6r4Tts7J_aSIgg==", "push.auth"},
    };
    Baton__Device d = device(b, NOW);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__PushSubscription push = subscription();
        push.endpoint = rows[i].endpoint;
        push.p256dh = rows[i].p256dh;
        push.auth = rows[i].auth;
        begin(b);
        assert_refused(device_push_set(&d, &push, NULL, &b->stamp, &b->out), b, REFUSAL_INVALID_ARGUMENT,
                       rows[i].field);
    }
}

/* 6: whatever is drawn lies below the order of the curve; 7 */
static void test_key(void **state)
{
    struct bench *b = *state;
    struct push_key key = {.public = {4}};
    Baton__PushKey there = BATON__PUSH_KEY__INIT;
    begin(b);
    memset(b->stamp.random, 0xff, sizeof b->stamp.random);
    assert_true(notifications_decide_boot(NULL, NULL, &b->stamp, &b->out));
    assert_int_equal(b->out.n_events, 1);
    assert_int_equal(b->out.events[0]->push_key_made->private_key[0], '0');
    assert_int_equal(strlen(b->out.events[0]->push_key_made->private_key), 64);
    begin(b);
    assert_true(notifications_decide_boot(&there, NULL, &b->stamp, &b->out));
    assert_int_equal(b->out.n_events, 0);
    assert_refused(run(b, notifications_decide_push_key, NULL, NULL), b, REFUSAL_UNAVAILABLE, "");
    assert_refused(run_prepared(b, notifications_decide_push_key, NULL, NULL, &key), b, REFUSAL_UNAVAILABLE,
                   "");
    key.is_known = true;
    assert_true(run_prepared(b, notifications_decide_push_key, NULL, NULL, &key));
    assert_int_equal(strncmp(((const Baton__GetPushKeyResponse *)b->out.reply)->public_key, "BAAA", 4), 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_silent), cmocka_unit_test(test_heard), cmocka_unit_test(test_push),
        cmocka_unit_test(test_wrong),  cmocka_unit_test(test_key),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
