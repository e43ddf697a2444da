/* Folders for stores to be thrown away. */
#include "store/scratch.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

static const char NAME[] = "baton-scratch.";

bool scratch_make(const char *parent, char dir[SCRATCH_PATH_SIZE])
{
    const char *temporary = getenv("TMPDIR");
    if (parent == NULL)
        parent = temporary != NULL && *temporary ? temporary : "/tmp";
    int n = snprintf(dir, SCRATCH_PATH_SIZE, "%s/%sXXXXXX", parent, NAME);
    errno = n >= SCRATCH_PATH_SIZE ? ENAMETOOLONG : 0;
    return errno == 0 && mkdtemp(dir) != NULL;
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
        log_warning("store", "%s is left over: %s", dir, strerror(errno));
}

void scratch_clear(const char *parent)
{
    char dir[SCRATCH_PATH_SIZE];
    DIR *folder = opendir(parent);
    for (struct dirent *e; folder && (e = readdir(folder));) {
        const int n = snprintf(dir, sizeof dir, "%s/%s", parent, e->d_name);
        if (strncmp(e->d_name, NAME, sizeof NAME - 1) == 0 && n < SCRATCH_PATH_SIZE)
            scratch_remove(dir);
    }
    if (folder)
        closedir(folder);
}
