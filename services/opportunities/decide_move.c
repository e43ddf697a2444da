/* An opportunity moves to another stage; somebody follows it. */
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

bool opportunities_decide_follow(const void *facts, const struct command *c, struct stamp *s,
                                 struct outcome *out)
{
    const struct opportunities_follow_facts *f = facts;
    const Baton__FollowOpportunityRequest *q = (const Baton__FollowOpportunityRequest *)c->request;
    const struct schema_message *type = schema_message(&baton__opportunity__descriptor);
    /* 3: what one sees one can follow */
    if (!f->record.before || !record_reached(type, f->record.before, f->record.reach, c->actor, false))
        return refuse(&out->no, REFUSAL_NOT_FOUND, "id", "there is no such record");
    if (!q->end && !f->is_following && f->n >= DEAL_FOLLOWERS_MAX)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, NULL, "at most %d people follow an opportunity",
                      DEAL_FOLLOWERS_MAX);
    Baton__FollowOpportunityResponse *reply = ARENA_NEW(s->arena, Baton__FollowOpportunityResponse);
    baton__follow_opportunity_response__init(reply);
    reply->has_following = true;
    reply->following = !q->end;
    out->reply = &reply->base;
    if (f->is_following == !q->end)
        return true;
    Baton__OpportunityFollowed *e = ARENA_NEW(s->arena, Baton__OpportunityFollowed);
    baton__opportunity_followed__init(e);
    e->opportunity_id = q->id;
    e->user_id = arena_strdup(s->arena, c->actor->user_id);
    e->has_following = true;
    e->following = !q->end;
    outcome_event(out, e);
    return true;
}
