/* A quote as PDF, by cairo and pango. All measures are points. */
#include <stdio.h>
#include <string.h>

#include "base/money.h"
#include "paper/sheet.h"
#include "services/opportunities/quote.h"

enum { COLUMNS = 7, TEXT = SHEET_TEXT };

static const struct sheet_column columns[COLUMNS] = {{48, 20, false}, {70, 190, false}, {322, 58, true},
                                                     {392, 66, true}, {454, 58, true},  {486, 30, true},
                                                     {547, 58, true}};

struct page {
    struct sheet s;
    const Baton__Quote *q;
    const struct quote_paper *paper;
    const struct quote_words *words;
    PangoLayout *names[QUOTE_LINES_MAX];
    double heights[QUOTE_LINES_MAX];
    int digits;
};

/* --- pages --- */

static void table_head(struct page *p)
{
    sheet_head(&p->s, columns, p->words->columns, COLUMNS);
}

static void next_page(struct page *p, bool has_table)
{
    sheet_next(&p->s);
    if (has_table)
        table_head(p);
}

static void room_for(struct page *p, double height, bool has_table)
{
    if (p->s.y + height > SHEET_BOTTOM)
        next_page(p, has_table);
}

/* --- what stands above the table --- */

static void fact(struct page *p, double *y, const char *name, const char *text)
{
    if (!text || !*text)
        return;
    (void)sheet_text(&p->s, p->s.small, 360, *y, 0, false, name);
    *y += sheet_text(&p->s, p->s.plain, SHEET_RIGHT, *y, 0, true, text) + 1;
}

static double customer(struct page *p, double y)
{
    const Baton__QuoteHead *h = p->q->head;
    const Baton__Address *a = h ? h->address : NULL;
    const char *const lines[] = {h ? h->customer_name : NULL, h ? h->recipient : NULL, a ? a->street : NULL,
                                 a ? a->postal_code : NULL,   a ? a->city : NULL,      a ? a->state : NULL,
                                 a ? a->country : NULL};
    y += sheet_text(&p->s, p->s.small, SHEET_LEFT, y, 0, false, p->words->to) + 1;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (lines[i] && *lines[i])
            y += sheet_text(&p->s, i ? p->s.plain : p->s.bold, SHEET_LEFT, y, 290, false, lines[i]);
    return y;
}

static void top(struct page *p)
{
    char title[TEXT], version[TEXT];
    double y = SHEET_TOP, right = SHEET_TOP;
    if (p->paper->name)
        y += sheet_text(&p->s, p->s.bold, SHEET_LEFT, y, 260, false, p->paper->name);
    if (p->paper->letterhead)
        right += sheet_text(&p->s, p->s.small, 360, right, SHEET_RIGHT - 360, false, p->paper->letterhead);
    p->s.y = (y > right ? y : right) + 2 * SHEET_LEAD;
    (void)snprintf(title, sizeof title, "%s Q-%05llu", p->words->quote,
                   (unsigned long long)p->q->number); /* it fits */
    p->s.y += sheet_text(&p->s, p->s.large, SHEET_LEFT, p->s.y, 0, false, title) + SHEET_LEAD;
    (void)snprintf(version, sizeof version, "%llu%s%s", (unsigned long long)p->q->version,
                   p->q->sent_at ? "" : " · ", p->q->sent_at ? "" : p->words->draft); /* it fits */
    right = p->s.y;
    fact(p, &right, p->words->version, version);
    fact(p, &right, p->words->date, p->q->priced_on);
    fact(p, &right, p->words->valid_until, p->q->head ? p->q->head->valid_until : NULL);
    y = customer(p, p->s.y);
    p->s.y = (y > right ? y : right) + 2 * SHEET_LEAD;
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
        sheet_whole(text);
        p->names[i] = sheet_layout(&p->s, p->s.plain, columns[1].width, text);
        sheet_size(p->names[i], &width, &p->heights[i]);
    }
}

static void cell(struct page *p, int column, const char *text)
{
    (void)sheet_text(&p->s, p->s.plain, columns[column].at, p->s.y, columns[column].width,
                     columns[column].is_right, text);
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
    sheet_show(&p->s, p->names[i], columns[1].at, p->s.y);
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
    p->s.y += p->heights[i] + SHEET_GAP;
    sheet_rule(&p->s, SHEET_LEFT, p->s.y - SHEET_GAP / 2, 0.2);
}

static void table(struct page *p)
{
    table_head(p);
    for (size_t i = 0; i < p->q->n_lines; i++) {
        room_for(p, p->heights[i] + SHEET_GAP, true);
        draw_line(p, i);
    }
}

/* --- what stands below --- */

static void sum(struct page *p, const PangoFontDescription *font, const char *name, int64_t amount)
{
    char text[DECIMAL_SIZE * 2];
    room_for(p, 16, false);
    quote_amount(text, sizeof text, amount, p->digits);
    (void)sheet_text(&p->s, font, 310, p->s.y, 170, false, name);
    p->s.y += sheet_text(&p->s, font, SHEET_RIGHT, p->s.y, 0, true, text) + 2;
}

static void tax(struct page *p, const Baton__QuoteTax *t)
{
    char text[TEXT], percent[DECIMAL_SIZE], net[DECIMAL_SIZE * 2];
    decimal_format_short(percent, t->percent_e4, PERCENT_DIGITS);
    quote_amount(net, sizeof net, t->net, p->digits);
    (void)snprintf(text, sizeof text, "%s %s%s%s%s", t->name, percent, p->words->tax[0], net,
                   p->words->tax[1]); /* it fits */
    sum(p, p->s.plain, text, t->tax);
}

static void sums(struct page *p)
{
    char total[TEXT];
    const Baton__Quote *q = p->q;
    /* the sums stand together, if there are few enough of them */
    room_for(p, q->n_taxes < 20 ? 90 + 16 * (double)q->n_taxes : 90, false);
    p->s.y += SHEET_GAP;
    if (q->reduction) {
        sum(p, p->s.plain, p->words->gross, q->gross);
        sum(p, p->s.plain, p->words->reduction, -q->reduction);
    }
    sum(p, p->s.plain, p->words->net, q->net);
    for (size_t i = 0; i < q->n_taxes; i++)
        tax(p, q->taxes[i]);
    sheet_rule(&p->s, 310, p->s.y, 0.8);
    p->s.y += SHEET_GAP;
    (void)snprintf(total, sizeof total, "%s%s%s", p->words->total[0], q->currency_code,
                   p->words->total[1]); /* it fits */
    sum(p, p->s.bold, total, q->total);
}

static void note(struct page *p)
{
    const char *text = p->q->head ? p->q->head->note : NULL;
    if (!text || !*text)
        return;
    double width, height;
    PangoLayout *l = sheet_layout(&p->s, p->s.plain, SHEET_RIGHT - SHEET_LEFT, text);
    sheet_size(l, &width, &height);
    room_for(p, height + 2 * SHEET_LEAD, false);
    sheet_show(&p->s, l, SHEET_LEFT, p->s.y + 2 * SHEET_LEAD);
    g_object_unref(l);
    p->s.y += height + 2 * SHEET_LEAD;
}

static void pages(void *arg)
{
    struct page *p = arg;
    top(p);
    table(p);
    sums(p);
    note(p);
}

/* --- the file --- */

bool quote_pdf_draw(const Baton__Quote *q, const struct quote_paper *paper, struct buffer *out)
{
    struct page p = {.q = q, .paper = paper, .words = quote_words(q->head ? q->head->language : NULL)};
    char title[TEXT];
    if (q->n_lines > QUOTE_LINES_MAX)
        return false;
    (void)snprintf(title, sizeof title, "%s Q-%05llu", p.words->quote,
                   (unsigned long long)q->number); /* it fits */
    sheet_open(&p.s, title, p.words->page, out);
    p.digits = money_digits(q->currency_code);
    measure(&p);
    sheet_draw(&p.s, pages, &p);
    for (size_t i = 0; i < q->n_lines; i++)
        g_object_unref(p.names[i]);
    return sheet_close(&p.s, out);
}
