/* Dates and times as calendars and clocks on a wall say them, and what moment that is in a time zone. ICU
   knows the zones; everything here is a pure function of its arguments. */
#ifndef BATON_BASE_CIVIL_H
#define BATON_BASE_CIVIL_H

#include <stdbool.h>
#include <stdint.h>

struct civil {
    int year, month, day, hour, minute, second;
};

enum { CIVIL_SIZE = 20 };

/* "yyyy-mm-dd", or "yyyy-mm-ddThh:mm:ss" of years 1 to 9999, in the calendar. *is_date tells which; the time
   of a date is midnight. */
bool civil_parse(const char *text, struct civil *c, bool *is_date);
void civil_format(char out[CIVIL_SIZE], const struct civil *c, bool is_date);

/* Seconds since 1970 as if the clock showed UTC, and back. */
int64_t civil_seconds(const struct civil *c);
struct civil civil_of_seconds(int64_t seconds);

/* A time zone by its IANA name; NULL: there is none of that name. */
struct civil_zone;
struct civil_zone *civil_zone_new(const char *name);
void civil_zone_free(struct civil_zone *z); /* NULL is fine */

/* A time that a change of the clocks skips is the moment of the change; one that comes twice is its first. */
int64_t civil_to_us(const struct civil_zone *z, const struct civil *c);
struct civil civil_from_us(const struct civil_zone *z, int64_t time_us);

#endif
