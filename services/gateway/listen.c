/* Opens the socket the gateway listens on, and sees how many connections there may be. */
#include "listen.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "gateway.h"

enum { DESCRIPTORS_ELSE = 200 /* what is not a client's connection */ };

static int bind_one(const struct addrinfo *at)
{
    int fd = socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, at->ai_protocol), yes = 1;
    if (fd < 0)
        return -1;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes,
                     sizeof yes); /* a restart only waits longer without */
    if (bind(fd, at->ai_addr, at->ai_addrlen) == 0 && listen(fd, SOMAXCONN) == 0)
        return fd;
    int error = errno;
    (void)close(fd); /* nothing is in it */
    errno = error;
    return -1;
}

/* An address that means "all" is no place to connect to: the loopback one is. */
static const char *reachable(const char *host)
{
    if (strcmp(host, "0.0.0.0") == 0)
        return "127.0.0.1";
    return strcmp(host, "::") == 0 ? "::1" : host;
}

static bool describe(int fd, char *url, size_t size)
{
    struct sockaddr_storage at;
    socklen_t length = sizeof at;
    char host[INET6_ADDRSTRLEN + 20], port[8];
    if (getsockname(fd, (struct sockaddr *)&at, &length) != 0 ||
        getnameinfo((struct sockaddr *)&at, length, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return false;
    const char *shown = reachable(host);
    bool is_v6 = strchr(shown, ':') != NULL;
    int n = snprintf(url, size, "http://%s%s%s:%s", is_v6 ? "[" : "", shown, is_v6 ? "]" : "", port);
    return n > 0 && (size_t)n < size;
}

int listen_open(const char *address, const char *port, char *url, size_t size)
{
    struct addrinfo *found = NULL;
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                                   .ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV};
    int error = getaddrinfo(address, port, &hints, &found);
    if (error != 0) {
        log_failure("http", "%s port %s: %s", address, port, gai_strerror(error));
        return -1;
    }
    int fd = bind_one(found);
    freeaddrinfo(found);
    if (fd < 0)
        log_failure("http", "cannot listen on %s port %s: %s", address, port, strerror(errno));
    else if (!describe(fd, url, size)) {
        log_failure("http", "cannot tell where it listens: %s", strerror(errno));
        (void)close(fd); /* nothing is in it */
        return -1;
    }
    return fd;
}

unsigned listen_connections_max(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 1000;
    rlim_t wanted = GATEWAY_CONNECTIONS_MAX + DESCRIPTORS_ELSE;
    limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0 || getrlimit(RLIMIT_NOFILE, &limit) != 0 ||
        limit.rlim_cur < 2 * DESCRIPTORS_ELSE)
        return 1000 - DESCRIPTORS_ELSE;
    return (unsigned)(limit.rlim_cur - DESCRIPTORS_ELSE);
}
