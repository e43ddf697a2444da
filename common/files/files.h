/* Files that are named by what is in them, and the uploads that become one.

   DIR/ab/cd/HASH   a file: its name is the BLAKE2b-256 of its bytes. Never written again once it is there.
   DIR/uploads/ID       an upload under way.
   DIR/made/HASH        what was made of a file and can be made again: in no backup, and no row needs it.

   An upload is written piece by piece, hashed on the way, synced, and then linked under its hash. Its own
   name goes only when what it became is committed (files_drop), so that uploads says after a crash what was
   under way, and nothing is in DIR that neither a committed row nor uploads knows of (files_sweep).

   Functions that touch the disk for longer say so; they may run in any thread, and several at once. No name
   comes from a user: ids and hashes are ours. */
#ifndef BATON_FILES_FILES_H
#define BATON_FILES_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/hash.h"
#include "base/ident.h"

enum {
    FILES_SAFE_STEP = 8 << 20, /* so much of an upload is written between two syncs */
    FILES_OPEN_MAX = 512,      /* uploads that are written to at the same time */
};

struct files;

/* Who looks at every change of the disk before it is made and may make it fail: the simulator. */
enum files_call { FILES_WRITE, FILES_SYNC, FILES_LINK, FILES_UNLINK };
struct files_probe {
    int (*call)(void *arg, enum files_call call); /* 0: go on; else the error it fails with */
    void *arg;
};

/* Makes the folder if it is not there. NULL: logged. */
struct files *files_open(const char *dir, const struct files_probe *probe);
/* Nobody is in one of its functions any more. NULL is fine. */
void files_close(struct files *f);

/* Free bytes of the disk for somebody without privileges. */
uint64_t files_room(const struct files *f);

/* --- uploads --- */

enum files_end {
    FILES_WRITTEN,   /* there is more to come */
    FILES_COMPLETE,  /* all of it is there and synced; `hash` says what it is */
    FILES_BUSY,      /* another piece of it is being written */
    FILES_CROWDED,   /* too many uploads are being written */
    FILES_ELSEWHERE, /* the piece is not the next one: `offset` is where it goes on */
    FILES_FULL,      /* the disk is; nothing of the piece counts */
    FILES_FAILED,    /* the disk fails; logged */
};

struct files_piece {
    char id[IDENT_TEXT_SIZE];
    uint64_t size;   /* of the whole */
    uint64_t safe;   /* so much is on the disk for good, as it was last remembered */
    uint64_t offset; /* of this piece */
    struct bytes data;
};

struct files_written {
    enum files_end end;
    uint64_t offset; /* where it goes on */
    uint64_t safe;   /* so much survives a crash of the machine */
    char hash[HASH_TEXT_SIZE];
};

/* Slow. The first piece after a start goes on at `safe`, apart from the file that the upload was linked as. A
 * piece behind the end of a complete one, empty, tells its hash again. */
void files_write(struct files *f, const struct files_piece *p, struct files_written *w);
/* Slow. How an upload begins; returns how much of `size` there is, -1: logged. */
ssize_t files_head(const struct files *f, const char *id, void *out, size_t size);
/* Slow. Puts a complete upload under its hash, for good. COMPLETE, or what is against it. */
enum files_end files_keep(struct files *f, const char *id, const char *hash, uint64_t size);
/* Where an upload goes on. */
uint64_t files_offset(struct files *f, const char *id, uint64_t safe);
/* Forgets an upload: it is committed as what it became (`is_kept`), or it never will be. */
void files_drop(struct files *f, const char *id, bool is_kept);

/* Before anything else is done: what was under way when the process ended. `is_upload` and `is_file` say what
 * rows know. */
struct files_known {
    bool (*is_upload)(void *arg, const char *id);
    bool (*is_file)(void *arg, const char *hash);
    void *arg;
};
void files_sweep(struct files *f, const struct files_known *known);

/* --- files --- */

/* Whether it is a hash as files are named by. */
bool files_is_hash(const char *text);
/* Slow. Returns how many bytes there are at `offset`, at most `size`; -1: it cannot be read, logged. */
ssize_t files_read(const struct files *f, const char *hash, uint64_t offset, void *out, size_t size);
/* Open for reading; -1: it cannot be read, logged. */
int files_descriptor(const struct files *f, const char *hash);

/* --- files that can be made again: DIR/made/HASH --- */

enum { FILES_MADE_MAX = 512 << 20 }; /* bytes of all of them; then the oldest go */
/* Slow. Under the hash of these bytes, until room is wanted. COMPLETE, FULL or FAILED (logged). */
enum files_end files_made_keep(struct files *f, struct bytes data, char hash[HASH_TEXT_SIZE]);
/* Slow. As files_read; -1: it is there no more. */
ssize_t files_made_read(const struct files *f, const char *hash, uint64_t offset, void *out, size_t size);
bool files_made_is(const struct files *f, const char *hash);

/* DIR-relative: "ab/cd/HASH". */
enum { FILES_PATH_SIZE = HASH_TEXT_SIZE + 6 };
void files_path(char out[FILES_PATH_SIZE], const char *hash);

#endif
