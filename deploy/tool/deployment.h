/* What a deployment is made of: its services, who follows whom, and the files beside them. */
#ifndef BATON_TOOL_DEPLOYMENT_H
#define BATON_TOOL_DEPLOYMENT_H

#include <stdbool.h>

#include "service/service.h"

enum { DEPLOYMENT_SERVICES = 6, DEPLOYMENT_FILES = 3 };
extern const struct service_def *const deployment_services[DEPLOYMENT_SERVICES];
/* Files of the data folder that cannot be made again; not all are always there. */
extern const char *const deployment_files[DEPLOYMENT_FILES];

/* NULL if there is none of that name. */
const struct service_def *deployment_service(const char *name);
bool deployment_has_file(const char *name);
bool deployment_follows(const struct service_def *follower, const struct service_def *followed);

/* DIR/SERVICE has a store. */
bool deployment_has_run(const char *data_dir, const struct service_def *def);
/* Held until this process ends; a lock that is not there is nobody's. False: said on standard error. */
bool deployment_lock(const char *data_dir, const char *name, const char *inner, int flags);
/* Nobody starts Baton there; services have locks of their own. */
bool deployment_hold(const char *data_dir);
/* The service's store, beside whoever writes to it. NULL: logged. */
struct store *deployment_open(const char *data_dir, const struct service_def *def);

#endif
