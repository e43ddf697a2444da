/* The contacts service as a table. */
#include "baton/v1/leads.pb-c.h"
#include "service/handover.h"
#include "services/contacts/rows.h"

static const struct method_row methods[] = {
    {.name = "ContactService/GetQuality", .query = contacts_query_quality},
    {.name = "ContactService/ConfirmFields",
     .load = contacts_load_confirm,
     .decide = contacts_decide_confirm},
    {.name = "ContactService/ListToMend", .query = contacts_query_mend},
    {.name = "ContactService/GetQualityReport", .query = contacts_query_report},
    {.name = "ContactService/ListNearby", .query = contacts_query_nearby},
};

static const char *const organisation_fields[] = {"id", "locale", NULL};
static const char *const place_fields[] = {"id",          "country",      "postal_code", "name",
                                           "latitude_e6", "longitude_e6", NULL};

static const struct copy_row copies[] = {
    {"directory", CONTACTS_ORGANISATION, organisation_fields},
    {"leads", CONTACTS_PLACE, place_fields},
};

static const struct follow_row follows[] = {
    {"leads", &baton__lead_converted__descriptor, contacts_load_converted, contacts_decide_converted},
    {"directory", &baton__user_left__descriptor, NULL, handover_decide_begin},
};

static const struct timer_row timers[] = {
    {CONTACTS_HANDOVER, handover_load, handover_decide_step},
    {CONTACTS_QUALITY, contacts_load_judge, contacts_decide_judge},
    {CONTACTS_QUALITY_SWEEP, contacts_load_sweep, contacts_decide_sweep},
};

static const struct apply_row applies[] = {
    {&baton__handover_advanced__descriptor, handover_apply},
    {&baton__account__descriptor, contacts_apply_record},
    {&baton__account__descriptor, contacts_apply_position},
    {&baton__contact__descriptor, contacts_apply_record},
    {&baton__quality_judged__descriptor, contacts_apply_judged},
    {&baton__fields_confirmed__descriptor, contacts_apply_confirmed},
    {&baton__place__descriptor, contacts_apply_place},
    {&baton__place__descriptor, contacts_apply_sweep_all},
    {&baton__organisation__descriptor, contacts_apply_sweep_all},
    {&baton__quality_rule__descriptor, contacts_apply_sweep_all},
    {&baton__quality_sweep_advanced__descriptor, contacts_apply_swept},
};

static const struct record_row records[] = {
    {CONTACTS_ACCOUNT, contacts_check_account, contacts_load_account},
    {CONTACTS_CONTACT, contacts_check_contact, contacts_load_contact},
    {CONTACTS_ACTIVITY, contacts_check_activity, contacts_load_about},
    {CONTACTS_NOTE, contacts_check_note, contacts_load_about},
    {CONTACTS_QUALITY_RULE, contacts_check_quality_rule, contacts_load_rules},
};

const struct service_def contacts_service = {
    .name = "contacts",
    .tables = contacts_tables,
    .n_tables = CONTACTS_TABLES,
    .methods = methods,
    .n_methods = sizeof methods / sizeof *methods,
    .copies = copies,
    .n_copies = sizeof copies / sizeof *copies,
    .boot_load = contacts_load_boot,
    .boot = contacts_decide_boot,
    .follows = follows,
    .n_follows = sizeof follows / sizeof *follows,
    .timers = timers,
    .n_timers = sizeof timers / sizeof *timers,
    .applies = applies,
    .n_applies = sizeof applies / sizeof *applies,
    .records = records,
    .n_records = sizeof records / sizeof *records,
};
