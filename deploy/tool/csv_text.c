/* From bytes of any character set to UTF-8: byte order marks, validity, ICU's guess. */
#include "tool/csv.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>

#include "base/text.h"

enum { SAMPLE_MAX = 8000, CONFIDENCE_MIN = 10 };

static const struct {
    const char *bytes;
    size_t size;
    const char *charset;
} marks[] = {
    {"\xef\xbb\xbf", 3, "UTF-8"}, {"\xff\xfe\0\0", 4, "UTF-32LE"}, {"\0\0\xfe\xff", 4, "UTF-32BE"},
    {"\xff\xfe", 2, "UTF-16LE"},  {"\xfe\xff", 2, "UTF-16BE"},
};

/* Takes a byte order mark away and says what it means; NULL if there is none. */
static const char *take_mark(struct bytes *content)
{
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (content->size >= marks[i].size && memcmp(content->data, marks[i].bytes, marks[i].size) == 0) {
            content->data += marks[i].size;
            content->size -= marks[i].size;
            return marks[i].charset;
        }
    return NULL;
}

/* Latin text in UTF-16 has a zero in every other byte. */
static const char *unmarked_utf16(struct bytes content)
{
    size_t zeros[2] = {0, 0}, n = content.size < SAMPLE_MAX ? content.size : SAMPLE_MAX;
    for (size_t i = 0; i < n; i++)
        zeros[i % 2] += content.data[i] == 0;
    if (zeros[1] > n / 4 && zeros[0] <= n / 50)
        return "UTF-16LE";
    return zeros[0] > n / 4 && zeros[1] <= n / 50 ? "UTF-16BE" : NULL;
}

/* Lines with bytes beyond ASCII: ICU looks only at the beginning of what it is given. */
static size_t sample_of(struct bytes content, char sample[SAMPLE_MAX])
{
    size_t used = 0;
    const uint8_t *p = content.data, *end = p + content.size;
    while (p < end && used < SAMPLE_MAX) {
        const uint8_t *next = memchr(p, '\n', (size_t)(end - p));
        next = next != NULL ? next + 1 : end;
        bool beyond = false;
        for (const uint8_t *q = p; q < next && !beyond; q++)
            beyond = *q >= 0x80;
        size_t size = (size_t)(next - p) < SAMPLE_MAX - used ? (size_t)(next - p) : SAMPLE_MAX - used;
        if (beyond) {
            memcpy(sample + used, p, size);
            used += size;
        }
        p = next;
    }
    return used;
}

static void detect(struct bytes content, char charset[64])
{
    char sample[SAMPLE_MAX];
    UErrorCode status = U_ZERO_ERROR;
    const char *name = NULL;
    UCharsetDetector *d = ucsdet_open(&status);
    ucsdet_setText(d, sample, (int32_t)sample_of(content, sample), &status);
    const UCharsetMatch *match = ucsdet_detect(d, &status);
    if (U_SUCCESS(status) && match != NULL && ucsdet_getConfidence(match, &status) >= CONFIDENCE_MIN)
        name = ucsdet_getName(match, &status);
    /* Windows-1252 is what calls itself ISO-8859-1, with letters where the other has controls. */
    if (name == NULL || U_FAILURE(status) || strcmp(name, "ISO-8859-1") == 0)
        name = "windows-1252";
    snprintf(charset, 64, "%s", name);
    ucsdet_close(d);
}

static bool convert(struct bytes content, const char *charset, struct arena *a, struct bytes *out,
                    struct refusal *no)
{
    UErrorCode status = U_ZERO_ERROR;
    if (content.size > INT32_MAX / 4)
        return refuse(no, REFUSAL_OUT_OF_RANGE, NULL, "the file is too large to be converted from %s",
                      charset);
    int32_t size =
        ucnv_convert("UTF-8", charset, NULL, 0, (const char *)content.data, (int32_t)content.size, &status);
    if (status != U_BUFFER_OVERFLOW_ERROR && U_FAILURE(status))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, NULL, "the character set \"%s\" is not known", charset);
    status = U_ZERO_ERROR;
    char *text = arena_try(a, (size_t)size + 1);
    if (text == NULL)
        return refuse(no, REFUSAL_RESOURCE_EXHAUSTED, NULL, "the file does not fit into memory");
    ucnv_convert("UTF-8", charset, text, size + 1, (const char *)content.data, (int32_t)content.size,
                 &status);
    *out = bytes_of(text, (size_t)size);
    return U_SUCCESS(status) || refuse(no, REFUSAL_INVALID_ARGUMENT, NULL, "the file is not in %s", charset);
}

bool csv_text_decode(struct bytes content, const char *wanted, struct arena *a, char charset[64],
                     struct bytes *out, struct refusal *no)
{
    const char *marked = take_mark(&content);
    const char *known = wanted != NULL ? wanted : marked;
    if (known == NULL)
        known = unmarked_utf16(content);
    if (known == NULL && text_valid((const char *)content.data, content.size))
        known = "UTF-8";
    if (known != NULL)
        snprintf(charset, 64, "%s", known);
    else
        detect(content, charset);
    if (strcasecmp(charset, "UTF-8") == 0 && text_valid((const char *)content.data, content.size)) {
        *out = content;
        return true;
    }
    return convert(content, charset, a, out, no);
}
