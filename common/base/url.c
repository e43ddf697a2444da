/* Origins as RFC 6454 and browsers write them. */
#include "base/url.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { HOST_MAX = 253, PORT_DIGITS_MAX = 5, PORT_MAX = 65535 };

static const struct scheme {
    const char *text;
    long port;
} schemes[] = {{"https://", 443}, {"http://", 80}};

static const struct scheme *scheme_of(const char *url)
{
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (strncasecmp(url, schemes[i].text, strlen(schemes[i].text)) == 0)
            return &schemes[i];
    return NULL;
}

/* How long the name or the address is; 0: it is none. */
static size_t host_length(const char *host)
{
    if (*host != '[')
        return strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._");
    size_t n = 1 + strspn(host + 1, "0123456789abcdefABCDEF:.");
    return n > 1 && host[n] == ']' ? n + 1 : 0;
}

/* What follows the host: a port or none, then the path or nothing. -1: neither. */
static long port_of(const char *rest, const struct scheme *scheme)
{
    if (*rest != ':')
        return strchr("/?#", *rest) ? scheme->port : -1; /* its NUL as well */
    size_t n = strspn(rest + 1, "0123456789");
    long port = n && n <= PORT_DIGITS_MAX ? strtol(rest + 1, NULL, 10) : 0;
    return port && port <= PORT_MAX && strchr("/?#", rest[1 + n]) ? port : -1;
}

bool url_origin(const char *url, char origin[URL_ORIGIN_SIZE])
{
    const struct scheme *scheme = scheme_of(url);
    if (!scheme || url[strcspn(url, " \t\r\n\\\"<>")] || !text_is_ascii(url, strlen(url)))
        return false;
    const char *host = url + strlen(scheme->text);
    size_t n = host_length(host);
    long port = n && n <= HOST_MAX ? port_of(host + n, scheme) : -1;
    if (port < 0)
        return false;
    int size = snprintf(origin, URL_ORIGIN_SIZE, "%s%.*s", scheme->text, (int)n, host);
    for (char *p = origin; *p; p++)
        *p = (char)tolower((unsigned char)*p);
    if (port != scheme->port)
        (void)snprintf(origin + size, URL_ORIGIN_SIZE - (size_t)size, ":%ld", port); /* it is long enough */
    return true;
}
