/* Text: UTF-8 checks and the little normalisation that comparing needs. ICU does the work. */
#ifndef BATON_BASE_TEXT_H
#define BATON_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Well-formed UTF-8 (RFC 3629) without NUL. */
bool text_valid(const char *s, size_t n);
bool text_is_ascii(const char *s, size_t n);

/* Without white space (Unicode's) at both ends; NULL if nothing is left, s is NULL or the arena is full. */
char *text_trim(struct arena *a, const char *s);

/* For showing: Unicode's composed form (NFC), trimmed, inner white space runs as one space, letters and
   digits of full width as those of ASCII; what is above and below letters, brackets and case stay. NULL as
   above. */
char *text_tidy(struct arena *a, const char *s);

/* NFKC_Casefold (which also drops what cannot be seen), trimmed, inner white space runs as one space: for
   comparing, never for showing. NULL as above. */
char *text_fold(struct arena *a, const char *s);

/* text_fold for names of places, where the two forms of the first character of Taipei are one (U+81FA becomes
   U+53F0). NULL as above. */
char *text_fold_place(struct arena *a, const char *s);
/* text_fold for postal codes: without spaces and hyphens, too. NULL as above. */
char *text_fold_postcode(struct arena *a, const char *s);

/* text_fold_place with nothing but letters and digits: apostrophes and dots go, whatever else stands between
   two words is one space. NULL as above. */
char *text_words(struct arena *a, const char *s);

/* Longest prefix of at most `max` bytes that ends between characters. */
size_t text_clip(const char *s, size_t max);

/* Could be delivered: one @, something before it, a dot after it, no spaces. Not proof of anything. */
bool text_is_email(const char *s);
/* At least 6 digits and nothing but digits, spaces and + - ( ) . / x. */
bool text_is_phone(const char *s);

#endif
