/* A time and its keyed hash. The key lives as long as the gateway: an older stamp says nothing. */
#include "form_stamp.h"

#include <assert.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"

static_assert(sizeof((struct gateway *)0)->form_key == crypto_shorthash_KEYBYTES,
              "the key has the size that it needs");

static void stamp_of(const struct gateway *g, uint64_t ms, char out[FORM_STAMP_SIZE])
{
    uint8_t time[8], hash[crypto_shorthash_BYTES];
    char hex[2 * crypto_shorthash_BYTES + 1];
    put_be64(time, ms);
    (void)crypto_shorthash(hash, time, sizeof time, g->form_key); /* always 0 */
    hex_encode(hex, hash, sizeof hash);
    (void)snprintf(out, FORM_STAMP_SIZE, "%" PRIu64 "-%s", ms, hex); /* fits */
}

static uint64_t now_ms(void)
{
    return (uint64_t)gateway_now_us() / 1000;
}

void form_stamp_write(const struct gateway *g, char out[FORM_STAMP_SIZE])
{
    stamp_of(g, now_ms(), out);
}

bool form_stamp_read(const struct gateway *g, const char *stamp, uint32_t *ms)
{
    char right[FORM_STAMP_SIZE];
    uint64_t then = strtoull(stamp, NULL, 10), now = now_ms();
    stamp_of(g, then, right);
    if (strlen(stamp) != strlen(right) || sodium_memcmp(stamp, right, strlen(right)) != 0)
        return false;
    *ms = now - then < UINT32_MAX ? (uint32_t)(now - then) : UINT32_MAX;
    return true;
}
