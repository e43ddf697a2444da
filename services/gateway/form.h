/* Web forms, and the small pages people see who fill them in. */
#ifndef BATON_GATEWAY_FORM_H
#define BATON_GATEWAY_FORM_H

#include "request.h"

/* A refusal as a page. */
/* In the language that the form's address says, or the first that the browser likes and the words are there
   in; in English else, and then with what exactly it was. */
void form_refusal(struct request *r, unsigned status, const struct refusal *no);

enum { FORM_LANGUAGE_SIZE = 36 };
#define FORM_LANGUAGE_NAME "lang"
/* That language; NULL: none is known. May be `out`. */
const char *form_language(const struct request *r, char out[FORM_LANGUAGE_SIZE]);

#endif
