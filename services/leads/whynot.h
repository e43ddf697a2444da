/* "Why not me": what would have to be different for somebody to be given a lead. Found by making the decision
   again with what stands in the way taken away, one thing after the other, until they get it. */
#ifndef BATON_LEADS_WHYNOT_H
#define BATON_LEADS_WHYNOT_H

#include "services/leads/routing.h"

enum { LEADS_OBSTACLES_MAX = 64 }; /* each Reason is met once at most */

/* By which rule they could have it, and what that takes beside the obstacles. */
enum leads_whynot_way {
    LEADS_WAY_NONE,    /* no rule matches, and none has them in its pool; or no rule is asked at all */
    LEADS_WAY_RESORT,  /* nothing: they get it as the last resort */
    LEADS_WAY_TAKE,    /* the rule's pool is a queue: a member has to take it */
    LEADS_WAY_MEMBER,  /* nothing: they are in the pool of a rule that is asked */
    LEADS_WAY_JOIN,    /* they would have to be in the rule's pool */
    LEADS_WAY_MATCH,   /* the rule, which has them in its pool, would have to match; no rule does */
    LEADS_WAY_RESTORE, /* the same, and its pool or what it looks at would have to be there again */
};

struct leads_whynot {
    enum leads_whynot_way way;
    size_t rule;     /* unless LEADS_WAY_NONE or LEADS_WAY_RESORT */
    unsigned failed; /* LEADS_WAY_MATCH: the condition, counted from 1 */
    /* In the order in which they speak against the person; none: they would get it. */
    Baton__Reason obstacles[LEADS_OBSTACLES_MAX];
    size_t n_obstacles;
    /* Where they would have to join: the first rule in whose pool they are. SIZE_MAX: there is none. */
    size_t own_rule;
    unsigned own_failed; /* why that one did not come to it, as in Decision; 0: it came later */
};

/* What keeps the lead from that person, as the routing stands. */
void leads_why_not(const struct leads_routing *r, const Baton__Lead *lead, uint32_t person, struct arena *a,
                   struct leads_whynot *out);

/* In one sentence. */
char *leads_whynot_text(const struct leads_whynot *w, const struct leads_routing *r, const Baton__Lead *lead,
                        uint32_t person, struct arena *a);
/* What would have to be different, without the reason itself: "would have to be at work". */
const char *leads_remedy_text(Baton__Reason reason);

#endif
