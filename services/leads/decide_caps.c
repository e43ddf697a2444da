/* How many leads somebody received this day, week and month: counts that begin anew by themselves. */
#include "services/leads/filter.h"

/* Weeks from Monday; 1970 began on a Thursday. */
static int32_t week_of(int32_t day)
{
    int32_t n = day + 3;
    return n / 7 - (n % 7 < 0);
}

/* Months since March of year 0, counted in eras of 400 years (Howard Hinnant's days-from-civil, the other
 * way). */
static int32_t month_of(int32_t day)
{
    int32_t z = day + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
    int32_t of_era = z - era * 146097;
    int32_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int32_t of_year = of_era - (365 * year + year / 4 - year / 100);
    return (era * 400 + year) * 12 + (5 * of_year + 2) / 153;
}

struct leads_received leads_received_on(struct leads_received r, int32_t day)
{
    if (day <= r.on_day)
        return r;
    r.day = 0;
    if (week_of(day) != week_of(r.on_day))
        r.week = 0;
    if (month_of(day) != month_of(r.on_day))
        r.month = 0;
    r.on_day = day;
    return r;
}
