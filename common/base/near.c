/* Where records that may be alike are found: under hashes of what is compared. In memory, because each random
   key of a durable index would dirty a page for each record. Hashes are spread over many small tables that
   grow one by one, so that nobody ever waits for the whole to grow, and looking one up costs one line of
   cache. */
#include "base/near.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { PARTS = 1 << 12, PART_BITS = 12, PART_LEAST = 8, NEAR_IDS_MAX = 1 << 22 };

struct cell {
    uint32_t hash, number; /* number 0: empty */
};

/* Open addressing, at most three quarters full. */
struct part {
    struct cell *cells;
    uint32_t size, n; /* size: a power of two, or 0 */
};

/* Ids are numbered from 1; the place of an id is the number modulo the most there can be. */
struct near_index {
    struct part parts[PARTS];
    uint8_t (*ids)[IDENT_SIZE];
    uint32_t n_ids; /* ever made */
};

struct near_index *near_index_new(void)
{
    struct near_index *x = calloc(1, sizeof *x);
    assert(x);
    /* zeros; pages that nobody touches cost nothing */
    x->ids = mmap(NULL, NEAR_IDS_MAX * sizeof *x->ids, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    assert(x->ids != MAP_FAILED);
    return x;
}

void near_index_free(struct near_index *x)
{
    if (!x)
        return;
    for (size_t i = 0; i < PARTS; i++)
        free(x->parts[i].cells);
    (void)munmap(x->ids, NEAR_IDS_MAX * sizeof *x->ids); /* the very range that was mapped */
    free(x);
}

static uint8_t *id_at(const struct near_index *x, uint32_t number)
{
    return x->ids[(number - 1) % NEAR_IDS_MAX];
}

static bool is_remembered(const struct near_index *x, const struct cell *c)
{
    return c->number && x->n_ids - c->number < NEAR_IDS_MAX;
}

static struct part *part_of(const struct near_index *x, uint32_t hash)
{
    return (struct part *)(uintptr_t)&x->parts[hash >> (32 - PART_BITS)];
}

static void put(struct part *p, struct cell c)
{
    uint32_t at = c.hash & (p->size - 1);
    while (p->cells[at].number)
        at = (at + 1) & (p->size - 1);
    p->cells[at] = c;
    p->n++;
}

/* Room for one more, and only for what is still remembered. */
static void make_room(const struct near_index *x, struct part *p)
{
    struct part before = *p;
    uint32_t live = 1;
    for (uint32_t i = 0; i < before.size; i++)
        live += is_remembered(x, &before.cells[i]);
    p->size = PART_LEAST;
    while (p->size < 2 * live)
        p->size *= 2;
    p->n = 0;
    p->cells = calloc(p->size, sizeof *p->cells);
    assert(p->cells);
    for (uint32_t i = 0; i < before.size; i++)
        if (is_remembered(x, &before.cells[i]))
            put(p, before.cells[i]);
    free(before.cells);
}

/* What one key leads to. */
struct found {
    struct cell *of[NEAR_PER_KEY];
    size_t n;
};

static void collect(const struct near_index *x, uint32_t hash, struct found *f)
{
    const struct part *p = part_of(x, hash);
    uint32_t at = p->size ? hash & (p->size - 1) : 0;
    f->n = 0;
    for (; p->size && p->cells[at].number && f->n < NEAR_PER_KEY; at = (at + 1) & (p->size - 1))
        if (p->cells[at].hash == hash && is_remembered(x, &p->cells[at]))
            f->of[f->n++] = &p->cells[at];
}

/* Whether the key leads there already, or, where it is full, does so now instead of to the oldest. */
static bool takes_place(struct near_index *x, const struct found *f, const uint8_t id[IDENT_SIZE])
{
    struct cell *oldest = f->n ? f->of[0] : NULL;
    for (size_t i = 0; i < f->n; i++) {
        if (memcmp(id_at(x, f->of[i]->number), id, IDENT_SIZE) == 0)
            return true;
        if (f->of[i]->number < oldest->number)
            oldest = f->of[i];
    }
    if (f->n == NEAR_PER_KEY)
        oldest->number = x->n_ids;
    return f->n == NEAR_PER_KEY;
}

/* Each hash leads to memory of its own: asked for all at once, it comes in the time of one. */
static void fetch(const struct near_index *x, const struct near_keys *h)
{
    for (size_t i = 0; i < h->n; i++) {
        const struct part *p = part_of(x, h->of[i]);
        if (p->size)
            __builtin_prefetch(&p->cells[h->of[i] & (p->size - 1)], 1);
    }
}

void near_index_add(struct near_index *x, const char *id, const struct near_keys *h)
{
    uint8_t bytes[IDENT_SIZE];
    struct found f;
    if (!ident_parse(bytes, id))
        return;
    fetch(x, h);
    memcpy(id_at(x, ++x->n_ids), bytes, sizeof bytes);
    for (size_t i = 0; i < h->n; i++) {
        struct part *p = part_of(x, h->of[i]);
        collect(x, h->of[i], &f);
        if ((i >= h->n_own && f.n == NEAR_PER_KEY) || takes_place(x, &f, bytes))
            continue;
        if (4 * (p->n + 1) > 3 * p->size)
            make_room(x, p);
        put(p, (struct cell){h->of[i], x->n_ids});
    }
}

static int newest_first(const void *a, const void *b)
{
    const struct cell *x = *(struct cell *const *)a, *y = *(struct cell *const *)b;
    return x->number > y->number ? -1 : x->number < y->number;
}

static bool has(char ids[][IDENT_TEXT_SIZE], size_t n, const char *id)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(ids[i], id) == 0)
            return true;
    return false;
}

size_t near_index_find(const struct near_index *x, const struct near_keys *h,
                       char ids[NEAR_FOUND_MAX][IDENT_TEXT_SIZE])
{
    size_t n = 0;
    fetch(x, h);
    for (size_t i = 0; i < h->n; i++) {
        struct found f;
        collect(x, h->of[i], &f);
        if (i >= h->n_own && f.n == NEAR_PER_KEY)
            continue;
        qsort(f.of, f.n, sizeof *f.of, newest_first);
        for (size_t k = 0; k < f.n && n < NEAR_FOUND_MAX; k++) {
            ident_format(ids[n], id_at(x, f.of[k]->number));
            n += !has(ids, n, ids[n]);
        }
    }
    return n;
}

/* FNV-1a. */
static uint64_t hashed(uint64_t h, const char *s)
{
    for (; *s; s++)
        h = (h ^ (uint8_t)*s) * UINT64_C(1099511628211);
    return (h ^ 0xff) * UINT64_C(1099511628211);
}

uint32_t near_hash(char kind, const char *a, const char *b)
{
    uint64_t h = hashed(UINT64_C(14695981039346656037) ^ (uint8_t)kind, a);
    h = hashed(h, b);
    h = (h ^ h >> 33) * UINT64_C(0xff51afd7ed558ccd);
    return (uint32_t)(h >> 32);
}

void near_key(struct near_keys *keys, char kind, const char *a, const char *b)
{
    if (!a || !b)
        return;
    assert(keys->n < NEAR_KEYS_MAX);
    keys->of[keys->n++] = near_hash(kind, a, b);
}
