/* Quotes and catalogues on paper in the service itself: the library that draws is loaded with the first. */
#include <dlfcn.h>
#include <string.h>

#include "base/beside.h"
#include "base/log.h"
#include "services/opportunities/catalogue_pdf.h"

static const char NAME[] = "baton-quote.so";

/* Its function of this name; `fn` is a pointer to one. False: logged. */
static bool find(const char *name, void *fn, size_t size)
{
    void *library = beside_load(NAME);
    void *symbol = library ? dlsym(library, name) : NULL;
    if (!symbol) {
        log_failure("quote", "%s cannot be loaded: %s", NAME, dlerror());
        return false;
    }
    memcpy(fn, &symbol, size); /* C has no cast from one to the other */
    return true;
}

bool quote_pdf_draw(const Baton__Quote *q, const struct quote_paper *paper, struct buffer *out)
{
    bool (*draw)(const Baton__Quote *, const struct quote_paper *, struct buffer *);
    return find("quote_pdf_draw", &draw, sizeof draw) && draw(q, paper, out);
}

bool catalogue_pdf_draw(const Baton__Catalogue *c, const struct quote_paper *paper, const char *language,
                        struct buffer *out)
{
    bool (*draw)(const Baton__Catalogue *, const struct quote_paper *, const char *, struct buffer *);
    return find("catalogue_pdf_draw", &draw, sizeof draw) && draw(c, paper, language, out);
}
