/* Files and folders of backups: written once, hashed on the way, on the disk before anything is said. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tool/backup.h"

enum { PIECE = 1 << 20 };

static bool failed(const char *what, const char *path)
{
    fprintf(stderr, "error: cannot %s %s: %s\n", what, path, strerror(errno));
    return false;
}

bool backup_path(char out[PATH_MAX], const char *dir, const char *name, const char *file)
{
    int n = snprintf(out, PATH_MAX, file ? "%s/%s/%s" : "%s/%s", dir, name, file);
    if (n > 0 && n < PATH_MAX)
        return true;
    errno = ENAMETOOLONG;
    return failed("use", dir);
}

bool backup_folder_make(const char *path)
{
    return mkdir(path, 0700) == 0 || errno == EEXIST || failed("make", path);
}

bool backup_folder_sync(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = fd >= 0 && fsync(fd) == 0;
    int error = errno;
    if (fd >= 0)
        (void)close(fd); /* only read */
    errno = error;
    return good || failed("write", path);
}

bool backup_folder_sync_above(const char *path)
{
    char above[PATH_MAX];
    return backup_path(above, path, "..", NULL) && backup_folder_sync(above);
}

bool backup_rename(const char *from, const char *to)
{
    return rename(from, to) == 0 || failed("make", to);
}

bool backup_sink_open(struct backup_sink *s, const char *path, struct progress *p, uint64_t *done)
{
    *s = (struct backup_sink){.fd = -1, .path = path, .progress = p, .done = done};
    if (path != NULL)
        s->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (path != NULL && s->fd < 0)
        return failed("make", path);
    s->hash = hash_new();
    return true;
}

static bool write_all(const struct backup_sink *s, struct bytes piece)
{
    while (piece.size > 0) {
        ssize_t n = write(s->fd, piece.data, piece.size);
        if (n < 0 && errno != EINTR)
            return failed("write", s->path);
        if (n > 0)
            piece = bytes_of(piece.data + n, piece.size - (size_t)n);
    }
    return true;
}

bool backup_sink_add(void *sink, struct bytes piece)
{
    struct backup_sink *s = sink;
    if (s->fd >= 0 && !write_all(s, piece))
        return false;
    hash_add(s->hash, piece);
    s->size += piece.size;
    *s->done += piece.size;
    progress_show(s->progress, *s->done);
    return true;
}

bool backup_sink_end(struct backup_sink *s, bool good, struct backup_file *f)
{
    uint8_t hash[HASH_SIZE];
    hash_end(s->hash, hash);
    hex_encode(f->hash, hash, sizeof hash);
    f->size = s->size;
    if (s->fd < 0)
        return good;
    if (good && fsync(s->fd) != 0)
        good = failed("write", s->path);
    if (close(s->fd) != 0 && good)
        good = failed("write", s->path);
    return good;
}

static bool read_all(int fd, const char *path, struct backup_sink *s)
{
    uint8_t *piece = malloc(PIECE);
    ssize_t n = piece != NULL ? 1 : -1;
    bool good = n > 0 || failed("read", path);
    while (good && (n = read(fd, piece, PIECE)) != 0) {
        if (n > 0)
            good = backup_sink_add(s, bytes_of(piece, (size_t)n));
        else if (errno != EINTR)
            good = failed("read", path);
    }
    free(piece);
    return good;
}

bool backup_copy(const char *from, const char *to, struct progress *p, uint64_t *done, struct backup_file *f)
{
    struct backup_sink s;
    int fd = open(from, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return failed("read", from);
    bool good = backup_sink_open(&s, to, p, done);
    if (good)
        good = backup_sink_end(&s, read_all(fd, from, &s), f);
    (void)close(fd); /* only read */
    return good;
}
