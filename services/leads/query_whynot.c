/* "Why not me": the newest decision about a lead, made again for somebody who did not get it. */
#include <string.h>

#include "services/leads/rows.h"
#include "services/leads/whynot.h"

/* The lead as it was before its holder had it, and the holder without it. */
static Baton__Lead *before_decision(const Baton__Lead *lead, struct leads_routing *r, struct arena *a)
{
    Baton__Lead *before = leads_copy(lead, a);
    if (lead->open)
        leads_routing_note_open(r, lead->owner_id, -1);
    before->owner_id = NULL;
    return before;
}

/* What the newest decision said of them, in the last rule that looked at them. */
static void add_then(Baton__WhyNot *out, const Baton__ExplainLeadResponse *explained)
{
    const Baton__DecisionExplanation *e =
        explained->n_decisions ? explained->decisions[explained->n_decisions - 1] : NULL;
    for (size_t i = 0; e && i < e->n_rules; i++)
        for (size_t k = 0; k < e->rules[i]->n_candidates; k++) {
            const Baton__CandidateExplanation *c = e->rules[i]->candidates[k];
            if (strcmp(c->user_id, out->user_id) != 0)
                continue;
            out->has_then = true;
            out->then = c->reason;
            out->then_text = c->text;
        }
}

static void add_obstacles(Baton__WhyNot *out, const struct leads_whynot *w, struct arena *a)
{
    out->obstacles = ARENA_ARRAY(a, Baton__Obstacle *, w->n_obstacles);
    for (size_t i = 0; i < w->n_obstacles; i++) {
        Baton__Obstacle *o = out->obstacles[out->n_obstacles++] = ARENA_NEW(a, Baton__Obstacle);
        baton__obstacle__init(o);
        o->has_reason = true;
        o->reason = w->obstacles[i];
        o->text = arena_printf(a, "would have to %s", leads_remedy_text(w->obstacles[i]));
    }
}

static void add_way(Baton__WhyNot *out, const struct leads_whynot *w, const struct leads_routing *r)
{
    if (w->way == LEADS_WAY_NONE || w->way == LEADS_WAY_RESORT)
        return;
    out->rule_name = r->policy->rules[w->rule].source->name;
    out->has_not_in_pool = out->not_in_pool = w->way == LEADS_WAY_JOIN;
    out->has_failed_condition = w->way == LEADS_WAY_MATCH;
    out->failed_condition = w->failed;
    out->has_policy_version = true;
    out->policy_version = r->policy->version;
}

Baton__WhyNot *leads_query_why_not(struct load *l, const Baton__ExplainLeadResponse *explained,
                                   const char *user_id, struct refusal *no)
{
    struct arena *a = l->arena;
    struct leads_whynot w;
    struct key key = key_of(user_id);
    if (!table_seq(l->txn, LEADS_USER, &key)) {
        (void)refuse(no, REFUSAL_NOT_FOUND, "for_user_id", "there is no such user");
        return NULL;
    }
    (void)leads_state_person(l, user_id); /* entered before the routing is asked for */
    struct leads_routing *r = leads_routing_copy(leads_state_routing(l), a);
    uint32_t person = leads_person_find(r, user_id);
    const Baton__Lead *lead = before_decision(explained->lead, r, a);
    leads_why_not(r, lead, person, a, &w);
    Baton__WhyNot *out = ARENA_NEW(a, Baton__WhyNot);
    baton__why_not__init(out);
    out->user_id = arena_strdup(a, user_id);
    out->name = arena_strdup(a, r->persons[person].name);
    add_then(out, explained);
    add_obstacles(out, &w, a);
    add_way(out, &w, r);
    out->text = leads_whynot_text(&w, r, lead, person, a);
    return out;
}
