/* Notifications: who should know, on which device, and whether they saw it. This header is what decisions
   see; rows.h is what reads and writes rows. */
#ifndef BATON_NOTIFICATIONS_H
#define BATON_NOTIFICATIONS_H

#include "baton/v1/notifications.pb-c.h"
#include "schema/decide.h"

struct service_def;
extern const struct service_def notifications_service;

enum notifications_table {
    NOTIFICATIONS_DEVICE,
    NOTIFICATIONS_NOTIFICATION,
    NOTIFICATIONS_FEED_ITEM,
    NOTIFICATIONS_TABLES
};

enum {
    NOTIFICATIONS_DEVICES_MAX = 64, /* of a user */
    NOTIFICATIONS_MARKS_MAX = 100   /* marked at once */
};

/* A user's devices. */
struct notifications_devices {
    Baton__Device **devices; /* oldest first */
    size_t n;
};

/* What a device wants to mark. */
struct notifications_marks {
    const Baton__Device *device; /* the one the request names; NULL: none, or there is no such device */
    Baton__Notification **rows;  /* of the ids in the request, each once, those that exist */
    size_t n;
};

decide_fn notifications_decide_register, notifications_decide_remove;
decide_fn notifications_decide_delivered, notifications_decide_seen;
/* What other services say. */
decide_fn notifications_decide_assigned, notifications_decide_deadline_near, notifications_decide_user;

#endif
