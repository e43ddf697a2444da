/* Notifications: who should know, on which device, and whether they saw it. This header is what decisions
   see; rows.h is what reads and writes rows. */
#ifndef BATON_NOTIFICATIONS_H
#define BATON_NOTIFICATIONS_H

#include "baton/v1/directory.pb-c.h"
#include "baton/v1/notifications.pb-c.h"
#include "schema/decide.h"

struct service_def;
extern const struct service_def notifications_service;

enum notifications_table {
    NOTIFICATIONS_DEVICE,
    NOTIFICATIONS_NOTIFICATION,
    NOTIFICATIONS_FEED_ITEM,
    NOTIFICATIONS_USER,
    NOTIFICATIONS_TEAM,
    NOTIFICATIONS_ORGANISATION,
    NOTIFICATIONS_TERRITORY,
    NOTIFICATIONS_MAIL_ACCOUNT,
    NOTIFICATIONS_MAIL_PASSWORD,
    NOTIFICATIONS_ENDPOINT,
    NOTIFICATIONS_WEBHOOK_SECRET,
    NOTIFICATIONS_DELIVERY,
    NOTIFICATIONS_LANE,
    NOTIFICATIONS_CHANNEL_SECRET,
    NOTIFICATIONS_BROKER,
    NOTIFICATIONS_TEMPLATE,
    NOTIFICATIONS_DEVICE_PUSH,
    NOTIFICATIONS_PUSH_KEY,
    NOTIFICATIONS_CHAIN,
    NOTIFICATIONS_PREFERENCES,
    NOTIFICATIONS_DIGEST,
    NOTIFICATIONS_FOLLOWER,
    NOTIFICATIONS_ANNOUNCEMENT,
    NOTIFICATIONS_GONE,
    NOTIFICATIONS_ERASURE,
    NOTIFICATIONS_TABLES
};

enum {
    NOTIFICATIONS_DEVICES_MAX = 64, /* of a user */
    NOTIFICATIONS_MARKS_MAX = 100,  /* marked at once */
    DEVICES_PUSHED_MAX = 32,        /* of a user, the newest */
    DELIVERY_WAYS_MAX = NOTIFICATIONS_DEVICES_MAX + 16
};

/* A way to reach somebody besides their streams. */
struct delivery_way {
    Baton__Channel channel;
    const char *lane_id;
    const Baton__Device *device; /* NULL: it leads to none in particular */
};
struct delivery_ways {
    const Baton__User *user; /* NULL: unknown, or not active */
    struct delivery_way *ways;
    size_t n;
};

/* A user's devices. */
struct notifications_devices {
    Baton__Device **devices; /* oldest first */
    size_t n;
    /* Where pushes for the one go that the request means; NULL: none do. */
    const Baton__DevicePush *push;
};

enum notifications_language { LANGUAGE_ENGLISH, LANGUAGE_CHINESE, LANGUAGES };

/* How somebody is spoken to: in their language, with times as their clocks show them. */
struct notifications_voice {
    enum notifications_language language;
    const struct locale_date *date; /* NULL, as `zone`: times are not said */
    const struct worktime *zone;    /* without hours */
};

/* Whoever is to be told: all that their notification can be sent to, and how they want it. */
struct notification_chains;
struct recipient {
    struct notifications_devices devices;
    struct delivery_ways ways;
    struct notifications_voice voice;
    const Baton__NotificationPreferences *preferences; /* NULL: as the program has it */
    const char *zone;                                  /* their clocks', by its IANA name */
    const struct notification_chains *chains;          /* NULL: no records of any */
};
/* Those whom an event names, in its order. */
struct recipients {
    struct recipient *all;
    size_t n;
};

/* What a device wants to mark. */
struct notifications_marks {
    const Baton__Device *device; /* the one the request names; NULL: none, or there is no such device */
    Baton__Notification **rows;  /* of the ids in the request, each once, those that exist */
    size_t n;
    struct notifications_devices own; /* the user's, where pushes have brought them some of it */
};

/* Our own key, as it is found out beside the loop. */
struct push_key {
    uint8_t own[32], public[65];
    bool is_known;
};

/* One device and where pushes for it go. */
struct device_facts {
    const Baton__Device *device;   /* NULL: there is none */
    const Baton__DevicePush *push; /* NULL: none do */
};

/* Nobody has to look at it any more. */
static inline bool notification_is_settled(const Baton__Notification *n)
{
    return n->seen_at && (!n->must_acknowledge || n->acknowledged_at);
}

decide_fn notifications_decide_register, notifications_decide_remove;
/* decide_device.c */
decide_fn notifications_decide_push, notifications_decide_push_key, notifications_decide_boot,
    notifications_decide_device_due;
/* Sets it where it is another; the origin it goes to is written to the device. False: it is none. */
bool device_push_set(Baton__Device *d, Baton__PushSubscription *push, const Baton__DevicePush *before,
                     struct stamp *s, struct outcome *out);
/* Nothing goes to it any more. */
void device_push_ended(const char *device_id, const char *reason, struct outcome *out);
/* A sign of life; once a day it is written down. */
void device_heard(const Baton__Device *d, struct stamp *s, struct outcome *out);
/* When it will be asked whether it is still there. */
int64_t device_due_us(const struct stamp *s);
/* `reason` NULL: its user wished it, or left. */
void device_remove(const Baton__Device *d, const char *reason, struct outcome *out);
decide_fn notifications_decide_delivered, notifications_decide_seen, notifications_decide_mark_acknowledged;
/* What other services say. */
decide_fn notifications_decide_assigned, notifications_decide_deadline_near, notifications_decide_user,
    notifications_decide_escalated;
decide_fn notifications_decide_deadline_passed, notifications_decide_converted, notifications_decide_merged,
    notifications_decide_skipped;
/* decide_contacts.c */
decide_fn notifications_decide_mentioned;
/* decide_activities.c */
decide_fn notifications_decide_reminded;
/* decide_documents.c */
decide_fn notifications_decide_document_news, notifications_decide_collateral_news;
/* decide_opportunities.c */
decide_fn notifications_decide_deal_news;

#endif
