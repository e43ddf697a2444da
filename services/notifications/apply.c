/* What the events of notifications do to the rows. */
#include <string.h>

#include "services/notifications/rows.h"

static void put(struct apply *ap, const Baton__Notification *n)
{
    table_put(ap->txn, NOTIFICATIONS_NOTIFICATION, n, ap->seq, ap->arena);
}

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

static void feed_ring(struct apply *ap, const Baton__Notification *n, bool again)
{
    Baton__Notification only_id = BATON__NOTIFICATION__INIT;
    Baton__FeedItem item = BATON__FEED_ITEM__INIT;
    only_id.id = n->id;
    item.user_id = n->user_id;
    item.notification = &only_id;
    item.has_again = item.again = again;
    feed_put(ap, &item);
}

static Baton__DigestCount *count_of(Baton__Digest *d, Baton__NotificationClass class, struct arena *a)
{
    for (size_t i = 0; i < d->n_counts; i++)
        if (d->counts[i]->class_ == class)
            return d->counts[i];
    Baton__DigestCount **counts = ARENA_ARRAY(a, Baton__DigestCount *, d->n_counts + 1);
    for (size_t i = 0; i < d->n_counts; i++)
        counts[i] = d->counts[i];
    Baton__DigestCount *count = counts[d->n_counts++] = ARENA_NEW(a, Baton__DigestCount);
    d->counts = counts;
    baton__digest_count__init(count);
    count->has_class_ = count->has_count = true;
    count->class_ = class;
    return count;
}

static void digest_count(struct apply *ap, const Baton__Notification *n, int64_t due_us)
{
    Baton__Digest *d = table_get_id(ap->txn, NOTIFICATIONS_DIGEST, n->user_id, ap->arena);
    if (!d) {
        d = ARENA_NEW(ap->arena, Baton__Digest);
        baton__digest__init(d);
        d->user_id = n->user_id;
        d->has_next_due_us = true;
        d->next_due_us = due_us;
    }
    count_of(d, n->class_, ap->arena)->count++;
    table_put(ap->txn, NOTIFICATIONS_DIGEST, d, ap->seq, ap->arena);
}

void notifications_apply_created(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__NotificationCreated *e = (const Baton__NotificationCreated *)payload;
    if (!e->notification)
        return;
    put(ap, e->notification);
    feed_ring(ap, e->notification, false);
    if (e->has_digest_due_us)
        digest_count(ap, e->notification, e->digest_due_us);
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
        put(ap, n);
    }
}

static void end_chain(Baton__Notification *n)
{
    n->has_chain_due_us = false;
    n->chain_due_us = 0;
}

static void settle(Baton__Notification *n)
{
    if (!notification_is_settled(n))
        return;
    end_chain(n);
    n->open_lead_id = NULL;
}

static void seen(struct apply *ap, const Baton__NotificationsSeen *e, Baton__Notification *n)
{
    Baton__FeedItem item = BATON__FEED_ITEM__INIT;
    n->seen_at = timestamp_of(ap->arena, ap->time_us);
    n->seen_on_device_id = e->device_id;
    for (size_t k = 0; k < n->n_deliveries; k++)
        if (!is_on(n->deliveries[k], e->device_id))
            n->deliveries[k]->cleared_at = n->seen_at;
    settle(n);
    put(ap, n);
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

void notifications_apply_acknowledged(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__NotificationsAcknowledged *e = (const Baton__NotificationsAcknowledged *)payload;
    for (size_t i = 0; i < e->n_notification_ids; i++) {
        Baton__Notification *n = row_of(ap, e->notification_ids[i]);
        if (!n)
            continue;
        n->acknowledged_at = timestamp_of(ap->arena, ap->time_us);
        settle(n);
        put(ap, n);
    }
}

/* What rings again stands in the stream once more. */
void notifications_apply_chain(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__NotificationChainMoved *e = (const Baton__NotificationChainMoved *)payload;
    Baton__Notification *n = row_of(ap, e->notification_id);
    if (!n)
        return;
    n->has_chain_step = true;
    n->chain_step = e->step;
    n->has_chain_due_us = e->has_due_us;
    n->chain_due_us = e->due_us;
    put(ap, n);
    if (e->rings)
        feed_ring(ap, n, true);
}
