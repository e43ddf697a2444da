/* Building a company through the API: territories, managers, teams, people, pools, rules. Everything is
   looked up by its name or e-mail first, so that building again adds nothing. */
#ifndef BATON_TOOL_ROSTER_H
#define BATON_TOOL_ROSTER_H

#include "baton/v1/leads.pb-c.h"
#include "tool/records.h"

struct roster {
    struct api *api;
    struct arena *arena;
    struct record_list users, teams, territories, pools;
    size_t users_made, teams_made, territories_made, pools_made;
    struct refusal no; /* why the last step failed */
};

/* Reads what is there. False: r->no. */
bool roster_load(struct roster *r, struct api *api, struct arena *a);

/* Each returns the record, there already or new; NULL: r->no. */
Baton__Territory *roster_territory(struct roster *r, const char *name, Baton__TerritoryKind kind);
Baton__Team *roster_team(struct roster *r, const char *name, const Baton__User *manager);
Baton__User *roster_user(struct roster *r, Baton__User *user);

/* A pool of these people; whoever is missing in one that is there already is added, at weight 1. */
Baton__Pool *roster_pool(struct roster *r, const char *name, const Baton__User *const *people, size_t n);

/* Publishes the rules, unless those in force are the same. *published tells. */
bool roster_policy(struct roster *r, Baton__Rule **rules, size_t n, const char *comment, bool *published);

/* A rule with one condition on `field`, or none if `field` is NULL. */
Baton__Rule *roster_rule(struct roster *r, const char *name, const Baton__Pool *pool, const char *field,
                         Baton__Operator operator, const char * const * values, size_t n_values);

#endif
