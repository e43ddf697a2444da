/* Working time: hours by weekday in local minutes, holidays and absences, put on the time line by ICU.
   A local minute that a change of the clocks skips is the moment of the change; one that comes twice is its
   first. */
#include "base/worktime.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unicode/ucal.h>
#include <unicode/ustring.h>

#include "base/log.h"

enum { DAY_MINUTES = 1440, ZONE_MAX = 64, AHEAD_DAYS = 8, SEARCH_DAYS = AHEAD_DAYS + 2, ADD_DAYS = 400 };
enum { EPOCH_JULIAN_DAY = 2440588 };

static const int64_t MINUTE_US = INT64_C(60000000);
static const int64_t DAY_US = INT64_C(86400000000);

/* Days are Julian day numbers throughout: weekdays are a remainder and ICU takes them as they are. */
struct special {
    int32_t day;
    bool working;
};

struct worktime {
    UCalendar *calendar;
    struct worktime_interval
        *hours;               /* by weekday and start; those of one weekday neither overlap nor touch */
    size_t first[9];          /* where a weekday's begin in `hours`; first[8] is their number */
    struct special *specials; /* by day, one a day */
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

/* Reading the time zones */

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

static UCalendar *open_calendar(const char *zone)
{
    UChar name[ZONE_MAX];
    UErrorCode error = U_ZERO_ERROR;
    if (!zone_name(name, zone))
        return NULL;
    UCalendar *c = ucal_open(name, -1, "en", UCAL_GREGORIAN, &error);
    if (U_FAILURE(error)) {
        log_failure("worktime", "no calendar for %s: %s", zone, u_errorName(error));
        return NULL;
    }
    ucal_setAttribute(c, UCAL_SKIPPED_WALL_TIME, UCAL_WALLTIME_NEXT_VALID);
    ucal_setAttribute(c, UCAL_REPEATED_WALL_TIME, UCAL_WALLTIME_FIRST);
    return c;
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

/* Compiling a calendar */

static int by_weekday(const void *a, const void *b)
{
    const struct worktime_interval *x = a, *y = b;
    return x->weekday != y->weekday ? x->weekday - y->weekday : x->start_minute - y->start_minute;
}

static int by_day(const void *a, const void *b)
{
    const struct special *x = a, *y = b;
    return (x->day > y->day) - (x->day < y->day);
}

/* Of two entries for a day the holiday comes first. */
static int by_day_holiday_first(const void *a, const void *b)
{
    const struct special *x = a, *y = b;
    int order = by_day(a, b);
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

/* Keeps what is inside a day of the week, and returns how many intervals there are then. */
static size_t merge_hours(struct worktime_interval *out, const struct worktime_interval *hours, size_t n)
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

static void set_hours(struct worktime *w, const struct worktime_interval *hours, size_t n)
{
    size_t total = n ? merge_hours(w->hours, hours, n) : 7;
    for (int i = 0; n == 0 && i < 7; i++)
        w->hours[i] = (struct worktime_interval){i + 1, 0, DAY_MINUTES};
    size_t i = 0;
    for (int weekday = 1; weekday <= 8; weekday++) {
        while (i < total && w->hours[i].weekday < weekday)
            i++;
        w->first[weekday] = i;
    }
}

static void set_days(struct worktime *w, const struct worktime_day *days, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        struct tm t = {.tm_year = days[i].year - 1900, .tm_mon = days[i].month - 1, .tm_mday = days[i].day};
        bool plausible = days[i].year >= 1 && days[i].year <= 9999 && t.tm_mon >= 0 && t.tm_mon < 12;
        int64_t seconds = plausible ? timegm(&t) : 0;
        /* timegm makes another day of one that does not exist; such a day is nobody's holiday. */
        if (plausible && t.tm_mday == days[i].day)
            w->specials[kept++] = (struct special){
                (int32_t)((seconds + EPOCH_JULIAN_DAY * INT64_C(86400)) / 86400), days[i].working};
    }
    sort(w->specials, kept, sizeof(*w->specials), by_day_holiday_first);
    for (size_t i = 0; i < kept; i++)
        if (w->n_specials == 0 || w->specials[w->n_specials - 1].day != w->specials[i].day)
            w->specials[w->n_specials++] = w->specials[i];
}

static void set_absences(struct worktime *w, const struct worktime_absence *absences, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (absences[i].start_us < absences[i].end_us)
            w->absences[kept++] = absences[i];
    sort(w->absences, kept, sizeof(*w->absences), by_start);
    for (size_t i = 0; i < kept; i++) {
        struct worktime_absence *last = w->n_absences ? &w->absences[w->n_absences - 1] : NULL;
        if (!last || last->end_us < w->absences[i].start_us)
            w->absences[w->n_absences++] = w->absences[i];
        else if (last->end_us < w->absences[i].end_us)
            last->end_us = w->absences[i].end_us;
    }
}

/* Asking it */

static struct plan plan_of(const struct worktime *w, int32_t day)
{
    int weekday = (day % 7 + 7) % 7 + 1; /* Julian day 0 was a Monday */
    struct special key = {.day = day};
    const struct special *s =
        w->n_specials ? bsearch(&key, w->specials, w->n_specials, sizeof(key), by_day) : NULL;
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

struct worktime *worktime_new(const char *zone, const struct worktime_interval *hours, size_t n_hours,
                              const struct worktime_day *days, size_t n_days,
                              const struct worktime_absence *absences, size_t n_absences)
{
    UCalendar *calendar = open_calendar(zone);
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
    set_days(w, days, n_days);
    set_absences(w, absences, n_absences);
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

bool worktime_zone_valid(const char *zone)
{
    UChar name[ZONE_MAX];
    return zone_name(name, zone);
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

int64_t worktime_add(const struct worktime *w, int64_t now_us, int64_t minutes)
{
    const int64_t plain_us = later(now_us, minutes, MINUTE_US);
    int64_t left_us = later(0, minutes, MINUTE_US), at_us;
    if (minutes <= 0)
        return now_us;
    int32_t today = to_local(w, now_us).day;
    for (int32_t day = today; day <= today + ADD_DAYS; day++) {
        struct plan p = plan_of(w, day);
        for (size_t i = 0; i < p.n_hours; i++) {
            int64_t start_us = to_utc(w, (struct local){day, p.hours[i].start_minute});
            int64_t end_us = to_utc(w, (struct local){day, p.hours[i].end_minute});
            if (use_up(w, start_us > now_us ? start_us : now_us, end_us, &left_us, &at_us))
                return at_us;
        }
    }
    return plain_us;
}
