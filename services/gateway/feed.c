/* What a user's stream says, from records of the notifications' log and as server-sent events. */
#include "schema/schema.h"
#include "stream.h"

static Baton__FeedItem *item_new(struct arena *a, char *user_id)
{
    Baton__FeedItem *item = ARENA_NEW(a, Baton__FeedItem);
    baton__feed_item__init(item);
    item->user_id = user_id;
    return item;
}

/* What rings by the event; NULL: nothing. */
static Baton__Notification *rung(const Baton__Event *event)
{
    if (event->event_case == BATON__EVENT__EVENT_NOTIFICATION_CREATED)
        return event->notification_created->notification;
    return event->event_case == BATON__EVENT__EVENT_NOTIFICATION_CHAIN_MOVED
               ? event->notification_chain_moved->rings
               : NULL;
}

static size_t event_size(const Baton__Event *event)
{
    if (rung(event))
        return 1;
    return event->event_case == BATON__EVENT__EVENT_NOTIFICATIONS_SEEN
               ? event->notifications_seen->n_notification_ids
               : 0;
}

/* The i-th item of an event. */
static Baton__FeedItem *event_item(const Baton__Event *event, size_t i, struct arena *a)
{
    Baton__Notification *notification = rung(event);
    if (notification) {
        Baton__FeedItem *item = item_new(a, notification->user_id);
        item->notification = notification;
        return item;
    }
    Baton__FeedItem *item = item_new(a, event->notifications_seen->user_id);
    item->cleared_notification_id = event->notifications_seen->notification_ids[i];
    return item;
}

size_t feed_items(const Baton__LogRecord *record, struct arena *a, Baton__FeedItem ***items)
{
    size_t n = 0, size = 0;
    for (size_t i = 0; i < record->n_events; i++)
        size += event_size(record->events[i]);
    *items = ARENA_ARRAY(a, Baton__FeedItem *, size);
    for (size_t i = 0; i < record->n_events; i++)
        for (size_t k = 0; k < event_size(record->events[i]); k++) {
            Baton__FeedItem *item = event_item(record->events[i], k, a);
            item->has_seq = true;
            item->seq = record->seq;
            if (item->user_id)
                (*items)[n++] = item;
        }
    return n;
}

static void encode(const Baton__FeedItem *item, bool is_last, struct buffer *out)
{
    if (is_last)
        (void)buffer_printf(out, "id: %llu\n", (unsigned long long)item->seq);
    (void)buffer_printf(out, "event: %s\ndata: ", item->notification ? "notification" : "cleared");
    if (item->notification) {
        (void)schema_to_json(&item->notification->base, 0, out);
    } else {
        (void)buffer_text(out, "{\"notificationId\":");
        (void)schema_json_string(out, item->cleared_notification_id ? item->cleared_notification_id : "");
        (void)buffer_char(out, '}');
    }
    (void)buffer_text(out, "\n\n"); /* whether all of it fitted, out->overflow says */
}

void feed_encode(Baton__FeedItem *const *items, size_t n, struct buffer *out)
{
    for (size_t i = 0; i < n; i++)
        encode(items[i], i + 1 == n, out);
}
