/* Activities as iCalendar (RFC 5545), by libical; loaded with the first one (slow_load.c). What an imported
   component says and nobody here understands stands in the activity's `foreign` and leaves as it came, in its
   place. */
#ifndef BATON_CONTACTS_ICAL_H
#define BATON_CONTACTS_ICAL_H

#include "baton/v1/contacts.pb-c.h"

#define ICAL_BEGIN "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Baton//Baton//EN\r\n"
#define ICAL_END   "END:VCALENDAR\r\n"

/* The most bytes of a text that a field keeps; what is longer stays whole in `foreign`. */
enum { ICAL_SUBJECT_MAX = 400, ICAL_DESCRIPTION_MAX = 8192, ICAL_LOCATION_MAX = 1024 };
enum { ICAL_REMINDER_MAX = 40320 /* minutes before a start */, ICAL_REMINDERS_MAX = 8 };

struct ical_event {
    const Baton__Activity *activity;
    const char *const *addresses; /* of each attendee, an e-mail address; NULL: none is known */
    char *const *replaced;        /* excluded dates for which another activity stands */
    size_t n_replaced;
};

/* VEVENT or VTODO. malloced, NULL: no memory, or nothing that can write it. */
char *contacts_ical_event(const struct ical_event *e);
/* VTIMEZONE of an IANA name; the same, NULL as well where there is none. */
char *contacts_ical_zone(const char *name);

#endif
