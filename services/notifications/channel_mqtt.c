/* A notification as a message under its user's topic. */
#include "services/notifications/channel.h"
#include "services/notifications/mqtt.h"

enum { MESSAGE_MAX = 64 << 10 };

bool channel_mqtt_ask(struct load *l, const Baton__ChannelDelivery *d, struct outbound_request *r)
{
    const Baton__MqttBroker *b = table_get_id(l->txn, NOTIFICATIONS_BROKER, d->lane_id, l->arena);
    Baton__Notification n;
    struct buffer message;
    if (!b)
        return false;
    channel_notification(l, d, &n);
    buffer_init(&message, MESSAGE_MAX);
    bool good = schema_to_json(&n.base, 0, &message);
    r->kind = OUTBOUND_MQTT;
    r->url = b->url;
    r->from = arena_printf(l->arena, "baton-%s", d->id);
    r->to = mqtt_topic(b, d->user_id, l->arena);
    r->user = b->user_name;
    r->secret = notifications_secret_of(l, d->lane_id);
    r->body = bytes_text(arena_strdup(l->arena, buffer_cstr(&message)));
    buffer_release(&message);
    return good;
}
