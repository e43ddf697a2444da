/* A refusal: a normal no, with a reason a person understands and the field it concerns. */
#ifndef BATON_BASE_REFUSAL_H
#define BATON_BASE_REFUSAL_H

#include <stdbool.h>

#include "base/bytes.h"

/* code, number (Connect's), its name on the wire, HTTP status. The one list of codes. */
#define REFUSAL_CODES(X)                                                                                     \
    X(CANCELED, 1, "canceled", 499)                                                                          \
    X(UNKNOWN, 2, "unknown", 500)                                                                            \
    X(INVALID_ARGUMENT, 3, "invalid_argument", 400)                                                          \
    X(DEADLINE_EXCEEDED, 4, "deadline_exceeded", 504)                                                        \
    X(NOT_FOUND, 5, "not_found", 404)                                                                        \
    X(ALREADY_EXISTS, 6, "already_exists", 409)                                                              \
    X(PERMISSION_DENIED, 7, "permission_denied", 403)                                                        \
    X(RESOURCE_EXHAUSTED, 8, "resource_exhausted", 429)                                                      \
    X(FAILED_PRECONDITION, 9, "failed_precondition", 400)                                                    \
    X(ABORTED, 10, "aborted", 409)                                                                           \
    X(OUT_OF_RANGE, 11, "out_of_range", 400)                                                                 \
    X(UNIMPLEMENTED, 12, "unimplemented", 501)                                                               \
    X(INTERNAL, 13, "internal", 500)                                                                         \
    X(UNAVAILABLE, 14, "unavailable", 503)                                                                   \
    X(DATA_LOSS, 15, "data_loss", 500)                                                                       \
    X(UNAUTHENTICATED, 16, "unauthenticated", 401)

enum refusal_code {
    REFUSAL_NONE = 0,
#define X(name, number, text, http) REFUSAL_##name = number,
    REFUSAL_CODES(X)
#undef X
};

enum { REFUSAL_DETAIL_MAX = 64 << 10 };

struct refusal {
    enum refusal_code code;
    char message[300];
    char field[128]; /* "" if it concerns none */
    /* What else whoever asked should know: a packed message of this full name. Somebody else's memory. */
    const char *detail_type; /* NULL: nothing */
    struct bytes detail;
};

/* Fills `no` and returns false, so that `return refuse(no, ...)` reads as what it is. `field` may be NULL. */
bool refuse(struct refusal *no, enum refusal_code code, const char *field, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* A refusal that refuse() filled says this as well; keeps the pointers. At most REFUSAL_DETAIL_MAX bytes. */
void refuse_with(struct refusal *no, const char *detail_type, struct bytes detail);

const char *refusal_code_name(enum refusal_code code);
int refusal_http_status(enum refusal_code code);

#endif
