/* Pages, and texts and lines on them. */
#include "paper/sheet.h"

#include <cairo-pdf.h>
#include <stdio.h>

static const double WIDTH = 595.276, HEIGHT = 841.89;
/* Latin is not of the large font: where cairo 1.16 meets some capitals there ("F" will do) it puts all of
 * that font into the file. */
static const char FAMILY[] = "Liberation Sans, Noto Sans CJK TC, sans-serif";

/* --- text --- */

PangoLayout *sheet_layout(struct sheet *s, const PangoFontDescription *font, double width, const char *text)
{
    PangoLayout *l = pango_cairo_create_layout(s->cr);
    pango_layout_set_font_description(l, font);
    pango_layout_set_width(l, width > 0 ? (int)(width * PANGO_SCALE) : -1);
    pango_layout_set_wrap(l, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_text(l, text, -1);
    return l;
}

void sheet_size(PangoLayout *l, double *width, double *height)
{
    int w, h;
    pango_layout_get_size(l, &w, &h);
    *width = (double)w / PANGO_SCALE;
    *height = (double)h / PANGO_SCALE;
}

void sheet_show(struct sheet *s, PangoLayout *l, double x, double y)
{
    cairo_move_to(s->cr, x, y);
    if (!s->is_counting)
        pango_cairo_show_layout(s->cr, l);
}

double sheet_text(struct sheet *s, const PangoFontDescription *font, double x, double y, double width,
                  bool is_right, const char *text)
{
    double w, h;
    PangoLayout *l = sheet_layout(s, font, is_right ? 0 : width, text);
    sheet_size(l, &w, &h);
    sheet_show(s, l, is_right ? x - w : x, y);
    g_object_unref(l);
    return h;
}

void sheet_rule(struct sheet *s, double from, double y, double weight)
{
    if (s->is_counting)
        return;
    cairo_set_line_width(s->cr, weight);
    cairo_move_to(s->cr, from, y);
    cairo_line_to(s->cr, SHEET_RIGHT, y);
    cairo_stroke(s->cr);
}

void sheet_head(struct sheet *s, const struct sheet_column *columns, const char *const *names, size_t n)
{
    double most = 0;
    for (size_t i = 0; i < n; i++) {
        const double h = sheet_text(s, s->bold, columns[i].at, s->y, 0, columns[i].is_right, names[i]);
        most = h > most ? h : most;
    }
    s->y += most + SHEET_GAP;
    sheet_rule(s, SHEET_LEFT, s->y, 0.8);
    s->y += SHEET_GAP;
}

void sheet_whole(char *text)
{
    const char *end;
    if (!g_utf8_validate(text, -1, &end))
        text[end - text] = '\0';
}

/* --- pages --- */

static void foot(struct sheet *s)
{
    char text[SHEET_TEXT];
    (void)snprintf(text, sizeof text, "%s%d%s%d%s", s->page_word[0], s->number, s->page_word[1], s->of,
                   s->page_word[2]); /* it fits */
    sheet_rule(s, SHEET_LEFT, SHEET_FOOT - 6, 0.4);
    (void)sheet_text(s, s->small, SHEET_LEFT, SHEET_FOOT, 0, false, s->title);
    (void)sheet_text(s, s->small, SHEET_RIGHT, SHEET_FOOT, 0, true, text);
}

void sheet_next(struct sheet *s)
{
    foot(s);
    if (!s->is_counting)
        cairo_show_page(s->cr);
    s->number++;
    s->y = SHEET_TOP;
}

void sheet_draw(struct sheet *s, void (*pages)(void *arg), void *arg)
{
    for (int round = 0; round < 2; round++) {
        s->is_counting = round == 0;
        s->number = 1;
        s->y = SHEET_TOP;
        pages(arg);
        foot(s);
        s->of = s->number; /* the second time as many */
    }
}

/* --- the file --- */

static cairo_status_t take(void *arg, const unsigned char *data, unsigned size)
{
    return buffer_add(arg, data, size) ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

PangoFontDescription *sheet_font(double size, PangoWeight weight)
{
    PangoFontDescription *d = pango_font_description_from_string(FAMILY);
    pango_font_description_set_absolute_size(d, size * PANGO_SCALE);
    pango_font_description_set_weight(d, weight);
    return d;
}

void sheet_open_plain(struct sheet *s, const char *title, double width, double height, struct buffer *out)
{
    *s = (struct sheet){.title = title};
    s->surface = cairo_pdf_surface_create_for_stream(take, out, width, height);
    cairo_pdf_surface_set_metadata(s->surface, CAIRO_PDF_METADATA_TITLE, title);
    s->cr = cairo_create(s->surface);
    s->plain = sheet_font(8.5, PANGO_WEIGHT_NORMAL);
    s->bold = sheet_font(8.5, PANGO_WEIGHT_BOLD);
    s->large = sheet_font(18, PANGO_WEIGHT_BOLD);
    s->small = sheet_font(7.5, PANGO_WEIGHT_NORMAL);
}

void sheet_open(struct sheet *s, const char *title, const char *const page_word[3], struct buffer *out)
{
    sheet_open_plain(s, title, WIDTH, HEIGHT, out);
    s->page_word = page_word;
}

bool sheet_close(struct sheet *s, const struct buffer *out)
{
    pango_font_description_free(s->plain);
    pango_font_description_free(s->bold);
    pango_font_description_free(s->large);
    pango_font_description_free(s->small);
    cairo_destroy(s->cr);
    cairo_surface_finish(s->surface);
    const bool is_good = cairo_surface_status(s->surface) == CAIRO_STATUS_SUCCESS && !out->overflow;
    cairo_surface_destroy(s->surface);
    return is_good;
}
