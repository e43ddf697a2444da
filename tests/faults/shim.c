/* Preloaded into a service: one call of a kind fails, and writes to data.mdb are recorded. Calls go to the
   kernel themselves, memory to the C library's own names, so that nothing here allocates or is looked up. */
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *old, size_t size);

static struct {
    struct shim_order *order;
    const char *folder;
    size_t folder_size;
    int record; /* -1: none */
} shim = {.record = -1};

__attribute__((constructor)) static void begin(void)
{
    const char *order = getenv(SHIM_ORDER), *record = getenv(SHIM_RECORD);
    shim.folder = getenv(SHIM_FOLDER);
    shim.folder_size = shim.folder ? strlen(shim.folder) : 0;
    if (record)
        shim.record =
            (int)syscall(SYS_openat, AT_FDCWD, record, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    int fd = order ? (int)syscall(SYS_openat, AT_FDCWD, order, O_RDWR | O_CLOEXEC, 0) : -1;
    if (fd < 0)
        return;
    void *p = (void *)syscall(SYS_mmap, NULL, sizeof *shim.order, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    syscall(SYS_close, fd);
    if (p != MAP_FAILED)
        shim.order = p;
}

/* True: this is the call that fails. */
static bool fails(enum shim_kind kind)
{
    if (!shim.order || shim.order->kind != (uint32_t)kind)
        return false;
    uint64_t n = __atomic_add_fetch(&shim.order->calls, 1, __ATOMIC_SEQ_CST);
    if (n != shim.order->nth)
        return false;
    shim.order->failed++;
    return true;
}

static bool is_ours(const char *path)
{
    return shim.folder && strncmp(path, shim.folder, shim.folder_size) == 0 && path[shim.folder_size] == '/';
}

/* The path of an open file; false: it is none of ours. */
static bool path_of(int fd, char *path, size_t size)
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    long n = syscall(SYS_readlinkat, AT_FDCWD, link, path, size - 1);
    path[n > 0 ? n : 0] = '\0';
    return n > 0 && is_ours(path);
}

static bool fails_on(enum shim_kind kind, int fd)
{
    char path[4096];
    int saved = errno;
    bool so =
        shim.order && shim.order->kind == (uint32_t)kind && path_of(fd, path, sizeof path) && fails(kind);
    errno = saved;
    return so;
}

static bool fails_with_error(enum shim_kind kind, int fd)
{
    if (!fails_on(kind, fd))
        return false;
    errno = shim.order->error;
    return true;
}

/* --- the record --- */

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static bool is_recorded(int fd)
{
    static const char name[] = "/data.mdb";
    char path[4096];
    int saved = errno;
    bool so = shim.record >= 0 && path_of(fd, path, sizeof path);
    size_t n = so ? strlen(path) : 0;
    errno = saved;
    return so && n >= sizeof name && strcmp(path + n - (sizeof name - 1), name) == 0;
}

/* One write: entries of several threads cannot mix. */
static void add(const struct shim_entry *e, const struct iovec *pieces, int n)
{
    struct iovec all[SHIM_PIECES_MAX + 1] = {{(void *)(uintptr_t)e, sizeof *e}};
    size_t size = sizeof *e + e->size;
    int saved = errno;
    if (n > SHIM_PIECES_MAX)
        abort();
    for (int i = 0; i < n; i++)
        all[i + 1] = pieces[i];
    if (syscall(SYS_writev, shim.record, all, n + 1) != (long)size)
        abort(); /* a record with a hole proves nothing */
    errno = saved;
}

static ssize_t write_pieces(int fd, const struct iovec *pieces, int n, off_t offset, bool at_offset)
{
    if (!is_recorded(fd))
        return at_offset ? syscall(SYS_pwritev, fd, pieces, n, offset, 0)
                         : syscall(SYS_writev, fd, pieces, n);
    struct shim_entry e = {.kind = SHIM_ENTRY_WRITE, .begin_ns = now_ns()};
    e.offset = (uint64_t)(at_offset ? offset : syscall(SYS_lseek, fd, 0, SEEK_CUR));
    ssize_t done =
        at_offset ? syscall(SYS_pwritev, fd, pieces, n, offset, 0) : syscall(SYS_writev, fd, pieces, n);
    for (int i = 0; i < n; i++)
        e.size += pieces[i].iov_len;
    if (done != (ssize_t)e.size)
        abort(); /* nothing fails while there is a record */
    add(&e, pieces, n);
    if (syscall(SYS_fcntl, fd, F_GETFL) & O_DSYNC)
        add(&(struct shim_entry){.kind = SHIM_ENTRY_SYNC, .begin_ns = e.begin_ns}, NULL, 0);
    return done;
}

/* The call that fails writes the first half, or nothing. */
static ssize_t write_half(int fd, const struct iovec *pieces, int n, off_t offset, bool at_offset)
{
    struct iovec half = {pieces[0].iov_base, n > 1 ? pieces[0].iov_len : pieces[0].iov_len / 2};
    if (shim.order->error) {
        errno = shim.order->error;
        return -1;
    }
    return write_pieces(fd, &half, 1, offset, at_offset);
}

static ssize_t write_or_fail(int fd, const struct iovec *pieces, int n, off_t offset, bool at_offset)
{
    if (fails_on(SHIM_WRITE, fd))
        return write_half(fd, pieces, n, offset, at_offset);
    return write_pieces(fd, pieces, n, offset, at_offset);
}

static int sync_or_fail(int call, int fd)
{
    if (fails_with_error(SHIM_SYNC, fd))
        return -1;
    bool recorded = is_recorded(fd);
    struct shim_entry e = {.kind = SHIM_ENTRY_SYNC, .begin_ns = recorded ? now_ns() : 0};
    int rc = (int)syscall(call, fd);
    if (recorded)
        add(&e, NULL, 0);
    return rc;
}

/* --- the calls by their names --- */

ssize_t write(int fd, const void *data, size_t size)
{
    struct iovec one = {(void *)(uintptr_t)data, size};
    return write_or_fail(fd, &one, 1, 0, false);
}

ssize_t writev(int fd, const struct iovec *pieces, int n)
{
    return write_or_fail(fd, pieces, n, 0, false);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t offset)
{
    struct iovec one = {(void *)(uintptr_t)data, size};
    return write_or_fail(fd, &one, 1, offset, true);
}

ssize_t pwritev(int fd, const struct iovec *pieces, int n, off_t offset)
{
    return write_or_fail(fd, pieces, n, offset, true);
}

int fsync(int fd)
{
    return sync_or_fail(SYS_fsync, fd);
}

int fdatasync(int fd)
{
    return sync_or_fail(SYS_fdatasync, fd);
}

int msync(void *at, size_t size, int flags)
{
    if (fails(SHIM_SYNC)) {
        errno = shim.order->error;
        return -1;
    }
    return (int)syscall(SYS_msync, at, size, flags);
}

int ftruncate(int fd, off_t size)
{
    return fails_with_error(SHIM_SIZE, fd) ? -1 : (int)syscall(SYS_ftruncate, fd, size);
}

int fallocate(int fd, int mode, off_t offset, off_t size)
{
    return fails_with_error(SHIM_SIZE, fd) ? -1 : (int)syscall(SYS_fallocate, fd, mode, offset, size);
}

int open(const char *path, int flags, ...)
{
    va_list ap;
    va_start(ap, flags);
    int mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(ap, int) : 0;
    va_end(ap);
    if (is_ours(path) && fails(SHIM_OPEN)) {
        errno = shim.order->error;
        return -1;
    }
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

void *mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset)
{
    if (fd >= 0 && fails_with_error(SHIM_MAP, fd))
        return MAP_FAILED;
    return (void *)syscall(SYS_mmap, at, size, protection, flags, fd, offset);
}

static bool no_memory(void)
{
    if (!fails(SHIM_MEMORY))
        return false;
    errno = ENOMEM;
    return true;
}

void *malloc(size_t size)
{
    return no_memory() ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
    return no_memory() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *old, size_t size)
{
    return no_memory() ? NULL : __libc_realloc(old, size);
}

/* ZeroMQ asks for the number of a protocol that nobody here speaks; without memory the C library's name
   service follows a null pointer. Nobody knows that protocol, then. */
int getprotobyname_r(const char *name, struct protoent *entry, char *text, size_t size,
                     struct protoent **found)
{
    *found = NULL;
    return 0;
}

/* The same calls under the names of programs built for large files. */
int open64(const char *path, int flags, ...) __attribute__((alias("open")));
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset) __attribute__((alias("pwrite")));
ssize_t pwritev64(int fd, const struct iovec *p, int n, off64_t offset) __attribute__((alias("pwritev")));
int ftruncate64(int fd, off64_t size) __attribute__((alias("ftruncate")));
void *mmap64(void *at, size_t n, int prot, int f, int fd, off64_t o) __attribute__((alias("mmap")));
