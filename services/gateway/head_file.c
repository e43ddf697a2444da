/* Reads and writes the headers that are about files. */
#include "head_file.h"

#include <ctype.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "head.h"

static const char SPACE[] = " \t";

/* --- tus --- */

static bool decode(const char *text, size_t n, struct buffer *out)
{
    size_t size;
    uint8_t *room = buffer_room(out, n / 4 * 3 + 3);
    if (!room || sodium_base642bin(room, n / 4 * 3 + 3, text, n, NULL, &size, NULL,
                                   sodium_base64_VARIANT_ORIGINAL) != 0)
        return false;
    out->size += size;
    return text_valid((const char *)out->data, out->size);
}

bool head_metadata(const char *value, const char *key, struct buffer *out)
{
    size_t n = strlen(key);
    for (const char *at = value ? value : ""; *at; at += *at == ',') {
        at += strspn(at, SPACE);
        size_t length = strcspn(at, ",");
        if (length > n && strncmp(at, key, n) == 0 && at[n] == ' ')
            return decode(at + n + 1, length - n - 1, out);
        at += length;
    }
    return false;
}

/* --- ranges --- */

/* Digits, at most 19; *at moves behind them. */
static bool number(const char **at, uint64_t *value)
{
    char digits[20];
    size_t n = strspn(*at, "0123456789");
    if (n == 0 || n >= sizeof digits)
        return false;
    memcpy(digits, *at, n);
    digits[n] = '\0';
    *at += n;
    return head_number(digits, value);
}

/* "500-", "500-999" and "-500". */
static bool read_range(const char *at, uint64_t size, uint64_t *from, uint64_t *to)
{
    uint64_t last;
    if (*at == '-') {
        at++;
        if (!number(&at, &last))
            return false;
        *from = last < size ? size - last : 0;
        *to = last ? size : *from;
        if (!last)
            *from = *to = size;
    } else {
        if (!number(&at, from) || *at++ != '-')
            return false;
        *to = size;
        if (isdigit((unsigned char)*at)) {
            if (!number(&at, &last) || last < *from)
                return false;
            *to = last < size ? last + 1 : size;
        }
    }
    return at[strspn(at, SPACE)] == '\0';
}

enum head_range head_range(const char *value, uint64_t size, uint64_t *from, uint64_t *length)
{
    static const char UNIT[] = "bytes=";
    uint64_t first, to;
    if (!value || strncmp(value, UNIT, sizeof UNIT - 1) != 0 ||
        !read_range(value + sizeof UNIT - 1, size, &first, &to))
        return HEAD_WHOLE;
    if (first >= size)
        return HEAD_NO_PART;
    *from = first;
    *length = to - first;
    return HEAD_PART;
}

/* --- tags --- */

bool head_tag_is(const char *value, const char *tag)
{
    return value && strcmp(value, tag) == 0;
}

bool head_tag_listed(const char *value, const char *tag)
{
    size_t n = strlen(tag);
    for (const char *at = value ? value : ""; *at; at += *at == ',') {
        at += strspn(at, SPACE);
        if (*at == '*')
            return true;
        if (strncmp(at, "W/", 2) == 0)
            at += 2;
        if (strncmp(at, tag, n) == 0)
            return true;
        at += strcspn(at, ",");
    }
    return false;
}

/* --- names --- */

static void add_ascii(const char *name, struct buffer *out)
{
    for (const unsigned char *p = (const unsigned char *)name; *p; p++) {
        bool is_rest = (*p & 0xc0) == 0x80; /* of a character that has its _ already */
        bool is_plain = *p >= 0x20 && *p < 0x7f && *p != '"' && *p != '\\' && *p != '%';
        if (!is_rest)
            (void)buffer_char(out, is_plain ? (char)*p : '_');
    }
}

static void add_encoded(const char *name, struct buffer *out)
{
    for (const unsigned char *p = (const unsigned char *)name; *p; p++)
        if (isalnum(*p) || strchr("!#$&+-.^_`|~", *p))
            (void)buffer_char(out, (char)*p);
        else
            (void)buffer_printf(out, "%%%02X", *p);
}

void head_disposition(const char *name, struct buffer *out)
{
    (void)buffer_text(out, "attachment; filename=\"");
    add_ascii(name, out);
    (void)buffer_text(out, "\"; filename*=UTF-8''");
    add_encoded(name, out);
}
