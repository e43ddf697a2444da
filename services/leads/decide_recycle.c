/* A lead that is not ready goes to rest until a day, and comes back by itself. */
#include <string.h>

#include "base/text.h"
#include "services/leads/leads.h"

static const int64_t DAY_US = INT64_C(86400000000);

static bool check(const Baton__Lead *l, int64_t until_us, int64_t now_us, struct refusal *no)
{
    /* 2: only what is worked on, or waits to be */
    if (!leads_is_open(l))
        return refuse(no, REFUSAL_FAILED_PRECONDITION, "id", "the lead is %s", leads_status_text(l));
    /* 3: it comes back, and not only for ever */
    if (l->recycles >= LEADS_RECYCLES_MAX)
        return refuse(no, REFUSAL_FAILED_PRECONDITION, "id",
                      "the lead has been put to rest %d times already; close it", LEADS_RECYCLES_MAX);
    if (until_us <= now_us)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "until", "must be in the future");
    return until_us - now_us <= LEADS_RECYCLE_DAYS_MAX * DAY_US ||
           refuse(no, REFUSAL_INVALID_ARGUMENT, "until", "can be %d days ahead at most",
                  LEADS_RECYCLE_DAYS_MAX);
}

bool leads_decide_recycle(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct leads_lead_facts *f = facts;
    const Baton__RecycleLeadRequest *q = (const Baton__RecycleLeadRequest *)c->request;
    /* 1: the holder, the holder's manager, an administrator */
    if (!leads_may_change(f, c, "only who holds the lead or manages its holder can put it to rest", out) ||
        !check(f->lead, timestamp_us(q->until), s->now_us, &out->no))
        return false;
    Baton__LeadRecycled *e = ARENA_NEW(s->arena, Baton__LeadRecycled);
    baton__lead_recycled__init(e);
    e->lead_id = f->lead->id;
    e->owner_id = f->lead->owner_id;
    e->until = q->until;
    e->reason = text_trim(s->arena, q->reason);
    outcome_event(out, e);
    Baton__RecycleLeadResponse *reply = ARENA_NEW(s->arena, Baton__RecycleLeadResponse);
    baton__recycle_lead_response__init(reply);
    reply->lead = leads_copy(f->lead, s->arena);
    leads_evolve(reply->lead, &e->base, s->now_us, s->arena);
    out->reply = &reply->base;
    return true;
}

void leads_come_back(const struct leads_due_facts *f, const Baton__Lead *lead, struct stamp *s,
                     struct outcome *out)
{
    const Baton__LeadAssigned *next;
    Baton__Lead *now = leads_copy(lead, s->arena);
    /* 4: it lies where the territories of now put it */
    (void)leads_place_anew(f->routing, now, f->from, s, out, &next); /* told by `next` */
    if (next)
        return;
    /* 5: who knows the customer goes on with it, if they are there; else the rules find somebody */
    uint32_t person = leads_person_find(f->routing, lead->owner_id);
    bool is_there =
        leads_holder_is_active(f->routing, lead) && f->routing->persons[person].state != WORKTIME_ABSENT;
    Baton__LeadAssigned *to =
        is_there ? leads_give_back(f->routing, now, person, s)
                 : leads_route(f->routing, now, BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_CAME_BACK, s);
    outcome_event(out, to);
    leads_tell_skipped(f->routing, to, s, out);
}
