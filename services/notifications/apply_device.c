/* What the events of devices do to their rows: where pushes for them go, and when they were heard of. */
#include "services/notifications/rows.h"

static Baton__Device *device_of(struct apply *ap, const char *id)
{
    return id ? table_get_id(ap->txn, NOTIFICATIONS_DEVICE, id, ap->arena) : NULL;
}

static void put(struct apply *ap, const Baton__Device *d)
{
    table_put(ap->txn, NOTIFICATIONS_DEVICE, d, ap->seq, ap->arena);
}

static void heard(struct apply *ap, Baton__Device *d, int64_t due_us)
{
    d->heard_at = timestamp_of(ap->arena, ap->time_us);
    d->asked_at = NULL;
    d->has_next_due_us = true;
    d->next_due_us = due_us;
}

void notifications_apply_registered(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__DeviceRegistered *e = (const Baton__DeviceRegistered *)payload;
    if (e->device)
        put(ap, e->device);
}

static void push_forget(struct apply *ap, const char *device_id)
{
    struct key key = key_of(device_id);
    (void)table_delete(ap->txn, NOTIFICATIONS_DEVICE_PUSH, &key, ap->arena); /* gone already is as good */
}

void notifications_apply_removed(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__DeviceRemoved *e = (const Baton__DeviceRemoved *)payload;
    struct key key = key_of(e->device_id);
    (void)table_delete(ap->txn, NOTIFICATIONS_DEVICE, &key, ap->arena); /* gone already is as good */
    push_forget(ap, e->device_id);
}

void notifications_apply_push_set(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__DevicePushSet *e = (const Baton__DevicePushSet *)payload;
    Baton__Device *d = device_of(ap, e->device_id);
    Baton__DevicePush row = BATON__DEVICE_PUSH__INIT;
    if (!d)
        return;
    row.device_id = e->device_id;
    row.subscription = e->push;
    row.since = timestamp_of(ap->arena, ap->time_us);
    table_put(ap->txn, NOTIFICATIONS_DEVICE_PUSH, &row, ap->seq, ap->arena);
    d->push_origin = e->push_origin;
    put(ap, d);
}

void notifications_apply_push_ended(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__DevicePushEnded *e = (const Baton__DevicePushEnded *)payload;
    Baton__Device *d = device_of(ap, e->device_id);
    push_forget(ap, e->device_id);
    if (!d)
        return;
    d->push_origin = NULL;
    put(ap, d);
}

void notifications_apply_heard(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__DeviceHeard *e = (const Baton__DeviceHeard *)payload;
    Baton__Device *d = device_of(ap, e->device_id);
    if (!d)
        return;
    heard(ap, d, e->due_us);
    put(ap, d);
}

void notifications_apply_asked(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__DeviceAsked *e = (const Baton__DeviceAsked *)payload;
    Baton__Device *d = device_of(ap, e->device_id);
    if (!d)
        return;
    d->asked_at = timestamp_of(ap->arena, ap->time_us);
    d->has_next_due_us = true;
    d->next_due_us = e->due_us;
    put(ap, d);
}

void notifications_device_pushed(struct apply *ap, const char *device_id, int64_t due_us)
{
    Baton__Device *d = device_of(ap, device_id);
    if (!d)
        return;
    heard(ap, d, due_us);
    d->pushed_at = d->heard_at;
    put(ap, d);
}

void notifications_apply_push_key(struct apply *ap, const ProtobufCMessage *payload)
{
    Baton__PushKey row = BATON__PUSH_KEY__INIT;
    row.id = (char *)PUSH_KEY_ID;
    row.private_key = ((const Baton__PushKeyMade *)payload)->private_key;
    table_put(ap->txn, NOTIFICATIONS_PUSH_KEY, &row, ap->seq, ap->arena);
}
