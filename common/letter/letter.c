/* The parts of a mail, and which of them is what it says. */
#include "letter/letter.h"

#include <string.h>
#include <strings.h>

/* Each part costs memory of its own, whatever its size; so what could begin one is counted first. */
static bool has_too_many_parts(struct bytes raw)
{
    const char *at = (const char *)raw.data, *end = at + raw.size;
    size_t n = 0;
    while (at < end && n <= 4 * (size_t)LETTER_PARTS_MAX) {
        n += end - at > 2 && at[0] == '-' && at[1] == '-' && at[2] != '\r' && at[2] != '\n' && at[2] != ' ';
        const char *line = memchr(at, '\n', (size_t)(end - at));
        at = line ? line + 1 : end;
    }
    return n > 4 * (size_t)LETTER_PARTS_MAX;
}

GMimeMessage *letter_open(struct bytes raw, bool *too_many)
{
    g_mime_init(); /* counts; only the first call does anything */
    *too_many = has_too_many_parts(raw);
    if (*too_many)
        return NULL;
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer((const char *)raw.data, raw.size);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *m = g_mime_parser_construct_message(parser, NULL);
    g_object_unref(parser);
    g_object_unref(stream);
    return m;
}

static bool is_attached(GMimeObject *part)
{
    const char *disposition = g_mime_object_get_disposition(part);
    return (disposition && strcasecmp(disposition, "attachment") == 0) || !GMIME_IS_TEXT_PART(part) ||
           g_mime_part_get_filename((GMimePart *)part);
}

/* What there is of text so far. */
struct found {
    bool plain, any;
};

static void read_text(const struct letter_reader *r, GMimeObject *part, struct found *f)
{
    bool is_html = g_mime_content_type_is_type(g_mime_object_get_content_type(part), "text", "html");
    char *text = f->plain || (is_html && f->any) ? NULL : g_mime_text_part_get_text((GMimeTextPart *)part);
    if (!text)
        return;
    char *valid = g_utf8_make_valid(text, -1);
    r->on_text(r->arg, valid, is_html);
    f->any |= *valid != '\0';
    f->plain = !is_html && *valid;
    g_free(valid);
    g_free(text);
}

void letter_read(GMimeMessage *m, const struct letter_reader *r)
{
    GMimePartIter *iter = g_mime_part_iter_new((GMimeObject *)m);
    struct found f = {false, false};
    int n = 0;
    for (bool more = g_mime_part_iter_is_valid(iter); more && n < LETTER_PARTS_MAX;
         more = g_mime_part_iter_next(iter), n++) {
        GMimeObject *part = g_mime_part_iter_get_current(iter);
        if (!part || !GMIME_IS_PART(part))
            continue;
        if (is_attached(part))
            r->on_attached(r->arg, (GMimePart *)part);
        else
            read_text(r, part, &f);
    }
    g_mime_part_iter_free(iter);
}
