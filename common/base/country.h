/* Countries by what people write: ISO 3166 codes, and names in the languages of country_make.c, which makes
   the table from ICU when Baton is built. */
#ifndef BATON_BASE_COUNTRY_H
#define BATON_BASE_COUNTRY_H

#include <stdint.h>

struct arena;

/* The ISO 3166-1 alpha-2 code in capitals ("TW"); NULL: no country is called so, or `name` is NULL. Lasts. */
const char *country_of(const char *name, struct arena *a);
/* The region that a BCP 47 tag says ("zh-Hant-TW": "TW"), in the arena; NULL: it says none. */
const char *country_of_locale(const char *tag, struct arena *a);

/* The table: names folded by text_words, sorted by their bytes; country_names has "name\0TW\0" for each. */
extern const char country_names[];
extern const uint32_t country_offsets[], country_count;

#endif
