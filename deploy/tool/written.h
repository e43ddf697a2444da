/* What a customer is written, as a person reads it. */
#ifndef BATON_TOOL_WRITTEN_H
#define BATON_TOOL_WRITTEN_H

#include "baton/v1/leads.pb-c.h"
#include "tool/tool.h"

/* From, to, subject and the lines of the body. */
void written_print(struct tool *t, const Baton__LeadAcknowledged *e, struct arena *a);

#endif
