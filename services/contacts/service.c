/* The contacts service as a table. */
#include "baton/v1/leads.pb-c.h"
#include "services/contacts/rows.h"

static const struct follow_row follows[] = {
    {"leads", &baton__lead_converted__descriptor, contacts_load_converted, contacts_decide_converted},
};

static const struct record_row records[] = {
    {CONTACTS_ACCOUNT, contacts_check_account, contacts_load_account},
    {CONTACTS_CONTACT, contacts_check_contact, contacts_load_contact},
};

const struct service_def contacts_service = {
    .name = "contacts",
    .tables = contacts_tables,
    .n_tables = CONTACTS_TABLES,
    .follows = follows,
    .n_follows = sizeof follows / sizeof *follows,
    .records = records,
    .n_records = sizeof records / sizeof *records,
};
