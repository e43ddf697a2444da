/* Files that a service keeps: each is what its name says, all that rows know are there, and nothing else is.
 */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "baton/v1/documents.pb-c.h"
#include "files/files.h"
#include "store/table.h"
#include "tool/verify.h"

enum { PIECE = 1 << 20, FOLDERS_OPEN = 16 };
static const char ROWS[] = "stored_file";

/* nftw takes no argument along; a process looks at one part. */
static struct verify *looking;

static bool hash_file(int fd, char out[HASH_TEXT_SIZE], uint64_t *size)
{
    uint8_t hash[HASH_SIZE], *piece = malloc(PIECE);
    struct hash_stream *h = hash_new();
    ssize_t n = -1;
    *size = 0;
    while (piece != NULL && (n = read(fd, piece, PIECE)) > 0) {
        hash_add(h, bytes_of(piece, (size_t)n));
        *size += (uint64_t)n;
    }
    hash_end(h, hash);
    hex_encode(out, hash, sizeof hash);
    free(piece);
    return n == 0;
}

static void look_at_file(struct verify *v, const Baton__StoredFile *row)
{
    char path[VERIFY_PATH_SIZE], name[FILES_PATH_SIZE], is[HASH_TEXT_SIZE];
    uint64_t size;
    if (!files_is_hash(row->hash)) {
        verify_found(v->result, "a file is known by what is no hash");
        return;
    }
    files_path(name, row->hash);
    (void)snprintf(path, sizeof path, "%s/%s/files/%s", v->data_dir, v->def->name, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        verify_found(v->result, "file %s is missing: %s", row->hash, strerror(errno));
    else if (!hash_file(fd, is, &size))
        verify_found(v->result, "file %s cannot be read: %s", row->hash, strerror(errno));
    else if (strcmp(is, row->hash) != 0 || size != row->size)
        verify_found(v->result, "file %s is not what its name says", row->hash);
    if (fd >= 0)
        (void)close(fd); /* only read */
    (void)__atomic_fetch_add(&v->result->files, 1, __ATOMIC_RELAXED);
}

/* Rows as they are now: while a service runs there may be newer ones than those we look at. */
static bool is_known(struct verify *v, const char *hash)
{
    struct txn *t = store_begin(v->store, false);
    struct key key = key_of(hash);
    int table = table_number(v->store, ROWS);
    bool known = t != NULL && table >= 0 && table_seq(t, (unsigned)table, &key) != 0;
    if (t != NULL)
        store_abort(t);
    return known;
}

/* One with a second name is an upload that is just becoming a file, or a crash left it for the next start. */
static int look_at_name(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    const char *name = path + at->base;
    if (kind == FTW_F && at->level == 3 && st->st_nlink == 1 && !is_known(looking, name))
        verify_found(looking->result, "file %s is known to nobody", name);
    return 0;
}

void verify_files(struct verify *v)
{
    char path[VERIFY_PATH_SIZE];
    struct table_scan scan;
    const Baton__StoredFile *row;
    int table = table_number(v->store, ROWS);
    if (!v->def->keeps_files || table < 0)
        return;
    if (table_scan_open(&scan, v->txn, (unsigned)table, NULL, NULL, NULL, false)) {
        for (; (row = table_scan_next(&scan, v->arena)) != NULL; arena_reset(v->arena))
            look_at_file(v, row);
        table_scan_close(&scan);
    }
    store_abort(v->txn);
    v->txn = NULL;
    looking = v;
    (void)snprintf(path, sizeof path, "%s/%s/files", v->data_dir, v->def->name);
    if (nftw(path, look_at_name, FOLDERS_OPEN, FTW_PHYS) != 0 && errno != ENOENT)
        verify_found(v->result, "%s cannot be read: %s", path, strerror(errno));
}
