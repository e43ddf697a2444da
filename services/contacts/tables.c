/* The tables of contacts. */
#include "baton/v1/directory.pb-c.h"
#include "services/contacts/rows.h"

const struct table_def contacts_tables[CONTACTS_TABLES] = {
    [CONTACTS_ACCOUNT] = {"account", &baton__account__descriptor},
    [CONTACTS_CONTACT] = {"contact", &baton__contact__descriptor},
    [CONTACTS_ACTIVITY] = {"activity", &baton__activity__descriptor},
    [CONTACTS_NOTE] = {"note", &baton__note__descriptor},
    [CONTACTS_HANDOVER] = {"handover", &baton__handover__descriptor},
    [CONTACTS_SAVED_VIEW] = {"saved_view", &baton__saved_view__descriptor},
    [CONTACTS_USER] = {"user", &baton__user__descriptor},
};
