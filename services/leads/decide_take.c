/* Who takes the next lead of a queue, and which that is. */
#include <string.h>

#include "services/leads/filter.h"
#include "services/leads/leads.h"

static bool is_member(const struct leads_take_facts *f, const struct command *c)
{
    for (size_t i = 0; f->pool && c->actor->user_id && i < f->pool->n_members; i++)
        if (f->pool->members[i]->user_id && strcmp(f->pool->members[i]->user_id, c->actor->user_id) == 0)
            return true;
    return false;
}

const struct leads_rule *leads_queue_rule(const struct leads_routing *r, const Baton__Lead *lead,
                                          const char *queue_id, struct arena *a)
{
    const struct leads_policy *p = r->policy;
    struct leads_match m;
    if (!p || !queue_id)
        return NULL;
    leads_match_init(&m, p, r->territories, lead, a);
    for (size_t i = 0; (i = leads_match_next(&m, i)) < p->n_rules; i++)
        if (strcmp(p->rules[i].source->pool_id, queue_id) == 0 && !leads_match_rule(&m, i))
            return &p->rules[i];
    return NULL;
}

/* 3: nothing but the hours may speak against it: whoever asks is at work */
Baton__Reason leads_take_obstacle(const struct leads_routing *r, const Baton__Lead *lead, uint32_t person,
                                  struct arena *a)
{
    static const Baton__Rule nothing = BATON__RULE__INIT;
    struct leads_rule plain = {.source = &nothing};
    struct leads_asked q;
    const struct leads_rule *rule = leads_queue_rule(r, lead, lead->queue_id, a);
    Baton__Lead *free_lead = leads_copy(lead, a);
    free_lead->owner_id = NULL; /* its keeper may take it too */
    leads_filter_compile(&nothing, &plain, a);
    leads_asked_init(&q, r, free_lead, a);
    Baton__Reason why = leads_filter_first(&q, rule ? rule : &plain, person);
    return why == BATON__REASON__REASON_OUTSIDE_HOURS ? BATON__REASON__REASON_UNSPECIFIED : why;
}

/* `*why` is what speaks against the first of all */
static const Baton__Lead *next_lead(const struct leads_take_facts *f, struct arena *a, Baton__Reason *why)
{
    *why = BATON__REASON__REASON_UNSPECIFIED;
    for (size_t i = 0; i < f->n_waiting; i++) {
        Baton__Reason reason = leads_take_obstacle(f->routing, f->waiting[i], f->person, a);
        if (reason == BATON__REASON__REASON_UNSPECIFIED)
            return f->waiting[i];
        *why = *why ? *why : reason;
    }
    return NULL;
}

/* 4: it is said where not all were looked at: whoever goes on by pages goes on, all others are told */
static bool say_more(const struct leads_take_facts *f, const struct command *c, Baton__Reason why,
                     Baton__TakeNextLeadResponse *reply, struct stamp *s, struct outcome *out)
{
    if (!((const Baton__TakeNextLeadRequest *)c->request)->page_token)
        return refuse(
            &out->no, REFUSAL_FAILED_PRECONDITION, "pool_id",
            "none of the first %d in this queue can be yours now: whoever asks %s; more wait behind "
            "them, which page_token goes on to",
            LEADS_LOOKED_AT_MAX, leads_reason_text(why));
    reply->next_page_token = arena_strdup(s->arena, f->more);
    out->reply = &reply->base;
    return true;
}

bool leads_decide_take(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct leads_take_facts *f = facts;
    Baton__TakeNextLeadResponse *reply = ARENA_NEW(s->arena, Baton__TakeNextLeadResponse);
    Baton__Reason why;
    baton__take_next_lead_response__init(reply);
    /* 1: a queue of which one is no member is one that does not exist; 2: and a pool need not be a queue */
    if (!f->routing->ready || f->person == LEADS_NOBODY || !is_member(f, c))
        return refuse(&out->no, REFUSAL_NOT_FOUND, "pool_id", "you are in no such queue");
    if (!f->pool->pull)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "pool_id",
                      "leads of this pool are handed out; it is no queue to take them from");
    if (f->is_bad_token)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "page_token",
                      "this is no page token of this queue");
    const Baton__Lead *next = next_lead(f, s->arena, &why);
    if (!next && f->more)
        return say_more(f, c, why, reply, s, out);
    if (!next && why)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "pool_id",
                      "nothing in this queue can be yours now: whoever asks %s", leads_reason_text(why));
    if (!next)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "pool_id", "nothing waits in this queue now");
    Baton__LeadAssigned *e = leads_take(f->routing, next, f->person, s);
    outcome_event(out, e);
    reply->lead = leads_copy(next, s->arena);
    leads_evolve(reply->lead, &e->base, s->now_us, s->arena);
    out->reply = &reply->base;
    return true;
}
