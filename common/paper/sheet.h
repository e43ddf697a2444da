/* Paper that is drawn on, by cairo and pango: A4 pages with a foot, all of it twice, so that each page can
   say how many there are; or plain pages of any size. All measures are points. Texts are never read as
   markup. */
#ifndef BATON_PAPER_SHEET_H
#define BATON_PAPER_SHEET_H

#include <cairo.h>
#include <pango/pangocairo.h>
#include <stdbool.h>

#include "base/bytes.h"

enum { SHEET_LEFT = 48, SHEET_RIGHT = 547, SHEET_TOP = 48, SHEET_BOTTOM = 780, SHEET_FOOT = 802 };
enum { SHEET_GAP = 4, SHEET_LEAD = 10, SHEET_TEXT = 512 };

struct sheet {
    cairo_surface_t *surface;
    cairo_t *cr;
    PangoFontDescription *plain, *bold, *large, *small;
    const char *title;            /* of the file, and in every foot */
    const char *const *page_word; /* three: around its number and how many there are */
    double y;                     /* where it goes on */
    int number, of;
    bool is_counting; /* nothing is drawn */
};

/* `out` and the words must outlive it. */
void sheet_open(struct sheet *s, const char *title, const char *const page_word[3], struct buffer *out);
/* Plain pages of that size, each ended by cairo_show_page. */
void sheet_open_plain(struct sheet *s, const char *title, double width, double height, struct buffer *out);
/* All pages, by a function that begins at SHEET_TOP and calls sheet_next between them: once to count, and to
   draw. */
void sheet_draw(struct sheet *s, void (*pages)(void *arg), void *arg);
/* Frees what is in it. False: it cannot be drawn, or does not fit. */
bool sheet_close(struct sheet *s, const struct buffer *out);

/* To be freed by pango_font_description_free. */
PangoFontDescription *sheet_font(double size, PangoWeight weight);
/* Of a width in points, 0: of any; to be freed by g_object_unref. */
PangoLayout *sheet_layout(struct sheet *s, const PangoFontDescription *font, double width, const char *text);
void sheet_size(PangoLayout *l, double *width, double *height);
/* The layout at x and the sheet's y. */
void sheet_show(struct sheet *s, PangoLayout *l, double x, double y);
/* At x, or up to it; returns how high it is. */
double sheet_text(struct sheet *s, const PangoFontDescription *font, double x, double y, double width,
                  bool is_right, const char *text);
/* Where a column's text begins or, of numbers, ends. */
struct sheet_column {
    double at, width;
    bool is_right;
};
/* The names of a table's columns at the sheet's y, and a rule below; the sheet goes on behind it. */
void sheet_head(struct sheet *s, const struct sheet_column *columns, const char *const *names, size_t n);
/* To the right edge. */
void sheet_rule(struct sheet *s, double from, double y, double weight);
/* Ends the page with its foot, and begins another. */
void sheet_next(struct sheet *s);
/* A text that was cut to fit keeps whole characters. */
void sheet_whole(char *text);

#endif
