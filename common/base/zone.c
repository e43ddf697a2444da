/* Time zones by their IANA names, as ICU knows them. */
#include "base/zone.h"

#include <string.h>
#include <unicode/ustring.h>

#include "base/log.h"

enum { ZONE_MAX = 64 };

static bool zone_name(UChar out[ZONE_MAX], const char *zone)
{
    UErrorCode error = U_ZERO_ERROR;
    UChar canonical[2 * ZONE_MAX];
    UBool known = false;
    int32_t n = 0;
    if (!zone || !*zone || strcmp(zone, "Etc/Unknown") == 0)
        return false;
    u_strFromUTF8(out, ZONE_MAX, &n, zone, -1, &error);
    if (U_FAILURE(error) || n >= ZONE_MAX)
        return false;
    ucal_getCanonicalTimeZoneID(out, n, canonical, 2 * ZONE_MAX, &known, &error);
    return U_SUCCESS(error) && known;
}

UCalendar *zone_calendar(const char *zone)
{
    UChar name[ZONE_MAX];
    UErrorCode error = U_ZERO_ERROR;
    if (!zone_name(name, zone))
        return NULL;
    UCalendar *c = ucal_open(name, -1, "en", UCAL_GREGORIAN, &error);
    if (U_FAILURE(error)) {
        log_failure("zone", "no calendar for %s: %s", zone, u_errorName(error));
        return NULL;
    }
    ucal_setAttribute(c, UCAL_SKIPPED_WALL_TIME, UCAL_WALLTIME_NEXT_VALID);
    ucal_setAttribute(c, UCAL_REPEATED_WALL_TIME, UCAL_WALLTIME_FIRST);
    return c;
}

bool zone_valid(const char *zone)
{
    UChar name[ZONE_MAX];
    return zone_name(name, zone);
}
