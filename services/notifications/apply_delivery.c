/* What the events of deliveries do to their rows and to those of their lanes. */
#include <string.h>

#include "services/notifications/rows.h"

static Baton__ChannelDelivery *delivery_of(struct apply *ap, const char *id)
{
    return table_get_id(ap->txn, NOTIFICATIONS_DELIVERY, id, ap->arena);
}

static void put(struct apply *ap, const Baton__ChannelDelivery *d)
{
    table_put(ap->txn, NOTIFICATIONS_DELIVERY, d, ap->seq, ap->arena);
}

static Baton__DeliveryLane *lane_of(struct apply *ap, const char *id, Baton__Channel channel)
{
    Baton__DeliveryLane *lane = table_get_id(ap->txn, NOTIFICATIONS_LANE, id, ap->arena);
    if (lane)
        return lane;
    lane = ARENA_NEW(ap->arena, Baton__DeliveryLane);
    baton__delivery_lane__init(lane);
    lane->id = arena_strdup(ap->arena, id);
    lane->has_channel = true;
    lane->channel = channel;
    return lane;
}

static bool is_open(Baton__DeliveryState state)
{
    return state == BATON__DELIVERY_STATE__DELIVERY_STATE_WAITING ||
           state == BATON__DELIVERY_STATE__DELIVERY_STATE_READY ||
           state == BATON__DELIVERY_STATE__DELIVERY_STATE_UNDER_WAY;
}

/* +1 where it comes to be, -1 where it ceases to be, 0 otherwise. */
static int change(bool before, bool after)
{
    return (int)after - (int)before;
}

/* `was` is UNSPECIFIED for a new one. */
static void lane_count(struct apply *ap, const Baton__ChannelDelivery *d, Baton__DeliveryState was)
{
    const Baton__DeliveryState moving = BATON__DELIVERY_STATE__DELIVERY_STATE_UNDER_WAY,
                               dead = BATON__DELIVERY_STATE__DELIVERY_STATE_DEAD;
    int under_way = change(was == moving, d->state == moving);
    int open = change(is_open(was), is_open(d->state)), lost = change(was == dead, d->state == dead);
    if (!under_way && !open && !lost)
        return;
    Baton__DeliveryLane *lane = lane_of(ap, d->lane_id, d->channel);
    lane->has_under_way = lane->has_open = lane->has_dead = true;
    lane->under_way += (uint32_t)under_way;
    lane->open += (uint64_t)(int64_t)open;
    lane->dead += (uint64_t)(int64_t)lost;
    table_put(ap->txn, NOTIFICATIONS_LANE, lane, ap->seq, ap->arena);
}

/* The row in its new state: when its timer is due, on which shelf it stands, whether it waits in the lane. */
static void become(struct apply *ap, Baton__ChannelDelivery *d, Baton__DeliveryState state, int64_t due_us)
{
    Baton__DeliveryState was = d->state;
    bool is_dead = state == BATON__DELIVERY_STATE__DELIVERY_STATE_DEAD;
    d->state = state;
    d->has_next_due_us = due_us != 0;
    d->next_due_us = due_us;
    d->shelf = is_open(state) ? (char *)"open" : is_dead ? (char *)"dead" : NULL;
    d->queue = state == BATON__DELIVERY_STATE__DELIVERY_STATE_READY ? d->lane_id : NULL;
    d->ended_at = is_open(state) ? NULL : timestamp_of(ap->arena, ap->time_us);
    if (!is_open(state) && !is_dead) {
        d->letter = NULL;
        d->body = NULL;
    }
    put(ap, d);
    lane_count(ap, d, was);
}

void notifications_apply_armed(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__ChannelDelivery *d = ((const Baton__DeliveryArmed *)payload)->delivery;
    if (!d)
        return;
    put(ap, d);
    lane_count(ap, d, BATON__DELIVERY_STATE__DELIVERY_STATE_UNSPECIFIED);
}

void notifications_apply_queued(struct apply *ap, const ProtobufCMessage *payload)
{
    Baton__ChannelDelivery *d = delivery_of(ap, ((const Baton__DeliveryQueued *)payload)->delivery_id);
    if (d)
        become(ap, d, BATON__DELIVERY_STATE__DELIVERY_STATE_READY, timestamp_us(d->expires_at));
}

void notifications_apply_attempted(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__DeliveryAttempted *e = (const Baton__DeliveryAttempted *)payload;
    Baton__ChannelDelivery *d = delivery_of(ap, e->delivery_id);
    if (!d)
        return;
    d->has_attempts = true;
    d->attempts = e->attempt;
    d->attempted_at = timestamp_of(ap->arena, ap->time_us);
    become(ap, d, BATON__DELIVERY_STATE__DELIVERY_STATE_UNDER_WAY, e->lost_us);
}

/* The device is there, and has what it was told of. */
static void pushed(struct apply *ap, const Baton__ChannelDelivery *d, int64_t device_due_us)
{
    Baton__Notification *n =
        d->notification_id && d->kind == BATON__DELIVERY_KIND__DELIVERY_KIND_NOTIFICATION
            ? table_get_id(ap->txn, NOTIFICATIONS_NOTIFICATION, d->notification_id, ap->arena)
            : NULL;
    notifications_device_pushed(ap, d->device_id, device_due_us);
    if (!n)
        return;
    for (size_t i = 0; i < n->n_deliveries; i++)
        if (strcmp(n->deliveries[i]->device_id, d->device_id) == 0)
            n->deliveries[i]->pushed_at = timestamp_of(ap->arena, ap->time_us);
    table_put(ap->txn, NOTIFICATIONS_NOTIFICATION, n, ap->seq, ap->arena);
}

void notifications_apply_succeeded(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__DeliverySucceeded *e = (const Baton__DeliverySucceeded *)payload;
    Baton__ChannelDelivery *d = delivery_of(ap, e->delivery_id);
    if (!d)
        return;
    d->has_status = true;
    d->status = e->status;
    d->reason = NULL;
    if (d->device_id)
        pushed(ap, d, e->device_due_us);
    become(ap, d, BATON__DELIVERY_STATE__DELIVERY_STATE_DELIVERED, 0);
}

void notifications_apply_failed(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__DeliveryFailed *e = (const Baton__DeliveryFailed *)payload;
    Baton__ChannelDelivery *d = delivery_of(ap, e->delivery_id);
    if (!d)
        return;
    if (!e->has_attempt && d->attempts)
        d->attempts--;
    d->has_status = e->has_status;
    d->status = e->status;
    d->reason = e->reason;
    if (e->is_short)
        d->has_is_short = d->is_short = true;
    bool is_ready = e->state == BATON__DELIVERY_STATE__DELIVERY_STATE_READY;
    become(ap, d, e->state, is_ready ? timestamp_us(d->expires_at) : e->retry_us);
}

void notifications_apply_held(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__DeliveryHeld *e = (const Baton__DeliveryHeld *)payload;
    Baton__ChannelDelivery *d = delivery_of(ap, e->delivery_id);
    if (!d)
        return;
    if (e->expires_at)
        d->expires_at = e->expires_at;
    become(ap, d, BATON__DELIVERY_STATE__DELIVERY_STATE_WAITING, e->until_us);
}

void notifications_apply_ended(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__DeliveryEnded *e = (const Baton__DeliveryEnded *)payload;
    Baton__ChannelDelivery *d = delivery_of(ap, e->delivery_id);
    if (!d)
        return;
    d->reason = e->reason;
    become(ap, d, e->state, 0);
}

void notifications_apply_replayed(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__DeliveryReplayed *e = (const Baton__DeliveryReplayed *)payload;
    Baton__ChannelDelivery *d = delivery_of(ap, e->delivery_id);
    if (!d)
        return;
    d->attempts = 0;
    d->expires_at = e->expires_at;
    become(ap, d, BATON__DELIVERY_STATE__DELIVERY_STATE_WAITING, ap->time_us);
}

void notifications_apply_lane(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__DeliveryLaneMoved *e = (const Baton__DeliveryLaneMoved *)payload;
    Baton__DeliveryLane *lane = table_get_id(ap->txn, NOTIFICATIONS_LANE, e->lane_id, ap->arena);
    if (!lane)
        return;
    lane->has_failures = lane->has_closed_until_us = true;
    lane->failures = e->failures;
    lane->closed_until_us = e->closed_until_us;
    table_put(ap->txn, NOTIFICATIONS_LANE, lane, ap->seq, ap->arena);
}

void notifications_apply_alarmed(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__DeliveryLaneAlarmed *e = (const Baton__DeliveryLaneAlarmed *)payload;
    Baton__DeliveryLane *lane = table_get_id(ap->txn, NOTIFICATIONS_LANE, e->lane_id, ap->arena);
    if (!lane)
        return;
    lane->has_alarmed_until_us = true;
    lane->alarmed_until_us = e->until_us;
    table_put(ap->txn, NOTIFICATIONS_LANE, lane, ap->seq, ap->arena);
}

void notifications_apply_mail_password(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__MailPasswordSet *e = (const Baton__MailPasswordSet *)payload;
    Baton__MailPassword row = BATON__MAIL_PASSWORD__INIT;
    struct key key = key_of(e->mail_account_id);
    row.id = e->mail_account_id;
    row.password = e->password;
    if (e->password)
        table_put(ap->txn, NOTIFICATIONS_MAIL_PASSWORD, &row, ap->seq, ap->arena);
    else
        (void)table_delete(ap->txn, NOTIFICATIONS_MAIL_PASSWORD, &key, ap->arena); /* none is as good */
}

void notifications_apply_channel_secret(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__ChannelSecretSet *e = (const Baton__ChannelSecretSet *)payload;
    Baton__ChannelSecret row = BATON__CHANNEL_SECRET__INIT;
    struct key key = key_of(e->id);
    row.id = e->id;
    row.secret = e->secret;
    if (e->secret)
        table_put(ap->txn, NOTIFICATIONS_CHANNEL_SECRET, &row, ap->seq, ap->arena);
    else
        (void)table_delete(ap->txn, NOTIFICATIONS_CHANNEL_SECRET, &key, ap->arena); /* none is as good */
    (void)table_delete(ap->txn, NOTIFICATIONS_MAIL_PASSWORD, &key, ap->arena);      /* the same */
}

void notifications_apply_secret(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__WebhookSecretIssued *e = (const Baton__WebhookSecretIssued *)payload;
    Baton__WebhookSecret row = BATON__WEBHOOK_SECRET__INIT;
    row.id = e->endpoint_id;
    row.secret = e->secret;
    row.previous = e->previous;
    row.has_previous_until_us = e->has_previous_until_us;
    row.previous_until_us = e->previous_until_us;
    table_put(ap->txn, NOTIFICATIONS_WEBHOOK_SECRET, &row, ap->seq, ap->arena);
}
