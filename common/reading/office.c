/* Text of Word, PowerPoint and OpenDocument: what their elements mean for it, and nothing else of them. */
#include <stdlib.h>
#include <string.h>

#include "preview/preview.h"
#include "reading/lines.h"
#include "reading/pack.h"
#include "reading/reading.h"

enum { SPACES_MAX = 80, ASIDE_MAX = 1 << 20 };

/* What an element is. */
enum sense {
    TEXT,  /* what is written in it is text */
    LINE,  /* and it ends a line */
    END,   /* ends a line, but what stands in it between elements is not text */
    BREAK, /* a new line */
    TAB,
    SPACES,
    HYPHEN,
    ROW,
    CELL,
    ASIDE, /* notes and comments: text that comes behind all other */
    SKIP
};
struct element {
    const char *name;
    enum sense is;
};

static const struct element office[] = {
    {"t", TEXT},        {"p", END},         {"br", BREAK},
    {"cr", BREAK},      {"tab", TAB},       {"ptab", TAB},
    {"pPr", SKIP},      {"rPr", SKIP},      {"noBreakHyphen", HYPHEN},
    {"Fallback", SKIP}, {"moveFrom", SKIP}, {"rt", SKIP},
    {"del", SKIP},      {"tr", ROW},        {"tc", CELL},
};
static const struct element open_document[] = {
    {"p", LINE},
    {"h", LINE},
    {"line-break", BREAK},
    {"tab", TAB},
    {"s", SPACES},
    {"annotation", ASIDE},
    {"note-body", ASIDE},
    {"note-citation", SKIP},
    {"ruby-text", SKIP},
    {"tracked-changes", SKIP},
    {"sequence-decls", SKIP},
    {"binary-data", SKIP},
    {"creator", SKIP},
    {"date", SKIP},
    {"table-row", ROW},
    {"table-cell", CELL},
    {"desc", LINE},
    {"title", LINE},
};

/* The parts of a file that have text, in this order. Without the first it is none. */
struct form {
    enum kind_text how;
    const struct element *elements;
    size_t n_elements;
    bool keeps_spaces;
    const char *parts[8];
};
static const struct form forms[] = {
    {KIND_TEXT_WORD,
     office,
     sizeof office / sizeof *office,
     true,
     {"word/document*.xml", "word/footnotes*.xml", "word/endnotes*.xml", "word/comments.xml",
      "word/header*.xml", "word/footer*.xml", "word/diagrams/data*.xml", "word/charts/chart*.xml"}},
    {KIND_TEXT_SLIDES,
     office,
     sizeof office / sizeof *office,
     true,
     {"ppt/slides/slide*.xml", "ppt/notesSlides/notesSlide*.xml", "ppt/diagrams/data*.xml",
      "ppt/charts/chart*.xml"}},
    {KIND_TEXT_OPEN,
     open_document,
     sizeof open_document / sizeof *open_document,
     false,
     {"content.xml", "styles.xml"}},
};

struct walk {
    const struct form *form;
    struct pack *pack;
    struct lines lines, aside;
    unsigned in_text, in_aside;
    size_t row_at; /* where the text of the row begins */
    bool is_first; /* the next cell of it is */
};

static const struct element *find(const struct walk *w, const char *name)
{
    for (size_t i = 0; i < w->form->n_elements; i++)
        if (strcmp(w->form->elements[i].name, name) == 0)
            return &w->form->elements[i];
    return NULL;
}

static struct lines *here(struct walk *w)
{
    return w->in_aside > 0 ? &w->aside : &w->lines;
}

static void put_spaces(struct walk *w)
{
    static const char spaces[SPACES_MAX + 1] =
        "                                                                                ";
    char *count = pack_attribute(w->pack, "c");
    unsigned long n = count ? strtoul(count, NULL, 10) : 1;
    lines_raw(here(w), spaces, n < SPACES_MAX ? n : SPACES_MAX);
    xmlFree(count);
}

/* Cells stand side by side; within one, lines stay lines. */
static void begin_cell(struct walk *w)
{
    if (!w->is_first && here(w)->out->size > w->row_at)
        lines_beside(here(w));
    w->is_first = false;
}

static void begin_row(struct walk *w)
{
    lines_end(here(w));
    w->row_at = here(w)->out->size;
    w->is_first = true;
}

static void begin_element(struct walk *w)
{
    const struct element *e = find(w, pack_name(w->pack));
    bool is_empty = xmlTextReaderIsEmptyElement(w->pack->reader) == 1;
    if (!e)
        return;
    switch (e->is) {
    case TEXT:
    case LINE:
        w->in_text += !is_empty;
        break;
    case BREAK:
        lines_end(here(w));
        break;
    case TAB:
        lines_column(here(w));
        break;
    case SPACES:
        put_spaces(w);
        break;
    case HYPHEN:
        lines_raw(here(w), "-", 1);
        break;
    case ROW:
        begin_row(w);
        break;
    case CELL:
        begin_cell(w);
        break;
    case ASIDE:
        w->in_aside += !is_empty;
        break;
    case SKIP:
        pack_skip(w->pack);
        break;
    case END:
        break;
    }
}

static void end_element(struct walk *w)
{
    const struct element *e = find(w, pack_name(w->pack));
    if (!e)
        return;
    if (e->is == LINE || e->is == END || e->is == ROW)
        lines_end(here(w));
    if ((e->is == TEXT || e->is == LINE) && w->in_text > 0)
        w->in_text--;
    if (e->is == ASIDE && w->in_aside > 0)
        w->in_aside--;
}

static void put_text(struct walk *w)
{
    const char *text = (const char *)xmlTextReaderConstValue(w->pack->reader);
    if (!text || w->in_text == 0)
        return;
    if (w->form->keeps_spaces)
        lines_raw(here(w), text, strlen(text));
    else
        lines_flow(here(w), text, strlen(text));
}

static void read_part(struct walk *w, zip_uint64_t entry)
{
    w->in_text = w->in_aside = 0;
    if (!pack_begin(w->pack, entry))
        return;
    while (!w->lines.is_full && pack_next(w->pack))
        switch (xmlTextReaderNodeType(w->pack->reader)) {
        case XML_READER_TYPE_ELEMENT:
            begin_element(w);
            break;
        case XML_READER_TYPE_END_ELEMENT:
            end_element(w);
            break;
        case XML_READER_TYPE_TEXT:
        case XML_READER_TYPE_CDATA:
        case XML_READER_TYPE_WHITESPACE:
        case XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
            put_text(w);
            break;
        default:
            break;
        }
    pack_end(w->pack);
    lines_end(&w->lines);
}

/* OpenDocument keeps under its own names what is encrypted, and says so elsewhere. */
static bool is_encrypted(struct pack *p)
{
    zip_uint64_t found[PACK_FOUND_MAX];
    bool is = false;
    if (pack_find(p, "META-INF/manifest.xml", found) == 0 || !pack_begin(p, found[0]))
        return false;
    while (!is && pack_next(p))
        is = xmlTextReaderNodeType(p->reader) == XML_READER_TYPE_ELEMENT &&
             strcmp(pack_name(p), "encryption-data") == 0;
    pack_end(p);
    return is;
}

static enum ask_status read_parts(struct walk *w)
{
    zip_uint64_t found[PACK_FOUND_MAX];
    if (w->form->how == KIND_TEXT_OPEN && is_encrypted(w->pack))
        return ASK_PROTECTED;
    for (size_t i = 0; i < sizeof w->form->parts / sizeof *w->form->parts && w->form->parts[i]; i++) {
        size_t n = pack_find(w->pack, w->form->parts[i], found);
        if (n == 0 && i == 0)
            return ASK_BROKEN;
        for (size_t k = 0; k < n && w->pack->status == ASK_DONE && !w->lines.is_full; k++)
            read_part(w, found[k]);
    }
    lines_raw(&w->lines, (const char *)w->aside.out->data, w->aside.out->size);
    return w->pack->status != ASK_DONE ? w->pack->status : w->lines.is_full ? ASK_CUT : ASK_DONE;
}

enum ask_status reading_office(enum kind_text how, int file, struct buffer *out)
{
    struct pack pack;
    struct buffer aside;
    struct walk w = {.pack = &pack, .lines = {.out = out}, .aside = {.out = &aside}};
    buffer_init(&aside, ASIDE_MAX);
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (forms[i].how == how)
            w.form = &forms[i];
    enum ask_status status = pack_open(&pack, file);
    if (status == ASK_DONE)
        status = read_parts(&w);
    pack_close(&pack);
    buffer_release(&aside);
    return status;
}
