/* What a process says of itself. */
#include "bus/status.h"

#include <stdio.h>
#include <unistd.h>

Baton__FollowStatus *status_follow(const struct follow *f, struct arena *a)
{
    Baton__FollowStatus *status = ARENA_NEW(a, Baton__FollowStatus);
    baton__follow_status__init(status);
    status->service = arena_strdup(a, follow_service(f));
    status->has_cursor_seq = status->has_head_seq = true;
    status->cursor_seq = follow_position(f);
    status->head_seq = follow_head(f);
    status->stopped = arena_strdup(a, follow_stopped(f));
    return status;
}

uint64_t status_resident_bytes(void)
{
    unsigned long size = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (file && fscanf(file, "%lu %lu", &size, &resident) != 2)
        resident = 0;
    if (file)
        (void)fclose(file); /* was only read */
    return (uint64_t)resident * (uint64_t)sysconf(_SC_PAGESIZE);
}
