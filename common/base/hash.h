/* Checksums and hashes: CRC32C (RFC 3720, B.4) finds accidents, BLAKE2b-256 (RFC 7693) chains and hides. */
#ifndef BATON_BASE_HASH_H
#define BATON_BASE_HASH_H

#include "base/bytes.h"

enum { HASH_SIZE = 32, HASH_TEXT_SIZE = 65 };

/* Continues from `crc`, which is 0 at the start. */
uint32_t crc32c(uint32_t crc, const void *data, size_t size);
/* The same for any processor, slower; crc32c chooses it where it must. */
uint32_t crc32c_portable(uint32_t crc, const void *data, size_t size);

/* out = BLAKE2b-256 of a followed by b; either may be empty. */
void hash2(uint8_t out[HASH_SIZE], struct bytes a, struct bytes b);

/* The same over any number of pieces. hash_end frees. */
struct hash_stream;
struct hash_stream *hash_new(void);
void hash_add(struct hash_stream *h, struct bytes piece);
void hash_end(struct hash_stream *h, uint8_t out[HASH_SIZE]);

/* Hexadecimal BLAKE2b-256 of a secret text, as credentials are stored and looked up. */
void hash_text(char out[HASH_TEXT_SIZE], const char *text);

#endif
