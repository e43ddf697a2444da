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

char *country_fold(struct arena *a, const char *s)
{
    const char *words = text_words(a, s);
    const struct row *found =
        words ? bsearch(words, rows, sizeof rows / sizeof *rows, sizeof *rows, by_text) : NULL;
    return found ? arena_strdup(a, found->code) : text_fold_place(a, s);
}
