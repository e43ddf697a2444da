/* Facts about who reaches whose records (schema/sharing.h), from a service's copies of users, teams and the
   organisation and its own shares. */
#ifndef BATON_SERVICE_SHARING_H
#define BATON_SERVICE_SHARING_H

#include "schema/sharing.h"
#include "service/service.h"

struct sharing_tables {
    unsigned user, team, organisation, share;
};

/* What the organisation says; open where it says nothing. */
Baton__CustomerAccess sharing_access(struct load *l, const struct sharing_tables *t);
/* Of this record. */
void sharing_shares_load(struct load *l, const struct sharing_tables *t, const char *record_id,
                         struct sharing_shares *shares);
/* Of a row with an owner_id; `f` has its members, if there are any. Where the house reaches everything,
   nothing more is looked up of whoever belongs to it, unless it is to be known whether they are in charge. */
void sharing_load(struct load *l, const struct sharing_tables *t, const ProtobufCMessage *record,
                  const Baton__Actor *actor, bool is_charge, struct sharing_facts *f);

/* The record that a share is of, NULL: there is none; and its table, left alone where that type is not
 * shared. */
typedef const ProtobufCMessage *sharing_record_fn(struct load *l, const ProtobufCMessage *share,
                                                  unsigned *table);
/* As access_row.reach, of a share. */
enum record_reach sharing_share_reach(struct load *l, const struct sharing_tables *t,
                                      const ProtobufCMessage *share, const Baton__Actor *actor,
                                      sharing_record_fn *record_of);
/* For sharing_check. */
struct sharing_share_facts *sharing_share_load(struct load *l, const struct sharing_tables *t,
                                               const struct command *c, sharing_record_fn *record_of);

#endif
