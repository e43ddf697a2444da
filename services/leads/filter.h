/* Who can have a lead at all, and who of those comes first: two tables of functions over person, lead and
   rule. A new filter or rank is an enum value in leads.proto, a function and a row (decide_filter.c,
   decide_rank.c). */
#ifndef BATON_LEADS_FILTER_H
#define BATON_LEADS_FILTER_H

#include "services/leads/routing.h"

enum { LEADS_REASONS = 64, LEADS_HIGH_SCORE = 700 };

/* What is asked of everybody in one decision. */
struct leads_asked {
    const struct leads_routing *routing;
    const Baton__Lead *lead;
    const uint32_t *had_it; /* persons */
    size_t n_had_it;
    struct leads_words language, products; /* of the lead, folded; n 0: none */
    struct earth_point at;                 /* where it is */
    struct leads_words areas;              /* its territories and all above them; n 0: it lies nowhere */
    /* What is left out of account for one person: bit n stands for Reason n. A rank left out counts them
       as standing with the first. */
    uint64_t granted;
    uint32_t granted_to;
};

/* In the arena. The lead's owner, if any, counts as having had it. */
void leads_asked_init(struct leads_asked *q, const struct leads_routing *r, const Baton__Lead *lead,
                      struct arena *a);

/* The lead's territories, all above them, and what each is a copy of. */
struct leads_words leads_areas_of(const struct leads_territories *t, const Baton__Lead *lead,
                                  struct arena *a);

/* Whether the reason is left out of account for that person. */
bool leads_asked_grants(const struct leads_asked *q, uint32_t person, Baton__Reason reason);

/* The first reason for which the person cannot have the lead by this rule; UNSPECIFIED: none. */
Baton__Reason leads_filter_first(const struct leads_asked *q, const struct leads_rule *rule, uint32_t person);
/* All of them: bit n stands for Reason n. */
uint64_t leads_filter_all(const struct leads_asked *q, const struct leads_rule *rule, uint32_t person);

/* A rule of the policy asks what `source` says: fills filters, skills and ranks of `out`. */
void leads_filter_compile(const Baton__Rule *source, struct leads_rule *out, struct arena *a);
/* Whether two rules let in the same people. */
bool leads_filter_same(const struct leads_rule *a, const struct leads_rule *b);
/* Refusals name the field behind `at`. */
bool leads_filter_check(const Baton__Rule *rule, const char *at, struct arena *a, struct refusal *no);

/* Whether the rule's n-th rank has anything to say of this lead. */
bool leads_rank_speaks(const struct leads_asked *q, const struct leads_rule *rule, size_t n);
/* How far down the person stands by the rule's n-th rank; the least comes first. */
int64_t leads_rank_value(const struct leads_asked *q, const struct leads_rule *rule, size_t n,
                         uint32_t person);
/* Why somebody further down does not get it. */
Baton__Reason leads_rank_reason(const struct leads_rule *rule, size_t n);
void leads_rank_compile(const Baton__Rule *source, struct leads_rule *out, struct arena *a);
bool leads_rank_check(const Baton__Rule *rule, const char *at, struct arena *a, struct refusal *no);

/* Leads received up to that day, as they count on `day`; a calendar that goes back stays on its day. */
struct leads_received leads_received_on(struct leads_received r, int32_t day);

#endif
