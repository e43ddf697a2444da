/* Addresses of HTTP, as far as Baton itself looks into them. */
#ifndef BATON_BASE_URL_H
#define BATON_BASE_URL_H

#include <stdbool.h>

enum { URL_ORIGIN_SIZE = 280 }; /* with its NUL */

/* "https://push.example:8443/x?y" gives "https://push.example:8443": in lower case, without the port that is
   the usual one. False: it is not http or https, names no host, hides a name or password before it, or has
   spaces, quotes, angle brackets, backslashes or anything but ASCII in it. */
bool url_origin(const char *url, char origin[URL_ORIGIN_SIZE]);

#endif
