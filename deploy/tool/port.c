/* Whether the gateway will be able to listen. */
#include "tool/port.h"

#include <errno.h>
#include <netdb.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

bool port_is_free(const char *address, const char *port)
{
    struct addrinfo *found = NULL;
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                                   .ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV};
    int yes = 1;
    /* getaddrinfo takes 99999 for 34463. */
    int rc = strtol(port, NULL, 10) <= UINT16_MAX ? getaddrinfo(address, port, &hints, &found) : EAI_SERVICE;
    if (rc != 0) {
        fprintf(stderr, "error: address %s port %s: %s\n", address, port, gai_strerror(rc));
        return false;
    }
    int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes,
                     sizeof yes); /* if not: a needless refusal, said below */
    bool is_free = fd >= 0 && bind(fd, found->ai_addr, found->ai_addrlen) == 0 && listen(fd, 1) == 0;
    if (!is_free)
        fprintf(stderr, "error: cannot listen on %s port %s: %s; choose another one with --port\n", address,
                port, strerror(errno));
    if (fd >= 0)
        (void)close(fd); /* nothing is in it */
    freeaddrinfo(found);
    return is_free;
}
