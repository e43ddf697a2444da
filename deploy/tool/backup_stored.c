/* Files that a service keeps beside its store. Each is named by its hash, so a list of names is all there is
   to say of them: BACKUP/SERVICE/files.txt, a line a file, itself hashed in the manifest. */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "baton/v1/documents.pb-c.h"
#include "files/files.h"
#include "tool/backup.h"

enum { LINE_SIZE = HASH_TEXT_SIZE + 2, ROWS_BYTES = 8 << 20 };
static const char LIST[] = "files.txt", FOLDER[] = "files", ROWS[] = "stored_file";

/* DIR/SERVICE/files/ab/cd/HASH; with `is_new` the folders on the way are made. */
static bool path_of(char out[PATH_MAX], const char *dir, const char *service, const char *hash, bool is_new)
{
    char name[FILES_PATH_SIZE];
    files_path(name, hash);
    int n = snprintf(out, PATH_MAX, "%s/%s/%s/%s", dir, service, FOLDER, name);
    if (n <= 0 || n >= PATH_MAX)
        return false;
    size_t whole = (size_t)n, ends[] = {whole - sizeof name, whole - sizeof name + 3, whole - HASH_TEXT_SIZE};
    for (size_t i = 0; is_new && i < sizeof ends / sizeof *ends; i++) {
        out[ends[i]] = '\0';
        bool is_made = backup_folder_make(out);
        out[ends[i]] = '/';
        if (!is_made)
            return false;
    }
    return true;
}

static bool sync_folders(const char *dir, const char *service, const char *hash)
{
    char path[PATH_MAX];
    bool good = path_of(path, dir, service, hash, false);
    for (int level = 0; good && level < 3; level++) {
        *strrchr(path, '/') = '\0';
        good = backup_folder_sync(path);
    }
    return good;
}

/* It is what its name says. */
static bool carry(struct stored *s, const char *hash)
{
    char from[PATH_MAX], to[PATH_MAX];
    struct backup_file is;
    if (!path_of(from, s->from, s->service, hash, false) ||
        (s->to != NULL && !path_of(to, s->to, s->service_to, hash, true)) ||
        !backup_copy(from, s->to != NULL ? to : NULL, s->progress, s->done, &is))
        return false;
    s->n++;
    s->bytes += is.size;
    if (strcmp(is.hash, hash) == 0)
        return s->to == NULL || sync_folders(s->to, s->service_to, hash);
    fprintf(stderr, "error: %s is damaged: it is not what its name says\n", from);
    return false;
}

bool stored_take(struct stored *s, struct store *rows, struct backup_file *list)
{
    char path[PATH_MAX], line[LINE_SIZE];
    struct table_scan scan;
    struct backup_sink sink;
    struct arena *a = arena_new(ROWS_BYTES);
    struct txn *t = store_begin(rows, false);
    int table = table_number(rows, ROWS);
    bool good = t != NULL && table >= 0 && backup_path(path, s->to, s->service_to, LIST) &&
                backup_sink_open(&sink, path, s->progress, s->done);
    bool is_open = good;
    if (good && table_scan_open(&scan, t, (unsigned)table, NULL, NULL, NULL, false)) {
        const Baton__StoredFile *row;
        for (; good && (row = table_scan_next(&scan, a)) != NULL; arena_reset(a)) {
            (void)snprintf(line, sizeof line, "%s\n", row->hash); /* fits */
            good = carry(s, row->hash) && backup_sink_add(&sink, bytes_text(line));
        }
        table_scan_close(&scan);
    }
    if (is_open)
        good = backup_sink_end(&sink, good, list);
    if (t != NULL)
        store_abort(t);
    arena_free(a);
    return good;
}

static bool each_line(struct stored *s, FILE *f, const char *path)
{
    char line[LINE_SIZE];
    while (fgets(line, sizeof line, f) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (!files_is_hash(line)) {
            fprintf(stderr, "error: %s cannot be read\n", path);
            return false;
        }
        if (!carry(s, line))
            return false;
    }
    return true;
}

bool stored_carry(struct stored *s, const struct backup_file *list)
{
    char path[PATH_MAX];
    struct backup_file is;
    if (list->hash[0] == '\0')
        return true; /* a backup of before there were any */
    if (!backup_path(path, s->from, s->service, LIST) || !backup_copy(path, NULL, s->progress, s->done, &is))
        return false;
    FILE *f = strcmp(is.hash, list->hash) == 0 ? fopen(path, "re") : NULL;
    if (f == NULL) {
        fprintf(stderr, "error: %s is damaged: it is not what backup.json says\n", path);
        return false;
    }
    bool good = each_line(s, f, path);
    (void)fclose(f); /* only read */
    return good;
}
