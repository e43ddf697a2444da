/* A quote as PDF, by cairo and pango. All measures are points. */
#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <stdio.h>
#include <string.h>

#include "base/money.h"
#include "services/opportunities/quote.h"
#include "services/opportunities/quote_pdf.h"

enum { COLUMNS = 7, TEXT = 512, LETTERHEAD = 1200 };

static const double WIDTH = 595.276, HEIGHT = 841.89, LEFT = 48, RIGHT = 547, TOP = 48, BOTTOM = 780,
                    FOOT = 802;
static const double GAP = 4, LEAD = 10;
static const char FAMILY[] = "Noto Sans CJK TC, sans-serif";

/* Where a column's text begins or, of numbers, ends. */
static const struct column {
    double at, width;
    bool is_right;
} columns[COLUMNS] = {{48, 20, false}, {70, 190, false}, {322, 58, true}, {392, 66, true},
                      {454, 58, true}, {486, 30, true},  {547, 58, true}};

struct page {
    cairo_t *cr;
    const Baton__Quote *q;
    const struct quote_paper *paper;
    const struct quote_words *words;
    PangoFontDescription *plain, *bold, *large, *small;
    PangoLayout *names[QUOTE_LINES_MAX];
    double heights[QUOTE_LINES_MAX];
    double y;
    int digits, number, of;
    bool is_counting; /* nothing is drawn */
};

/* --- text --- */

static PangoLayout *layout_new(struct page *p, const PangoFontDescription *font, double width,
                               const char *text)
{
    PangoLayout *l = pango_cairo_create_layout(p->cr);
    pango_layout_set_font_description(l, font);
    pango_layout_set_width(l, width > 0 ? (int)(width * PANGO_SCALE) : -1);
    pango_layout_set_wrap(l, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_text(l, text, -1);
    return l;
}

static void size_of(PangoLayout *l, double *width, double *height)
{
    int w, h;
    pango_layout_get_size(l, &w, &h);
    *width = (double)w / PANGO_SCALE;
    *height = (double)h / PANGO_SCALE;
}

/* At x, or up to it; returns how high it is. */
static double text_at(struct page *p, const PangoFontDescription *font, double x, double y, double width,
                      bool is_right, const char *text)
{
    double w, h;
    PangoLayout *l = layout_new(p, font, is_right ? 0 : width, text);
    size_of(l, &w, &h);
    cairo_move_to(p->cr, is_right ? x - w : x, y);
    if (!p->is_counting)
        pango_cairo_show_layout(p->cr, l);
    g_object_unref(l);
    return h;
}

static void rule(struct page *p, double from, double y, double weight)
{
    if (p->is_counting)
        return;
    cairo_set_line_width(p->cr, weight);
    cairo_move_to(p->cr, from, y);
    cairo_line_to(p->cr, RIGHT, y);
    cairo_stroke(p->cr);
}

/* --- pages --- */

static void foot(struct page *p)
{
    char text[TEXT], title[TEXT];
    (void)snprintf(text, sizeof text, "%s%d%s%d%s", p->words->page[0], p->number, p->words->page[1], p->of,
                   p->words->page[2]); /* it fits */
    (void)snprintf(title, sizeof title, "%s Q-%05llu", p->words->quote,
                   (unsigned long long)p->q->number); /* it fits */
    rule(p, LEFT, FOOT - 6, 0.4);
    (void)text_at(p, p->small, LEFT, FOOT, 0, false, title);
    (void)text_at(p, p->small, RIGHT, FOOT, 0, true, text);
}

static void table_head(struct page *p)
{
    double most = 0;
    for (size_t i = 0; i < COLUMNS; i++) {
        const double h =
            text_at(p, p->bold, columns[i].at, p->y, 0, columns[i].is_right, p->words->columns[i]);
        most = h > most ? h : most;
    }
    p->y += most + GAP;
    rule(p, LEFT, p->y, 0.8);
    p->y += GAP;
}

static void next_page(struct page *p, bool has_table)
{
    foot(p);
    if (!p->is_counting)
        cairo_show_page(p->cr);
    p->number++;
    p->y = TOP;
    if (has_table)
        table_head(p);
}

static void room_for(struct page *p, double height, bool has_table)
{
    if (p->y + height > BOTTOM)
        next_page(p, has_table);
}

/* --- what stands above the table --- */

static void fact(struct page *p, double *y, const char *name, const char *text)
{
    if (!text || !*text)
        return;
    (void)text_at(p, p->small, 360, *y, 0, false, name);
    *y += text_at(p, p->plain, RIGHT, *y, 0, true, text) + 1;
}

static double customer(struct page *p, double y)
{
    const Baton__QuoteHead *h = p->q->head;
    const Baton__Address *a = h ? h->address : NULL;
    const char *const lines[] = {h ? h->customer_name : NULL, h ? h->recipient : NULL, a ? a->street : NULL,
                                 a ? a->postal_code : NULL,   a ? a->city : NULL,      a ? a->state : NULL,
                                 a ? a->country : NULL};
    y += text_at(p, p->small, LEFT, y, 0, false, p->words->to) + 1;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (lines[i] && *lines[i])
            y += text_at(p, i ? p->plain : p->bold, LEFT, y, 290, false, lines[i]);
    return y;
}

static void top(struct page *p)
{
    char title[TEXT], version[TEXT];
    double y = TOP, right = TOP;
    if (p->paper->name)
        y += text_at(p, p->bold, LEFT, y, 260, false, p->paper->name);
    if (p->paper->letterhead)
        right += text_at(p, p->small, 360, right, RIGHT - 360, false, p->paper->letterhead);
    p->y = (y > right ? y : right) + 2 * LEAD;
    (void)snprintf(title, sizeof title, "%s Q-%05llu", p->words->quote,
                   (unsigned long long)p->q->number); /* it fits */
    p->y += text_at(p, p->large, LEFT, p->y, 0, false, title) + LEAD;
    (void)snprintf(version, sizeof version, "%llu%s%s", (unsigned long long)p->q->version,
                   p->q->sent_at ? "" : " · ", p->q->sent_at ? "" : p->words->draft); /* it fits */
    right = p->y;
    fact(p, &right, p->words->version, version);
    fact(p, &right, p->words->date, p->q->priced_on);
    fact(p, &right, p->words->valid_until, p->q->head ? p->q->head->valid_until : NULL);
    y = customer(p, p->y);
    p->y = (y > right ? y : right) + 2 * LEAD;
}

/* --- the table --- */

static void describe(const Baton__QuoteLine *line, char text[TEXT * 2])
{
    (void)snprintf(text, TEXT * 2, "%s  %s%s%s", line->product_code ? line->product_code : "",
                   line->name ? line->name : "", line->note && *line->note ? "\n" : "",
                   line->note && *line->note ? line->note : ""); /* what is longer is cut */
    text[strlen(text)] = '\0';
}

static void measure(struct page *p)
{
    for (size_t i = 0; i < p->q->n_lines; i++) {
        char text[TEXT * 2];
        double width;
        describe(p->q->lines[i], text);
        /* what was cut in the middle of a character is not shown */
        const char *end;
        if (!g_utf8_validate(text, -1, &end))
            text[end - text] = '\0';
        p->names[i] = layout_new(p, p->plain, columns[1].width, text);
        size_of(p->names[i], &width, &p->heights[i]);
    }
}

static void cell(struct page *p, int column, const char *text)
{
    (void)text_at(p, p->plain, columns[column].at, p->y, columns[column].width, columns[column].is_right,
                  text);
}

static void amount_cell(struct page *p, int column, int64_t amount)
{
    char text[DECIMAL_SIZE * 2];
    quote_amount(text, sizeof text, amount, p->digits);
    cell(p, column, text);
}

static void draw_line(struct page *p, size_t i)
{
    const Baton__QuoteLine *line = p->q->lines[i];
    char text[TEXT], number[DECIMAL_SIZE];
    const int64_t off = line->gross - line->net;
    (void)snprintf(text, sizeof text, "%zu", i + 1); /* it fits */
    cell(p, 0, text);
    cairo_move_to(p->cr, columns[1].at, p->y);
    if (!p->is_counting)
        pango_cairo_show_layout(p->cr, p->names[i]);
    decimal_format_short(number, line->quantity_e4, QUANTITY_DIGITS);
    (void)snprintf(text, sizeof text, "%s%s%.20s", number, line->unit && *line->unit ? " " : "",
                   line->unit ? line->unit : "");
    cell(p, 2, g_utf8_validate(text, -1, NULL) ? text : number);
    amount_cell(p, 3, line->unit_price);
    if (off)
        amount_cell(p, 4, -off);
    decimal_format_short(number, line->tax_percent_e4, PERCENT_DIGITS);
    (void)snprintf(text, sizeof text, "%s %%", number); /* it fits */
    cell(p, 5, line->tax_name ? text : p->words->no_tax);
    amount_cell(p, 6, line->net);
    p->y += p->heights[i] + GAP;
    rule(p, LEFT, p->y - GAP / 2, 0.2);
}

static void table(struct page *p)
{
    table_head(p);
    for (size_t i = 0; i < p->q->n_lines; i++) {
        room_for(p, p->heights[i] + GAP, true);
        draw_line(p, i);
    }
}

/* --- what stands below --- */

static void sum(struct page *p, const PangoFontDescription *font, const char *name, int64_t amount)
{
    char text[DECIMAL_SIZE * 2];
    room_for(p, 16, false);
    quote_amount(text, sizeof text, amount, p->digits);
    (void)text_at(p, font, 310, p->y, 170, false, name);
    p->y += text_at(p, font, RIGHT, p->y, 0, true, text) + 2;
}

static void tax(struct page *p, const Baton__QuoteTax *t)
{
    char text[TEXT], percent[DECIMAL_SIZE], net[DECIMAL_SIZE * 2];
    decimal_format_short(percent, t->percent_e4, PERCENT_DIGITS);
    quote_amount(net, sizeof net, t->net, p->digits);
    (void)snprintf(text, sizeof text, "%s %s%s%s%s", t->name, percent, p->words->tax[0], net,
                   p->words->tax[1]); /* it fits */
    sum(p, p->plain, text, t->tax);
}

static void sums(struct page *p)
{
    char total[TEXT];
    const Baton__Quote *q = p->q;
    /* the sums stand together, if there are few enough of them */
    room_for(p, q->n_taxes < 20 ? 90 + 16 * (double)q->n_taxes : 90, false);
    p->y += GAP;
    if (q->reduction) {
        sum(p, p->plain, p->words->gross, q->gross);
        sum(p, p->plain, p->words->reduction, -q->reduction);
    }
    sum(p, p->plain, p->words->net, q->net);
    for (size_t i = 0; i < q->n_taxes; i++)
        tax(p, q->taxes[i]);
    rule(p, 310, p->y, 0.8);
    p->y += GAP;
    (void)snprintf(total, sizeof total, "%s%s%s", p->words->total[0], q->currency_code,
                   p->words->total[1]); /* it fits */
    sum(p, p->bold, total, q->total);
}

static void note(struct page *p)
{
    const char *text = p->q->head ? p->q->head->note : NULL;
    if (!text || !*text)
        return;
    double width, height;
    PangoLayout *l = layout_new(p, p->plain, RIGHT - LEFT, text);
    size_of(l, &width, &height);
    room_for(p, height + 2 * LEAD, false);
    cairo_move_to(p->cr, LEFT, p->y + 2 * LEAD);
    if (!p->is_counting)
        pango_cairo_show_layout(p->cr, l);
    g_object_unref(l);
    p->y += height + 2 * LEAD;
}

static int pages(struct page *p)
{
    p->number = 1;
    top(p);
    table(p);
    sums(p);
    note(p);
    foot(p);
    return p->number;
}

/* --- the file --- */

static cairo_status_t take(void *arg, const unsigned char *data, unsigned size)
{
    return buffer_add(arg, data, size) ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static PangoFontDescription *font_new(double size, PangoWeight weight)
{
    PangoFontDescription *d = pango_font_description_from_string(FAMILY);
    pango_font_description_set_absolute_size(d, size * PANGO_SCALE);
    pango_font_description_set_weight(d, weight);
    return d;
}

static void fonts_make(struct page *p)
{
    p->plain = font_new(8.5, PANGO_WEIGHT_NORMAL);
    p->bold = font_new(8.5, PANGO_WEIGHT_BOLD);
    p->large = font_new(18, PANGO_WEIGHT_BOLD);
    p->small = font_new(7.5, PANGO_WEIGHT_NORMAL);
}

static void page_release(struct page *p)
{
    for (size_t i = 0; i < p->q->n_lines; i++)
        g_object_unref(p->names[i]);
    pango_font_description_free(p->plain);
    pango_font_description_free(p->bold);
    pango_font_description_free(p->large);
    pango_font_description_free(p->small);
    cairo_destroy(p->cr);
}

bool quote_pdf_draw(const Baton__Quote *q, const struct quote_paper *paper, struct buffer *out)
{
    struct page p = {.q = q, .paper = paper, .words = quote_words(q->head ? q->head->language : NULL)};
    char title[TEXT];
    if (q->n_lines > QUOTE_LINES_MAX)
        return false;
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(take, out, WIDTH, HEIGHT);
    (void)snprintf(title, sizeof title, "%s Q-%05llu", p.words->quote,
                   (unsigned long long)q->number); /* it fits */
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title);
    p.cr = cairo_create(surface);
    p.digits = money_digits(q->currency_code);
    fonts_make(&p);
    measure(&p);
    /* once to know how many pages there are */
    p.is_counting = true;
    p.of = pages(&p);
    p.is_counting = false;
    (void)pages(&p); /* as many */
    page_release(&p);
    cairo_surface_finish(surface);
    const bool is_good = cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS && !out->overflow;
    cairo_surface_destroy(surface);
    return is_good;
}
