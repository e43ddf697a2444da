/* Text with fields: compiled once, filled in for everybody. */
#include "base/fill.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/refusal.h"

enum { NAME_SHOWN_MAX = 40 };
#define FIELD_NONE UINT32_MAX

enum part_kind { PART_TEXT, PART_FIELD, PART_OPEN, PART_OR, PART_CLOSE };

struct part {
    enum part_kind kind;
    const char *text; /* TEXT; FIELD: what is written instead, NULL: nothing */
    uint32_t field;
};

struct fill_text {
    const struct fill_fields *fields;
    struct part parts[FILL_PARTS_MAX];
    size_t n;
};

/* A text being compiled. */
struct reading {
    const char *whole, *at;
    struct fill_text *out;
    struct arena *a;
    struct refusal *no;
    const char *field;
    const char *open; /* the bracket that is open; NULL: none */
};

/* "line 3, character 7: ..." */
static bool wrong(struct reading *r, const char *at, const char *what)
{
    unsigned line = 1, character = 1;
    for (const char *s = r->whole; s < at; s++) {
        character = *s == '\n' ? 1 : character + ((*s & 0xc0) != 0x80);
        line += *s == '\n';
    }
    return refuse(r->no, REFUSAL_INVALID_ARGUMENT, r->field, "line %u, character %u: %s", line, character,
                  what);
}

static bool add(struct reading *r, const char *at, struct part part)
{
    if (r->out->n == FILL_PARTS_MAX)
        return wrong(r, at, "there are too many fields and brackets");
    r->out->parts[r->out->n++] = part;
    return true;
}

static const char *known_fields(const struct fill_fields *fields, struct arena *a)
{
    const char *all = "", *name;
    for (uint32_t i = 0; (name = fields->name(i)); i++)
        all = arena_printf(a, "%s%s%s", all, i ? ", " : "", name);
    return all;
}

static uint32_t field_named(const struct fill_fields *fields, const char *name, size_t size)
{
    const char *known;
    for (uint32_t i = 0; (known = fields->name(i)); i++)
        if (strlen(known) == size && memcmp(known, name, size) == 0)
            return i;
    return FIELD_NONE;
}

/* {name} or {name|instead} */
static bool read_field(struct reading *r)
{
    const char *at = r->at, *name = at + 1, *end = name + strcspn(name, "{}[]\n");
    if (*end != '}')
        return wrong(r, at, "this brace is not closed with } on its line; a brace itself is written {{");
    const char *bar = memchr(name, '|', (size_t)(end - name));
    const size_t size = (size_t)((bar ? bar : end) - name);
    const uint32_t field = field_named(r->out->fields, name, size);
    if (field == FIELD_NONE)
        return wrong(r, at,
                     arena_printf(r->a, "there is no field \"%.*s\"; there are %s",
                                  (int)(size < NAME_SHOWN_MAX ? size : NAME_SHOWN_MAX), name,
                                  known_fields(r->out->fields, r->a)));
    if (!bar && !r->open && !r->out->fields->is_sure(field))
        return wrong(r, at,
                     arena_printf(r->a,
                                  "it may be missing; say what is written instead, {%.*s|...}, or put what "
                                  "belongs to it into [brackets]",
                                  (int)size, name));
    r->at = end + 1;
    return add(r, at,
               (struct part){.kind = PART_FIELD,
                             .field = field,
                             .text = bar ? arena_strndup(r->a, bar + 1, (size_t)(end - bar - 1)) : NULL});
}

static bool read_bracket(struct reading *r)
{
    const char *at = r->at++;
    enum part_kind kind = *at == '[' ? PART_OPEN : *at == '|' ? PART_OR : PART_CLOSE;
    if (kind == PART_OPEN && r->open)
        return wrong(r, at, "a bracket is open already; a bracket itself is written [[");
    if (kind == PART_CLOSE && !r->open)
        return wrong(r, at, "no bracket is open; a bracket itself is written ]]");
    r->open = kind == PART_OPEN ? at : kind == PART_CLOSE ? NULL : r->open;
    return add(r, at, (struct part){.kind = kind});
}

/* Plain text up to the next sign that means something; a doubled one is itself. */
static bool read_text(struct reading *r)
{
    const char *at = r->at;
    size_t n = strcspn(at, r->open ? "{}[]|" : "{}[]");
    if (n == 0)
        n = 1; /* the first of a pair */
    r->at += n + (at[0] != '\0' && n == 1 && strchr("{}[]", at[0]) != NULL);
    return add(r, at, (struct part){.kind = PART_TEXT, .text = arena_strndup(r->a, at, n)});
}

static bool read_part(struct reading *r)
{
    const char c = *r->at;
    if (strchr("{}[]", c) && r->at[1] == c)
        return read_text(r);
    if (c == '{')
        return read_field(r);
    if (c == '}')
        return wrong(r, r->at, "no brace is open; a brace itself is written }}");
    if (c == '[' || c == ']' || (c == '|' && r->open))
        return read_bracket(r);
    return read_text(r);
}

struct fill_text *fill_compile(const char *text, const char *field, const struct fill_fields *fields,
                               struct arena *a, struct refusal *no)
{
    struct reading r = {
        .whole = text, .at = text, .out = ARENA_NEW(a, struct fill_text), .a = a, .no = no, .field = field};
    r.out->fields = fields;
    while (*r.at)
        if (!read_part(&r))
            return NULL;
    if (r.open) {
        (void)wrong(&r, r.open, "this bracket is not closed with ]"); /* false is what is meant */
        return NULL;
    }
    return r.out;
}

/* --- filling in --- */

static const char *value_of(const struct fill_text *t, const struct part *p, const void *from,
                            struct arena *a)
{
    const char *value = t->fields->value(p->field, from, a);
    return value ? value : p->text;
}

/* Writes parts up to the next OR or CLOSE; false: something is missing. */
static bool write_choice(const struct fill_text *t, size_t *at, const void *from, struct buffer *out,
                         struct arena *a)
{
    bool whole = true;
    for (; *at < t->n && t->parts[*at].kind != PART_OR && t->parts[*at].kind != PART_CLOSE; ++*at) {
        const struct part *p = &t->parts[*at];
        const char *value = p->kind == PART_FIELD ? value_of(t, p, from, a) : p->text;
        whole = whole && value;
        if (whole)
            buffer_text(out, value);
    }
    return whole;
}

/* From behind OPEN to behind CLOSE. */
static void write_choices(const struct fill_text *t, size_t *at, const void *from, struct buffer *out,
                          struct arena *a)
{
    bool done = false;
    for (enum part_kind end = PART_OPEN; end != PART_CLOSE; end = t->parts[(*at)++].kind) {
        const size_t before = out->size;
        if (write_choice(t, at, from, out, a) && !done)
            done = true;
        else
            out->size = before;
    }
}

char *fill_write(const struct fill_text *t, const void *from, struct arena *a)
{
    struct buffer out;
    buffer_init(&out, FILL_BYTES_MAX);
    for (size_t i = 0; i < t->n;) {
        const struct part *p = &t->parts[i++];
        const char *value = p->kind == PART_FIELD ? value_of(t, p, from, a) : p->text;
        if (p->kind == PART_OPEN)
            write_choices(t, &i, from, &out, a);
        else if (value)
            buffer_text(&out, value);
    }
    char *text = arena_strdup(a, buffer_cstr(&out));
    buffer_release(&out);
    return text;
}

bool fill_plain(char *text, bool is_line)
{
    size_t to = 0;
    for (const char *s = text; *s; s++) {
        if (*s == '\r' && s[1] == '\n' && !is_line)
            continue;
        if (((unsigned char)*s < ' ' || *s == 0x7f) && (is_line || (*s != '\n' && *s != '\t')))
            return false;
        text[to++] = *s;
    }
    text[to] = '\0';
    return true;
}
