/* The folder: opening, reading, and what a crash has left. */
#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"
#include "files/internal.h"

enum { BLOCK = 256 << 10, MEMORY_KEPT = 16 << 20 /* that pieces come and go in */ };
static const char UPLOADS[] = "uploads";

int files_ask(const struct files *f, enum files_call call)
{
    int error = f->probe.call ? f->probe.call(f->probe.arg, call) : 0;
    if (error)
        errno = error;
    return error;
}

int files_sync_fd(const struct files *f, int fd)
{
    return files_ask(f, FILES_SYNC) ? -1 : fdatasync(fd);
}

static int open_folder(int at, const char *path)
{
    if (mkdirat(at, path, 0700) != 0 && errno != EEXIST)
        return -1;
    return openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

struct files *files_open(const char *dir, const struct files_probe *probe)
{
    struct files *f = calloc(1, sizeof *f);
    assert(f);
    f->fd = open_folder(AT_FDCWD, dir);
    f->under_way = f->fd < 0 ? -1 : open_folder(f->fd, UPLOADS);
    if (f->under_way < 0 || fsync(f->fd) != 0) {
        log_failure("files", "cannot use %s: %s", dir, strerror(errno));
        files_close(f);
        return NULL;
    }
    if (probe)
        f->probe = *probe;
    memory_keep_freed(MEMORY_KEPT);
    pthread_mutex_init(&f->lock, NULL);
    pthread_mutex_init(&f->made_lock, NULL);
    for (size_t i = 0; i < FILES_OPEN_MAX; i++)
        f->uploads[i].fd = -1;
    return f;
}

void files_close(struct files *f)
{
    if (!f)
        return;
    for (size_t i = 0; i < FILES_OPEN_MAX; i++)
        if (*f->uploads[i].id)
            files_close_upload(&f->uploads[i]);
    if (f->under_way >= 0)
        (void)close(f->under_way); /* only read */
    if (f->fd >= 0)
        (void)close(f->fd); /* only read */
    free(f);
}

uint64_t files_room(const struct files *f)
{
    struct statvfs disk;
    return fstatvfs(f->fd, &disk) == 0 ? (uint64_t)disk.f_bavail * disk.f_frsize : 0;
}

/* --- files --- */

bool files_is_hash(const char *text)
{
    return text && strlen(text) == HASH_TEXT_SIZE - 1 &&
           strspn(text, "0123456789abcdef") == HASH_TEXT_SIZE - 1;
}

void files_path(char out[FILES_PATH_SIZE], const char *hash)
{
    assert(files_is_hash(hash));
    (void)snprintf(out, FILES_PATH_SIZE, "%.2s/%.2s/%s", hash, hash + 2, hash); /* fits */
}

/* As much as there is. -1: errno. */
static ssize_t read_all(int fd, uint64_t offset, void *out, size_t size)
{
    size_t done = 0;
    while (done < size) {
        ssize_t n = pread(fd, (uint8_t *)out + done, size - done, (off_t)(offset + done));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        if (n == 0)
            break;
        done += (size_t)n;
    }
    return (ssize_t)done;
}

static ssize_t read_at(int at, const char *path, uint64_t offset, void *out, size_t size)
{
    int fd = openat(at, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    ssize_t n = fd < 0 ? -1 : read_all(fd, offset, out, size);
    if (n < 0)
        log_failure("files", "cannot read %s: %s", path, strerror(errno));
    if (fd >= 0)
        (void)close(fd); /* only read */
    return n;
}

ssize_t files_read(const struct files *f, const char *hash, uint64_t offset, void *out, size_t size)
{
    char path[FILES_PATH_SIZE];
    files_path(path, hash);
    return read_at(f->fd, path, offset, out, size);
}

int files_descriptor(const struct files *f, const char *hash)
{
    char path[FILES_PATH_SIZE];
    files_path(path, hash);
    int fd = openat(f->fd, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        log_failure("files", "cannot read %s: %s", path, strerror(errno));
    return fd;
}

ssize_t files_head(const struct files *f, const char *id, void *out, size_t size)
{
    return read_at(f->under_way, id, 0, out, size);
}

bool files_hash(int fd, uint64_t size, struct hash_stream *hash)
{
    uint8_t *block = malloc(BLOCK);
    assert(block);
    uint64_t done = 0;
    while (done < size) {
        size_t want = size - done < BLOCK ? (size_t)(size - done) : BLOCK;
        errno = 0;
        ssize_t n = read_all(fd, done, block, want);
        if (n != (ssize_t)want)
            break;
        hash_add(hash, bytes_of(block, want));
        done += want;
    }
    free(block);
    return done == size;
}

/* --- what a crash has left --- */

void files_unlink_upload(const struct files *f, const char *id, bool is_kept)
{
    struct stat st;
    if (fstatat(f->under_way, id, &st, AT_SYMLINK_NOFOLLOW) != 0 || (!is_kept && st.st_nlink > 1))
        return;
    if (files_ask(f, FILES_UNLINK) || unlinkat(f->under_way, id, 0) != 0)
        log_failure("files", "an upload's own name stays until the next start: %s", strerror(errno));
}

/* What it was linked as, if no row knows it. */
static void unlink_file_of(const struct files *f, int fd, const struct stat *st,
                           const struct files_known *known)
{
    uint8_t hash[HASH_SIZE];
    char text[HASH_TEXT_SIZE], path[FILES_PATH_SIZE];
    struct stat kept;
    struct hash_stream *h = hash_new();
    bool is_read = files_hash(fd, (uint64_t)st->st_size, h);
    hash_end(h, hash);
    hex_encode(text, hash, sizeof hash);
    if (!is_read || known->is_file(known->arg, text))
        return;
    files_path(path, text);
    if (fstatat(f->fd, path, &kept, AT_SYMLINK_NOFOLLOW) == 0 && kept.st_ino == st->st_ino &&
        unlinkat(f->fd, path, 0) != 0)
        log_failure("files", "cannot remove %s: %s", path, strerror(errno));
}

static void sweep_one(const struct files *f, const char *name, const struct files_known *known)
{
    struct stat st;
    bool goes_on = known->is_upload(known->arg, name);
    int fd = openat(f->under_way, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd >= 0 && fstat(fd, &st) == 0 && st.st_nlink > 1)
        unlink_file_of(f, fd, &st, known);
    if (fd >= 0)
        (void)close(fd); /* only read */
    if (!goes_on && unlinkat(f->under_way, name, 0) != 0)
        log_failure("files", "cannot remove uploads/%s: %s", name, strerror(errno));
}

void files_sweep(struct files *f, const struct files_known *known)
{
    int fd = openat(f->under_way, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *e;
    if (!d) {
        log_failure("files", "cannot read uploads: %s", strerror(errno));
        return;
    }
    while ((e = readdir(d)) != NULL)
        if (e->d_name[0] != '.')
            sweep_one(f, e->d_name, known);
    (void)closedir(d); /* only read */
}
