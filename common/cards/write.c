/* Lines as 3.0 and 4.0 have them, folded after 75 bytes and never within a character. */
#include <string.h>
#include <strings.h>

#include "cards/card.h"

enum { FOLD = 75 };

/* RFC 6868; in quotes where anything in it would end it. A parameter that is left of a broken encoding is
   left out: values are not encoded any more, and whoever reads it would decode them. */
static void add_param(struct buffer *b, const struct card_param *p)
{
    const size_t before = b->size;
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
    if (!b->overflow && card_has_word((const char *)b->data + before, b->size - before, "QUOTED-PRINTABLE"))
        b->size = before;
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

/* 4.0 knows no encodings: what is in base64 is a data: URI. */
static void add_line_4(struct buffer *b, const struct card_line *l)
{
    const char *encoding = card_param(l, "ENCODING");
    if (!encoding || strcasecmp(encoding, "b") != 0)
        return add_line(b, l);
    if (l->group)
        (void)buffer_printf(b, "%s.", l->group);
    (void)buffer_text(b, l->name);
    const char *media = NULL;
    for (size_t i = 0; i < l->n_params; i++) {
        const struct card_param *p = &l->params[i];
        const char *found = strcmp(p->name, "TYPE") == 0 && !media ? card_media_of(p->value) : NULL;
        if (found)
            media = found;
        else if (strcmp(p->name, "ENCODING") != 0)
            add_param(b, p);
    }
    (void)buffer_printf(b, ":data:%s;base64,%s", media ? media : CARD_MEDIA_ANY, l->value);
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
