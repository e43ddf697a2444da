/* The tables of notifications. */
#include "baton/v1/directory.pb-c.h"
#include "baton/v1/record.pb-c.h"
#include "services/notifications/rows.h"

const struct table_def notifications_tables[NOTIFICATIONS_TABLES] = {
    [NOTIFICATIONS_DEVICE] = {"device", &baton__device__descriptor},
    [NOTIFICATIONS_NOTIFICATION] = {"notification", &baton__notification__descriptor},
    [NOTIFICATIONS_FEED_ITEM] = {"feed_item", &baton__feed_item__descriptor},
    [NOTIFICATIONS_USER] = {"user", &baton__user__descriptor},
    [NOTIFICATIONS_TEAM] = {"team", &baton__team__descriptor},
    [NOTIFICATIONS_ORGANISATION] = {"organisation", &baton__organisation__descriptor},
    [NOTIFICATIONS_TERRITORY] = {"territory", &baton__territory__descriptor},
    [NOTIFICATIONS_MAIL_ACCOUNT] = {"mail_account", &baton__mail_account__descriptor},
    [NOTIFICATIONS_MAIL_PASSWORD] = {"mail_password", &baton__mail_password__descriptor},
    [NOTIFICATIONS_ENDPOINT] = {"webhook_endpoint", &baton__webhook_endpoint__descriptor},
    [NOTIFICATIONS_WEBHOOK_SECRET] = {"webhook_secret", &baton__webhook_secret__descriptor},
    [NOTIFICATIONS_DELIVERY] = {"delivery", &baton__channel_delivery__descriptor},
    [NOTIFICATIONS_CHAIN] = {"notification_chain", &baton__notification_chain__descriptor},
    [NOTIFICATIONS_LANE] = {"lane", &baton__delivery_lane__descriptor},
    [NOTIFICATIONS_CHANNEL_SECRET] = {"channel_secret", &baton__channel_secret__descriptor},
    [NOTIFICATIONS_BROKER] = {"mqtt_broker", &baton__mqtt_broker__descriptor},
    [NOTIFICATIONS_TEMPLATE] = {"http_template", &baton__http_template__descriptor},
    [NOTIFICATIONS_DEVICE_PUSH] = {"device_push", &baton__device_push__descriptor},
    [NOTIFICATIONS_PUSH_KEY] = {"push_key", &baton__push_key__descriptor},
    [NOTIFICATIONS_PREFERENCES] = {"preferences", &baton__notification_preferences__descriptor},
    [NOTIFICATIONS_DIGEST] = {"digest", &baton__digest__descriptor},
    [NOTIFICATIONS_FOLLOWER] = {"follower", &baton__lead_follower__descriptor},
    [NOTIFICATIONS_ANNOUNCEMENT] = {"announcement", &baton__announcement__descriptor},
    [NOTIFICATIONS_GONE] = {"gone", &baton__gone_record__descriptor},
    [NOTIFICATIONS_ERASURE] = {"erasure", &baton__erasure__descriptor},
};
