/* What notifications are asked about single things: one's devices, one notification. */
#include <string.h>

#include "services/notifications/rows.h"

bool notifications_query_devices(struct load *l, const struct command *c, ProtobufCMessage **reply,
                                 struct refusal *no)
{
    struct notifications_devices own = {0};
    Baton__ListDevicesResponse *r = ARENA_NEW(l->arena, Baton__ListDevicesResponse);
    baton__list_devices_response__init(r);
    notifications_devices_of(l, c->actor->user_id, &own);
    r->devices = own.devices;
    r->n_devices = own.n;
    *reply = &r->base;
    return true;
}

/* One's own only; of others one does not even learn that they are there. */
bool notifications_query_one(struct load *l, const struct command *c, ProtobufCMessage **reply,
                             struct refusal *no)
{
    const Baton__GetNotificationRequest *q = (const Baton__GetNotificationRequest *)c->request;
    Baton__Notification *n = table_get_id(l->txn, NOTIFICATIONS_NOTIFICATION, q->id, l->arena);
    if (!n || !c->actor->user_id || strcmp(n->user_id, c->actor->user_id) != 0)
        return refuse(no, REFUSAL_NOT_FOUND, "id", "there is no such notification");
    Baton__GetNotificationResponse *r = ARENA_NEW(l->arena, Baton__GetNotificationResponse);
    baton__get_notification_response__init(r);
    r->notification = n;
    *reply = &r->base;
    return true;
}
