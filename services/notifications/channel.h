/* How each channel says a delivery to the other side. */
#ifndef BATON_NOTIFICATIONS_CHANNEL_H
#define BATON_NOTIFICATIONS_CHANNEL_H

#include "services/notifications/rows.h"

/* What is asked of whom, in the arena. False: nothing can be; the attempt ends as forgotten. */
typedef bool channel_ask_fn(struct load *l, const Baton__ChannelDelivery *d, struct outbound_request *r);
channel_ask_fn channel_mail_ask, channel_webhook_ask, channel_push_ask, channel_mqtt_ask,
    channel_template_ask;

/* What a delivery tells its user of: its notification, without what became of it, or what a trial says. */
void channel_notification(struct load *l, const Baton__ChannelDelivery *d, Baton__Notification *n);
/* Where the user finds the lead, or the page; NULL: nobody has said where Baton is reached. */
const char *channel_link(struct load *l, const char *lead_id);

#endif
