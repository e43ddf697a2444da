/* A decision about a lead, as text. */
#ifndef BATON_TOOL_LEAD_EXPLAIN_H
#define BATON_TOOL_LEAD_EXPLAIN_H

#include "base/arena.h"
#include "baton/v1/leads.pb-c.h"
#include "tool/tool.h"

/* One sentence, the rules that were asked, and what was said of each candidate. */
void lead_explain_decision(struct tool *t, const Baton__DecisionExplanation *e, struct arena *a);

/* The same below a heading of when and by which policy, where it was made. */
void lead_explain_made(struct tool *t, const Baton__DecisionExplanation *e, struct arena *a);

#endif
