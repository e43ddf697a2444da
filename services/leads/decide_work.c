/* What people do with a lead they hold or manage: accept, decline, assign by hand, convert. */
#include <string.h>

#include "base/text.h"
#include "services/leads/leads.h"

static bool is_status(const Baton__Lead *l, Baton__LeadStatus status)
{
    return l->has_status && l->status == status;
}

/* Somebody holds it and has not finished. */
static bool is_open(const Baton__Lead *l)
{
    return is_status(l, BATON__LEAD_STATUS__LEAD_STATUS_ASSIGNED) ||
           is_status(l, BATON__LEAD_STATUS__LEAD_STATUS_WORKING);
}

/* A lead somebody else holds is one that does not exist. */
static bool visible(const struct leads_lead_facts *f, const struct command *c, struct outcome *out)
{
    if (f->lead && leads_may_see(c->actor, f->lead, &f->scope))
        return true;
    return refuse(&out->no, REFUSAL_NOT_FOUND, "id", "there is no such lead");
}

static bool holds(const struct leads_lead_facts *f, const struct command *c)
{
    return actor_is(c->actor, BATON__ROLE__ROLE_ADMIN) ||
           (c->actor->user_id && f->lead->owner_id && strcmp(c->actor->user_id, f->lead->owner_id) == 0);
}

static const char *status_text(const Baton__Lead *l)
{
    static const char *const texts[] = {
        [BATON__LEAD_STATUS__LEAD_STATUS_NEW] = "new",
        [BATON__LEAD_STATUS__LEAD_STATUS_ASSIGNED] = "assigned",
        [BATON__LEAD_STATUS__LEAD_STATUS_WORKING] = "being worked on",
        [BATON__LEAD_STATUS__LEAD_STATUS_CONVERTED] = "converted",
        [BATON__LEAD_STATUS__LEAD_STATUS_RECYCLED] = "recycled",
        [BATON__LEAD_STATUS__LEAD_STATUS_DEAD] = "dead",
        [BATON__LEAD_STATUS__LEAD_STATUS_MERGED] = "merged into another",
        [BATON__LEAD_STATUS__LEAD_STATUS_REJECTED] = "rejected",
    };
    size_t n = l->has_status ? (size_t)l->status : 0;
    return n < sizeof texts / sizeof *texts && texts[n] ? texts[n] : "unknown";
}

static bool refuse_status(const Baton__Lead *l, struct outcome *out)
{
    return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "id", "the lead is %s", status_text(l));
}

/* Adds the event and moves the lead on by it. */
static void happen(Baton__Lead *now, void *event, struct stamp *s, struct outcome *out)
{
    outcome_event(out, event);
    leads_evolve(now, event, s->now_us, s->arena);
}

bool leads_decide_accept(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct leads_lead_facts *f = facts;
    Baton__AcceptLeadResponse *reply = ARENA_NEW(s->arena, Baton__AcceptLeadResponse);
    baton__accept_lead_response__init(reply);
    /* 1: only what one may see */
    if (!visible(f, c, out))
        return false;
    /* 2: only the holder (or an administrator) accepts */
    if (!holds(f, c))
        return refuse(&out->no, REFUSAL_PERMISSION_DENIED, "id", "only who holds the lead can accept it");
    /* 3: again is once; 4: only what waits for an answer */
    reply->lead = leads_copy(f->lead, s->arena);
    out->reply = &reply->base;
    if (is_status(f->lead, BATON__LEAD_STATUS__LEAD_STATUS_WORKING))
        return true;
    if (!is_status(f->lead, BATON__LEAD_STATUS__LEAD_STATUS_ASSIGNED))
        return refuse_status(f->lead, out);
    Baton__LeadAccepted *e = ARENA_NEW(s->arena, Baton__LeadAccepted);
    baton__lead_accepted__init(e);
    e->lead_id = f->lead->id;
    e->owner_id = f->lead->owner_id;
    happen(reply->lead, e, s, out);
    return true;
}

bool leads_decide_decline(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct leads_lead_facts *f = facts;
    const Baton__DeclineLeadRequest *q = (const Baton__DeclineLeadRequest *)c->request;
    Baton__DeclineLeadResponse *reply = ARENA_NEW(s->arena, Baton__DeclineLeadResponse);
    baton__decline_lead_response__init(reply);
    /* 5: only what one may see, 6: and holds, 7: and has not finished */
    if (!visible(f, c, out))
        return false;
    if (!holds(f, c))
        return refuse(&out->no, REFUSAL_PERMISSION_DENIED, "id", "only who holds the lead can decline it");
    if (!is_open(f->lead))
        return refuse_status(f->lead, out);
    /* 8: there is always a holder: the last resort cannot decline what nobody else can take */
    Baton__LeadAssigned *next =
        leads_route(f->routing, f->lead, BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_DECLINED, s);
    if (strcmp(next->owner_id, f->lead->owner_id) == 0)
        return refuse(
            &out->no, REFUSAL_FAILED_PRECONDITION, "id",
            "nobody else can take this lead now, and the last resort keeps what nobody can take; assign "
            "it by hand");
    /* 9: the next one has it at once */
    Baton__LeadDeclined *e = ARENA_NEW(s->arena, Baton__LeadDeclined);
    baton__lead_declined__init(e);
    e->lead_id = f->lead->id;
    e->owner_id = f->lead->owner_id;
    e->reason = text_trim(s->arena, q->reason);
    outcome_event(out, e);
    reply->lead = leads_copy(f->lead, s->arena);
    happen(reply->lead, next, s, out);
    out->reply = &reply->base;
    return true;
}

bool leads_decide_assign(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct leads_lead_facts *f = facts;
    Baton__AssignLeadResponse *reply = ARENA_NEW(s->arena, Baton__AssignLeadResponse);
    baton__assign_lead_response__init(reply);
    /* 10: managers hand on what they or their people hold, administrators anything */
    if (!visible(f, c, out))
        return false;
    if (!holds(f, c) && !leads_manages(c->actor, &f->scope))
        return refuse(&out->no, REFUSAL_PERMISSION_DENIED, "id",
                      "only the holder's manager can assign the lead");
    /* 11: only what is not finished */
    if (!is_open(f->lead))
        return refuse_status(f->lead, out);
    /* 12: only to somebody who works here */
    if (f->target == LEADS_NOBODY || !f->routing->persons[f->target].known ||
        !f->routing->persons[f->target].active)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "owner_id", "there is no such active user");
    /* 13: who has it keeps it, deadline and all */
    reply->lead = leads_copy(f->lead, s->arena);
    out->reply = &reply->base;
    if (f->lead->owner_id && strcmp(f->lead->owner_id, f->routing->persons[f->target].id) == 0)
        return true;
    happen(reply->lead, leads_give(f->routing, f->lead, f->target, s), s, out);
    return true;
}

static bool amount_is_good(const Baton__Money *m)
{
    return m->has_minor_units && m->minor_units >= 0 && m->currency_code && strlen(m->currency_code) == 3 &&
           strspn(m->currency_code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3;
}

static char *opportunity_name(const Baton__ConvertLeadRequest *q, const Baton__Lead *l, struct arena *a)
{
    enum { NAME_MAX_BYTES = 200 };
    char *name = text_trim(a, q->opportunity_name);
    if (!name)
        name = arena_strdup(a, l->company);
    if (!name)
        name = leads_display_name(l, a);
    if (name)
        name[text_clip(name, NAME_MAX_BYTES)] = '\0';
    return name;
}

/* 16: fresh ids for what is made, so that its service makes it once, however often it hears of it */
static Baton__LeadConverted *conversion(const Baton__Lead *l, const Baton__ConvertLeadRequest *q,
                                        struct stamp *s)
{
    Baton__LeadConverted *e = ARENA_NEW(s->arena, Baton__LeadConverted);
    baton__lead_converted__init(e);
    e->lead_id = l->id;
    e->has_account_is_new = true;
    e->account_is_new = !q->account_id;
    e->account_id = q->account_id ? q->account_id : stamp_id(s);
    e->contact_id = stamp_id(s);
    if (!q->has_without_opportunity || !q->without_opportunity) {
        e->opportunity_id = stamp_id(s);
        e->opportunity_name = opportunity_name(q, l, s->arena);
        e->amount = q->amount;
    }
    return e;
}

bool leads_decide_convert(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct leads_lead_facts *f = facts;
    const Baton__ConvertLeadRequest *q = (const Baton__ConvertLeadRequest *)c->request;
    Baton__ConvertLeadResponse *reply = ARENA_NEW(s->arena, Baton__ConvertLeadResponse);
    baton__convert_lead_response__init(reply);
    /* 14: the holder, the holder's manager, an administrator */
    if (!visible(f, c, out))
        return false;
    if (!holds(f, c) && !leads_manages(c->actor, &f->scope))
        return refuse(&out->no, REFUSAL_PERMISSION_DENIED, "id",
                      "only who holds the lead or manages its holder can convert it");
    /* 15: once */
    if (!is_open(f->lead))
        return refuse_status(f->lead, out);
    if (q->amount && !amount_is_good(q->amount))
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "amount",
                      "needs a currency of three capital letters and an amount that is not below zero");
    Baton__LeadConverted *e = conversion(f->lead, q, s);
    e->lead = reply->lead = leads_copy(f->lead, s->arena);
    happen(reply->lead, e, s, out);
    out->reply = &reply->base;
    return true;
}
