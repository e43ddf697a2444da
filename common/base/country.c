/* Which country is meant, by a table that is made of ICU's names while Baton is built. */
#include "base/country.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

/* No pointers: a table that needs no relocation is no memory of a process until it is looked at. */
struct row {
    uint32_t at; /* in `texts`; rows are in the order of their texts */
    char code[3];
};

#include "names/countries.inc"

static int by_text(const void *wanted, const void *row)
{
    return strcmp(wanted, texts + ((const struct row *)row)->at);
}

static const struct row *found(struct arena *a, const char *s)
{
    const char *words = s ? text_words(a, s) : NULL;
    return words ? bsearch(words, rows, sizeof rows / sizeof *rows, sizeof *rows, by_text) : NULL;
}

char *country_fold(struct arena *a, const char *s)
{
    const struct row *row = found(a, s);
    return row ? arena_strdup(a, row->code) : text_fold_place(a, s);
}

char *country_of(const char *name, struct arena *a)
{
    const struct row *row = found(a, name);
    return row ? arena_printf(a, "%c%c", row->code[0] - 'a' + 'A', row->code[1] - 'a' + 'A') : NULL;
}

char *country_of_locale(const char *tag, struct arena *a)
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
