/* What the commands about opportunities share. */
#ifndef BATON_TOOL_OPPORTUNITY_H
#define BATON_TOOL_OPPORTUNITY_H

#include "baton/v1/opportunities.pb-c.h"
#include "tool/tool.h"

/* "1234.50 EUR"; "" for NULL. */
const char *opportunity_amount(const Baton__Money *m, struct arena *a);
/* An answer whose first field is an opportunity: where it is now. */
void opportunity_print_moved(struct tool *t, const void *answer, struct arena *a);

#endif
