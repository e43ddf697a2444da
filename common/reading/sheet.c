/* Text of Excel workbooks: a line for each row, a tab between cells, days as days. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "reading/lines.h"
#include "reading/pack.h"
#include "reading/reading.h"

enum { STRINGS_MAX = 64 << 20, STYLES_MAX = 4096, FORMATS_MAX = 1024, VALUE_MAX = 32 << 10 };

/* How numbers are written where it is not by one of the program's own formats. */
struct format {
    unsigned id;
    bool is_day;
};

struct book {
    struct pack *pack;
    struct lines lines;
    struct buffer strings; /* the shared ones, each with its NUL */
    struct buffer offsets; /* of them: uint32_t */
    struct format formats[FORMATS_MAX];
    size_t n_formats;
    bool is_day[STYLES_MAX]; /* by a cell's style */
    size_t n_styles;
    bool from_1904;
};

static bool at_element(const struct book *b, const char *name)
{
    return xmlTextReaderNodeType(b->pack->reader) == XML_READER_TYPE_ELEMENT &&
           strcmp(pack_name(b->pack), name) == 0;
}

static unsigned number_of(const struct book *b, const char *attribute)
{
    char *text = pack_attribute(b->pack, attribute);
    unsigned long n = text ? strtoul(text, NULL, 10) : 0;
    xmlFree(text);
    return (unsigned)n;
}

/* The text inside of the element: of its <t> and <v>, without what says how it is spoken. */
static void take_text(struct book *b, struct buffer *to)
{
    int depth = xmlTextReaderDepth(b->pack->reader);
    if (xmlTextReaderIsEmptyElement(b->pack->reader) == 1)
        return;
    while (pack_next(b->pack) && xmlTextReaderDepth(b->pack->reader) > depth) {
        const char *text = (const char *)xmlTextReaderConstValue(b->pack->reader);
        int type = xmlTextReaderNodeType(b->pack->reader);
        if (at_element(b, "rPh") || at_element(b, "rPr") || at_element(b, "f"))
            pack_skip(b->pack);
        else if (text && (type == XML_READER_TYPE_TEXT || type == XML_READER_TYPE_CDATA ||
                          type == XML_READER_TYPE_SIGNIFICANT_WHITESPACE))
            (void)buffer_text(to, text); /* what does not fit is missing */
    }
}

/* --- what cells refer to --- */

static void read_string(struct book *b)
{
    uint32_t at = (uint32_t)b->strings.size;
    if (!at_element(b, "si"))
        return;
    take_text(b, &b->strings);
    if (!buffer_char(&b->strings, '\0') || !buffer_add(&b->offsets, &at, sizeof at))
        b->pack->status = ASK_TOO_MUCH;
}

/* 1: letters of days and hours, outside of what stands in quotes and brackets. */
static bool writes_days(const char *code)
{
    bool quoted = false, bracket = false;
    for (; *code; code++) {
        if (*code == '"')
            quoted = !quoted;
        else if (*code == '\\' && code[1])
            code++;
        else if (*code == '[' || *code == ']')
            bracket = *code == '[';
        else if (!quoted && !bracket && strchr("ymdhsYMDHS", *code))
            return true;
    }
    return false;
}

static bool is_day_format(const struct book *b, unsigned id)
{
    for (size_t i = 0; i < b->n_formats; i++)
        if (b->formats[i].id == id)
            return b->formats[i].is_day;
    /* 2: the program's own, among them those of East Asia. */
    return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) ||
           (id >= 50 && id <= 58);
}

static void read_style(struct book *b)
{
    char *code = at_element(b, "numFmt") ? pack_attribute(b->pack, "formatCode") : NULL;
    if (code && b->n_formats < FORMATS_MAX)
        b->formats[b->n_formats++] = (struct format){number_of(b, "numFmtId"), writes_days(code)};
    xmlFree(code);
    if (!at_element(b, "cellXfs") || xmlTextReaderIsEmptyElement(b->pack->reader) == 1)
        return;
    for (int depth = xmlTextReaderDepth(b->pack->reader);
         pack_next(b->pack) && xmlTextReaderDepth(b->pack->reader) > depth;)
        if (at_element(b, "xf") && b->n_styles < STYLES_MAX)
            b->is_day[b->n_styles++] = is_day_format(b, number_of(b, "numFmtId"));
}

static void read_book(struct book *b)
{
    if (at_element(b, "workbookPr")) {
        char *from = pack_attribute(b->pack, "date1904");
        b->from_1904 = from && (strcmp(from, "1") == 0 || strcmp(from, "true") == 0);
        xmlFree(from);
    }
    char *name = at_element(b, "sheet") ? pack_attribute(b->pack, "name") : NULL;
    if (name) {
        lines_flow(&b->lines, name, strlen(name));
        lines_end(&b->lines);
    }
    xmlFree(name);
}

/* --- cells --- */

/* 3: days since the last of 1899 (the program takes 1900 for a leap year, hence the one before), or since
 * 1904. */
static bool put_day(struct book *b, double days)
{
    enum { DAYS_MAX = 2958465, SECONDS = 86400, TO_1970 = 25569, FROM_1904 = 1462 };
    char text[CIVIL_SIZE];
    if (!(days >= 1 && days <= DAYS_MAX))
        return false;
    double seconds = round((days - TO_1970 + (b->from_1904 ? FROM_1904 : 0)) * SECONDS);
    struct civil c = civil_of_seconds((int64_t)seconds);
    civil_format(text, &c, c.hour == 0 && c.minute == 0 && c.second == 0);
    lines_raw(&b->lines, text, strlen(text));
    return true;
}

/* Without what is no more than how binary numbers are kept, as the program shows it. */
static void put_number(struct book *b, const char *text, unsigned style)
{
    char number[40], *end;
    double value = strtod(text, &end);
    if (style < b->n_styles && b->is_day[style] && put_day(b, value))
        return;
    if (end > text && !*end && isfinite(value))
        (void)snprintf(number, sizeof number, "%.15g", value); /* it fits */
    else
        (void)snprintf(number, sizeof number, "%.39s", text); /* a longer one is none */
    lines_flow(&b->lines, number, strlen(number));
}

static void put_value(struct book *b, const char *type, unsigned style, struct buffer *value)
{
    const char *text = buffer_cstr(value);
    if (strcmp(type, "s") == 0) {
        unsigned long i = strtoul(text, NULL, 10);
        uint32_t at;
        if (i >= b->offsets.size / sizeof at)
            return;
        memcpy(&at, b->offsets.data + i * sizeof at, sizeof at);
        text = (const char *)b->strings.data + at;
    } else if (strcmp(type, "b") == 0) {
        text = *text == '1' ? "true" : "false";
    } else if (strcmp(type, "n") == 0) {
        put_number(b, text, style);
        return;
    }
    lines_flow(&b->lines, text, strlen(text));
}

static void read_cell(struct book *b)
{
    if (at_element(b, "row"))
        lines_end(&b->lines);
    if (!at_element(b, "c"))
        return;
    struct buffer value;
    buffer_init(&value, VALUE_MAX);
    char *type = pack_attribute(b->pack, "t");
    unsigned style = number_of(b, "s");
    take_text(b, &value);
    lines_column(&b->lines);
    if (value.size > 0)
        put_value(b, type ? type : "n", style, &value);
    xmlFree(type);
    buffer_release(&value);
}

/* Text boxes and comments: each run of text, and what ends a line of them. */
static void read_beside(struct book *b)
{
    struct buffer text;
    bool is_end = xmlTextReaderNodeType(b->pack->reader) == XML_READER_TYPE_END_ELEMENT;
    if (is_end && (strcmp(pack_name(b->pack), "p") == 0 || strcmp(pack_name(b->pack), "text") == 0))
        lines_end(&b->lines);
    if (!at_element(b, "t"))
        return;
    buffer_init(&text, VALUE_MAX);
    take_text(b, &text);
    lines_flow(&b->lines, buffer_cstr(&text), strlen(buffer_cstr(&text)));
    buffer_release(&text);
}

/* In this order. */
static const struct {
    const char *pattern;
    void (*read)(struct book *b);
    bool is_needed;
} parts[] = {
    {"xl/sharedStrings.xml", read_string, false},
    {"xl/styles.xml", read_style, false},
    {"xl/workbook.xml", read_book, true},
    {"xl/worksheets/sheet*.xml", read_cell, false},
    {"xl/drawings/drawing*.xml", read_beside, false},
    {"xl/comments*.xml", read_beside, false},
};

static enum ask_status read_parts(struct book *b)
{
    zip_uint64_t found[PACK_FOUND_MAX];
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        size_t n = pack_find(b->pack, parts[i].pattern, found);
        if (n == 0 && parts[i].is_needed)
            return ASK_BROKEN;
        for (size_t k = 0; k < n && !b->lines.is_full; k++) {
            if (!pack_begin(b->pack, found[k]))
                return b->pack->status;
            while (!b->lines.is_full && b->pack->status == ASK_DONE && pack_next(b->pack))
                parts[i].read(b);
            pack_end(b->pack);
            lines_end(&b->lines);
        }
    }
    return b->pack->status != ASK_DONE ? b->pack->status : b->lines.is_full ? ASK_CUT : ASK_DONE;
}

enum ask_status reading_sheet(int file, struct buffer *out)
{
    struct pack pack;
    struct book *b = calloc(1, sizeof *b);
    if (!b)
        return ASK_TOO_MUCH;
    b->pack = &pack;
    b->lines.out = out;
    buffer_init(&b->strings, STRINGS_MAX);
    buffer_init(&b->offsets, STRINGS_MAX);
    enum ask_status status = pack_open(&pack, file);
    if (status == ASK_DONE)
        status = read_parts(b);
    pack_close(&pack);
    buffer_release(&b->strings);
    buffer_release(&b->offsets);
    free(b);
    return status;
}
