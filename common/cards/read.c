/* vCards as they come: lines unfolded, split into name, parameters and value, gathered into cards. A line
   that is too long is passed over once, not kept. */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "cards/card.h"

enum { NAME_MAX_BYTES = 100, PROBLEM_TEXT_MAX = 160 };

/* --- lines of the file --- */

static bool next_physical(struct bytes *rest, struct bytes *line)
{
    if (rest->size == 0)
        return false;
    const uint8_t *end = memchr(rest->data, '\n', rest->size);
    size_t n = end ? (size_t)(end - rest->data) : rest->size, skip = n + (end != NULL);
    *line = bytes_of(rest->data, n > 0 && rest->data[n - 1] == '\r' ? n - 1 : n);
    *rest = bytes_of(rest->data + skip, rest->size - skip);
    return true;
}

static bool peek_physical(const struct card_reader *r, struct bytes *line)
{
    struct bytes rest = r->rest;
    return next_physical(&rest, line);
}

static bool take_physical(struct card_reader *r, struct bytes *line)
{
    bool there = next_physical(&r->rest, line);
    r->line += there;
    return there;
}

static bool is_blank(struct bytes line)
{
    for (size_t i = 0; i < line.size; i++)
        if (!memchr(" \t\r", line.data[i], 3))
            return false;
    return true;
}

/* Whether the parameters, which stand between the first semicolon and the first colon, have this word. */
static bool head_has(struct bytes line, const char *word)
{
    const uint8_t *colon = line.size ? memchr(line.data, ':', line.size) : NULL;
    size_t n = colon ? (size_t)(colon - line.data) : 0;
    const uint8_t *from = n ? memchr(line.data, ';', n) : NULL;
    return from && card_has_word((const char *)from, (size_t)(colon - from), word);
}

bool card_has_word(const char *text, size_t n, const char *word)
{
    size_t length = strlen(word);
    for (size_t i = 0; i + length <= n; i++)
        if (strncasecmp(text + i, word, length) == 0)
            return true;
    return false;
}

static bool ends_softly(const struct buffer *b)
{
    return b->size > 0 && b->data[b->size - 1] == '=';
}

/* A content line, unfolded, in `out` as far as it fits. 2.1 keeps the white space of a fold; its base64 may
   go on without any, up to an empty line. */
static bool next_logical(struct card_reader *r, struct buffer *out, bool is_21)
{
    struct bytes line, next;
    buffer_clear(out);
    if (!take_physical(r, &line))
        return false;
    bool quoted = head_has(line, "QUOTED-PRINTABLE");
    bool base64 =
        head_has(line, "ENCODING=BASE64") || head_has(line, "ENCODING=B") || head_has(line, ";BASE64");
    (void)buffer_add(out, line.data, line.size); /* out->overflow says so */
    while (peek_physical(r, &next)) {
        if (quoted && ends_softly(out)) {
            out->size--;
            (void)buffer_add(out, next.data, next.size); /* as above */
        } else if (next.size > 0 && (next.data[0] == ' ' || next.data[0] == '\t') &&
                   !(base64 && is_blank(next))) {
            size_t skip = !is_21 || base64;
            (void)buffer_add(out, next.data + skip, next.size - skip); /* as above */
        } else if (base64 && !is_blank(next) && !memchr(next.data, ':', next.size)) {
            (void)buffer_add(out, next.data, next.size); /* as above */
        } else
            return true;
        (void)take_physical(r, &next); /* it was seen */
    }
    return true;
}

/* --- a line's parts --- */

struct cursor {
    const char *at, *end;
};

static char *upper(struct arena *a, const char *from, size_t n)
{
    char *text = arena_strndup(a, from, n);
    for (char *p = text; *p; p++)
        *p = (char)toupper((unsigned char)*p);
    return text;
}

static bool is_name(const char *from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!isalnum((unsigned char)from[i]) && from[i] != '-' && from[i] != '_')
            return false;
    return n > 0 && n <= NAME_MAX_BYTES;
}

/* ^n ^^ ^' (RFC 6868) */
static char *param_text(struct arena *a, const char *from, size_t n)
{
    char *out = arena_alloc(a, n + 1);
    size_t size = 0;
    for (size_t i = 0; i < n; i++) {
        const char *code = from[i] == '^' && i + 1 < n ? memchr("n^'", from[i + 1], 3) : NULL;
        out[size++] = code ? (*code == 'n' ? '\n' : *code == '^' ? '^' : '"') : from[i];
        i += code != NULL;
    }
    out[size] = '\0';
    return out;
}

static void add_param(struct card_line *l, const char *name, char *value)
{
    if (l->n_params < CARD_PARAMS_MAX)
        l->params[l->n_params++] = (struct card_param){name, value};
}

/* TYPE="work,voice" means what TYPE=work;TYPE=voice does. */
static void add_types(struct card_line *l, const char *name, char *value)
{
    for (char *comma = strchr(value, ','); comma; comma = strchr(value, ',')) {
        *comma = '\0';
        add_param(l, name, value);
        value = comma + 1;
    }
    add_param(l, name, value);
}

/* Of 2.1: a word alone is a type or an encoding. */
static const char *name_of_word(const char *word)
{
    static const char *const encodings[] = {"QUOTED-PRINTABLE", "BASE64", "8BIT", "7BIT"};
    for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++)
        if (strcasecmp(word, encodings[i]) == 0)
            return "ENCODING";
    return "TYPE";
}

/* Values up to the next ; or :, separated by commas, any of them in quotes. */
static void take_values(struct card_line *l, const char *name, struct cursor *c, struct arena *a)
{
    bool more = true;
    while (more) {
        const char *from = c->at;
        bool quoted = c->at < c->end && *c->at == '"';
        const char *close = quoted ? memchr(c->at + 1, '"', (size_t)(c->end - c->at - 1)) : NULL;
        char *value;
        if (close) {
            value = param_text(a, from + 1, (size_t)(close - from - 1));
            c->at = close + 1;
        } else {
            while (c->at < c->end && !memchr(",;:", *c->at, 3))
                c->at++;
            value = param_text(a, from, (size_t)(c->at - from));
        }
        if (strcmp(name, "TYPE") == 0)
            add_types(l, name, value);
        else
            add_param(l, name, value);
        more = c->at < c->end && *c->at == ',';
        c->at += more;
    }
}

static bool take_params(struct card_line *l, struct cursor *c, struct arena *a)
{
    while (c->at < c->end && *c->at == ';') {
        const char *from = ++c->at;
        while (c->at < c->end && !memchr("=;:", *c->at, 3))
            c->at++;
        size_t n = (size_t)(c->at - from);
        if (c->at < c->end && *c->at == '=') {
            if (!is_name(from, n))
                return false;
            c->at++;
            take_values(l, upper(a, from, n), c, a);
        } else if (n > 0) {
            char *word = arena_strndup(a, from, n);
            add_param(l, name_of_word(word), word);
        }
    }
    return c->at < c->end && *c->at == ':';
}

/* Splits a line; the value is what stands behind the colon. False: it is no line. */
static bool split(struct bytes text, struct card_line *l, struct bytes *value, struct arena *a)
{
    struct cursor c = {(const char *)text.data, (const char *)text.data + text.size};
    const char *from = c.at;
    *l = (struct card_line){.params = ARENA_ARRAY(a, struct card_param, CARD_PARAMS_MAX)};
    while (c.at < c.end && !memchr(";:", *c.at, 2))
        c.at++;
    const char *dot = memchr(from, '.', (size_t)(c.at - from));
    if (dot && is_name(from, (size_t)(dot - from))) {
        l->group = arena_strndup(a, from, (size_t)(dot - from));
        from = dot + 1;
    }
    if (!is_name(from, (size_t)(c.at - from)))
        return false;
    l->name = upper(a, from, (size_t)(c.at - from));
    if (!take_params(l, &c, a))
        return false;
    *value = bytes_of(c.at + 1, (size_t)(c.end - c.at - 1));
    return true;
}

/* --- cards --- */

static bool is_mark(struct bytes line, const char *mark)
{
    size_t n = strlen(mark);
    return line.size >= n && strncasecmp((const char *)line.data, mark, n) == 0 &&
           is_blank(bytes_of(line.data + n, line.size - n));
}

__attribute__((format(printf, 3, 4))) static void remark(struct card *c, struct arena *a, const char *format,
                                                         ...)
{
    char text[PROBLEM_TEXT_MAX];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args); /* cut off is good enough */
    va_end(args);
    text[text_clip(text, sizeof text - 1)] = '\0';
    if (strlen(c->remarks) + strlen(text) + 2 <= CARD_REMARKS_MAX)
        c->remarks = arena_printf(a, "%s%s%s", c->remarks, *c->remarks ? "; " : "", text);
}

static bool head_is(struct bytes line, const char *name)
{
    size_t n = strlen(name);
    return line.size > n && strncasecmp((const char *)line.data, name, n) == 0 &&
           memchr(";:", line.data[n], 2);
}

struct reading {
    struct card_reader *reader;
    struct card *card;
    struct arena *arena;
    struct buffer line;
    bool is_21;
    unsigned depth; /* of cards within cards (AGENT of 2.1), which are left out */
    bool is_agent;  /* the line before began such a one */
};

static void take_line(struct reading *g, size_t at_line)
{
    struct card *c = g->card;
    struct bytes value;
    const char *why = NULL;
    struct card_line l;
    struct bytes text = buffer_bytes(&g->line);
    bool is_line = split(text, &l, &value, g->arena);
    /* names and parameters are not of any other character set; the value may be */
    if (!is_line || !text_valid((const char *)text.data, text.size - value.size)) {
        remark(c, g->arena, is_line ? "the parameters of line %zu are not UTF-8" : "line %zu is no property",
               at_line);
        return;
    }
    if (strcmp(l.name, "VERSION") == 0) {
        g->is_21 = value.size >= 3 && memcmp(value.data, "2.1", 3) == 0;
        return;
    }
    if (strcmp(l.name, "BEGIN") == 0 || strcmp(l.name, "END") == 0) { /* written out, it would be a mark */
        remark(c, g->arena, "%s in line %zu is no property", l.name, at_line);
        return;
    }
    if (g->line.overflow) {
        remark(c, g->arena, "%s is larger than %d bytes and is left out", l.name, CARD_LINE_MAX);
        return;
    }
    if (c->n_lines == CARD_LINES_MAX) {
        c->problem = "it has more than 500 lines";
        return;
    }
    l.value = card_decode_value(&l, value, g->is_21, g->reader->charset, g->arena, &why);
    if (!l.value)
        remark(c, g->arena, "%s is left out: %s", l.name, why);
    else
        c->lines[c->n_lines++] = l;
}

/* Up to END:VCARD. */
static void read_lines(struct reading *g)
{
    while (g->depth > 0) {
        size_t at_line = g->reader->line;
        struct bytes next;
        if (!peek_physical(g->reader, &next) || (is_mark(next, "BEGIN:VCARD") && !g->is_agent)) {
            g->card->problem = "it has no end";
            return;
        }
        (void)next_logical(g->reader, &g->line, g->is_21); /* there is one */
        struct bytes line = buffer_bytes(&g->line);
        bool begins = is_mark(line, "BEGIN:VCARD");
        g->is_agent = head_is(line, "AGENT");
        if (begins) {
            remark(g->card, g->arena, "the card inside it is left out");
            g->depth++;
        } else if (is_mark(line, "END:VCARD"))
            g->depth--;
        else if (g->depth == 1 && !is_blank(line) && !g->card->problem)
            take_line(g, at_line);
    }
}

void card_read_begin(struct card_reader *r, struct bytes content, const char *charset)
{
    bool marked = content.size >= 3 && memcmp(content.data, "\xef\xbb\xbf", 3) == 0;
    size_t skip = marked ? 3 : 0;
    *r = (struct card_reader){bytes_of(content.data + skip, content.size - skip), 1, charset};
}

/* Passes over what is no card; true: there was something. */
static bool skip_to_card(struct card_reader *r)
{
    bool something = false;
    struct bytes line;
    while (peek_physical(r, &line) && !is_mark(line, "BEGIN:VCARD")) {
        something = something || !is_blank(line);
        (void)take_physical(r, &line); /* it was seen */
    }
    return something;
}

bool card_next(struct card_reader *r, struct card *c, struct arena *a)
{
    struct bytes begin = r->rest, mark;
    *c = (struct card){.at_line = r->line, .remarks = ""};
    bool something = skip_to_card(r);
    if (!something && r->rest.size == 0)
        return false;
    if (something) {
        c->problem = "it is no vCard";
        c->raw = bytes_of(begin.data, begin.size - r->rest.size);
        return true;
    }
    begin = r->rest;
    c->at_line = r->line;
    (void)take_physical(r, &mark); /* BEGIN:VCARD */
    c->lines = ARENA_ARRAY(a, struct card_line, CARD_LINES_MAX);
    struct reading g = {.reader = r, .card = c, .arena = a, .depth = 1};
    buffer_init(&g.line, CARD_LINE_MAX);
    read_lines(&g);
    buffer_release(&g.line);
    c->raw = bytes_of(begin.data, begin.size - r->rest.size);
    return true;
}

void card_lines_parse(const char *text, struct card *c, struct arena *a)
{
    struct bytes rest = bytes_text(text), line, value;
    *c = (struct card){.remarks = "", .lines = ARENA_ARRAY(a, struct card_line, CARD_LINES_MAX)};
    while (c->n_lines < CARD_LINES_MAX && next_physical(&rest, &line)) {
        struct card_line *l = &c->lines[c->n_lines];
        if (line.size == 0 || !split(line, l, &value, a))
            continue;
        l->value = arena_strndup(a, (const char *)value.data, value.size);
        c->n_lines++;
    }
}
