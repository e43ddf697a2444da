/* The words of the dictionary that a typed word matches. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "search/internal.h"

enum { FEW = 64 /* that are looked at rather than put through another list */, ROOM_LEAST = 64 };

void term_add(struct term *t, uint32_t word, uint8_t quality)
{
    if (t->n == t->room) {
        t->room = t->room ? t->room * 2 : ROOM_LEAST;
        t->matches = reallocarray(t->matches, t->room, sizeof *t->matches);
        assert(t->matches);
    }
    t->matches[t->n++] = (struct match){word, quality};
    if (quality > t->best)
        t->best = quality;
}

void term_release(struct term *t)
{
    free(t->matches);
    *t = (struct term){0};
}

static int by_count(const void *a, const void *b)
{
    const struct list *x = *(const struct list *const *)a, *y = *(const struct list *const *)b;
    return x->n < y->n ? -1 : x->n > y->n;
}

/* Those of `from` that are in `l`, too; both sorted. Returns how many; `to` may be `from`. */
static uint32_t both(const uint32_t *from, uint32_t n, const struct list *l, uint32_t *to)
{
    const uint32_t *of = list_of(l);
    uint32_t at = 0, out = 0;
    for (uint32_t i = 0; i < n && at < l->n; i++) {
        uint32_t step = 1; /* doubles, so that a long list costs little beside a short one */
        while (at + step < l->n && of[at + step] < from[i])
            step *= 2;
        uint32_t end = at + step < l->n ? at + step + 1 : l->n;
        while (at < end) {
            uint32_t middle = at + (end - at) / 2;
            if (of[middle] < from[i])
                at = middle + 1;
            else
                end = middle;
        }
        if (at < l->n && of[at] == from[i])
            to[out++] = from[i];
    }
    return out;
}

static uint8_t quality_of(const struct word *w, const struct word_text *typed)
{
    const char *at = w->docs.n ? memmem(w->text, w->size, typed->bytes, typed->size) : NULL;
    if (!at)
        return 0;
    return at == w->text ? QUALITY_PREFIX : QUALITY_INFIX;
}

/* What has all the grams is looked at, unless having them says all. */
static void look(const struct dictionary *d, struct term *t, const struct word_text *typed,
                 const uint32_t *words, uint32_t n, bool all, uint8_t least)
{
    uint32_t exact = dictionary_find(d, typed->bytes, typed->size);
    if (exact != NO_WORD && d->words[exact].docs.n)
        term_add(t, exact, QUALITY_EXACT);
    for (uint32_t i = 0; i < n; i++) {
        uint8_t quality = all ? QUALITY_PREFIX : quality_of(&d->words[words[i]], typed);
        if (quality >= least && words[i] != exact)
            term_add(t, words[i], quality);
    }
}

static void match(const struct dictionary *d, struct term *t, const struct word_text *typed, uint8_t least)
{
    uint64_t keys[GRAMS_MAX];
    const struct list *lists[GRAMS_MAX];
    bool all;
    size_t n_lists = grams_typed(typed, keys, &all);
    for (size_t i = 0; i < n_lists; i++)
        if (!(lists[i] = dictionary_gram(d, keys[i])))
            return;
    qsort(lists, n_lists, sizeof *lists, by_count);
    uint32_t n = lists[0]->n;
    if (n_lists == 1)
        return look(d, t, typed, list_of(lists[0]), n, all, least);
    uint32_t *words = malloc(n * sizeof *words);
    assert(words);
    memcpy(words, list_of(lists[0]), n * sizeof *words);
    for (size_t i = 1; i < n_lists && n > FEW; i++)
        n = both(words, n, lists[i], words);
    look(d, t, typed, words, n, all, least);
    free(words);
}

void term_match(const struct dictionary *d, struct term *t)
{
    match(d, t, &t->text, QUALITY_INFIX);
    /* a number written without its country is the same one; inside of others it means nothing */
    if (t->other.n)
        match(d, t, &t->other, QUALITY_PREFIX);
}
