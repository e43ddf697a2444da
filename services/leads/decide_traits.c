/* Words of languages, skills and products, folded and compared. */
#include "services/leads/traits.h"

#include <string.h>

#include "base/text.h"

enum { PRODUCTS_MAX = 16 };

/* FNV-1a: only to tell unequal words apart without looking at them. */
static uint64_t hash_of(const char *s)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (; *s; s++)
        h = (h ^ (uint8_t)*s) * UINT64_C(1099511628211);
    return h;
}

static void add(struct leads_words *w, struct leads_word *items, const char *folded)
{
    if (folded && *folded)
        items[w->n++] = (struct leads_word){.hash = hash_of(folded), .text = folded};
}

struct leads_words leads_words_fold(char *const *texts, size_t n, struct arena *a)
{
    struct leads_word *items = ARENA_ARRAY(a, struct leads_word, n);
    struct leads_words w = {.items = items};
    for (size_t i = 0; i < n; i++)
        add(&w, items, text_fold(a, texts[i]));
    return w;
}

static bool has(const struct leads_words *w, const struct leads_word *word)
{
    for (size_t i = 0; i < w->n; i++)
        if (w->items[i].hash == word->hash && strcmp(w->items[i].text, word->text) == 0)
            return true;
    return false;
}

size_t leads_words_common(const struct leads_words *a, const struct leads_words *b)
{
    size_t n = 0;
    for (size_t i = 0; i < a->n; i++)
        n += has(b, &a->items[i]);
    return n;
}

struct leads_words leads_words_languages(char *const *tags, size_t n, struct arena *a)
{
    struct leads_word *items = ARENA_ARRAY(a, struct leads_word, n);
    struct leads_words w = {.items = items};
    for (size_t i = 0; i < n; i++) {
        char *folded = text_fold(a, tags[i]);
        if (folded)
            folded[strcspn(folded, "-_")] = '\0';
        add(&w, items, folded);
    }
    return w;
}

struct leads_words leads_words_products(const char *text, struct arena *a)
{
    char *rest = text_fold(a, text);
    struct leads_word *items = ARENA_ARRAY(a, struct leads_word, PRODUCTS_MAX);
    struct leads_words w = {.items = items};
    add(&w, items, text_fold(a, text));
    for (char *part = NULL; rest && w.n < PRODUCTS_MAX && (part = strsep(&rest, ",;/|\n"));)
        add(&w, items, text_trim(a, part));
    return w;
}
