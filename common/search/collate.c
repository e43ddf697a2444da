/* Texts in the order of a language, by ICU's sort keys. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ucol.h>
#include <unicode/uloc.h>
#include <unicode/ustring.h>

#include "search/collate.h"

enum { UNITS = 512, KEY_SIZE = 256 /* of longer texts the beginnings are compared */ };

struct item {
    uint8_t key[KEY_SIZE];
    uint32_t number;
};

static int by_key(const void *a, const void *b)
{
    const struct item *x = a, *y = b;
    int order = strcmp((const char *)x->key, (const char *)y->key);
    return order ? order : x->number < y->number ? -1 : x->number > y->number;
}

static void key_of(const UCollator *c, const char *text, struct item *item)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar units[UNITS];
    int32_t n = 0;
    item->key[0] = '\0';
    (void)u_strFromUTF8WithSub(units, UNITS, &n, text, -1, 0xfffd, NULL,
                               &status);                                         /* cut off is good enough */
    (void)ucol_getSortKey(c, units, n < UNITS ? n : UNITS, item->key, KEY_SIZE); /* here too */
    item->key[KEY_SIZE - 1] = '\0';
}

bool search_collate(const char *language, const char *const *texts, size_t n, uint32_t *order)
{
    UErrorCode status = U_ZERO_ERROR;
    char locale[ULOC_FULLNAME_CAPACITY] = "";
    int32_t parsed;
    if (language && *language)
        (void)uloc_forLanguageTag(language, locale, sizeof locale, &parsed, &status); /* status says so */
    if (U_FAILURE(status))
        locale[0] = '\0';
    status = U_ZERO_ERROR;
    UCollator *c = ucol_open(*locale ? locale : "root", &status);
    struct item *items = U_SUCCESS(status) ? malloc((n ? n : 1) * sizeof *items) : NULL;
    for (size_t i = 0; items && i < n; i++) {
        items[i].number = (uint32_t)i;
        key_of(c, texts[i], &items[i]);
    }
    if (items)
        qsort(items, n, sizeof *items, by_key);
    for (size_t i = 0; items && i < n; i++)
        order[i] = items[i].number;
    if (U_SUCCESS(status))
        ucol_close(c);
    bool done = items != NULL;
    free(items);
    return done;
}
