/* Where a lead lies: rules looked up by what the lead says. */
#include "services/leads/territory_index.h"

#include <stdlib.h>
#include <string.h>

#include "base/country.h"
#include "base/text.h"

enum { POSTCODE_MAX = 20 };

/* What the lead says, folded; NULL: nothing. */
struct seen {
    const char *country, *state, *postcode, *industry, *company;
    const Baton__Lead *lead;
};

struct search {
    const struct leads_territories *t;
    struct seen seen;
    const struct rule *best[LEADS_TREES];
};

static bool is_among(const struct texts *t, const char *text)
{
    return text && bsearch(&text, t->items, t->n, sizeof *t->items, territory_by_text);
}

static bool in_range(const struct range *r, const char *code)
{
    size_t n = strlen(r->from);
    return strlen(code) >= n && strncmp(code, r->from, n) >= 0 && strncmp(code, r->to, n) <= 0;
}

static bool in_ranges(const struct rule *r, const struct seen *seen)
{
    for (size_t i = 0; seen->country && seen->postcode && i < r->n_ranges; i++)
        if (strcmp(r->ranges[i].country, seen->country) == 0 && in_range(&r->ranges[i], seen->postcode))
            return true;
    return false;
}

static bool size_fits(const Baton__TerritoryRule *r, const Baton__Lead *l)
{
    if ((r->has_employees_at_least || r->has_employees_at_most) && !l->has_number_of_employees)
        return false;
    if ((r->has_revenue_at_least || r->has_revenue_at_most) && !l->has_annual_revenue)
        return false;
    return !(r->has_employees_at_least && l->number_of_employees < r->employees_at_least) &&
           !(r->has_employees_at_most && l->number_of_employees > r->employees_at_most) &&
           !(r->has_revenue_at_least && l->annual_revenue < r->revenue_at_least) &&
           !(r->has_revenue_at_most && l->annual_revenue > r->revenue_at_most);
}

/* `ranged`: the index of postal codes led here, so one of them holds. */
static bool holds(const struct rule *r, const struct seen *seen, bool ranged)
{
    const Baton__TerritoryRule *s = r->source;
    return (!s->n_countries || is_among(&r->countries, seen->country)) &&
           (!s->n_states || is_among(&r->states, seen->state)) &&
           (!s->n_industries || is_among(&r->industries, seen->industry)) &&
           (!s->n_companies || is_among(&r->companies, seen->company)) && size_fits(s, seen->lead) &&
           (ranged || !s->n_postal_codes || in_ranges(r, seen));
}

/* Ids are made in order of time, so the smaller was first; a copy stands where what it was copied from stood.
 */
static int by_age(const Baton__Territory *a, const Baton__Territory *b)
{
    return strcmp(a->origin_id ? a->origin_id : a->id, b->origin_id ? b->origin_id : b->id);
}

static bool is_better(const struct leads_territories *t, const struct rule *r, const struct rule *than)
{
    if (!than)
        return true;
    const struct territory *a = &t->all[r->territory], *b = &t->all[than->territory];
    if (a->depth != b->depth)
        return a->depth > b->depth;
    if (a->row->priority != b->row->priority)
        return a->row->priority > b->row->priority;
    int age = by_age(a->row, b->row);
    if (r->territory != than->territory && age != 0)
        return age < 0;
    return r->territory != than->territory ? r->territory < than->territory : r->number < than->number;
}

static void consider(struct search *s, uint32_t number, bool ranged)
{
    const struct rule *r = &s->t->rules[number];
    unsigned kind = (unsigned)s->t->all[r->territory].row->kind;
    if (kind < LEADS_TREES && is_better(s->t, r, s->best[kind]) && holds(r, &s->seen, ranged))
        s->best[kind] = r;
}

static void look_up(struct search *s, enum axis axis, const char *key)
{
    const struct entry *e = s->t->entries[axis];
    size_t lo = 0, hi = s->t->n_entries[axis], n = hi;
    while (key && lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (strcmp(e[mid].key, key) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    for (; key && lo < n && strcmp(e[lo].key, key) == 0; lo++)
        consider(s, e[lo].rule, false);
}

/* All in the stretch that the code lies in; as deep as the logarithm of its length. */
static void stab(struct search *s, const struct span *spans, size_t n)
{
    if (n == 0)
        return;
    const char *code = s->seen.postcode;
    const struct span *mid = &spans[n / 2];
    if (strncmp(code, mid->greatest, mid->length) > 0)
        return;
    stab(s, spans, n / 2);
    if (strncmp(code, mid->range->from, mid->length) < 0)
        return;
    if (strncmp(code, mid->range->to, mid->length) <= 0)
        consider(s, mid->rule, true);
    stab(s, mid + 1, n - n / 2 - 1);
}

/* The first span that does not stand before this country and length. */
static size_t stretch_begin(const struct leads_territories *t, const char *country, size_t length)
{
    size_t lo = 0, hi = t->n_spans;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (territory_range_order(country, length, NULL, &t->spans[mid]) > 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static void look_up_code(struct search *s)
{
    size_t size = s->seen.country && s->seen.postcode ? strlen(s->seen.postcode) : 0;
    for (size_t n = 1; n <= size && n <= POSTCODE_MAX; n++) {
        size_t lo = stretch_begin(s->t, s->seen.country, n);
        stab(s, s->t->spans + lo, stretch_begin(s->t, s->seen.country, n + 1) - lo);
    }
}

static void see(struct seen *seen, const Baton__Lead *l, struct arena *a)
{
    const Baton__Address *at = l->address;
    *seen =
        (struct seen){.lead = l, .industry = text_fold(a, l->industry), .company = text_fold(a, l->company)};
    if (!at)
        return;
    seen->country = country_fold(a, at->country);
    seen->state = text_fold_place(a, at->state ? at->state : at->city);
    seen->postcode = text_fold_postcode(a, at->postal_code);
}

void leads_territories_find(const struct leads_territories *t, const Baton__Lead *lead, struct arena *a,
                            struct leads_spot spots[LEADS_TREES])
{
    struct search s = {.t = t};
    see(&s.seen, lead, a);
    look_up(&s, AXIS_COMPANY, s.seen.company);
    look_up_code(&s);
    look_up(&s, AXIS_STATE, s.seen.state);
    look_up(&s, AXIS_INDUSTRY, s.seen.industry);
    look_up(&s, AXIS_COUNTRY, s.seen.country);
    for (size_t i = 0; i < t->n_others; i++)
        consider(&s, t->others[i], false);
    for (int k = 0; k < LEADS_TREES; k++)
        spots[k] = s.best[k] ? (struct leads_spot){t->all[s.best[k]->territory].row, s.best[k]->number}
                             : (struct leads_spot){0};
}

char **leads_territories_above(const struct leads_territories *t, char *const *ids, size_t n_ids,
                               struct arena *a, size_t *n)
{
    size_t most = n_ids * 2 * TERRITORY_DEPTH_MAX;
    char **all = ARENA_ARRAY(a, char *, most);
    for (size_t i = 0; i < n_ids; i++) {
        const struct territory *at = territory_find(t, ids[i]);
        for (int depth = 0; at && depth < TERRITORY_DEPTH_MAX; depth++) {
            all[(*n)++] = at->row->id;
            if (at->row->origin_id)
                all[(*n)++] = at->row->origin_id;
            at = territory_find(t, at->row->parent_id);
        }
    }
    return all;
}

void leads_territories_place(const struct leads_territories *t, Baton__Lead *lead, struct arena *a)
{
    struct leads_spot spots[LEADS_TREES];
    if (!t || (!t->n_rules && !lead->n_territory_ids))
        return;
    leads_territories_find(t, lead, a, spots);
    lead->n_territory_ids = 0;
    lead->territory_ids = ARENA_ARRAY(a, char *, LEADS_TREES);
    for (int k = 0; k < LEADS_TREES; k++)
        if (spots[k].territory)
            lead->territory_ids[lead->n_territory_ids++] = arena_strdup(a, spots[k].territory->id);
    const Baton__Territory *place = spots[BATON__TERRITORY_KIND__TERRITORY_KIND_GEOGRAPHY].territory;
    lead->territory_id = place ? arena_strdup(a, place->id) : NULL;
}
