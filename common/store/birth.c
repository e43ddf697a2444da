/* A store's first moments: from no file to one that a crash cannot leave half made. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "store/internal.h"

enum { FIRST_PAGES = 2 };

/* LMDB makes its first pages with one write and does not wait for the disk. A crash in between leaves a file
   that it refuses for ever; the first commit makes the file longer, so nothing can be in one that is not. */
bool birth_begin(const char *dir, bool *is_new)
{
    char path[4096];
    struct stat st;
    snprintf(path, sizeof path, "%s/data.mdb", dir);
    if (stat(path, &st) != 0) {
        *is_new = errno == ENOENT;
        if (!*is_new)
            log_failure("store", "cannot look at %s: %s", path, strerror(errno));
        return *is_new;
    }
    *is_new = st.st_size <= FIRST_PAGES * sysconf(_SC_PAGESIZE);
    if (!*is_new || unlink(path) == 0)
        return true;
    log_failure("store", "cannot remove %s, which was never finished: %s", path, strerror(errno));
    return false;
}

static bool folder_sync(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (!ok)
        log_failure("store", "cannot sync %s: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    return ok;
}

bool birth_end(MDB_env *env, const char *dir)
{
    char parent[4096];
    int rc = mdb_env_sync(env, 1);
    if (rc)
        log_failure("store", "cannot sync %s: %s", dir, mdb_strerror(rc));
    snprintf(parent, sizeof parent, "%s/..", dir);
    return rc == 0 && folder_sync(dir) && folder_sync(parent);
}
