/* Whom Baton may connect to on somebody's word: addresses that people or partners give (webhooks, mail
   servers) must not lead into the deployment's own network. */
#ifndef BATON_BUS_OUTBOUND_GUARD_H
#define BATON_BUS_OUTBOUND_GUARD_H

#include <stdbool.h>
#include <sys/socket.h>

#include "bus/world.h"

enum { OUTBOUND_HOST_SIZE = 256 };

/* Looks at the address that is about to be connected to, never at a name. `private_allowed` opens private
   networks, this machine and every port; what is not an address of a single machine stays closed. */
bool outbound_may_connect(const struct sockaddr *to, bool private_allowed);

/* Whoever writes a header or an address cannot begin another one. */
bool outbound_is_clean(const struct outbound_request *r);

/* Encrypted MQTT. */
bool outbound_is_mqtts(const char *url);

/* The host of an address, cut to fit; `host` stays as it is where there is none. */
void outbound_host(const char *url, char host[OUTBOUND_HOST_SIZE]);

#endif
