/* Reads the values of headers and queries. */
#include "head.h"

#include <sodium.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

static const char SPACE[] = " \t";

/* The length of the media type in front of its parameters. */
static size_t media_type_length(const char *value)
{
    size_t n = strcspn(value, ";");
    while (n > 0 && strchr(SPACE, value[n - 1]) != NULL)
        n--;
    return n;
}

static bool is_word(const char *text, size_t n, const char *word)
{
    return strlen(word) == n && strncasecmp(text, word, n) == 0;
}

enum head_codec head_content_type(const char *value)
{
    if (value == NULL)
        return HEAD_NO_CODEC;
    value += strspn(value, SPACE);
    size_t n = media_type_length(value);
    if (is_word(value, n, "application/json"))
        return HEAD_JSON;
    return is_word(value, n, "application/proto") ? HEAD_PROTO : HEAD_NO_CODEC;
}

enum head_codec head_codec_named(const char *name)
{
    if (name != NULL && strcmp(name, "json") == 0)
        return HEAD_JSON;
    return name != NULL && strcmp(name, "proto") == 0 ? HEAD_PROTO : HEAD_NO_CODEC;
}

enum head_coding head_coding(const char *value)
{
    if (value == NULL || *value == '\0' || strcasecmp(value, "identity") == 0)
        return HEAD_IDENTITY;
    return strcasecmp(value, "gzip") == 0 ? HEAD_GZIP : HEAD_OTHER_CODING;
}

/* "; q=0", "; q=0.000" and the like. */
static bool is_unwanted(const char *parameters, size_t n)
{
    for (size_t i = 0; i + 3 <= n; i++)
        if (strncasecmp(parameters + i, "q=0", 3) == 0)
            return strspn(parameters + i + 3, ".0") >= strcspn(parameters + i + 3, ", \t;");
    return false;
}

bool head_accepts_gzip(const char *value)
{
    while (value != NULL && *value != '\0') {
        value += strspn(value, " \t,");
        size_t n = strcspn(value, ","), name = strcspn(value, ",; \t");
        if (is_word(value, name, "gzip"))
            return !is_unwanted(value + name, n - name);
        value += n;
    }
    return false;
}

static bool read_digits(const char *value, size_t most, uint64_t *number)
{
    size_t n = value != NULL ? strlen(value) : 0;
    if (n == 0 || n > most || strspn(value, "0123456789") != n)
        return false;
    *number = 0;
    for (size_t i = 0; i < n; i++)
        *number = *number * 10 + (uint64_t)(value[i] - '0');
    return true;
}

bool head_timeout(const char *value, uint64_t *ms)
{
    return read_digits(value, 10, ms);
}

bool head_number(const char *value, uint64_t *number)
{
    return read_digits(value, 19, number);
}

bool head_base64url(const char *text, struct buffer *out)
{
    size_t n = strlen(text), size = 0;
    for (int padding = 0; padding < 2 && n > 0 && text[n - 1] == '='; padding++)
        n--;
    uint8_t *room = buffer_room(out, n / 4 * 3 + 3);
    /* libsodium takes some bytes beyond ASCII for digits. */
    if (room == NULL || !text_is_ascii(text, n) ||
        sodium_base642bin(room, n / 4 * 3 + 3, text, n, NULL, &size, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
        return false;
    out->size += size;
    return true;
}

const char *head_bearer(const char *value)
{
    if (value == NULL || strncasecmp(value, "Bearer ", 7) != 0)
        return NULL;
    value += 7 + strspn(value + 7, SPACE);
    return *value != '\0' ? value : NULL;
}

bool head_trace(const char *traceparent, char out[HEAD_TRACE_SIZE])
{
    static const char hex[] = "0123456789abcdef";
    if (traceparent == NULL || strlen(traceparent) < 55 || strspn(traceparent, hex) != 2 ||
        traceparent[2] != '-' || strspn(traceparent + 3, hex) != HEAD_TRACE_SIZE - 1 ||
        traceparent[35] != '-')
        return false;
    memcpy(out, traceparent + 3, HEAD_TRACE_SIZE - 1);
    out[HEAD_TRACE_SIZE - 1] = '\0';
    return strspn(out, "0") != HEAD_TRACE_SIZE - 1;
}

/* The scheme and authority of an address: what an Origin header has. */
static size_t origin_length(const char *url)
{
    const char *authority = strstr(url, "://");
    return authority == NULL ? strlen(url) : (size_t)(authority + 3 - url) + strcspn(authority + 3, "/");
}

bool head_same_site(const char *fetch_site, const char *origin, const char *host, const char *public_url)
{
    if (fetch_site != NULL)
        return strcmp(fetch_site, "same-origin") == 0 || strcmp(fetch_site, "none") == 0;
    if (origin == NULL)
        return true; /* no browser */
    if (public_url != NULL && strlen(origin) == origin_length(public_url) &&
        strncasecmp(origin, public_url, strlen(origin)) == 0)
        return true;
    const char *authority = strstr(origin, "://");
    return authority != NULL && host != NULL && strcasecmp(authority + 3, host) == 0;
}

const char *head_last_forwarded(const char *value)
{
    if (value == NULL)
        return NULL;
    const char *comma = strrchr(value, ',');
    value = comma != NULL ? comma + 1 : value;
    value += strspn(value, SPACE);
    return *value != '\0' ? value : NULL;
}

bool head_is_redirect(const char *url)
{
    for (const char *c = url; *c != '\0'; c++)
        if ((unsigned char)*c <= ' ' || *c == 0x7f || *c == '\\')
            return false;
    if (url[0] == '/')
        return url[1] != '/';
    return strncasecmp(url, "https://", 8) == 0 || strncasecmp(url, "http://", 7) == 0;
}
