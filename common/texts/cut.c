/* Cutting a text into pieces. */
#include <string.h>

#include "base/text.h"
#include "texts/internal.h"

/* 1: a piece ends where its page does, or a line, or a word, or at least a character */
size_t piece_of(const char *text, size_t size)
{
    const char *page = memchr(text, '\f', size < PIECE_BYTES ? size : PIECE_BYTES);
    if (page)
        return (size_t)(page - text);
    if (size <= PIECE_BYTES)
        return size;
    for (size_t i = PIECE_BYTES; i > PIECE_BYTES / 2; i--)
        if (text[i - 1] == '\n')
            return i;
    for (size_t i = PIECE_BYTES; i > PIECE_BYTES / 2; i--)
        if (text[i - 1] == ' ')
            return i;
    return text_clip(text, PIECE_BYTES);
}
