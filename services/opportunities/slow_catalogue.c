/* A catalogue as PDF. */
#include <stdio.h>
#include <string.h>

#include "base/money.h"
#include "paper/sheet.h"
#include "services/opportunities/catalogue_pdf.h"

enum { COLUMNS = 5, CELL = 2 * SHEET_TEXT, MORE_MAX = 64 << 10 };
/* Of one product on a page of its own, below the head of the table. */
enum { ROOM = SHEET_BOTTOM - SHEET_TOP - 40 };

static const struct words {
    const char *catalogue, *version, *as_of, *currency, *others;
    const char *columns[COLUMNS], *page[3], *from[2]; /* around the quantity of a tier */
} english =
    {
        .catalogue = "Catalogue",
        .version = "Version",
        .as_of = "Valid as of",
        .currency = "Currency",
        .others = "Others",
        .columns = {"Product", "Unit", "Price", "Offer", "Offer price"},
        .page = {"Page ", " of ", ""},
        .from = {"from ", ": "},
},
  chinese = {
      .catalogue = "產品型錄",
      .version = "版次",
      .as_of = "價格基準日",
      .currency = "幣別",
      .others = "其他",
      .columns = {"品名", "單位", "單價", "優惠", "優惠價"},
      .page = {"第 ", " 頁，共 ", " 頁"},
      .from = {"", " 起："},
};

static const struct sheet_column columns[COLUMNS] = {
    {48, 218, false}, {272, 56, false}, {398, 66, true}, {410, 68, false}, {547, 64, true}};

struct page {
    struct sheet s;
    const Baton__Catalogue *c;
    const struct quote_paper *paper;
    const struct words *words;
    int digits;
};

/* --- what stands above the table --- */

static void fact(struct page *p, double *y, const char *name, const char *text)
{
    (void)sheet_text(&p->s, p->s.small, 360, *y, 0, false, name);
    *y += sheet_text(&p->s, p->s.plain, SHEET_RIGHT, *y, 0, true, text ? text : "") + 1;
}

static void top(struct page *p)
{
    double y = SHEET_TOP, right = SHEET_TOP;
    if (p->paper->name)
        y += sheet_text(&p->s, p->s.bold, SHEET_LEFT, y, 260, false, p->paper->name);
    if (p->paper->letterhead)
        right += sheet_text(&p->s, p->s.small, 360, right, SHEET_RIGHT - 360, false, p->paper->letterhead);
    y = right = (y > right ? y : right) + 2 * SHEET_LEAD;
    y += sheet_text(&p->s, p->s.large, SHEET_LEFT, y, 290, false, p->words->catalogue);
    y += sheet_text(&p->s, p->s.bold, SHEET_LEFT, y, 290, false, p->c->name ? p->c->name : "");
    fact(p, &right, p->words->as_of, p->c->as_of);
    fact(p, &right, p->words->version, p->c->version);
    fact(p, &right, p->words->currency, p->c->currency_code);
    p->s.y = (y > right ? y : right) + 2 * SHEET_LEAD;
}

/* --- the table --- */

static void table_head(struct page *p)
{
    sheet_head(&p->s, columns, p->words->columns, COLUMNS);
}

static void room_for(struct page *p, double height)
{
    if (p->s.y + height <= SHEET_BOTTOM)
        return;
    sheet_next(&p->s);
    table_head(p);
}

static const char *family_of(const Baton__CatalogueLine *line)
{
    return line->family && *line->family ? line->family : "";
}

/* Above the first of each family, if there are any at all; with room for a line below. */
static void family(struct page *p, size_t i)
{
    const char *name = family_of(p->c->lines[i]);
    if (i ? strcmp(name, family_of(p->c->lines[i - 1])) == 0 : !*family_of(p->c->lines[p->c->n_lines - 1]))
        return;
    room_for(p, 48);
    p->s.y += SHEET_GAP;
    p->s.y += sheet_text(&p->s, p->s.bold, SHEET_LEFT, p->s.y, SHEET_RIGHT - SHEET_LEFT, false,
                         *name ? name : p->words->others) +
              SHEET_GAP;
}

struct cells {
    PangoLayout *layouts[COLUMNS];
    double height;
};

static void cell(struct page *p, struct cells *cells, int column, const char *text)
{
    double width, height;
    PangoLayout *l =
        sheet_layout(&p->s, p->s.plain, columns[column].is_right ? 0 : columns[column].width, text);
    sheet_size(l, &width, &height);
    cells->layouts[column] = l;
    cells->height = height > cells->height ? height : cells->height;
}

static void amount_cell(struct page *p, struct cells *cells, int column, int64_t amount)
{
    char text[DECIMAL_SIZE * 2];
    quote_amount(text, sizeof text, amount, p->digits);
    cell(p, cells, column, text);
}

/* What it is and, below, so much of what is in it, and what it costs where more are bought. */
static void describe(const struct page *p, const Baton__CatalogueLine *line, size_t n_parts,
                     struct buffer *out)
{
    char text[CELL], number[DECIMAL_SIZE], price[DECIMAL_SIZE * 2];
    (void)snprintf(text, sizeof text, "%s  %s", line->code ? line->code : "",
                   line->name ? line->name : ""); /* what is longer is cut */
    sheet_whole(text);
    buffer_clear(out);
    (void)buffer_text(out, text); /* whether all of it fits `fits` looks at */
    for (size_t i = 0; i < n_parts; i++) {
        const Baton__CataloguePart *part = line->parts[i];
        decimal_format_short(number, part->quantity_e4, QUANTITY_DIGITS);
        (void)buffer_printf(out, "\n%s × %s  %s", number, part->code ? part->code : "",
                            part->name ? part->name : "");
    }
    (void)buffer_text(out, n_parts < line->n_parts ? "\n…" : "");
    for (size_t i = 0; i < line->n_tiers; i++) {
        decimal_format_short(number, line->tiers[i]->from_quantity_e4, QUANTITY_DIGITS);
        quote_amount(price, sizeof price, line->tiers[i]->unit_price, p->digits);
        (void)buffer_printf(out, "%s%s%s%s%s", i ? " · " : "\n", p->words->from[0], number, p->words->from[1],
                            price);
    }
}

static bool fits(struct page *p, const Baton__CatalogueLine *line, size_t n_parts, struct buffer *text)
{
    double width, height;
    describe(p, line, n_parts, text);
    if (text->overflow)
        return false;
    PangoLayout *l = sheet_layout(&p->s, p->s.plain, columns[0].width, buffer_cstr(text));
    sheet_size(l, &width, &height);
    g_object_unref(l);
    return height <= ROOM;
}

/* How many of the parts a page has room for. */
static size_t parts_shown(struct page *p, const Baton__CatalogueLine *line, struct buffer *text)
{
    size_t fit = 0, over = line->n_parts;
    if (!line->n_parts || fits(p, line, line->n_parts, text))
        return line->n_parts;
    while (over - fit > 1) {
        const size_t half = fit + (over - fit) / 2;
        if (fits(p, line, half, text))
            fit = half;
        else
            over = half;
    }
    return fit;
}

static void fill(struct page *p, const Baton__CatalogueLine *line, struct cells *cells)
{
    struct buffer text;
    buffer_init(&text, MORE_MAX);
    describe(p, line, parts_shown(p, line, &text), &text);
    cell(p, cells, 0, buffer_cstr(&text));
    buffer_release(&text);
    cell(p, cells, 1, line->unit ? line->unit : "");
    amount_cell(p, cells, 2, line->price);
    if (!line->has_offer_price)
        return;
    cell(p, cells, 3, line->offer_name ? line->offer_name : "");
    amount_cell(p, cells, 4, line->offer_price);
}

static void draw_line(struct page *p, const Baton__CatalogueLine *line)
{
    struct cells cells = {.height = 0};
    fill(p, line, &cells);
    room_for(p, cells.height + SHEET_GAP);
    for (int i = 0; i < COLUMNS; i++) {
        double width = 0, height;
        if (!cells.layouts[i])
            continue;
        if (columns[i].is_right)
            sheet_size(cells.layouts[i], &width, &height);
        sheet_show(&p->s, cells.layouts[i], columns[i].at - width, p->s.y);
        g_object_unref(cells.layouts[i]);
    }
    p->s.y += cells.height + SHEET_GAP;
    sheet_rule(&p->s, SHEET_LEFT, p->s.y - (double)SHEET_GAP / 2, 0.2);
}

static void pages(void *arg)
{
    struct page *p = arg;
    top(p);
    table_head(p);
    for (size_t i = 0; i < p->c->n_lines; i++) {
        family(p, i);
        draw_line(p, p->c->lines[i]);
    }
}

bool catalogue_pdf_draw(const Baton__Catalogue *c, const struct quote_paper *paper, const char *language,
                        struct buffer *out)
{
    const struct words *w = language && strncmp(language, "zh", 2) == 0 ? &chinese : &english;
    struct page p = {.c = c, .paper = paper, .words = w, .digits = money_digits(c->currency_code)};
    char title[SHEET_TEXT];
    (void)snprintf(title, sizeof title, "%s %s · %s · %s", w->catalogue, c->name ? c->name : "", c->version,
                   c->as_of); /* a name has at most 100 */
    sheet_open(&p.s, title, w->page, out);
    sheet_draw(&p.s, pages, &p);
    return sheet_close(&p.s, out);
}
