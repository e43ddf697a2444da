/* Levels of a deadline come later and later, and passing on ends them. */
#include "schema/levels.h"

#include <stdio.h>

enum { FIELD_MAX = 128 };

bool deadline_levels_check(Baton__DeadlineLevel *const *levels, size_t n, const char *field,
                           struct refusal *no)
{
    for (size_t i = 0; i < n; i++) {
        const Baton__DeadlineLevel *l = levels[i];
        char at[FIELD_MAX];
        (void)snprintf(at, sizeof at, "%s[%zu]", field, i); /* FIELD_MAX holds every path there is */
        /* 1: each does something */
        if (l->action == BATON__DEADLINE_ACTION__DEADLINE_ACTION_UNSPECIFIED)
            return refuse(no, REFUSAL_INVALID_ARGUMENT, at, "reminds, escalates or passes on");
        /* 2: each comes later than the one before */
        if (i && l->after_minutes <= levels[i - 1]->after_minutes)
            return refuse(no, REFUSAL_INVALID_ARGUMENT, at, "must come later than the level before");
        /* 3: once passed on, nothing follows */
        if (l->action == BATON__DEADLINE_ACTION__DEADLINE_ACTION_PASS_ON && i + 1 < n)
            return refuse(no, REFUSAL_INVALID_ARGUMENT, at,
                          "passes the lead on, so it must be the last level");
    }
    return true;
}
