/* Several leads of one customer become one, and one of them is taken out again. Nothing is ever deleted. */
#include <string.h>

#include "services/leads/erase.h"
#include "services/leads/leads.h"

static bool may_see(const struct leads_scoped *l, const Baton__Actor *actor)
{
    return l->lead && leads_may_see(actor, l->lead, &l->scope);
}

static bool may_act(const struct leads_scoped *l, const Baton__Actor *actor)
{
    return leads_may_act(actor, l->lead, &l->scope);
}

/* 1: of each lead, that the caller may see it, 2: and act for its holder, 3: and that it is not finished */
static bool may_merge(const struct leads_scoped *l, const char *field, const Baton__Actor *actor,
                      struct outcome *out)
{
    if (!may_see(l, actor))
        return refuse(&out->no, REFUSAL_NOT_FOUND, field, "there is no such lead");
    if (!may_act(l, actor))
        return refuse(&out->no, REFUSAL_PERMISSION_DENIED, field,
                      "only who holds each of the leads or manages its holder can merge them");
    return leads_is_open(l->lead) ||
           refuse(&out->no, REFUSAL_FAILED_PRECONDITION, field, "the lead is %s", leads_status_text(l->lead));
}

/* 4: a lead is not merged into itself, nor twice */
static bool are_different(const Baton__MergeLeadsRequest *q, struct outcome *out)
{
    for (size_t i = 0; i < q->n_loser_ids; i++) {
        bool twice = strcmp(q->loser_ids[i], q->survivor_id) == 0;
        for (size_t k = 0; k < i; k++)
            twice |= strcmp(q->loser_ids[i], q->loser_ids[k]) == 0;
        if (twice)
            return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "loser_ids",
                          "each lead can stand there once, and not the one they are merged into");
    }
    return true;
}

static bool all_may_merge(const struct leads_merge_facts *f, const Baton__MergeLeadsRequest *q,
                          const Baton__Actor *actor, struct outcome *out)
{
    if (!may_merge(&f->survivor, "survivor_id", actor, out))
        return false;
    for (size_t i = 0; i < q->n_loser_ids; i++)
        if (!may_merge(&f->losers[i], "loser_ids", actor, out))
            return false;
    /* 9: of somebody who was erased it is not known whether they are the same */
    for (size_t i = 0; i < q->n_loser_ids; i++)
        if (!leads_is_somebodys(f->losers[i].lead, &out->no))
            return false;
    if (!leads_is_somebodys(f->survivor.lead, &out->no))
        return false;
    /* 5: the list of what was merged into one lead is bounded */
    if (f->survivor.lead->n_merged_lead_ids + q->n_loser_ids > LEADS_MERGED_MAX)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "survivor_id",
                      "%d leads have been merged into this one, and there can be no more", LEADS_MERGED_MAX);
    return true;
}

Baton__LeadsMerged *leads_merging(const Baton__Lead *survivor, char **loser_ids, size_t n, char *reason,
                                  struct arena *a)
{
    Baton__LeadsMerged *e = ARENA_NEW(a, Baton__LeadsMerged);
    baton__leads_merged__init(e);
    e->survivor_id = survivor->id;
    e->loser_ids = loser_ids;
    e->n_loser_ids = n;
    e->owner_id = survivor->owner_id;
    e->lead_name = leads_display_name(survivor, a);
    e->company = survivor->company;
    e->reason = reason;
    return e;
}

bool leads_decide_merge(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct leads_merge_facts *f = facts;
    const Baton__MergeLeadsRequest *q = (const Baton__MergeLeadsRequest *)c->request;
    if (!all_may_merge(f, q, c->actor, out) || !are_different(q, out))
        return false;
    Baton__MergeLeadsResponse *reply = ARENA_NEW(s->arena, Baton__MergeLeadsResponse);
    baton__merge_leads_response__init(reply);
    /* 6: whoever holds the survivor is told, and holds what the others say with it */
    char *reason = arena_strdup(s->arena, "Merged by hand.");
    Baton__LeadsMerged *e = leads_merging(f->survivor.lead, q->loser_ids, q->n_loser_ids, reason, s->arena);
    outcome_event(out, e);
    reply->survivor = leads_copy(f->survivor.lead, s->arena);
    leads_evolve(reply->survivor, &e->base, s->now_us, s->arena);
    out->reply = &reply->base;
    return true;
}

/* 7: who may see the lead or where its mergings end; 8: who holds either, or manages who does */
static bool may_unmerge(const struct leads_unmerge_facts *f, const Baton__Actor *actor, struct outcome *out)
{
    const struct leads_scoped *own = &f->lead, *last = f->last.lead ? &f->last : &f->lead;
    if (!may_see(own, actor) && !may_see(last, actor))
        return refuse(&out->no, REFUSAL_NOT_FOUND, "id", "there is no such lead");
    return may_act(own, actor) || may_act(last, actor) ||
           refuse(
               &out->no, REFUSAL_PERMISSION_DENIED, "id",
               "only who holds the lead or what it was merged into, or manages the holder, can take it out");
}

bool leads_decide_unmerge(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct leads_unmerge_facts *f = facts;
    const Baton__Lead *l = f->lead.lead;
    if (!may_unmerge(f, c->actor, out))
        return false;
    /* 9: only what is merged */
    if (!f->survivor.lead)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "id", "the lead is %s", leads_status_text(l));
    Baton__UnmergeLeadResponse *reply = ARENA_NEW(s->arena, Baton__UnmergeLeadResponse);
    baton__unmerge_lead_response__init(reply);
    Baton__LeadUnmerged *e = ARENA_NEW(s->arena, Baton__LeadUnmerged);
    baton__lead_unmerged__init(e);
    e->lead_id = l->id;
    e->survivor_id = f->survivor.lead->id;
    outcome_event(out, e);
    reply->lead = leads_copy(l, s->arena);
    leads_evolve(reply->lead, &e->base, s->now_us, s->arena);
    /* 11: but it lies where the territories of now put it */
    const Baton__LeadAssigned *handed_on;
    (void)leads_place_anew(f->routing, reply->lead, f->from, s, out, &handed_on); /* told in the reply */
    /* 10: it is again what it was; without a holder of its own who still works here it is routed anew */
    if (!leads_holder_is_active(f->routing, reply->lead)) {
        Baton__RouteTrigger trigger = l->owner_id ? BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_HOLDER_LEFT
                                                  : BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_ARRIVED;
        Baton__LeadAssigned *next = leads_route(f->routing, reply->lead, trigger, s);
        outcome_event(out, next);
        leads_tell_skipped(f->routing, next, s, out);
        leads_evolve(reply->lead, &next->base, s->now_us, s->arena);
    }
    out->reply = &reply->base;
    return true;
}
