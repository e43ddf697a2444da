/* Arenas: blocks from malloc, handed out by moving a pointer. */
#include "base/arena.h"

#include <assert.h>
#include <sanitizer/asan_interface.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

enum { ALIGNMENT = 16, FIRST_BLOCK = 16 * 1024, LARGEST_BLOCK = 1024 * 1024, LARGE_REQUEST = 256 * 1024 };

struct block {
    _Alignas(ALIGNMENT) struct block *older;
    size_t size;
    uint8_t data[];
};

struct arena {
    uint8_t *next, *end; /* what is free in `head`; the limit is already taken off `end` */
    struct block *head;  /* handed out from; the full ones behind it */
    struct block *large; /* one request each, so that `head` can go on being filled */
    size_t elsewhere;    /* handed out, but not from `head` */
    size_t limit;
};

static void free_blocks(struct block *b)
{
    while (b) {
        struct block *older = b->older;
        free(b);
        b = older;
    }
}

static struct block *block_new(size_t size, struct block *older)
{
    struct block *b = size > SIZE_MAX - sizeof(*b) ? NULL : malloc(sizeof(*b) + size);
    if (!b) {
        log_failure("arena", "no memory for a block of %zu bytes", size);
        return NULL;
    }
    b->older = older;
    b->size = size;
    ASAN_POISON_MEMORY_REGION(b->data, size);
    return b;
}

/* Under the address sanitizer only what was handed out may be touched. */
static void *handed_out(uint8_t *p, size_t size)
{
    ASAN_UNPOISON_MEMORY_REGION(p, size);
    return p;
}

/* The end of `head`, or where the limit is reached if that comes first. */
static void set_end(struct arena *a)
{
    size_t left = a->limit - a->elsewhere;
    if (a->head)
        a->end = a->head->data + (a->head->size < left ? a->head->size : left);
}

static void *take_large(struct arena *a, size_t size)
{
    struct block *b = block_new(size, a->large);
    if (!b)
        return NULL;
    a->large = b;
    a->elsewhere += size;
    set_end(a);
    return handed_out(b->data, size);
}

static void *take_from_new_head(struct arena *a, size_t size)
{
    size_t left = a->limit - arena_used(a);
    size_t want = a->head ? a->head->size * 2 : FIRST_BLOCK;
    if (want > LARGEST_BLOCK)
        want = LARGEST_BLOCK;
    if (want > left)
        want = left;
    struct block *b = block_new(want > size ? want : size, a->head);
    if (!b)
        return NULL;
    a->elsewhere = arena_used(a);
    a->head = b;
    set_end(a);
    a->next = b->data + size;
    return handed_out(b->data, size);
}

struct arena *arena_new(size_t limit)
{
    struct arena *a = calloc(1, sizeof(*a));
    if (!a)
        log_fatal("arena", "no memory for an arena");
    a->limit = limit;
    return a;
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    free_blocks(a->head);
    free_blocks(a->large);
    free(a);
}

void arena_reset(struct arena *a)
{
    struct block *kept = a->head;
    for (struct block *b = kept; b; b = b->older)
        if (b->size > kept->size)
            kept = b;
    for (struct block *b = a->head, *older; b; b = older) {
        older = b->older;
        if (b != kept)
            free(b);
    }
    free_blocks(a->large);
    *a = (struct arena){.head = kept, .limit = a->limit};
    if (kept) {
        kept->older = NULL;
        a->next = kept->data;
        ASAN_POISON_MEMORY_REGION(kept->data, kept->size);
        set_end(a);
    }
}

size_t arena_used(const struct arena *a)
{
    return a->elsewhere + (a->head ? (size_t)(a->next - a->head->data) : 0);
}

size_t arena_limit(const struct arena *a)
{
    return a->limit;
}

void *arena_try_raw(struct arena *a, size_t size)
{
    size += !size;
    size_t pad = -(uintptr_t)a->next & (ALIGNMENT - 1);
    size_t room = (size_t)(a->end - a->next);
    if (__builtin_expect(pad <= room && size <= room - pad, 1)) {
        uint8_t *p = a->next + pad;
        a->next = p + size;
        return handed_out(p, size);
    }
    if (size > a->limit - arena_used(a))
        return NULL;
    return size >= LARGE_REQUEST ? take_large(a, size) : take_from_new_head(a, size);
}

void *arena_try(struct arena *a, size_t size)
{
    void *p = arena_try_raw(a, size);
    return p ? memset(p, 0, size) : NULL;
}

void *arena_raw(struct arena *a, size_t size)
{
    void *p = arena_try_raw(a, size);
    if (__builtin_expect(!p, 0)) {
        assert(size <= a->limit - arena_used(a) && "arena limit");
        abort(); /* no memory, which arena_try_raw has logged */
    }
    return p;
}

void *arena_alloc(struct arena *a, size_t size)
{
    return memset(arena_raw(a, size), 0, size);
}

void *arena_copy(struct arena *a, const void *data, size_t size)
{
    void *p = arena_raw(a, size);
    if (size)
        memcpy(p, data, size);
    return p;
}

char *arena_strdup(struct arena *a, const char *s)
{
    return s ? arena_copy(a, s, strlen(s) + 1) : NULL;
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
    assert(n < SIZE_MAX);
    char *p = arena_raw(a, n + 1);
    if (n)
        memcpy(p, s, n);
    p[n] = '\0';
    return p;
}

char *arena_printf(struct arena *a, const char *format, ...)
{
    char usual[256];
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(usual, sizeof(usual), format, args);
    va_end(args);
    assert(n >= 0);
    char *p = arena_raw(a, (size_t)n + 1);
    if ((size_t)n < sizeof(usual))
        memcpy(p, usual, (size_t)n + 1);
    else
        vsnprintf(p, (size_t)n + 1, format, again);
    va_end(again);
    return p;
}
