/* Who can have a lead: the filters, in the order in which they are looked at. */
#include "services/leads/filter.h"

#include <string.h>

static const struct leads_person *person_at(const struct leads_asked *q, uint32_t person)
{
    return &q->routing->persons[person];
}

static bool is_active(const struct leads_asked *q, const struct leads_rule *rule, uint32_t person)
{
    return person_at(q, person)->known && person_at(q, person)->active;
}

static bool has_not_had_it(const struct leads_asked *q, const struct leads_rule *rule, uint32_t person)
{
    for (size_t i = 0; i < q->n_had_it; i++)
        if (q->had_it[i] == person)
            return false;
    return true;
}

static bool is_own_staff(const struct leads_asked *q, const struct leads_rule *rule, uint32_t person)
{
    return !person_at(q, person)->is_partner;
}

static bool is_partner(const struct leads_asked *q, const struct leads_rule *rule, uint32_t person)
{
    return person_at(q, person)->is_partner;
}

static bool has_skills(const struct leads_asked *q, const struct leads_rule *rule, uint32_t person)
{
    return leads_words_common(&rule->skills, &person_at(q, person)->skills) == rule->skills.n;
}

static bool speaks_language(const struct leads_asked *q, const struct leads_rule *rule, uint32_t person)
{
    return !q->language.n || leads_words_common(&q->language, &person_at(q, person)->languages);
}

static bool sells_product(const struct leads_asked *q, const struct leads_rule *rule, uint32_t person)
{
    return !q->products.n || leads_words_common(&q->products, &person_at(q, person)->products);
}

static bool works_there(const struct leads_asked *q, const struct leads_rule *rule, uint32_t person)
{
    return !q->areas.n || leads_words_common(&q->areas, &person_at(q, person)->territories);
}

static bool is_there(const struct leads_asked *q, const struct leads_rule *rule, uint32_t person)
{
    return person_at(q, person)->state != WORKTIME_ABSENT;
}

static bool has_room(const struct leads_asked *q, const struct leads_rule *rule, uint32_t person)
{
    const struct leads_person *p = person_at(q, person);
    return !p->capacity || p->open < p->capacity;
}

static bool below_daily(const struct leads_asked *q, const struct leads_rule *rule, uint32_t person)
{
    const struct leads_person *p = person_at(q, person);
    return !p->most.day || leads_received_on(p->received, p->today).day < p->most.day;
}

static bool below_weekly(const struct leads_asked *q, const struct leads_rule *rule, uint32_t person)
{
    const struct leads_person *p = person_at(q, person);
    return !p->most.week || leads_received_on(p->received, p->today).week < p->most.week;
}

static bool below_monthly(const struct leads_asked *q, const struct leads_rule *rule, uint32_t person)
{
    const struct leads_person *p = person_at(q, person);
    return !p->most.month || leads_received_on(p->received, p->today).month < p->most.month;
}

/* Whoever is absent is out for that reason; it says nothing of their hours. */
static bool is_at_work(const struct leads_asked *q, const struct leads_rule *rule, uint32_t person)
{
    enum worktime_state state = person_at(q, person)->state;
    return state == WORKTIME_WORKING || state == WORKTIME_ABSENT;
}

/* `passes` true: nothing speaks against the person. Without a Filter it is asked by every rule. */
struct filter_row {
    Baton__Reason reason;
    Baton__Filter filter;
    bool (*passes)(const struct leads_asked *q, const struct leads_rule *rule, uint32_t person);
};
#define ALWAYS BATON__FILTER__FILTER_UNSPECIFIED
/* Hours come last: where they alone stand in the way they are waived. */
static const struct filter_row rows[] = {
    {BATON__REASON__REASON_NOT_ACTIVE, ALWAYS, is_active},
    {BATON__REASON__REASON_HAD_IT_BEFORE, ALWAYS, has_not_had_it},
    {BATON__REASON__REASON_NOT_OWN_STAFF, BATON__FILTER__FILTER_OWN_STAFF, is_own_staff},
    {BATON__REASON__REASON_NOT_PARTNER, BATON__FILTER__FILTER_PARTNER, is_partner},
    {BATON__REASON__REASON_LACKS_SKILL, BATON__FILTER__FILTER_SKILL, has_skills},
    {BATON__REASON__REASON_OTHER_LANGUAGE, BATON__FILTER__FILTER_LANGUAGE, speaks_language},
    {BATON__REASON__REASON_OTHER_PRODUCT, BATON__FILTER__FILTER_PRODUCT, sells_product},
    {BATON__REASON__REASON_OTHER_TERRITORY, BATON__FILTER__FILTER_TERRITORY, works_there},
    {BATON__REASON__REASON_ABSENT, ALWAYS, is_there},
    {BATON__REASON__REASON_AT_CAPACITY, ALWAYS, has_room},
    {BATON__REASON__REASON_AT_DAILY_LIMIT, ALWAYS, below_daily},
    {BATON__REASON__REASON_AT_WEEKLY_LIMIT, ALWAYS, below_weekly},
    {BATON__REASON__REASON_AT_MONTHLY_LIMIT, ALWAYS, below_monthly},
    {BATON__REASON__REASON_OUTSIDE_HOURS, ALWAYS, is_at_work},
};
enum { ROWS = sizeof rows / sizeof *rows };
_Static_assert(ROWS <= 32, "a rule keeps a bit for each row");

bool leads_asked_grants(const struct leads_asked *q, uint32_t person, Baton__Reason reason)
{
    return (q->granted >> reason & 1) && q->granted_to == person;
}

Baton__Reason leads_filter_first(const struct leads_asked *q, const struct leads_rule *rule, uint32_t person)
{
    for (size_t i = 0; i < ROWS; i++)
        if ((rule->filters >> i & 1) && !rows[i].passes(q, rule, person) &&
            !leads_asked_grants(q, person, rows[i].reason))
            return rows[i].reason;
    return BATON__REASON__REASON_UNSPECIFIED;
}

uint64_t leads_filter_all(const struct leads_asked *q, const struct leads_rule *rule, uint32_t person)
{
    uint64_t all = 0;
    for (size_t i = 0; i < ROWS; i++)
        if ((rule->filters >> i & 1) && !rows[i].passes(q, rule, person))
            all |= UINT64_C(1) << rows[i].reason;
    return all;
}

static void had_it_add(struct leads_asked *q, uint32_t *had_it, const char *user_id)
{
    uint32_t person = leads_person_find(q->routing, user_id);
    if (person != LEADS_NOBODY)
        had_it[q->n_had_it++] = person;
}

struct leads_words leads_areas_of(const struct leads_territories *t, const Baton__Lead *l, struct arena *a)
{
    size_t n = 0;
    char **ids = leads_territories_above(t, l->territory_ids, l->n_territory_ids, a, &n);
    return leads_words_fold(ids, n, a);
}

void leads_asked_init(struct leads_asked *q, const struct leads_routing *r, const Baton__Lead *l,
                      struct arena *a)
{
    uint32_t *had_it = ARENA_ARRAY(a, uint32_t, l->n_previous_owner_ids + 1);
    *q = (struct leads_asked){.routing = r, .lead = l, .had_it = had_it};
    for (size_t i = 0; i < l->n_previous_owner_ids; i++)
        had_it_add(q, had_it, l->previous_owner_ids[i]);
    had_it_add(q, had_it, l->owner_id);
    if (l->language)
        q->language = leads_words_languages(&(char *){l->language}, 1, a);
    if (r->territories && l->n_territory_ids)
        q->areas = leads_areas_of(r->territories, l, a);
    if (l->has_latitude_e6 && l->has_longitude_e6)
        q->at = earth_point_of(l->latitude_e6, l->longitude_e6);
    if (l->product_interest)
        q->products = leads_words_products(l->product_interest, a);
}

static bool names(const Baton__Rule *rule, Baton__Filter filter)
{
    for (size_t i = 0; i < rule->n_filters; i++)
        if (rule->filters[i] == filter)
            return true;
    return false;
}

void leads_filter_compile(const Baton__Rule *source, struct leads_rule *out, struct arena *a)
{
    for (size_t i = 0; i < ROWS; i++)
        if (rows[i].filter == ALWAYS || names(source, rows[i].filter))
            out->filters |= UINT32_C(1) << i;
    out->skills = leads_words_fold(source->skills, source->n_skills, a);
    out->high_score = source->has_high_score ? source->high_score : LEADS_HIGH_SCORE;
}

bool leads_filter_same(const struct leads_rule *a, const struct leads_rule *b)
{
    return a->filters == b->filters && a->skills.n == b->skills.n &&
           leads_words_common(&a->skills, &b->skills) == a->skills.n;
}

static bool is_filter(Baton__Filter filter)
{
    for (size_t i = 0; i < ROWS; i++)
        if (filter != ALWAYS && rows[i].filter == filter)
            return true;
    return false;
}

bool leads_filter_check(const Baton__Rule *rule, const char *at, struct arena *a, struct refusal *no)
{
    for (size_t i = 0; i < rule->n_filters; i++)
        if (!is_filter(rule->filters[i]))
            return refuse(no, REFUSAL_INVALID_ARGUMENT, arena_printf(a, "%s.filters[%zu]", at, i),
                          "there is no such filter");
    if (names(rule, BATON__FILTER__FILTER_SKILL) && !rule->n_skills)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, arena_printf(a, "%s.skills", at),
                      "say which skills the rule asks for");
    if (names(rule, BATON__FILTER__FILTER_OWN_STAFF) && names(rule, BATON__FILTER__FILTER_PARTNER))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, arena_printf(a, "%s.filters", at),
                      "nobody is own staff and partner at once");
    return true;
}
