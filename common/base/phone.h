/* Telephone numbers as they are compared: digits with the country's code (ITU-T E.164), as far as it is
 * known.
 */
#ifndef BATON_BASE_PHONE_H
#define BATON_BASE_PHONE_H

#include <stdbool.h>

struct arena;

/* Digits after the international prefix, or, where none was dialled and no country is known, without the
   leading zero of national numbers. */
struct phone {
    const char *digits; /* NULL: none */
    bool international;
};

/* "886223456789" where the country is known (its code or name, NULL: not known) or was dialled; else the
   national digits. A number that nobody has (000000, 123456) is none. */
struct phone phone_of(const char *text, const char *country, struct arena *a);

enum { PHONE_TAIL = 8 };

/* Its last PHONE_TAIL digits: a national and an international number end alike. NULL stays NULL. */
const char *phone_tail(const char *digits);

/* The same number; where one of them has no country, as far as they go. */
bool phone_same(const struct phone *a, const struct phone *b);

#endif
