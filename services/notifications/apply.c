/* What the events of notifications do to the rows. */
#include <string.h>

#include "services/notifications/rows.h"

/* Several lines of one user's stream can stand at one log position: each takes the first free part. */
static void feed_put(struct apply *ap, Baton__FeedItem *item)
{
    struct key key;
    item->has_seq = item->has_part = true;
    item->seq = ap->seq;
    item->part = 0;
    for (;; item->part++) {
        key_init(&key);
        key_text(&key, item->user_id);
        key_u64(&key, item->seq);
        key_u64(&key, item->part);
        if (!table_seq(ap->txn, NOTIFICATIONS_FEED_ITEM, &key))
            break;
    }
    table_put(ap->txn, NOTIFICATIONS_FEED_ITEM, item, ap->seq, ap->arena);
}

void notifications_apply_created(struct apply *ap, const ProtobufCMessage *payload)
{
    Baton__Notification *n = ((const Baton__NotificationCreated *)payload)->notification;
    Baton__Notification only_id = BATON__NOTIFICATION__INIT;
    Baton__FeedItem item = BATON__FEED_ITEM__INIT;
    if (!n)
        return;
    table_put(ap->txn, NOTIFICATIONS_NOTIFICATION, n, ap->seq, ap->arena);
    only_id.id = n->id;
    item.user_id = n->user_id;
    item.notification = &only_id;
    feed_put(ap, &item);
}

static Baton__Notification *row_of(struct apply *ap, const char *id)
{
    return table_get_id(ap->txn, NOTIFICATIONS_NOTIFICATION, id, ap->arena);
}

static bool is_on(const Baton__Delivery *d, const char *device_id)
{
    return d->device_id && device_id && strcmp(d->device_id, device_id) == 0;
}

void notifications_apply_delivered(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__NotificationsDelivered *e = (const Baton__NotificationsDelivered *)payload;
    for (size_t i = 0; i < e->n_notification_ids; i++) {
        Baton__Notification *n = row_of(ap, e->notification_ids[i]);
        if (!n)
            continue;
        for (size_t k = 0; k < n->n_deliveries; k++)
            if (is_on(n->deliveries[k], e->device_id))
                n->deliveries[k]->delivered_at = timestamp_of(ap->arena, ap->time_us);
        table_put(ap->txn, NOTIFICATIONS_NOTIFICATION, n, ap->seq, ap->arena);
    }
}

static void seen(struct apply *ap, const Baton__NotificationsSeen *e, Baton__Notification *n)
{
    Baton__FeedItem item = BATON__FEED_ITEM__INIT;
    n->seen_at = timestamp_of(ap->arena, ap->time_us);
    n->seen_on_device_id = e->device_id;
    for (size_t k = 0; k < n->n_deliveries; k++)
        if (!is_on(n->deliveries[k], e->device_id))
            n->deliveries[k]->cleared_at = n->seen_at;
    table_put(ap->txn, NOTIFICATIONS_NOTIFICATION, n, ap->seq, ap->arena);
    item.user_id = n->user_id;
    item.cleared_notification_id = n->id;
    feed_put(ap, &item);
}

void notifications_apply_seen(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__NotificationsSeen *e = (const Baton__NotificationsSeen *)payload;
    for (size_t i = 0; i < e->n_notification_ids; i++) {
        Baton__Notification *n = row_of(ap, e->notification_ids[i]);
        if (n)
            seen(ap, e, n);
    }
}

void notifications_apply_registered(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__DeviceRegistered *e = (const Baton__DeviceRegistered *)payload;
    if (e->device)
        table_put(ap->txn, NOTIFICATIONS_DEVICE, e->device, ap->seq, ap->arena);
}

void notifications_apply_removed(struct apply *ap, const ProtobufCMessage *payload)
{
    struct key key = key_of(((const Baton__DeviceRemoved *)payload)->device_id);
    (void)table_delete(ap->txn, NOTIFICATIONS_DEVICE, &key, ap->arena); /* gone already is as good */
}
