/* What is typed into a search box, and what is searched: words, numbers, and an index of what came before. */
#include <string.h>

#include "base/text.h"
#include "fuzz/fuzz.h"
#include "search/internal.h"

enum { MEMORY = 16 << 20, HITS = 20, DOCS = 64 };

struct words {
    struct word_text last;
    size_t n;
};

static void check_word(const struct word_text *w)
{
    uint32_t chars[SEARCH_WORD_MAX];
    uint64_t grams[GRAMS_MAX];
    bool all;
    assert(w->n > 0 && w->n <= SEARCH_WORD_MAX && w->size == strlen(w->bytes));
    assert(text_valid(w->bytes, w->size) && (uint8_t)w->bytes[0] > SEARCH_TAGS);
    assert(word_chars(w->bytes, w->size, chars) == w->n);
    assert(memcmp(chars, w->chars, w->n * sizeof *chars) == 0 && word_kind_of(chars, w->n) == w->kind);
    assert(grams_of(w, grams) <= GRAMS_MAX && grams_typed(w, grams, &all) >= 1);
}

static void keep(void *arg, const struct word_text *w)
{
    struct words *words = arg;
    check_word(w);
    words->last = *w;
    words->n++;
}

/* What has been made a word is that word. */
static void check_text(const char *text)
{
    struct words words = {.n = 0}, again = {.n = 0};
    words_of(text, keep, &words);
    if (!words.n)
        return;
    words_of(words.last.bytes, keep, &again);
    assert(again.n == 1 && strcmp(again.last.bytes, words.last.bytes) == 0);
}

static void check_phone(const char *text)
{
    struct word_text phone, local, again;
    if (!word_of_phone(text, &phone))
        return;
    check_word(&phone);
    assert(phone.kind == WORD_DIGITS && word_of_phone(phone.bytes, &again) &&
           strcmp(again.bytes, phone.bytes) == 0);
    word_without_country(text, &local);
    assert(!local.n || strcmp(local.bytes, phone.bytes + phone.size - local.size) == 0);
}

static void put(struct search *x, uint8_t n, const char *text)
{
    const struct search_field fields[] = {{text, false}, {text, true}};
    const struct search_tag tag = {n % SEARCH_TAGS, text};
    struct search_doc d = {.created_us = n, .fields = fields, .n_fields = 2, .tags = &tag, .n_tags = 1};
    d.id[0] = n;
    search_put(x, &d);
}

/* What was put in under its own words is found, unless so much else is. */
static void check_found(struct search *x, uint8_t n, const char *text)
{
    struct words words = {.n = 0};
    struct search_hit hits[DOCS];
    const struct search_query q = {.text = text, .most = DOCS};
    bool cut, found = false;
    size_t n_hits = search_find(x, &q, hits, &cut);
    for (size_t i = 0; i < n_hits; i++) {
        found |= hits[i].id[0] == n;
        assert(i == 0 || search_hit_compare(&hits[i - 1], &hits[i]) <= 0 || hits[i].created_us == 0);
    }
    words_of(text, keep, &words);
    assert(!words.n || found || words.n > SEARCH_DOC_WORDS / 2 || cut);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    struct arena *a = fuzz_arena(MEMORY);
    struct search *x = search_new();
    for (unsigned i = 0; in.left > 0 && i < 256; i++) {
        const char *text = input_text(&in, a);
        uint8_t id[IDENT_SIZE] = {(uint8_t)(i % DOCS)};
        check_text(text);
        check_phone(text);
        put(x, id[0], text);
        check_found(x, id[0], text);
        if (i % 5 == 4)
            search_drop(x, id);
    }
    search_free(x);
    return 0;
}
