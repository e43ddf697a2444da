/* The notifications service as a table. */
#include "baton/v1/directory.pb-c.h"
#include "baton/v1/leads.pb-c.h"
#include "services/notifications/rows.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const struct method_row methods[] = {
    {.name = "NotificationService/RegisterDevice",
     .load = notifications_load_own_devices,
     .decide = notifications_decide_register},
    {.name = "NotificationService/RemoveDevice",
     .load = notifications_load_device,
     .decide = notifications_decide_remove},
    {.name = "NotificationService/ListDevices", .query = notifications_query_devices},
    {.name = "NotificationService/MarkDelivered",
     .load = notifications_load_marks,
     .decide = notifications_decide_delivered},
    {.name = "NotificationService/MarkSeen",
     .load = notifications_load_marks,
     .decide = notifications_decide_seen},
    {.name = "NotificationService/ListNotifications", .query = notifications_query_list},
    {.name = "NotificationService/GetNotification", .query = notifications_query_one},
    {.name = "NotificationService/ReadFeed", .query = notifications_query_feed},
};

static const struct follow_row follows[] = {
    {"leads", &baton__lead_assigned__descriptor, notifications_load_owner_devices,
     notifications_decide_assigned},
    {"leads", &baton__lead_deadline_near__descriptor, notifications_load_owner_devices,
     notifications_decide_deadline_near},
    {"directory", &baton__user__descriptor, notifications_load_users_devices, notifications_decide_user},
};

static const struct apply_row applies[] = {
    {&baton__notification_created__descriptor, notifications_apply_created},
    {&baton__notifications_delivered__descriptor, notifications_apply_delivered},
    {&baton__notifications_seen__descriptor, notifications_apply_seen},
    {&baton__device_registered__descriptor, notifications_apply_registered},
    {&baton__device_removed__descriptor, notifications_apply_removed},
};

const struct service_def notifications_service = {
    .name = "notifications",
    .tables = notifications_tables,
    .n_tables = NOTIFICATIONS_TABLES,
    .methods = methods,
    .n_methods = COUNT(methods),
    .follows = follows,
    .n_follows = COUNT(follows),
    .applies = applies,
    .n_applies = COUNT(applies),
};
