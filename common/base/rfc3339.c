/* RFC 3339 times, read strictly and written in protobuf's way. */
#include "base/rfc3339.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static const int64_t SECONDS_MIN = INT64_C(-62135596800); /* 0001-01-01T00:00:00Z */
static const int64_t SECONDS_MAX = INT64_C(253402300799); /* 9999-12-31T23:59:59Z */
enum { NANOS = 1000000000 };

/* Exactly `digits` digits at *s, which moves past them; -1 if they are not there or out of bounds. */
static int number(const char **s, int digits, int min, int max)
{
    int value = 0;
    for (; digits; digits--, (*s)++) {
        if (**s < '0' || **s > '9')
            return -1;
        value = value * 10 + (**s - '0');
    }
    return value < min || value > max ? -1 : value;
}

static bool literal(const char **s, char c)
{
    return *(*s)++ == c;
}

static bool date_and_time(const char **s, struct tm *t)
{
    return (t->tm_year = number(s, 4, 1, 9999)) >= 0 && literal(s, '-') &&
           (t->tm_mon = number(s, 2, 1, 12)) >= 0 && literal(s, '-') &&
           (t->tm_mday = number(s, 2, 1, 31)) >= 0 && literal(s, 'T') &&
           (t->tm_hour = number(s, 2, 0, 23)) >= 0 && literal(s, ':') &&
           (t->tm_min = number(s, 2, 0, 59)) >= 0 && literal(s, ':') &&
           (t->tm_sec = number(s, 2, 0, 59)) >= 0;
}

/* Nothing, or a point and 1 to 9 digits. */
static bool fraction(const char **s, int32_t *nanos)
{
    *nanos = 0;
    if (**s != '.')
        return true;
    (*s)++;
    int32_t unit = NANOS;
    for (; **s >= '0' && **s <= '9'; (*s)++) {
        if (unit == 1)
            return false;
        unit /= 10;
        *nanos += (**s - '0') * unit;
    }
    return unit < NANOS;
}

static bool offset(const char **s, int *seconds)
{
    char sign = *(*s)++;
    *seconds = 0;
    if (sign == 'Z')
        return true;
    if (sign != '+' && sign != '-')
        return false;
    int hours = number(s, 2, 0, 23);
    if (hours < 0 || !literal(s, ':'))
        return false;
    int minutes = number(s, 2, 0, 59);
    *seconds = (hours * 60 + minutes) * (sign == '+' ? 60 : -60);
    return minutes >= 0;
}

bool rfc3339_parse(const char *text, int64_t *seconds, int32_t *nanos)
{
    struct tm t = {0};
    int32_t part;
    int east;
    if (!date_and_time(&text, &t) || !fraction(&text, &part) || !offset(&text, &east) || *text)
        return false;
    t.tm_year -= 1900;
    t.tm_mon -= 1;
    int day = t.tm_mday;
    int64_t value = timegm(&t) - east;
    /* timegm makes 1 March of 29 February where there is none. */
    if (t.tm_mday != day || value < SECONDS_MIN || value > SECONDS_MAX)
        return false;
    *seconds = value;
    *nanos = part;
    return true;
}

bool rfc3339_format(char out[RFC3339_SIZE], int64_t seconds, int32_t nanos)
{
    struct tm t;
    time_t time = seconds;
    if (seconds < SECONDS_MIN || seconds > SECONDS_MAX || nanos < 0 || nanos >= NANOS || !gmtime_r(&time, &t))
        return false;
    int n =
        snprintf(out, RFC3339_SIZE, "%04u-%02u-%02uT%02u:%02u:%02u", (t.tm_year + 1900U) % 10000,
                 (t.tm_mon + 1U) % 100, t.tm_mday % 100U, t.tm_hour % 100U, t.tm_min % 100U, t.tm_sec % 100U);
    char *rest = out + n;
    size_t room = RFC3339_SIZE - (size_t)n;
    if (nanos % 1000)
        snprintf(rest, room, ".%09dZ", nanos);
    else if (nanos % 1000000)
        snprintf(rest, room, ".%06dZ", nanos / 1000);
    else if (nanos)
        snprintf(rest, room, ".%03dZ", nanos / 1000000);
    else
        snprintf(rest, room, "Z");
    return true;
}

bool rfc3339_is_date(const char *text)
{
    char midnight[RFC3339_SIZE];
    int64_t seconds;
    int32_t nanos;
    if (!text || strlen(text) != sizeof "yyyy-mm-dd" - 1)
        return false;
    snprintf(midnight, sizeof midnight, "%sT00:00:00Z", text);
    return rfc3339_parse(midnight, &seconds, &nanos);
}
