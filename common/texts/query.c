/* What is typed, as expressions of FTS5. */
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "texts/internal.h"

enum { LETTERS_LEAST = 3 };

/* A word as it is typed, or what stands in quotation marks. */
struct typed {
    const char *text;
    size_t size;
    bool is_quoted;
    size_t n;          /* of its words */
    bool is_beginning; /* the last of them may be the beginning of another */
};

static bool is_space(const char *text, size_t size, size_t *at)
{
    UChar32 c;
    U8_NEXT((const uint8_t *)text, *at, size, c);
    return c > 0 && u_isUWhiteSpace(c);
}

/* False: there is no more. */
static bool next(const char **text, struct typed *t)
{
    const char *s = *text;
    size_t size = strlen(s), at = 0, from = 0;
    while (from < size && is_space(s, size, &at))
        from = at;
    if (from == size)
        return false;
    *t = (struct typed){.text = s + from, .is_quoted = s[from] == '"'};
    if (t->is_quoted) {
        const char *end = strchr(++t->text, '"');
        t->size = end ? (size_t)(end - t->text) : strlen(t->text);
        *text = t->text + t->size + (end != NULL);
        return true;
    }
    size_t to = at = from;
    while (to < size && s[to] != '"' && !is_space(s, size, &at))
        to = at;
    t->size = to - from;
    *text = s + to;
    return true;
}

/* 1: of letters, three are a beginning; of scripts without spaces, one character is */
static int look(void *arg, const struct token *t)
{
    struct typed *typed = arg;
    typed->n++;
    typed->is_beginning = !typed->is_quoted && (t->is_run ? t->n == 1 : t->n >= LETTERS_LEAST);
    return 0;
}

/* 2: what FTS5 would take for more than text is text */
static const char *expression(const struct typed *t, struct arena *a)
{
    char *out = arena_alloc(a, 2 * t->size + sizeof "\"\" *"), *p = out;
    *p++ = '"';
    for (size_t i = 0; i < t->size; i++) {
        if (t->text[i] == '"')
            *p++ = '"';
        *p++ = t->text[i];
    }
    memcpy(p, t->is_beginning ? "\" *" : "\"", t->is_beginning ? 4 : 2);
    return out;
}

static const char *joined(const struct query *q, const char *between, struct arena *a)
{
    const char *all = q->words[0];
    for (size_t i = 1; i < q->n; i++)
        all = arena_printf(a, "%s %s %s", all, between, q->words[i]);
    return all;
}

bool query_read(const char *typed, struct arena *a, struct query *q)
{
    struct typed t;
    q->n = 0;
    while (q->n < TEXTS_WORDS_MAX && next(&typed, &t)) {
        (void)tokens_of(t.text, t.size, true, look, &t); /* it ends nothing */
        if (t.n)
            q->words[q->n++] = expression(&t, a);
    }
    if (!q->n)
        return false;
    q->all = joined(q, "AND", a);
    q->any = joined(q, "OR", a);
    return true;
}
