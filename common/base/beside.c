/* Libraries of our own, found beside the program. */
#include "base/beside.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void *beside_load(const char *name)
{
    char path[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path);
    char *slash = n > 0 && n < PATH_MAX ? memrchr(path, '/', (size_t)n) : NULL;
    size_t at = slash ? (size_t)(slash - path) + 1 : 0;
    /* Without a folder it would be looked for everywhere. */
    if (!slash || at + strlen(name) >= sizeof path)
        return NULL;
    (void)snprintf(slash + 1, sizeof path - at, "%s", name); /* it fits */
    return dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
}
