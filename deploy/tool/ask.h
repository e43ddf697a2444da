/* A command that is one call: asked, and its answer shown. */
#ifndef BATON_TOOL_ASK_H
#define BATON_TOOL_ASK_H

#include "tool/session.h"

/* session_ask as the whole of a session. Returns the command's exit code; what was refused or not reached is
   told on standard error. */
int tool_ask(struct tool *t, const char *method, const void *request, ask_print_fn *print);

#endif
