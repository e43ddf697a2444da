/* Times as text: RFC 3339, as protobuf's JSON mapping wants them. */
#ifndef BATON_BASE_RFC3339_H
#define BATON_BASE_RFC3339_H

#include <stdbool.h>
#include <stdint.h>

enum { RFC3339_SIZE = 36 };

/* Upper-case T and Z or any offset, up to 9 digits of fraction, year 1 to 9999, real dates only. */
bool rfc3339_parse(const char *text, int64_t *seconds, int32_t *nanos);

/* UTC with Z and 0, 3, 6 or 9 digits of fraction. False if out of range. */
bool rfc3339_format(char out[RFC3339_SIZE], int64_t seconds, int32_t nanos);

/* yyyy-mm-dd, and in the calendar. NULL is none. */
bool rfc3339_is_date(const char *text);

#endif
