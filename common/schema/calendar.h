/* Calendars in rows as working time, for every service that has copies of those rows. */
#ifndef BATON_SCHEMA_CALENDAR_H
#define BATON_SCHEMA_CALENDAR_H

#include "base/worktime.h"
#include "baton/v1/directory.pb-c.h"

/* Each in memory that the caller frees. */
struct worktime_interval *calendar_hours(Baton__WorkingInterval *const *rows, size_t n);
/* What is no date becomes a day that never comes. */
struct worktime_day *calendar_days(Baton__Holiday *const *rows, size_t n);
struct worktime_absence *calendar_absences(Baton__Absence *const *rows, size_t n);

/* When the user works by what they and the organisation say; territories are left aside. The caller frees it.
   NULL: around the clock, or in a time zone that is none. */
struct worktime *calendar_of_user(const Baton__User *u, const Baton__Organisation *o);

#endif
