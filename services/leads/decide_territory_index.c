/* Rules of territories compiled into sorted arrays, by what few leads share. */
#include "services/leads/territory_index.h"

#include <stdlib.h>
#include <string.h>

#include "base/country.h"
#include "base/text.h"

int territory_by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static struct texts fold_all(char *const *from, size_t n, char *(*fold)(struct arena *, const char *),
                             struct arena *a)
{
    struct texts t = {.items = ARENA_ARRAY(a, const char *, n)};
    for (size_t i = 0; i < n; i++) {
        const char *text = fold(a, from[i]);
        if (text)
            t.items[t.n++] = text;
    }
    qsort(t.items, t.n, sizeof *t.items, territory_by_text);
    return t;
}

static void compile_ranges(struct rule *r, struct arena *a)
{
    r->ranges = ARENA_ARRAY(a, struct range, r->source->n_postal_codes);
    for (size_t i = 0; i < r->source->n_postal_codes; i++) {
        const Baton__PostalRange *p = r->source->postal_codes[i];
        struct range x = {.country = country_fold(a, p->country), .from = text_fold_postcode(a, p->from)};
        x.to = p->to ? text_fold_postcode(a, p->to) : x.from;
        if (x.country && x.from && x.to && strlen(x.from) == strlen(x.to))
            r->ranges[r->n_ranges++] = x;
    }
}

static void compile_rule(struct rule *r, struct arena *a)
{
    const Baton__TerritoryRule *s = r->source;
    r->countries = fold_all(s->countries, s->n_countries, country_fold, a);
    r->states = fold_all(s->states, s->n_states, text_fold_place, a);
    r->industries = fold_all(s->industries, s->n_industries, text_fold, a);
    r->companies = fold_all(s->companies, s->n_companies, text_fold, a);
    compile_ranges(r, a);
}

const struct territory *territory_find(const struct leads_territories *t, const char *id)
{
    size_t lo = 0, hi = t->n;
    while (id && lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        int order = strcmp(t->all[mid].row->id, id);
        if (order == 0)
            return &t->all[mid];
        if (order < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return NULL;
}

static const char *origin_of(const struct territory *t)
{
    return t->row->origin_id ? t->row->origin_id : t->row->id;
}

static int by_origin(const void *a, const void *b)
{
    return strcmp(origin_of(*(const struct territory *const *)a),
                  origin_of(*(const struct territory *const *)b));
}

const struct territory *territory_find_any(const struct leads_territories *t, const char *id)
{
    const struct territory *found = territory_find(t, id);
    const Baton__Territory row = {.id = (char *)(uintptr_t)id};
    const struct territory key = {.row = &row}, *wanted = &key;
    if (found || !id)
        return found;
    const struct territory **copy = bsearch(&wanted, t->origins, t->n, sizeof *t->origins, by_origin);
    return copy ? *copy : NULL;
}

bool leads_territories_know(const struct leads_territories *t, const char *id)
{
    return t && territory_find_any(t, id);
}

static uint32_t depth_of(const struct leads_territories *t, const Baton__Territory *row)
{
    uint32_t depth = 0;
    const struct territory *above = territory_find(t, row->parent_id);
    for (; above && depth < TERRITORY_DEPTH_MAX; depth++)
        above = territory_find(t, above->row->parent_id);
    return depth;
}

static int by_id(const void *a, const void *b)
{
    return strcmp(((const struct territory *)a)->row->id, ((const struct territory *)b)->row->id);
}

static void compile_territories(struct leads_territories *t, Baton__Territory *const *rows, size_t n,
                                struct arena *a)
{
    t->all = ARENA_ARRAY(a, struct territory, n);
    for (size_t i = 0; i < n; i++) {
        t->all[t->n++].row = rows[i];
        t->n_rules += rows[i]->n_rules;
    }
    qsort(t->all, t->n, sizeof *t->all, by_id);
    t->origins = ARENA_ARRAY(a, const struct territory *, n);
    for (size_t i = 0; i < n; i++)
        t->origins[i] = &t->all[i];
    qsort(t->origins, n, sizeof *t->origins, by_origin);
    t->rules = ARENA_ARRAY(a, struct rule, t->n_rules);
    size_t k = 0;
    for (size_t i = 0; i < t->n; i++) {
        t->all[i].depth = depth_of(t, t->all[i].row);
        for (size_t j = 0; j < t->all[i].row->n_rules; j++, k++) {
            t->rules[k] = (struct rule){
                .territory = (uint32_t)i, .number = (uint32_t)j, .source = t->all[i].row->rules[j]};
            compile_rule(&t->rules[k], a);
        }
    }
}

/* --- the index --- */

static const struct texts *texts_of(const struct rule *r, enum axis axis)
{
    switch (axis) {
    case AXIS_COMPANY:
        return &r->companies;
    case AXIS_STATE:
        return &r->states;
    case AXIS_INDUSTRY:
        return &r->industries;
    default:
        return &r->countries;
    }
}

/* What a rule is found by is what few leads share: companies, postal codes, then the rest in the order of
   axes. AXES: by nothing. */
static enum axis axis_of(const struct rule *r, bool *by_range)
{
    *by_range = !r->source->n_companies && r->source->n_postal_codes;
    if (r->source->n_companies)
        return AXIS_COMPANY;
    if (r->source->n_states)
        return AXIS_STATE;
    if (r->source->n_industries)
        return AXIS_INDUSTRY;
    return r->source->n_countries ? AXIS_COUNTRY : AXES;
}

static int by_key(const void *a, const void *b)
{
    return strcmp(((const struct entry *)a)->key, ((const struct entry *)b)->key);
}

int territory_range_order(const char *country, size_t length, const char *from, const struct span *s)
{
    int order = strcmp(country, s->range->country);
    if (order != 0)
        return order;
    if (length != s->length)
        return length < s->length ? -1 : 1;
    return from ? strncmp(from, s->range->from, length) : 0;
}

static int by_range(const void *a, const void *b)
{
    const struct span *s = a;
    return territory_range_order(s->range->country, s->length, s->range->from, b);
}

static void index_sizes(const struct leads_territories *t, size_t sizes[AXES], size_t *spans, size_t *others)
{
    for (size_t i = 0; i < t->n_rules; i++) {
        bool ranged;
        enum axis axis = axis_of(&t->rules[i], &ranged);
        if (ranged)
            *spans += t->rules[i].n_ranges;
        else if (axis == AXES)
            ++*others;
        else
            sizes[axis] += texts_of(&t->rules[i], axis)->n;
    }
}

static void index_rule(struct leads_territories *t, uint32_t number)
{
    bool ranged;
    const struct rule *r = &t->rules[number];
    enum axis axis = axis_of(r, &ranged);
    for (size_t i = 0; ranged && i < r->n_ranges; i++)
        t->spans[t->n_spans++] = (struct span){&r->ranges[i], strlen(r->ranges[i].from), number, NULL};
    if (ranged)
        return;
    if (axis == AXES) {
        t->others[t->n_others++] = number;
        return;
    }
    const struct texts *texts = texts_of(r, axis);
    for (size_t i = 0; i < texts->n; i++)
        t->entries[axis][t->n_entries[axis]++] = (struct entry){texts->items[i], number};
}

/* The end of the stretch of one country and length that begins at `lo`. */
static size_t stretch_end(const struct leads_territories *t, size_t lo)
{
    size_t hi = lo + 1;
    while (hi < t->n_spans &&
           territory_range_order(t->spans[lo].range->country, t->spans[lo].length, NULL, &t->spans[hi]) == 0)
        hi++;
    return hi;
}

/* As deep as the logarithm of how many there are. */
static const char *set_greatest(struct span *s, size_t n)
{
    size_t mid = n / 2;
    s[mid].greatest = s[mid].range->to;
    const char *sides[] = {mid > 0 ? set_greatest(s, mid) : NULL,
                           mid + 1 < n ? set_greatest(s + mid + 1, n - mid - 1) : NULL};
    for (size_t i = 0; i < 2; i++)
        if (sides[i] && strcmp(sides[i], s[mid].greatest) > 0)
            s[mid].greatest = sides[i];
    return s[mid].greatest;
}

static void build_index(struct leads_territories *t, struct arena *a)
{
    size_t sizes[AXES] = {0}, spans = 0, others = 0;
    index_sizes(t, sizes, &spans, &others);
    for (int i = 0; i < AXES; i++)
        t->entries[i] = ARENA_ARRAY(a, struct entry, sizes[i]);
    t->spans = ARENA_ARRAY(a, struct span, spans);
    t->others = ARENA_ARRAY(a, uint32_t, others);
    for (size_t i = 0; i < t->n_rules; i++)
        index_rule(t, (uint32_t)i);
    for (int i = 0; i < AXES; i++)
        qsort(t->entries[i], t->n_entries[i], sizeof *t->entries[i], by_key);
    qsort(t->spans, t->n_spans, sizeof *t->spans, by_range);
    for (size_t lo = 0, hi; lo < t->n_spans; lo = hi) {
        hi = stretch_end(t, lo);
        (void)set_greatest(t->spans + lo, hi - lo); /* the root's is not asked for here */
    }
}

struct leads_territories *leads_territories_compile(Baton__Territory *const *rows, size_t n, struct arena *a)
{
    struct leads_territories *t = ARENA_NEW(a, struct leads_territories);
    compile_territories(t, rows, n, a);
    build_index(t, a);
    return t;
}
