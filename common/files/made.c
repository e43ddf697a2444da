/* Files that can be made again at any time: kept for a while, under their hash as well. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "files/internal.h"

enum { PATH_SIZE = HASH_TEXT_SIZE + 8 };
static const char FOLDER[] = "made", UNFINISHED[] = "made/new";

static void path_of(char path[PATH_SIZE], const char *name)
{
    (void)snprintf(path, PATH_SIZE, "%s/%s", FOLDER, name); /* fits: it is a hash */
}

/* How much there is, and which of them is the oldest. False: it cannot be read. */
static bool look(const struct files *f, uint64_t *bytes, char oldest[HASH_TEXT_SIZE])
{
    int fd = openat(f->fd, FOLDER, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = fd < 0 ? NULL : fdopendir(fd);
    struct timespec first = {0};
    const struct dirent *e;
    struct stat st;
    *bytes = 0;
    *oldest = '\0';
    while (d && (e = readdir(d)) != NULL) {
        if (!files_is_hash(e->d_name) || fstatat(fd, e->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        *bytes += (uint64_t)st.st_size;
        if (*oldest && (st.st_mtim.tv_sec > first.tv_sec ||
                        (st.st_mtim.tv_sec == first.tv_sec && st.st_mtim.tv_nsec >= first.tv_nsec)))
            continue;
        first = st.st_mtim;
        memcpy(oldest, e->d_name, HASH_TEXT_SIZE);
    }
    if (d)
        (void)closedir(d); /* only read */
    else if (fd >= 0)
        (void)close(fd);
    return d != NULL;
}

/* 1: the oldest ones go, until there is room for so many bytes */
static bool make_room(const struct files *f, size_t size)
{
    char oldest[HASH_TEXT_SIZE], path[PATH_SIZE];
    uint64_t bytes;
    while (look(f, &bytes, oldest)) {
        if (bytes + size <= FILES_MADE_MAX || !*oldest)
            return true;
        path_of(path, oldest);
        if (files_ask(f, FILES_UNLINK) || unlinkat(f->fd, path, 0) != 0)
            return false;
    }
    return false;
}

/* 2: under its name it is whole */
static bool keep(const struct files *f, struct bytes data, const char *path)
{
    int fd = openat(f->fd, UNFINISHED, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool is_written = fd >= 0 && files_write_all(f, fd, 0, data) && files_sync_fd(f, fd) == 0;
    int error = errno;
    if (fd >= 0 && close(fd) != 0)
        is_written = false;
    if (is_written && renameat(f->fd, UNFINISHED, f->fd, path) == 0)
        return true;
    (void)unlinkat(f->fd, UNFINISHED, 0); /* it may not be there, and is written over */
    errno = error;
    return false;
}

enum files_end files_made_keep(struct files *f, struct bytes data, char hash[HASH_TEXT_SIZE])
{
    uint8_t digest[HASH_SIZE];
    char path[PATH_SIZE];
    hash2(digest, data, bytes_of(NULL, 0));
    hex_encode(hash, digest, sizeof digest);
    path_of(path, hash);
    pthread_mutex_lock(&f->made_lock);
    bool is_kept = (mkdirat(f->fd, FOLDER, 0700) == 0 || errno == EEXIST) && make_room(f, data.size) &&
                   keep(f, data, path);
    int error = errno;
    pthread_mutex_unlock(&f->made_lock);
    if (is_kept)
        return FILES_COMPLETE;
    log_failure("files", "cannot write %s: %s", path, strerror(error));
    return error == ENOSPC || error == EDQUOT ? FILES_FULL : FILES_FAILED;
}

ssize_t files_made_read(const struct files *f, const char *hash, uint64_t offset, void *out, size_t size)
{
    char path[PATH_SIZE];
    path_of(path, hash);
    int fd = openat(f->fd, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return -1;
    ssize_t n = pread(fd, out, size, (off_t)offset);
    (void)close(fd); /* only read */
    return n;
}

bool files_made_is(const struct files *f, const char *hash)
{
    char path[PATH_SIZE];
    path_of(path, hash);
    return faccessat(f->fd, path, R_OK, 0) == 0;
}
