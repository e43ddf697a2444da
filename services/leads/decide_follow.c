/* Who follows a lead, and so hears of what happens to it. */
#include <string.h>

#include "services/leads/leads.h"

static bool follows(const Baton__Lead *l, const char *user_id)
{
    for (size_t i = 0; i < l->n_follower_ids; i++)
        if (strcmp(l->follower_ids[i], user_id) == 0)
            return true;
    return false;
}

/* The lead as it is then. */
static Baton__Lead *change(const Baton__Lead *lead, bool following, struct stamp *s, struct outcome *out)
{
    Baton__Lead *after = leads_copy(lead, s->arena);
    Baton__LeadFollowed *e = ARENA_NEW(s->arena, Baton__LeadFollowed);
    baton__lead_followed__init(e);
    e->lead_id = lead->id;
    e->user_id = arena_strdup(s->arena, s->actor->user_id);
    e->has_following = true;
    e->following = following;
    e->lead_name = leads_display_name(lead, s->arena);
    e->company = lead->company;
    outcome_event(out, e);
    leads_evolve(after, &e->base, s->now_us, s->arena);
    return after;
}

/* 1: a user, and what they may see */
static bool may_follow(const struct leads_lead_facts *f, const struct command *c, struct outcome *out)
{
    if (!f->lead || !leads_may_see(c->actor, f->lead, &f->scope))
        return refuse(&out->no, REFUSAL_NOT_FOUND, "id", "there is no such lead");
    return c->actor->user_id ||
           refuse(&out->no, REFUSAL_PERMISSION_DENIED, NULL, "only a user can follow a lead");
}

bool leads_decide_follow(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct leads_lead_facts *f = facts;
    if (!may_follow(f, c, out))
        return false;
    bool is_known = follows(f->lead, c->actor->user_id);
    /* 2: there is an end to it */
    if (!is_known && f->lead->n_follower_ids >= LEADS_FOLLOWERS_MAX)
        return refuse(&out->no, REFUSAL_RESOURCE_EXHAUSTED, "id", "%d people follow this lead already",
                      LEADS_FOLLOWERS_MAX);
    Baton__FollowLeadResponse *reply = ARENA_NEW(s->arena, Baton__FollowLeadResponse);
    baton__follow_lead_response__init(reply);
    /* 3: again is once */
    reply->lead = is_known ? leads_copy(f->lead, s->arena) : change(f->lead, true, s, out);
    out->reply = &reply->base;
    return true;
}

bool leads_decide_unfollow(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct leads_lead_facts *f = facts;
    if (!may_follow(f, c, out))
        return false;
    Baton__UnfollowLeadResponse *reply = ARENA_NEW(s->arena, Baton__UnfollowLeadResponse);
    baton__unfollow_lead_response__init(reply);
    /* 4: whoever does not follow it stays so */
    reply->lead =
        follows(f->lead, c->actor->user_id) ? change(f->lead, false, s, out) : leads_copy(f->lead, s->arena);
    out->reply = &reply->base;
    return true;
}
