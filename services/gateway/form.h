/* Web forms, and the small pages people see who fill them in. */
#ifndef BATON_GATEWAY_FORM_H
#define BATON_GATEWAY_FORM_H

#include "request.h"

/* A refusal as a page. */
void form_refusal(struct request *r, unsigned status, const struct refusal *no);

#endif
