/* Text of mails: who to whom, about what, what is written, and what is attached by its name. */
#include <stdlib.h>
#include <string.h>

#include "letter/letter.h"
#include "reading/lines.h"
#include "reading/reading.h"

/* As GMime names and decodes them. */
static const char *const heads[] = {"From", "To", "Cc", "Date", "Subject"};

struct mail {
    struct lines lines;
    struct buffer text;     /* the best so far */
    struct buffer attached; /* names, a line each */
    bool is_cut;
};

static void on_text(void *arg, const char *text, bool is_html)
{
    struct mail *m = arg;
    struct lines l = {.out = &m->text};
    buffer_clear(&m->text);
    if (is_html)
        m->is_cut = reading_html_text(bytes_text(text), "utf-8", &m->text) == ASK_CUT;
    else
        lines_raw(&l, text, strlen(text));
    m->is_cut |= l.is_full;
}

static void on_attached(void *arg, GMimePart *part)
{
    struct mail *m = arg;
    const char *name = g_mime_part_get_filename(part);
    if (name && buffer_printf(&m->attached, "%s", name)) /* what does not fit is missing */
        (void)buffer_char(&m->attached, '\n');
}

static void put_heads(struct mail *mail, GMimeMessage *m)
{
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        const char *value = g_mime_object_get_header((GMimeObject *)m, heads[i]);
        char *decoded = value ? g_mime_utils_header_decode_text(NULL, value) : NULL;
        char *valid = decoded ? g_utf8_make_valid(decoded, -1) : NULL;
        if (valid) {
            lines_raw(&mail->lines, heads[i], strlen(heads[i]));
            lines_raw(&mail->lines, ": ", 2);
            lines_flow(&mail->lines, valid, strlen(valid));
            lines_end(&mail->lines);
        }
        g_free(valid);
        g_free(decoded);
    }
}

enum ask_status reading_mail(int file, struct buffer *out)
{
    struct mail mail = {.lines = {.out = out}};
    size_t size;
    bool too_many;
    uint8_t *raw = reading_whole(file, &size);
    GMimeMessage *m = raw ? letter_open(bytes_of(raw, size), &too_many) : NULL;
    if (!m) {
        enum ask_status status = raw && too_many ? ASK_TOO_MUCH : ASK_BROKEN;
        free(raw);
        return status;
    }
    buffer_init(&mail.text, out->limit);
    buffer_init(&mail.attached, out->limit);
    put_heads(&mail, m);
    letter_read(m, &(struct letter_reader){on_text, on_attached, &mail});
    lines_raw(&mail.lines, (const char *)mail.text.data, mail.text.size);
    lines_end(&mail.lines);
    lines_raw(&mail.lines, (const char *)mail.attached.data, mail.attached.size);
    g_object_unref(m);
    buffer_release(&mail.text);
    buffer_release(&mail.attached);
    free(raw);
    return mail.is_cut || mail.lines.is_full || size == READING_INPUT_MAX ? ASK_CUT : ASK_DONE;
}
