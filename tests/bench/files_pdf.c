/* Draws pages as a letter looks. */
#include "files_pdf.h"

#include <cairo-pdf.h>
#include <stdio.h>

#include "bench.h"

enum { LINES = 45, WIDTH = 595, HEIGHT = 842, MARGIN = 60, STEP = 16 };

void files_pdf(const char *path, int pages, unsigned number)
{
    char line[128];
    cairo_surface_t *surface = cairo_pdf_surface_create(path, WIDTH, HEIGHT);
    cairo_t *c = cairo_create(surface);
    for (int page = 1; page <= pages; page++) {
        cairo_rectangle(c, MARGIN / 2., MARGIN / 2., WIDTH - MARGIN, HEIGHT - MARGIN);
        cairo_stroke(c);
        cairo_set_font_size(c, 11);
        for (int i = 0; i < LINES; i++) {
            snprintf(line, sizeof line,
                     "File %u, page %d, line %d: what was offered, to whom, and until when it holds", number,
                     page, i + 1);
            cairo_move_to(c, MARGIN, MARGIN + i * STEP);
            cairo_show_text(c, line);
        }
        cairo_show_page(c);
    }
    cairo_destroy(c);
    cairo_surface_finish(surface);
    if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
        drive_die("cannot draw %s", path);
    cairo_surface_destroy(surface);
}
