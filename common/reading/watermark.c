/* baton-watermark: draws the pages of a PDF anew, with a line of text across each of them, in the sandbox.

   baton-watermark MEMORY CPU FOLDER DAY TEXT    the PDF is its standard input, what is drawn its standard
   output

   The same file, day and text give the same bytes. Exit status as preview/ask.h has it. */
#include <cairo-pdf.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <poppler.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "preview/ask.h"
#include "preview/preview.h"
#include "reading/confine.h"

enum { SIDE_MAX = 14400 /* points: more is no page, as PDF has it */ };
/* Of a page's diagonal: a line of text, its letters, and those at the foot, which can be searched for. */
static const double ACROSS = 0.75, LETTERS = 1.0 / 28, SMALL = 1.0 / 120, GREY = 0.5, SHADE = 0.35;
/* As common/paper/sheet.c says it: Latin is not of the large font. */
static const char FAMILY[] = "Liberation Sans, Noto Sans CJK TC, sans-serif";

static cairo_status_t put(void *arg, const unsigned char *data, unsigned int size)
{
    while (size > 0) {
        ssize_t n = write(STDOUT_FILENO, data, size);
        if (n <= 0)
            return CAIRO_STATUS_WRITE_ERROR;
        data += n;
        size -= (unsigned)n;
    }
    return CAIRO_STATUS_SUCCESS;
}

static PangoLayout *layout_of(cairo_t *cr, double width, double letters, const char *text)
{
    PangoLayout *l = pango_cairo_create_layout(cr);
    PangoFontDescription *font = pango_font_description_from_string(FAMILY);
    pango_font_description_set_absolute_size(font, letters * PANGO_SCALE);
    pango_layout_set_font_description(l, font);
    pango_font_description_free(font);
    pango_layout_set_width(l, (int)(width * PANGO_SCALE));
    pango_layout_set_wrap(l, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(l, PANGO_ALIGN_CENTER);
    pango_layout_set_text(l, text, -1);
    return l;
}

/* Around this place. */
static void show(cairo_t *cr, double width, double letters, const char *text)
{
    PangoLayout *l = layout_of(cr, width, letters, text);
    int high;
    pango_layout_get_size(l, NULL, &high);
    cairo_move_to(cr, -width / 2, -(double)high / PANGO_SCALE / 2);
    pango_cairo_show_layout(cr, l);
    g_object_unref(l);
}

/* From corner to corner and at the foot, over whatever is there. */
static void mark(cairo_t *cr, double width, double height, const char *text)
{
    const double diagonal = hypot(width, height);
    cairo_set_source_rgba(cr, GREY, GREY, GREY, SHADE);
    cairo_translate(cr, width / 2, height / 2);
    cairo_rotate(cr, -atan2(height, width));
    show(cr, diagonal * ACROSS, diagonal * LETTERS, text);
    cairo_identity_matrix(cr);
    cairo_translate(cr, width / 2, height - 2 * diagonal * SMALL);
    show(cr, width * ACROSS, diagonal * SMALL, text);
}

/* What one of them leaves of its state is nothing to the other. */
static enum ask_status draw_page(cairo_surface_t *surface, PopplerPage *page, const char *text)
{
    double width, height;
    poppler_page_get_size(page, &width, &height);
    if (!(width >= 1 && width <= SIDE_MAX && height >= 1 && height <= SIDE_MAX))
        return ASK_BROKEN;
    cairo_pdf_surface_set_size(surface, width, height);
    cairo_t *cr = cairo_create(surface);
    poppler_page_render_for_printing(page, cr);
    bool is_drawn = cairo_status(cr) == CAIRO_STATUS_SUCCESS;
    cairo_destroy(cr);
    cr = cairo_create(surface);
    mark(cr, width, height, text);
    cairo_show_page(cr);
    is_drawn = is_drawn && cairo_status(cr) == CAIRO_STATUS_SUCCESS;
    cairo_destroy(cr);
    return is_drawn ? ASK_DONE : ASK_BROKEN;
}

static enum ask_status draw(PopplerDocument *document, const char *day, const char *text)
{
    const int n = poppler_document_get_n_pages(document);
    enum ask_status status = n < 1 ? ASK_BROKEN : n > PREVIEW_MARKED_MAX ? ASK_TOO_MUCH : ASK_DONE;
    if (status != ASK_DONE)
        return status;
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(put, NULL, 1, 1);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, day);
    for (int i = 0; i < n && status == ASK_DONE; i++) {
        PopplerPage *page = poppler_document_get_page(document, i);
        status = page ? draw_page(surface, page, text) : ASK_BROKEN;
        if (page)
            g_object_unref(page);
    }
    cairo_surface_finish(surface);
    if (status == ASK_DONE && cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
        status = ASK_BROKEN;
    return status;
}

static enum ask_status run(const char *day, const char *text)
{
    GError *error = NULL;
    PopplerDocument *document = poppler_document_new_from_fd(dup(STDIN_FILENO), NULL, &error);
    if (document)
        return draw(document, day, text);
    return error && error->code == POPPLER_ERROR_ENCRYPTED ? ASK_PROTECTED : ASK_BROKEN;
}

int main(int argc, char **argv)
{
    enum { MEMORY = 1, CPU, FOLDER, DAY, TEXT, WORDS };
    if (argc != WORDS) {
        fprintf(stderr, "baton-watermark: is run by Baton in a sandbox, not by hand\n");
        return ASK_WRONG;
    }
    if (!confine(strtoull(argv[MEMORY], NULL, 10), (unsigned)strtoul(argv[CPU], NULL, 10),
                 strtoull(argv[FOLDER], NULL, 10))) {
        fprintf(stderr, "baton-watermark: limits cannot be set\n");
        return ASK_TOO_MUCH;
    }
    _exit((int)run(argv[DAY], argv[TEXT])); /* nothing that is left is needed by anybody */
}
