/* Keeps the routing in memory in step with what is applied; a state that is NULL is that of who only reads.
 */
#include <string.h>

#include "services/leads/state.h"

void leads_state_note_user(struct leads_state *s, const char *user_id)
{
    uint32_t person = s ? leads_person_find(&s->routing, user_id) : LEADS_NOBODY;
    if (person == LEADS_NOBODY)
        return;
    s->routing.persons[person].stale = true;
    s->persons_stale = true;
}

static bool is_told(const struct leads_state *s, const char *user_id)
{
    for (size_t i = 0; i < s->routing.n_admins; i++)
        if (strcmp(s->admins[i], user_id) == 0)
            return true;
    return false;
}

void leads_state_note_admin(struct leads_state *s, const Baton__User *u)
{
    if (s && u->id && (u->role == BATON__ROLE__ROLE_ADMIN || is_told(s, u->id)))
        s->skipped_stale = true;
}

void leads_state_note_skipped(struct leads_state *s, const Baton__RuleSkipped *e)
{
    if (s && s->compiled && s->compiled->version == e->policy_version && e->rule_index < s->compiled->n_rules)
        s->compiled->rules[e->rule_index].told |= UINT32_C(1) << e->skip;
}

void leads_state_note_organisation(struct leads_state *s)
{
    if (s)
        s->organisation_stale = true;
}

void leads_state_note_pool(struct leads_state *s, const char *pool_id)
{
    uint32_t pool = s ? leads_pool_find(&s->routing, pool_id) : LEADS_NO_POOL;
    if (pool == LEADS_NO_POOL)
        return;
    s->routing.pools[pool].stale = true;
    s->pools_stale = true;
}

void leads_state_note_policy(struct leads_state *s)
{
    if (s)
        s->policy_stale = true;
}

void leads_state_note_shadow(struct leads_state *s)
{
    if (s)
        leads_shadow_note_policy(s->shadow);
}

void leads_state_note_territories(struct leads_state *s)
{
    if (s)
        s->territories_stale = true;
}

void leads_state_note_templates(struct leads_state *s)
{
    if (s)
        s->responses_stale = true;
}

void leads_state_note_acknowledged(struct leads_state *s, uint32_t slot, uint64_t hash, int64_t at_us)
{
    if (s)
        leads_recent_put(&s->responses.recent, slot, hash, at_us);
}

void leads_state_note_assigned(struct leads_state *s, const Baton__LeadAssigned *e)
{
    if (!s)
        return;
    leads_routing_note_shares(&s->routing, e);
    leads_routing_note_received(&s->routing, e);
}

void leads_state_note_open(struct leads_state *s, const char *user_id, int delta)
{
    if (s)
        leads_routing_note_open(&s->routing, user_id, delta);
}

void leads_state_note_outcome(struct leads_state *s, const Baton__ScoreCount *count, bool back)
{
    if (s)
        score_model_count(s->score, count, back);
}

struct leads_indexes *leads_state_match_begin(struct leads_state *s)
{
    s->match = (struct leads_indexes){near_index_new(), near_index_new(), near_index_new()};
    return &s->match;
}

struct leads_indexes *leads_state_match(struct leads_state *s)
{
    return s && s->match.leads ? &s->match : NULL;
}

void leads_state_note_place(struct leads_state *s, const Baton__Place *place)
{
    if (s && place && !s->places_stale)
        leads_places_put(s->places, place);
    else if (s)
        s->places_stale = true;
}

struct finder *leads_state_finder_begin(struct leads_state *s)
{
    return &s->finder;
}

struct finder *leads_state_finder(struct leads_state *s)
{
    return s && s->finder.index ? &s->finder : NULL;
}
