/* Calendars in rows as working time. */
#include "schema/calendar.h"

#include <assert.h>
#include <stdlib.h>

#include "schema/decide.h"

static void *array(size_t n, size_t size)
{
    void *p = calloc(n ? n : 1, size);
    assert(p);
    return p;
}

struct worktime_interval *calendar_hours(Baton__WorkingInterval *const *rows, size_t n)
{
    struct worktime_interval *hours = array(n, sizeof *hours);
    for (size_t i = 0; i < n; i++)
        hours[i] = (struct worktime_interval){.weekday = (int)rows[i]->weekday,
                                              .start_minute = (int)rows[i]->start_minute,
                                              .end_minute = (int)rows[i]->end_minute};
    return hours;
}

static struct worktime_day day_of(const Baton__Holiday *h)
{
    struct worktime_day d = {.working = h->has_working_day && h->working_day};
    char *end;
    d.year = (int)strtol(h->date ? h->date : "", &end, 10);
    d.month = *end == '-' ? (int)strtol(end + 1, &end, 10) : 0;
    d.day = *end == '-' ? (int)strtol(end + 1, &end, 10) : 0;
    return d;
}

struct worktime_day *calendar_days(Baton__Holiday *const *rows, size_t n)
{
    struct worktime_day *days = array(n, sizeof *days);
    for (size_t i = 0; i < n; i++)
        days[i] = day_of(rows[i]);
    return days;
}

struct worktime_absence *calendar_absences(Baton__Absence *const *rows, size_t n)
{
    struct worktime_absence *absences = array(n, sizeof *absences);
    for (size_t i = 0; i < n; i++)
        absences[i] = (struct worktime_absence){.start_us = timestamp_us(rows[i]->start_at),
                                                .end_us = timestamp_us(rows[i]->end_at)};
    return absences;
}

struct worktime *calendar_of_user(const Baton__User *u, const Baton__Organisation *o)
{
    bool own = u->n_working_hours != 0;
    const char *zone = u->time_zone ? u->time_zone : o ? o->time_zone : NULL;
    size_t n_hours = own ? u->n_working_hours : o ? o->n_working_hours : 0, n_days = o ? o->n_holidays : 0;
    struct worktime_interval *hours = calendar_hours(own ? u->working_hours
                                                     : o ? o->working_hours
                                                         : NULL,
                                                     n_hours);
    struct worktime_day *days = calendar_days(o ? o->holidays : NULL, n_days);
    struct worktime_absence *absences = calendar_absences(u->absences, u->n_absences);
    struct worktime *w =
        zone ? worktime_new(zone, hours, n_hours, days, n_days, absences, u->n_absences) : NULL;
    free(hours);
    free(days);
    free(absences);
    return w;
}
