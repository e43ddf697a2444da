/* Many short times, and the disk's own. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench.h"

enum { BLOCK = 4096, ROOM_LEAST = 4096 };

void samples_add(struct samples *s, int64_t us)
{
    if (s->n == s->room) {
        s->room = s->room ? s->room * 2 : ROOM_LEAST;
        s->us = reallocarray(s->us, s->room, sizeof *s->us);
        if (!s->us)
            drive_die("no memory");
    }
    s->us[s->n++] = us;
}

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

double samples_ms(struct samples *s, double part)
{
    if (!s->n)
        drive_die("nothing was measured");
    qsort(s->us, s->n, sizeof *s->us, by_size);
    size_t at = (size_t)(part * (double)s->n);
    return (double)s->us[at < s->n ? at : s->n - 1] / 1000.;
}

void samples_release(struct samples *s)
{
    free(s->us);
    *s = (struct samples){0};
}

void samples_two_syncs(struct samples *s, const char *dir, unsigned n)
{
    static char block[BLOCK];
    char path[4096];
    snprintf(path, sizeof path, "%s/sync.probe", dir);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || pwrite(fd, block, BLOCK, 0) != BLOCK || fsync(fd) != 0)
        drive_die("cannot write %s", path);
    for (unsigned i = 0; i < n; i++) {
        int64_t begin = drive_now_us();
        for (int k = 0; k < 2; k++) {
            block[0]++;
            if (pwrite(fd, block, BLOCK, 0) != BLOCK || fdatasync(fd) != 0)
                drive_die("cannot write %s", path);
        }
        samples_add(s, drive_now_us() - begin);
    }
    close(fd);
    unlink(path);
}
