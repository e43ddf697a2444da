/* The channels there are. */
#include "services/notifications/channel.h"

static channel_ask_fn *const channels[] = {
    [BATON__CHANNEL__CHANNEL_MAIL] = channel_mail_ask,
    [BATON__CHANNEL__CHANNEL_WEBHOOK] = channel_webhook_ask,
    [BATON__CHANNEL__CHANNEL_PUSH] = channel_push_ask,
    [BATON__CHANNEL__CHANNEL_MQTT] = channel_mqtt_ask,
    [BATON__CHANNEL__CHANNEL_TEMPLATE] = channel_template_ask,
};

void channel_notification(struct load *l, const Baton__ChannelDelivery *d, Baton__Notification *n)
{
    const Baton__Notification *row =
        table_get_id(l->txn, NOTIFICATIONS_NOTIFICATION, d->notification_id, l->arena);
    baton__notification__init(n);
    if (row)
        *n = *row;
    n->n_deliveries = 0;
    n->seen_at = NULL;
    n->seen_on_device_id = NULL;
    if (row)
        return;
    n->id = d->id;
    n->user_id = d->user_id;
    n->created_at = d->created_at;
    n->title = d->letter ? d->letter->subject : NULL;
    n->text = d->letter ? d->letter->text : NULL;
}

const char *channel_link(struct load *l, const char *lead_id)
{
    const Baton__Organisation *o = notifications_organisation(l);
    if (!o || !o->public_url)
        return NULL;
    return lead_id ? arena_printf(l->arena, "%s/#lead=%s", o->public_url, lead_id)
                   : arena_printf(l->arena, "%s/", o->public_url);
}

bool notifications_ask(struct load *l, const ProtobufCMessage *event, struct outbound_request *r)
{
    const Baton__DeliveryAttempted *e = (const Baton__DeliveryAttempted *)event;
    const Baton__ChannelDelivery *d = table_get_id(l->txn, NOTIFICATIONS_DELIVERY, e->delivery_id, l->arena);
    size_t n = sizeof channels / sizeof *channels;
    return d && (size_t)d->channel < n && channels[d->channel] && channels[d->channel](l, d, r);
}
