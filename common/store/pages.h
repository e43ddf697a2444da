/* Walks one snapshot of LMDB's file page by page, by the format itself: what a flipped bit does to the
   structure no checksum of a value can find.

   The format is that of LMDB 0.9 (`MDB_page`, `MDB_meta`, `MDB_db`, `MDB_node` in its mdb.c) on a
   little-endian machine with 64 bits:

   page   4,096 bytes: number(8) pad(2) flags(2) lower(2) upper(2), node offsets(2 each) up to `lower`, nodes
   from `upper` on node   low(2) high(2) flags(2) key size(2) key data, padded to an even size; in a branch
   low, high and flags are the child's page number, in a leaf low and high are the size of the data DB pad(4)
   flags(2) depth(2), branch pages, leaf pages, overflow pages, entries, root page(8 each) meta   pages 0 and
   1, written in turn: behind the page's head magic(4) version(4) address(8) mapsize(8) free DB(48) main
   DB(48) last page(8) transaction(8)

   Data too large for a page stands in a run of overflow pages, whose first page's head has the length of the
   run in place of lower and upper. The free DB has transaction(8) -> count(8) page(8)... that are free since
   then. The main DB has a DB for each name.

   Said are: a page that is not what its place says, or stands in two places, or in none; offsets and sizes
   that do not fill a page exactly; keys out of order, within a page or against the pages above; counts of a
   DB that are not what there is; free pages that are in use; meta pages that are not of two transactions in a
   row. Bytes that nothing reads (gaps, padding, free pages, the rest of an overflow run) are not looked at.
 */
#ifndef BATON_STORE_PAGES_H
#define BATON_STORE_PAGES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

/* What every store says of its map: room for the file to grow. Never changed, or old stores count as damaged.
 */
#define PAGES_MAP_BYTES (64ull << 30)

/* LMDB takes some of its meta pages' words for true when it opens a file, and would divide by a page size of
   0. What is not there, is empty or cannot be read is left to it. */
bool pages_can_be_opened(const char *path);

/* A commit ends with its meta page. If that write fails, LMDB puts the old number back over what it has
   written (mdb_env_write_meta), and a number that lost a bit leaves the same: a page that holds the
   transaction after the newest and says that it is of the one before. All its other pages were on disk by
   then, so it is completed: numbered as what it is. Only with nobody else at the file, before LMDB opens it.
   1: done; 0: there was none; -1: failed, errno says why. */
int pages_complete(const char *path);

struct pages_see {
    void *arg;
    void (*wrong)(void *arg, const char *what);
    /* Each entry of a named DB. */
    void (*entry)(void *arg, const char *bucket, struct bytes key, struct bytes stored);
};

/* The snapshot of transaction `txnid`, which the caller keeps from being written over by an open read
   transaction. Reads the file alone, beside a writer if there is one. False: the snapshot's meta page is not
   there any more, because a writer went on twice in between; nothing was said, begin again. */
bool pages_walk(int fd, uint64_t txnid, const struct pages_see *see);

/* Both meta pages as a copy of that snapshot begins with them, and how many pages there are of it, these two
   counted; the caller keeps it likewise. False: a writer has gone on since, begin again; or the file cannot
   be read. */
enum { PAGES_SIZE = 4096, PAGES_METAS_BYTES = 2 * PAGES_SIZE };
bool pages_metas(int fd, uint64_t txnid, uint8_t out[PAGES_METAS_BYTES], uint64_t *pages);

/* Where LMDB's map of the file begins, by what it gave of a page in it that is sound. */
const uint8_t *pages_map_of(const void *inside);

/* The pages that LMDB goes through to where `key` is or would be, down from the root: each is what its place
   says, its nodes fill it, and its first and last key are within what the page above says. `map`: of the
   file, `last`: its last page; `record`: what the main DB has of the tree (`MDB_db`); `leaf`: the last of the
   pages, NULL: there are none. */
bool pages_path_is_sound(const uint8_t *map, uint64_t last, struct bytes record, struct bytes key,
                         const uint8_t **leaf);

#endif
