/* Time zones as files of iCalendar name them. */
#ifndef BATON_TOOL_CALENDAR_ZONE_H
#define BATON_TOOL_CALENDAR_ZONE_H

#include <libical/ical.h>

#include "base/arena.h"

/* The IANA name of what `tzid` means in this file (its outermost component), in the arena; NULL: nobody
 * knows. */
const char *calendar_zone(icalcomponent *file, const char *tzid, struct arena *a);

#endif
