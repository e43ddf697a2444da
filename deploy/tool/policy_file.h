/* A policy as a JSON file, and the leads store it is held against. */
#ifndef BATON_TOOL_POLICY_FILE_H
#define BATON_TOOL_POLICY_FILE_H

#include "baton/v1/leads.pb-c.h"
#include "store/store.h"
#include "tool/tool.h"

/* {"rules": [...]} as `baton policy show --json` writes it. "-" reads standard input. NULL: said on standard
   error. */
Baton__Policy *policy_file_read(const char *path, struct arena *a);
/* Whether it could be published, by the pools there are; if not, says why. */
bool policy_file_check(const Baton__Policy *policy, struct txn *rows, struct arena *a);
/* The store of leads in the data folder or backup, to look at; NULL: said. */
struct store *policy_store_open(const struct tool *t);

#endif
