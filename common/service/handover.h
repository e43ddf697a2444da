/* What a service with owned plain records adds to its tables so that they change hands when somebody leaves:
   a table of Handover named "handover", and one row each of follows (UserLeft), timers and applies. */
#ifndef BATON_SERVICE_HANDOVER_H
#define BATON_SERVICE_HANDOVER_H

#include "baton/v1/directory.pb-c.h"
#include "schema/handover.h"
#include "service/service.h"

/* Some records of the leaver, from every record type of the service that has an indexed owner_id. */
load_fn handover_load;
apply_fn handover_apply;
/* Who holds what comes in for this user: the user, or the successor of one who has left. NULL stays NULL. */
const char *handover_owner(struct load *l, const char *user_id);

#endif
