/* Which records are looked at. Of all conditions the one that the fewest records meet says so, newest first;
   each is then asked for the others. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "search/finding.h"

/* Whether neither this record nor any older one can come before those there are. */
static bool is_settled(const struct finding *f, uint32_t place)
{
    if (f->n_hits < f->q->most)
        return false;
    const struct search_hit *worst = &f->hits[0];
    if (f->q->order == SEARCH_NEWEST)
        return worst->place > place;
    return worst->typos == 0 &&
           (worst->quality > f->bound || (worst->quality == f->bound && worst->place > place));
}

/* --- one record --- */

static bool is_within(const struct search_range *r, int64_t us)
{
    return (!r->from_us || us >= r->from_us) && (!r->to_us || us <= r->to_us);
}

static bool has_wanted(const struct finding *f, const uint32_t *words, size_t n)
{
    for (size_t k = 0; k < f->q->n_filters; k++) {
        bool has = false;
        for (size_t i = 0; i < n && !has; i++)
            for (size_t v = 0; v < f->n_wanted[k]; v++)
                has |= words[i] == f->wanted[k][v];
        if (!has)
            return false;
    }
    return true;
}

static bool may(const struct finding *f, const struct doc *d, const uint32_t *words)
{
    const char *tags[SEARCH_TAGS] = {0};
    if (!f->q->may)
        return true;
    for (size_t i = 0; i < d->n; i++) {
        const char *text = f->x->dictionary.words[words[i]].text;
        if ((uint8_t)text[0] <= SEARCH_TAGS)
            tags[text[0] - 1] = text + 1;
    }
    return f->q->may(f->q->arg, d->id, tags);
}

/* The better of each term's marks. */
static uint32_t marks_of(const struct finding *f, const uint32_t *words, size_t n)
{
    uint32_t best = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t m = f->x->marks[words[i]];
        for (unsigned at = 0; at < 32 && m >> at; at += FINDING_BITS)
            if ((m >> at & FINDING_MASK) > (best >> at & FINDING_MASK))
                best = (best & ~((uint32_t)FINDING_MASK << at)) | (m & (uint32_t)FINDING_MASK << at);
    }
    return best;
}

static bool matches(const struct finding *f, uint32_t marks, struct search_hit *hit)
{
    for (size_t i = 0; i < f->n_terms; i++) {
        unsigned quality = marks >> (i * FINDING_BITS) & FINDING_MASK;
        if (f->left_out >> i & 1)
            continue;
        if (!quality)
            return false;
        hit->words++;
        hit->typos += quality == QUALITY_TYPO;
        hit->quality = (uint8_t)(hit->quality + quality);
    }
    return true;
}

/* `driver`: the term whose records of this quality are looked at; those of a better one were before. */
static void look(struct finding *f, uint32_t place, size_t driver, unsigned quality)
{
    const struct doc *d = &f->x->docs[place];
    const uint32_t *words = f->x->lists + d->at;
    struct search_hit hit = {.place = place, .created_us = d->created_us};
    f->looked++;
    if (d->is_gone)
        return;
    uint32_t marks = f->n_terms ? marks_of(f, words, f->q->open_only ? d->n_open : d->n) : 0;
    if (driver < f->n_terms && (marks >> (driver * FINDING_BITS) & FINDING_MASK) != quality)
        return;
    if (!matches(f, marks, &hit) || !is_within(&f->q->created, d->created_us) ||
        !is_within(&f->q->updated, d->updated_us) || !has_wanted(f, words, d->n) || !may(f, d, words))
        return;
    memcpy(hit.id, d->id, IDENT_SIZE);
    best_keep(f, &hit);
}

/* --- records that have one of some words --- */

struct words {
    const uint32_t *of;
    size_t n;
    bool all; /* every record is looked at instead */
};

/* Whether to look at the one that comes next. */
static bool goes_on(struct finding *f, uint32_t place)
{
    if (f->looked >= SEARCH_LOOK_MAX)
        f->is_cut = true;
    return !f->is_cut && !is_settled(f, place);
}

static void walk_all(struct finding *f, size_t driver, unsigned quality)
{
    for (uint32_t i = f->x->n_docs; i-- > 0 && goes_on(f, i);)
        look(f, i, driver, quality);
}

static void walk_one(struct finding *f, uint32_t word, size_t driver, unsigned quality)
{
    const struct list *l = &f->x->dictionary.words[word].docs;
    for (uint32_t i = l->n; i-- > 0 && goes_on(f, list_of(l)[i]);)
        look(f, list_of(l)[i], driver, quality);
}

/* Each once, newest first: by a bit for each record. */
static void walk_some(struct finding *f, const struct words *w, size_t driver, unsigned quality)
{
    struct search *x = f->x;
    uint32_t n = (x->n_docs + 63) / 64, had = x->seen_room;
    x->seen = grown(x->seen, &x->seen_room, n, sizeof *x->seen);
    if (x->seen_room > had)
        memset(x->seen + had, 0, (x->seen_room - had) * sizeof *x->seen);
    for (size_t i = 0; i < w->n; i++) {
        const struct list *l = &x->dictionary.words[w->of[i]].docs;
        const uint32_t *docs = list_of(l);
        for (uint32_t k = 0; k < l->n; k++)
            x->seen[docs[k] / 64] |= UINT64_C(1) << docs[k] % 64;
    }
    for (uint32_t i = n; i-- > 0; x->seen[i] = 0)
        while (x->seen[i]) {
            unsigned bit = 63 - (unsigned)__builtin_clzll(x->seen[i]);
            if (!goes_on(f, i * 64 + bit))
                break;
            x->seen[i] ^= UINT64_C(1) << bit;
            look(f, i * 64 + bit, driver, quality);
        }
}

static void walk(struct finding *f, const struct words *w, size_t driver, unsigned quality)
{
    if (w->all)
        walk_all(f, driver, quality);
    else if (w->n == 1)
        walk_one(f, w->of[0], driver, quality);
    else if (w->n)
        walk_some(f, w, driver, quality);
}

/* --- which condition --- */

static uint64_t records(const struct finding *f, const uint32_t *words, size_t n)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += f->x->dictionary.words[words[i]].docs.n;
    return sum;
}

/* So many words that walking over all records finds one of them soon; what they lead to is not added up. */
static bool are_many(const struct finding *f, size_t n)
{
    enum { LEAST = 64, PART = 64 };
    return n >= LEAST && n > f->x->n_docs / PART;
}

uint64_t find_records(const struct finding *f, const struct term *t)
{
    uint64_t sum = 0;
    if (are_many(f, t->n))
        return f->x->n_docs;
    for (size_t i = 0; i < t->n; i++)
        sum += f->x->dictionary.words[t->matches[i].word].docs.n;
    return sum;
}

static bool is_asked(const struct finding *f, size_t term)
{
    return term < f->n_terms && !(f->left_out >> term & 1);
}

/* The best that what this term matches with that quality can be. */
static unsigned bound_of(const struct finding *f, size_t driver, unsigned quality)
{
    unsigned sum = 0;
    for (size_t i = 0; i < f->n_terms; i++)
        if (is_asked(f, i))
            sum += i == driver ? quality : f->terms[i].best;
    return sum;
}

/* Looking for the newest, all at once. */
static void walk_newest(struct finding *f, size_t driver, uint32_t *words)
{
    const struct term *t = &f->terms[driver];
    struct words w = {.of = words};
    for (size_t i = 0; i < t->n; i++)
        words[w.n++] = t->matches[i].word;
    w.all = are_many(f, w.n) || records(f, words, w.n) > f->x->n_docs / 2;
    walk(f, &w, f->n_terms, 0);
}

/* From its exact words to its typos: a worse match is only needed where the better ones are too few. */
static void walk_best(struct finding *f, size_t driver, uint32_t *words)
{
    const struct term *t = &f->terms[driver];
    for (unsigned quality = t->best; quality > 0; quality--) {
        struct words w = {.of = words};
        for (size_t i = 0; i < t->n; i++)
            if (t->matches[i].quality == quality)
                words[w.n++] = t->matches[i].word;
        w.all = are_many(f, w.n) || records(f, words, w.n) > f->x->n_docs / 2;
        f->bound = bound_of(f, driver, quality);
        const struct search_hit *worst = f->n_hits == f->q->most ? &f->hits[0] : NULL;
        if (worst && worst->typos == 0 && worst->quality > f->bound)
            break;
        walk(f, &w, driver, quality);
    }
}

static void walk_term(struct finding *f, size_t driver)
{
    const struct term *t = &f->terms[driver];
    uint32_t *words = malloc((t->n ? t->n : 1) * sizeof *words);
    assert(words);
    if (f->q->order == SEARCH_NEWEST)
        walk_newest(f, driver, words);
    else
        walk_best(f, driver, words);
    free(words);
}

/* Records with all terms that are asked for. */
void find_run(struct finding *f)
{
    uint64_t least = f->x->n_docs + (uint64_t)1;
    size_t term = f->n_terms, filter = f->q->n_filters;
    for (size_t i = 0; i < f->n_terms; i++) {
        uint64_t n = is_asked(f, i) ? f->terms[i].records : UINT64_MAX;
        if (n < least) {
            least = n;
            term = i;
        }
    }
    for (size_t i = 0; i < f->q->n_filters; i++) {
        uint64_t n = records(f, f->wanted[i], f->n_wanted[i]);
        if (n < least) {
            least = n;
            filter = i;
        }
    }
    f->bound = bound_of(f, f->n_terms, 0);
    if (filter < f->q->n_filters)
        walk(f, &(struct words){.of = f->wanted[filter], .n = f->n_wanted[filter]}, f->n_terms, 0);
    else if (term < f->n_terms)
        walk_term(f, term);
    else
        walk(f, &(struct words){.all = true}, f->n_terms, 0);
}
