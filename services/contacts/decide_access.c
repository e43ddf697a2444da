/* What was looked at becomes an event. */
#include "services/contacts/contacts.h"

bool contacts_decide_looked(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const Baton__AccessNoted *noted = facts;
    Baton__AccessNoted *e = ARENA_NEW(s->arena, Baton__AccessNoted);
    *e = *noted;
    outcome_event(out, e);
    return true;
}
