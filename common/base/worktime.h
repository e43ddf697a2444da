/* Working time: when somebody works, and what a number of working minutes from now is.
   ICU knows the time zones; everything here is a pure function of its arguments. */
#ifndef BATON_BASE_WORKTIME_H
#define BATON_BASE_WORKTIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct worktime_interval {
    int weekday;                  /* 1 Monday .. 7 Sunday */
    int start_minute, end_minute; /* after local midnight; end is exclusive, at most 1440 */
};

struct worktime_day {
    int year, month, day; /* local date */
    bool working; /* worked although the weekday is free (Monday's hours); false: a holiday, which wins */
};

struct worktime_absence {
    int64_t start_us, end_us; /* UTC, end exclusive */
};

struct worktime; /* one person's calendar, compiled */

/* `zone` is an IANA name; an unknown one gives NULL. No intervals at all: works around the clock.
   Days and absences may come in any order and overlap. */
struct worktime *worktime_new(const char *zone, const struct worktime_interval *hours, size_t n_hours,
                              const struct worktime_day *days, size_t n_days,
                              const struct worktime_absence *absences, size_t n_absences);
void worktime_free(struct worktime *w);

/* What somebody works by other calendars: the absences of `w`, and time zone, hours and days of three that
   may be `w` itself. In the arena, not to be freed; the four outlive it. */
const struct worktime *worktime_mix(const struct worktime *w, const struct worktime *zone,
                                    const struct worktime *hours, const struct worktime *days,
                                    struct arena *a);

bool worktime_zone_valid(const char *zone);

enum worktime_state { WORKTIME_WORKING, WORKTIME_ABSENT, WORKTIME_OUTSIDE_HOURS, WORKTIME_HOLIDAY };

/* The state at `now_us` and, in *until_us, the first moment at which it may differ (at most 8 days ahead). */
enum worktime_state worktime_at(const struct worktime *w, int64_t now_us, int64_t *until_us);

/* `minutes` working minutes after `now_us`. Where that much working time is not found within 400 days, the
   plain time. */
int64_t worktime_add(const struct worktime *w, int64_t now_us, int64_t minutes);
/* The same for microseconds, at least 0. */
int64_t worktime_add_us(const struct worktime *w, int64_t now_us, int64_t span_us);

/* Microseconds of working time from one moment to another, of the first 400 days. */
int64_t worktime_between(const struct worktime *w, int64_t from_us, int64_t to_us);

/* Minutes by which the zone's clocks are before UTC at that moment. */
int worktime_offset(const struct worktime *w, int64_t time_us);

/* The local day, in days since 1970, and in *until_us when the next one begins. */
int32_t worktime_day_at(const struct worktime *w, int64_t now_us, int64_t *until_us);

#endif
