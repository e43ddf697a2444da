/* What happens to a lead while nobody answers it, level by level: a check for whoever takes such levels in.
 */
#ifndef BATON_SCHEMA_LEVELS_H
#define BATON_SCHEMA_LEVELS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/refusal.h"
#include "baton/v1/common.pb-c.h"

/* False: `no` says which of them is wrong, its field being `field` and the number of the level. */
bool deadline_levels_check(Baton__DeadlineLevel *const *levels, size_t n, const char *field,
                           struct refusal *no);

#endif
