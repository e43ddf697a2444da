/* Time zones by their IANA names. */
#ifndef BATON_BASE_ZONE_H
#define BATON_BASE_ZONE_H

#include <stdbool.h>
#include <unicode/ucal.h>

bool zone_valid(const char *zone);
/* A Gregorian calendar there, for ucal_close. What a change of the clocks leaves out is the next time there
   is, what it has twice the first. NULL: no such zone; anything else is logged. */
UCalendar *zone_calendar(const char *zone);

#endif
