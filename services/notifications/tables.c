/* The tables of notifications. */
#include "services/notifications/rows.h"

const struct table_def notifications_tables[NOTIFICATIONS_TABLES] = {
    [NOTIFICATIONS_DEVICE] = {"device", &baton__device__descriptor},
    [NOTIFICATIONS_NOTIFICATION] = {"notification", &baton__notification__descriptor},
    [NOTIFICATIONS_FEED_ITEM] = {"feed_item", &baton__feed_item__descriptor},
};
