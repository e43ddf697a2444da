/* What a stream is sent: items of log records, and the events they become. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "services/gateway/stream.h"

static Baton__Event event_created(Baton__NotificationCreated *created)
{
    Baton__Event event = BATON__EVENT__INIT;
    event.event_case = BATON__EVENT__EVENT_NOTIFICATION_CREATED;
    event.notification_created = created;
    return event;
}

static Baton__Event event_seen(Baton__NotificationsSeen *seen)
{
    Baton__Event event = BATON__EVENT__INIT;
    event.event_case = BATON__EVENT__EVENT_NOTIFICATIONS_SEEN;
    event.notifications_seen = seen;
    return event;
}

static const char *encoded(Baton__FeedItem **items, size_t n, struct buffer *out)
{
    buffer_init(out, 1 << 16);
    feed_encode(items, n, out);
    return buffer_cstr(out);
}

/* 1: a created notification and each cleared one are an item of their user, in order; the rest is nobody's.
   2: only the last event of a position carries its id. 3: text cannot break out of its line. */
static void test_items(void **state)
{
    struct arena *a = arena_new(1 << 20);
    Baton__Notification notification = BATON__NOTIFICATION__INIT;
    Baton__NotificationCreated created = BATON__NOTIFICATION_CREATED__INIT;
    Baton__NotificationsSeen seen = BATON__NOTIFICATIONS_SEEN__INIT;
    Baton__LogRecord record = BATON__LOG_RECORD__INIT;
    char *ids[] = {"n1", "n2"};
    notification.id = "n3";
    notification.user_id = "u1";
    notification.text = "two\nlines\n\nid: 99";
    created.notification = &notification;
    seen.user_id = "u1";
    seen.n_notification_ids = 2;
    seen.notification_ids = ids;
    Baton__Event events[] = {event_seen(&seen), BATON__EVENT__INIT, event_created(&created)};
    Baton__Event *all[] = {&events[0], &events[1], &events[2]};
    record.has_seq = true;
    record.seq = 7;
    record.n_events = 3;
    record.events = all;

    Baton__FeedItem **items;
    assert_int_equal(feed_items(&record, a, &items), 3);
    assert_string_equal(items[0]->cleared_notification_id, "n1");
    assert_string_equal(items[2]->notification->id, "n3");
    assert_int_equal(items[1]->seq, 7);

    struct buffer out;
    assert_string_equal(encoded(items, 3, &out),
                        "event: cleared\ndata: {\"notificationId\":\"n1\"}\n\n"
                        "event: cleared\ndata: {\"notificationId\":\"n2\"}\n\n"
                        "id: 7\nevent: notification\n"
                        "data: {\"id\":\"n3\",\"userId\":\"u1\",\"text\":\"two\\nlines\\n\\nid: 99\"}\n\n");
    buffer_release(&out);
    arena_free(a);
}

/* 4: what rings again is an item like a new one; a step that does not ring is none. */
static void test_again(void **state)
{
    struct arena *a = arena_new(1 << 20);
    Baton__Notification notification = BATON__NOTIFICATION__INIT;
    Baton__NotificationChainMoved steps[2] = {BATON__NOTIFICATION_CHAIN_MOVED__INIT,
                                              BATON__NOTIFICATION_CHAIN_MOVED__INIT};
    Baton__LogRecord record = BATON__LOG_RECORD__INIT;
    Baton__Event events[2] = {BATON__EVENT__INIT, BATON__EVENT__INIT}, *all[2];
    notification.id = "n1";
    notification.user_id = "u1";
    steps[1].rings = &notification;
    for (size_t i = 0; i < 2; i++) {
        events[i].event_case = BATON__EVENT__EVENT_NOTIFICATION_CHAIN_MOVED;
        events[i].notification_chain_moved = &steps[i];
        all[i] = &events[i];
    }
    record.n_events = 2;
    record.events = all;
    Baton__FeedItem **items;
    assert_int_equal(feed_items(&record, a, &items), 1);
    assert_string_equal(items[0]->notification->id, "n1");
    assert_string_equal(items[0]->user_id, "u1");
    arena_free(a);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(test_items), cmocka_unit_test(test_again)};
    schema_load();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
