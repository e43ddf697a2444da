/* Requests out of the schema: what a method needs, and no more. */
#ifndef BATON_TESTS_MATRIX_REQUEST_H
#define BATON_TESTS_MATRIX_REQUEST_H

#include "matrix/company.h"

struct wish {
    const struct schema_method *method;
    const char *about;     /* a kind of record; one that is none is in no field */
    const char *id;        /* of the record it is about; NULL: none */
    const char *owner_id;  /* of a new record; NULL: none */
    const char *device_id; /* one of the caller's; NULL: none */
};

/* Lives in the company's arena. Asserts that the schema has nothing to say against it. */
ProtobufCMessage *request_make(struct company *c, const struct wish *w);

#endif
