/* Finding records, once more by looking at all of them one by one: random records that come, change and go,
   and random queries. BATON_TEST_SEEDS: how many seeds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/text.h"
#include "unit/search_bench.h"

enum { DOCS = 200, STEPS = 20, ASKED = 12, OWNERS = 5 };

struct seeds {
    uint64_t x;
};

static uint32_t draw(struct seeds *s, uint32_t below)
{
    s->x = s->x * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(s->x >> 33) % below;
}

struct record {
    bool is_there;
    char text[200], phone[32], owner[8];
    int64_t at_us;
};

struct brute {
    struct word_text words[SEARCH_DOC_WORDS];
    size_t n;
};

static void brute_word(void *arg, const struct word_text *w)
{
    struct brute *b = arg;
    for (size_t i = 0; i < b->n; i++)
        if (strcmp(b->words[i].bytes, w->bytes) == 0)
            return;
    if (b->n < SEARCH_DOC_WORDS)
        b->words[b->n++] = *w;
}

/* By its definition: no table, no bound. */
static unsigned edits(const uint32_t *a, size_t n, const uint32_t *b, size_t m, unsigned left)
{
    if (!n || !m)
        return (unsigned)(n + m);
    if (a[0] == b[0])
        return edits(a + 1, n - 1, b + 1, m - 1, left);
    if (!left)
        return 100;
    unsigned drop = edits(a + 1, n - 1, b, m, left - 1), add = edits(a, n, b + 1, m - 1, left - 1);
    unsigned set = edits(a + 1, n - 1, b + 1, m - 1, left - 1), swap = 100;
    if (n > 1 && m > 1 && a[0] == b[1] && a[1] == b[0])
        swap = edits(a + 2, n - 2, b + 2, m - 2, left - 1);
    unsigned least = drop < add ? drop : add;
    least = least < set ? least : set;
    return (least < swap ? least : swap) + 1;
}

static unsigned brute_quality(const struct word_text *typed, const struct word_text *other, bool last,
                              const struct word_text *w)
{
    const char *at = strstr(w->bytes, typed->bytes);
    if (strcmp(w->bytes, typed->bytes) == 0 || (other->n && strcmp(w->bytes, other->bytes) == 0))
        return 4;
    if (at == w->bytes && w->kind == typed->kind)
        return 3;
    if (other->n && w->kind == WORD_DIGITS && strncmp(w->bytes, other->bytes, other->size) == 0)
        return 3;
    size_t from = typed->kind == WORD_HAN ? 1 : typed->kind == WORD_DIGITS ? 4 : 3;
    if (at && w->kind == typed->kind && typed->n >= from)
        return 2;
    if (strpbrk(typed->bytes, "0123456789") || strpbrk(w->bytes, "0123456789"))
        return 0;
    unsigned most = typed->kind != WORD_LETTERS || typed->n < 5 ? 0 : typed->n < 9 ? 1 : 2;
    if (!most || w->kind != WORD_LETTERS || w->n < 4)
        return 0;
    if (edits(typed->chars, typed->n, w->chars, w->n, most) <= most)
        return 1;
    for (size_t n = 1; last && n < w->n; n++)
        if (edits(typed->chars, typed->n, w->chars, n, most) <= most)
            return 1;
    return 0;
}

struct brute_hit {
    uint32_t n;
    unsigned words, typos, quality;
};

static int brute_order(const void *a, const void *b)
{
    const struct brute_hit *x = a, *y = b;
    if (x->words != y->words)
        return x->words > y->words ? -1 : 1;
    if (x->typos != y->typos)
        return x->typos < y->typos ? -1 : 1;
    if (x->quality != y->quality)
        return x->quality > y->quality ? -1 : 1;
    return x->n > y->n ? -1 : 1;
}

static struct brute_hit brute_one(const struct record *r, uint32_t n, const struct brute *typed,
                                  const struct word_text *other)
{
    struct brute has = {.n = 0};
    struct word_text phone;
    struct brute_hit hit = {.n = n};
    words_of(r->text, brute_word, &has);
    if (word_of_phone(r->phone, &phone))
        brute_word(&has, &phone);
    for (size_t i = 0; i < typed->n && i < SEARCH_QUERY_WORDS; i++) {
        unsigned best = 0;
        for (size_t k = 0; k < has.n; k++) {
            unsigned q = brute_quality(&typed->words[i], other, i + 1 == typed->n, &has.words[k]);
            best = q > best ? q : best;
        }
        hit.words += best > 0;
        hit.typos += best == 1;
        hit.quality += best;
    }
    return hit;
}

static size_t brute_find(const struct record *all, const char *text, const char *owner, int64_t from_us,
                         struct brute_hit *hits)
{
    struct brute typed = {.n = 0};
    struct word_text other = {.n = 0};
    size_t n = 0;
    if (is_phone_typed(text)) {
        struct word_text w;
        if (word_of_phone(text, &w))
            brute_word(&typed, &w);
        word_without_country(text, &other);
    } else {
        words_of(text, brute_word, &typed);
    }
    for (uint32_t i = 0; i < DOCS; i++) {
        if (!all[i].is_there || (owner && strcmp(all[i].owner, owner) != 0) || all[i].at_us < from_us)
            continue;
        struct brute_hit hit = brute_one(&all[i], i, &typed, &other);
        if (hit.words || !text[strspn(text, " ")])
            hits[n++] = hit;
    }
    qsort(hits, n, sizeof *hits, brute_order);
    size_t most = 0;
    while (most < n && hits[most].words == hits[0].words)
        most++;
    return most;
}

static const char *const syllables[] = {"an", "na", "lin", "ber", "gen", "mor", "é",  "ß",  "ø", "son", "a",
                                        "王", "小", "明",  "林",  "o'",  "12",  "49", "89", "Ч", "ай",  "م"};
enum { SYLLABLES = sizeof syllables / sizeof *syllables };

static void draw_text(struct seeds *s, char *out, size_t size, unsigned words)
{
    size_t used = 0;
    out[0] = '\0';
    for (unsigned w = 0; w < words; w++) {
        for (unsigned i = 1 + draw(s, 4); i > 0; i--)
            used += (size_t)snprintf(out + used, size - used, "%s", syllables[draw(s, SYLLABLES)]);
        used +=
            (size_t)snprintf(out + used, size - used, "%s", w + 1 < words ? (draw(s, 4) ? " " : ".") : "");
    }
}

static void draw_phone(struct seeds *s, char out[32])
{
    static const char *const begin[] = {"+49 ", "0", "0049", "+1 ", "", "+886 "};
    (void)snprintf(out, 32, "%s%u%s%u", begin[draw(s, 6)], 80 + draw(s, 12), draw(s, 2) ? " " : "/",
                   1000 + draw(s, 9000));
}

static void draw_record(struct seeds *s, struct search *x, struct record *all)
{
    uint32_t n = draw(s, DOCS);
    struct record *r = &all[n];
    uint8_t id[IDENT_SIZE];
    id_of(id, n);
    if (r->is_there && !draw(s, 3)) {
        r->is_there = false;
        search_drop(x, id);
        return;
    }
    /* a record keeps its place, and the first time is in the order of their numbers */
    r->is_there = true;
    draw_text(s, r->text, sizeof r->text, 1 + draw(s, 4));
    draw_phone(s, r->phone);
    (void)snprintf(r->owner, sizeof r->owner, "o%u", draw(s, OWNERS));
    put(x, n, r->text, r->phone, r->owner);
}

static void compare(struct search *x, const struct record *all, struct seeds *s)
{
    char text[200], owner[8];
    struct brute_hit want[DOCS];
    struct search_hit is[DOCS];
    if (draw(s, 4))
        draw_text(s, text, sizeof text, 1 + draw(s, 3));
    else
        draw_phone(s, text);
    if (draw(s, 2))
        text[text_clip(text, 1 + draw(s, 12))] = '\0';
    (void)snprintf(owner, sizeof owner, "o%u", draw(s, OWNERS + 1));
    bool filtered = draw(s, 3) == 0;
    int64_t from_us = draw(s, 4) ? 0 : draw(s, DOCS);
    const struct search_tag tag = {0, owner};
    const struct search_filter filter = {&tag, 1};
    struct search_query q = {
        .text = text, .filters = &filter, .n_filters = filtered, .most = 1 + draw(s, 30)};
    q.created.from_us = from_us;
    bool cut;
    size_t n_want = brute_find(all, text, filtered ? owner : NULL, from_us, want);
    size_t n = search_find(x, &q, is, &cut);
    bool same = n == (n_want < q.most ? n_want : q.most) && !cut;
    for (size_t i = 0; same && i < n; i++)
        same = number_of(is[i].id) == want[i].n && is[i].words == want[i].words &&
               is[i].typos == want[i].typos && is[i].quality == want[i].quality;
    if (!same) {
        print_error("\"%s\" owner %s from %lld, at most %zu: %zu found, %zu wanted\n", text,
                    filtered ? owner : "any", (long long)from_us, q.most, n, n_want);
        for (size_t i = 0; i < n || (i < n_want && i < q.most); i++)
            print_error("  is %d (%d %d %d) wanted %d (%d %d %d): %s\n",
                        i < n ? (int)number_of(is[i].id) : -1, i < n ? is[i].words : 0,
                        i < n ? is[i].typos : 0, i < n ? is[i].quality : 0, i < n_want ? (int)want[i].n : -1,
                        i < n_want ? (int)want[i].words : 0, i < n_want ? (int)want[i].typos : 0,
                        i < n_want ? (int)want[i].quality : 0, i < n_want ? all[want[i].n].text : "");
    }
    assert_true(same);
}

static void test_brute(void **state)
{
    const char *wish = getenv("BATON_TEST_SEEDS");
    unsigned long seeds = wish ? strtoul(wish, NULL, 10) : 10;
    for (uint64_t seed = 1; seed <= seeds; seed++) {
        struct seeds s = {seed * UINT64_C(0x9e3779b97f4a7c15)};
        struct record *all = calloc(DOCS, sizeof *all);
        struct search *x = search_new();
        assert_non_null(all);
        for (uint32_t i = 0; i < DOCS; i++) { /* each has its place */
            all[i].at_us = i;
            put(x, i, "x", NULL, NULL);
        }
        for (uint32_t i = 0; i < DOCS; i++) {
            uint8_t id[IDENT_SIZE];
            id_of(id, i);
            search_drop(x, id);
        }
        for (unsigned step = 0; step < STEPS; step++) {
            for (unsigned i = 0; i < DOCS / 10; i++)
                draw_record(&s, x, all);
            for (unsigned i = 0; i < ASKED; i++)
                compare(x, all, &s);
        }
        search_free(x);
        free(all);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_brute)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
