/* Words that are an edit or two away. */
#include <stdlib.h>
#include <string.h>

#include "search/internal.h"

enum { ONE_FROM = 5, TWO_FROM = 9, FAR_MOST = 2 };

bool typo_may_be(const struct word_text *w)
{
    for (size_t i = 0; i < w->n; i++)
        if (w->chars[i] >= '0' && w->chars[i] <= '9')
            return false;
    return w->kind == WORD_LETTERS;
}

unsigned typo_most(const struct word_text *w)
{
    if (w->n < ONE_FROM || !typo_may_be(w))
        return 0;
    return w->n < TWO_FROM ? 1 : FAR_MOST;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Optimal string alignment: three rows of the table are enough to see a swap. */
unsigned typo_distance(const uint32_t *a, size_t n, const uint32_t *b, size_t m, unsigned most, bool open)
{
    unsigned rows[3][SEARCH_WORD_MAX + 1], nearest;
    unsigned *before = rows[0], *last = rows[1], *now = rows[2];
    if (n > m + most || (!open && m > n + most))
        return most + 1;
    for (size_t i = 0; i <= n; i++)
        last[i] = (unsigned)i;
    nearest = last[n];
    for (size_t k = 1; k <= m; k++) {
        unsigned row_least = now[0] = (unsigned)k;
        for (size_t i = 1; i <= n; i++) {
            now[i] = least(least(last[i], now[i - 1]) + 1, last[i - 1] + (a[i - 1] != b[k - 1]));
            if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
                now[i] = least(now[i], before[i - 2] + 1);
            row_least = least(row_least, now[i]);
        }
        nearest = least(nearest, now[n]);
        unsigned *free_row = before;
        before = last;
        last = now;
        now = free_row;
        if (row_least > most + 1) /* a swap may still take one back */
            break;
    }
    unsigned found = open ? nearest : last[n];
    return found > most ? most + 1 : found;
}

static unsigned count(uint32_t mask)
{
    return (unsigned)__builtin_popcount(mask);
}

/* An edit brings in at most one letter that was not there, and takes at most one away. */
void term_match_typos(const struct dictionary *d, struct term *t)
{
    const unsigned most = typo_most(&t->text);
    const uint32_t mask = letters_mask(t->text.chars, t->text.n);
    uint32_t chars[SEARCH_WORD_MAX];
    for (uint32_t i = 0; most && i < d->n_letters; i++) {
        const struct letters *l = &d->letters[i];
        if (count(mask & ~l->mask) > most || (!t->is_last && count(l->mask & ~mask) > most))
            continue;
        const struct word *w = &d->words[l->word];
        size_t n = word_chars(w->text, w->size, chars);
        if (w->docs.n && typo_distance(t->text.chars, t->text.n, chars, n, most, t->is_last) <= most)
            term_add(t, l->word, QUALITY_TYPO);
    }
}
