/* Records as lists of words, and for each word the list of its records. */
#include "search/search.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/text.h"
#include "search/internal.h"

enum { LEAST = 256, SPARE = 1 << 16 /* dead words or records that are left alone */ };

static void init(struct search *x)
{
    *x = (struct search){.n_ids = LEAST};
    dictionary_init(&x->dictionary);
    x->ids = calloc(x->n_ids, sizeof *x->ids);
    x->lists = grown(NULL, &x->lists_room, LEAST, sizeof *x->lists);
    assert(x->ids);
}

struct search *search_new(void)
{
    struct search *x = malloc(sizeof *x);
    assert(x);
    init(x);
    return x;
}

static void release(struct search *x)
{
    dictionary_release(&x->dictionary);
    free(x->docs);
    free(x->ids);
    free(x->lists);
    free(x->marks);
    free(x->seen);
}

void search_free(struct search *x)
{
    if (x)
        release(x);
    free(x);
}

/* Of ids made one after the other only the end differs. */
static uint32_t *id_slot(const struct search *x, const uint8_t id[IDENT_SIZE])
{
    uint32_t at =
        (uint32_t)(get_be64(id + IDENT_SIZE / 2) * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (x->n_ids - 1);
    for (; x->ids[at]; at = (at + 1) & (x->n_ids - 1))
        if (memcmp(x->docs[x->ids[at] - 1].id, id, IDENT_SIZE) == 0)
            break;
    return &x->ids[at];
}

/* At most half full. */
static void ids_grow(struct search *x)
{
    if (2 * (uint64_t)(x->n_docs + 1) <= x->n_ids)
        return;
    free(x->ids);
    x->n_ids *= 2;
    x->ids = calloc(x->n_ids, sizeof *x->ids);
    assert(x->ids);
    for (uint32_t i = 0; i < x->n_docs; i++)
        *id_slot(x, x->docs[i].id) = i + 1;
}

/* --- the words of a record --- */

struct collecting {
    struct dictionary *dictionary;
    uint32_t words[SEARCH_DOC_WORDS];
    size_t n, n_open;
};

static void collect(void *arg, const struct word_text *w)
{
    struct collecting *c = arg;
    if (c->n == SEARCH_DOC_WORDS)
        return;
    uint32_t word = dictionary_enter(c->dictionary, w);
    for (size_t i = 0; i < c->n; i++)
        if (c->words[i] == word)
            return;
    c->words[c->n++] = word;
}

void tag_word(struct word_text *w, const struct search_tag *tag)
{
    size_t n = text_clip(tag->value, SEARCH_TAG_BYTES);
    w->bytes[0] = (char)(tag->number + 1);
    memcpy(w->bytes + 1, tag->value, n);
    w->size = n + 1;
    w->bytes[w->size] = '\0';
    w->kind = WORD_TAG;
    w->n = 0;
}

static void words_of_fields(struct collecting *c, const struct search_doc *d, bool closed)
{
    struct word_text w;
    for (size_t i = 0; i < d->n_fields; i++) {
        const struct search_field *f = &d->fields[i];
        if (!f->text || f->is_closed != closed)
            continue;
        if (!f->is_phone)
            words_of(f->text, collect, c);
        else if (word_of_phone(f->text, &w))
            collect(c, &w);
    }
}

/* Tags first: they are never too many. */
static void words_of_doc(struct collecting *c, const struct search_doc *d)
{
    struct word_text w;
    for (size_t i = 0; i < d->n_tags; i++)
        if (d->tags[i].value) {
            assert(d->tags[i].number < SEARCH_TAGS);
            tag_word(&w, &d->tags[i]);
            collect(c, &w);
        }
    words_of_fields(c, d, false);
    c->n_open = c->n;
    words_of_fields(c, d, true);
}

static bool has(const uint32_t *words, size_t n, uint32_t word)
{
    for (size_t i = 0; i < n; i++)
        if (words[i] == word)
            return true;
    return false;
}

static void enter(struct search *x, uint32_t word, uint32_t doc)
{
    struct list *docs = &x->dictionary.words[word].docs;
    x->dictionary.n_dead -= docs->n == 0;
    list_add(docs, doc);
}

static void leave(struct search *x, uint32_t word, uint32_t doc)
{
    struct list *docs = &x->dictionary.words[word].docs;
    list_remove(docs, doc);
    x->dictionary.n_dead += docs->n == 0;
}

/* Only what differs is touched. */
static void change(struct search *x, uint32_t doc, const uint32_t *words, size_t n)
{
    const struct doc *d = &x->docs[doc];
    const uint32_t *before = x->lists + d->at;
    for (size_t i = 0; i < n; i++)
        if (!has(before, d->n, words[i]))
            enter(x, words[i], doc);
    for (size_t i = 0; i < d->n; i++)
        if (!has(words, n, before[i]))
            leave(x, before[i], doc);
}

void *grown(void *of, uint32_t *room, uint32_t n, size_t size)
{
    if (n <= *room)
        return of;
    *room = *room ? *room + *room / 2 : LEAST;
    if (*room < n)
        *room = n;
    of = reallocarray(of, *room, size);
    assert(of);
    return of;
}

/* Lists that were left behind are given back once they are more than half. */
static void lists_squeeze(struct search *x)
{
    if (x->lists_lost < SPARE || x->lists_lost < x->n_lists / 2)
        return;
    uint32_t room = 0, n = 0, *lists = grown(NULL, &room, x->n_lists - x->lists_lost, sizeof *lists);
    for (uint32_t i = 0; i < x->n_docs; i++) {
        struct doc *d = &x->docs[i];
        if (d->n) /* all of it is NULL where nothing is left */
            memcpy(lists + n, x->lists + d->at, d->n * sizeof *lists);
        d->at = n;
        n += d->n;
    }
    free(x->lists);
    x->lists = lists;
    x->lists_room = room;
    x->n_lists = n;
    x->lists_lost = 0;
}

static void keep_words(struct search *x, struct doc *d, const uint32_t *words, size_t n)
{
    if (n > d->n) {
        x->lists_lost += d->n;
        d->at = x->n_lists;
        x->lists = grown(x->lists, &x->lists_room, x->n_lists + (uint32_t)n, sizeof *x->lists);
        x->n_lists += (uint32_t)n;
    } else {
        x->lists_lost += d->n - (uint32_t)n;
    }
    if (n)
        memcpy(x->lists + d->at, words, n * sizeof *words);
    d->n = (uint8_t)n;
}

/* The record's place, made if it has none. */
static uint32_t place_of(struct search *x, const uint8_t id[IDENT_SIZE])
{
    ids_grow(x);
    uint32_t *slot = id_slot(x, id);
    if (*slot)
        return *slot - 1;
    x->docs = grown(x->docs, &x->docs_room, x->n_docs + 1, sizeof *x->docs);
    uint32_t doc = x->n_docs++;
    x->docs[doc] = (struct doc){.is_gone = true};
    memcpy(x->docs[doc].id, id, IDENT_SIZE);
    x->n_gone++;
    *slot = doc + 1;
    return doc;
}

static void put_words(struct search *x, const uint8_t id[IDENT_SIZE], int64_t created_us, int64_t updated_us,
                      const struct collecting *c)
{
    uint32_t doc = place_of(x, id);
    struct doc *d = &x->docs[doc];
    x->n_gone -= d->is_gone;
    d->is_gone = false;
    d->created_us = created_us;
    d->updated_us = updated_us;
    change(x, doc, c->words, c->n);
    keep_words(x, d, c->words, c->n);
    d->n_open = (uint8_t)c->n_open;
    lists_squeeze(x);
}

/* --- starting anew --- */

static void word_again(struct word_text *w, const struct word *from)
{
    memcpy(w->bytes, from->text, (size_t)from->size + 1);
    w->size = from->size;
    w->n = 0;
    w->kind = WORD_TAG;
    if ((uint8_t)from->text[0] > SEARCH_TAGS) {
        w->n = word_chars(from->text, from->size, w->chars);
        w->kind = word_kind_of(w->chars, w->n);
    }
}

static void copy_doc(struct search *to, const struct search *from, const struct doc *d)
{
    struct collecting c = {.dictionary = &to->dictionary};
    struct word_text w;
    for (size_t i = 0; i < d->n; i++) {
        word_again(&w, &from->dictionary.words[from->lists[d->at + i]]);
        collect(&c, &w);
    }
    c.n_open = d->n_open;
    put_words(to, d->id, d->created_us, d->updated_us, &c);
}

/* Words and records that are gone are forgotten once they are more than those that are there: each has paid
   for that when it came. */
static void renew(struct search *x)
{
    const struct dictionary *d = &x->dictionary;
    bool many_words = d->n_dead > SPARE && d->n_dead > d->n_words / 2;
    if (!many_words && (x->n_gone <= SPARE || x->n_gone <= x->n_docs / 2))
        return;
    struct search fresh;
    init(&fresh);
    for (uint32_t i = 0; i < x->n_docs; i++)
        if (!x->docs[i].is_gone)
            copy_doc(&fresh, x, &x->docs[i]);
    release(x);
    *x = fresh;
}

/* --- what others see --- */

void search_put(struct search *x, const struct search_doc *d)
{
    struct collecting c = {.dictionary = &x->dictionary};
    words_of_doc(&c, d);
    put_words(x, d->id, d->created_us, d->updated_us, &c);
    renew(x);
}

void search_drop(struct search *x, const uint8_t id[IDENT_SIZE])
{
    uint32_t *slot = id_slot(x, id);
    if (!*slot || x->docs[*slot - 1].is_gone)
        return;
    uint32_t doc = *slot - 1;
    struct doc *d = &x->docs[doc];
    change(x, doc, NULL, 0);
    keep_words(x, d, NULL, 0);
    d->is_gone = true;
    x->n_gone++;
    renew(x);
}

size_t search_count(const struct search *x)
{
    return x->n_docs - x->n_gone;
}

size_t search_bytes(const struct search *x)
{
    return sizeof *x + dictionary_bytes(&x->dictionary) + x->docs_room * sizeof *x->docs +
           (x->n_ids + x->lists_room + x->marks_room) * sizeof(uint32_t) + x->seen_room * sizeof(uint64_t);
}
