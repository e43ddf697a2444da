/* HTTP templates: what can be saved, whom they reach, and what becomes of their text. Customers are written
   to by a language of its own (leads/ack.h), in which braces and brackets have a meaning; JSON is full of
   them. */
#include "services/notifications/template.h"

#include <jansson.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "base/bytes.h"
#include "base/url.h"
#include "services/notifications/delivery.h"

enum { WRITTEN_MAX = 64 << 10, NAME_SHOWN_MAX = 40 };

static const struct value {
    const char *name;
    size_t offset;
    bool is_needed; /* without it nobody can be reached by it */
} values[] = {
    {"id", offsetof(struct template_values, id), false},
    {"title", offsetof(struct template_values, title), false},
    {"text", offsetof(struct template_values, text), false},
    {"lead.id", offsetof(struct template_values, lead_id), false},
    {"url", offsetof(struct template_values, url), false},
    {"user.name", offsetof(struct template_values, user_name), false},
    {"user.email", offsetof(struct template_values, user_email), true},
    {"user.phone", offsetof(struct template_values, user_phone), true},
    {"secret", offsetof(struct template_values, secret), false},
};
#define KNOWN                                                                                                \
    "{{id}}, {{title}}, {{text}}, {{lead.id}}, {{url}}, {{user.name}}, {{user.email}}, {{user.phone}}, "     \
    "{{secret}}"

static const struct value *value_named(const char *name, size_t size)
{
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        if (strlen(values[i].name) == size && memcmp(values[i].name, name, size) == 0)
            return &values[i];
    return NULL;
}

static const char *value_of(const struct value *known, const struct template_values *v)
{
    const char *value = *(const char *const *)((const char *)v + known->offset);
    return value ? value : "";
}

/* The next {{name}}: from `name` on, `*size` long; NULL: there is none. */
static const char *next_name(const char *text, size_t *size)
{
    const char *open = strstr(text, "{{"), *close = open ? strstr(open, "}}") : NULL;
    *size = close ? (size_t)(close - open) - 2 : 0;
    return close ? open + 2 : NULL;
}

/* --- writing --- */

static void write_line(struct buffer *b, const char *s)
{
    for (; *s; s++)
        buffer_char(b, (unsigned char)*s < ' ' || *s == 0x7f ? ' ' : *s);
}

/* Without the quotes, which are the template's. */
static void write_json(struct buffer *b, const char *s)
{
    size_t before = b->size;
    if (!schema_json_string(b, s) || b->overflow)
        return;
    memmove(b->data + before, b->data + before + 1, b->size - before - 2);
    b->size -= 2;
}

static void write_form(struct buffer *b, const char *s)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    for (; *s; s++)
        if (strchr(plain, *s))
            buffer_char(b, *s);
        else
            buffer_printf(b, "%%%02X", (unsigned)(unsigned char)*s);
}

static void write_plain(struct buffer *b, const char *s)
{
    buffer_text(b, s);
}

static void (*const writers[])(struct buffer *b, const char *s) = {
    [TEMPLATE_PLAIN] = write_plain,
    [TEMPLATE_LINE] = write_line,
    [TEMPLATE_JSON] = write_json,
    [TEMPLATE_FORM] = write_form,
};

const char *template_write(const char *text, enum template_place place, const struct template_values *v,
                           struct arena *a)
{
    struct buffer b;
    size_t size;
    buffer_init(&b, WRITTEN_MAX);
    for (const char *name; (name = next_name(text, &size)); text = name + size + 2) {
        const struct value *known = value_named(name, size);
        buffer_add(&b, text, (size_t)(name - text) - 2);
        if (known)
            writers[place](&b, value_of(known, v));
    }
    buffer_text(&b, text);
    char *written = b.overflow ? NULL : arena_strdup(a, buffer_cstr(&b));
    buffer_release(&b);
    return written;
}

/* --- what it needs --- */

enum template_place template_body_place(const Baton__HttpTemplate *t)
{
    static const char header[] = "content-type:";
    for (size_t i = 0; i < t->n_headers; i++) {
        if (strncasecmp(t->headers[i], header, sizeof header - 1) != 0)
            continue;
        const char *type = t->headers[i] + sizeof header - 1;
        return strcasestr(type, "json")                    ? TEMPLATE_JSON
               : strcasestr(type, "x-www-form-urlencoded") ? TEMPLATE_FORM
                                                           : TEMPLATE_PLAIN;
    }
    return TEMPLATE_PLAIN;
}

static bool text_reaches(const char *text, const struct template_values *v)
{
    size_t size;
    for (const char *name; text && (name = next_name(text, &size)); text = name + size + 2) {
        const struct value *known = value_named(name, size);
        if (known && known->is_needed && !*value_of(known, v))
            return false;
    }
    return true;
}

bool template_reaches(const Baton__HttpTemplate *t, const Baton__User *u)
{
    const struct template_values v = {.user_email = u->email, .user_phone = u->phone};
    bool reaches = text_reaches(t->url, &v) && text_reaches(t->body, &v);
    for (size_t i = 0; i < t->n_headers; i++)
        reaches = reaches && text_reaches(t->headers[i], &v);
    return reaches;
}

/* --- what can be saved --- */

static bool check_values(const char *text, const char *field, struct refusal *no)
{
    size_t size;
    for (const char *name; text && (name = next_name(text, &size)); text = name + size + 2)
        if (!value_named(name, size))
            return refuse(no, REFUSAL_INVALID_ARGUMENT, field, "there is no value \"%.*s\"; there are " KNOWN,
                          (int)(size < NAME_SHOWN_MAX ? size : NAME_SHOWN_MAX), name);
    return !text || !strstr(text, "{{") ||
           refuse(no, REFUSAL_INVALID_ARGUMENT, field, "{{ is not closed with }}");
}

/* Whom it goes to is no value. */
static bool check_url(const char *url, struct refusal *no)
{
    char origin[URL_ORIGIN_SIZE];
    if (!url_origin(url, origin))
        return refuse(
            no, REFUSAL_INVALID_ARGUMENT, "url",
            "a template's address is given as https://HOST/PATH, with values behind the host alone");
    return check_values(url, "url", no);
}

static bool check_header(const char *header, struct refusal *no)
{
    static const char name[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    static const char *const ours[] = {"host", "content-length", "transfer-encoding", "connection", "expect"};
    size_t n = strspn(header, name);
    if (!n || header[n] != ':' || header[strcspn(header, "\r\n")])
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "headers", "a header is one line, Name: value");
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        if (strlen(ours[i]) == n && strncasecmp(ours[i], header, n) == 0)
            return refuse(no, REFUSAL_INVALID_ARGUMENT, "headers", "%s is set by Baton itself", ours[i]);
    return check_values(header, "headers", no);
}

static bool check_json(const char *body, struct arena *a, struct refusal *no)
{
    static const char odd[] = "\"\\\n";
    static const struct template_values sample = {odd, odd, odd, odd, odd, odd, odd, odd, odd};
    const char *written = template_write(body, TEMPLATE_JSON, &sample, a);
    json_error_t error = {0};
    json_t *json = written ? json_loads(written, JSON_DECODE_ANY, &error) : NULL;
    json_decref(json);
    return json || refuse(no, REFUSAL_INVALID_ARGUMENT, "body",
                          "it is not JSON, line %d: %.100s; a {{value}} stands within quotes", error.line,
                          error.text);
}

bool notifications_check_template(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                                  struct stamp *s, struct outcome *out)
{
    const Baton__HttpTemplate *t = (const Baton__HttpTemplate *)after;
    if (!t)
        return delivery_secret_forgotten(before, s, out);
    /* 1: an address whose host is certain */
    if (t->url && !check_url(t->url, &out->no))
        return false;
    /* 2: headers that are each one line, and not ours */
    for (size_t i = 0; i < t->n_headers; i++)
        if (!check_header(t->headers[i], &out->no))
            return false;
    /* 3: a body where there can be one, with values there are */
    if (t->body && t->method == BATON__HTTP_METHOD__HTTP_METHOD_GET)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "body", "a GET has no body");
    if (!check_values(t->body, "body", &out->no))
        return false;
    /* 4: that is JSON where it says so, whatever the values are */
    return !t->body || template_body_place(t) != TEMPLATE_JSON || check_json(t->body, s->arena, &out->no);
}
