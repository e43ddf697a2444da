/* Languages, skills and products as words that can be compared: folded, so that case and width do not count.
 */
#ifndef BATON_LEADS_TRAITS_H
#define BATON_LEADS_TRAITS_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct leads_word {
    uint64_t hash;
    const char *text;
};

struct leads_words {
    const struct leads_word *items;
    size_t n;
};

/* In the arena; what folds to nothing is left out. */
struct leads_words leads_words_fold(char *const *texts, size_t n, struct arena *a);
/* The languages themselves of BCP 47 tags: de of de-AT, so that whoever speaks German gets an Austrian's
 * lead. */
struct leads_words leads_words_languages(char *const *tags, size_t n, struct arena *a);
/* The names in a text like "Pumps, valves / spare parts", and the text itself; 16 at most. */
struct leads_words leads_words_products(const char *text, struct arena *a);
/* How many of `a` are in `b` as well. */
size_t leads_words_common(const struct leads_words *a, const struct leads_words *b);

#endif
