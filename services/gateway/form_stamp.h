/* When a form's page was shown, said by the page itself in a way that nobody else can say it. */
#ifndef BATON_GATEWAY_FORM_STAMP_H
#define BATON_GATEWAY_FORM_STAMP_H

#include "gateway.h"

enum { FORM_STAMP_SIZE = 48 };

void form_stamp_write(const struct gateway *g, char out[FORM_STAMP_SIZE]);
/* How long ago that was, by one of this gateway's own stamps. False: it is none, or from before the gateway
   was started. */
bool form_stamp_read(const struct gateway *g, const char *stamp, uint32_t *ms);

#endif
