/* A plain answer before anything is started, instead of a gateway that dies. */
#ifndef BATON_TOOL_PORT_H
#define BATON_TOOL_PORT_H

#include <stdbool.h>

/* False: said on standard error. The gateway's own bind decides. */
bool port_is_free(const char *address, const char *port);

#endif
