/* The countries of the world, as ICU names and sorts them. */
#include <stdlib.h>
#include <string.h>
#include <unicode/ucol.h>
#include <unicode/uloc.h>
#include <unicode/ustring.h>

#include "form_country.h"

static bool name_of(const char *code, const char *language, char out[FORM_COUNTRY_SIZE],
                    UChar units[FORM_COUNTRY_UNITS])
{
    char place[8] = "und_";
    UErrorCode status = U_ZERO_ERROR;
    memcpy(place + 4, code, 3);
    int32_t n = uloc_getDisplayCountry(place, language, units, FORM_COUNTRY_UNITS, &status);
    (void)u_strToUTF8(out, FORM_COUNTRY_SIZE, NULL, units, n < FORM_COUNTRY_UNITS ? n : 0,
                      &status); /* status says so */
    return U_SUCCESS(status) && n > 0 && n < FORM_COUNTRY_UNITS;
}

static int by_key(const void *a, const void *b)
{
    return strcmp((const char *)((const struct form_country *)a)->key,
                  (const char *)((const struct form_country *)b)->key);
}

size_t form_countries(const char *language, struct form_country out[FORM_COUNTRIES_MAX])
{
    UErrorCode status = U_ZERO_ERROR;
    UCollator *order = ucol_open(language, &status);
    UChar units[FORM_COUNTRY_UNITS];
    size_t n = 0;
    for (const char *const *code = uloc_getISOCountries(); *code && n < FORM_COUNTRIES_MAX; code++) {
        struct form_country *c = &out[n];
        if (strlen(*code) != 2 || !name_of(*code, "en", c->value, units) ||
            !name_of(*code, language, c->name, units))
            continue;
        c->key[0] = '\0';
        if (U_SUCCESS(status))
            (void)ucol_getSortKey(order, units, -1, c->key, FORM_COUNTRY_KEY); /* cut off is good enough */
        c->key[FORM_COUNTRY_KEY - 1] = '\0';
        n++;
    }
    if (U_SUCCESS(status))
        ucol_close(order);
    qsort(out, n, sizeof *out, by_key);
    return n;
}
