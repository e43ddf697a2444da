/* The page that a customer sees of a quote. */
#ifndef BATON_GATEWAY_QUOTE_H
#define BATON_GATEWAY_QUOTE_H

#include "baton/v1/quotes.pb-c.h"
#include "request.h"

/* In the language of the quote; with what to say yes or no by, while that can be. */
void quote_page(struct request *r, const Baton__Quote *q, const char *token);

#endif
