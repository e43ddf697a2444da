/* Lines as 3.0 and 4.0 have them, folded after 75 bytes and never within a character. */
#include <string.h>
#include <strings.h>

#include "cards/card.h"

enum { FOLD = 75 };

/* RFC 6868; in quotes where anything in it would end it. */
static void add_param(struct buffer *b, const struct card_param *p)
{
    (void)buffer_printf(b, ";%s=", p->name); /* b->overflow says so, here and below */
    bool quoted = strpbrk(p->value, ",;:") != NULL;
    if (quoted)
        (void)buffer_char(b, '"');
    for (const char *c = p->value; *c; c++) {
        const char *code = *c == '\n' ? "^n" : *c == '^' ? "^^" : *c == '"' ? "^'" : NULL;
        if (code)
            (void)buffer_text(b, code);
        else if (*c != '\r')
            (void)buffer_char(b, *c);
    }
    if (quoted)
        (void)buffer_char(b, '"');
}

static void add_line(struct buffer *b, const struct card_line *l)
{
    if (l->group)
        (void)buffer_printf(b, "%s.", l->group);
    (void)buffer_text(b, l->name);
    for (size_t i = 0; i < l->n_params; i++)
        add_param(b, &l->params[i]);
    (void)buffer_char(b, ':');
    (void)buffer_text(b, l->value);
}

const char *card_lines_text(const struct card_line *lines, size_t n, size_t max, struct arena *a)
{
    struct buffer b;
    buffer_init(&b, max + 1);
    for (size_t i = 0; i < n; i++) {
        if (i)
            (void)buffer_char(&b, '\n');
        add_line(&b, &lines[i]);
    }
    const char *text = b.overflow || b.size > max ? NULL : arena_strndup(a, (const char *)b.data, b.size);
    buffer_release(&b);
    return text;
}

static size_t fold_at(const uint8_t *text, size_t size, size_t room)
{
    if (size <= room)
        return size;
    while (room > 1 && (text[room] & 0xc0) == 0x80)
        room--;
    return room;
}

static void add_folded(struct buffer *out, struct bytes line)
{
    size_t room = FOLD;
    while (line.size > 0) {
        size_t n = fold_at(line.data, line.size, room);
        (void)buffer_add(out, line.data, n);
        line = bytes_of(line.data + n, line.size - n);
        (void)buffer_text(out, line.size > 0 ? "\r\n " : "\r\n");
        room = FOLD - 1;
    }
}

/* The type of what stands in base64, for a data: URI. */
static void add_media(struct buffer *b, const struct card_line *l)
{
    static const struct {
        const char *type, *media;
    } rows[] = {{"JPEG", "image/jpeg"},         {"JPG", "image/jpeg"}, {"PNG", "image/png"},
                {"GIF", "image/gif"},           {"WAVE", "audio/wav"}, {"X509", "application/pkix-cert"},
                {"PGP", "application/pgp-keys"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (card_is_type(l, rows[i].type))
            return (void)buffer_text(b, rows[i].media); /* b->overflow says so */
    const char *type = card_param(l, "TYPE");
    bool is_picture =
        type && (strcmp(l->name, "PHOTO") == 0 || strcmp(l->name, "LOGO") == 0) && !strpbrk(type, ",; \r\n");
    if (is_picture)
        (void)buffer_printf(b, "image/%s", type); /* as above */
    else
        (void)buffer_text(b, "application/octet-stream"); /* as above */
}

/* 4.0 knows no encodings: what is in base64 is a data: URI. */
static void add_line_4(struct buffer *b, const struct card_line *l)
{
    const char *encoding = card_param(l, "ENCODING");
    if (!encoding || strcasecmp(encoding, "b") != 0)
        return add_line(b, l);
    if (l->group)
        (void)buffer_printf(b, "%s.", l->group);
    (void)buffer_text(b, l->name);
    for (size_t i = 0; i < l->n_params; i++)
        if (strcmp(l->params[i].name, "ENCODING") != 0 && strcmp(l->params[i].name, "TYPE") != 0)
            add_param(b, &l->params[i]);
    (void)buffer_text(b, ":data:");
    add_media(b, l);
    (void)buffer_printf(b, ";base64,%s", l->value);
}

bool card_write(const struct card_line *lines, size_t n, enum card_version v, struct buffer *out)
{
    struct buffer line;
    buffer_init(&line, 2 * CARD_LINE_MAX);
    (void)buffer_printf(out, "BEGIN:VCARD\r\nVERSION:%s\r\n", v == CARD_4 ? "4.0" : "3.0");
    for (size_t i = 0; i < n; i++) {
        buffer_clear(&line);
        if (v == CARD_4)
            add_line_4(&line, &lines[i]);
        else
            add_line(&line, &lines[i]);
        out->overflow = out->overflow || line.overflow;
        add_folded(out, buffer_bytes(&line));
    }
    (void)buffer_text(out, "END:VCARD\r\n");
    buffer_release(&line);
    return !out->overflow;
}
