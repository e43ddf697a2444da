/* The tables of contacts. */
#include "baton/v1/directory.pb-c.h"
#include "baton/v1/leads.pb-c.h"
#include "services/contacts/rows.h"

const struct table_def contacts_tables[CONTACTS_TABLES] = {
    [CONTACTS_ACCOUNT] = {"account", &baton__account__descriptor},
    [CONTACTS_CONTACT] = {"contact", &baton__contact__descriptor},
    [CONTACTS_ACTIVITY] = {"activity", &baton__activity__descriptor},
    [CONTACTS_NOTE] = {"note", &baton__note__descriptor},
    [CONTACTS_HANDOVER] = {"handover", &baton__handover__descriptor},
    [CONTACTS_ORGANISATION] = {"organisation", &baton__organisation__descriptor},
    [CONTACTS_PLACE] = {"place", &baton__place__descriptor},
    [CONTACTS_PLACE_AT] = {"place_at", &baton__place_at__descriptor},
    [CONTACTS_ACCOUNT_AT] = {"account_at", &baton__account_at__descriptor},
    [CONTACTS_QUALITY_RULE] = {"quality_rule", &baton__quality_rule__descriptor},
    [CONTACTS_QUALITY] = {"quality", &baton__quality__descriptor},
    [CONTACTS_MEND_PLACE] = {"mend_place", &baton__mend_place__descriptor},
    [CONTACTS_QUALITY_DAY] = {"quality_day", &baton__quality_day__descriptor},
    [CONTACTS_QUALITY_SWEEP] = {"quality_sweep", &baton__quality_sweep__descriptor},
};
