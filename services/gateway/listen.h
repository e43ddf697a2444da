/* The listening socket. */
#ifndef BATON_GATEWAY_LISTEN_H
#define BATON_GATEWAY_LISTEN_H

#include <stddef.h>

/* A listening socket, -1: logged. `url` becomes where it can be reached from this machine. */
int listen_open(const char *address, const char *port, char *url, size_t size);
/* As many connections as the process may have open; asks the system for as many as we want. */
unsigned listen_connections_max(void);

#endif
