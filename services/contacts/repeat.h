/* What repeats, and when: RRULE, RDATE and EXDATE of RFC 5545 in local time. libical counts; it is loaded
   with the first rule (slow_load.c), for it stands on libraries that nobody needs who repeats nothing. */
#ifndef BATON_CONTACTS_REPEAT_H
#define BATON_CONTACTS_REPEAT_H

#include <stddef.h>

#include "base/civil.h"

enum {
    REPEAT_WHY = 160,
    REPEAT_COUNT_MAX = 1000, /* times a rule may say */
    REPEAT_STEPS_MAX = 4000, /* looked at for one question; later ones are cut off */
    REPEAT_EMPTY_YEARS = 8,  /* so long a rule may find nothing: leap days of centuries are further apart */
};

struct repeat {
    struct civil start;
    bool is_date;
    const char *rule; /* without "RRULE:"; NULL: none */
    const char *zone; /* IANA name, for an end that the rule gives in UTC */
    const struct civil *besides, *without;
    size_t n_besides, n_without;
    size_t *budget; /* steps that are left for several questions together; NULL: this one has its own */
};

/* Whether the rule can be followed; if not, `why` says what is wrong for a person to read. */
bool contacts_repeat_check(const struct repeat *r, char why[REPEAT_WHY]);

/* The starts from `from` (inclusive) until `until` (exclusive), in order, each once, at most `room`: how
 *many. cut: there may be more that were not looked at. */
size_t contacts_repeat_list(const struct repeat *r, const struct civil *from, const struct civil *until,
                            struct civil *out, size_t room, bool *cut);

#endif
