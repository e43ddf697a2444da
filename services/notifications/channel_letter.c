/* Letters as text. Everything that people write is either plain ASCII without meaning of its own, or base64.
 */
#include "services/notifications/letter.h"

#include <ctype.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"

enum { LETTER_MAX = 4 << 20, WORD_BYTES = 42, LINE_BYTES = 57, PLAIN_MAX = 60 };

static void add_base64(struct buffer *b, const void *data, size_t size)
{
    char text[sodium_base64_ENCODED_LEN(LINE_BYTES, sodium_base64_VARIANT_ORIGINAL)];
    buffer_text(b, sodium_bin2base64(text, sizeof text, data, size, sodium_base64_VARIANT_ORIGINAL));
}

static bool is_plain(const char *text)
{
    size_t n = strlen(text);
    for (size_t i = 0; i < n; i++)
        if (!isalnum((unsigned char)text[i]) && !strchr(" .,-'!", text[i]))
            return false;
    return n <= PLAIN_MAX;
}

/* RFC 2047: words of base64, none longer than its limit, each whole characters. */
static void add_words(struct buffer *b, const char *text)
{
    if (is_plain(text)) {
        buffer_text(b, text);
        return;
    }
    for (const char *rest = text; *rest;) {
        size_t n = text_clip(rest, WORD_BYTES);
        buffer_text(b, rest == text ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?");
        add_base64(b, rest, n);
        buffer_text(b, "?=");
        rest += n;
    }
}

/* Line ends and other control characters mean nothing in a header. */
static const char *one_line(const char *text, struct arena *a)
{
    char *copy = arena_strdup(a, text ? text : "");
    for (char *p = copy; *p; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7f)
            *p = ' ';
    return copy;
}

static void add_person(struct buffer *b, const char *header, const char *name, const char *address,
                       struct arena *a)
{
    buffer_printf(b, "%s: ", header);
    const char *shown = text_trim(a, one_line(name, a));
    if (shown && is_plain(shown))
        buffer_printf(b, "\"%s\"\r\n ", shown);
    else if (shown) {
        add_words(b, shown);
        buffer_text(b, "\r\n ");
    }
    buffer_printf(b, "<%s>\r\n", address);
}

static void add_date(struct buffer *b, int64_t time_us)
{
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t seconds = (time_t)(time_us / 1000000);
    struct tm t;
    if (gmtime_r(&seconds, &t)) /* no clock of ours shows a year that does not fit */
        buffer_printf(b, "Date: %s, %02d %s %d %02d:%02d:%02d +0000\r\n", days[t.tm_wday], t.tm_mday,
                      months[t.tm_mon], t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
}

/* Lines end in CR LF, as MIME wants it of text. */
static void add_text(struct buffer *b, const char *text, struct arena *a)
{
    struct buffer lines;
    buffer_init(&lines, LETTER_MAX);
    for (const char *p = text ? text : ""; *p; p++)
        if (*p == '\n')
            buffer_text(&lines, "\r\n");
        else if (*p != '\r')
            buffer_char(&lines, *p);
    buffer_text(&lines, "\r\n");
    for (size_t at = 0; at < lines.size; at += LINE_BYTES) {
        add_base64(b, lines.data + at, lines.size - at < LINE_BYTES ? lines.size - at : LINE_BYTES);
        buffer_text(b, "\r\n");
    }
    buffer_release(&lines);
}

bool letter_is_address(const char *text)
{
    if (!text || !text_is_email(text))
        return false;
    for (const char *p = text; *p; p++)
        if (*p <= ' ' || *p >= 0x7f || strchr("<>()[]\\,;:\"", *p))
            return false;
    return true;
}

struct bytes letter_write(const struct letter *l, struct arena *a)
{
    struct buffer b;
    buffer_init(&b, LETTER_MAX);
    add_person(&b, "From", l->from_name, l->from_address, a);
    add_person(&b, "To", l->to_name, l->to_address, a);
    if (letter_is_address(l->reply_to))
        buffer_printf(&b, "Reply-To: <%s>\r\n", l->reply_to);
    buffer_text(&b, "Subject: ");
    add_words(&b, one_line(l->subject, a));
    buffer_text(&b, "\r\n");
    add_date(&b, l->time_us);
    buffer_printf(&b, "Message-ID: <%s%s>\r\n", l->id, strchr(l->from_address, '@'));
    buffer_text(&b, "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
                    "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n");
    add_text(&b, l->text, a);
    struct bytes out = bytes_of(arena_copy(a, b.data, b.size), b.size);
    buffer_release(&b);
    return out;
}
