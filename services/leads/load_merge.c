/* Facts for merging: leads, what they were merged into, and who may act for their holders. */
#include "services/leads/rows.h"

const Baton__Lead *leads_survivor(struct load *l, const Baton__Lead *lead)
{
    for (int depth = 0; depth < LEADS_MERGE_DEPTH && lead->merged_into_id; depth++) {
        const Baton__Lead *next = table_get_id(l->txn, LEADS_LEAD, lead->merged_into_id, l->arena);
        if (!next)
            break;
        lead = next;
    }
    return lead;
}

static struct leads_scoped scoped(struct load *l, const Baton__Lead *lead)
{
    struct leads_scoped s = {.lead = lead};
    if (lead)
        leads_scope_load(l, lead->owner_id, &s.scope);
    return s;
}

static struct leads_scoped scoped_id(struct load *l, const char *id)
{
    return scoped(l, table_get_id(l->txn, LEADS_LEAD, id, l->arena));
}

void *leads_load_merge(struct load *l, const struct command *c)
{
    const Baton__MergeLeadsRequest *q = (const Baton__MergeLeadsRequest *)c->request;
    struct leads_merge_facts *f = ARENA_NEW(l->arena, struct leads_merge_facts);
    struct leads_scoped *losers = ARENA_ARRAY(l->arena, struct leads_scoped, q->n_loser_ids);
    f->survivor = scoped_id(l, q->survivor_id);
    for (size_t i = 0; i < q->n_loser_ids; i++)
        losers[i] = scoped_id(l, q->loser_ids[i]);
    f->losers = losers;
    return f;
}

/* Who held it is named in the reason for the next, so their place in the routing comes first. */
void *leads_load_unmerge(struct load *l, const struct command *c)
{
    struct leads_unmerge_facts *f = ARENA_NEW(l->arena, struct leads_unmerge_facts);
    f->lead = scoped_id(l, ((const Baton__UnmergeLeadRequest *)c->request)->id);
    if (f->lead.lead) {
        f->survivor = scoped_id(l, f->lead.lead->merged_into_id);
        f->last = scoped(l, leads_survivor(l, f->lead.lead));
        (void)leads_state_person(l, f->lead.lead->owner_id);
        f->from = leads_place_name(l, f->lead.lead);
    }
    f->routing = leads_state_routing(l);
    return f;
}
