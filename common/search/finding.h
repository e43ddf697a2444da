/* A query on its way: what it asks (ask.c), which records are looked at (find.c), the best of them (best.c).
 */
#ifndef BATON_SEARCH_FINDING_H
#define BATON_SEARCH_FINDING_H

#include <assert.h>

#include "search/internal.h"

enum { FINDING_BITS = 4, FINDING_MASK = 15 /* of a term's quality among the marks of a word */ };
static_assert(SEARCH_QUERY_WORDS * FINDING_BITS <= 32, "the marks of all terms fit");

/* What one query works with. */
struct finding {
    struct search *x;
    const struct search_query *q;
    struct term terms[SEARCH_QUERY_WORDS];
    size_t n_terms;
    uint32_t wanted[SEARCH_FILTERS][SEARCH_VALUES]; /* words */
    size_t n_wanted[SEARCH_FILTERS];
    uint32_t left_out; /* bit n: term n is not asked for */
    unsigned bound;    /* no record that is still to come is better */
    uint32_t looked;
    bool is_cut;
    struct search_hit *hits; /* a heap, the worst on top */
    size_t n_hits;
};

/* best.c: keeps the hit if it is among the best; at the end puts them in order. */
void best_keep(struct finding *f, const struct search_hit *hit);
void best_in_order(struct finding *f);

/* find.c: how many records the term's matches lead to, about; and records with all terms that are not left
 * out. */
uint64_t find_records(const struct finding *f, const struct term *t);
void find_run(struct finding *f);

#endif
