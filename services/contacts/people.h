/* What is known about a customer's people: relationships, plans of key accounts, consent, notes that mention
   users. What decisions about them see. */
#ifndef BATON_CONTACTS_PEOPLE_H
#define BATON_CONTACTS_PEOPLE_H

#include "baton/v1/contacts.pb-c.h"
#include "baton/v1/directory.pb-c.h"
#include "schema/decide.h"
#include "services/contacts/named.h"

enum {
    CONTACTS_CHAIN_MAX = 256,    /* contacts above one */
    RELATIONSHIPS_MAX = 200,     /* from one contact */
    CONSENTS_IN_FORCE_MAX = 200, /* channels and purposes of one contact */
    MENTIONS_MAX = 50,           /* users of one note; further ones stay text */
    EXCERPT_MAX = 200            /* characters of a note that a notification shows */
};

/* Of an activity or a note. */
struct contacts_about_facts {
    Baton__CustomerAccess access;
    const char *missing_account_id, *missing_contact_id; /* wanted but not there; NULL: fine */
    struct contacts_redirects now;                       /* of what it is to name */
};

/* What it is about exists; of what was merged it is about what that was merged into. */
bool contacts_is_about(const struct contacts_about_facts *f, ProtobufCMessage *row, struct refusal *no);

/* A contact, those it reports to, those they report to, and so on: each once. */
struct contacts_chain {
    const char *ids[CONTACTS_CHAIN_MAX];
    size_t n;
    bool is_cut; /* there are more */
};
/* Whether `id` may come below all of them; refuses with `field` otherwise. */
bool contacts_may_report(const struct contacts_chain *above, const char *id, const char *field,
                         struct refusal *no);

struct contacts_relationship_facts {
    bool is_erased;      /* whom it begins at */
    const char *missing; /* the field whose record is not there; NULL: all are */
    bool is_there;       /* the same has been said already */
    size_t n_from;       /* relationships from the contact */
    struct contacts_redirects now;
    struct contacts_chain above;
};

struct contacts_plan_facts {
    bool wanted;                    /* the request names an account */
    const Baton__Account *account;  /* NULL: there is no such one */
    const char *missing_contact_id; /* of a buyer; NULL: all are there */
    bool is_taken;                  /* that account has another plan */
    struct contacts_redirects now;
};

struct contacts_consent_facts {
    bool has_contact;
    bool is_known;     /* something has been said about channel and purpose before */
    size_t n_in_force; /* channels and purposes of the contact */
    struct contacts_redirects now;
};
/* The purpose as it is compared; NULL: nothing is left of it. */
char *contacts_purpose_key(const char *purpose, struct arena *a);

/* Where a text mentions somebody. */
struct contacts_mention {
    size_t at, size;  /* in the text */
    const char *who;  /* a user's id, or an e-mail address folded */
    const char *name; /* as the text shows them; NULL: as they are written */
};
/* The first MENTIONS_MAX of them; returns how many. */
size_t contacts_mentions(const char *text, struct contacts_mention out[MENTIONS_MAX], struct arena *a);

/* Of a note: what it is about, who writes it, and those of its mentions that are users who may read it. */
struct contacts_note_facts {
    struct contacts_about_facts about;
    struct contacts_mentioned {
        const char *who, *user_id;
    } mentioned[MENTIONS_MAX];
    size_t n_mentioned;
    const char *author_name, *account_name, *contact_name; /* NULL: none, or not known */
};

record_check_fn contacts_check_relationship, contacts_check_plan, contacts_check_consent, contacts_check_note;

#endif
