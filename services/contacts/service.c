/* The contacts service as a table. */
#include "baton/v1/leads.pb-c.h"
#include "service/handover.h"
#include "services/contacts/rows.h"

static const struct follow_row follows[] = {
    {"leads", &baton__lead_converted__descriptor, contacts_load_converted, contacts_decide_converted},
    {"directory", &baton__user_left__descriptor, NULL, handover_decide_begin},
};

static const struct timer_row timers[] = {
    {CONTACTS_HANDOVER, handover_load, handover_decide_step},
};

static const struct apply_row applies[] = {
    {&baton__handover_advanced__descriptor, handover_apply},
    {&baton__contact__descriptor, contacts_apply_contact_key},
    {&baton__account__descriptor, contacts_apply_account_key},
    {&baton__contacts_imported__descriptor, contacts_apply_imported},
    {&baton__import_undone__descriptor, contacts_apply_undone},
};

static const struct method_row methods[] = {
    {.name = "ContactService/ImportContacts", .load = contacts_load_import, .decide = contacts_decide_import},
    {.name = "ContactService/UndoImport", .load = contacts_load_undo, .decide = contacts_decide_undo},
    {.name = "ContactService/ExportRecords", .load = contacts_load_export, .decide = contacts_decide_export},
    {.name = "ContactService/GetImport", .query = contacts_query_import},
    {.name = "ContactService/ListImports", .query = contacts_query_imports},
};

static const struct record_row records[] = {
    {CONTACTS_ACCOUNT, contacts_check_account, contacts_load_account},
    {CONTACTS_CONTACT, contacts_check_contact, contacts_load_contact},
    {CONTACTS_ACTIVITY, contacts_check_activity, contacts_load_about},
    {CONTACTS_NOTE, contacts_check_note, contacts_load_about},
};

const struct service_def contacts_service = {
    .name = "contacts",
    .tables = contacts_tables,
    .n_tables = CONTACTS_TABLES,
    .methods = methods,
    .n_methods = sizeof methods / sizeof *methods,
    .follows = follows,
    .n_follows = sizeof follows / sizeof *follows,
    .timers = timers,
    .n_timers = sizeof timers / sizeof *timers,
    .applies = applies,
    .n_applies = sizeof applies / sizeof *applies,
    .records = records,
    .n_records = sizeof records / sizeof *records,
};
