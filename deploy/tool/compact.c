/* `baton compact`: stores and the index of texts without anything that was deleted or changed. A store is
   looked at as a whole, written anew beside the old one, and then takes its place; nothing is changed before
   that. */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "service/service.h"
#include "store/rewrite.h"
#include "tool/backup.h"
#include "tool/options.h"

static bool failed(const char *what, const char *path)
{
    fprintf(stderr, "error: cannot %s %s: %s\n", what, path, strerror(errno));
    return false;
}

static bool drop(const char *path)
{
    return unlink(path) == 0 || errno == ENOENT || failed("remove", path);
}

/* Of one that was broken off, or LMDB's own beside the fresh store. */
static bool clear(const char *folder)
{
    static const char *const files[] = {"data.mdb", "lock.mdb"};
    char path[PATH_MAX];
    for (unsigned i = 0; i < sizeof files / sizeof *files; i++)
        if (!backup_path(path, folder, files[i], NULL) || !drop(path))
            return false;
    return true;
}

static bool remove_folder(const char *folder)
{
    return clear(folder) && (rmdir(folder) == 0 || errno == ENOENT || failed("remove", folder));
}

static uint64_t size_of(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 ? (uint64_t)st.st_size : 0;
}

static void tell(struct tool *t, const char *service, uint64_t before, uint64_t after)
{
    fprintf(t->out,
            t->json ? "{\"service\":\"%s\",\"before\":%" PRIu64 ",\"after\":%" PRIu64 "}\n"
                    : "%s: %" PRIu64 " bytes before, %" PRIu64 " now\n",
            service, before, after);
}

/* Texts are read again at the next start. */
static bool drop_texts(const char *data_dir, const char *service)
{
    static const char *const files[] = {"texts.db", "texts.db-wal", "texts.db-shm"};
    char path[PATH_MAX];
    for (unsigned i = 0; i < sizeof files / sizeof *files; i++)
        if (!backup_path(path, data_dir, service, files[i]) || !drop(path))
            return false;
    return true;
}

/* What was drawn of files is drawn again when it is asked for. */
static bool drop_made(const char *data_dir, const char *service)
{
    char folder[PATH_MAX], path[PATH_MAX];
    const struct dirent *e;
    bool good = true;
    if (!backup_path(folder, data_dir, service, "files/made"))
        return false;
    DIR *d = opendir(folder);
    if (d == NULL)
        return errno == ENOENT || failed("read", folder);
    while (good && (errno = 0, e = readdir(d)) != NULL)
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
            good = backup_path(path, folder, e->d_name, NULL) && drop(path);
    if (good && errno)
        good = failed("read", folder);
    (void)closedir(d); /* only read */
    return good;
}

/* The new one belongs to whom the old one does, also where root does this. */
static bool write_anew(struct store *store, const char *data, const char *fresh, const char *fresh_data)
{
    struct stat st;
    if (!store_rewrite(store, fresh))
        return false;
    if (stat(data, &st) != 0)
        return failed("read", data);
    if (st.st_uid != geteuid() && chown(fresh_data, st.st_uid, st.st_gid) != 0)
        return failed("give to its owner", fresh_data);
    return true;
}

/* While the store is open it is locked. */
static bool put_in_place(struct tool *t, const struct service_def *def, struct store *store)
{
    char folder[PATH_MAX], fresh[PATH_MAX], fresh_data[PATH_MAX], data[PATH_MAX], lock[PATH_MAX];
    if (!backup_path(folder, t->data_dir, def->name, NULL) ||
        !backup_path(fresh, folder, "compacting", NULL) ||
        !backup_path(fresh_data, fresh, "data.mdb", NULL) || !backup_path(data, folder, "data.mdb", NULL))
        return false;
    const uint64_t before = size_of(data);
    bool good = backup_folder_make(fresh) && clear(fresh) && write_anew(store, data, fresh, fresh_data);
    const uint64_t after = size_of(fresh_data);
    if (good && rename(fresh_data, data) != 0)
        good = failed("put in place", data);
    if (good)
        good = backup_path(lock, folder, "lock.mdb", NULL) && drop(lock);
    if (!remove_folder(fresh) || !good)
        return false;
    tell(t, def->name, before, after);
    return backup_folder_sync(folder);
}

static bool compact(struct tool *t, const struct service_def *def)
{
    char folder[PATH_MAX];
    if (!backup_path(folder, t->data_dir, def->name, NULL))
        return false;
    struct store *store = service_store_open(def, &(struct service_options){.dir = folder});
    const bool good = store != NULL && put_in_place(t, def, store);
    store_close(store);
    return good && drop_texts(t->data_dir, def->name) && drop_made(t->data_dir, def->name);
}

int tool_compact(struct tool *t, int argc, char **argv)
{
    int first;
    if (!options_read(NULL, 0, argc, argv, 0, 0, &first))
        return TOOL_USAGE;
    if (!deployment_hold(t->data_dir))
        return TOOL_FAILED;
    for (unsigned i = 0; i < DEPLOYMENT_SERVICES; i++)
        if (deployment_has_run(t->data_dir, deployment_services[i]) && !compact(t, deployment_services[i]))
            return TOOL_FAILED;
    return TOOL_OK;
}
