/* Contacts: the people and companies we know. This header is what decisions see; rows.h is what reads rows.
 */
#ifndef BATON_CONTACTS_H
#define BATON_CONTACTS_H

#include "baton/v1/contacts.pb-c.h"
#include "baton/v1/directory.pb-c.h"
#include "baton/v1/leads.pb-c.h"
#include "schema/decide.h"
#include "schema/sharing.h"
#include "services/contacts/custom.h"
#include "services/contacts/merge.h"
#include "services/contacts/named.h"
#include "services/contacts/normal.h"
#include "services/contacts/people.h"
#include "services/contacts/quality.h"
#include "services/contacts/suspect.h"

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
    CONTACTS_GONE,
    CONTACTS_ACCESS,
    CONTACTS_SHARE,
    CONTACTS_TEAM,
    CONTACTS_PAIR,
    CONTACTS_RANK,
    CONTACTS_MERGE,
    CONTACTS_NAMED_INSIDE,
    CONTACTS_SEARCHED,
    CONTACTS_LETTER_TEMPLATE,
    CONTACTS_LETTER_RUN,
    CONTACTS_TABLES
};

enum { CONTACTS_DEPTH_MAX = 64 /* accounts above one another */ };

enum { CONTACTS_ACCESS_STEP = 256 /* counts written at once */ };

/* What is about a record, by how far that is reached and who owns what is about it. */
enum record_reach contacts_about_reach(enum record_reach record, const char *owner_id,
                                       const Baton__Actor *actor);
/* What stays with whoever left: what is done, and what they wrote. */
bool contacts_activity_stays(const ProtobufCMessage *activity);
bool contacts_note_stays(const ProtobufCMessage *note);
/* Of what partners may read, the fields that are theirs to see; everybody else sees all. */
bool contacts_shows(const Baton__Actor *actor, const struct schema_field *f);

struct contacts_account_facts {
    Baton__CustomerAccess access;
    struct sharing_shares ending;              /* on deletion */
    bool wanted;                               /* the request names a parent */
    const char *above[CONTACTS_DEPTH_MAX + 1]; /* the wanted parent, its parent, and so on */
    size_t n_above;                            /* 0: the parent does not exist */
    bool has_contacts, has_children, has_plan, has_relationships;
    struct custom_facts custom;
    struct contacts_normal_facts normal;
    struct contacts_written_facts written;
    bool has_merged;                    /* others have been merged into it */
    struct contacts_redirects now;      /* of what it is to name */
    const struct contacts_known *known; /* who may be the same; NULL: nobody was looked for */
};

struct contacts_contact_facts {
    Baton__CustomerAccess access;
    struct sharing_shares ending;                           /* on deletion */
    const char *missing_account_id, *missing_reports_to_id; /* wanted but not there; NULL: fine */
    struct contacts_chain above;                            /* the wanted superior and theirs */
    bool has_relationships;
    struct custom_facts custom;
    struct contacts_normal_facts normal;
    struct contacts_written_facts written;
    bool has_merged;                    /* others have been merged into it */
    struct contacts_redirects now;      /* of what it is to name */
    const struct contacts_known *known; /* who may be the same; NULL: nobody was looked for */
};

struct contacts_converted_facts {
    bool account_exists, contact_exists;
    const char *owner_id; /* of what is made: the lead's, or the successor of one who has left */
    struct contacts_normal_facts normal;
    struct contacts_written_facts written;
    char *account_now_id; /* what the lead's account has been merged into; NULL: nothing */
    /* who may be the same as what is made; NULL: nobody was looked for */
    const struct contacts_known *account_known, *contact_known;
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

/* What holds of an account or contact whoever changes it; the checks look at mergings and duplicates, too. */
record_check_fn contacts_rules_account, contacts_rules_contact;
/* What becomes of a lead with a name to call it by, without an owner. */
Baton__Account *contacts_account_of(const Baton__LeadConverted *e, struct arena *arena);
Baton__Contact *contacts_contact_of(const Baton__LeadConverted *e, struct arena *arena);
/* A lead became an account and a contact. */
decide_fn contacts_decide_converted;
/* The timer of a Quality row (facts: struct contacts_judge_facts); of the sweep; a start; what somebody
 * confirms. */
decide_fn contacts_decide_judge, contacts_decide_sweep, contacts_decide_boot, contacts_decide_confirm;

/* What was gathered of who looked (an AccessNoted) is written. */
decide_fn contacts_decide_looked;

#endif
