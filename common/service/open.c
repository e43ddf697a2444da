/* Opening a service's store: it is looked at as a whole first, and nobody is served from a damaged one. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "service/service.h"

enum { DAMAGE_SHOWN = 5 }; /* `baton verify` says all of it */

static void on_damage(void *arg, const char *what)
{
    unsigned *n = arg;
    if ((*n)++ < DAMAGE_SHOWN)
        log_failure("store", "%s", what);
}

struct store *service_store_open(const struct service_def *def, const struct service_options *o)
{
    unsigned damage = 0;
    const struct store_check check = {.arg = &damage, .wrong = on_damage};
    const struct store_options options = {.dir = o->dir,
                                          .quota_bytes = o->quota_bytes,
                                          .no_sync = o->no_sync,
                                          .probe = o->probe,
                                          .check = &check,
                                          .tables = def->tables,
                                          .n_tables = def->n_tables};
    struct store *store = store_open(&options);
    if (damage)
        log_failure(
            "start",
            "the store in %s is damaged and nobody is served from it: `baton verify` says what is wrong, "
            "`baton restore` brings back a backup",
            o->dir);
    return store;
}

struct files *service_files_open(const char *dir, const struct files_probe *probe)
{
    char path[4096];
    int n = snprintf(path, sizeof path, "%s/files", dir);
    if (n > 0 && n < (int)sizeof path && (mkdir(dir, 0700) == 0 || errno == EEXIST))
        return files_open(path, probe);
    log_failure("start", "cannot make %s: %s", dir, strerror(errno));
    return NULL;
}
