/* Telephone numbers in any spelling as the digits that are dialled (ITU-T E.164). */
#ifndef BATON_BASE_PHONE_H
#define BATON_BASE_PHONE_H

#include <stdbool.h>

struct arena;

struct phone {
    const char *digits; /* NULL: it is no number */
    bool international; /* they begin with the country's code; otherwise with what follows the trunk prefix */
};

enum { PHONE_TAIL = 8 };

/* What somebody wrote, in the arena. `country` is where they are, by its code or name; NULL: not known.
   Extensions, and numbers that are made up (all digits alike or in a row), are left out. */
struct phone phone_of(const char *s, const char *country, struct arena *a);

/* Its last PHONE_TAIL digits: a national and an international number end alike. NULL stays NULL. */
const char *phone_tail(const char *digits);

/* The same number; where one of them has no country, as far as they go. */
bool phone_same(const struct phone *a, const struct phone *b);

#endif
