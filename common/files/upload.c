/* Uploads: written by one thread at a time, each. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "files/internal.h"

/* --- places --- */

void files_close_upload(struct upload *u)
{
    uint8_t nothing[HASH_SIZE];
    if (u->fd >= 0)
        (void)close(u->fd); /* what counts was synced */
    if (u->hash)
        hash_end(u->hash, nothing);
    u->fd = -1;
    u->hash = NULL;
}

/* What is not safe is given up: the next piece begins where the upload was last remembered to be. */
static void vacate(struct upload *u)
{
    files_close_upload(u);
    *u = (struct upload){.fd = -1};
}

static struct upload *find(struct files *f, const char *id)
{
    for (size_t i = 0; i < FILES_OPEN_MAX; i++)
        if (strcmp(f->uploads[i].id, id) == 0)
            return &f->uploads[i];
    return NULL;
}

/* A free place, or that of the one which nobody has written to for longest. NULL: all are being written. */
static struct upload *place(struct files *f)
{
    struct upload *idle = NULL;
    for (size_t i = 0; i < FILES_OPEN_MAX; i++) {
        struct upload *u = &f->uploads[i];
        if (!*u->id)
            return u;
        if (!u->claimed && (!idle || u->used < idle->used))
            idle = u;
    }
    if (idle)
        vacate(idle);
    return idle;
}

/* NULL: *end says why. */
static struct upload *claim(struct files *f, const char *id, enum files_end *end)
{
    pthread_mutex_lock(&f->lock);
    struct upload *u = find(f, id);
    bool is_new = !u;
    if (is_new)
        u = place(f);
    *end = u ? FILES_BUSY : FILES_CROWDED;
    if (u && u->claimed)
        u = NULL;
    if (u) {
        if (is_new)
            memcpy(u->id, id, strlen(id) + 1);
        u->claimed = true;
        u->used = ++f->used;
    }
    pthread_mutex_unlock(&f->lock);
    return u;
}

static void release(struct files *f, struct upload *u)
{
    char id[IDENT_TEXT_SIZE];
    pthread_mutex_lock(&f->lock);
    bool is_dropped = u->is_dropped, is_kept = u->is_kept;
    memcpy(id, u->id, sizeof id);
    u->seen = u->offset;
    u->claimed = false;
    if (is_dropped || u->fd < 0)
        vacate(u);
    pthread_mutex_unlock(&f->lock);
    if (is_dropped)
        files_unlink_upload(f, id, is_kept);
}

/* --- writing --- */

static enum files_end failed(const char *what)
{
    if (errno == ENOSPC || errno == EDQUOT)
        return FILES_FULL;
    log_failure("files", "cannot %s: %s", what, strerror(errno));
    return FILES_FAILED;
}

static bool copy(int from, int to, uint64_t size)
{
    off64_t at = 0;
    while ((uint64_t)at < size) {
        ssize_t n = copy_file_range(from, &at, to, NULL, (size_t)(size - (uint64_t)at), 0);
        if (n == 0)
            errno = EIO;
        if (n == 0 || (n < 0 && errno != EINTR))
            return false;
    }
    return true;
}

/* In place of one that was linked as a file, which may be another's by now and is never written to again. */
static bool begin_apart(const struct files *f, struct upload *u, uint64_t safe)
{
    char name[IDENT_TEXT_SIZE + 4]; /* no upload's id: files_sweep removes it */
    (void)snprintf(name, sizeof name, "%s.new", u->id);
    int fd = openat(f->under_way, name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool is_done = fd >= 0 && copy(u->fd, fd, safe) && files_sync_fd(f, fd) == 0 &&
                   renameat(f->under_way, name, f->under_way, u->id) == 0 &&
                   files_sync_fd(f, f->under_way) == 0;
    (void)close(u->fd); /* only read */
    u->fd = fd;
    return is_done;
}

/* What was written after the last sync may or may not be there: it is not counted. What was safe and is not
   there is not made up of zeros. */
static enum files_end begin(const struct files *f, struct upload *u, uint64_t safe)
{
    struct stat st;
    const int create = safe == 0 ? O_CREAT : 0;
    u->fd = openat(f->under_way, u->id, O_RDWR | create | O_CLOEXEC | O_NOFOLLOW, 0600);
    errno = u->fd < 0 ? errno : EIO;
    if (u->fd < 0 || fstat(u->fd, &st) != 0 || (uint64_t)st.st_size < safe ||
        (st.st_nlink > 1 && !begin_apart(f, u, safe)) || ftruncate(u->fd, (off_t)safe) != 0)
        return failed("open an upload");
    u->hash = hash_new();
    u->offset = u->safe = safe;
    return files_hash(u->fd, safe, u->hash) ? FILES_WRITTEN : failed("read an upload again");
}

bool files_write_all(const struct files *f, int fd, uint64_t offset, struct bytes data)
{
    size_t done = 0;
    while (done < data.size) {
        ssize_t n = files_ask(f, FILES_WRITE)
                        ? -1
                        : pwrite(fd, data.data + done, data.size - done, (off_t)(offset + done));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        done += (size_t)n;
    }
    return true;
}

/* The folder with its name, too, before anybody is told that some of it is safe. */
static bool make_safe(const struct files *f, struct upload *u)
{
    if (files_sync_fd(f, u->fd) != 0 || (u->safe == 0 && files_sync_fd(f, f->under_way) != 0))
        return false;
    u->safe = u->offset;
    return true;
}

static void complete(struct upload *u)
{
    uint8_t hash[HASH_SIZE];
    hash_end(u->hash, hash);
    u->hash = NULL;
    hex_encode(u->hash_text, hash, sizeof hash);
}

static enum files_end put(const struct files *f, struct upload *u, const struct files_piece *p)
{
    if (p->offset != u->offset || p->data.size > p->size - u->offset)
        return FILES_ELSEWHERE;
    if (p->data.size && !files_write_all(f, u->fd, u->offset, p->data))
        return failed("write an upload");
    if (p->data.size)
        hash_add(u->hash, p->data);
    u->offset += p->data.size;
    bool is_complete = u->offset == p->size;
    if (!is_complete && u->offset - u->safe < FILES_SAFE_STEP) {
        /* so that the sync has little left to wait for; if it cannot, the sync does it all */
        (void)sync_file_range(u->fd, (off_t)p->offset, (off_t)p->data.size, SYNC_FILE_RANGE_WRITE);
        return FILES_WRITTEN;
    }
    if ((u->safe < u->offset || u->offset == 0) && !make_safe(f, u))
        return failed("sync an upload");
    if (is_complete && u->hash)
        complete(u);
    return is_complete ? FILES_COMPLETE : FILES_WRITTEN;
}

void files_write(struct files *f, const struct files_piece *p, struct files_written *w)
{
    *w = (struct files_written){.offset = p->offset, .safe = p->safe};
    struct upload *u = claim(f, p->id, &w->end);
    if (!u)
        return;
    w->end = u->fd < 0 ? begin(f, u, p->safe) : FILES_WRITTEN;
    if (w->end == FILES_WRITTEN)
        w->end = put(f, u, p);
    if (w->end == FILES_FULL || w->end == FILES_FAILED) {
        /* nobody knows what is there: the next piece reads again what was safe before */
        files_close_upload(u);
        u->offset = u->safe;
    }
    w->offset = u->offset;
    w->safe = u->safe;
    memcpy(w->hash, u->hash_text, sizeof w->hash);
    release(f, u);
}

/* --- keeping --- */

/* The folder of a file, its own name synced, also where it was made by one who could not. -1: errno. */
static int folder_of(const struct files *f, const char *hash)
{
    int at = f->fd;
    for (int level = 0; level < 2; level++) {
        char name[3] = {hash[2 * level], hash[2 * level + 1], '\0'};
        bool is_made = mkdirat(at, name, 0700) == 0 || errno == EEXIST;
        int fd =
            is_made && files_sync_fd(f, at) == 0 ? openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
        if (at != f->fd)
            (void)close(at); /* only read */
        if (fd < 0)
            return -1;
        at = fd;
    }
    return at;
}

/* The same bytes are there already: from another upload, or from this one before a crash. */
static bool is_there(int folder, const char *hash, uint64_t size)
{
    struct stat st;
    if (fstatat(folder, hash, &st, AT_SYMLINK_NOFOLLOW) == 0 && (uint64_t)st.st_size == size)
        return true;
    log_failure("files", "%s is there, but not whole", hash);
    errno = EIO;
    return false;
}

static enum files_end link_as(const struct files *f, const char *id, const char *hash, uint64_t size)
{
    int folder = folder_of(f, hash);
    bool is_linked =
        folder >= 0 && !files_ask(f, FILES_LINK) &&
        (linkat(f->under_way, id, folder, hash, 0) == 0 || (errno == EEXIST && is_there(folder, hash, size)));
    bool is_kept = is_linked && files_sync_fd(f, folder) == 0;
    enum files_end end = is_kept ? FILES_COMPLETE : failed("keep a file");
    if (folder >= 0)
        (void)close(folder); /* only read */
    return end;
}

enum files_end files_keep(struct files *f, const char *id, const char *hash, uint64_t size)
{
    enum files_end end;
    struct upload *u = claim(f, id, &end);
    if (!u)
        return end;
    end = u->is_dropped ? FILES_FAILED : link_as(f, id, hash, size);
    release(f, u);
    return end;
}

uint64_t files_offset(struct files *f, const char *id, uint64_t safe)
{
    pthread_mutex_lock(&f->lock);
    const struct upload *u = find(f, id);
    uint64_t offset = u && u->seen > safe ? u->seen : safe;
    pthread_mutex_unlock(&f->lock);
    return offset;
}

void files_drop(struct files *f, const char *id, bool is_kept)
{
    pthread_mutex_lock(&f->lock);
    struct upload *u = find(f, id);
    bool is_claimed = u && u->claimed;
    if (is_claimed) {
        u->is_dropped = true;
        u->is_kept = is_kept;
    } else if (u) {
        vacate(u);
    }
    pthread_mutex_unlock(&f->lock);
    if (!is_claimed)
        files_unlink_upload(f, id, is_kept);
}
