/* Countries by name: a search in the table made by country_make.c. */
#include "base/country.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"

const char *country_of(const char *name, struct arena *a)
{
    const char *text = name ? text_words(a, name) : NULL;
    uint32_t from = 0, to = text ? country_count : 0;
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        const char *row = country_names + country_offsets[middle];
        int way = strcmp(text, row);
        if (way == 0)
            return row + strlen(row) + 1;
        if (way < 0)
            to = middle;
        else
            from = middle + 1;
    }
    return NULL;
}

const char *country_of_locale(const char *tag, struct arena *a)
{
    enum { CODE = 2 };
    for (const char *part = tag; part; part = strchr(part, '-')) {
        part += *part == '-';
        size_t n = strcspn(part, "-");
        if (part > tag && n == 1) /* what follows is an extension */
            return NULL;
        if (part > tag && n == CODE)
            return country_of(arena_strndup(a, part, n), a);
    }
    return NULL;
}
