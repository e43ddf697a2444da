/* Letters and labels as PDF, by cairo and pango. All measures are points unless they say so. */
#include <stdio.h>
#include <string.h>

#include "paper/sheet.h"
#include "services/contacts/letter.h"

#define MM(x)   ((x)*72 / 25.4)
#define INCH(x) ((x)*72.0)

enum {
    LEAD = 12,
    SIZE_PLAIN = 10,
    SIZE_ADDRESS = 9,
    SIZE_SMALL = 7,
    SENDER_MAX = 400,
    CONTENT_MAX = 512 << 10,
    PAGE_LINES = 30,
    LINE_BYTES = 16
};

/* Where things are on the paper of a country: the first that has it. */
static const struct layout {
    const char *countries; /* ISO 3166-1, a space behind each; "": all others */
    double width, height;
    double address_x, address_y, address_width; /* within the window of the envelope */
    double body_y;                              /* of the first page */
    bool has_return_line; /* the sender in small type above the address, within the window */
} layouts[] = {
    /* US Letter, folded in three, in a No. 10 envelope */
    {"US CA MX PR PH ", INCH(8.5), INCH(11), INCH(1), INCH(2.1), INCH(3.9), INCH(3.7), false},
    /* A4 by DIN 5008, form B, in a DL envelope */
    {"", MM(210), MM(297), MM(25), MM(45), MM(80), MM(98), true},
};
static const double RETURN_HEIGHT = MM(17.7), ADDRESS_HEIGHT = MM(27.3), SENDER_Y = MM(15), NEXT_Y = MM(25),
                    FOOT = MM(20);

/* Labels of a sheet, from the upper left one on. */
static const struct label_sheet {
    Baton__LabelSheet sheet;
    double width, height; /* of the paper */
    unsigned columns, rows;
    double left, top, across, down; /* of the first one; to the next ones */
    double label_width, label_height;
} sheets[] = {
    {BATON__LABEL_SHEET__LABEL_SHEET_L7160, MM(210), MM(297), 3, 7, MM(7.2), MM(15.15), MM(66), MM(38.1),
     MM(63.5), MM(38.1)},
    {BATON__LABEL_SHEET__LABEL_SHEET_L7163, MM(210), MM(297), 2, 7, MM(4.65), MM(15.15), MM(101.6), MM(38.1),
     MM(99.1), MM(38.1)},
    {BATON__LABEL_SHEET__LABEL_SHEET_US5160, INCH(8.5), INCH(11), 3, 10, INCH(0.1875), INCH(0.5), INCH(2.75),
     INCH(1), INCH(2.625), INCH(1)},
};

struct page {
    struct sheet s;
    const struct letter_job *job;
    const struct layout *layout;
    PangoFontDescription *plain, *bold, *address, *small;
    unsigned pages;
};

static const struct layout *layout_of(const char *country)
{
    const struct layout *l = layouts;
    for (; *l->countries; l++)
        for (const char *at = l->countries; country && *at; at += 3)
            if (strncmp(at, country, 2) == 0)
                return l;
    return l;
}

static const struct label_sheet *sheet_of(Baton__LabelSheet sheet)
{
    for (size_t i = 0; i < sizeof sheets / sizeof *sheets; i++)
        if (sheets[i].sheet == sheet)
            return &sheets[i];
    return NULL;
}

static void open_page(struct page *p, const struct letter_job *job, struct buffer *out)
{
    const struct label_sheet *labels = sheet_of(job->sheet);
    *p = (struct page){.job = job, .layout = layout_of(job->country)};
    sheet_open_plain(&p->s, labels ? "Labels" : "Letters", labels ? labels->width : p->layout->width,
                     labels ? labels->height : p->layout->height, out);
    p->plain = sheet_font(SIZE_PLAIN, PANGO_WEIGHT_NORMAL);
    p->bold = sheet_font(SIZE_PLAIN, PANGO_WEIGHT_BOLD);
    p->address = sheet_font(SIZE_ADDRESS, PANGO_WEIGHT_NORMAL);
    p->small = sheet_font(SIZE_SMALL, PANGO_WEIGHT_NORMAL);
}

static bool close_page(struct page *p, const struct buffer *out)
{
    pango_font_description_free(p->plain);
    pango_font_description_free(p->bold);
    pango_font_description_free(p->address);
    pango_font_description_free(p->small);
    return sheet_close(&p->s, out);
}

static void end_page(struct page *p)
{
    cairo_show_page(p->s.cr);
    p->pages++;
}

/* Each on one line: what is too long for its place is shown smaller. */
static void draw_lines(struct page *p, const struct letter *l, double x, double y, double width,
                       double height)
{
    double lead = height / (double)(l->n_lines ? l->n_lines : 1);
    lead = lead < LEAD ? lead : LEAD;
    for (size_t i = 0; i < l->n_lines; i++) {
        double w, h;
        PangoLayout *text = sheet_layout(&p->s, p->address, 0, l->lines[i]);
        sheet_size(text, &w, &h);
        cairo_save(p->s.cr);
        cairo_translate(p->s.cr, x, y + lead * (double)i);
        cairo_scale(p->s.cr, w > width ? width / w : 1, 1);
        sheet_show(&p->s, text, 0, 0);
        cairo_restore(p->s.cr);
        g_object_unref(text);
    }
}

/* --- letters --- */

/* The sender's lines in one. */
static void draw_return_line(struct page *p)
{
    char text[SENDER_MAX];
    size_t to = 0;
    for (const char *s = p->job->sender; s && *s && to + 8 < sizeof text; s++)
        if (*s == '\n' && s[1])
            to += (size_t)snprintf(text + to, sizeof text - to, " · "); /* it fits */
        else if (*s != '\n')
            text[to++] = *s;
    text[to] = '\0';
    sheet_whole(text);
    double w, h;
    PangoLayout *l = sheet_layout(&p->s, p->small, 0, text);
    sheet_size(l, &w, &h);
    cairo_save(p->s.cr);
    cairo_translate(p->s.cr, p->layout->address_x, p->layout->address_y + MM(13));
    cairo_scale(p->s.cr, w > p->layout->address_width ? p->layout->address_width / w : 1, 1);
    sheet_show(&p->s, l, 0, 0);
    cairo_restore(p->s.cr);
    g_object_unref(l);
}

static void draw_head(struct page *p, const struct letter *l)
{
    const struct layout *at = p->layout;
    const double right = at->width - p->job->margin, above = at->has_return_line ? RETURN_HEIGHT : 0;
    if (p->job->sender) {
        double w, h;
        PangoLayout *sender = sheet_layout(&p->s, p->plain, 0, p->job->sender);
        sheet_size(sender, &w, &h);
        const double x = right - w > at->width / 2 ? right - w : at->width / 2;
        g_object_unref(sender);
        (void)sheet_text(&p->s, p->plain, x, SENDER_Y, right - x, false, p->job->sender);
        if (at->has_return_line)
            draw_return_line(p);
    }
    draw_lines(p, l, at->address_x, at->address_y + above, at->address_width, ADDRESS_HEIGHT);
    if (p->job->date)
        (void)sheet_text(&p->s, p->plain, right, at->body_y - 2 * LEAD, 0, true, p->job->date);
}

static PangoLayout *body_of(struct page *p, const struct letter *l)
{
    return sheet_layout(&p->s, p->plain, p->layout->width - 2 * p->job->margin, l->body ? l->body : "");
}

/* Line by line, and on to the next page where one is full. */
static void draw_body(struct page *p, PangoLayout *body, double y)
{
    PangoLayoutIter *iter = pango_layout_get_iter(body);
    do {
        PangoRectangle line;
        pango_layout_iter_get_line_extents(iter, NULL, &line);
        const double height = (double)line.height / PANGO_SCALE,
                     down = (double)(pango_layout_iter_get_baseline(iter) - line.y) / PANGO_SCALE;
        if (y + height > p->layout->height - FOOT) {
            end_page(p);
            y = NEXT_Y;
        }
        cairo_move_to(p->s.cr, p->job->margin + (double)line.x / PANGO_SCALE, y + down);
        pango_cairo_show_layout_line(p->s.cr, pango_layout_iter_get_line_readonly(iter));
        y += height;
    } while (pango_layout_iter_next_line(iter));
    pango_layout_iter_free(iter);
}

static void draw_letter(struct page *p, const struct letter *l)
{
    double y = p->layout->body_y;
    draw_head(p, l);
    if (l->subject && *l->subject)
        y += sheet_text(&p->s, p->bold, p->job->margin, y, p->layout->width - 2 * p->job->margin, false,
                        l->subject) +
             LEAD;
    PangoLayout *body = body_of(p, l);
    draw_body(p, body, y);
    g_object_unref(body);
    end_page(p);
}

/* However wide its letters are. */
static size_t lines_at_most(const char *text)
{
    size_t n = 1;
    for (const char *s = text; s && *s; s++)
        n += *s == '\n';
    return n + (text ? strlen(text) / LINE_BYTES : 0);
}

bool letter_fits(const struct letter_job *job, const struct letter *l)
{
    struct buffer none;
    struct page p;
    double w, h;
    if (job->sheet || lines_at_most(l->body) < (size_t)(LETTER_PAGES_MAX - 1) * PAGE_LINES)
        return true;
    buffer_init(&none, 4096);
    open_page(&p, job, &none);
    PangoLayout *body = body_of(&p, l);
    sheet_size(body, &w, &h);
    g_object_unref(body);
    const double page = p.layout->height - NEXT_Y - FOOT;
    (void)close_page(&p, &none); /* nothing of it is wanted */
    buffer_release(&none);
    return h < page * (LETTER_PAGES_MAX - 1);
}

/* --- labels --- */

static void draw_label(struct page *p, const struct label_sheet *s, const struct letter *l, unsigned number)
{
    const unsigned on_page = number % (s->columns * s->rows);
    const double inset = MM(4), x = s->left + s->across * (on_page % s->columns),
                 y = s->top + s->down * (on_page / s->columns);
    draw_lines(p, l, x + inset, y + inset, s->label_width - 2 * inset, s->label_height - 2 * inset);
}

/* --- the file --- */

static bool draw(const struct letter_job *job, size_t n, struct letters_drawn *drawn, struct buffer *out)
{
    struct page p;
    const struct label_sheet *labels = sheet_of(job->sheet);
    open_page(&p, job, out);
    size_t i = 0;
    for (; i < n && out->size < CONTENT_MAX; i++)
        if (labels) {
            draw_label(&p, labels, &job->letters[i], (unsigned)i);
            if ((i + 1) % (labels->columns * (size_t)labels->rows) == 0 || i + 1 == n)
                end_page(&p);
        } else
            draw_letter(&p, &job->letters[i]);
    drawn->n = i;
    drawn->pages = p.pages;
    return close_page(&p, out);
}

bool letters_draw(const struct letter_job *job, struct letters_drawn *drawn, struct buffer *out)
{
    for (size_t n = job->n; n > 0; n /= 2) {
        if (draw(job, n, drawn, out))
            return true;
        drawn->is_too_large = n == 1 && out->overflow;
        buffer_release(out);
        buffer_init(out, LETTER_PDF_MAX);
    }
    return false;
}
