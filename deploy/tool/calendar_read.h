/* Files of iCalendar (RFC 5545) as activities; libical reads. */
#ifndef BATON_TOOL_CALENDAR_READ_H
#define BATON_TOOL_CALENDAR_READ_H

#include "base/arena.h"
#include "baton/v1/contacts.pb-c.h"

enum { CALENDAR_ITEMS_MAX = 20000, CALENDAR_FILE_MAX = 64 << 20 };

struct calendar_item {
    const char *what;          /* "VEVENT 1234@buyer.example" */
    Baton__Activity *activity; /* attendees by their addresses; no owner. NULL: it is not taken */
    const char *refused;       /* why not */
};
struct calendar_file {
    struct calendar_item *items; /* series before what stands for one of their starts */
    size_t n;
    const char *refused; /* nothing of it can be read; NULL: see the items */
};

/* All of it in the arena. What an item says that activities do not know is in its `foreign`. A start for
   which another item stands is excluded from its series. */
void calendar_read(const char *text, size_t size, struct arena *a, struct calendar_file *out);

#endif
