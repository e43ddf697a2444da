/* Facts for opportunities. */
#include "baton/v1/leads.pb-c.h"
#include "service/handover.h"
#include "services/opportunities/rows.h"

void *opportunities_load_converted(struct load *l, const struct command *c)
{
    const Baton__LeadConverted *e = (const Baton__LeadConverted *)c->request;
    struct opportunities_converted_facts *f = ARENA_NEW(l->arena, struct opportunities_converted_facts);
    f->exists = table_get_id(l->txn, OPPORTUNITIES_OPPORTUNITY, e->opportunity_id, l->arena) != NULL;
    f->owner_id = handover_owner(l, e->lead ? e->lead->owner_id : NULL);
    f->pipeline = opportunities_default_pipeline(l);
    return f;
}
