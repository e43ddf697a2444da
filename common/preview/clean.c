/* What a text may not hold, whoever wrote it. */
#include "preview/clean.h"

#include <unicode/utf8.h>

/* Control characters, and those by which a text shows itself as another one. */
static bool is_dropped(UChar32 c)
{
    static const struct {
        UChar32 from, to;
    } rows[] = {
        {0x00, 0x08},     {0x0b, 0x0b},     {0x0e, 0x1f},     {0x7f, 0x9f},
        {0x202a, 0x202e}, {0x2066, 0x2069}, {0xfeff, 0xfeff},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (c >= rows[i].from && c <= rows[i].to)
            return true;
    return false;
}

bool clean_text(struct buffer *out, const char *text, size_t size, size_t max)
{
    size_t begin = out->size;
    for (size_t at = 0; at < size;) {
        UChar32 c;
        char bytes[U8_MAX_LENGTH];
        size_t n = 0;
        U8_NEXT_OR_FFFD(text, at, size, c);
        if (c == '\r')
            c = at < size && text[at] == '\n' ? 0 : '\n';
        if (is_dropped(c))
            continue;
        U8_APPEND_UNSAFE(bytes, n, c);
        if (out->size - begin + n > max || !buffer_add(out, bytes, n))
            return false;
    }
    return true;
}
