/* Runs of bytes: a view (`bytes`), a growing buffer, big-endian numbers and hexadecimal. */
#ifndef BATON_BASE_BYTES_H
#define BATON_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Somebody else's memory. */
struct bytes {
    const uint8_t *data;
    size_t size;
};

struct bytes bytes_of(const void *data, size_t size);
struct bytes bytes_text(const char *s); /* without the NUL; NULL gives none */
bool bytes_equal(struct bytes a, struct bytes b);
int bytes_compare(struct bytes a, struct bytes b); /* as memcmp, a shorter prefix first */

/* Own memory that grows up to `limit`. All zero but the limit is a valid empty buffer. */
struct buffer {
    uint8_t *data;
    size_t size, capacity, limit;
    bool overflow; /* something did not fit; sticky, and what did not fit is missing */
};

void buffer_init(struct buffer *b, size_t limit);
void buffer_release(struct buffer *b);
void buffer_clear(struct buffer *b); /* keeps the memory, clears overflow */
bool buffer_add(struct buffer *b, const void *data, size_t size);
bool buffer_text(struct buffer *b, const char *s);
bool buffer_char(struct buffer *b, char c);
bool buffer_printf(struct buffer *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Room for `size` more bytes, written by the caller who then adds to b->size. NULL if over the limit. */
uint8_t *buffer_room(struct buffer *b, size_t size);
/* NUL-terminates (the NUL is not counted) and returns the text; "" where even that does not fit. */
const char *buffer_cstr(struct buffer *b);
struct bytes buffer_bytes(const struct buffer *b);

void put_be16(uint8_t *p, uint16_t v);
void put_be32(uint8_t *p, uint32_t v);
void put_be64(uint8_t *p, uint64_t v);
uint16_t get_be16(const uint8_t *p);
uint32_t get_be32(const uint8_t *p);
uint64_t get_be64(const uint8_t *p);

/* Lower case; `out` has room for 2 * n + 1. */
void hex_encode(char *out, const uint8_t *data, size_t n);
/* Exactly 2 * n digits of either case, else false. */
bool hex_decode(uint8_t *out, size_t n, const char *hex);

#endif
