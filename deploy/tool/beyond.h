/* Records that stem from what a followed service no longer has, because it was restored from an older backup
   or set up anew and its follower has rejoined it. */
#ifndef BATON_TOOL_BEYOND_H
#define BATON_TOOL_BEYOND_H

#include "baton/v1/system.pb-c.h"
#include "store/log.h"

/* How many there are before the record `seq` of the follower's log, in which it rejoined. The log has been
   checked, or a damaged record ends the process. */
uint64_t beyond_count(struct txn *t, uint64_t seq, const Baton__FollowRejoined *e);
/* Where the follower's log says that it rejoined `service` last, in the arena; NULL: nowhere. */
const Baton__FollowRejoined *beyond_last(struct txn *t, uint64_t head, const char *service, struct arena *a,
                                         uint64_t *seq);

#endif
