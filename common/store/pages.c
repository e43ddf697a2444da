/* Walking a snapshot: its meta page, both trees LMDB itself keeps, and whether all pages are accounted for.
 */
#include "store/pages.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/pages_internal.h"

/* A page's head and its meta. */
struct meta_page {
    uint64_t number;
    uint16_t pad, flags, lower, upper;
    struct meta meta;
};
enum { PAGE_META = 8, VERSION = 1 };
static const uint32_t MAGIC = 0xbeefc0de;
_Static_assert(sizeof(struct meta_page) == PAGE_HEAD + sizeof(struct meta), "the file has no padding");

/* Both, at a moment when neither was being written. */
static void read_metas(const struct walk *w, struct meta_page out[META_PAGES])
{
    struct meta_page again[META_PAGES];
    do
        for (unsigned i = 0; i < META_PAGES; i++) {
            memcpy(&out[i], w->map + i * PAGE, sizeof *out);
            __atomic_thread_fence(__ATOMIC_ACQUIRE);
            memcpy(&again[i], w->map + i * PAGE, sizeof *out);
        }
    while (memcmp(out, again, sizeof again) != 0);
}

/* What stands in a meta page whatever the transaction. */
static bool meta_is_sound(const struct meta_page *m, unsigned number)
{
    return m->number == number && m->flags == PAGE_META && m->meta.magic == MAGIC &&
           m->meta.version == VERSION && !m->meta.address && m->meta.mapsize == PAGES_MAP_BYTES &&
           m->meta.free.pad == PAGE && m->meta.free.flags == DB_INTEGER_KEYS && !m->meta.main.pad &&
           !m->meta.main.flags && m->meta.last < PAGES_MAP_BYTES / PAGE;
}

/* Every transaction frees the pages it replaces and says so in its own free DB, so that what a meta page says
   of its age can be proved. Else one bit of the newest one's number would bring back the one before. */
static bool age_is_true(const struct walk *w, const struct meta *m)
{
    uint64_t newest;
    return !pages_newest_free(w, &m->free, &newest) || newest == m->txnid;
}

/* Which of them holds the transaction after the other's and says that it is of the one before it; -1:
 * neither. */
static int cut_off(const struct walk *w, const struct meta_page m[META_PAGES])
{
    unsigned older = m[0].meta.txnid < m[1].meta.txnid ? 0 : 1;
    const struct meta *before = &m[older].meta, *newest = &m[!older].meta;
    uint64_t holds;
    if (!meta_is_sound(&m[0], 0) || !meta_is_sound(&m[1], 1) || before->txnid + 1 != newest->txnid ||
        !age_is_true(w, newest) || !pages_newest_free(w, &before->free, &holds))
        return -1;
    return holds == newest->txnid + 1 ? (int)older : -1;
}

/* What is wrong with them, NULL: nothing. */
static const char *metas_wrong(const struct walk *w, const struct meta_page m[META_PAGES])
{
    uint64_t a = m[0].meta.txnid, b = m[1].meta.txnid;
    if (cut_off(w, m) >= 0)
        return "a meta page is of a later transaction than it says: a commit was cut off, or the number was "
               "damaged; the next start completes it";
    for (unsigned i = 0; i < META_PAGES; i++) {
        if (!meta_is_sound(&m[i], i))
            return "a meta page is damaged";
        if (m[i].meta.txnid && m[i].meta.txnid % META_PAGES != i)
            return "a meta page is of a transaction that belongs to the other";
        if (!age_is_true(w, &m[i].meta))
            return "a meta page is not of the transaction it says";
    }
    return a + 1 == b || b + 1 == a || (!a && !b) ? NULL
                                                  : "the meta pages are not of two transactions in a row";
}

/* What it finds holds only if nobody wrote meanwhile. */
static void check_metas(struct walk *w, struct meta_page m[META_PAGES])
{
    struct meta_page after[META_PAGES];
    const char *wrong;
    do {
        read_metas(w, m);
        wrong = metas_wrong(w, m);
        read_metas(w, after);
    } while (memcmp(m, after, sizeof after) != 0);
    if (wrong)
        pages_say(w, "%s", wrong);
}

static bool all_accounted_for(const struct walk *w)
{
    for (uint64_t page = META_PAGES; page <= w->meta.last; page++)
        if (!(w->used[page / 8] >> page % 8 & 1))
            return false;
    return true;
}

static uint64_t last_used(const struct walk *w)
{
    uint64_t last = w->meta.last;
    while (last >= META_PAGES && !(w->used[last / 8] >> last % 8 & 1))
        last--;
    return last;
}

/* `last`: which page is the last to be used or free is not known, but to be found out; else NULL. */
static void walk_trees(struct walk *w, uint64_t *last)
{
    struct tree free_pages = {.kind = TREE_FREE, .name = "free pages", .says = w->meta.free};
    struct tree buckets = {.kind = TREE_MAIN, .name = "buckets", .says = w->meta.main};
    w->used = calloc(1, w->meta.last / 8 + 1);
    assert(w->used);
    pages_tree(w, &buckets);
    pages_tree(w, &free_pages);
    if (free_pages.newest_txnid > w->meta.txnid)
        pages_say(w, "there are pages free since a transaction that has not been");
    if (last)
        *last = last_used(w);
    else if (!w->said && !all_accounted_for(w))
        pages_say(w, "there are pages that are neither used nor free");
    free(w->used);
}

static bool walk_snapshot(struct walk *w, uint64_t txnid)
{
    struct meta_page m[META_PAGES];
    check_metas(w, m);
    for (unsigned i = 0; i < META_PAGES; i++)
        if (m[i].meta.txnid == txnid) {
            w->meta = m[i].meta;
            if (meta_is_sound(&m[i], i))
                walk_trees(w, NULL);
            return true;
        }
    return w->said > 0;
}

bool pages_can_be_opened(const char *path)
{
    struct meta_page m;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool sound = true;
    if (fd < 0)
        return true;
    for (unsigned i = 0; sound && i < META_PAGES; i++) {
        ssize_t n = pread(fd, &m, sizeof m, (off_t)i * PAGE);
        sound = (n == 0 && i == 0) || (n == sizeof m && meta_is_sound(&m, i));
        if (n == 0)
            break;
    }
    (void)close(fd); /* only read */
    return sound;
}

static void nothing_said(void *arg, const char *what)
{
}

static void nothing_done(void *arg, const char *bucket, struct bytes key, struct bytes stored)
{
}

static bool write_meta(int fd, unsigned page, const struct meta *m)
{
    off_t at = (off_t)page * PAGE + PAGE_HEAD;
    return pwrite(fd, m, sizeof *m, at) == sizeof *m && fdatasync(fd) == 0;
}

static int complete(int fd, struct walk *w)
{
    struct meta_page m[META_PAGES];
    read_metas(w, m);
    int page = cut_off(w, m);
    if (page < 0)
        return 0;
    w->meta = m[page].meta;
    w->meta.txnid = m[!page].meta.txnid + 1;
    w->meta.last = w->file_pages - 1;
    uint64_t last = 0;
    walk_trees(w, &last);
    w->meta.last = last;
    if (w->said)
        return 0; /* what is wrong is said by whoever looks next */
    return write_meta(fd, (unsigned)page, &w->meta) ? 1 : -1;
}

int pages_complete(const char *path)
{
    const struct pages_see see = {.wrong = nothing_said, .entry = nothing_done};
    struct walk w = {.see = &see};
    struct stat st;
    int fd = open(path, O_RDWR | O_CLOEXEC), done = 0;
    if (fd < 0)
        return errno == ENOENT ? 0 : -1;
    if (fstat(fd, &st) == 0 && st.st_size >= META_PAGES * PAGE) {
        void *map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
        w.map = map;
        w.file_pages = (uint64_t)st.st_size / PAGE;
        done = map == MAP_FAILED ? -1 : complete(fd, &w);
        if (map != MAP_FAILED)
            (void)munmap(map, (size_t)st.st_size); /* nothing to do about it */
    }
    (void)close(fd); /* what was written is synced */
    return done;
}

bool pages_walk(int fd, uint64_t txnid, const struct pages_see *see)
{
    struct stat st;
    struct walk w = {.see = see};
    if (fstat(fd, &st) != 0 || st.st_size < META_PAGES * PAGE) {
        pages_say(&w, "the file is too short");
        return true;
    }
    void *map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED) {
        pages_say(&w, "the file cannot be read: %s", strerror(errno));
        return true;
    }
    w.map = map;
    w.file_pages = (uint64_t)st.st_size / PAGE;
    bool there = walk_snapshot(&w, txnid);
    (void)munmap(map, (size_t)st.st_size); /* nothing to do about it */
    return there;
}

bool pages_metas(int fd, uint64_t txnid, uint8_t out[PAGES_METAS_BYTES], uint64_t *pages)
{
    struct meta_page m[META_PAGES];
    const struct meta_page *newest = &m[txnid % META_PAGES], *before = &m[(txnid + 1) % META_PAGES];
    void *map = mmap(NULL, META_PAGES * PAGE, PROT_READ, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED)
        return false;
    read_metas(&(struct walk){.map = map}, m);
    (void)munmap(map, META_PAGES * PAGE); /* nothing to do about it */
    memset(out, 0, PAGES_METAS_BYTES);
    for (unsigned i = 0; i < META_PAGES; i++)
        memcpy(out + i * PAGE, &m[i], sizeof m[i]);
    *pages = newest->meta.last + 1;
    return newest->meta.txnid == txnid && before->meta.txnid + 1 == txnid;
}
