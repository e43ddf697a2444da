/* A letter as mail servers take it: RFC 5322 and MIME, in ASCII. Whatever stands in its fields, it has the
   headers below and no others. */
#ifndef BATON_NOTIFICATIONS_LETTER_H
#define BATON_NOTIFICATIONS_LETTER_H

#include "base/arena.h"
#include "base/bytes.h"

struct letter {
    const char *id; /* for Message-ID; the same letter has the same again */
    int64_t time_us;
    const char *from_address, *from_name; /* names and reply_to may be NULL */
    const char *to_address, *to_name;
    const char *reply_to;
    const char *subject, *text;
};

/* Addresses must be ones that letter_is_address takes. */
struct bytes letter_write(const struct letter *l, struct arena *a);

/* What can stand in an envelope and between < and >: no spaces, no brackets, nothing but ASCII. */
bool letter_is_address(const char *text);

#endif
