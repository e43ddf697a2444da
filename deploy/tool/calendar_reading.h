/* A component of iCalendar on its way to an activity: what the files that read it share. */
#ifndef BATON_TOOL_CALENDAR_READING_H
#define BATON_TOOL_CALENDAR_READING_H

#include <libical/ical.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "baton/v1/contacts.pb-c.h"

struct reading {
    icalcomponent *file, *component;
    struct arena *arena;
    Baton__Activity *a;
    bool is_task, is_date, is_utc; /* as it starts */
    struct buffer foreign;
    const char *refused; /* NULL: nothing is wrong so far */
};

/* Only the first reason is told. */
void reading_refuse(struct reading *r, const char *why);
/* It leaves as it came. */
void reading_keep(struct reading *r, icalproperty *p);
void reading_keep_component(struct reading *r, icalcomponent *c);
void reading_each(struct reading *r, icalproperty_kind kind, void (*read)(struct reading *, icalproperty *));

/* calendar_times.c: when it is, and when again. */
void reading_event_times(struct reading *r);
void reading_task_times(struct reading *r);

#endif
