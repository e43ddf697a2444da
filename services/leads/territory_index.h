/* The inside of struct leads_territories: what decide_territory_index.c makes and decide_territory.c looks
 * up. */
#ifndef BATON_LEADS_TERRITORY_INDEX_H
#define BATON_LEADS_TERRITORY_INDEX_H

#include <stddef.h>

#include "services/leads/territory.h"

enum { TERRITORY_DEPTH_MAX = 64 };

struct texts {
    const char **items; /* folded, sorted */
    size_t n;
};

struct range {
    const char *country, *from, *to; /* folded; from and to of one length */
};

struct rule {
    uint32_t territory, number;
    const Baton__TerritoryRule *source;
    struct texts countries, states, industries, companies;
    struct range *ranges;
    size_t n_ranges;
};

struct territory {
    const Baton__Territory *row;
    uint32_t depth;
    struct worktime *calendar; /* NULL: it says nothing */
};

/* What is looked up, and which rule it leads to. */
struct entry {
    const char *key;
    uint32_t rule;
};

/* A range in the interval tree of its country and length: the middle of a stretch is its root. */
struct span {
    const struct range *range;
    size_t length;
    uint32_t rule;
    const char *greatest; /* `to` in the stretch that this is the middle of */
};

enum axis { AXIS_COMPANY, AXIS_STATE, AXIS_INDUSTRY, AXIS_COUNTRY, AXES };

struct leads_territories {
    struct territory *all; /* by id */
    size_t n;
    const struct territory **origins; /* by what they are copies of */
    size_t n_calendars;
    struct rule *rules;
    size_t n_rules;
    struct entry *entries[AXES];
    size_t n_entries[AXES];
    struct span *spans;
    size_t n_spans;
    uint32_t *others; /* rules that name none of these */
    size_t n_others;
};

/* NULL: there is none, or id is NULL. */
const struct territory *territory_find(const struct leads_territories *t, const char *id);
/* The same, or a copy of it. */
const struct territory *territory_find_any(const struct leads_territories *t, const char *id);
/* For bsearch and qsort over texts. */
int territory_by_text(const void *a, const void *b);
/* Where a country, a length and, if not NULL, a beginning stand towards a span: below, at or above 0. */
int territory_range_order(const char *country, size_t length, const char *from, const struct span *s);

#endif
