/* Between the two files of worktime: what callers give, in any order and overlapping, becomes sorted rows. */
#ifndef BATON_BASE_WORKTIME_MERGE_H
#define BATON_BASE_WORKTIME_MERGE_H

#include "base/worktime.h"

enum { WORKTIME_EPOCH_DAY = 2440588 }; /* the Julian day of 1970-01-01 */

/* Days are Julian day numbers throughout: weekdays are a remainder and ICU takes them as they are. */
struct worktime_special {
    int32_t day;
    bool working;
};

/* Each returns how many rows there are then; `out` has room for n. Hours: by weekday and start, what is
   inside a day of the week; those of one weekday neither overlap nor touch. Days: by day, one a day, a
   holiday wins. Absences: by start; they neither overlap nor touch. */
size_t worktime_merge_hours(struct worktime_interval *out, const struct worktime_interval *hours, size_t n);
size_t worktime_merge_days(struct worktime_special *out, const struct worktime_day *days, size_t n);
size_t worktime_merge_absences(struct worktime_absence *out, const struct worktime_absence *absences,
                               size_t n);

/* For bsearch over days. */
int worktime_by_day(const void *a, const void *b);

#endif
