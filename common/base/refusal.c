/* Refusals: filling one, and what its code is called on the wire. */
#include "base/refusal.h"

#include <assert.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unicode/utf8.h>

/* A text that was cut must not end inside a character. */
static void mend_end(char *s)
{
    const uint8_t *u = (const uint8_t *)s;
    size_t n = strlen(s);
    U8_TRUNCATE_IF_INCOMPLETE(u, 0, n);
    s[n] = 0;
}

bool refuse(struct refusal *no, enum refusal_code code, const char *field, const char *format, ...)
{
    va_list args;
    no->code = code;
    va_start(args, format);
    vsnprintf(no->message, sizeof(no->message), format, args);
    va_end(args);
    snprintf(no->field, sizeof(no->field), "%s", field ? field : "");
    mend_end(no->message);
    mend_end(no->field);
    no->detail_type = NULL;
    no->detail = bytes_of(NULL, 0);
    return false;
}

void refuse_with(struct refusal *no, const char *detail_type, struct bytes detail)
{
    assert(detail.size <= REFUSAL_DETAIL_MAX);
    no->detail_type = detail_type;
    no->detail = detail;
}

const char *refusal_code_name(enum refusal_code code)
{
    switch (code) {
#define X(name, number, text, http)                                                                          \
    case REFUSAL_##name:                                                                                     \
        return text;
        REFUSAL_CODES(X)
#undef X
    case REFUSAL_NONE:
        break;
    }
    return "unknown";
}

int refusal_http_status(enum refusal_code code)
{
    switch (code) {
#define X(name, number, text, http)                                                                          \
    case REFUSAL_##name:                                                                                     \
        return http;
        REFUSAL_CODES(X)
#undef X
    case REFUSAL_NONE:
        break;
    }
    return 500;
}
