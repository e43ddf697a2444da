/* Myers' shortest edit, with a bound: first on lines, then on the words of what changed. Debian has it as a
   library only inside of others that are far larger. */
#include "preview/difference.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"

struct token {
    const char *text;
    size_t size;
    uint64_t hash;
};
struct tokens {
    struct token *all;
    size_t n;
};

struct differ {
    struct arena *arena;
    const char *before, *after;
    struct difference_piece *pieces;
    size_t n;
    bool is_full;
};

/* --- tokens --- */

static size_t line_size(const char *text, const char *end)
{
    const char *newline = memchr(text, '\n', (size_t)(end - text));
    return (size_t)((newline ? newline + 1 : end) - text);
}

static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Letters and digits of ASCII together, of other scripts a character, and any other sign, by itself. */
static size_t word_size(const char *text, const char *end)
{
    size_t n = 1, left = (size_t)(end - text);
    if (is_word(*text))
        while (n < left && is_word(text[n]))
            n++;
    else
        while (n < left && ((unsigned char)text[n] & 0xc0) == 0x80)
            n++;
    return n;
}

/* FNV-1a. */
static uint64_t hash_of(const char *text, size_t size)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < size; i++)
        h = (h ^ (unsigned char)text[i]) * UINT64_C(0x100000001b3);
    return h;
}

static bool split(struct arena *a, const char *text, size_t size, size_t (*next)(const char *, const char *),
                  struct tokens *t)
{
    const char *end = text + size;
    size_t n = 0;
    for (const char *at = text; at < end; at += next(at, end))
        n++;
    *t = (struct tokens){arena_try_raw(a, (n + 1) * sizeof *t->all), 0};
    if (!t->all)
        return false;
    for (const char *at = text; at < end; t->n++) {
        size_t of = next(at, end);
        t->all[t->n] = (struct token){at, of, hash_of(at, of)};
        at += of;
    }
    return true;
}

static bool same(const struct token *x, const struct token *y)
{
    return x->hash == y->hash && x->size == y->size && memcmp(x->text, y->text, x->size) == 0;
}

/* --- pieces --- */

static void add(struct differ *d, enum difference_sort sort, const char *text, size_t size)
{
    struct difference_piece *last = d->n > 0 ? &d->pieces[d->n - 1] : NULL;
    size_t at = (size_t)(text - (sort == DIFFERENCE_NEW ? d->after : d->before));
    if (size == 0)
        return;
    if (last && last->sort == sort && last->at + last->size == at)
        last->size += size;
    else if (d->n < DIFFERENCE_PIECES_MAX)
        d->pieces[d->n++] = (struct difference_piece){sort, at, size};
    else
        d->is_full = true;
}

static size_t size_of(const struct token *from, size_t n)
{
    return n > 0 ? (size_t)(from[n - 1].text + from[n - 1].size - from->text) : 0;
}

typedef void change_fn(struct differ *d, const struct token *gone, size_t n_gone, const struct token *new,
                       size_t n_new);

static void change_plainly(struct differ *d, const struct token *gone, size_t n_gone, const struct token *new,
                           size_t n_new)
{
    if (n_gone > 0)
        add(d, DIFFERENCE_GONE, gone->text, size_of(gone, n_gone));
    if (n_new > 0)
        add(d, DIFFERENCE_NEW, new->text, size_of(new, n_new));
}

/* --- the shortest edit --- */

struct edit {
    const struct token *x, *y;
    int n, m;
    int **reached; /* after each step, how far in x on each diagonal, from -step to step */
};

/* How far it goes on diagonal k in this step, from what the step before has reached. */
static int advance(const struct edit *e, int step, int k)
{
    int at = 0;
    if (step > 0) {
        const int *last = e->reached[step - 1] + (step - 1);
        bool down = k == -step || (k != step && last[k - 1] < last[k + 1]);
        at = down ? last[k + 1] : last[k - 1] + 1;
    }
    while (at < e->n && at - k < e->m && at >= 0 && at - k >= 0 && same(&e->x[at], &e->y[at - k]))
        at++;
    return at;
}

/* The number of steps; -1: too many. Diagonals outside of both texts are gone along as well, and lead
 * nowhere. */
static int search(struct arena *a, struct edit *e)
{
    e->reached = arena_try(a, (DIFFERENCE_STEPS_MAX + 1) * sizeof *e->reached);
    for (int step = 0; e->reached && step <= DIFFERENCE_STEPS_MAX; step++) {
        e->reached[step] = arena_try_raw(a, (size_t)(2 * step + 1) * sizeof(int));
        if (!e->reached[step])
            return -1;
        for (int k = -step; k <= step; k++)
            e->reached[step][k + step] = 0;
        for (int k = -step; k <= step; k += 2) {
            int at = advance(e, step, k);
            e->reached[step][k + step] = at;
            if (at >= e->n && at - k >= e->m)
                return step;
        }
    }
    return -1;
}

/* Marks what is kept of x and y, from the end back to the beginning. */
static void walk_back(const struct edit *e, int steps, bool *keeps_x, bool *keeps_y)
{
    int x = e->n, y = e->m;
    for (int step = steps; step >= 0; step--) {
        int k = x - y, from_x = 0, from_y = 0;
        if (step > 0) {
            const int *last = e->reached[step - 1] + (step - 1);
            bool down = k == -step || (k != step && last[k - 1] < last[k + 1]);
            from_x = down ? last[k + 1] : last[k - 1];
            from_y = from_x - (down ? k + 1 : k - 1);
        }
        while (x > from_x && y > from_y) {
            keeps_x[--x] = true;
            keeps_y[--y] = true;
        }
        x = from_x;
        y = from_y;
    }
}

/* 1: what is the same at both ends is not searched. 2: past the bound all in between is one change. */
static void compare(struct differ *d, struct tokens before, struct tokens after, change_fn *change)
{
    size_t head = 0, tail = 0;
    while (head < before.n && head < after.n && same(&before.all[head], &after.all[head]))
        head++;
    while (tail < before.n - head && tail < after.n - head &&
           same(&before.all[before.n - 1 - tail], &after.all[after.n - 1 - tail]))
        tail++;
    struct edit e = {before.all + head, after.all + head, (int)(before.n - head - tail),
                     (int)(after.n - head - tail), NULL};
    bool *keeps_x = arena_try(d->arena, (size_t)e.n + 1), *keeps_y = arena_try(d->arena, (size_t)e.m + 1);
    int steps = keeps_x && keeps_y ? search(d->arena, &e) : -1;
    if (steps >= 0)
        walk_back(&e, steps, keeps_x, keeps_y);
    add(d, DIFFERENCE_SAME, before.n > 0 ? before.all->text : NULL, size_of(before.all, head));
    for (int x = 0, y = 0; x < e.n || y < e.m;) {
        int from_x = x, from_y = y;
        while (x < e.n && !(steps >= 0 && keeps_x[x]))
            x++;
        while (y < e.m && !(steps >= 0 && keeps_y[y]))
            y++;
        change(d, e.x + from_x, (size_t)(x - from_x), e.y + from_y, (size_t)(y - from_y));
        for (; x < e.n && y < e.m && keeps_x[x] && keeps_y[y]; x++, y++)
            add(d, DIFFERENCE_SAME, e.x[x].text, e.x[x].size);
    }
    add(d, DIFFERENCE_SAME, e.x[e.n].text, size_of(&e.x[e.n], tail));
}

/* Lines that changed, by their words; where little of them stays, as they are. */
static void change_by_words(struct differ *d, const struct token *gone, size_t n_gone,
                            const struct token *new, size_t n_new)
{
    struct tokens x, y;
    size_t size_gone = size_of(gone, n_gone), size_new = size_of(new, n_new);
    if (size_gone == 0 || size_new == 0 || !split(d->arena, gone->text, size_gone, word_size, &x) ||
        !split(d->arena, new->text, size_new, word_size, &y))
        change_plainly(d, gone, n_gone, new, n_new);
    else
        compare(d, x, y, change_plainly);
}

size_t difference_read(struct arena *a, const char *before, const char *after,
                       struct difference_piece **pieces)
{
    struct differ d = {.arena = a, .before = before, .after = after};
    size_t size = strlen(before), new_size = strlen(after);
    struct tokens x, y;
    *pieces = d.pieces = arena_try_raw(a, (DIFFERENCE_PIECES_MAX + 2) * sizeof *d.pieces);
    if (!d.pieces || !split(a, before, size, line_size, &x) || !split(a, after, new_size, line_size, &y))
        return 0;
    compare(&d, x, y, change_by_words);
    if (!d.is_full)
        return d.n;
    /* 3: too many to be looked at by anybody. */
    d.n = 0;
    add(&d, DIFFERENCE_GONE, before, size);
    add(&d, DIFFERENCE_NEW, after, new_size);
    return d.n;
}
