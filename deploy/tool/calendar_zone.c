/* Time zones as files of iCalendar name them: by their IANA name, perhaps behind the name of who made the
   file, by where they say that they are, or as Windows does. */
#include "tool/calendar_zone.h"

#include <string.h>
#include <unicode/ucal.h>
#include <unicode/ustring.h>

#include "base/worktime.h"

enum { NAME_BYTES_MAX = 64 };

static icalcomponent *zone_in(icalcomponent *c, const char *tzid)
{
    icalcompiter at = icalcomponent_begin_component(c, ICAL_ANY_COMPONENT);
    for (icalcomponent *x; (x = icalcompiter_deref(&at)); (void)icalcompiter_next(&at)) { /* `at` knows it */
        icalproperty *p = icalcomponent_get_first_property(x, ICAL_TZID_PROPERTY);
        if (icalcomponent_isa(x) == ICAL_VTIMEZONE_COMPONENT) {
            if (p && strcmp(icalproperty_get_tzid(p), tzid) == 0)
                return x;
            continue;
        }
        icalcomponent *found = zone_in(x, tzid);
        if (found)
            return found;
    }
    return NULL;
}

static const char *said_location(icalcomponent *zone)
{
    for (icalproperty *p = icalcomponent_get_first_property(zone, ICAL_X_PROPERTY); p;
         p = icalcomponent_get_next_property(zone, ICAL_X_PROPERTY))
        if (strcmp(icalproperty_get_x_name(p), "X-LIC-LOCATION") == 0)
            return icalproperty_get_value_as_string(p);
    return NULL;
}

/* "/example.org/20050126_1/Europe/Berlin" */
static const char *ending(const char *tzid)
{
    for (const char *at = strchr(tzid, '/'); at; at = strchr(at + 1, '/'))
        if (worktime_zone_valid(at + 1))
            return at + 1;
    return NULL;
}

static const char *of_windows(const char *tzid, struct arena *a)
{
    UChar name[NAME_BYTES_MAX], found[NAME_BYTES_MAX];
    char text[NAME_BYTES_MAX];
    UErrorCode error = U_ZERO_ERROR;
    int32_t n = 0;
    u_strFromUTF8(name, NAME_BYTES_MAX, &n, tzid, -1, &error);
    if (U_FAILURE(error) || n >= NAME_BYTES_MAX)
        return NULL;
    n = ucal_getTimeZoneIDForWindowsID(name, n, NULL, found, NAME_BYTES_MAX, &error);
    if (U_FAILURE(error) || n == 0 || n >= NAME_BYTES_MAX)
        return NULL;
    u_UCharsToChars(found, text, n);
    return arena_strndup(a, text, (size_t)n);
}

const char *calendar_zone(icalcomponent *file, const char *tzid, struct arena *a)
{
    if (worktime_zone_valid(tzid))
        return arena_strdup(a, tzid);
    icalcomponent *zone = zone_in(file, tzid);
    const char *said = zone ? said_location(zone) : NULL;
    if (said && worktime_zone_valid(said))
        return arena_strdup(a, said);
    const char *end = ending(tzid);
    return end ? arena_strdup(a, end) : of_windows(tzid, a);
}
