/* Runs of bytes: views, growing buffers, big-endian numbers and hexadecimal. */
#include "base/bytes.h"

#include <endian.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

enum { FIRST_CAPACITY = 64 };

/* One byte more than the capacity, so that a NUL always has its place. */
static bool grow(struct buffer *b, size_t needed)
{
    size_t capacity = b->capacity ? b->capacity : FIRST_CAPACITY;
    while (capacity < needed && capacity <= b->limit / 2)
        capacity *= 2;
    if (capacity < needed || capacity > b->limit)
        capacity = b->limit;
    uint8_t *data = capacity == SIZE_MAX ? NULL : realloc(b->data, capacity + 1);
    if (!data) {
        log_failure("bytes", "no memory for a buffer of %zu bytes", capacity);
        return false;
    }
    b->data = data;
    b->capacity = capacity;
    return true;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

struct bytes bytes_of(const void *data, size_t size)
{
    return (struct bytes){data, size};
}

struct bytes bytes_text(const char *s)
{
    return s ? bytes_of(s, strlen(s)) : bytes_of(NULL, 0);
}

bool bytes_equal(struct bytes a, struct bytes b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

int bytes_compare(struct bytes a, struct bytes b)
{
    size_t common = a.size < b.size ? a.size : b.size;
    int order = common ? memcmp(a.data, b.data, common) : 0;
    return order ? order : (a.size > b.size) - (a.size < b.size);
}

void buffer_init(struct buffer *b, size_t limit)
{
    *b = (struct buffer){.limit = limit};
}

void buffer_release(struct buffer *b)
{
    free(b->data);
    buffer_init(b, b->limit);
}

void buffer_clear(struct buffer *b)
{
    b->size = 0;
    b->overflow = false;
}

bool buffer_add(struct buffer *b, const void *data, size_t size)
{
    uint8_t *p = buffer_room(b, size);
    if (!p)
        return false;
    if (size)
        memcpy(p, data, size);
    b->size += size;
    return true;
}

bool buffer_text(struct buffer *b, const char *s)
{
    return buffer_add(b, s, strlen(s));
}

bool buffer_char(struct buffer *b, char c)
{
    return buffer_add(b, &c, 1);
}

bool buffer_printf(struct buffer *b, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    uint8_t *p = n < 0 ? NULL : buffer_room(b, (size_t)n);
    if (p) {
        vsnprintf((char *)p, (size_t)n + 1, format, again);
        b->size += (size_t)n;
    } else {
        b->overflow = true;
    }
    va_end(again);
    return p;
}

uint8_t *buffer_room(struct buffer *b, size_t size)
{
    bool fits = size <= b->limit - b->size;
    if (fits && (!b->data || size > b->capacity - b->size))
        fits = grow(b, b->size + size);
    if (!fits) {
        b->overflow = true;
        return NULL;
    }
    return b->data + b->size;
}

const char *buffer_cstr(struct buffer *b)
{
    uint8_t *end = buffer_room(b, 0);
    if (!end)
        return "";
    *end = 0;
    return (const char *)b->data;
}

struct bytes buffer_bytes(const struct buffer *b)
{
    return bytes_of(b->data, b->size);
}

void put_be16(uint8_t *p, uint16_t v)
{
    v = htobe16(v);
    memcpy(p, &v, sizeof(v));
}

void put_be32(uint8_t *p, uint32_t v)
{
    v = htobe32(v);
    memcpy(p, &v, sizeof(v));
}

void put_be64(uint8_t *p, uint64_t v)
{
    v = htobe64(v);
    memcpy(p, &v, sizeof(v));
}

uint16_t get_be16(const uint8_t *p)
{
    uint16_t v;
    memcpy(&v, p, sizeof(v));
    return be16toh(v);
}

uint32_t get_be32(const uint8_t *p)
{
    uint32_t v;
    memcpy(&v, p, sizeof(v));
    return be32toh(v);
}

uint64_t get_be64(const uint8_t *p)
{
    uint64_t v;
    memcpy(&v, p, sizeof(v));
    return be64toh(v);
}

void hex_encode(char *out, const uint8_t *data, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < n; i++) {
        *out++ = digits[data[i] >> 4];
        *out++ = digits[data[i] & 15];
    }
    *out = 0;
}

bool hex_decode(uint8_t *out, size_t n, const char *hex)
{
    for (size_t i = 0; i < n; i++) {
        int high = hex_value(hex[2 * i]);
        int low = high < 0 ? -1 : hex_value(hex[2 * i + 1]);
        if (low < 0)
            return false;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return hex[2 * n] == 0;
}
