/* Web pages by libxml2's reader: what a browser would show, without ever having the whole as a tree. */
#include <libxml/HTMLparser.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "reading/lines.h"
#include "reading/reading.h"

enum { CHARSET_IN = 4096, CHARSET_SIZE = 40 };

enum element { FLOWS, BREAKS, COLUMN, HIDES };
static const struct {
    const char *name;
    enum element is;
} elements[] = {
    {"address", BREAKS}, {"article", BREAKS}, {"aside", BREAKS}, {"blockquote", BREAKS}, {"br", BREAKS},
    {"caption", BREAKS}, {"dd", BREAKS},      {"div", BREAKS},   {"dl", BREAKS},         {"dt", BREAKS},
    {"figure", BREAKS},  {"footer", BREAKS},  {"form", BREAKS},  {"h1", BREAKS},         {"h2", BREAKS},
    {"h3", BREAKS},      {"h4", BREAKS},      {"h5", BREAKS},    {"h6", BREAKS},         {"header", BREAKS},
    {"hr", BREAKS},      {"li", BREAKS},      {"main", BREAKS},  {"nav", BREAKS},        {"ol", BREAKS},
    {"option", BREAKS},  {"p", BREAKS},       {"pre", BREAKS},   {"section", BREAKS},    {"table", BREAKS},
    {"title", BREAKS},   {"tr", BREAKS},      {"ul", BREAKS},    {"td", COLUMN},         {"th", COLUMN},
    {"noscript", HIDES}, {"object", HIDES},   {"script", HIDES}, {"style", HIDES},       {"svg", HIDES},
    {"template", HIDES}, {"textarea", HIDES},
};

struct page {
    struct lines lines;
    unsigned hidden; /* how deep */
};

static enum element what(const xmlChar *name)
{
    for (size_t i = 0; i < sizeof elements / sizeof *elements; i++)
        if (strcasecmp(elements[i].name, (const char *)name) == 0)
            return elements[i].is;
    return FLOWS;
}

static void on_begin(void *of, const xmlChar *name, const xmlChar **attributes)
{
    struct page *p = of;
    enum element is = what(name);
    p->hidden += is == HIDES;
    if (is == BREAKS && !p->hidden)
        lines_end(&p->lines);
    else if (is == COLUMN && !p->hidden)
        lines_column(&p->lines);
}

static void on_end(void *of, const xmlChar *name)
{
    struct page *p = of;
    enum element is = what(name);
    p->hidden -= is == HIDES && p->hidden > 0;
    if (is == BREAKS && !p->hidden)
        lines_end(&p->lines);
}

static void on_text(void *of, const xmlChar *text, int size)
{
    struct page *p = of;
    if (!p->hidden)
        lines_flow(&p->lines, (const char *)text, (size_t)size);
}

/* What a page says of itself, "charset=utf-8", near its beginning. */
static const char *said(struct bytes html, char charset[CHARSET_SIZE])
{
    static const char mark[] = "charset=",
                      letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:";
    size_t n = html.size < CHARSET_IN ? html.size : CHARSET_IN, size = 0;
    const char *end = (const char *)html.data + n, *at = memmem(html.data, n, mark, sizeof mark - 1);
    if (!at)
        return NULL;
    for (at += sizeof mark - 1; at < end && (*at == '"' || *at == '\'');)
        at++;
    while (at + size < end && size < CHARSET_SIZE - 1 && memchr(letters, at[size], sizeof letters - 1))
        size++;
    memcpy(charset, at, size);
    charset[size] = '\0';
    return size > 0 ? charset : NULL;
}

static bool parse(struct page *p, const char *text, size_t size)
{
    static const int options = HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                               HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC;
    enum { PIECE = 64 << 10 };
    htmlSAXHandler sax = {.startElement = on_begin,
                          .endElement = on_end,
                          .characters = on_text,
                          .ignorableWhitespace = on_text,
                          .cdataBlock = on_text};
    htmlParserCtxtPtr ctxt = htmlCreatePushParserCtxt(&sax, p, NULL, 0, NULL, XML_CHAR_ENCODING_UTF8);
    if (!ctxt)
        return false;
    (void)htmlCtxtUseOptions(ctxt, options); /* tells which it does not know */
    for (size_t at = 0; at < size && !p->lines.is_full; at += PIECE)
        (void)htmlParseChunk(ctxt, text + at, (int)(size - at < PIECE ? size - at : PIECE),
                             0); /* any page is one */
    (void)htmlParseChunk(ctxt, NULL, 0, 1);
    if (ctxt->myDoc)
        xmlFreeDoc(ctxt->myDoc);
    htmlFreeParserCtxt(ctxt);
    return true;
}

enum ask_status reading_html_text(struct bytes html, const char *charset, struct buffer *out)
{
    char own[CHARSET_SIZE];
    size_t size;
    char *text = reading_utf8(html, charset ? charset : said(html, own), &size);
    struct page p = {.lines = {.out = out}};
    bool is_read = text && parse(&p, text, size);
    free(text);
    lines_end(&p.lines);
    return !is_read ? ASK_BROKEN : p.lines.is_full ? ASK_CUT : ASK_DONE;
}

enum ask_status reading_html(int file, struct buffer *out)
{
    size_t size;
    uint8_t *data = reading_whole(file, &size);
    enum ask_status status = data ? reading_html_text(bytes_of(data, size), NULL, out) : ASK_BROKEN;
    free(data);
    return status;
}
