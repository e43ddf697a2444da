/* How the mailboxes of a deployment are, as `baton mailbox list` and `baton status` show it. */
#ifndef BATON_TOOL_MAILBOX_H
#define BATON_TOOL_MAILBOX_H

#include "baton/v1/mailbox.pb-c.h"
#include "tool/tool.h"

void mailbox_print(struct tool *t, const Baton__Mailboxes *all, struct arena *a);

#endif
