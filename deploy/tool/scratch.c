/* Folders for stores to be thrown away. */
#include "tool/scratch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool scratch_make(char dir[SCRATCH_PATH_SIZE])
{
    const char *temporary = getenv("TMPDIR");
    snprintf(dir, SCRATCH_PATH_SIZE, "%s/baton-scratch.XXXXXX",
             temporary != NULL && *temporary ? temporary : "/tmp");
    return mkdtemp(dir) != NULL;
}

void scratch_remove(const char *dir)
{
    static const char *const files[] = {"data.mdb", "lock.mdb", "owner.lock"};
    char path[SCRATCH_PATH_SIZE + 16];
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, files[i]);
        (void)unlink(path); /* the second time there is none */
    }
    if (rmdir(dir) != 0 && errno != ENOENT)
        fprintf(stderr, "warning: %s is left over: %s\n", dir, strerror(errno));
}
