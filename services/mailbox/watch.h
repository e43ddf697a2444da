/* One mailbox, watched by a thread of its own until the process ends. */
#ifndef BATON_MAILBOX_WATCH_H
#define BATON_MAILBOX_WATCH_H

#include "baton/v1/mailbox.pb-c.h"
#include "services/mailbox/post.h"

/* All of it lives as long as the process. False: there is no thread for it (logged). */
bool watch_start(const Baton__Mailbox *m, const char *data_dir, struct post *post);

#endif
