/* The tables of contacts. */
#include "baton/v1/directory.pb-c.h"
#include "baton/v1/leads.pb-c.h"
#include "baton/v1/record.pb-c.h"
#include "services/contacts/rows.h"

const struct table_def contacts_tables[CONTACTS_TABLES] = {
    [CONTACTS_ACCOUNT] = {"account", &baton__account__descriptor},
    [CONTACTS_CONTACT] = {"contact", &baton__contact__descriptor},
    [CONTACTS_ACTIVITY] = {"activity", &baton__activity__descriptor},
    [CONTACTS_NOTE] = {"note", &baton__note__descriptor},
    [CONTACTS_HANDOVER] = {"handover", &baton__handover__descriptor},
    [CONTACTS_USER] = {"user", &baton__user__descriptor},
    [CONTACTS_RELATIONSHIP] = {"relationship", &baton__relationship__descriptor},
    [CONTACTS_PLAN] = {"account_plan", &baton__account_plan__descriptor},
    [CONTACTS_CONSENT] = {"consent", &baton__consent__descriptor},
    [CONTACTS_CONSENT_IN_FORCE] = {"consent_in_force", &baton__consent_in_force__descriptor},
    [CONTACTS_CUSTOM_FIELD] = {"custom_field", &baton__custom_field__descriptor},
    [CONTACTS_CONTACT_KEY] = {"contact_key", &baton__contact_key__descriptor},
    [CONTACTS_ACCOUNT_KEY] = {"account_key", &baton__contact_key__descriptor},
    [CONTACTS_IMPORT] = {"contact_import", &baton__contact_import__descriptor},
    [CONTACTS_IMPORT_CHANGE] = {"contact_import_change", &baton__contact_import_change__descriptor},
    [CONTACTS_SAVED_VIEW] = {"saved_view", &baton__saved_view__descriptor},
    [CONTACTS_CALENDAR] = {"calendar", &baton__calendar__descriptor},
    [CONTACTS_ORGANISATION] = {"organisation", &baton__organisation__descriptor},
    [CONTACTS_AGENDA] = {"agenda_entry", &baton__agenda_entry__descriptor},
    [CONTACTS_TIMELINE] = {"timeline_entry", &baton__timeline_entry__descriptor},
    [CONTACTS_PHONE] = {"phone_key", &baton__phone_key__descriptor},
    [CONTACTS_PLACING] = {"placing", &baton__placing__descriptor},
    [CONTACTS_PLACE] = {"place", &baton__place__descriptor},
    [CONTACTS_PLACE_AT] = {"place_at", &baton__place_at__descriptor},
    [CONTACTS_ACCOUNT_AT] = {"account_at", &baton__account_at__descriptor},
    [CONTACTS_QUALITY_RULE] = {"quality_rule", &baton__quality_rule__descriptor},
    [CONTACTS_QUALITY] = {"quality", &baton__quality__descriptor},
    [CONTACTS_MEND_PLACE] = {"mend_place", &baton__mend_place__descriptor},
    [CONTACTS_QUALITY_DAY] = {"quality_day", &baton__quality_day__descriptor},
    [CONTACTS_QUALITY_SWEEP] = {"quality_sweep", &baton__quality_sweep__descriptor},
    [CONTACTS_SHARE] = {"record_share", &baton__record_share__descriptor},
    [CONTACTS_TEAM] = {"team", &baton__team__descriptor},
    [CONTACTS_ACCESS] = {"access", &baton__access_count__descriptor},
    [CONTACTS_GONE] = {"gone", &baton__gone_record__descriptor},
};
