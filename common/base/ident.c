/* UUID version 7: 48 bits of milliseconds, then 74 bits that start at random and count up. */
#include "base/ident.h"

#include <assert.h>
#include <string.h>

#include "base/bytes.h"

static const uint64_t LOW_MAX = (UINT64_C(1) << 62) - 1;
static const uint16_t HIGH_MAX = (1 << 12) - 1;
static const int64_t MS_MAX = (INT64_C(1) << 48) - 1;

static bool is_dash(size_t position)
{
    return position == 8 || position == 13 || position == 18 || position == 23;
}

static bool dash_before(size_t byte)
{
    return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

/* -1: not one. */
static int lower_hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

void ident_source_advance(struct ident_source *s, int64_t now_us, const uint8_t random[10])
{
    int64_t now_ms = now_us / 1000;
    /* A source that never had random bits takes them even at time 0, where simulations begin. */
    bool fresh = s->last_ms == 0 && s->high == 0 && s->low == 0;
    if (now_ms <= s->last_ms && !fresh)
        return;
    if (now_ms > s->last_ms)
        s->last_ms = now_ms;
    s->high = get_be16(random) & HIGH_MAX;
    s->low = get_be64(random + 2) & LOW_MAX;
}

void ident_next(struct ident_source *s, uint8_t out[IDENT_SIZE])
{
    if (s->low < LOW_MAX) {
        s->low++;
    } else {
        s->low = 0;
        s->last_ms += s->high == HIGH_MAX;
        s->high = (s->high + 1) & HIGH_MAX;
    }
    assert(s->last_ms >= 0 && s->last_ms <= MS_MAX);
    put_be64(out, (uint64_t)s->last_ms << 16 | 0x7000 | s->high);
    put_be64(out + 8, UINT64_C(1) << 63 | s->low);
}

void ident_next_text(struct ident_source *s, char out[IDENT_TEXT_SIZE])
{
    uint8_t id[IDENT_SIZE];
    ident_next(s, id);
    ident_format(out, id);
}

void ident_format(char out[IDENT_TEXT_SIZE], const uint8_t id[IDENT_SIZE])
{
    char hex[2 * IDENT_SIZE + 1];
    const char *from = hex;
    hex_encode(hex, id, IDENT_SIZE);
    for (size_t i = 0; i < IDENT_TEXT_SIZE - 1; i++)
        out[i] = is_dash(i) ? '-' : *from++;
    out[IDENT_TEXT_SIZE - 1] = 0;
}

bool ident_parse(uint8_t out[IDENT_SIZE], const char *text)
{
    for (size_t i = 0; i < IDENT_SIZE; i++) {
        if (dash_before(i) && *text++ != '-')
            return false;
        int high = lower_hex(text[0]);
        int low = high < 0 ? -1 : lower_hex(text[1]);
        if (low < 0)
            return false;
        out[i] = (uint8_t)(high << 4 | low);
        text += 2;
    }
    return *text == '\0';
}
