/* Which country is meant: "Germany", "Deutschland", "DEU" and "de" are one. */
#ifndef BATON_BASE_COUNTRY_H
#define BATON_BASE_COUNTRY_H

struct arena;

/* The ISO 3166-1 code in small letters ("de"), by the codes of two and three letters and the names in some
   forty languages, without regard to case, width and punctuation; else as text_fold_place has it. NULL if
   nothing is left, s is NULL or the arena is full. A name that means two countries is none. */
char *country_fold(struct arena *a, const char *s);

/* The ISO 3166-1 code in capitals ("TW"), in the arena; NULL: no country is called so, or `name` is NULL. */
char *country_of(const char *name, struct arena *a);
/* The region that a BCP 47 tag says ("zh-Hant-TW": "TW"), in the arena; NULL: it says none. */
char *country_of_locale(const char *tag, struct arena *a);

#endif
