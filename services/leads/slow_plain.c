/* HTML to lines of text: enough to read what a web site's form has mailed. */
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unicode/utf8.h>

#include "services/leads/mail.h"

struct plain {
    char *out;
    size_t size, n;
};

/* Tags that begin a new line. */
static const char *const breaks[] = {"br", "p",  "div", "tr",    "li", "h1",
                                     "h2", "h3", "h4",  "table", "ul", "ol"};
/* Elements whose contents nobody sees. */
static const char *const hidden[] = {"style", "script", "title", "head"};

static const struct {
    const char *name, *text;
} entities[] = {{"amp;", "&"}, {"lt;", "<"}, {"gt;", ">"}, {"quot;", "\""}, {"apos;", "'"}, {"nbsp;", " "}};

static void add(struct plain *p, const char *text, size_t n)
{
    if (p->n + n >= p->size)
        n = p->size - 1 - p->n;
    memcpy(p->out + p->n, text, n);
    p->n += n;
}

/* Space of any kind is one space, and none where a line begins. */
static void add_space(struct plain *p, char space)
{
    if (space == '\n')
        while (p->n && p->out[p->n - 1] == ' ')
            p->n--;
    if (p->n && p->out[p->n - 1] != '\n' && (space == '\n' || p->out[p->n - 1] != ' '))
        add(p, &space, 1);
}

static bool is_among(const char *const *names, size_t n, const char *tag, size_t size)
{
    for (size_t i = 0; i < n; i++)
        if (strlen(names[i]) == size && strncasecmp(names[i], tag, size) == 0)
            return true;
    return false;
}
#define IS_AMONG(names, tag, size) is_among(names, sizeof(names) / sizeof *(names), tag, size)

/* Behind the element's end; the text's end where it has none. */
static const char *behind(const char *at, const char *tag, size_t size)
{
    for (at = strstr(at, "</"); at; at = strstr(at + 2, "</"))
        if (strncasecmp(at + 2, tag, size) == 0)
            return at;
    return tag + strlen(tag);
}

/* `at` is behind the '<'. Returns what comes after the tag. */
static const char *tag(struct plain *p, const char *at)
{
    const char *name = at + (*at == '/');
    size_t size = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
    const char *end = strchr(at, '>');
    if (IS_AMONG(breaks, name, size))
        add_space(p, '\n');
    if (strncmp(at, "!--", 3) == 0) {
        end = strstr(at, "-->");
        return end ? end + 3 : at + strlen(at);
    }
    if (!end)
        return at + strlen(at);
    return *at != '/' && IS_AMONG(hidden, name, size) ? behind(end + 1, name, size) : end + 1;
}

/* `at` is behind the '&'. */
static const char *entity(struct plain *p, const char *at)
{
    enum { CODE_MAX = 0x10ffff };
    unsigned code = 0;
    int size = 0, n = 0;
    char utf8[U8_MAX_LENGTH];
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
        if (strncmp(at, entities[i].name, strlen(entities[i].name)) == 0) {
            add(p, entities[i].text, 1);
            return at + strlen(entities[i].name);
        }
    if ((sscanf(at, "#x%6x;%n", &code, &size) < 1 && sscanf(at, "#%7u;%n", &code, &size) < 1) || size == 0 ||
        code < ' ' || code > CODE_MAX || U_IS_SURROGATE(code)) {
        add(p, "&", 1);
        return at;
    }
    U8_APPEND_UNSAFE(utf8, n, code);
    add(p, utf8, (size_t)n);
    return at + size;
}

void leads_mail_plain(const char *html, char *out, size_t size)
{
    struct plain p = {.out = out, .size = size};
    while (*html && p.n + 1 < size) {
        char c = *html++;
        if (c == '<')
            html = tag(&p, html);
        else if (c == '&')
            html = entity(&p, html);
        else if (strchr(" \t\r\n", c))
            add_space(&p, ' ');
        else
            add(&p, &c, 1);
    }
    U8_TRUNCATE_IF_INCOMPLETE(out, 0, p.n);
    out[p.n] = '\0';
}
