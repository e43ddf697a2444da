/* What a process says of itself when it is asked how it is. */
#ifndef BATON_BUS_STATUS_H
#define BATON_BUS_STATUS_H

#include "baton/v1/system.pb-c.h"
#include "bus/follow.h"

/* How far it has read, in the arena. */
Baton__FollowStatus *status_follow(const struct follow *f, struct arena *a);
/* Memory the process has; 0: the system does not say. */
uint64_t status_resident_bytes(void);

#endif
