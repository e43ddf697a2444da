/* Quotes on paper in the service itself: the library that draws is loaded with the first. */
#include <dlfcn.h>
#include <string.h>

#include "base/beside.h"
#include "base/log.h"
#include "services/opportunities/quote_pdf.h"

static const char NAME[] = "baton-quote.so";

bool quote_pdf_draw(const Baton__Quote *q, const struct quote_paper *paper, struct buffer *out)
{
    bool (*draw)(const Baton__Quote *, const struct quote_paper *, struct buffer *);
    void *library = beside_load(NAME);
    void *symbol = library ? dlsym(library, "quote_pdf_draw") : NULL;
    if (!symbol) {
        log_failure("quote", "%s cannot be loaded: %s", NAME, dlerror());
        return false;
    }
    memcpy(&draw, &symbol, sizeof draw); /* C has no cast from one to the other */
    return draw(q, paper, out);
}
