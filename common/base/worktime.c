/* Working time: hours by weekday in local minutes, holidays and absences, put on the time line by ICU.
   A local minute that a change of the clocks skips is the moment of the change; one that comes twice is its
   first. */
#include "base/worktime.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/ucal.h>

#include "base/log.h"
#include "base/worktime_merge.h"
#include "base/zone.h"

enum { DAY_MINUTES = 1440, AHEAD_DAYS = 8, SEARCH_DAYS = AHEAD_DAYS + 2, ADD_DAYS = 400 };

static const int64_t MINUTE_US = INT64_C(60000000);
static const int64_t DAY_US = INT64_C(86400000000);

struct worktime {
    UCalendar *calendar;
    struct worktime_interval
        *hours;      /* by weekday and start; those of one weekday neither overlap nor touch */
    size_t first[9]; /* where a weekday's begin in `hours`; first[8] is their number */
    struct worktime_special *specials; /* by day, one a day */
    size_t n_specials;
    struct worktime_absence *absences; /* by start; they neither overlap nor touch */
    size_t n_absences;
};

/* What one local day is like. */
struct plan {
    const struct worktime_interval *hours;
    size_t n_hours;
    bool holiday;
};

/* A local minute. */
struct local {
    int32_t day;
    int minute;
};

/* from_us + n * unit_us, or as far as numbers go. */
static int64_t later(int64_t from_us, int64_t n, int64_t unit_us)
{
    int64_t span, sum;
    if (__builtin_mul_overflow(n, unit_us, &span) || __builtin_add_overflow(from_us, span, &sum))
        return n < 0 ? INT64_MIN : INT64_MAX;
    return sum;
}

static struct local to_local(const struct worktime *w, int64_t time_us)
{
    UErrorCode error = U_ZERO_ERROR;
    int64_t time_ms = time_us / 1000 - (time_us % 1000 < 0);
    ucal_setMillis(w->calendar, (UDate)time_ms, &error);
    return (struct local){.day = ucal_get(w->calendar, UCAL_JULIAN_DAY, &error),
                          .minute = ucal_get(w->calendar, UCAL_MILLISECONDS_IN_DAY, &error) / 60000};
}

static int64_t to_utc(const struct worktime *w, struct local t)
{
    UErrorCode error = U_ZERO_ERROR;
    ucal_clear(w->calendar);
    ucal_set(w->calendar, UCAL_JULIAN_DAY, t.day + t.minute / DAY_MINUTES);
    ucal_set(w->calendar, UCAL_MILLISECONDS_IN_DAY, t.minute % DAY_MINUTES * 60000);
    return later(0, (int64_t)ucal_getMillis(w->calendar, &error), 1000);
}

static void set_hours(struct worktime *w, const struct worktime_interval *hours, size_t n)
{
    size_t total = n ? worktime_merge_hours(w->hours, hours, n) : 7;
    for (int i = 0; n == 0 && i < 7; i++)
        w->hours[i] = (struct worktime_interval){i + 1, 0, DAY_MINUTES};
    size_t i = 0;
    for (int weekday = 1; weekday <= 8; weekday++) {
        while (i < total && w->hours[i].weekday < weekday)
            i++;
        w->first[weekday] = i;
    }
}

/* Asking it */

static struct plan plan_of(const struct worktime *w, int32_t day)
{
    int weekday = (day % 7 + 7) % 7 + 1; /* Julian day 0 was a Monday */
    struct worktime_special key = {.day = day};
    const struct worktime_special *s =
        w->n_specials ? bsearch(&key, w->specials, w->n_specials, sizeof(key), worktime_by_day) : NULL;
    if (s && !s->working)
        return (struct plan){.holiday = true};
    if (s && w->first[weekday] == w->first[weekday + 1])
        weekday = 1;
    return (struct plan){.hours = w->hours + w->first[weekday],
                         .n_hours = w->first[weekday + 1] - w->first[weekday]};
}

/* The state at `minute` without absences, and the next minute at which it changes; 1440 if not on this day.
 */
static enum worktime_state state_in(const struct plan *p, int minute, int *next)
{
    *next = DAY_MINUTES;
    if (p->holiday)
        return WORKTIME_HOLIDAY;
    for (size_t i = 0; i < p->n_hours; i++) {
        if (minute < p->hours[i].start_minute) {
            *next = p->hours[i].start_minute;
            return WORKTIME_OUTSIDE_HOURS;
        }
        if (minute < p->hours[i].end_minute) {
            *next = p->hours[i].end_minute;
            return WORKTIME_WORKING;
        }
    }
    return WORKTIME_OUTSIDE_HOURS;
}

/* Moves *t to where the state is no longer `state` and returns the one it is there; `state` if it stays so
   for SEARCH_DAYS. */
static enum worktime_state next_change(const struct worktime *w, struct local *t, enum worktime_state state)
{
    int32_t last = t->day + SEARCH_DAYS;
    while (t->day <= last) {
        struct plan p = plan_of(w, t->day);
        while (t->minute < DAY_MINUTES) {
            int next;
            enum worktime_state there = state_in(&p, t->minute, &next);
            if (there != state)
                return there;
            t->minute = next;
        }
        *t = (struct local){t->day + 1, 0};
    }
    return state;
}

/* The first absence that ends after `time_us`; n_absences if there is none. */
static size_t absence_after(const struct worktime *w, int64_t time_us)
{
    size_t low = 0, high = w->n_absences;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (w->absences[middle].end_us > time_us)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* The state by the plan alone. Of an hour that comes twice the second is as the end of the first. */
static enum worktime_state planned_state(const struct worktime *w, int64_t now_us, int64_t *until_us)
{
    struct local t = to_local(w, now_us);
    struct plan p = plan_of(w, t.day);
    int unused;
    enum worktime_state state = state_in(&p, t.minute, &unused);
    for (;;) {
        enum worktime_state next = next_change(w, &t, state);
        *until_us = next == state ? INT64_MAX : to_utc(w, t);
        if (*until_us > now_us || *until_us == INT64_MAX)
            return state;
        state = next;
    }
}

/* Takes the working time from start_us to end_us, less absences, off *left_us; true when that is used up, and
   then *at_us is the moment. */
static bool use_up(const struct worktime *w, int64_t start_us, int64_t end_us, int64_t *left_us,
                   int64_t *at_us)
{
    size_t i = absence_after(w, start_us);
    while (start_us < end_us) {
        const struct worktime_absence *a = i < w->n_absences ? &w->absences[i++] : NULL;
        int64_t stop_us = a && a->start_us < end_us ? a->start_us : end_us;
        if (stop_us > start_us && stop_us - start_us >= *left_us) {
            *at_us = start_us + *left_us;
            return true;
        }
        *left_us -= stop_us > start_us ? stop_us - start_us : 0;
        start_us = a && stop_us < end_us ? a->end_us : end_us;
    }
    return false;
}

/* Takes the working time from now_us until until_us, of ADD_DAYS at most, off *left_us; as use_up. */
static bool walk(const struct worktime *w, int64_t now_us, int64_t until_us, int64_t *left_us, int64_t *at_us)
{
    int32_t today = to_local(w, now_us).day;
    for (int32_t day = today; day <= today + ADD_DAYS; day++) {
        struct plan p = plan_of(w, day);
        for (size_t i = 0; i < p.n_hours; i++) {
            int64_t start_us = to_utc(w, (struct local){day, p.hours[i].start_minute});
            int64_t end_us = to_utc(w, (struct local){day, p.hours[i].end_minute});
            if (start_us >= until_us)
                return false;
            if (use_up(w, start_us > now_us ? start_us : now_us, end_us < until_us ? end_us : until_us,
                       left_us, at_us))
                return true;
        }
    }
    return false;
}

struct worktime *worktime_new(const char *zone, const struct worktime_interval *hours, size_t n_hours,
                              const struct worktime_day *days, size_t n_days,
                              const struct worktime_absence *absences, size_t n_absences)
{
    UCalendar *calendar = zone_calendar(zone);
    if (!calendar)
        return NULL;
    struct worktime *w = calloc(1, sizeof(*w));
    if (!w) {
        log_failure("worktime", "no memory");
        ucal_close(calendar);
        return NULL;
    }
    w->calendar = calendar;
    w->hours = calloc(n_hours ? n_hours : 7, sizeof(*w->hours));
    w->specials = calloc(n_days + 1, sizeof(*w->specials));
    w->absences = calloc(n_absences + 1, sizeof(*w->absences));
    if (!w->hours || !w->specials || !w->absences) {
        log_failure("worktime", "no memory");
        worktime_free(w);
        return NULL;
    }
    set_hours(w, hours, n_hours);
    w->n_specials = worktime_merge_days(w->specials, days, n_days);
    w->n_absences = worktime_merge_absences(w->absences, absences, n_absences);
    return w;
}

void worktime_free(struct worktime *w)
{
    if (!w)
        return;
    ucal_close(w->calendar);
    free(w->hours);
    free(w->specials);
    free(w->absences);
    free(w);
}

const struct worktime *worktime_mix(const struct worktime *w, const struct worktime *zone,
                                    const struct worktime *hours, const struct worktime *days,
                                    struct arena *a)
{
    struct worktime *mixed = arena_copy(a, hours, sizeof *hours);
    mixed->calendar = zone->calendar;
    mixed->specials = days->specials;
    mixed->n_specials = days->n_specials;
    mixed->absences = w->absences;
    mixed->n_absences = w->n_absences;
    return mixed;
}

bool worktime_zone_valid(const char *zone)
{
    return zone_valid(zone);
}

enum worktime_state worktime_at(const struct worktime *w, int64_t now_us, int64_t *until_us)
{
    int64_t latest_us = later(now_us, AHEAD_DAYS, DAY_US);
    size_t i = absence_after(w, now_us);
    const struct worktime_absence *a = i < w->n_absences ? &w->absences[i] : NULL;
    enum worktime_state state = WORKTIME_ABSENT;
    if (a && a->start_us <= now_us) {
        *until_us = a->end_us;
    } else {
        state = planned_state(w, now_us, until_us);
        if (a && a->start_us < *until_us)
            *until_us = a->start_us;
    }
    if (*until_us > latest_us)
        *until_us = latest_us;
    return state;
}

int64_t worktime_add_us(const struct worktime *w, int64_t now_us, int64_t span_us)
{
    int64_t left_us = span_us, at_us;
    if (span_us <= 0)
        return now_us;
    return walk(w, now_us, INT64_MAX, &left_us, &at_us) ? at_us : later(now_us, span_us, 1);
}

int64_t worktime_add(const struct worktime *w, int64_t now_us, int64_t minutes)
{
    return worktime_add_us(w, now_us, later(0, minutes, MINUTE_US));
}

int64_t worktime_between(const struct worktime *w, int64_t from_us, int64_t to_us)
{
    int64_t left_us = INT64_MAX, unused;
    (void)walk(w, from_us, to_us, &left_us, &unused); /* so much time is never used up */
    return INT64_MAX - left_us;
}

int worktime_offset(const struct worktime *w, int64_t time_us)
{
    UErrorCode error = U_ZERO_ERROR;
    ucal_setMillis(w->calendar, (UDate)(time_us / 1000), &error);
    return (ucal_get(w->calendar, UCAL_ZONE_OFFSET, &error) +
            ucal_get(w->calendar, UCAL_DST_OFFSET, &error)) /
           60000;
}

int32_t worktime_day_at(const struct worktime *w, int64_t now_us, int64_t *until_us)
{
    struct local t = to_local(w, now_us);
    *until_us = to_utc(w, (struct local){.day = t.day + 1});
    return t.day - WORKTIME_EPOCH_DAY;
}
