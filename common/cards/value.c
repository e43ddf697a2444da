/* Values and parameters of a line. */
#include <string.h>
#include <strings.h>

#include "cards/card.h"

char *card_unescape(const char *value, size_t size, struct arena *a)
{
    char *out = arena_alloc(a, size + 1);
    size_t n = 0;
    for (size_t i = 0; i < size; i++) {
        if (value[i] == '\\' && i + 1 < size) {
            i++;
            out[n++] = value[i] == 'n' || value[i] == 'N' ? '\n' : value[i];
        } else
            out[n++] = value[i];
    }
    out[n] = '\0';
    return out;
}

/* A line break is one, however it is written. */
char *card_escape(const char *text, struct arena *a)
{
    char *out = arena_alloc(a, 2 * strlen(text) + 1);
    size_t n = 0;
    for (const char *p = text; *p; p++) {
        if (*p == '\r' || *p == '\n') {
            p += p[0] == '\r' && p[1] == '\n';
            out[n++] = '\\';
            out[n++] = 'n';
            continue;
        }
        if (*p == '\\' || *p == ',' || *p == ';')
            out[n++] = '\\';
        out[n++] = *p;
    }
    out[n] = '\0';
    return out;
}

char *card_component(const char *value, size_t i, struct arena *a)
{
    const char *from = value, *p = value;
    for (;; p++) {
        if (*p == '\\' && p[1]) {
            p++;
            continue;
        }
        if (*p != ';' && *p)
            continue;
        if (i == 0)
            return p > from ? card_unescape(from, (size_t)(p - from), a) : NULL;
        if (!*p)
            return NULL;
        i--;
        from = p + 1;
    }
}

bool card_is_type(const struct card_line *l, const char *type)
{
    for (size_t i = 0; i < l->n_params; i++)
        if (strcmp(l->params[i].name, "TYPE") == 0 && strcasecmp(l->params[i].value, type) == 0)
            return true;
    return false;
}

const char *card_param(const struct card_line *l, const char *name)
{
    for (size_t i = 0; i < l->n_params; i++)
        if (strcmp(l->params[i].name, name) == 0)
            return l->params[i].value;
    return NULL;
}

bool card_is_preferred(const struct card_line *l)
{
    const char *pref = card_param(l, "PREF");
    return card_is_type(l, "pref") || (pref && strcmp(pref, "1") == 0);
}

/* What 3.0 calls the type of a picture, a sound or a key, and what it is in MIME. */
static const struct {
    const char *type, *media;
} medias[] = {
    {"JPEG", "image/jpeg"},
    {"PNG", "image/png"},
    {"GIF", "image/gif"},
    {"BMP", "image/bmp"},
    {"TIFF", "image/tiff"},
    {"WEBP", "image/webp"},
    {"WAVE", "audio/wav"},
    {"BASIC", "audio/basic"},
    {"X509", "application/pkix-cert"},
    {"PGP", "application/pgp-keys"},
};

const char *card_media_of(const char *type)
{
    for (size_t i = 0; i < sizeof medias / sizeof *medias; i++)
        if (strcasecmp(medias[i].type, type) == 0)
            return medias[i].media;
    return NULL;
}

const char *card_type_of(const char *media)
{
    for (size_t i = 0; i < sizeof medias / sizeof *medias; i++)
        if (strcasecmp(medias[i].media, media) == 0)
            return medias[i].type;
    return NULL;
}
