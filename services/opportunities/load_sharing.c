/* Facts about who reaches which opportunity: as of customers' records, and whoever works on it. */
#include "services/opportunities/rows.h"

const struct sharing_tables opportunities_sharing = {OPPORTUNITIES_USER, OPPORTUNITIES_TEAM,
                                                     OPPORTUNITIES_ORGANISATION, OPPORTUNITIES_SHARE};

enum record_reach opportunities_row_reach(struct load *l, const ProtobufCMessage *record,
                                          const Baton__Actor *actor)
{
    const Baton__Opportunity *o = (const Baton__Opportunity *)record;
    const char **members = ARENA_ARRAY(l->arena, const char *, o->n_team);
    struct sharing_facts f = {.members = members};
    for (size_t i = 0; i < o->n_team; i++)
        members[f.n_members++] = o->team[i]->user_id;
    sharing_load(l, &opportunities_sharing, record, actor, false, &f);
    return sharing_reach(&f, actor);
}

static const ProtobufCMessage *shared_record(struct load *l, const ProtobufCMessage *share, unsigned *table)
{
    *table = OPPORTUNITIES_OPPORTUNITY;
    return table_get_id(l->txn, OPPORTUNITIES_OPPORTUNITY,
                        ((const Baton__OpportunityShare *)share)->record_id, l->arena);
}

enum record_reach opportunities_row_share_reach(struct load *l, const ProtobufCMessage *row,
                                                const Baton__Actor *actor)
{
    return sharing_share_reach(l, &opportunities_sharing, row, actor, shared_record);
}

void *opportunities_load_share(struct load *l, const struct command *c)
{
    return sharing_share_load(l, &opportunities_sharing, c, shared_record);
}
