/* Which rows of a list are the same as an earlier one: for a preview, of which nothing is kept anywhere else.
 */
#ifndef BATON_TOOL_LIST_SEEN_H
#define BATON_TOOL_LIST_SEEN_H

#include "base/arena.h"
#include "baton/v1/contact_lists.pb-c.h"

struct list_seen;

/* For so many rows, in the arena. */
struct list_seen *list_seen_new(size_t rows, struct arena *a);
/* By what the row is the same as one that was added, as an import would know it: "external_id", "email",
   "phone" (of somebody of the same name), "name" (of an account); NULL: it is not, and is added. */
const char *list_seen_add(struct list_seen *s, const Baton__ImportRow *row, const char *country);

#endif
