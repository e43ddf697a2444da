/* A few lines around what was found. */
#include <string.h>

#include "base/text.h"
#include "texts/internal.h"

enum { BEFORE_BYTES = 80 };

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

static bool is_inside(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80;
}

/* 1: it begins with a word, or at least with a whole character */
static const char *begin_of(const char *text, const char *mark)
{
    const char *from = mark - text > BEFORE_BYTES ? mark - BEFORE_BYTES : text;
    if (from == text)
        return from;
    for (const char *p = from; p < mark; p++)
        if (is_space(*p))
            return p + 1;
    while (is_inside(*from))
        from++;
    return from;
}

/* 2: it ends after a whole character, and before a word where one ends near */
static size_t clip(const char *text, size_t n)
{
    enum { NEAR = 40 };
    if (n < TEXTS_SNIPPET_BYTES)
        return n;
    n = text_clip(text, TEXTS_SNIPPET_BYTES);
    for (size_t i = n; i > n - NEAR; i--)
        if (text[i - 1] == ' ')
            return i - 1;
    return n;
}

/* 3: white space is one space; marks are where they are without their signs */
static size_t copy(const char *from, struct texts_snippet *out)
{
    enum { MORE = 8 }; /* so that whatever is cut shows it */
    size_t n = 0;
    const struct texts_mark none = {0};
    struct texts_mark mark = none;
    bool is_open = false;
    for (const char *p = from; *p && n < TEXTS_SNIPPET_BYTES + MORE; p++) {
        if (*p == MARK_BEGIN) {
            is_open = true;
            mark.at = (uint32_t)n;
        } else if (*p == MARK_END) {
            mark.size = (uint32_t)n - mark.at;
            if (is_open && out->n_marks < TEXTS_MARKS_MAX)
                out->marks[out->n_marks++] = mark;
            is_open = false;
        } else if (!is_space(*p)) {
            out->text[n++] = *p;
        } else if (n && out->text[n - 1] != ' ') {
            out->text[n++] = ' ';
        }
    }
    if (is_open && out->n_marks < TEXTS_MARKS_MAX) /* of what is cut inside of it the beginning */
        out->marks[out->n_marks++] = (struct texts_mark){mark.at, (uint32_t)n - mark.at};
    return n;
}

bool snippet_of(const char *text, uint32_t page, struct arena *a, struct texts_snippet *out)
{
    enum { ROOM = TEXTS_SNIPPET_BYTES + 16 };
    const char *mark = strchr(text, MARK_BEGIN);
    if (!mark)
        return false;
    *out = (struct texts_snippet){.text = arena_alloc(a, ROOM), .page = page};
    size_t n = clip(out->text, copy(begin_of(text, mark), out));
    while (n && out->text[n - 1] == ' ')
        n--;
    out->text[n] = '\0';
    size_t kept = 0;
    for (size_t i = 0; i < out->n_marks; i++) {
        struct texts_mark m = out->marks[i];
        if (m.at >= n)
            break;
        m.size = m.at + m.size > n ? (uint32_t)n - m.at : m.size;
        out->marks[kept++] = m;
    }
    out->n_marks = kept;
    return kept > 0;
}
