/* Contacts: the people and companies we know. This header is what decisions see; rows.h is what reads rows.
 */
#ifndef BATON_CONTACTS_H
#define BATON_CONTACTS_H

#include "baton/v1/contacts.pb-c.h"
#include "schema/decide.h"
#include "services/contacts/custom.h"
#include "services/contacts/normal.h"
#include "services/contacts/people.h"
#include "services/contacts/quality.h"

struct service_def;
extern const struct service_def contacts_service;

enum contacts_table {
    CONTACTS_ACCOUNT,
    CONTACTS_CONTACT,
    CONTACTS_ACTIVITY,
    CONTACTS_NOTE,
    CONTACTS_HANDOVER,
    CONTACTS_USER,
    CONTACTS_RELATIONSHIP,
    CONTACTS_PLAN,
    CONTACTS_CONSENT,
    CONTACTS_CONSENT_IN_FORCE,
    CONTACTS_CUSTOM_FIELD,
    CONTACTS_CONTACT_KEY,
    CONTACTS_ACCOUNT_KEY,
    CONTACTS_IMPORT,
    CONTACTS_IMPORT_CHANGE,
    CONTACTS_SAVED_VIEW,
    CONTACTS_CALENDAR,
    CONTACTS_ORGANISATION,
    CONTACTS_AGENDA,
    CONTACTS_TIMELINE,
    CONTACTS_PHONE,
    CONTACTS_PLACING,
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
    bool has_contacts, has_children, has_plan, has_relationships;
    struct contacts_custom_facts custom;
    struct contacts_normal_facts normal;
    struct contacts_written_facts written;
};

struct contacts_contact_facts {
    const char *missing_account_id, *missing_reports_to_id; /* wanted but not there; NULL: fine */
    struct contacts_chain above;                            /* the wanted superior and theirs */
    bool has_relationships;
    struct contacts_custom_facts custom;
    struct contacts_normal_facts normal;
    struct contacts_written_facts written;
};

struct contacts_converted_facts {
    bool account_exists, contact_exists;
    const char *owner_id; /* of what is made: the lead's, or the successor of one who has left */
    struct contacts_normal_facts normal;
    struct contacts_written_facts written;
};

record_check_fn contacts_check_account, contacts_check_contact;
/* What these ask of a record that stays, and how they tidy it up, without its judgement: for whoever judges
   it once, later. `was` NULL: it is new. The events are of custom fields that have their first value. */
bool contacts_accept_account(const struct contacts_account_facts *f, const Baton__Account *was,
                             Baton__Account *account, struct stamp *s, struct outcome *out);
bool contacts_accept_contact(const struct contacts_contact_facts *f, const Baton__Contact *was,
                             Baton__Contact *contact, struct stamp *s, struct outcome *out);
record_check_fn contacts_check_quality_rule; /* extra: struct contacts_rules */
/* decide_view.c */
record_check_fn contacts_check_view;
/* Whose it is, who is in its team (`team_id`: the caller's, NULL: none), everybody where it is shared with
 * all. */
bool contacts_sees_view(const Baton__SavedView *view, const Baton__Actor *actor, const char *team_id);
/* A lead became an account and a contact. */
decide_fn contacts_decide_converted;
/* The timer of a Quality row (facts: struct contacts_judge_facts); of the sweep; a start; what somebody
 * confirms. */
decide_fn contacts_decide_judge, contacts_decide_sweep, contacts_decide_boot, contacts_decide_confirm;

#endif
