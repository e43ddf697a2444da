/* Headers and queries of HTTP, from texts with NUL between them. */
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "services/gateway/head.h"
#include "services/gateway/request.h"

enum { MEMORY = 16 << 20 };

/* A number that was taken is written back as it was, but for zeros in front. */
static void check_number(const char *text)
{
    uint64_t ms, number;
    char back[24];
    bool is_timeout = head_timeout(text, &ms);
    if (!head_number(text, &number)) {
        assert(!is_timeout);
        return;
    }
    snprintf(back, sizeof back, "%" PRIu64, number);
    size_t zeros = strspn(text, "0");
    if (text[zeros] == '\0')
        zeros--;
    assert(strcmp(back, text + zeros) == 0 && is_timeout == (strlen(text) <= 10));
    assert(!is_timeout || ms == number);
}

static void check_base64(const char *text)
{
    struct buffer out;
    buffer_init(&out, strlen(text));
    if (head_base64url(text, &out)) {
        size_t room = sodium_base64_encoded_len(out.size, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
        char *back = malloc(room);
        sodium_bin2base64(back, room, out.data, out.size, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
        assert(strncmp(text, back, strlen(back)) == 0);
        assert(strspn(text + strlen(back), "=") == strlen(text) - strlen(back) &&
               strlen(text) - strlen(back) <= 2);
        free(back);
    }
    buffer_release(&out);
}

static void check_trace(const char *text)
{
    char trace[HEAD_TRACE_SIZE], back[64];
    if (!head_trace(text, trace))
        return;
    assert(strlen(trace) == HEAD_TRACE_SIZE - 1 && strspn(trace, "0123456789abcdef") == HEAD_TRACE_SIZE - 1);
    snprintf(back, sizeof back, "%.2s-%s-", text, trace);
    assert(strncmp(back, text, strlen(back)) == 0);
}

/* What a browser is sent to neither leaves the header's line nor names another host with a path. */
static void check_redirect(const char *text)
{
    if (!head_is_redirect(text))
        return;
    assert(strpbrk(text, "\r\n\t\\ ") == NULL);
    assert(text[0] == '/' ? text[1] != '/'
                          : strncasecmp(text, "http", 4) == 0 && strstr(text, "://") != NULL);
}

static void check_parts(const char *text)
{
    const char *bearer = head_bearer(text), *last = head_last_forwarded(text);
    assert(bearer == NULL || (*bearer != '\0' && *bearer != ' ' && bearer >= text + 7));
    assert(last == NULL || (*last != '\0' && strchr(last, ',') == NULL && *last != ' '));
    enum head_codec codec = head_content_type(text);
    assert(codec == HEAD_NO_CODEC || strcasestr(text, codec == HEAD_JSON ? "/json" : "/proto") != NULL);
    assert(head_codec_named(text) == HEAD_NO_CODEC || strlen(text) <= 5);
    assert(head_coding(text) != HEAD_GZIP || strlen(text) == 4);
    assert(!head_accepts_gzip(text) || strcasestr(text, "gzip") != NULL);
}

static void check_route(const char *path)
{
    const char *rest = NULL;
    const struct route *route = route_find(path, &rest);
    assert(route != NULL && rest >= path && rest <= path + strlen(path));
    (void)route_allows(route, path); /* either is right */
    assert(!route->verbs || !route_allows(route, ""));
}

/* With a cookie, only what comes from here counts as from here. */
static void check_site(const char *origin, const char *host, const char *url)
{
    assert(head_same_site("same-origin", origin, host, url) &&
           !head_same_site("cross-site", origin, host, url));
    if (!head_same_site(NULL, origin, host, url))
        return;
    const char *authority = strstr(origin, "://");
    bool is_host = authority != NULL && strcasecmp(authority + 3, host) == 0;
    assert(is_host || strncasecmp(url, origin, strlen(origin)) == 0);
    /* Nothing of the public address's host may be missing: "https://baton" is not "https://baton.example". */
    assert(is_host || url[strlen(origin)] == '\0' || url[strlen(origin)] == '/');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    struct arena *a = fuzz_arena(MEMORY);
    const char *before = "", *first = "";
    while (in.left > 0) {
        const char *text = input_text(&in, a);
        check_number(text);
        check_base64(text);
        check_trace(text);
        check_redirect(text);
        check_parts(text);
        check_route(text);
        check_site(text, before, first);
        check_site(before, first, text);
        first = before;
        before = text;
    }
    return 0;
}
