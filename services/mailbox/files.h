/* What the deployment's folder has about mailboxes: which are watched (mailboxes.json, readable by its owner
   alone: it holds passwords) and how each is (mailbox/NAME.json). Each is written whole or not at all. */
#ifndef BATON_MAILBOX_FILES_H
#define BATON_MAILBOX_FILES_H

#include "base/arena.h"
#include "base/refusal.h"
#include "baton/v1/mailbox.pb-c.h"

enum { MAILBOXES_MAX = 8 };
#define MAILBOXES_FILE "mailboxes.json"

/* An empty list where there is no file. NULL: `no`. */
Baton__Mailboxes *mailboxes_read(const char *data_dir, struct arena *a, struct refusal *no);
bool mailboxes_write(const char *data_dir, const Baton__Mailboxes *all, struct refusal *no);
/* Whether it can be watched as it says. */
bool mailbox_check(const Baton__Mailbox *m, struct refusal *no);

/* The folder it watches, INBOX where none is named. */
const char *mailbox_folder(const Baton__Mailbox *m);
/* A fresh one where there is none, or where what is there is of another server, user or folder. */
Baton__MailboxState *mailbox_state_read(const char *data_dir, const Baton__Mailbox *m, struct arena *a);
bool mailbox_state_write(const char *data_dir, const Baton__Mailbox *m, const Baton__MailboxState *s);

/* One process watches; held until it ends. False: logged. */
bool mailbox_lock(const char *data_dir);
bool mailbox_is_watched(const char *data_dir);

#endif
