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

enum record_reach opportunities_row_account_reach(struct load *l, const ProtobufCMessage *account,
                                                  const Baton__Actor *actor)
{
    static const struct sharing_tables tables = {OPPORTUNITIES_USER, OPPORTUNITIES_TEAM,
                                                 OPPORTUNITIES_ORGANISATION, OPPORTUNITIES_RECORD_SHARE};
    struct sharing_facts f = {.owner_id = NULL};
    sharing_load(l, &tables, account, actor, false, &f);
    return sharing_reach(&f, actor);
}

enum record_reach opportunities_row_plan_reach(struct load *l, const ProtobufCMessage *plan,
                                               const Baton__Actor *actor)
{
    const char *id = ((const Baton__Plan *)plan)->account_id;
    if (!id)
        return opportunities_row_about_reach(l, plan, actor);
    const ProtobufCMessage *account = table_get_id(l->txn, OPPORTUNITIES_ACCOUNT, id, l->arena);
    /* whose it was nobody here knows any more */
    if (!account)
        return actor_is(actor, BATON__ROLE__ROLE_ADMIN) ? RECORD_OWN : RECORD_HIDDEN;
    const enum record_reach reach = opportunities_row_account_reach(l, account, actor);
    return reach >= RECORD_WRITE ? RECORD_OWN : reach;
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
