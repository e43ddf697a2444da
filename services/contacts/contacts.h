/* Contacts: the people and companies we know. This header is what decisions see; rows.h is what reads rows.
 */
#ifndef BATON_CONTACTS_H
#define BATON_CONTACTS_H

#include "baton/v1/contacts.pb-c.h"
#include "schema/decide.h"
#include "services/contacts/normal.h"
#include "services/contacts/quality.h"

struct service_def;
extern const struct service_def contacts_service;

enum contacts_table {
    CONTACTS_ACCOUNT,
    CONTACTS_CONTACT,
    CONTACTS_ACTIVITY,
    CONTACTS_NOTE,
    CONTACTS_HANDOVER,
    CONTACTS_ORGANISATION,
    CONTACTS_PLACE,
    CONTACTS_PLACE_AT,
    CONTACTS_ACCOUNT_AT,
    CONTACTS_QUALITY_RULE,
    CONTACTS_QUALITY,
    CONTACTS_MEND_PLACE,
    CONTACTS_QUALITY_DAY,
    CONTACTS_QUALITY_SWEEP,
    CONTACTS_TABLES
};

enum { CONTACTS_DEPTH_MAX = 64 /* accounts above one another */ };

struct contacts_account_facts {
    bool wanted;                               /* the request names a parent */
    const char *above[CONTACTS_DEPTH_MAX + 1]; /* the wanted parent, its parent, and so on */
    size_t n_above;                            /* 0: the parent does not exist */
    bool has_contacts, has_children;
    struct contacts_normal_facts normal;
    struct contacts_written_facts written;
};

struct contacts_contact_facts {
    const char *missing_account_id, *missing_reports_to_id; /* wanted but not there; NULL: fine */
    struct contacts_normal_facts normal;
    struct contacts_written_facts written;
};

/* Of an activity or a note. */
struct contacts_about_facts {
    const char *missing_account_id, *missing_contact_id; /* wanted but not there; NULL: fine */
};

struct contacts_converted_facts {
    bool account_exists, contact_exists;
    const char *owner_id; /* of what is made: the lead's, or the successor of one who has left */
    struct contacts_normal_facts normal;
    struct contacts_written_facts written;
};

record_check_fn contacts_check_quality_rule; /* extra: struct contacts_rules */
record_check_fn contacts_check_account, contacts_check_contact, contacts_check_activity, contacts_check_note;
/* A lead became an account and a contact. */
decide_fn contacts_decide_converted;
/* The timer of a Quality row (facts: struct contacts_judge_facts); of the sweep; a start; what somebody
 * confirms. */
decide_fn contacts_decide_judge, contacts_decide_sweep, contacts_decide_boot, contacts_decide_confirm;

#endif
