/* The best hits so far, as a heap. */
#include <assert.h>
#include <string.h>

#include "search/finding.h"

int search_hit_compare(const void *a, const void *b)
{
    const struct search_hit *x = a, *y = b;
    if (x->words != y->words)
        return x->words > y->words ? -1 : 1;
    if (x->typos != y->typos)
        return x->typos < y->typos ? -1 : 1;
    if (x->quality != y->quality)
        return x->quality > y->quality ? -1 : 1;
    if (x->created_us != y->created_us)
        return x->created_us > y->created_us ? -1 : 1;
    return memcmp(y->id, x->id, IDENT_SIZE);
}

/* Within one index, by place: what came later is newer. */
static int compare(const struct finding *f, const struct search_hit *a, const struct search_hit *b)
{
    if (f->q->order == SEARCH_BEST && a->typos != b->typos)
        return a->typos < b->typos ? -1 : 1;
    if (f->q->order == SEARCH_BEST && a->quality != b->quality)
        return a->quality > b->quality ? -1 : 1;
    return a->place > b->place ? -1 : a->place < b->place;
}

static void sink(struct finding *f, size_t at, size_t n)
{
    struct search_hit *h = f->hits, moving = h[at];
    for (size_t child; (child = 2 * at + 1) < n; at = child) {
        if (child + 1 < n && compare(f, &h[child + 1], &h[child]) > 0)
            child++;
        if (compare(f, &moving, &h[child]) >= 0)
            break;
        h[at] = h[child];
    }
    h[at] = moving;
}

void best_keep(struct finding *f, const struct search_hit *hit)
{
    struct search_hit *h = f->hits;
    size_t at = f->n_hits;
    if (at == f->q->most) {
        if (compare(f, hit, &h[0]) < 0) {
            h[0] = *hit;
            sink(f, 0, f->n_hits);
        }
        return;
    }
    for (f->n_hits++; at && compare(f, hit, &h[(at - 1) / 2]) > 0; at = (at - 1) / 2)
        h[at] = h[(at - 1) / 2];
    h[at] = *hit;
}

void best_in_order(struct finding *f)
{
    for (size_t n = f->n_hits; n > 1; n--) {
        struct search_hit worst = f->hits[0];
        f->hits[0] = f->hits[n - 1];
        f->hits[n - 1] = worst;
        sink(f, 0, n - 1);
    }
}
