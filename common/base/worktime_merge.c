/* What a working-time calendar is given, sorted and without overlaps. */
#include "base/worktime_merge.h"

#include <stdlib.h>
#include <time.h>

enum { DAY_MINUTES = 1440 };

static int by_weekday(const void *a, const void *b)
{
    const struct worktime_interval *x = a, *y = b;
    return x->weekday != y->weekday ? x->weekday - y->weekday : x->start_minute - y->start_minute;
}

int worktime_by_day(const void *a, const void *b)
{
    const struct worktime_special *x = a, *y = b;
    return (x->day > y->day) - (x->day < y->day);
}

/* Of two entries for a day the holiday comes first. */
static int by_day_holiday_first(const void *a, const void *b)
{
    const struct worktime_special *x = a, *y = b;
    int order = worktime_by_day(a, b);
    return order ? order : x->working - y->working;
}

static int by_start(const void *a, const void *b)
{
    const struct worktime_absence *x = a, *y = b;
    return (x->start_us > y->start_us) - (x->start_us < y->start_us);
}

static void sort(void *rows, size_t n, size_t size, int (*compare)(const void *, const void *))
{
    if (n > 1)
        qsort(rows, n, size, compare);
}

size_t worktime_merge_hours(struct worktime_interval *out, const struct worktime_interval *hours, size_t n)
{
    size_t kept = 0, merged = 0;
    for (size_t i = 0; i < n; i++) {
        struct worktime_interval h = hours[i];
        h.start_minute = h.start_minute < 0 ? 0 : h.start_minute;
        h.end_minute = h.end_minute > DAY_MINUTES ? DAY_MINUTES : h.end_minute;
        if (h.weekday >= 1 && h.weekday <= 7 && h.start_minute < h.end_minute)
            out[kept++] = h;
    }
    sort(out, kept, sizeof(*out), by_weekday);
    for (size_t i = 0; i < kept; i++) {
        struct worktime_interval *last = merged ? &out[merged - 1] : NULL;
        if (!last || last->weekday != out[i].weekday || last->end_minute < out[i].start_minute)
            out[merged++] = out[i];
        else if (last->end_minute < out[i].end_minute)
            last->end_minute = out[i].end_minute;
    }
    return merged;
}

size_t worktime_merge_days(struct worktime_special *out, const struct worktime_day *days, size_t n)
{
    size_t kept = 0, merged = 0;
    for (size_t i = 0; i < n; i++) {
        struct tm t = {.tm_year = days[i].year - 1900, .tm_mon = days[i].month - 1, .tm_mday = days[i].day};
        bool plausible = days[i].year >= 1 && days[i].year <= 9999 && t.tm_mon >= 0 && t.tm_mon < 12;
        int64_t seconds = plausible ? timegm(&t) : 0;
        /* timegm makes another day of one that does not exist; such a day is nobody's holiday. */
        if (plausible && t.tm_mday == days[i].day)
            out[kept++] = (struct worktime_special){
                (int32_t)((seconds + WORKTIME_EPOCH_DAY * INT64_C(86400)) / 86400), days[i].working};
    }
    sort(out, kept, sizeof(*out), by_day_holiday_first);
    for (size_t i = 0; i < kept; i++)
        if (merged == 0 || out[merged - 1].day != out[i].day)
            out[merged++] = out[i];
    return merged;
}

size_t worktime_merge_absences(struct worktime_absence *out, const struct worktime_absence *absences,
                               size_t n)
{
    size_t kept = 0, merged = 0;
    for (size_t i = 0; i < n; i++)
        if (absences[i].start_us < absences[i].end_us)
            out[kept++] = absences[i];
    sort(out, kept, sizeof(*out), by_start);
    for (size_t i = 0; i < kept; i++) {
        struct worktime_absence *last = merged ? &out[merged - 1] : NULL;
        if (!last || last->end_us < out[i].start_us)
            out[merged++] = out[i];
        else if (last->end_us < out[i].end_us)
            last->end_us = out[i].end_us;
    }
    return merged;
}
