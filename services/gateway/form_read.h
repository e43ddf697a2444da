/* What a browser sends of a form: its fields as text, its files by name. */
#ifndef BATON_GATEWAY_FORM_READ_H
#define BATON_GATEWAY_FORM_READ_H

#include "baton/v1/leads.pb-c.h"
#include "request.h"

enum { FORM_FIELDS_MAX = 200, FORM_VALUE_MAX = 64 << 10, FORM_FILES_MAX = 50 };

/* Their memory is the arena's. */
struct form_fields {
    Baton__FormField *values[FORM_FIELDS_MAX];
    Baton__MailAttachment *files[FORM_FILES_MAX];
    size_t n_values, n_files;
};

/* Reads the request's body. False: `no` says why; nothing is in `out`. */
bool form_read(struct request *r, struct arena *a, struct form_fields *out, struct refusal *no);
/* The original keeps every byte; here, what is no UTF-8 becomes U+FFFD. At most `most` bytes, whole
 * characters. */
char *form_readable(struct arena *a, struct bytes raw, size_t most);

/* Of the field of this name, so cut; NULL: there is none. */
char *form_value(const struct form_fields *f, const char *name, size_t most, struct arena *a);

#endif
