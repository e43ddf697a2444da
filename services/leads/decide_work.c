/* What people do with a lead they hold or manage: accept, decline, assign by hand, convert, close, reopen. */
#include <string.h>

#include "base/text.h"
#include "services/leads/erase.h"
#include "services/leads/leads.h"

static bool is_status(const Baton__Lead *l, Baton__LeadStatus status)
{
    return l->has_status && l->status == status;
}

bool leads_is_open(const Baton__Lead *l)
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

bool leads_may_change(const struct leads_lead_facts *f, const struct command *c, const char *denied,
                      struct outcome *out)
{
    if (!visible(f, c, out))
        return false;
    return leads_may_act(c->actor, f->lead, &f->scope) ||
           refuse(&out->no, REFUSAL_PERMISSION_DENIED, "id", "%s", denied);
}

const char *leads_status_text(const Baton__Lead *l)
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
    return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "id", "the lead is %s", leads_status_text(l));
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
    if (!leads_is_open(f->lead))
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
    leads_tell_skipped(f->routing, next, s, out);
    out->reply = &reply->base;
    return true;
}

bool leads_decide_assign(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct leads_lead_facts *f = facts;
    Baton__AssignLeadResponse *reply = ARENA_NEW(s->arena, Baton__AssignLeadResponse);
    baton__assign_lead_response__init(reply);
    /* 10: managers hand on what they or their people hold, administrators anything */
    if (!leads_may_change(f, c, "only the holder's manager can assign the lead", out))
        return false;
    /* 11: only what is not finished */
    if (!leads_is_open(f->lead))
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
    /* not after the person: who is erased some day stands in no name of a deal */
    if (!name)
        name = arena_strdup(a, l->product_interest ? l->product_interest : "Opportunity");
    name[text_clip(name, NAME_MAX_BYTES)] = '\0';
    return name;
}

/* 16: fresh ids for what is made, so that its service makes it once, however often it hears of it */
static Baton__LeadConverted *conversion(const struct leads_lead_facts *f, const Baton__ConvertLeadRequest *q,
                                        struct stamp *s)
{
    const Baton__Lead *l = f->lead;
    const Baton__Account *account = q->new_account ? NULL : f->account;
    Baton__LeadConverted *e = ARENA_NEW(s->arena, Baton__LeadConverted);
    baton__lead_converted__init(e);
    e->lead_id = l->id;
    e->has_account_is_new = true;
    e->account_is_new = !account;
    e->account_id = account ? account->id : stamp_id(s);
    e->contact_id = stamp_id(s);
    if (!q->has_without_opportunity || !q->without_opportunity) {
        e->opportunity_id = stamp_id(s);
        e->opportunity_name = opportunity_name(q, l, s->arena);
        e->amount = q->amount;
    }
    return e;
}

/* 23: the first above the holder hears of it, unless it is they who did it */
static void name_manager(Baton__LeadConverted *e, const struct leads_lead_facts *f, struct stamp *s)
{
    const char *owner = f->lead->owner_id, *who = s->actor->user_id;
    e->owner_name = leads_person_name(f->routing, owner, s->arena);
    e->lead_name = leads_display_name(f->lead, s->arena);
    e->company = f->lead->company;
    for (size_t i = 0; i < f->scope.n_managers && !e->n_manager_ids; i++) {
        char *manager = arena_strdup(s->arena, f->scope.managers[i]);
        if (owner && strcmp(manager, owner) == 0)
            continue;
        if (who && strcmp(manager, who) == 0)
            return;
        e->manager_ids = ARENA_ARRAY(s->arena, char *, 1);
        e->manager_ids[e->n_manager_ids++] = manager;
    }
}

bool leads_decide_convert(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct leads_lead_facts *f = facts;
    const Baton__ConvertLeadRequest *q = (const Baton__ConvertLeadRequest *)c->request;
    Baton__ConvertLeadResponse *reply = ARENA_NEW(s->arena, Baton__ConvertLeadResponse);
    baton__convert_lead_response__init(reply);
    /* 14: the holder, the holder's manager, an administrator */
    if (!leads_may_change(f, c, "only who holds the lead or manages its holder can convert it", out))
        return false;
    /* 15: once */
    if (!leads_is_open(f->lead))
        return refuse_status(f->lead, out);
    /* 25: of somebody who was erased nothing comes */
    if (!leads_is_somebodys(f->lead, &out->no))
        return false;
    if (q->amount && !amount_is_good(q->amount))
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "amount",
                      "needs a currency of three capital letters and an amount that is not below zero");
    /* 24: into an account there is */
    if (q->account_id && !f->account)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "account_id",
                      "there is no such account, or it was made only just now");
    if (q->account_id && q->new_account)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "new_account",
                      "either an account there is, or a new one");
    Baton__LeadConverted *e = conversion(f, q, s);
    e->lead = reply->lead = leads_copy(f->lead, s->arena);
    e->counted = leads_score_count(f->routing->score, f->lead, true, s->now_us, 0, s->arena);
    name_manager(e, f, s);
    happen(reply->lead, e, s, out);
    out->reply = &reply->base;
    return true;
}

static const char *close_reason_text(Baton__CloseReason reason)
{
    static const char *const texts[] = {
        [BATON__CLOSE_REASON__CLOSE_REASON_NOT_INTERESTED] = "not interested",
        [BATON__CLOSE_REASON__CLOSE_REASON_NO_ANSWER] = "no answer",
        [BATON__CLOSE_REASON__CLOSE_REASON_NO_BUDGET] = "no budget",
        [BATON__CLOSE_REASON__CLOSE_REASON_BOUGHT_ELSEWHERE] = "bought elsewhere",
        [BATON__CLOSE_REASON__CLOSE_REASON_DOES_NOT_FIT] = "does not fit",
        [BATON__CLOSE_REASON__CLOSE_REASON_OTHER] = "other",
    };
    return (size_t)reason < sizeof texts / sizeof *texts ? texts[reason] : NULL;
}

/* 18: a reason from the list; "other" is none without words */
static bool close_words(const Baton__CloseLeadRequest *q, struct arena *a, char **words, struct outcome *out)
{
    const char *reason = close_reason_text(q->reason), *text = text_trim(a, q->text);
    if (!reason)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "reason", "say why nothing will come of the lead");
    if (q->reason == BATON__CLOSE_REASON__CLOSE_REASON_OTHER && !text)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "text", "say in words what the other reason is");
    *words = text ? arena_printf(a, "%s: %s", reason, text) : arena_strdup(a, reason);
    return true;
}

bool leads_decide_close(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct leads_lead_facts *f = facts;
    const Baton__CloseLeadRequest *q = (const Baton__CloseLeadRequest *)c->request;
    char *words = NULL;
    /* 17: the holder, the holder's manager, an administrator */
    if (!leads_may_change(f, c, "only who holds the lead or manages its holder can close it", out) ||
        !close_words(q, s->arena, &words, out))
        return false;
    /* 19: what is not finished, and what was converted by mistake */
    if (!leads_is_open(f->lead) && !is_status(f->lead, BATON__LEAD_STATUS__LEAD_STATUS_CONVERTED))
        return refuse_status(f->lead, out);
    Baton__CloseLeadResponse *reply = ARENA_NEW(s->arena, Baton__CloseLeadResponse);
    baton__close_lead_response__init(reply);
    Baton__LeadClosed *e = ARENA_NEW(s->arena, Baton__LeadClosed);
    baton__lead_closed__init(e);
    e->lead_id = f->lead->id;
    e->owner_id = f->lead->owner_id;
    e->has_reason = true;
    e->reason = q->reason;
    e->text = words;
    e->counted = leads_score_count(f->routing->score, f->lead, false, s->now_us, 0, s->arena);
    e->taken_back = (Baton__ScoreCount *)(uintptr_t)f->counted;
    reply->lead = leads_copy(f->lead, s->arena);
    happen(reply->lead, e, s, out);
    out->reply = &reply->base;
    return true;
}

bool leads_holder_is_active(const struct leads_routing *r, const Baton__Lead *lead)
{
    uint32_t person = leads_person_find(r, lead->owner_id);
    return person != LEADS_NOBODY && r->persons[person].known && r->persons[person].active;
}

bool leads_decide_reopen(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct leads_lead_facts *f = facts;
    if (!leads_may_change(f, c, "only who held the lead or manages its holder can reopen it", out))
        return false;
    /* 20: only what is dead, or at rest */
    if (!is_status(f->lead, BATON__LEAD_STATUS__LEAD_STATUS_DEAD) &&
        !is_status(f->lead, BATON__LEAD_STATUS__LEAD_STATUS_RECYCLED))
        return refuse_status(f->lead, out);
    Baton__ReopenLeadResponse *reply = ARENA_NEW(s->arena, Baton__ReopenLeadResponse);
    baton__reopen_lead_response__init(reply);
    Baton__LeadReopened *e = ARENA_NEW(s->arena, Baton__LeadReopened);
    const Baton__LeadAssigned *next;
    baton__lead_reopened__init(e);
    e->lead_id = f->lead->id;
    e->owner_id = f->lead->owner_id;
    e->taken_back = (Baton__ScoreCount *)(uintptr_t)f->counted;
    reply->lead = leads_copy(f->lead, s->arena);
    happen(reply->lead, e, s, out);
    /* 22: it lies where the territories of now put it */
    (void)leads_place_anew(f->routing, reply->lead, f->from, s, out, &next); /* told in the reply */
    /* 21: who held it goes on with it; of who has left, the rules find the next */
    if (!leads_holder_is_active(f->routing, reply->lead)) {
        Baton__LeadAssigned *to =
            leads_route(f->routing, reply->lead, BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_HOLDER_LEFT, s);
        happen(reply->lead, to, s, out);
        leads_tell_skipped(f->routing, to, s, out);
    }
    out->reply = &reply->base;
    return true;
}
