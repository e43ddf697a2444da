/* `baton restore`: puts the stores of a backup in their places. Everything is looked at before anything is
   touched, everything is copied before anything is moved, and what was there is moved aside, never removed.
 */
#include <errno.h>
#include <ftw.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "store/copy.h"
#include "tool/backup.h"
#include "tool/options.h"
#include "tool/restore_erased.h"

enum { STAMP_SIZE = 32 };

struct restoring {
    struct tool *tool;
    const char *dir, *only;
    bool replace;
    struct backup backup;
    struct progress progress;
    uint64_t done;
    char aside[PATH_MAX]; /* what was there goes here */
    unsigned n_aside;
    struct erased_since erased; /* people who are back */
};

/* Without what `--only` leaves out. */
static bool choose(struct restoring *r)
{
    struct backup *b = &r->backup;
    unsigned kept = 0;
    if (r->only == NULL)
        return true;
    for (unsigned i = 0; i < b->n_services; i++)
        if (strcmp(b->services[i].file.name, r->only) == 0)
            b->services[kept++] = b->services[i];
    b->n_services = kept;
    b->n_files = 0;
    if (kept == 0)
        fprintf(stderr, "error: %s is not in this backup\n", r->only);
    return kept > 0;
}

/* --- looking --- */

static bool is_file(struct restoring *r, const char *name, const char *inner, const struct backup_file *f)
{
    char path[PATH_MAX];
    struct backup_file is;
    if (!backup_path(path, r->dir, name, inner) || !backup_copy(path, NULL, &r->progress, &r->done, &is))
        return false;
    if (is.size == f->size && strcmp(is.hash, f->hash) == 0)
        return true;
    progress_end(&r->progress);
    fprintf(stderr, "error: %s is damaged: it is not what backup.json says; nothing was touched\n", path);
    return false;
}

/* Into `to`, or they are only looked at. */
static bool carry_stored(struct restoring *r, const struct backup_service *s, const char *to,
                         const char *service_to)
{
    struct stored files = {.from = r->dir,
                           .service = s->file.name,
                           .to = to,
                           .service_to = service_to,
                           .progress = &r->progress,
                           .done = &r->done};
    if (stored_carry(&files, &s->stored) && files.n == s->n_stored)
        return true;
    progress_end(&r->progress);
    fprintf(stderr, "error: not all files of %s are in %s\n", s->file.name, r->dir);
    return false;
}

static bool check_files(struct restoring *r)
{
    const struct backup *b = &r->backup;
    bool good = true;
    progress_start(&r->progress, "checking", backup_bytes(b), r->tool->json);
    r->done = 0;
    for (unsigned i = 0; good && i < b->n_services; i++)
        good = is_file(r, b->services[i].file.name, "data.mdb", &b->services[i].file) &&
               carry_stored(r, &b->services[i], NULL, NULL);
    for (unsigned i = 0; good && i < b->n_files; i++)
        good = is_file(r, b->files[i].name, NULL, &b->files[i]);
    progress_end(&r->progress);
    return good;
}

static bool hold_locks(const struct restoring *r)
{
    bool good = deployment_hold(r->tool->data_dir);
    for (unsigned i = 0; good && i < DEPLOYMENT_SERVICES; i++)
        good = deployment_lock(r->tool->data_dir, deployment_services[i]->name, "owner.lock", 0);
    return good;
}

static bool is_there(const struct restoring *r, const char *name)
{
    char path[PATH_MAX];
    return backup_path(path, r->tool->data_dir, name, NULL) && access(path, F_OK) == 0;
}

static bool place_is_free(const struct restoring *r, const char *name)
{
    if (r->replace || !is_there(r, name))
        return true;
    fprintf(stderr, "error: %s has %s already; with --replace what is there is moved aside\n",
            r->tool->data_dir, name);
    return false;
}

static bool places_are_free(const struct restoring *r)
{
    const struct backup *b = &r->backup;
    bool good = true;
    for (unsigned i = 0; good && i < b->n_services; i++)
        good = place_is_free(r, b->services[i].file.name);
    for (unsigned i = 0; good && i < b->n_files; i++)
        good = place_is_free(r, b->files[i].name);
    return good;
}

/* --- copying, beside what is there --- */

static void fresh_name(char out[BACKUP_NAME_SIZE + 16], const char *name)
{
    snprintf(out, BACKUP_NAME_SIZE + 16, "%s.restoring", name); /* fits */
}

static bool fresh_path(const struct restoring *r, char out[PATH_MAX], const char *name, const char *inner)
{
    char fresh[BACKUP_NAME_SIZE + 16];
    fresh_name(fresh, name);
    return backup_path(out, r->tool->data_dir, fresh, inner);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    return remove(path);
}

static bool remove_tree(const char *path)
{
    if (nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0 || errno == ENOENT)
        return true;
    fprintf(stderr, "error: cannot remove %s: %s\n", path, strerror(errno));
    return false;
}

/* What an earlier restore that was broken off has left, or LMDB's own beside the fresh store. */
static bool clear_fresh(const struct restoring *r, const char *name, bool data_too)
{
    static const char *const files[] = {"lock.mdb", "owner.lock", "data.mdb"};
    char path[PATH_MAX];
    for (unsigned i = 0; i < 2u + data_too; i++)
        if (!fresh_path(r, path, name, files[i]) ||
            (unlink(path) != 0 && errno != ENOENT && errno != ENOTDIR))
            return false;
    return !data_too || (fresh_path(r, path, name, "files") && remove_tree(path));
}

/* The store remembers where it begins again: followers that read further are told. */
static bool mark_restored(const struct restoring *r, const struct backup_service *s)
{
    char path[PATH_MAX];
    if (!fresh_path(r, path, s->file.name, NULL))
        return false;
    const struct service_def *def = deployment_service(s->file.name);
    struct store *store =
        store_open(&(struct store_options){.dir = path, .tables = def->tables, .n_tables = def->n_tables});
    struct txn *t = store != NULL ? store_begin(store, true) : NULL;
    bool good = t != NULL;
    if (good) {
        struct timespec now;
        clock_gettime(CLOCK_REALTIME, &now);
        struct restored mark = {.at = log_head(store),
                                .time_us = (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000};
        restored_put(t, &mark);
        good = store_commit(t);
    }
    store_close(store);
    return good && clear_fresh(r, s->file.name, false) && backup_folder_sync(path);
}

static bool copy_into(struct restoring *r, const char *name, const char *inner, const char *to,
                      const struct backup_file *f)
{
    char from[PATH_MAX];
    struct backup_file is;
    if (!backup_path(from, r->dir, name, inner) || !backup_copy(from, to, &r->progress, &r->done, &is))
        return false;
    if (strcmp(is.hash, f->hash) == 0)
        return true;
    fprintf(stderr, "error: %s has just changed; nothing was put in place\n", from);
    return false;
}

static bool copy_service(struct restoring *r, const struct backup_service *s)
{
    char folder[PATH_MAX], to[PATH_MAX], fresh[BACKUP_NAME_SIZE + 16];
    fresh_name(fresh, s->file.name);
    return fresh_path(r, folder, s->file.name, NULL) && backup_folder_make(folder) &&
           clear_fresh(r, s->file.name, true) && fresh_path(r, to, s->file.name, "data.mdb") &&
           copy_into(r, s->file.name, "data.mdb", to, &s->file) &&
           carry_stored(r, s, r->tool->data_dir, fresh) && mark_restored(r, s);
}

static bool copy_file(struct restoring *r, const struct backup_file *f)
{
    char to[PATH_MAX];
    if (!fresh_path(r, to, f->name, NULL))
        return false;
    (void)unlink(to); /* of an earlier one; else there is none */
    return copy_into(r, f->name, NULL, to, f);
}

static bool copy_all(struct restoring *r)
{
    const struct backup *b = &r->backup;
    bool good = true;
    progress_start(&r->progress, "restoring", backup_bytes(b), r->tool->json);
    r->done = 0;
    for (unsigned i = 0; good && i < b->n_services; i++)
        good = copy_service(r, &b->services[i]);
    for (unsigned i = 0; good && i < b->n_files; i++)
        good = copy_file(r, &b->files[i]);
    progress_end(&r->progress);
    return good && backup_folder_sync(r->tool->data_dir);
}

/* --- into place --- */

static bool name_aside(struct restoring *r)
{
    char stamp[STAMP_SIZE];
    struct tm utc;
    time_t now = time(NULL);
    return gmtime_r(&now, &utc) != NULL &&
           strftime(stamp, sizeof stamp, "replaced-%Y%m%dT%H%M%SZ", &utc) > 0 &&
           backup_path(r->aside, r->tool->data_dir, stamp, NULL);
}

static bool move_aside(struct restoring *r, const char *name)
{
    char from[PATH_MAX], to[PATH_MAX];
    if (!is_there(r, name))
        return true;
    if (!backup_path(from, r->tool->data_dir, name, NULL) || !backup_path(to, r->aside, name, NULL) ||
        !backup_folder_make(r->aside) || !backup_rename(from, to))
        return false;
    r->n_aside++;
    if (!r->tool->json)
        fprintf(r->tool->out, "moved aside: %s is now %s\n", from, to);
    return backup_folder_sync(r->aside);
}

static bool put(struct restoring *r, const char *name)
{
    char from[PATH_MAX], to[PATH_MAX];
    return move_aside(r, name) && fresh_path(r, from, name, NULL) &&
           backup_path(to, r->tool->data_dir, name, NULL) && backup_rename(from, to) &&
           backup_folder_sync(r->tool->data_dir);
}

/* Positions in mailboxes may be of mails that came after the backup: all are read again, those known stay
 * one. */
static bool put_all(struct restoring *r)
{
    const struct backup *b = &r->backup;
    bool good = name_aside(r) && move_aside(r, "mailbox");
    for (unsigned i = 0; good && i < b->n_services; i++)
        good = put(r, b->services[i].file.name);
    for (unsigned i = 0; good && i < b->n_files; i++)
        good = put(r, b->files[i].name);
    return good;
}

/* --- what became of it --- */

static void find_erased(struct restoring *r)
{
    char replaced[PATH_MAX], restored[PATH_MAX];
    const bool has_contacts = r->only == NULL || strcmp(r->only, "contacts") == 0;
    if (has_contacts && r->n_aside > 0 && backup_path(replaced, r->aside, "contacts", NULL) &&
        backup_path(restored, r->tool->data_dir, "contacts", NULL) && access(replaced, F_OK) == 0)
        erased_since_load(replaced, restored, &r->erased);
}

static void print_json(const struct restoring *r)
{
    const struct backup *b = &r->backup;
    struct buffer text;
    buffer_init(&text, 1 << 20);
    buffer_printf(&text, "{\"made_at\":\"%s\",\"services\":[", b->made_at); /* all of it fits */
    for (unsigned i = 0; i < b->n_services; i++)
        buffer_printf(&text, "%s{\"name\":\"%s\",\"head_seq\":%" PRIu64 "}", i ? "," : "",
                      b->services[i].file.name, b->services[i].head_seq);
    buffer_text(&text, "],\"moved_aside\":");
    if (r->n_aside > 0)
        (void)schema_json_string(&text, r->aside);
    else
        buffer_text(&text, "null");
    erased_since_json(&r->erased, &text);
    fprintf(r->tool->out, "%s}\n", buffer_cstr(&text));
    buffer_release(&text);
}

static void print_followers(const struct restoring *r)
{
    const struct service_def *def = deployment_service(r->only);
    for (unsigned i = 0; i < DEPLOYMENT_SERVICES; i++)
        if (deployment_follows(deployment_services[i], def))
            fprintf(r->tool->out, "  baton rejoin %s %s   where `baton status` says that %s stands still\n",
                    deployment_services[i]->name, r->only, deployment_services[i]->name);
}

static void print_result(const struct restoring *r)
{
    const struct backup *b = &r->backup;
    const char *data = r->tool->data_dir;
    if (r->tool->json)
        return print_json(r);
    for (unsigned i = 0; i < b->n_services; i++)
        fprintf(r->tool->out, "restored: %s, as it was at record %" PRIu64 " of its log\n",
                b->services[i].file.name, b->services[i].head_seq);
    fprintf(r->tool->out, "The backup was made at %s by Baton %s. What is next:\n", b->made_at, b->version);
    fprintf(r->tool->out, "  baton verify --data %s\n  baton up --data %s\n", data, data);
    if (r->only != NULL)
        print_followers(r);
    erased_since_print(&r->erased, r->tool->out);
}

static bool run(struct restoring *r)
{
    return backup_read(&r->backup, r->dir) && choose(r) && check_files(r) &&
           backup_folder_make(r->tool->data_dir) && hold_locks(r) && places_are_free(r) && copy_all(r) &&
           put_all(r) && backup_folder_sync_above(r->tool->data_dir);
}

int tool_restore(struct tool *t, int argc, char **argv)
{
    int first, status = TOOL_USAGE;
    struct restoring *r = calloc(1, sizeof *r);
    if (r == NULL)
        return TOOL_FAILED;
    const struct option_row rows[] = {
        {"only", OPTION_TEXT, &r->only},
        {"replace", OPTION_FLAG, &r->replace},
    };
    if (options_read(rows, sizeof rows / sizeof *rows, argc, argv, 1, 1, &first)) {
        r->tool = t;
        r->dir = argv[first];
        status = run(r) ? TOOL_OK : TOOL_FAILED;
    }
    if (status == TOOL_OK) {
        find_erased(r);
        print_result(r);
    }
    free(r->erased.ids);
    free(r);
    return status;
}
