/* One pool tried by one rule. */
#ifndef BATON_LEADS_TRIAL_H
#define BATON_LEADS_TRIAL_H

#include "services/leads/filter.h"

/* What became of a pool that a rule tried. */
struct leads_trial {
    const struct leads_rule *rule;
    const struct leads_pool *pool;
    uint8_t *excluded; /* a Reason for each member, 0 for none */
    uint8_t *left_out; /* the same, with the hours waived where that is so */
    bool chosen, hours_waived;
    struct leads_turn turn;
    struct leads_trial *before; /* for whoever keeps several */
};

/* Whose turn it is in the pool for what `q` asks about; `chosen` false: nobody's. In the arena. */
struct leads_trial *leads_try(const struct leads_asked *q, const struct leads_rule *rule,
                              const struct leads_pool *pool, struct arena *a);

/* What the pool's fair share becomes by it; how many members change. */
size_t leads_trial_shares(const struct leads_trial *t, const struct leads_routing *r, struct arena *a,
                          Baton__Share ***out);
Baton__PoolClock *leads_trial_clock(const struct leads_trial *t, struct arena *a);

/* The rules asked one after the other for a lead. */
struct leads_search {
    const struct leads_routing *r;
    const Baton__Lead *lead;
    struct arena *arena;
    struct leads_asked asked;
    struct leads_trial *last; /* of those tried; where a rule decides whose pool is no queue, its own */
    size_t n_trials;
};
void leads_search_init(struct leads_search *q, const struct leads_routing *r, const Baton__Lead *lead,
                       struct arena *a);
/* The first rule that decides; n_rules: they give it to nobody. failed[i] of each before it says why it did
   not, as Decision.failed_conditions does. There is a policy. */
size_t leads_search_rule(struct leads_search *q, uint8_t *failed);
/* A lead that so many have passed on goes round no longer; nor could their list grow for ever. */
bool leads_is_worn(const Baton__Lead *lead);
/* Who holds what waits in the queue. */
const struct leads_person *leads_keeper(const struct leads_routing *r, const struct leads_pool *queue);

/* Why the rule does not come to its pool, as Decision.failed_conditions says it; 0: it matches. */
unsigned leads_rule_failed(struct leads_match *m, const struct leads_routing *r, size_t rule);

/* For the decision. */
Baton__PoolTrial *leads_trial_record(const struct leads_trial *t, uint32_t rule, struct arena *a);

#endif
