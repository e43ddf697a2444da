/* Keys whose byte order is the order of what they hold.

   u64   8 bytes big-endian                      5                -> 00 00 00 00 00 00 00 05
   i64   the same with the sign bit turned       -1               -> 7f ff ff ff ff ff ff ff
   text  01 + 16 bytes, if it is a UUID          0191...          -> 01 01 91 ...
         02 + the bytes + 00, otherwise          "ab"             -> 02 61 62 00
         02 + the first 150 bytes + 01 + BLAKE2b-256, if longer than 200 or if the next byte is 01 */
#ifndef BATON_STORE_KEY_H
#define BATON_STORE_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

enum { KEY_MAX = 500 };

struct key {
    uint8_t data[KEY_MAX];
    size_t size;
};

void key_init(struct key *k);
void key_u64(struct key *k, uint64_t v);
void key_i64(struct key *k, int64_t v);
void key_text(struct key *k, const char *s); /* NULL counts as "" */
void key_raw(struct key *k, struct bytes b); /* at the end only */
struct bytes key_bytes(const struct key *k);

/* The key with a single text part. */
struct key key_of(const char *text);

/* Reading back, part by part; each returns false if what is there is not that. */
bool key_read_u64(struct bytes *rest, uint64_t *v);
bool key_read_i64(struct bytes *rest, int64_t *v);
/* `out` has room for KEY_MAX. Long texts cannot be read back: false. */
bool key_read_text(struct bytes *rest, char *out);

#endif
