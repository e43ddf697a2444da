/* What was typed, in steps: as it stands, with typos, with fewer words. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "search/finding.h"

/* --- what was typed --- */

static void take_word(void *arg, const struct word_text *w)
{
    struct finding *f = arg;
    for (size_t i = 0; i < f->n_terms; i++)
        if (f->terms[i].text.size == w->size && memcmp(f->terms[i].text.bytes, w->bytes, w->size) == 0)
            return;
    if (f->n_terms < SEARCH_QUERY_WORDS)
        f->terms[f->n_terms++] = (struct term){.text = *w};
}

/* False: something was typed, but no word. */
static bool read_text(struct finding *f)
{
    const char *text = f->q->text;
    struct word_text w;
    if (!text || !text[strspn(text, " ")])
        return true;
    if (is_phone_typed(text) && word_of_phone(text, &w)) {
        take_word(f, &w);
        word_without_country(text, &f->terms[0].other);
    } else {
        words_of(text, take_word, f);
    }
    if (f->n_terms)
        f->terms[f->n_terms - 1].is_last = true;
    return f->n_terms > 0;
}

static void read_filters(struct finding *f)
{
    struct word_text w;
    assert(f->q->n_filters <= SEARCH_FILTERS);
    for (size_t i = 0; i < f->q->n_filters; i++) {
        const struct search_filter *filter = &f->q->filters[i];
        assert(filter->n <= SEARCH_VALUES);
        for (size_t k = 0; k < filter->n; k++) {
            tag_word(&w, &filter->any[k]);
            uint32_t word = dictionary_find(&f->x->dictionary, w.bytes, w.size);
            if (word != NO_WORD)
                f->wanted[i][f->n_wanted[i]++] = word;
        }
    }
}

/* --- marks --- */

static void marks_grow(struct search *x)
{
    uint32_t had = x->marks_room;
    x->marks = grown(x->marks, &x->marks_room, x->dictionary.n_words, sizeof *x->marks);
    if (x->marks_room > had)
        memset(x->marks + had, 0, (x->marks_room - had) * sizeof *x->marks);
}

static void mark(struct finding *f, size_t term)
{
    const struct term *t = &f->terms[term];
    const unsigned at = (unsigned)term * FINDING_BITS;
    for (size_t i = 0; i < t->n; i++) {
        uint32_t *m = &f->x->marks[t->matches[i].word];
        if ((*m >> at & FINDING_MASK) < t->matches[i].quality)
            *m = (*m & ~((uint32_t)FINDING_MASK << at)) | (uint32_t)t->matches[i].quality << at;
    }
}

static void unmark(struct finding *f)
{
    for (size_t i = 0; i < f->n_terms; i++)
        for (size_t k = 0; k < f->terms[i].n; k++)
            f->x->marks[f->terms[i].matches[k].word] = 0;
}

/* --- in steps --- */

/* With all that were typed but so many, in every way to leave out so many. */
static void run_without(struct finding *f, unsigned n_out)
{
    const uint32_t all = (UINT32_C(1) << f->n_terms) - 1;
    for (uint32_t out = 0; out <= all && !f->is_cut; out++) {
        bool is_empty = false;
        if ((unsigned)__builtin_popcount(out) != n_out)
            continue;
        for (size_t i = 0; i < f->n_terms; i++)
            is_empty |= !(out >> i & 1) && !f->terms[i].best;
        f->left_out = out;
        if (!is_empty)
            find_run(f);
    }
    f->left_out = 0;
}

static void match_all(struct finding *f, void (*how)(const struct dictionary *d, struct term *t))
{
    for (size_t i = 0; i < f->n_terms; i++) {
        how(&f->x->dictionary, &f->terms[i]);
        f->terms[i].records = find_records(f, &f->terms[i]);
        mark(f, i);
    }
}

/* Typos are looked for only where there is too little without, and fewer words only where nothing has all. */
static void find(struct finding *f)
{
    marks_grow(f->x);
    match_all(f, term_match);
    run_without(f, 0);
    if (!f->n_terms || f->n_hits == f->q->most || (f->n_hits && f->q->order == SEARCH_NEWEST))
        return;
    match_all(f, term_match_typos);
    f->n_hits = 0;
    for (unsigned out = 0; out < f->n_terms && !f->n_hits; out++)
        run_without(f, out);
}

size_t search_find(struct search *x, const struct search_query *q, struct search_hit *hits, bool *cut)
{
    struct finding *f = calloc(1, sizeof *f);
    assert(f && q->most > 0 && q->most <= SEARCH_MATCHES_MAX);
    f->x = x;
    f->q = q;
    f->hits = hits;
    if (read_text(f)) {
        read_filters(f);
        find(f);
        unmark(f);
        best_in_order(f);
    }
    for (size_t i = 0; i < f->n_terms; i++)
        term_release(&f->terms[i]);
    size_t n = f->n_hits;
    *cut = f->is_cut;
    free(f);
    return n;
}
