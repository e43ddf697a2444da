/* Pieces of text, spaces and ends of lines. */
#include "reading/lines.h"

#include <string.h>

#include "base/text.h"

void lines_raw(struct lines *l, const char *text, size_t size)
{
    size_t room = l->out->limit - l->out->size;
    if (size > room) {
        l->is_full = true;
        size = text_clip(text, room);
    }
    (void)buffer_add(l->out, text, size); /* there is room */
}

static char last(const struct lines *l)
{
    return l->out->size > 0 ? (char)l->out->data[l->out->size - 1] : '\n';
}

void lines_flow(struct lines *l, const char *text, size_t size)
{
    static const char spaces[] = " \t\r\n\f";
    for (const char *end = text + size; text < end && !l->is_full;) {
        const char *from = text;
        while (text < end && memchr(spaces, *text, sizeof spaces - 1))
            text++;
        if (text > from && !memchr(spaces, last(l), sizeof spaces - 1))
            lines_raw(l, " ", 1);
        for (from = text; text < end && !memchr(spaces, *text, sizeof spaces - 1);)
            text++;
        lines_raw(l, from, (size_t)(text - from));
    }
}

void lines_end(struct lines *l)
{
    if (last(l) == ' ' || last(l) == '\t')
        l->out->size--;
    if (last(l) != '\n')
        lines_raw(l, "\n", 1);
}

void lines_column(struct lines *l)
{
    if (last(l) == ' ')
        l->out->size--;
    if (last(l) != '\n')
        lines_raw(l, "\t", 1);
}

void lines_beside(struct lines *l)
{
    if (l->out->size > 0 && (last(l) == '\n' || last(l) == ' '))
        l->out->size--;
    lines_raw(l, "\t", 1);
}
