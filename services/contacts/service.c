/* The contacts service as a table. */
#include "baton/v1/leads.pb-c.h"
#include "baton/v1/opportunities.pb-c.h"
#include "service/handover.h"
#include "services/contacts/erase.h"
#include "services/contacts/rows.h"

static const struct method_row methods[] = {
    {.name = "ContactService/GetKeyAccount", .query = contacts_query_key_account},
    {.name = "ContactService/GetConsent", .query = contacts_query_consent},
    {.name = "ContactListService/ImportContacts",
     .load = contacts_load_import,
     .decide = contacts_decide_import},
    {.name = "ContactListService/UndoImport", .load = contacts_load_undo, .decide = contacts_decide_undo},
    {.name = "ContactListService/ExportRecords",
     .load = contacts_load_export,
     .decide = contacts_decide_export},
    {.name = "ContactListService/ExportPerson",
     .load = contacts_load_person,
     .decide = contacts_decide_person},
    {.name = "ContactListService/GetImport", .query = contacts_query_import},
    {.name = "ContactListService/ListImports", .query = contacts_query_imports},
    {.name = "ContactService/SearchContacts", .query = contacts_query_search},
    {.name = "ContactService/ListOccurrences", .query = contacts_query_occurrences},
    {.name = "ContactService/GetFreeBusy", .query = contacts_query_busy},
    {.name = "ContactService/ListWithoutNextActivity", .query = contacts_query_without},
    {.name = "ContactService/GetTimeline", .query = contacts_query_timeline},
    {.name = "ContactService/LookUpCaller", .query = contacts_query_caller},
    {.name = "ContactService/ExportCalendar", .query = contacts_query_export},
    {.name = "ContactService/LogCall", .load = contacts_load_call, .decide = contacts_decide_call},
    {.name = "ContactService/GetQuality", .query = contacts_query_quality},
    {.name = "ContactService/ConfirmFields",
     .load = contacts_load_confirm,
     .decide = contacts_decide_confirm},
    {.name = "ContactService/ListToMend", .query = contacts_query_mend},
    {.name = "ContactService/GetQualityReport", .query = contacts_query_report},
    {.name = "ContactService/ListNearby", .query = contacts_query_nearby},
    {.name = "ContactService/ListAccess", .query = contacts_query_access},
    {.name = "ContactService/ErasePerson", .load = contacts_load_erase, .decide = contacts_decide_erase},
    {.name = "LetterService/MakeLetters", .load = contacts_load_letters, .decide = contacts_decide_letters},
    {.name = "LetterService/DrawLetters", .query = contacts_query_letters, .aside = contacts_letters_aside},
    {.name = "DuplicateService/CheckDuplicates", .query = contacts_query_check},
    {.name = "DuplicateService/ListDuplicates", .query = contacts_query_duplicates},
    {.name = "DuplicateService/DismissDuplicate",
     .load = contacts_load_dismiss,
     .decide = contacts_decide_dismiss},
    {.name = "DuplicateService/SweepDuplicates", .load = contacts_load_look, .decide = contacts_decide_look},
    {.name = "DuplicateService/MergeContacts",
     .load = contacts_load_merge_contacts,
     .decide = contacts_decide_merge},
    {.name = "DuplicateService/UnmergeContacts",
     .load = contacts_load_unmerge_contacts,
     .decide = contacts_decide_unmerge},
    {.name = "DuplicateService/MergeAccounts",
     .load = contacts_load_merge_accounts,
     .decide = contacts_decide_merge},
    {.name = "DuplicateService/UnmergeAccounts",
     .load = contacts_load_unmerge_accounts,
     .decide = contacts_decide_unmerge},
};

static const struct gathered_row gathered = {contacts_access_due, contacts_load_looked,
                                             contacts_decide_looked};

static const struct follow_row follows[] = {
    {"leads", &baton__lead_converted__descriptor, contacts_load_converted, contacts_decide_converted},
    {"leads", &baton__lead_converted__descriptor, contacts_load_lead_about, contacts_decide_converted_noted},
    {"leads", &baton__lead_captured__descriptor, contacts_load_lead_about, contacts_decide_lead_noted},
    {"opportunities", &baton__opportunity__descriptor, NULL, contacts_decide_opportunity_noted},
    {"opportunities", &baton__opportunity__descriptor, contacts_load_custom_used,
     contacts_decide_custom_used},
    {"directory", &baton__user_left__descriptor, NULL, handover_decide_begin},
};

/* Who can be mentioned, by which name they write, and who works with whom. */
static const char *const user_fields[] = {"id",      "email",     "name",          "role", "status",
                                          "team_id", "time_zone", "territory_ids", NULL};
static const char *const team_fields[] = {"id", "manager_id", "parent_id", NULL};
/* By whose clocks a time is meant, where a number without a country is dialled, and who reaches whose
 * records.
 */
static const char *const organisation_fields[] = {"id", "time_zone", "locale", "customer_access", NULL};

static const char *const place_fields[] = {"id",          "country",      "postal_code", "name",
                                           "latitude_e6", "longitude_e6", NULL};

static const struct copy_row copies[] = {
    {"directory", CONTACTS_USER, user_fields, NULL},
    {"directory", CONTACTS_TEAM, team_fields, NULL},
    {"directory", CONTACTS_ORGANISATION, organisation_fields, NULL},
    {"leads", CONTACTS_PLACE, place_fields, NULL},
};

static const struct timer_row timers[] = {
    {CONTACTS_HANDOVER, handover_load, handover_decide_step},
    {CONTACTS_PLACING, contacts_load_due, contacts_decide_due},
    {CONTACTS_QUALITY, contacts_load_judge, contacts_decide_judge},
    {CONTACTS_QUALITY_SWEEP, contacts_load_sweep, contacts_decide_sweep},
    {CONTACTS_SEARCHED, contacts_load_searched, contacts_decide_searched},
};

static const struct apply_row applies[] = {
    {&baton__handover_advanced__descriptor, handover_apply},
    {&baton__consent__descriptor, contacts_apply_consent},
    {&baton__contact__descriptor, contacts_apply_contact_key},
    {&baton__account__descriptor, contacts_apply_account_key},
    {&baton__contacts_imported__descriptor, contacts_apply_imported},
    {&baton__import_undone__descriptor, contacts_apply_undone},
    {&baton__account__descriptor, contacts_apply_account},
    {&baton__contact__descriptor, contacts_apply_contact},
    {&baton__custom_field__descriptor, contacts_apply_custom_field},
    {&baton__search_sweep_advanced__descriptor, contacts_apply_searched},
    {&baton__account__descriptor, contacts_apply_account_about},
    {&baton__contact__descriptor, contacts_apply_contact_about},
    {&baton__activity__descriptor, contacts_apply_activity},
    {&baton__note__descriptor, contacts_apply_note},
    {&baton__activity_scheduled__descriptor, contacts_apply_scheduled},
    {&baton__timeline_noted__descriptor, contacts_apply_noted},
    {&baton__letter_run__descriptor, contacts_apply_letter_run},
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
    {&baton__access_noted__descriptor, contacts_apply_looked},
    {&baton__account__descriptor, contacts_apply_account_near},
    {&baton__contact__descriptor, contacts_apply_contact_near},
    {&baton__duplicate_suspected__descriptor, contacts_apply_suspected},
    {&baton__duplicate_dismissed__descriptor, contacts_apply_dismissed},
    {&baton__duplicate_cleared__descriptor, contacts_apply_cleared},
    {&baton__records_merged__descriptor, contacts_apply_merged},
    {&baton__records_unmerged__descriptor, contacts_apply_unmerged},
    {&baton__account__descriptor, contacts_apply_naming},
    {&baton__contact__descriptor, contacts_apply_naming},
    {&baton__activity__descriptor, contacts_apply_naming},
    {&baton__account_plan__descriptor, contacts_apply_naming},
    {&baton__saved_view__descriptor, contacts_apply_naming},
    {&baton__person_erased__descriptor, contacts_apply_erased},
};

static const struct record_row records[] = {
    {CONTACTS_ACCOUNT, contacts_check_account, contacts_load_account},
    {CONTACTS_CONTACT, contacts_check_contact, contacts_load_contact},
    {CONTACTS_ACTIVITY, contacts_check_activity, contacts_load_activity},
    {CONTACTS_NOTE, contacts_check_note, contacts_load_note},
    {CONTACTS_RELATIONSHIP, contacts_check_relationship, contacts_load_relationship},
    {CONTACTS_PLAN, contacts_check_plan, contacts_load_plan},
    {CONTACTS_CONSENT, contacts_check_consent, contacts_load_consent},
    {CONTACTS_CUSTOM_FIELD, contacts_check_custom_field, contacts_load_custom_field},
    {CONTACTS_SAVED_VIEW, contacts_check_view, contacts_load_view},
    {CONTACTS_CALENDAR, contacts_check_calendar, contacts_load_calendar},
    {CONTACTS_QUALITY_RULE, contacts_check_quality_rule, contacts_load_rules},
    {CONTACTS_SHARE, sharing_check, contacts_load_share},
    {CONTACTS_LETTER_TEMPLATE, contacts_check_letter_template, NULL},
    {CONTACTS_LETTER_RUN, contacts_check_letter_run, NULL},
};

static const struct access_row accesses[] = {
    {.table = CONTACTS_ACCOUNT,
     .reach = contacts_row_reach,
     .shows = contacts_shows,
     .looked = contacts_account_looked},
    {.table = CONTACTS_CONTACT,
     .reach = contacts_row_reach,
     .shows = contacts_shows,
     .looked = contacts_contact_looked},
    {.table = CONTACTS_ACTIVITY, .reach = contacts_row_activity_reach, .stays = contacts_activity_stays},
    {.table = CONTACTS_NOTE, .reach = contacts_row_about_reach, .stays = contacts_note_stays},
    {.table = CONTACTS_RELATIONSHIP, .reach = contacts_row_about_reach},
    {.table = CONTACTS_PLAN, .reach = contacts_row_about_reach},
    {.table = CONTACTS_CONSENT, .reach = contacts_row_about_reach},
    {.table = CONTACTS_LETTER_RUN, .reach = contacts_row_letter_reach},
    {.table = CONTACTS_SAVED_VIEW, .reach = contacts_row_view_reach},
    {.table = CONTACTS_SHARE, .reach = contacts_row_share_reach, .ends_with = "user_id"},
};

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

const struct service_def contacts_service = {
    .name = "contacts",
    .tables = contacts_tables,
    .n_tables = CONTACTS_TABLES,
    .form = 1,
    .methods = methods,
    .n_methods = COUNT(methods),
    .boot_load = contacts_load_boot,
    .boot = contacts_decide_boot,
    .follows = follows,
    .n_follows = COUNT(follows),
    .copies = copies,
    .n_copies = COUNT(copies),
    .timers = timers,
    .n_timers = COUNT(timers),
    .applies = applies,
    .n_applies = COUNT(applies),
    .records = records,
    .n_records = COUNT(records),
    .accesses = accesses,
    .n_accesses = COUNT(accesses),
    .gathered = &gathered,
    .state_new = contacts_state_new,
    .state_load = contacts_state_load,
    .state_free = contacts_state_free,
};
