/* What reads and writes the rows of notifications: the functions behind the tables in service.c. */
#ifndef BATON_NOTIFICATIONS_ROWS_H
#define BATON_NOTIFICATIONS_ROWS_H

#include "service/service.h"
#include "services/notifications/notifications.h"

extern const struct table_def notifications_tables[NOTIFICATIONS_TABLES];

/* load.c */
load_fn notifications_load_own_devices, notifications_load_device, notifications_load_marks;
load_fn notifications_load_owner_devices, notifications_load_users_devices;
void notifications_devices_of(struct load *l, const char *user_id, struct notifications_devices *f);

/* query.c */
query_fn notifications_query_devices, notifications_query_one;
/* query_feed.c */
query_fn notifications_query_feed, notifications_query_list;

/* apply.c */
apply_fn notifications_apply_created, notifications_apply_delivered, notifications_apply_seen;
apply_fn notifications_apply_registered, notifications_apply_removed;

#endif
