/* The words there are, and how they are found by their parts. Words are numbered in the order in which they
   came, so the lists of a gram grow at their end. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "search/internal.h"

enum { LEAST = 256, CHUNK = 64 << 10 };

/* What grams are of: no character is as great. */
static const uint64_t DIGITS_FOUR = UINT64_C(0x1ffff0) << 42, DIGITS_FIRST = UINT64_C(0x1ffff1) << 42,
                      HAN_ONE = UINT64_C(0x1ffff8) << 42, HAN_TWO = UINT64_C(0x1ffff9) << 42, BEGIN = 1;

void dictionary_init(struct dictionary *d)
{
    *d = (struct dictionary){.n_slots = LEAST, .grams_room = LEAST};
    d->slots = calloc(d->n_slots, sizeof *d->slots);
    d->gram_keys = calloc(d->grams_room, sizeof *d->gram_keys);
    d->grams = calloc(d->grams_room, sizeof *d->grams);
    assert(d->slots && d->gram_keys && d->grams);
}

void dictionary_release(struct dictionary *d)
{
    for (uint32_t i = 0; i < d->n_words; i++)
        list_release(&d->words[i].docs);
    for (uint32_t i = 0; i < d->grams_room; i++)
        list_release(&d->grams[i]);
    while (d->chunk) {
        char *before;
        memcpy(&before, d->chunk, sizeof before);
        free(d->chunk);
        d->chunk = before;
    }
    free(d->words);
    free(d->slots);
    free(d->gram_keys);
    free(d->grams);
    free(d->letters);
}

/* FNV-1a: words are short, and whoever writes them gains nothing but a longer look at their own. */
static uint32_t hash_of(const char *bytes, size_t size)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < size; i++)
        h = (h ^ (uint8_t)bytes[i]) * UINT64_C(1099511628211);
    return (uint32_t)(h ^ h >> 32);
}

static uint32_t *slot_of(const struct dictionary *d, const char *bytes, size_t size, uint32_t hash)
{
    uint32_t at = hash & (d->n_slots - 1);
    for (; d->slots[at]; at = (at + 1) & (d->n_slots - 1)) {
        const struct word *w = &d->words[d->slots[at] - 1];
        if (w->hash == hash && w->size == size && memcmp(w->text, bytes, size) == 0)
            break;
    }
    return &d->slots[at];
}

uint32_t dictionary_find(const struct dictionary *d, const char *bytes, size_t size)
{
    return *slot_of(d, bytes, size, hash_of(bytes, size)) - 1; /* none is NO_WORD */
}

/* At most three quarters full. */
static void slots_grow(struct dictionary *d)
{
    if (4 * (uint64_t)(d->n_words + 1) <= 3 * (uint64_t)d->n_slots)
        return;
    free(d->slots);
    d->n_slots *= 2;
    d->slots = calloc(d->n_slots, sizeof *d->slots);
    assert(d->slots);
    for (uint32_t i = 0; i < d->n_words; i++) {
        uint32_t at = d->words[i].hash & (d->n_slots - 1);
        while (d->slots[at])
            at = (at + 1) & (d->n_slots - 1);
        d->slots[at] = i + 1;
    }
}

static char *keep(struct dictionary *d, const char *bytes, size_t size)
{
    if (d->chunk_left < size + 1) {
        char *chunk = malloc(CHUNK);
        assert(chunk);
        memcpy(chunk, &d->chunk, sizeof d->chunk);
        d->chunk = chunk;
        d->chunk_left = CHUNK - sizeof d->chunk;
        d->chunk_bytes += CHUNK;
    }
    char *at = d->chunk + CHUNK - d->chunk_left;
    d->chunk_left -= size + 1;
    at[size] = '\0';
    return memcpy(at, bytes, size);
}

static uint32_t gram_place(const struct dictionary *d, uint64_t key)
{
    uint32_t mask = d->grams_room - 1, at = (uint32_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 32) & mask;
    while (d->gram_keys[at] && d->gram_keys[at] != key)
        at = (at + 1) & mask;
    return at;
}

static void grams_grow(struct dictionary *d)
{
    struct dictionary before = *d;
    if (4 * (uint64_t)(d->n_grams + 1) <= 3 * (uint64_t)d->grams_room)
        return;
    d->grams_room *= 2;
    d->gram_keys = calloc(d->grams_room, sizeof *d->gram_keys);
    d->grams = calloc(d->grams_room, sizeof *d->grams);
    assert(d->gram_keys && d->grams);
    for (uint32_t i = 0; i < before.grams_room; i++)
        if (before.gram_keys[i]) {
            uint32_t at = gram_place(d, before.gram_keys[i]);
            d->gram_keys[at] = before.gram_keys[i];
            d->grams[at] = before.grams[i];
        }
    free(before.gram_keys);
    free(before.grams);
}

static void gram_add(struct dictionary *d, uint64_t key, uint32_t word)
{
    grams_grow(d);
    uint32_t at = gram_place(d, key);
    d->n_grams += !d->gram_keys[at];
    d->gram_keys[at] = key;
    list_add(&d->grams[at], word);
}

const struct list *dictionary_gram(const struct dictionary *d, uint64_t key)
{
    uint32_t at = gram_place(d, key);
    return d->gram_keys[at] ? &d->grams[at] : NULL;
}

static uint64_t gram(uint32_t a, uint32_t b, uint32_t c)
{
    return (uint64_t)a << 42 | (uint64_t)b << 21 | c;
}

static uint64_t digits(const uint32_t *chars, size_t n)
{
    uint64_t number = 0;
    for (size_t i = 0; i < n; i++)
        number = number * 10 + (chars[i] - '0');
    return number;
}

static size_t grams_inside(const struct word_text *w, uint64_t *out)
{
    const uint32_t *c = w->chars;
    size_t n = 0;
    for (size_t i = 0; w->kind == WORD_DIGITS && i + 4 <= w->n; i++)
        out[n++] = DIGITS_FOUR | digits(c + i, 4);
    for (size_t i = 0; w->kind == WORD_HAN && i + 2 <= w->n; i++)
        out[n++] = HAN_TWO | gram(0, c[i], c[i + 1]);
    for (size_t i = 0; w->kind == WORD_LETTERS && i + 3 <= w->n; i++)
        out[n++] = gram(c[i], c[i + 1], c[i + 2]);
    return n;
}

size_t grams_of(const struct word_text *w, uint64_t out[GRAMS_MAX])
{
    const uint32_t *c = w->chars;
    size_t n = grams_inside(w, out);
    for (size_t i = 1; w->kind == WORD_DIGITS && i <= 3 && i <= w->n; i++)
        out[n++] = (DIGITS_FIRST + (i << 42)) | digits(c, i);
    for (size_t i = 0; w->kind == WORD_HAN && i < w->n; i++)
        out[n++] = HAN_ONE | c[i];
    if (w->kind == WORD_LETTERS)
        out[n++] = gram(BEGIN, BEGIN, c[0]);
    if (w->kind == WORD_LETTERS && w->n > 1)
        out[n++] = gram(BEGIN, c[0], c[1]);
    return n;
}

size_t grams_typed(const struct word_text *w, uint64_t out[GRAMS_MAX], bool *all)
{
    const uint32_t *c = w->chars;
    size_t n = grams_inside(w, out);
    *all = n == 0 && w->kind != WORD_HAN;
    if (n)
        return n;
    if (w->kind == WORD_HAN)
        out[0] = HAN_ONE | c[0];
    else if (w->kind == WORD_DIGITS)
        out[0] = (DIGITS_FIRST + ((uint64_t)w->n << 42)) | digits(c, w->n);
    else
        out[0] = w->n == 1 ? gram(BEGIN, BEGIN, c[0]) : gram(BEGIN, c[0], c[1]);
    return 1;
}

/* A bit for each letter of ASCII, one for each eighth of the others, and the length above. */
uint32_t letters_mask(const uint32_t *chars, size_t n)
{
    uint32_t mask = 0;
    for (size_t i = 0; i < n; i++)
        mask |= chars[i] >= 'a' && chars[i] <= 'z' ? UINT32_C(1) << (chars[i] - 'a')
                                                   : UINT32_C(1) << (26 + chars[i] % 6);
    return mask;
}

static void letters_add(struct dictionary *d, const struct word_text *w, uint32_t word)
{
    if (w->n < 4 || !typo_may_be(w))
        return;
    if (d->n_letters == d->letters_room) {
        d->letters_room = d->letters_room ? d->letters_room * 2 : LEAST;
        d->letters = reallocarray(d->letters, d->letters_room, sizeof *d->letters);
        assert(d->letters);
    }
    d->letters[d->n_letters++] = (struct letters){letters_mask(w->chars, w->n), word};
}

uint32_t dictionary_enter(struct dictionary *d, const struct word_text *w)
{
    uint64_t grams[GRAMS_MAX];
    uint32_t hash = hash_of(w->bytes, w->size), *slot;
    slots_grow(d);
    slot = slot_of(d, w->bytes, w->size, hash);
    if (*slot)
        return *slot - 1;
    if (d->n_words == d->words_room) {
        d->words_room = d->words_room ? d->words_room * 2 : LEAST;
        d->words = reallocarray(d->words, d->words_room, sizeof *d->words);
        assert(d->words);
    }
    uint32_t number = d->n_words++;
    *slot = number + 1;
    d->words[number] =
        (struct word){.text = keep(d, w->bytes, w->size), .hash = hash, .size = (uint8_t)w->size};
    d->n_dead++;
    if (w->kind == WORD_TAG)
        return number;
    size_t n = grams_of(w, grams);
    for (size_t i = 0; i < n; i++)
        gram_add(d, grams[i], number);
    letters_add(d, w, number);
    return number;
}

size_t dictionary_bytes(const struct dictionary *d)
{
    size_t n = d->words_room * sizeof *d->words + d->n_slots * sizeof *d->slots + d->chunk_bytes +
               d->grams_room * (sizeof *d->gram_keys + sizeof *d->grams) +
               d->letters_room * sizeof *d->letters;
    for (uint32_t i = 0; i < d->n_words; i++)
        n += d->words[i].docs.room * sizeof(uint32_t);
    for (uint32_t i = 0; i < d->grams_room; i++)
        n += d->grams[i].room * sizeof(uint32_t);
    return n;
}
