/* Plain text in whatever charset; ICU guesses where nobody says. */
#include "reading/reading.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>
#include <unistd.h>

#include "base/text.h"
#include "reading/lines.h"

enum { GUESS_FROM = 64 << 10, UTF8_PER_BYTE = 3 };

uint8_t *reading_whole(int file, size_t *size)
{
    struct stat st;
    ssize_t n = 1;
    size_t most = fstat(file, &st) != 0            ? 0
                  : st.st_size < READING_INPUT_MAX ? (size_t)st.st_size
                                                   : READING_INPUT_MAX;
    uint8_t *data = malloc(most + 1);
    *size = 0;
    while (data && n > 0 && *size < most) {
        n = pread(file, data + *size, most - *size, (off_t)*size);
        if (n < 0 && errno == EINTR)
            n = 1;
        else if (n > 0)
            *size += (size_t)n;
    }
    if (n < 0) {
        free(data);
        return NULL;
    }
    return data;
}

static char *converted(struct bytes b, const char *charset, size_t *size)
{
    UErrorCode error = U_ZERO_ERROR;
    int32_t room = (int32_t)(b.size * UTF8_PER_BYTE + 1);
    char *out = malloc((size_t)room);
    int32_t n =
        out ? ucnv_convert("UTF-8", charset, out, room, (const char *)b.data, (int32_t)b.size, &error) : 0;
    if (!out || (U_FAILURE(error) && error != U_BUFFER_OVERFLOW_ERROR)) {
        free(out);
        return NULL;
    }
    *size = n < room ? (size_t)n : (size_t)room - 1;
    out[*size] = '\0';
    return out;
}

static char *guessed(struct bytes b, size_t *size)
{
    UErrorCode error = U_ZERO_ERROR;
    UCharsetDetector *detector = ucsdet_open(&error);
    if (U_SUCCESS(error))
        ucsdet_setText(detector, (const char *)b.data, (int32_t)(b.size < GUESS_FROM ? b.size : GUESS_FROM),
                       &error);
    const UCharsetMatch *match = U_SUCCESS(error) ? ucsdet_detect(detector, &error) : NULL;
    const char *charset = match && U_SUCCESS(error) ? ucsdet_getName(match, &error) : NULL;
    char *out = charset && U_SUCCESS(error) ? converted(b, charset, size) : NULL;
    ucsdet_close(detector);
    return out;
}

/* Most is; what ISO 2022 writes would seem to be. The last character may be cut off. */
static bool is_utf8(struct bytes b)
{
    enum { CUT_OFF_MAX = 3, LEAD = 0xc2 };
    if (memchr(b.data, 0x1b, b.size))
        return false;
    for (size_t off = 0; off <= CUT_OFF_MAX && off <= b.size; off++)
        if (text_valid((const char *)b.data, b.size - off))
            return off == 0 || b.data[b.size - off] >= LEAD;
    return false;
}

char *reading_utf8(struct bytes b, const char *charset, size_t *size)
{
    char *out = charset && !is_utf8(b) ? converted(b, charset, size) : NULL;
    if (out)
        return out;
    if (!is_utf8(b))
        return guessed(b, size);
    out = malloc(b.size + 1);
    if (out) {
        memcpy(out, b.data, b.size);
        out[ *size = b.size] = '\0';
    }
    return out;
}

enum ask_status reading_plain(int file, struct buffer *out)
{
    size_t n, size = 0;
    uint8_t *data = reading_whole(file, &n);
    char *text = data ? reading_utf8(bytes_of(data, n), NULL, &size) : NULL;
    struct lines l = {.out = out};
    if (text)
        lines_raw(&l, text, size);
    free(text);
    free(data);
    return !text ? ASK_BROKEN : l.is_full || n == READING_INPUT_MAX ? ASK_CUT : ASK_DONE;
}
