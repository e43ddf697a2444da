/* Sorted lists of numbers. Most have one, which costs nothing beyond the list itself. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "search/internal.h"

enum { ROOM_LEAST = 4 };

const uint32_t *list_of(const struct list *l)
{
    return l->room ? l->of : (const uint32_t *)&l->of;
}

/* Where the number is, or would be. */
static uint32_t place(const struct list *l, uint32_t number)
{
    const uint32_t *of = list_of(l);
    uint32_t from = 0, to = l->n;
    if (to && of[to - 1] < number)
        return to;
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        if (of[middle] < number)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

bool list_has(const struct list *l, uint32_t number)
{
    uint32_t at = place(l, number);
    return at < l->n && list_of(l)[at] == number;
}

static void grow(struct list *l)
{
    if (l->n < l->room || (!l->room && !l->n))
        return;
    uint32_t room = l->room ? l->room + l->room / 2 : ROOM_LEAST;
    uint32_t *of = realloc(l->room ? l->of : NULL, room * sizeof *of);
    assert(of);
    if (!l->room)
        of[0] = *list_of(l);
    l->of = of;
    l->room = room;
}

void list_add(struct list *l, uint32_t number)
{
    uint32_t at = place(l, number);
    if (at < l->n && list_of(l)[at] == number)
        return;
    grow(l);
    uint32_t *of = (uint32_t *)(uintptr_t)list_of(l);
    memmove(of + at + 1, of + at, (l->n - at) * sizeof *of);
    of[at] = number;
    l->n++;
}

void list_remove(struct list *l, uint32_t number)
{
    uint32_t at = place(l, number);
    uint32_t *of = (uint32_t *)(uintptr_t)list_of(l);
    if (at == l->n || of[at] != number)
        return;
    memmove(of + at, of + at + 1, (l->n - at - 1) * sizeof *of);
    if (--l->n == 0)
        list_release(l);
}

void list_release(struct list *l)
{
    if (l->room)
        free(l->of);
    *l = (struct list){0};
}
