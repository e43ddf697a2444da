/* From a value as it stands in a file to the one form: encodings, character sets, escapes of 2.1. */
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <unicode/ucnv.h>

#include "base/text.h"
#include "cards/card.h"

static const char FALLBACK[] = "windows-1252";

char *card_decode_text(struct bytes raw, const char *charset, struct arena *a)
{
    UErrorCode status = U_ZERO_ERROR;
    int32_t room = (int32_t)raw.size * 4 + 1;
    char *out = arena_try(a, (size_t)room);
    if (!out)
        return NULL;
    int32_t size =
        ucnv_convert("UTF-8", charset, out, room, (const char *)raw.data, (int32_t)raw.size, &status);
    return U_SUCCESS(status) && text_valid(out, (size_t)size) ? out : NULL;
}

static int hex_digit(uint8_t c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                  : -1;
}

/* RFC 2045, 6.7, without its line breaks; what is no code stands for itself. */
static struct bytes unquote_printable(struct bytes raw, struct arena *a)
{
    uint8_t *out = arena_alloc(a, raw.size + 1);
    size_t n = 0;
    for (size_t i = 0; i < raw.size; i++) {
        int high = raw.data[i] == '=' && i + 2 < raw.size ? hex_digit(raw.data[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(raw.data[i + 2]) : -1;
        if (low < 0) {
            out[n++] = raw.data[i];
            continue;
        }
        out[n++] = (uint8_t)(high << 4 | low);
        i += 2;
    }
    return bytes_of(out, n);
}

static bool is_base64(uint8_t c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/' || c == '=';
}

static char *base64_of(struct bytes raw, struct arena *a)
{
    char *out = arena_alloc(a, raw.size + 1);
    size_t n = 0, digits = 0;
    for (size_t i = 0; i < raw.size; i++) {
        if (memchr(" \t\r\n", raw.data[i], 4))
            continue;
        if (!is_base64(raw.data[i]))
            return NULL;
        out[n++] = (char)raw.data[i];
        digits += raw.data[i] != '=';
    }
    return digits % 4 == 1 ? NULL : out; /* cut off */
}

static void drop_param(struct card_line *l, const char *name)
{
    size_t n = 0;
    for (size_t i = 0; i < l->n_params; i++)
        if (strcmp(l->params[i].name, name) != 0)
            l->params[n++] = l->params[i];
    l->n_params = n;
}

static void add_param(struct card_line *l, const char *name, const char *value)
{
    if (l->n_params < CARD_PARAMS_MAX)
        l->params[l->n_params++] = (struct card_param){name, value};
}

static bool is_structured(const char *name)
{
    return strcmp(name, "N") == 0 || strcmp(name, "ADR") == 0 || strcmp(name, "ORG") == 0;
}

/* 2.1 escapes nothing but the semicolon (and, in what is around, comma and colon): a backslash in front of
   anything else is one. */
static char *escape_21(const char *text, bool structured, struct arena *a)
{
    char *out = arena_alloc(a, 2 * strlen(text) + 1);
    size_t n = 0;
    for (const char *p = text; *p; p++) {
        bool escapes = *p == '\\' && p[1] && strchr(";,:", p[1]);
        if (escapes && p[1] == ':')
            continue;
        if (escapes) {
            out[n++] = *p++;
            out[n++] = *p;
            continue;
        }
        if (*p == '\r' || *p == '\n') {
            p += p[0] == '\r' && p[1] == '\n';
            out[n++] = '\\';
            out[n++] = 'n';
            continue;
        }
        if (*p == '\\' || *p == ',' || (*p == ';' && !structured))
            out[n++] = '\\';
        out[n++] = *p;
    }
    out[n] = '\0';
    return out;
}

/* data:image/jpeg;base64,... (RFC 2397), which 4.0 has instead of an encoding; one of a type that 3.0 has no
   word for stays as it is */
static char *from_data_uri(struct card_line *l, char *value, struct arena *a)
{
    if (strncasecmp(value, "data:", 5) != 0)
        return value;
    char *comma = strchr(value, ','), *mark = comma ? comma - strlen(";base64") : NULL;
    if (!comma || mark < value + 5 || strncasecmp(mark, ";base64", strlen(";base64")) != 0)
        return value;
    char *data = base64_of(bytes_text(comma + 1), a);
    if (!data)
        return value;
    const char *media = arena_strndup(a, value + 5, (size_t)(mark - value - 5)), *type = card_type_of(media);
    if (!type && strcasecmp(media, CARD_MEDIA_ANY) != 0)
        return value;
    drop_param(l, "VALUE");
    drop_param(l, "MEDIATYPE");
    if (type)
        add_param(l, "TYPE", type);
    add_param(l, "ENCODING", "b");
    return data;
}

/* Some write quoted-printable also into 3.0: then a value has line breaks of its own. */
static char *escape_breaks(char *text, struct arena *a)
{
    if (!strpbrk(text, "\r\n"))
        return text;
    char *out = arena_alloc(a, 2 * strlen(text) + 1);
    size_t n = 0;
    for (const char *p = text; *p; p++) {
        bool is_break = *p == '\r' || *p == '\n';
        p += p[0] == '\r' && p[1] == '\n';
        if (is_break)
            out[n++] = '\\';
        out[n++] = is_break ? 'n' : *p;
    }
    out[n] = '\0';
    return out;
}

static char *to_utf8(struct bytes raw, const char *named, const char *charset, struct arena *a)
{
    if (named && strcasecmp(named, "UTF-8") != 0)
        return card_decode_text(raw, named, a);
    if (text_valid((const char *)raw.data, raw.size))
        return arena_strndup(a, (const char *)raw.data, raw.size);
    return named ? NULL : card_decode_text(raw, charset ? charset : FALLBACK, a);
}

char *card_decode_value(struct card_line *l, struct bytes raw, bool is_21, const char *charset,
                        struct arena *a, const char **why)
{
    const char *encoding = card_param(l, "ENCODING"), *named = card_param(l, "CHARSET");
    if (encoding && (strcasecmp(encoding, "BASE64") == 0 || strcasecmp(encoding, "B") == 0)) {
        char *data = base64_of(raw, a);
        drop_param(l, "ENCODING");
        add_param(l, "ENCODING", "b");
        *why = data ? NULL : "it is not base64, or not whole";
        return data;
    }
    if (encoding && strcasecmp(encoding, "QUOTED-PRINTABLE") == 0)
        raw = unquote_printable(raw, a);
    char *text = memchr(raw.data ? raw.data : (const uint8_t *)"", 0, raw.size)
                     ? NULL
                     : to_utf8(raw, named, charset, a);
    *why = text ? NULL : "its text is not in its character set";
    drop_param(l, "ENCODING");
    drop_param(l, "CHARSET");
    if (!text)
        return NULL;
    return is_21 ? escape_21(text, is_structured(l->name), a) : from_data_uri(l, escape_breaks(text, a), a);
}
