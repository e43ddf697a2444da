/* The pages around a form: itself, with what is wrong, and what is said afterwards. */
#ifndef BATON_GATEWAY_FORM_PAGE_H
#define BATON_GATEWAY_FORM_PAGE_H

#include "form_html.h"
#include "request.h"

void form_page(struct request *r, unsigned status, const struct form_view *v);
/* `form` may be NULL, `location` too: where the browser goes from there. */
void form_page_thanks(struct request *r, const Baton__LeadForm *form, const char *location);
/* A title and a sentence, in that language (NULL: English). */
void form_page_plain(struct request *r, unsigned status, const char *language, const char *title,
                     const char *text);

/* The same with this HTML, which it takes, instead of the sentence. */
void form_page_with(struct request *r, unsigned status, const char *language, const char *title,
                    struct buffer *html);

#endif
