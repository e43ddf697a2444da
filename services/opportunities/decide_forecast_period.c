/* Months, quarters and years as an organisation counts them. */
#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "base/rfc3339.h"
#include "services/opportunities/rollup.h"

enum { YEAR = 12, QUARTER = 3, YEAR_DIGITS = 4, YEAR_MIN = 1900, YEAR_MAX = 2200 };
static const int64_t DAY_S = 86400;

static uint32_t offset(uint32_t begins)
{
    return begins > 1 && begins <= YEAR ? begins - 1 : 0;
}

/* The first month of a fiscal year. */
static uint32_t year_begins(uint32_t year, uint32_t begins)
{
    return offset(begins) ? (year - 1) * YEAR + offset(begins) : year * YEAR;
}

static uint32_t year_of(uint32_t month, uint32_t begins)
{
    uint32_t year = (month - offset(begins)) / YEAR;
    return offset(begins) ? year + 1 : year;
}

bool forecast_months_parse(const char *text, uint32_t begins, struct forecast_months *out)
{
    if (!text || strspn(text, "0123456789") != YEAR_DIGITS)
        return false;
    uint32_t year = (uint32_t)strtoul(text, NULL, 10);
    const char *rest = text + YEAR_DIGITS;
    if (year < YEAR_MIN || year > YEAR_MAX)
        return false;
    if (!*rest) {
        *out = (struct forecast_months){year_begins(year, begins), YEAR};
        return true;
    }
    if (rest[0] == '-' && rest[1] == 'Q' && rest[2] >= '1' && rest[2] <= '4' && !rest[3]) {
        uint32_t quarter = (uint32_t)(rest[2] - '1');
        *out = (struct forecast_months){year_begins(year, begins) + quarter * QUARTER, QUARTER};
        return true;
    }
    if (rest[0] != '-' || strspn(rest + 1, "0123456789") != 2 || rest[3])
        return false;
    uint32_t month = (uint32_t)strtoul(rest + 1, NULL, 10);
    *out = (struct forecast_months){year * YEAR + month - 1, 1};
    return month >= 1 && month <= YEAR;
}

struct forecast_months forecast_quarter_of(uint32_t month, uint32_t begins)
{
    return (struct forecast_months){month - (month + YEAR - offset(begins)) % QUARTER, QUARTER};
}

char *forecast_months_name(struct forecast_months m, uint32_t begins, struct arena *a)
{
    uint32_t year = year_of(m.first, begins), within = m.first - year_begins(year, begins);
    uint32_t last = m.first + m.n - 1;
    if (m.n == 1)
        return arena_printf(a, "%u-%02u", m.first / YEAR, m.first % YEAR + 1);
    if (m.n == YEAR && within == 0)
        return arena_printf(a, "%u", year);
    if (m.n == QUARTER && within % QUARTER == 0)
        return arena_printf(a, "%u-Q%u", year, within / QUARTER + 1);
    return arena_printf(a, "%u-%02u to %u-%02u", m.first / YEAR, m.first % YEAR + 1, last / YEAR,
                        last % YEAR + 1);
}

static int32_t day_of(uint32_t month)
{
    struct civil c = {.year = (int)(month / YEAR), .month = (int)(month % YEAR) + 1, .day = 1};
    return (int32_t)(civil_seconds(&c) / DAY_S);
}

int32_t forecast_first_day(struct forecast_months m)
{
    return day_of(m.first);
}

int32_t forecast_last_day(struct forecast_months m)
{
    return day_of(m.first + m.n) - 1;
}

uint32_t forecast_month_of(const char *date)
{
    if (!date || !rfc3339_is_date(date))
        return 0;
    return (uint32_t)(strtoul(date, NULL, 10) * YEAR + strtoul(date + YEAR_DIGITS + 1, NULL, 10) - 1);
}

char *forecast_day_text(int32_t day, struct arena *a)
{
    struct civil c = civil_of_seconds((int64_t)day * DAY_S);
    char text[CIVIL_SIZE];
    civil_format(text, &c, true);
    return arena_strdup(a, text);
}
