/* Words out of texts: folding, without diacritics, cut where words end. */
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

#include "base/text.h"
#include "search/internal.h"

enum { UNITS_MAX = 4 * SEARCH_TEXT_BYTES, CHARS_MAX = SEARCH_TEXT_BYTES, PHONE_LEAST = 4, TAIPEI = 0x53f0 };

/* Letters that are written with others, and one character that is written in two ways. */
static const struct {
    uint32_t from;
    const char *to;
} plain[] = {
    {0x00e6, "ae"}, {0x00f0, "d"}, {0x00f8, "o"}, {0x00fe, "th"}, {0x0111, "d"},
    {0x0127, "h"},  {0x0131, "i"}, {0x0142, "l"}, {0x0153, "oe"},
};

static bool is_mark(uint32_t c)
{
    return c >= 0x300 && c <= 0x36f;
}

static bool is_han(uint32_t c)
{
    static const struct {
        uint32_t from, to;
    } blocks[] = {
        {0x2e80, 0x2fdf}, {0x3005, 0x3007}, {0x3040, 0x312f}, {0x31a0, 0x31ff},   {0x3400, 0x4dbf},
        {0x4e00, 0x9fff}, {0xac00, 0xd7af}, {0xf900, 0xfaff}, {0x20000, 0x3ffff},
    };
    for (size_t i = 0; c >= blocks[0].from && i < sizeof blocks / sizeof *blocks; i++)
        if (c >= blocks[i].from && c <= blocks[i].to)
            return true;
    return false;
}

static bool is_letter(uint32_t c)
{
    if (c < 0x80)
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    return (U_GET_GC_MASK((UChar32)c) & (U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK)) != 0;
}

static bool is_apostrophe(uint32_t c)
{
    return c == '\'' || c == 0x2019 || c == 0x02bc;
}

/* The letter without what is written above and below; the letter itself where that is part of its script. */
static uint32_t bare(uint32_t c)
{
    UErrorCode error = U_ZERO_ERROR;
    UChar parts[8];
    const UNormalizer2 *nfd = unorm2_getNFDInstance(&error);
    int32_t n = U_SUCCESS(error) ? unorm2_getDecomposition(nfd, (UChar32)c, parts, 8, &error) : -1;
    if (U_FAILURE(error) || n < 2)
        return c;
    UChar32 first;
    int32_t at = 0;
    U16_NEXT(parts, at, n, first);
    for (; at < n; at++)
        if (!is_mark(parts[at]))
            return c;
    return (uint32_t)first;
}

static size_t put_plain(uint32_t c, uint32_t *out)
{
    if (c >= 0x80 && !is_han(c))
        c = bare(c);
    for (size_t i = 0; c >= 0x80 && c < 0x180 && i < sizeof plain / sizeof *plain; i++)
        if (plain[i].from == c) {
            for (size_t k = 0; plain[i].to[k]; k++)
                out[k] = (uint8_t)plain[i].to[k];
            return strlen(plain[i].to);
        }
    out[0] = c == 0x81fa ? TAIPEI : c;
    return !is_mark(c);
}

static size_t fold_wide(const char *text, size_t size, uint32_t out[CHARS_MAX])
{
    UErrorCode error = U_ZERO_ERROR;
    UChar wide[SEARCH_TEXT_BYTES], folded[UNITS_MAX];
    const UNormalizer2 *nfkc = unorm2_getNFKCCasefoldInstance(&error);
    int32_t n = 0, at = 0;
    u_strFromUTF8WithSub(wide, SEARCH_TEXT_BYTES, &n, text, (int32_t)size, ' ', NULL, &error);
    if (U_FAILURE(error))
        return 0;
    int32_t m = unorm2_normalize(nfkc, wide, n, folded, UNITS_MAX, &error);
    if (error == U_BUFFER_OVERFLOW_ERROR) { /* of what makes eighteen of one the beginning is enough */
        error = U_ZERO_ERROR;
        m = unorm2_normalize(nfkc, wide, n / 5, folded, UNITS_MAX, &error);
    }
    size_t used = 0;
    while (U_SUCCESS(error) && at < m && used + 2 < CHARS_MAX) {
        UChar32 c;
        U16_NEXT(folded, at, m, c);
        used += put_plain((uint32_t)c, out + used);
    }
    return used;
}

/* Folded characters of a text. */
static size_t fold(const char *text, uint32_t out[CHARS_MAX])
{
    size_t size = text_clip(text, SEARCH_TEXT_BYTES - 1), n = 0;
    if (!text_is_ascii(text, size))
        return fold_wide(text, size, out);
    for (; n < size; n++)
        out[n] = (uint8_t)(text[n] >= 'A' && text[n] <= 'Z' ? text[n] + 'a' - 'A' : text[n]);
    return n;
}

static void word_add(struct word_text *w, uint32_t c)
{
    int32_t size = (int32_t)w->size;
    w->chars[w->n++] = c;
    U8_APPEND_UNSAFE(w->bytes, size, c);
    w->size = (size_t)size;
}

enum word_kind word_kind_of(const uint32_t *chars, size_t n)
{
    if (is_han(chars[0]))
        return WORD_HAN;
    for (size_t i = 0; i < n; i++)
        if (chars[i] < '0' || chars[i] > '9')
            return WORD_LETTERS;
    return WORD_DIGITS;
}

static void word_end(struct word_text *w, word_fn *each, void *arg)
{
    if (!w->n)
        return;
    w->bytes[w->size] = '\0';
    w->kind = word_kind_of(w->chars, w->n);
    each(arg, w);
    w->n = w->size = 0;
}

void words_of(const char *text, word_fn *each, void *arg)
{
    uint32_t chars[CHARS_MAX];
    struct word_text w;
    size_t n = fold(text, chars);
    w.n = w.size = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t c = chars[i];
        if (is_apostrophe(c))
            continue;
        bool is_word = is_letter(c);
        if (!is_word || w.n == SEARCH_WORD_MAX || (w.n && is_han(c) != is_han(w.chars[0])))
            word_end(&w, each, arg);
        if (is_word)
            word_add(&w, c);
    }
    word_end(&w, each, arg);
}

/* "+49 (0) 89 1", "0049 89 1" and "089 1" are 49891, 49891 and 891. `*abroad`: it says a country. */
static void digits_of(const char *text, struct word_text *out, bool *abroad)
{
    uint32_t chars[CHARS_MAX];
    size_t n = fold(text, chars), zeros = 0;
    out->n = out->size = 0;
    *abroad = false;
    for (size_t i = 0; i < n && out->n < SEARCH_WORD_MAX; i++) {
        uint32_t c = chars[i];
        if (c == '+' && out->n == 0)
            *abroad = true;
        if (c == '(' && i + 2 < n && chars[i + 1] == '0' && chars[i + 2] == ')')
            i += 2;
        else if (c == '0' && out->n == 0)
            zeros++;
        else if (c >= '0' && c <= '9')
            word_add(out, c);
    }
    *abroad = *abroad || zeros >= 2;
    out->bytes[out->size] = '\0';
    out->kind = WORD_DIGITS;
}

bool word_of_phone(const char *text, struct word_text *out)
{
    bool abroad;
    digits_of(text, out, &abroad);
    return out->n > 0;
}

/* Of how many digits a country's code is (ITU-T E.164, its list of assigned codes). */
static size_t country_digits(const char *digits)
{
    static const char TWO[] =
        "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 "
        "63 64 65 66 81 82 84 86 90 91 92 93 94 95 98 ";
    if (digits[0] == '1' || digits[0] == '7')
        return 1;
    for (const char *p = TWO; *p; p += 3)
        if (strncmp(p, digits, 2) == 0)
            return 2;
    return 3;
}

void word_without_country(const char *text, struct word_text *out)
{
    struct word_text whole;
    bool abroad;
    digits_of(text, &whole, &abroad);
    out->n = out->size = 0;
    out->kind = WORD_DIGITS;
    size_t skip = abroad && whole.n > 3 ? country_digits(whole.bytes) : whole.n;
    while (skip < whole.n && whole.bytes[skip] == '0')
        skip++;
    for (size_t i = skip; i < whole.n; i++)
        word_add(out, whole.chars[i]);
    out->bytes[out->size] = '\0';
}

bool is_phone_typed(const char *text)
{
    uint32_t chars[CHARS_MAX];
    size_t n = fold(text, chars), digits = 0;
    for (size_t i = 0; i < n; i++) {
        bool is_digit = chars[i] >= '0' && chars[i] <= '9';
        if (!is_digit && (chars[i] >= 0x80 || !strchr(" +-/().", (int)chars[i])))
            return false;
        digits += is_digit;
    }
    return digits >= PHONE_LEAST;
}

size_t word_chars(const char *bytes, size_t size, uint32_t chars[SEARCH_WORD_MAX])
{
    size_t n = 0, at = 0;
    while (at < size && n < SEARCH_WORD_MAX) {
        UChar32 c;
        U8_NEXT((const uint8_t *)bytes, at, size, c);
        chars[n++] = (uint32_t)c;
    }
    return n;
}

bool search_runs_on(const char *before, const char *after)
{
    size_t n = before ? strlen(before) : 0, m = after ? strlen(after) : 0, at = 0;
    UChar32 last, first;
    if (!n || !m || n > SEARCH_TEXT_BYTES)
        return false;
    int32_t back = (int32_t)n;
    U8_PREV((const uint8_t *)before, 0, back, last);
    U8_NEXT((const uint8_t *)after, at, m, first);
    return last > 0 && first > 0 && is_han((uint32_t)last) && is_han((uint32_t)first);
}

size_t search_fold(const char *text, size_t size, char *out, size_t room)
{
    uint32_t chars[CHARS_MAX];
    size_t most = size < SEARCH_TEXT_BYTES ? size : SEARCH_TEXT_BYTES - 1, used = 0;
    size_t n = fold_wide(text, most, chars);
    for (size_t i = 0; i < n && used + U8_LENGTH(chars[i]) <= room; i++) {
        int32_t at = (int32_t)used;
        U8_APPEND_UNSAFE(out, at, chars[i]);
        used = (size_t)at;
    }
    return used;
}

bool search_runs(uint32_t c)
{
    return is_han(c);
}
