/* A catalogue on paper, by the library that draws quotes (quote_pdf.h). */
#ifndef BATON_OPPORTUNITIES_CATALOGUE_PDF_H
#define BATON_OPPORTUNITIES_CATALOGUE_PDF_H

#include "baton/v1/catalogue.pb-c.h"
#include "services/opportunities/quote_pdf.h"

enum { CATALOGUE_PDF_MAX = 896 << 10 /* as the schema has it */ };

/* As PDF, appended to `out`: A4, a head above each family and the table's on each page, in that language
   (English for NULL, Traditional Chinese). False: it cannot be drawn, or does not fit. In any thread. */
bool catalogue_pdf_draw(const Baton__Catalogue *c, const struct quote_paper *paper, const char *language,
                        struct buffer *out);

#endif
