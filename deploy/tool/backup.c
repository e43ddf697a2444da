/* `baton backup`: a copy of a deployment, while it runs or not, from which it can be set up again. */
#include "tool/backup.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "store/cut.h"
#include "tool/options.h"

struct backing {
    struct tool *tool;
    const char *dir;
    struct backup backup;
    struct cut cut; /* of the services that have run; their stores are open */
    struct progress progress;
    uint64_t done;
};

/* Never beside something else: what is in the folder is all of the backup. */
static bool folder_is_empty(const char *dir)
{
    DIR *d = opendir(dir);
    const struct dirent *e;
    unsigned n = 0;
    if (d == NULL) {
        fprintf(stderr, "error: cannot read %s: %s\n", dir, strerror(errno));
        return false;
    }
    while ((e = readdir(d)) != NULL)
        n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
    (void)closedir(d); /* only read */
    if (n > 0)
        fprintf(stderr, "error: %s is not empty; a backup wants a folder of its own\n", dir);
    return n == 0;
}

static uint64_t bytes_to_copy(const char *data_dir)
{
    char path[PATH_MAX];
    struct stat st;
    uint64_t n = 0;
    for (unsigned i = 0; i < DEPLOYMENT_SERVICES; i++)
        if (backup_path(path, data_dir, deployment_services[i]->name, "data.mdb") && stat(path, &st) == 0)
            n += (uint64_t)st.st_size;
    return n;
}

static bool open_stores(struct backing *b)
{
    for (unsigned i = 0; i < DEPLOYMENT_SERVICES; i++) {
        const struct service_def *def = deployment_services[i];
        if (!deployment_has_run(b->tool->data_dir, def))
            continue;
        struct store *store = deployment_open(b->tool->data_dir, def);
        if (store == NULL)
            return false;
        cut_add(&b->cut, def->name, store);
    }
    return true;
}

static void close_stores(struct backing *b)
{
    cut_end(&b->cut);
    for (size_t i = 0; i < b->cut.n; i++)
        store_close(b->cut.parts[i].store);
}

/* What is copied is let go of: until then its file only grows. */
static bool copy_store(struct backing *b, struct cut_part *part, struct backup_file *f)
{
    char path[PATH_MAX];
    struct backup_sink sink;
    bool good = backup_path(path, b->dir, part->service, NULL) && backup_folder_make(path) &&
                backup_path(path, b->dir, part->service, "data.mdb") &&
                backup_sink_open(&sink, path, &b->progress, &b->done);
    if (good)
        good = backup_sink_end(&sink, snapshot_copy(part->snapshot, backup_sink_add, &sink), f);
    snapshot_free(part->snapshot);
    part->snapshot = NULL;
    return good;
}

/* What the copy's rows know was on the disk before they were: nothing of it can be missing. */
static bool take_stored(struct backing *b, const struct service_def *def, struct store *rows,
                        struct backup_service *s)
{
    struct stored files = {.from = b->tool->data_dir,
                           .service = def->name,
                           .to = b->dir,
                           .service_to = def->name,
                           .progress = &b->progress,
                           .done = &b->done};
    bool good = stored_take(&files, rows, &s->stored);
    s->n_stored = files.n;
    s->stored_bytes = files.bytes;
    return good;
}

/* From the copy itself: so it is what was copied, and can be read. */
static bool describe(struct backing *b, const struct service_def *def, struct backup_service *s)
{
    uint8_t hash[HASH_SIZE];
    char path[PATH_MAX];
    struct store *store = deployment_open(b->dir, def);
    struct txn *t = store != NULL ? store_begin(store, false) : NULL;
    bool good = t != NULL;
    if (good) {
        struct log_position head = log_head(store);
        hex_encode(s->log_id, log_id(store), LOG_ID_SIZE);
        s->head_seq = head.seq;
        hex_encode(s->chain_hash, head.hash, HASH_SIZE);
        store_content_hash(t, hash);
        hex_encode(s->content_hash, hash, HASH_SIZE);
        good = !txn_failed(t);
        store_abort(t);
    }
    good = good && (!def->keeps_files || take_stored(b, def, store, s));
    store_close(store);
    if (backup_path(path, b->dir, def->name, "lock.mdb"))
        (void)unlink(path); /* LMDB's, from this look; it is harmless */
    return good && backup_path(path, b->dir, def->name, NULL) && backup_folder_sync(path);
}

static bool take_service(struct backing *b, struct cut_part *part)
{
    struct backup_service *s = &b->backup.services[b->backup.n_services];
    snprintf(s->file.name, sizeof s->file.name, "%s", part->service);
    if (!copy_store(b, part, &s->file) || !describe(b, deployment_service(part->service), s))
        return false;
    b->backup.n_services++;
    return true;
}

static bool take_file(struct backing *b, const char *name)
{
    char from[PATH_MAX], to[PATH_MAX];
    struct backup_file *f = &b->backup.files[b->backup.n_files];
    if (!backup_path(from, b->tool->data_dir, name, NULL) || !backup_path(to, b->dir, name, NULL))
        return false;
    if (access(from, F_OK) != 0)
        return true;
    snprintf(f->name, sizeof f->name, "%s", name);
    if (!backup_copy(from, to, &b->progress, &b->done, f))
        return false;
    b->backup.n_files++;
    return true;
}

static bool take_all(struct backing *b)
{
    bool good = open_stores(b) && cut_take(&b->cut);
    progress_start(&b->progress, "backup", bytes_to_copy(b->tool->data_dir), b->tool->json);
    for (size_t i = 0; good && i < b->cut.n; i++)
        good = take_service(b, &b->cut.parts[i]);
    close_stores(b);
    for (unsigned i = 0; good && i < DEPLOYMENT_FILES; i++)
        good = take_file(b, deployment_files[i]);
    progress_end(&b->progress);
    snprintf(b->backup.version, sizeof b->backup.version, "%s", BATON_VERSION);
    return good && rfc3339_format(b->backup.made_at, time(NULL), 0) && backup_write(&b->backup, b->dir) &&
           backup_folder_sync_above(b->dir);
}

static void print_result(const struct backing *b)
{
    FILE *out = b->tool->out;
    struct arena *a = arena_new(1 << 20);
    struct grid g;
    if (b->tool->json) {
        fprintf(out, "{\"backup\":");
        struct buffer text;
        buffer_init(&text, PATH_MAX * 8);
        (void)schema_json_string(&text, b->dir); /* fits */
        fprintf(out, "%s,\"made_at\":\"%s\",\"services\":%u,\"files\":%u,\"bytes\":%" PRIu64 "}\n",
                buffer_cstr(&text), b->backup.made_at, b->backup.n_services, b->backup.n_files,
                backup_bytes(&b->backup));
        buffer_release(&text);
    } else {
        grid_init(&g, a, "service|>log head|>bytes|content");
        for (unsigned i = 0; i < b->backup.n_services; i++) {
            const struct backup_service *s = &b->backup.services[i];
            grid_add(&g, (const char *[]){s->file.name, output_number(a, s->head_seq),
                                          output_bytes(a, s->file.size), s->content_hash});
        }
        grid_print(&g, b->tool);
        fprintf(out, "The backup is in %s. To use it: baton restore %s --data DIR\n", b->dir, b->dir);
    }
    arena_free(a);
}

static bool has_anything(const char *data_dir)
{
    for (unsigned i = 0; i < DEPLOYMENT_SERVICES; i++)
        if (deployment_has_run(data_dir, deployment_services[i]))
            return true;
    fprintf(stderr, "error: there is nothing of Baton's in %s\n", data_dir);
    return false;
}

int tool_backup(struct tool *t, int argc, char **argv)
{
    int first;
    if (!options_read(NULL, 0, argc, argv, 1, 1, &first))
        return TOOL_USAGE;
    struct backing *b = calloc(1, sizeof *b);
    if (b == NULL)
        return TOOL_FAILED;
    b->tool = t;
    b->dir = argv[first];
    if (!has_anything(t->data_dir) || !backup_folder_make(b->dir) || !folder_is_empty(b->dir)) {
        free(b);
        return TOOL_FAILED;
    }
    bool good = take_all(b);
    if (good)
        print_result(b);
    else
        fprintf(stderr, "error: %s is not complete and is no backup; remove it\n", b->dir);
    free(b);
    return good ? TOOL_OK : TOOL_FAILED;
}
