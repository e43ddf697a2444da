/* Which address does what. */
#include <string.h>

#include "request.h"

/* clang-format off */
static const struct route routes[] = {
    /* verbs,       pattern,         start,          is_page, is_limited, flow */
    {"GET, POST",   "/baton.v1.*",   connect_start,  false,   false, NULL},
    {"GET",         "/v1/stream",    stream_start,   false,   false, NULL},
    {"GET",         "/v1/events",    events_start,   false,   false, NULL},
    {"GET",         "/v1/search",    search_start,   false,   false, NULL},
    {"GET, HEAD, POST", "/forms/*",  form_start,     true,    true, NULL},
    {"POST",        "/v1/mail",      mail_start,     false,   false, NULL},
    {"GET",         "/v1/contacts/*", card_start,    false,   false, NULL},
    {"GET",         "/v1/accounts/*", card_start,    false,   false, NULL},
    {"GET",         "/v1/calendars/*", calendar_start, false, false, NULL},
    {"GET",         "/v1/quotes/*",  quote_start,    false,   false, NULL},
    {"GET, POST",   "/quotes/*",     quote_link_start, true, true, NULL},
    {"GET, HEAD",   "/v1/catalogue/*", catalogue_start, false, false, NULL},
    {"GET, HEAD",   "/c/*",          catalogue_link_start, true, true, NULL},
    {"GET, HEAD, POST", "/s/*",      share_start,    true,    true, NULL},
    {"POST, PUT, OPTIONS", "/v1/files", file_start,  false,   false, &upload_flow},
    {"GET, HEAD, PATCH, DELETE, OPTIONS", "/v1/files/*", file_start, false, false, &upload_flow},
    {"GET, HEAD",   "/healthz",      health_live,    false,   false, NULL},
    {"GET, HEAD",   "/readyz",       health_ready,   false,   false, NULL},
    {"GET, HEAD",   "/metrics",      health_metrics, false,   false, NULL},
    {"GET, HEAD",   "/schema.binpb", health_schema,  false,   false, NULL},
    {NULL,          "/*",            page_start,     false,   false, NULL},
    {NULL,          "*",             page_start,     false,   false, NULL},
};
/* clang-format on */

const struct route *route_find(const char *path, const char **rest)
{
    for (const struct route *route = routes;; route++) {
        size_t n = strcspn(route->pattern, "*");
        bool is_open = route->pattern[n] == '*';
        if (is_open ? strncmp(path, route->pattern, n) == 0 : strcmp(path, route->pattern) == 0) {
            *rest = path + n;
            return route;
        }
    }
}

bool route_allows(const struct route *route, const char *verb)
{
    static const char BETWEEN[] = ", ";
    size_t n = strlen(verb);
    for (const char *at = route->verbs; at && *at; at += strcspn(at, BETWEEN), at += strspn(at, BETWEEN))
        if (strcspn(at, BETWEEN) == n && strncmp(at, verb, n) == 0)
            return true;
    return !route->verbs;
}
