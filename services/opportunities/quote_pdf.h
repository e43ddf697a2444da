/* A quote on paper. The library that can (baton-quote.so, by cairo and pango) is loaded with the first one.
 */
#ifndef BATON_OPPORTUNITIES_QUOTE_PDF_H
#define BATON_OPPORTUNITIES_QUOTE_PDF_H

#include "base/bytes.h"
#include "baton/v1/quotes.pb-c.h"

enum { QUOTE_PDF_MAX = 896 << 10 /* as the schema has it */ };

/* Whose paper it is; both may be NULL. */
struct quote_paper {
    const char *name, *letterhead; /* lines */
};

/* As PDF, appended to `out`: A4, the table's head on each page, in the language of the quote's head (English,
   Traditional Chinese). False: it cannot be drawn, or does not fit. In any thread. */
bool quote_pdf_draw(const Baton__Quote *q, const struct quote_paper *paper, struct buffer *out);

/* The words on it. */
struct quote_words {
    const char *quote, *draft, *version, *date, *valid_until, *to;
    const char *columns[7]; /* of the table */
    const char *gross, *reduction, *net, *no_tax;
    const char *tax[2], *total[2], *page[3]; /* what stands around what is filled in */
};
const struct quote_words *quote_words(const char *language); /* NULL: English */
/* "12,345.60" of a currency's minor units; in `out` of that many bytes. */
void quote_amount(char *out, size_t size, int64_t minor_units, int digits);

#endif
