/* What reads and writes the rows of notifications: the functions behind the tables in service.c. */
#ifndef BATON_NOTIFICATIONS_ROWS_H
#define BATON_NOTIFICATIONS_ROWS_H

#include "service/service.h"
#include "services/notifications/chain.h"

extern const struct table_def notifications_tables[NOTIFICATIONS_TABLES];
#define PUSH_KEY_ID "push" /* of its only row */

/* load.c */
load_fn notifications_load_quote_sent;
load_fn notifications_load_device, notifications_load_marks;
load_fn notifications_load_owner, notifications_load_managers, notifications_load_above,
    notifications_load_users_devices, notifications_load_admins, notifications_load_mentioned,
    notifications_load_reminded, notifications_load_deal_news, notifications_load_document_news,
    notifications_load_collateral_news;
/* Those who administrate, and all that they can be told by; at most ADMINS_TOLD_MAX. */
void notifications_admins_of(struct load *l, struct recipients *f);
/* To any device. */
bool notification_is_pushed(const Baton__Notification *n);
void notifications_devices_of(struct load *l, const char *user_id, struct notifications_devices *f);
void notifications_recipient(struct load *l, const char *user_id, struct recipient *r);
/* NULL: it has not come yet. */
const Baton__Organisation *notifications_organisation(struct load *l);

/* load_preferences.c */
load_fn notifications_load_digest;
query_fn notifications_query_preferences;
void *notifications_state_new(void);
void notifications_state_free(void *state);
/* Of whoever `ways` says works here. */
void notifications_wishes_of(struct load *l, const char *user_id, struct recipient *r);
/* Its user is not disturbed before; 0: it can go now. */
int64_t notifications_held_until(struct load *l, const Baton__ChannelDelivery *d);

/* load_followers.c */
load_fn notifications_load_followers, notifications_load_announce, notifications_load_announcement;

/* load_device.c */
load_fn notifications_load_register, notifications_load_push, notifications_load_boot;
extern const struct slow_part notifications_push_key; /* a struct push_key */

/* load_delivery.c */
load_fn notifications_load_delivery_due, notifications_load_lane, notifications_load_result;
load_fn notifications_load_replay, notifications_load_test, notifications_load_ways,
    notifications_load_mail_account, notifications_load_secret_owner, notifications_load_endpoints,
    notifications_load_secret;
/* `user_id` NULL: of somebody who does not work here. */
void notifications_ways_of(struct load *l, const char *user_id, const struct notifications_devices *devices,
                           struct delivery_ways *w);
/* Whom the outside can ask about this deployment, an e-mail address; NULL: nobody. */
const char *notifications_contact(struct load *l);
/* How many are dead, and how many have not ended. */
uint64_t notifications_deliveries_count(struct load *l, uint64_t *open);

/* What lets us in at that mail account, broker or template's service; NULL: nothing has been given. */
const char *notifications_secret_of(struct load *l, const char *id);

/* load_chain.c */
load_fn notifications_load_chain_due, notifications_load_open, notifications_load_merged_away;
/* Every record there is; in the arena. */
const struct notification_chains *notifications_chains(struct load *l);

/* load_erase.c, apply_erase.c */
load_fn notifications_load_erasure;
apply_fn notifications_apply_erased, notifications_apply_messages_erased;

/* channel.c */
bool notifications_ask(struct load *l, const ProtobufCMessage *event, struct outbound_request *r);

/* query.c */
query_fn notifications_query_devices, notifications_query_one;
/* query_feed.c */
query_fn notifications_query_feed, notifications_query_list;
/* query_delivery.c */
query_fn notifications_query_deliveries;
/* query_person.c */
query_fn notifications_query_person;

/* apply.c */
apply_fn notifications_apply_created, notifications_apply_delivered, notifications_apply_seen,
    notifications_apply_acknowledged, notifications_apply_chain;
/* apply_device.c */
apply_fn notifications_apply_registered, notifications_apply_removed, notifications_apply_push_set,
    notifications_apply_push_ended, notifications_apply_heard, notifications_apply_asked,
    notifications_apply_push_key;
/* A push service took something for it. */
void notifications_device_pushed(struct apply *ap, const char *device_id, int64_t due_us);
/* apply_delivery.c */
apply_fn notifications_apply_armed, notifications_apply_queued, notifications_apply_attempted,
    notifications_apply_succeeded, notifications_apply_failed, notifications_apply_ended,
    notifications_apply_replayed, notifications_apply_lane, notifications_apply_mail_password,
    notifications_apply_channel_secret, notifications_apply_secret, notifications_apply_alarmed,
    notifications_apply_held;
/* apply_preferences.c */
apply_fn notifications_apply_preferences, notifications_apply_digest, notifications_apply_follower,
    notifications_apply_announced, notifications_apply_announcement;

#endif
