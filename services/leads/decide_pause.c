/* Waiting for the customer: deadlines stand still, and go on with what was left of them. */
#include <string.h>

#include "base/text.h"
#include "services/leads/leads.h"

static const int64_t DAY_US = INT64_C(86400000000);

/* 1: a lead somebody else holds is one that does not exist; 2: the holder, the holder's manager, an
   administrator */
static bool allowed(const struct leads_lead_facts *f, const struct command *c, struct outcome *out)
{
    return leads_may_change(f, c, "only who holds the lead or manages its holder can pause or resume it",
                            out);
}

static const struct leads_person *owner_of(const struct leads_lead_facts *f)
{
    return &f->routing->persons[leads_person_find(f->routing, f->lead->owner_id)];
}

static bool check_pause(const Baton__Lead *l, int64_t until_us, int64_t now_us, struct refusal *no)
{
    /* 3: one pause at a time */
    if (l->paused_until)
        return refuse(no, REFUSAL_FAILED_PRECONDITION, "id", "the lead is paused already; resume it first");
    /* 4: there is something that can stand still */
    if (!l->has_next_due_us || !l->next_due_us || !l->response_due_at ||
        l->status != BATON__LEAD_STATUS__LEAD_STATUS_ASSIGNED)
        return refuse(no, REFUSAL_FAILED_PRECONDITION, "id", "the lead has no deadline that could be paused");
    /* 5: a lead is not put off for ever */
    if (l->pauses >= LEADS_PAUSES_MAX)
        return refuse(no, REFUSAL_FAILED_PRECONDITION, "id", "the lead has been paused %d times already",
                      LEADS_PAUSES_MAX);
    if (until_us <= now_us)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "until", "must be in the future");
    if (until_us - now_us > LEADS_PAUSE_DAYS_MAX * DAY_US)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "until", "can be %d days ahead at most",
                      LEADS_PAUSE_DAYS_MAX);
    return true;
}

bool leads_decide_pause(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct leads_lead_facts *f = facts;
    const Baton__PauseLeadRequest *q = (const Baton__PauseLeadRequest *)c->request;
    if (!allowed(f, c, out) || !check_pause(f->lead, timestamp_us(q->until), s->now_us, &out->no))
        return false;
    Baton__LeadPaused *e = ARENA_NEW(s->arena, Baton__LeadPaused);
    baton__lead_paused__init(e);
    e->lead_id = f->lead->id;
    e->owner_id = f->lead->owner_id;
    e->until = q->until;
    e->reason = text_trim(s->arena, q->reason);
    leads_deadline_stop(f->routing, f->lead, owner_of(f), e, s);
    outcome_event(out, e);
    Baton__PauseLeadResponse *reply = ARENA_NEW(s->arena, Baton__PauseLeadResponse);
    baton__pause_lead_response__init(reply);
    reply->lead = leads_copy(f->lead, s->arena);
    leads_evolve(reply->lead, &e->base, s->now_us, s->arena);
    out->reply = &reply->base;
    return true;
}

bool leads_decide_resume(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct leads_lead_facts *f = facts;
    if (!allowed(f, c, out))
        return false;
    /* 7: what is at rest, merged into another, goes on with that only once it is taken out again */
    if (f->lead->paused_until && f->lead->status != BATON__LEAD_STATUS__LEAD_STATUS_ASSIGNED)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "id", "the lead is %s",
                      leads_status_text(f->lead));
    Baton__ResumeLeadResponse *reply = ARENA_NEW(s->arena, Baton__ResumeLeadResponse);
    baton__resume_lead_response__init(reply);
    reply->lead = leads_copy(f->lead, s->arena);
    out->reply = &reply->base;
    /* 6: again is once */
    if (!f->lead->paused_until)
        return true;
    Baton__LeadResumed *e = leads_deadline_go_on(f->routing, f->lead, owner_of(f), s);
    outcome_event(out, e);
    leads_evolve(reply->lead, &e->base, s->now_us, s->arena);
    return true;
}
