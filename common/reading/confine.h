/* What a process inside the sandbox gives up by itself. */
#ifndef BATON_READING_CONFINE_H
#define BATON_READING_CONFINE_H

#include <stdbool.h>
#include <stddef.h>

/* From now on, and in whatever program this becomes: so much memory, so many seconds of a processor, files of
   this size; no other process is begun, no socket to anywhere else opened, nothing traced or mounted. False:
   it cannot be had, and nothing may be read. */
bool confine(size_t memory, unsigned cpu_s, size_t file);

#endif
