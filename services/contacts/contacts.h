/* Contacts: the people and companies we know. This header is what decisions see; rows.h is what reads rows.
 */
#ifndef BATON_CONTACTS_H
#define BATON_CONTACTS_H

#include "baton/v1/contacts.pb-c.h"
#include "schema/decide.h"

struct service_def;
extern const struct service_def contacts_service;

enum contacts_table {
    CONTACTS_ACCOUNT,
    CONTACTS_CONTACT,
    CONTACTS_ACTIVITY,
    CONTACTS_NOTE,
    CONTACTS_HANDOVER,
    CONTACTS_CALENDAR,
    CONTACTS_USER,
    CONTACTS_ORGANISATION,
    CONTACTS_AGENDA,
    CONTACTS_TIMELINE,
    CONTACTS_PHONE,
    CONTACTS_PLACING,
    CONTACTS_TABLES
};

enum { CONTACTS_DEPTH_MAX = 64 /* accounts above one another */ };

struct contacts_account_facts {
    bool wanted;                               /* the request names a parent */
    const char *above[CONTACTS_DEPTH_MAX + 1]; /* the wanted parent, its parent, and so on */
    size_t n_above;                            /* 0: the parent does not exist */
    bool has_contacts, has_children;
};

struct contacts_contact_facts {
    const char *missing_account_id, *missing_reports_to_id; /* wanted but not there; NULL: fine */
};

/* Of an activity or a note. */
struct contacts_about_facts {
    const char *missing_account_id, *missing_contact_id; /* wanted but not there; NULL: fine */
};

struct contacts_converted_facts {
    bool account_exists, contact_exists;
    const char *owner_id; /* of what is made: the lead's, or the successor of one who has left */
};

record_check_fn contacts_check_account, contacts_check_contact, contacts_check_note;
/* A lead became an account and a contact. */
decide_fn contacts_decide_converted;

#endif
