/* Whom a command about a person means. */
#ifndef BATON_TOOL_PERSON_H
#define BATON_TOOL_PERSON_H

#include "tool/session.h"

/* The id of the contact that `word` names: an id, or an e-mail address that one contact has. NULL: s->no says
   why. */
const char *person_id(struct session *s, const char *word);

#endif
