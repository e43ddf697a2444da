/* An opportunity moves to another stage. */
#include "services/opportunities/opportunities.h"

bool opportunities_decide_move(const void *facts, const struct command *c, struct stamp *s,
                               struct outcome *out)
{
    const struct opportunities_move_facts *f = facts;
    const Baton__MoveOpportunityRequest *q = (const Baton__MoveOpportunityRequest *)c->request;
    /* 1: it is there, the caller's to change, and as they saw it */
    if (!record_may_change(&f->record, "id", q->has_revision ? &q->revision : NULL, c, s, out))
        return false;
    /* 2: the same rules as for any other change of it */
    Baton__Opportunity *o = (Baton__Opportunity *)schema_copy(f->record.before, s->arena);
    o->stage_key = q->stage_key;
    if (q->pipeline_id)
        o->pipeline_id = q->pipeline_id;
    if (!opportunities_check_opportunity(&f->where, f->record.before, &o->base, s, out))
        return false;
    record_updated(f->record.before, f->record.before_seq, &o->base, s, out);
    Baton__MoveOpportunityResponse *reply = ARENA_NEW(s->arena, Baton__MoveOpportunityResponse);
    baton__move_opportunity_response__init(reply);
    reply->opportunity = o;
    out->reply = &reply->base;
    return true;
}
