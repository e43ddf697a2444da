/* Telephone numbers: what was typed as the digits that are dialled from anywhere (ITU-T E.164). */
#ifndef BATON_BASE_PHONE_H
#define BATON_BASE_PHONE_H

#include <stdbool.h>

struct arena;

/* A number with all that is known of it: digits after the international prefix, or, where none was dialled
   and no country is known, without the leading zero of national numbers. */
struct phone {
    const char *digits; /* NULL: none */
    bool international;
};

/* "886223456789" where the country (a name or code, NULL: unknown) is known or was dialled; else the national
   digits. A number that nobody has (000000, 123456) is none. In the arena. */
struct phone phone_of(const char *text, const char *country, struct arena *a);

enum { PHONE_TAIL = 8 };

/* Its last PHONE_TAIL digits: a national and an international number end alike. NULL stays NULL. */
const char *phone_tail(const char *digits);

/* The same number; where one of them has no country, as far as they go. */
bool phone_same(const struct phone *a, const struct phone *b);
/* Stricter, for where nobody is asked: where one lacks the country, nine digits at least end alike. */
bool phone_surely_same(const struct phone *a, const struct phone *b);
/* "+886223456789"; NULL: it is no number, its country is not known, or it has too few or too many digits
   (E.164 allows 15). In the arena. */
char *phone_e164(const char *text, const char *country, struct arena *a);

#endif
