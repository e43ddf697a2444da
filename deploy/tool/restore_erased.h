/* Who was erased after a backup was made, as far as the log says that a restore has replaced. */
#ifndef BATON_TOOL_RESTORE_ERASED_H
#define BATON_TOOL_RESTORE_ERASED_H

#include <stdbool.h>
#include <stdio.h>

#include "base/bytes.h"

enum { ERASED_ID_SIZE = 37, ERASED_MAX = 10000 };

struct erased_since {
    char (*ids)[ERASED_ID_SIZE]; /* of contacts; to be freed */
    unsigned n;                  /* at most ERASED_MAX */
    bool unknown;                /* the log could not be read to its end; there may be more */
};

/* `replaced` and `restored` are folders of contacts' store. Looks in a process of its own: what was replaced
   may be damaged. */
void erased_since_load(const char *replaced, const char *restored, struct erased_since *out);
/* Whom and what to do; nothing if there is nobody. */
void erased_since_print(const struct erased_since *e, FILE *out);
/* As members that go on in an object. */
void erased_since_json(const struct erased_since *e, struct buffer *out);

#endif
