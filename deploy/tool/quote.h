/* Quotes in the tool: which one is meant, and how one is shown. */
#ifndef BATON_TOOL_QUOTE_H
#define BATON_TOOL_QUOTE_H

#include "baton/v1/record.pb-c.h"
#include "tool/records.h"
#include "tool/session.h"

/* By its id, or by its number (12, Q-00012): the newest version. NULL: s->no says that there is none. */
const Baton__Quote *quote_named(struct session *s, const char *name);

/* An answer of QuoteService whose first field is the quote: as its page. (quote_show.c) */
void quote_print(struct tool *t, const void *answer, struct arena *a);

#endif
