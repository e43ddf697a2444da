/* CRC32C with the processor's help where it has any, and BLAKE2b-256 from libsodium. */
#include "base/hash.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
#include <nmmintrin.h>

__attribute__((target("sse4.2"))) static uint32_t crc32c_sse42(uint32_t crc, const void *data, size_t size)
{
    const uint8_t *p = data;
    uint64_t state = (uint32_t)~crc;
    for (; size >= 8; p += 8, size -= 8) {
        uint64_t word;
        memcpy(&word, p, 8);
        state = _mm_crc32_u64(state, word);
    }
    for (; size; p++, size--)
        state = _mm_crc32_u8((uint32_t)state, *p);
    return ~(uint32_t)state;
}
#endif

uint32_t crc32c(uint32_t crc, const void *data, size_t size)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("sse4.2"))
        return crc32c_sse42(crc, data, size);
#endif
    return crc32c_portable(crc, data, size);
}

uint32_t crc32c_portable(uint32_t crc, const void *data, size_t size)
{
    /* The remainder of each half byte by the reflected polynomial 0x82f63b78. */
    static const uint32_t table[16] = {
        0x00000000, 0x105ec76f, 0x20bd8ede, 0x30e349b1, 0x417b1dbc, 0x5125dad3, 0x61c69362, 0x7198540d,
        0x82f63b78, 0x92a8fc17, 0xa24bb5a6, 0xb21572c9, 0xc38d26c4, 0xd3d3e1ab, 0xe330a81a, 0xf36e6f75,
    };
    const uint8_t *p = data;
    crc = ~crc;
    for (; size; p++, size--) {
        crc ^= *p;
        crc = crc >> 4 ^ table[crc & 15];
        crc = crc >> 4 ^ table[crc & 15];
    }
    return ~crc;
}

void hash2(uint8_t out[HASH_SIZE], struct bytes a, struct bytes b)
{
    crypto_generichash_state state;
    /* None of these can fail with these fixed sizes. */
    (void)crypto_generichash_init(&state, NULL, 0, HASH_SIZE);
    (void)crypto_generichash_update(&state, a.data, a.size);
    (void)crypto_generichash_update(&state, b.data, b.size);
    (void)crypto_generichash_final(&state, out, HASH_SIZE);
}

struct hash_stream {
    crypto_generichash_state state;
};

struct hash_stream *hash_new(void)
{
    struct hash_stream *h = aligned_alloc(_Alignof(struct hash_stream), sizeof *h);
    assert(h);
    (void)crypto_generichash_init(&h->state, NULL, 0, HASH_SIZE); /* as above */
    return h;
}

void hash_add(struct hash_stream *h, struct bytes piece)
{
    (void)crypto_generichash_update(&h->state, piece.data, piece.size); /* as above */
}

void hash_end(struct hash_stream *h, uint8_t out[HASH_SIZE])
{
    (void)crypto_generichash_final(&h->state, out, HASH_SIZE); /* as above */
    free(h);
}

void hash_text(char out[HASH_TEXT_SIZE], const char *text)
{
    uint8_t hash[HASH_SIZE];
    hash2(hash, bytes_text(text), bytes_of(NULL, 0));
    hex_encode(out, hash, HASH_SIZE);
}
