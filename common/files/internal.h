/* What files.c and upload.c share. */
#ifndef BATON_FILES_INTERNAL_H
#define BATON_FILES_INTERNAL_H

#include <pthread.h>

#include "files/files.h"

/* Fields but for `claimed`, `seen`, `used` and the last two belong to whoever claimed it. */
struct upload {
    char id[IDENT_TEXT_SIZE]; /* "": a free place */
    bool claimed;
    int fd; /* -1: not opened yet */
    uint64_t offset, safe;
    struct hash_stream *hash;       /* of what is before `offset`; NULL once it is complete */
    char hash_text[HASH_TEXT_SIZE]; /* "" until it is complete */
    uint64_t seen;                  /* `offset`, for those who only ask */
    uint64_t used;
    bool is_dropped, is_kept;
};

struct files {
    int fd, under_way; /* the folders */
    struct files_probe probe;
    pthread_mutex_t lock;
    pthread_mutex_t made_lock; /* of who writes what can be made again */
    uint64_t used;
    struct upload uploads[FILES_OPEN_MAX];
};

/* 0: go on; else errno is set. */
int files_ask(const struct files *f, enum files_call call);
int files_sync_fd(const struct files *f, int fd);
/* All of `data` at `offset`; errno says what is against it. */
bool files_write_all(const struct files *f, int fd, uint64_t offset, struct bytes data);
/* Hashes the first `size` bytes. False: fewer, or it cannot be read; errno 0 or set. */
bool files_hash(int fd, uint64_t size, struct hash_stream *hash);
void files_close_upload(struct upload *u);
/* The upload's own name goes; with is_kept false not if it is linked already: files_sweep looks at that one.
 */
void files_unlink_upload(const struct files *f, const char *id, bool is_kept);

#endif
