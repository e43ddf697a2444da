/* The tables of contacts. */
#include "baton/v1/directory.pb-c.h"
#include "services/contacts/rows.h"

const struct table_def contacts_tables[CONTACTS_TABLES] = {
    [CONTACTS_ACCOUNT] = {"account", &baton__account__descriptor},
    [CONTACTS_CONTACT] = {"contact", &baton__contact__descriptor},
    [CONTACTS_ACTIVITY] = {"activity", &baton__activity__descriptor},
    [CONTACTS_NOTE] = {"note", &baton__note__descriptor},
    [CONTACTS_HANDOVER] = {"handover", &baton__handover__descriptor},
    [CONTACTS_CALENDAR] = {"calendar", &baton__calendar__descriptor},
    [CONTACTS_USER] = {"user", &baton__user__descriptor},
    [CONTACTS_ORGANISATION] = {"organisation", &baton__organisation__descriptor},
    [CONTACTS_AGENDA] = {"agenda_entry", &baton__agenda_entry__descriptor},
    [CONTACTS_TIMELINE] = {"timeline_entry", &baton__timeline_entry__descriptor},
    [CONTACTS_PHONE] = {"phone_key", &baton__phone_key__descriptor},
    [CONTACTS_PLACING] = {"placing", &baton__placing__descriptor},
};
