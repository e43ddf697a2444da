/* Local dates and times; ICU puts them on the time line. */
#include "base/civil.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ucal.h>

#include "base/rfc3339.h"
#include "base/zone.h"

enum { DAY_S = 86400, EPOCH_JULIAN = 2440588 };

struct civil_zone {
    UCalendar *calendar;
};

bool civil_parse(const char *text, struct civil *c, bool *is_date)
{
    enum { DATE = 10, WHOLE = 19 };
    char zoned[WHOLE + 2];
    int64_t seconds;
    int32_t nanos;
    size_t n = text ? strlen(text) : 0;
    if (n != DATE && n != WHOLE)
        return false;
    (void)snprintf(zoned, sizeof zoned, "%sZ", text); /* of a date it is not used */
    *is_date = n == DATE;
    if (*is_date)
        return rfc3339_is_date(text) && sscanf(text, "%d-%d-%d", &c->year, &c->month, &c->day) == 3 &&
               !(c->hour = c->minute = c->second = 0);
    if (!rfc3339_parse(zoned, &seconds, &nanos))
        return false;
    *c = civil_of_seconds(seconds);
    return true;
}

void civil_format(char out[CIVIL_SIZE], const struct civil *c, bool is_date)
{
    int n = snprintf(out, CIVIL_SIZE, "%04u-%02u-%02u", (unsigned)c->year % 10000, (unsigned)c->month % 100,
                     (unsigned)c->day % 100);
    if (!is_date)
        (void)snprintf(out + n, CIVIL_SIZE - (size_t)n, "T%02u:%02u:%02u", (unsigned)c->hour % 100,
                       (unsigned)c->minute % 100, (unsigned)c->second % 100); /* it fits */
}

/* Days since 1970 in the Gregorian calendar (Fliegel and Van Flandern, 1968, in years that begin in March).
 */
static int64_t days_of(int year, int month, int day)
{
    const int64_t y = year - (month <= 2), era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;
    const int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

int64_t civil_seconds(const struct civil *c)
{
    return days_of(c->year, c->month, c->day) * DAY_S + c->hour * 3600 + c->minute * 60 + c->second;
}

struct civil civil_of_seconds(int64_t seconds)
{
    int64_t rest = seconds % DAY_S;
    if (rest < 0)
        rest += DAY_S;
    const int64_t z = (seconds - rest) / DAY_S + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
    const int64_t of_era = z - era * 146097;
    const int64_t years = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    const int64_t of_year = of_era - (365 * years + years / 4 - years / 100), m = (5 * of_year + 2) / 153;
    const int month = (int)(m < 10 ? m + 3 : m - 9);
    return (struct civil){.year = (int)(years + era * 400 + (month <= 2)),
                          .month = month,
                          .day = (int)(of_year - (153 * m + 2) / 5 + 1),
                          .hour = (int)(rest / 3600),
                          .minute = (int)(rest / 60 % 60),
                          .second = (int)(rest % 60)};
}

/* --- zones --- */

struct civil_zone *civil_zone_new(const char *name)
{
    UCalendar *calendar = zone_calendar(name);
    if (!calendar)
        return NULL;
    struct civil_zone *z = malloc(sizeof *z);
    assert(z);
    z->calendar = calendar;
    return z;
}

void civil_zone_free(struct civil_zone *z)
{
    if (!z)
        return;
    ucal_close(z->calendar);
    free(z);
}

int64_t civil_to_us(const struct civil_zone *z, const struct civil *c)
{
    UErrorCode error = U_ZERO_ERROR;
    ucal_clear(z->calendar);
    ucal_set(z->calendar, UCAL_JULIAN_DAY, (int32_t)(days_of(c->year, c->month, c->day) + EPOCH_JULIAN));
    ucal_set(z->calendar, UCAL_MILLISECONDS_IN_DAY, (c->hour * 3600 + c->minute * 60 + c->second) * 1000);
    return (int64_t)ucal_getMillis(z->calendar, &error) * 1000;
}

struct civil civil_from_us(const struct civil_zone *z, int64_t time_us)
{
    UErrorCode error = U_ZERO_ERROR;
    const int64_t time_s = time_us / 1000000 - (time_us % 1000000 < 0);
    ucal_setMillis(z->calendar, (UDate)time_s * 1000, &error);
    const int32_t offset_ms =
        ucal_get(z->calendar, UCAL_ZONE_OFFSET, &error) + ucal_get(z->calendar, UCAL_DST_OFFSET, &error);
    return civil_of_seconds(time_s + offset_ms / 1000);
}
