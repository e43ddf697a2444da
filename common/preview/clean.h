/* Text from outside, made into text. */
#ifndef BATON_PREVIEW_CLEAN_H
#define BATON_PREVIEW_CLEAN_H

#include "base/bytes.h"

/* Adds at most `max` bytes of it to `out`, ending between characters: what is no UTF-8 as U+FFFD, line ends
   as \n, without control characters other than \n, \t and \f, and without characters that turn the direction
   of what stands behind them. False: there was more. */
bool clean_text(struct buffer *out, const char *text, size_t size, size_t max);

#endif
