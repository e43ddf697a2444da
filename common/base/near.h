/* Where records that may be alike are found: an index in memory from hashes of what is compared to ids, made
   from the rows at the start, then kept in step. It is no truth: what it finds is looked at. */
#ifndef BATON_BASE_NEAR_H
#define BATON_BASE_NEAR_H

#include <stddef.h>
#include <stdint.h>

#include "base/ident.h"

enum {
    NEAR_KEYS_MAX = 24,  /* under which one record is found */
    NEAR_PER_KEY = 8,    /* of each key the newest are kept */
    NEAR_FOUND_MAX = 20, /* that one is compared with */
};

/* Under what to look: first what is somebody's own, as addresses and numbers, then what many can share. */
struct near_keys {
    uint32_t of[NEAR_KEYS_MAX];
    size_t n, n_own;
};
/* A hash over the kind and both parts. */
uint32_t near_hash(char kind, const char *a, const char *b);
/* The same as one more key; none where a part is NULL. */
void near_key(struct near_keys *keys, char kind, const char *a, const char *b);

struct near_index;
/* Takes memory as it fills, some 8 to 16 bytes a key and 16 an id. Of more than 4 million ids the oldest are
   forgotten. */
struct near_index *near_index_new(void);
void near_index_free(struct near_index *x); /* NULL is fine */
/* `id` is copied. */
void near_index_add(struct near_index *x, const char *id, const struct near_keys *k);
/* Ids found under the keys, each once; of one key the newest first. What so many share that it says nothing
   (NEAR_PER_KEY, beyond n_own) is passed over. Returns how many. */
size_t near_index_find(const struct near_index *x, const struct near_keys *k,
                       char ids[NEAR_FOUND_MAX][IDENT_TEXT_SIZE]);

#endif
