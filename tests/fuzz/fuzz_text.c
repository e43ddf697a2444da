/* Texts that are read character by character: times, ids, hexadecimal, UTF-8 and what is done with it. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/ident.h"
#include "base/rfc3339.h"
#include "base/text.h"
#include "base/worktime.h"
#include "fuzz/fuzz.h"

enum { MEMORY = 16 << 20 };

/* The same time of day without its offset is the offset away. */
static void check_offset(const char *text, int64_t seconds)
{
    char local[64];
    int64_t without;
    int32_t nanos;
    int hours, minutes;
    size_t n = strlen(text);
    const char *offset = n > 6 ? text + n - 6 : "";
    if (n >= sizeof local || sscanf(offset, "%3d:%2d", &hours, &minutes) != 2)
        return;
    snprintf(local, sizeof local, "%.*sZ", (int)(n - 6), text);
    if (rfc3339_parse(local, &without, &nanos))
        assert(without - seconds == hours * 3600 + (*offset == '-' ? -minutes : minutes) * 60);
}

static void check_time(const char *text)
{
    char once[RFC3339_SIZE], twice[RFC3339_SIZE];
    int64_t seconds, seconds_again;
    int32_t nanos, nanos_again;
    (void)rfc3339_is_date(text); /* either is right */
    if (!rfc3339_parse(text, &seconds, &nanos))
        return;
    check_offset(text, seconds);
    bool is_written = rfc3339_format(once, seconds, nanos);
    bool is_read = is_written && rfc3339_parse(once, &seconds_again, &nanos_again);
    assert(is_read && seconds_again == seconds && nanos_again == nanos);
    is_written = rfc3339_format(twice, seconds_again, nanos_again);
    assert(is_written && strcmp(once, twice) == 0);
}

static void check_ident(const char *text)
{
    uint8_t id[IDENT_SIZE];
    char back[IDENT_TEXT_SIZE];
    if (!ident_parse(id, text))
        return;
    ident_format(back, id);
    assert(strcmp(back, text) == 0);
}

static void check_hex(const char *text, struct arena *a)
{
    size_t n = strlen(text) / 2;
    uint8_t *bytes = arena_alloc(a, n);
    char *back = arena_alloc(a, 2 * n + 1);
    if (!hex_decode(bytes, n, text))
        return;
    hex_encode(back, bytes, n);
    assert(strlen(text) == 2 * n && strcasecmp(back, text) == 0);
}

/* As RFC 3629 has it, written a second time. */
static bool is_utf8(const uint8_t *s, size_t n)
{
    while (n > 0) {
        size_t more = *s < 0x80 ? 0 : *s < 0xc2 ? 4 : *s < 0xe0 ? 1 : *s < 0xf0 ? 2 : *s < 0xf5 ? 3 : 4;
        uint32_t c = more == 0 ? *s : *s & (0x3f >> more);
        if (more == 4 || more >= n || *s == 0)
            return false;
        for (size_t i = 1; i <= more; i++) {
            if ((s[i] & 0xc0) != 0x80)
                return false;
            c = c << 6 | (s[i] & 0x3f);
        }
        if ((more == 2 && c < 0x800) || (more == 3 && (c < 0x10000 || c > 0x10ffff)) || (c >> 11) == 0x1b)
            return false;
        s += more + 1;
        n -= more + 1;
    }
    return true;
}

static void check_words(const char *text, struct arena *a)
{
    bool is_valid = text_valid(text, strlen(text));
    char *trimmed = text_trim(a, text), *folded = text_fold(a, text);
    if (trimmed != NULL) {
        char *again = text_trim(a, trimmed);
        assert(again != NULL && strcmp(again, trimmed) == 0 && strstr(text, trimmed) != NULL);
    }
    if (folded != NULL) {
        char *again = text_fold(a, folded);
        assert(again != NULL && strcmp(again, folded) == 0 && text_valid(folded, strlen(folded)));
    }
    assert(!is_valid || trimmed != NULL || folded == NULL);
    (void)text_is_phone(text); /* either is right */
    if (text_is_email(text))
        assert(is_valid && trimmed != NULL && strcmp(trimmed, text) == 0);
}

static void check_clip(const char *text)
{
    size_t n = strlen(text);
    if (!text_valid(text, n))
        return;
    for (size_t max = 0; max <= n + 1 && max < 64; max++) {
        size_t clipped = text_clip(text, max);
        assert(clipped <= max && clipped <= n && text_valid(text, clipped));
        assert(clipped + 4 > (max < n ? max : n)); /* no character is longer */
    }
}

static void check_zone(const char *text)
{
    struct worktime *w = worktime_new(text, NULL, 0, NULL, 0, NULL, 0);
    assert((w != NULL) == worktime_zone_valid(text));
    worktime_free(w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    struct arena *a = fuzz_arena(MEMORY);
    assert(text_valid((const char *)data, size) == is_utf8(data, size));
    while (in.left > 0) {
        const char *text = input_text(&in, a);
        check_time(text);
        check_ident(text);
        check_hex(text, a);
        check_words(text, a);
        check_clip(text);
        check_zone(text);
    }
    return 0;
}
