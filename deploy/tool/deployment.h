/* What a deployment is made of: its services, who follows whom, and the files beside them. */
#ifndef BATON_TOOL_DEPLOYMENT_H
#define BATON_TOOL_DEPLOYMENT_H

#include <stdbool.h>

#include "service/service.h"

enum { DEPLOYMENT_SERVICES = 6, DEPLOYMENT_FILES = 2 };
extern const struct service_def *const deployment_services[DEPLOYMENT_SERVICES];
/* Files of the data folder that cannot be made again; not all are always there. */
extern const char *const deployment_files[DEPLOYMENT_FILES];

/* NULL if there is none of that name. */
const struct service_def *deployment_service(const char *name);
bool deployment_has_file(const char *name);
bool deployment_follows(const struct service_def *follower, const struct service_def *followed);
/* All services, followers before whom they follow: copied in this order, what a follower has read is in the
   copies of the logs it read. */
void deployment_followers_first(const struct service_def *out[DEPLOYMENT_SERVICES]);

/* DIR/SERVICE has a store. */
bool deployment_has_run(const char *data_dir, const struct service_def *def);
/* The service's store, beside whoever writes to it. NULL: logged. */
struct store *deployment_open(const char *data_dir, const struct service_def *def);

#endif
