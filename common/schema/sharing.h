/* Who reaches whose records: the owner, the managers above, whoever works on it or has a share of it, and
   what the organisation lets the house. Decided alike for customers and opportunities. */
#ifndef BATON_SCHEMA_SHARING_H
#define BATON_SCHEMA_SHARING_H

#include "baton/v1/contacts.pb-c.h"
#include "baton/v1/directory.pb-c.h"
#include "schema/decide.h"

enum {
    SHARING_SHARES_MAX = 64, /* of one record */
    SHARING_TEAMS_MAX = 64   /* above one another */
};

/* A team and those above it. */
struct sharing_teams {
    const Baton__Team *rows[SHARING_TEAMS_MAX];
    size_t n;
};

/* The shares of one record: messages with the fields of RecordShare, but for the type. */
struct sharing_shares {
    const ProtobufCMessage *rows[SHARING_SHARES_MAX];
    uint64_t seqs[SHARING_SHARES_MAX]; /* log positions of their last changes */
    size_t n;
};

/* Whose a record is, and who asks. */
struct sharing_facts {
    Baton__CustomerAccess access;
    const char *owner_id, *brought_by_id;
    const char *const *members; /* users who work on it */
    size_t n_members;
    struct sharing_teams owners; /* the owner's team first */
    const Baton__User *actor;    /* NULL: nobody, or not known here */
    struct sharing_teams actors;
    struct sharing_shares shares;
};

/* How far the actor reaches the record; never RECORD_BY_ROLE. */
enum record_reach sharing_reach(const struct sharing_facts *f, const Baton__Actor *actor);
/* Whether it is for the actor to say who else reaches it. */
bool sharing_is_in_charge(const struct sharing_facts *f, const Baton__Actor *actor);

/* Whoever makes a record that names no owner owns it, where the house does not reach all. One that comes back
   (it has a `created_at`) is whose it was. */
void sharing_give_owner(Baton__CustomerAccess access, const Google__Protobuf__Timestamp *created_at,
                        char **owner_id, const struct stamp *s);
/* Shares end with the record. */
void sharing_end(const struct sharing_shares *shares, struct stamp *s, struct outcome *out);

struct sharing_share_facts {
    bool is_shareable;            /* the type is one whose records are shared */
    enum record_reach reach;      /* of the record */
    bool is_in_charge;            /* of the record */
    bool has_target;              /* it is there, as far as that is known here */
    const ProtobufCMessage *same; /* another share of the record with the same target; NULL: none */
    size_t n_shares;              /* of the record */
};
record_check_fn sharing_check;

#endif
