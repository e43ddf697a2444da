/* The notifications service as a table. */
#include "baton/v1/collateral.pb-c.h"
#include "baton/v1/contacts.pb-c.h"
#include "baton/v1/directory.pb-c.h"
#include "baton/v1/documents.pb-c.h"
#include "baton/v1/leads.pb-c.h"
#include "baton/v1/opportunities.pb-c.h"
#include "baton/v1/quotes.pb-c.h"
#include "services/notifications/erase.h"
#include "services/notifications/followers.h"
#include "services/notifications/mqtt.h"
#include "services/notifications/preferences.h"
#include "services/notifications/quote_letter.h"
#include "services/notifications/rows.h"
#include "services/notifications/template.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const struct method_row methods[] = {
    {.name = "NotificationService/RegisterDevice",
     .load = notifications_load_register,
     .decide = notifications_decide_register},
    {.name = "NotificationService/RemoveDevice",
     .load = notifications_load_device,
     .decide = notifications_decide_remove},
    {.name = "NotificationService/SetPushSubscription",
     .load = notifications_load_push,
     .decide = notifications_decide_push},
    {.name = "NotificationService/GetPushKey",
     .decide = notifications_decide_push_key,
     .slow = &notifications_push_key},
    {.name = "NotificationService/ListDevices", .query = notifications_query_devices},
    {.name = "NotificationService/MarkDelivered",
     .load = notifications_load_marks,
     .decide = notifications_decide_delivered},
    {.name = "NotificationService/MarkSeen",
     .load = notifications_load_marks,
     .decide = notifications_decide_seen},
    {.name = "NotificationService/MarkAcknowledged",
     .load = notifications_load_marks,
     .decide = notifications_decide_mark_acknowledged},
    {.name = "NotificationService/ListNotifications", .query = notifications_query_list},
    {.name = "NotificationService/GetNotification", .query = notifications_query_one},
    {.name = "NotificationService/ReadFeed", .query = notifications_query_feed},
    {.name = "NotificationService/ListDeliveries", .query = notifications_query_deliveries},
    {.name = "NotificationService/ListPersonMessages", .query = notifications_query_person},
    {.name = "NotificationService/ReplayDelivery",
     .load = notifications_load_replay,
     .decide = notifications_decide_replay},
    {.name = "NotificationService/TestDelivery",
     .load = notifications_load_test,
     .decide = notifications_decide_test},
    {.name = "NotificationService/IssueWebhookSecret",
     .load = notifications_load_secret,
     .decide = notifications_decide_secret},
    {.name = "NotificationService/SetMailPassword",
     .load = notifications_load_mail_account,
     .decide = notifications_decide_mail_password},
    {.name = "NotificationService/SetChannelSecret",
     .load = notifications_load_secret_owner,
     .decide = notifications_decide_channel_secret},
    {.name = "NotificationService/GetPreferences", .query = notifications_query_preferences},
    {.name = "NotificationService/SetPreferences", .decide = notifications_decide_preferences},
    {.name = "NotificationService/Announce",
     .load = notifications_load_announce,
     .decide = notifications_decide_announce},
};

/* Who is told, in which language and at which hours; whom they report to; what holds where a user says
 * nothing.
 */
static const char *const territory_fields[] = {"id", "parent_id", NULL};

static const struct copy_row copies[] = {
    {"directory", NOTIFICATIONS_USER, NULL, NULL},
    {"directory", NOTIFICATIONS_TEAM, NULL, NULL},
    {"directory", NOTIFICATIONS_ORGANISATION, NULL, NULL},
    {"directory", NOTIFICATIONS_TERRITORY, territory_fields, NULL},
};

/* Of one event the rows run in this order: what was asked about a lead before ends before more is asked. */
static const struct follow_row follows[] = {
    {"leads", &baton__lead_assigned__descriptor, notifications_load_open, notifications_decide_acted},
    {"leads", &baton__lead_accepted__descriptor, notifications_load_open, notifications_decide_acted},
    {"leads", &baton__lead_declined__descriptor, notifications_load_open, notifications_decide_acted},
    {"leads", &baton__lead_paused__descriptor, notifications_load_open, notifications_decide_acted},
    {"leads", &baton__lead_recycled__descriptor, notifications_load_open, notifications_decide_acted},
    {"leads", &baton__lead_converted__descriptor, notifications_load_open, notifications_decide_acted},
    {"leads", &baton__lead_closed__descriptor, notifications_load_open, notifications_decide_acted},
    {"leads", &baton__leads_merged__descriptor, notifications_load_merged_away, notifications_decide_acted},
    {"leads", &baton__lead_assigned__descriptor, notifications_load_owner, notifications_decide_assigned},
    {"leads", &baton__lead_deadline_near__descriptor, notifications_load_owner,
     notifications_decide_deadline_near},
    {"leads", &baton__lead_escalated__descriptor, notifications_load_managers,
     notifications_decide_escalated},
    {"leads", &baton__lead_deadline_passed__descriptor, notifications_load_owner,
     notifications_decide_deadline_passed},
    {"leads", &baton__lead_converted__descriptor, notifications_load_above, notifications_decide_converted},
    {"leads", &baton__leads_merged__descriptor, notifications_load_owner, notifications_decide_merged},
    {"leads", &baton__rule_skipped__descriptor, notifications_load_admins, notifications_decide_skipped},
    {"leads", &baton__lead_assigned__descriptor, notifications_load_endpoints, notifications_decide_webhook},
    {"leads", &baton__lead_accepted__descriptor, notifications_load_endpoints, notifications_decide_webhook},
    {"leads", &baton__lead_declined__descriptor, notifications_load_endpoints, notifications_decide_webhook},
    {"leads", &baton__lead_escalated__descriptor, notifications_load_endpoints, notifications_decide_webhook},
    {"leads", &baton__lead_converted__descriptor, notifications_load_endpoints, notifications_decide_webhook},
    {"leads", &baton__lead_closed__descriptor, notifications_load_endpoints, notifications_decide_webhook},
    {"leads", &baton__lead_reopened__descriptor, notifications_load_endpoints, notifications_decide_webhook},
    {"leads", &baton__leads_merged__descriptor, notifications_load_endpoints, notifications_decide_webhook},
    {"leads", &baton__lead_acknowledged__descriptor, notifications_load_ways,
     notifications_decide_acknowledged},
    {"leads", &baton__lead_followed__descriptor, NULL, notifications_decide_followed},
    {"leads", &baton__lead_assigned__descriptor, notifications_load_followers, notifications_decide_news},
    {"leads", &baton__lead_accepted__descriptor, notifications_load_followers, notifications_decide_news},
    {"leads", &baton__lead_converted__descriptor, notifications_load_followers, notifications_decide_news},
    {"leads", &baton__lead_closed__descriptor, notifications_load_followers, notifications_decide_news},
    {"leads", &baton__lead_reopened__descriptor, notifications_load_followers, notifications_decide_news},
    {"directory", &baton__user__descriptor, notifications_load_users_devices, notifications_decide_user},
    {"contacts", &baton__note_mentioned__descriptor, notifications_load_mentioned,
     notifications_decide_mentioned},
    {"opportunities", &baton__quote_sent__descriptor, notifications_load_quote_sent,
     notifications_decide_quote_sent},
    {"contacts", &baton__activity_reminder_due__descriptor, notifications_load_reminded,
     notifications_decide_reminded},
    {"opportunities", &baton__opportunity_news__descriptor, notifications_load_deal_news,
     notifications_decide_deal_news},
    {"documents", &baton__document_news__descriptor, notifications_load_document_news,
     notifications_decide_document_news},
    {"documents", &baton__collateral_news__descriptor, notifications_load_collateral_news,
     notifications_decide_collateral_news},
    {"leads", &baton__person_erased__descriptor, NULL, notifications_decide_erased},
    {"contacts", &baton__person_erased__descriptor, NULL, notifications_decide_erased},
};

static const struct timer_row timers[] = {
    {NOTIFICATIONS_DELIVERY, notifications_load_delivery_due, notifications_decide_delivery_due},
    {NOTIFICATIONS_DEVICE, NULL, notifications_decide_device_due},
    {NOTIFICATIONS_NOTIFICATION, notifications_load_chain_due, notifications_decide_chain_due},
    {NOTIFICATIONS_LANE, notifications_load_lane, notifications_decide_lane_due},
    {NOTIFICATIONS_DIGEST, notifications_load_digest, notifications_decide_digest},
    {NOTIFICATIONS_ANNOUNCEMENT, notifications_load_announcement, notifications_decide_announcement},
    {NOTIFICATIONS_ERASURE, notifications_load_erasure, notifications_decide_erasure},
};

static const struct effect_row effects[] = {
    {&baton__delivery_attempted__descriptor, notifications_ask, notifications_load_result,
     notifications_decide_result},
};

static const struct record_row records[] = {
    {.table = NOTIFICATIONS_MAIL_ACCOUNT, .check = notifications_check_mail_account},
    {.table = NOTIFICATIONS_CHAIN, .check = notifications_check_chain},
    {.table = NOTIFICATIONS_ENDPOINT, .check = notifications_check_endpoint},
    {.table = NOTIFICATIONS_BROKER, .check = notifications_check_broker},
    {.table = NOTIFICATIONS_TEMPLATE, .check = notifications_check_template},
};

static const struct apply_row applies[] = {
    {&baton__notification_created__descriptor, notifications_apply_created},
    {&baton__notifications_delivered__descriptor, notifications_apply_delivered},
    {&baton__notifications_seen__descriptor, notifications_apply_seen},
    {&baton__notifications_acknowledged__descriptor, notifications_apply_acknowledged},
    {&baton__notification_chain_moved__descriptor, notifications_apply_chain},
    {&baton__device_registered__descriptor, notifications_apply_registered},
    {&baton__device_removed__descriptor, notifications_apply_removed},
    {&baton__device_push_set__descriptor, notifications_apply_push_set},
    {&baton__device_push_ended__descriptor, notifications_apply_push_ended},
    {&baton__device_heard__descriptor, notifications_apply_heard},
    {&baton__device_asked__descriptor, notifications_apply_asked},
    {&baton__push_key_made__descriptor, notifications_apply_push_key},
    {&baton__delivery_lane_alarmed__descriptor, notifications_apply_alarmed},
    {&baton__delivery_armed__descriptor, notifications_apply_armed},
    {&baton__delivery_queued__descriptor, notifications_apply_queued},
    {&baton__delivery_attempted__descriptor, notifications_apply_attempted},
    {&baton__delivery_succeeded__descriptor, notifications_apply_succeeded},
    {&baton__delivery_failed__descriptor, notifications_apply_failed},
    {&baton__delivery_ended__descriptor, notifications_apply_ended},
    {&baton__delivery_replayed__descriptor, notifications_apply_replayed},
    {&baton__delivery_lane_moved__descriptor, notifications_apply_lane},
    {&baton__mail_password_set__descriptor, notifications_apply_mail_password},
    {&baton__channel_secret_set__descriptor, notifications_apply_channel_secret},
    {&baton__webhook_secret_issued__descriptor, notifications_apply_secret},
    {&baton__delivery_held__descriptor, notifications_apply_held},
    {&baton__preferences_set__descriptor, notifications_apply_preferences},
    {&baton__digest_sent__descriptor, notifications_apply_digest},
    {&baton__lead_follower_changed__descriptor, notifications_apply_follower},
    {&baton__announcement_made__descriptor, notifications_apply_announced},
    {&baton__announcement_advanced__descriptor, notifications_apply_announcement},
    {&baton__person_erased__descriptor, notifications_apply_erased},
    {&baton__messages_erased__descriptor, notifications_apply_messages_erased},
};

const struct service_def notifications_service = {
    .name = "notifications",
    .tables = notifications_tables,
    .n_tables = NOTIFICATIONS_TABLES,
    .form = 1,
    .methods = methods,
    .n_methods = COUNT(methods),
    .follows = follows,
    .n_follows = COUNT(follows),
    .copies = copies,
    .n_copies = COUNT(copies),
    .timers = timers,
    .n_timers = COUNT(timers),
    .effects = effects,
    .n_effects = COUNT(effects),
    .records = records,
    .n_records = COUNT(records),
    .applies = applies,
    .n_applies = COUNT(applies),
    .boot_load = notifications_load_boot,
    .boot = notifications_decide_boot,
    .state_new = notifications_state_new,
    .state_free = notifications_state_free,
};
