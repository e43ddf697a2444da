/* What state.c keeps in memory of rows, and apply_state.c in step with what is applied. */
#ifndef BATON_LEADS_STATE_H
#define BATON_LEADS_STATE_H

#include "services/leads/ack.h"
#include "services/leads/rows.h"

struct leads_state {
    struct leads_routing routing;
    size_t persons_max, pools_max;
    struct leads_calendar *calendar; /* NULL: the organisation is not known */
    struct arena *policy_memory;
    const Baton__Policy *policy;   /* in policy_memory */
    struct leads_policy *compiled; /* the same; the routing's */
    struct arena *territory_memory;
    struct leads_territories *territories; /* in territory_memory */
    struct leads_places *places;
    bool places_stale;
    struct leads_responses responses;
    struct arena *response_memory;
    bool responses_stale;
    struct leads_indexes match; /* leads NULL: nobody asks for them */
    struct finder finder;
    bool organisation_stale, policy_stale, territories_stale, pools_stale, persons_stale;
    struct leads_shadow *shadow;
    struct score_model *score;
    int64_t change_us; /* somebody's working time begins or ends */
    char admin_ids[LEADS_ADMINS_MAX][IDENT_TEXT_SIZE];
    const char *admins[LEADS_ADMINS_MAX];
    bool skipped_stale;
};

#endif
