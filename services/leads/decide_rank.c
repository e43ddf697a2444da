/* Who of those that can have a lead comes first: the ranks a rule can name. */
#include "services/leads/filter.h"

#include <string.h>

/* What a filter of the rule is granted for counts here as well. */
static int64_t best_fit(const struct leads_asked *q, const struct leads_rule *rule, uint32_t person)
{
    const struct leads_person *p = &q->routing->persons[person];
    bool language = leads_words_common(&q->language, &p->languages) ||
                    leads_asked_grants(q, person, BATON__REASON__REASON_OTHER_LANGUAGE);
    bool product = leads_words_common(&q->products, &p->products) ||
                   leads_asked_grants(q, person, BATON__REASON__REASON_OTHER_PRODUCT);
    size_t skills = leads_asked_grants(q, person, BATON__REASON__REASON_LACKS_SKILL)
                        ? rule->skills.n
                        : leads_words_common(&rule->skills, &p->skills);
    return -(int64_t)(language + product + skills);
}

static int64_t preferred(const struct leads_asked *q, const struct leads_rule *rule, uint32_t person)
{
    for (size_t i = 0; i < rule->n_preferred; i++)
        if (rule->preferred[i] == person)
            return 0;
    return 1;
}

/* Only of a lead that promises much it says something: whom the rule prefers, or else who fits best. */
static int64_t high_score(const struct leads_asked *q, const struct leads_rule *rule, uint32_t person)
{
    if (!q->lead->has_score || q->lead->score < rule->high_score)
        return 0;
    return rule->n_preferred ? preferred(q, rule, person) : best_fit(q, rule, person);
}

static int64_t least_loaded(const struct leads_asked *q, const struct leads_rule *rule, uint32_t person)
{
    return (int64_t)q->routing->persons[person].open;
}

/* Of a lead of a new customer it says nothing. */
static int64_t same_customer(const struct leads_asked *q, const struct leads_rule *rule, uint32_t person)
{
    const char *owner_id = q->lead->customer_owner_id;
    return owner_id && strcmp(q->routing->persons[person].id, owner_id) != 0;
}

static int64_t nearest(const struct leads_asked *q, const struct leads_rule *rule, uint32_t person)
{
    const struct earth_point *at = &q->routing->persons[person].at;
    if (!q->at.known)
        return 0;
    return at->known ? earth_kilometres(&q->at, at) : INT64_MAX;
}

/* The least value comes first; whoever has more is out for the reason. */
struct rank_row {
    Baton__Rank rank;
    Baton__Reason reason;
    int64_t (*value)(const struct leads_asked *q, const struct leads_rule *rule, uint32_t person);
};
static const struct rank_row rows[] = {
    {BATON__RANK__RANK_BEST_FIT, BATON__REASON__REASON_FITS_LESS, best_fit},
    {BATON__RANK__RANK_SCORE, BATON__REASON__REASON_NOT_FOR_HIGH_SCORE, high_score},
    {BATON__RANK__RANK_LEAST_LOADED, BATON__REASON__REASON_MORE_LOADED, least_loaded},
    {BATON__RANK__RANK_PREFERRED, BATON__REASON__REASON_NOT_PREFERRED, preferred},
    {BATON__RANK__RANK_SAME_CUSTOMER, BATON__REASON__REASON_NOT_SAME_CUSTOMER, same_customer},
    {BATON__RANK__RANK_NEAREST, BATON__REASON__REASON_FARTHER, nearest},
};
enum { ROWS = sizeof rows / sizeof *rows };

static size_t row_of(Baton__Rank rank)
{
    size_t i = 0;
    while (i < ROWS && rows[i].rank != rank)
        i++;
    return i;
}

bool leads_rank_speaks(const struct leads_asked *q, const struct leads_rule *rule, size_t n)
{
    return q->lead->customer_owner_id || rows[rule->ranks[n]].rank != BATON__RANK__RANK_SAME_CUSTOMER;
}

int64_t leads_rank_value(const struct leads_asked *q, const struct leads_rule *rule, size_t n,
                         uint32_t person)
{
    return rows[rule->ranks[n]].value(q, rule, person);
}

Baton__Reason leads_rank_reason(const struct leads_rule *rule, size_t n)
{
    return rows[rule->ranks[n]].reason;
}

static bool names(const Baton__Rule *rule, Baton__Rank rank, size_t before)
{
    for (size_t i = 0; i < before; i++)
        if (rule->ranks[i] == rank)
            return true;
    return false;
}

void leads_rank_compile(const Baton__Rule *source, struct leads_rule *out, struct arena *a)
{
    const Baton__Rank customer = BATON__RANK__RANK_SAME_CUSTOMER;
    uint8_t *ranks = ARENA_ARRAY(a, uint8_t, source->n_ranks + 1);
    if (!source->ignore_same_customer && !names(source, customer, source->n_ranks))
        ranks[out->n_ranks++] = (uint8_t)row_of(customer);
    for (size_t i = 0; i < source->n_ranks; i++)
        if (row_of(source->ranks[i]) < ROWS)
            ranks[out->n_ranks++] = (uint8_t)row_of(source->ranks[i]);
    out->ranks = ranks;
}

bool leads_rank_check(const Baton__Rule *rule, const char *at, struct arena *a, struct refusal *no)
{
    for (size_t i = 0; i < rule->n_ranks; i++)
        if (row_of(rule->ranks[i]) == ROWS || names(rule, rule->ranks[i], i))
            return refuse(no, REFUSAL_INVALID_ARGUMENT, arena_printf(a, "%s.ranks[%zu]", at, i),
                          row_of(rule->ranks[i]) == ROWS ? "there is no such rank" : "stands there twice");
    if (rule->ignore_same_customer && names(rule, BATON__RANK__RANK_SAME_CUSTOMER, rule->n_ranks))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, arena_printf(a, "%s.ignore_same_customer", at),
                      "is the opposite of a rank that the rule names");
    if (names(rule, BATON__RANK__RANK_PREFERRED, rule->n_ranks) && !rule->n_preferred_user_ids)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, arena_printf(a, "%s.preferred_user_ids", at),
                      "say who is preferred");
    return true;
}
