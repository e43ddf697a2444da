/* Text: what ICU knows about UTF-8, white space and case, and two plausibility checks. */
#include "base/text.h"

#include <stdint.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

#include "base/arena.h"

enum {
    FOLD_INPUT_MAX = 16 * 1024 * 1024, /* NFKC makes up to 18 of one: stays below INT32_MAX */
    EMAIL_MAX = 254,                   /* RFC 5321, 4.5.3.1.3 */
    PHONE_DIGITS_MIN = 6,
};

static bool is_white(UChar32 c)
{
    if (c < 0x80)
        return c == ' ' || (c >= '\t' && c <= '\r');
    return u_isUWhiteSpace(c);
}

/* The bounds of `s` without white space at the ends; from == to if nothing is left. */
static void trimmed(const char *s, size_t *from, size_t *to)
{
    const uint8_t *u = (const uint8_t *)s;
    UChar32 c;
    size_t n = strlen(s), at = 0;
    for (*from = 0; *from < n; *from = at) {
        U8_NEXT(u, at, n, c);
        if (!is_white(c))
            break;
    }
    int32_t back = (int32_t)n; /* texts are far shorter than 2 GiB: no message is as long */
    for (*to = n; *to > *from; *to = (size_t)back) {
        U8_PREV(u, (int32_t)*from, back, c);
        if (!is_white(c))
            break;
    }
}

/* White space at the ends goes, runs of it inside become one space; n units of UTF-16 stay at most n. */
static int32_t squeeze(UChar *s, int32_t n)
{
    int32_t out = 0;
    bool space = false;
    for (int32_t i = 0; i < n;) {
        UChar32 c;
        int32_t from = i;
        U16_NEXT(s, i, n, c);
        if (u_isUWhiteSpace(c)) {
            space = out > 0;
            continue;
        }
        if (space)
            s[out++] = ' ';
        space = false;
        while (from < i)
            s[out++] = s[from++];
    }
    return out;
}

/* The same with lower case, for the text that most keys are. */
static char *fold_ascii(struct arena *a, const char *s, size_t n)
{
    char *text = arena_try(a, n + 1);
    size_t out = 0;
    bool space = false;
    for (size_t i = 0; text && i < n; i++) {
        if (s[i] == ' ' || (s[i] >= '\t' && s[i] <= '\r')) {
            space = out > 0;
            continue;
        }
        if (space)
            text[out++] = ' ';
        space = false;
        text[out++] = s[i] >= 'A' && s[i] <= 'Z' ? (char)(s[i] + 'a' - 'A') : s[i];
    }
    return out ? text : NULL;
}

/* UTF-16 of `s` in a normal form. */
static UChar *normal_utf16(struct arena *a, const UNormalizer2 *form, const char *s, size_t n, int32_t *size)
{
    UErrorCode error = U_ZERO_ERROR;
    UChar *wide = arena_try(a, n * sizeof(UChar));
    int32_t wide_size = 0;
    if (!wide || !form)
        return NULL;
    u_strFromUTF8WithSub(wide, (int32_t)n, &wide_size, s, (int32_t)n, 0xfffd, NULL, &error);
    *size = unorm2_normalize(form, wide, wide_size, NULL, 0, &error);
    if (error != U_BUFFER_OVERFLOW_ERROR)
        return NULL;
    error = U_ZERO_ERROR;
    UChar *folded = arena_try(a, (size_t)*size * sizeof(UChar));
    if (folded)
        unorm2_normalize(form, wide, wide_size, folded, *size, &error);
    return U_FAILURE(error) ? NULL : folded;
}

/* UTF-8 of n units after squeeze; NULL if nothing is left or the arena is full. */
static char *squeezed(struct arena *a, UChar *wide, int32_t n)
{
    int32_t size = 0;
    UErrorCode error = U_ZERO_ERROR;
    if ((n = squeeze(wide, n)) == 0)
        return NULL;
    u_strToUTF8(NULL, 0, &size, wide, n, &error);
    char *text = error == U_BUFFER_OVERFLOW_ERROR ? arena_try(a, (size_t)size + 1) : NULL;
    error = U_ZERO_ERROR;
    return text ? u_strToUTF8(text, size + 1, NULL, wide, n, &error) : NULL;
}

bool text_valid(const char *s, size_t n)
{
    const uint8_t *u = (const uint8_t *)s;
    for (size_t i = 0; i < n;) {
        UChar32 c;
        U8_NEXT(u, i, n, c);
        if (c <= 0)
            return false;
    }
    return true;
}

bool text_is_ascii(const char *s, size_t n)
{
    uint8_t all = 0;
    for (size_t i = 0; i < n; i++)
        all |= (uint8_t)s[i];
    return all < 0x80;
}

char *text_trim(struct arena *a, const char *s)
{
    size_t from, to;
    if (!s)
        return NULL;
    trimmed(s, &from, &to);
    char *text = from == to ? NULL : arena_try(a, to - from + 1);
    return text ? memcpy(text, s + from, to - from) : NULL;
}

char *text_fold(struct arena *a, const char *s)
{
    size_t n = s ? strlen(s) : 0;
    if (n == 0 || n > FOLD_INPUT_MAX)
        return NULL;
    if (text_is_ascii(s, n))
        return fold_ascii(a, s, n);
    int32_t wide_size = 0;
    UErrorCode error = U_ZERO_ERROR;
    /* NFKC_Casefold is NFKC and folding until neither changes anything */
    UChar *wide = normal_utf16(a, unorm2_getNFKCCasefoldInstance(&error), s, n, &wide_size);
    return wide ? squeezed(a, wide, wide_size) : NULL;
}

char *text_tidy(struct arena *a, const char *s)
{
    enum { FULL_WIDTH = 0xfee0 }; /* lies between a letter and the same in full width */
    size_t n = s ? strlen(s) : 0;
    int32_t size = 0;
    UErrorCode error = U_ZERO_ERROR;
    if (n == 0 || n > FOLD_INPUT_MAX)
        return NULL;
    UChar *wide = normal_utf16(a, unorm2_getNFCInstance(&error), s, n, &size);
    for (int32_t i = 0; wide && i < size; i++)
        if ((wide[i] >= 0xff10 && wide[i] <= 0xff19) || (wide[i] >= 0xff21 && wide[i] <= 0xff3a) ||
            (wide[i] >= 0xff41 && wide[i] <= 0xff5a))
            wide[i] = (UChar)(wide[i] - FULL_WIDTH);
    return wide ? squeezed(a, wide, size) : NULL;
}

char *text_fold_place(struct arena *a, const char *s)
{
    static const char formal[] = "\xe8\x87\xba", usual[] = "\xe5\x8f\xb0";
    char *text = text_fold(a, s);
    for (char *p = text; p && (p = strstr(p, formal)) != NULL; p += sizeof usual - 1)
        memcpy(p, usual, sizeof usual - 1);
    return text;
}

char *text_fold_postcode(struct arena *a, const char *s)
{
    char *text = text_fold(a, s), *to = text;
    for (const char *p = text; p && *p; p++)
        if (*p != ' ' && *p != '-')
            *to++ = *p;
    if (to)
        *to = '\0';
    return to == text ? NULL : text;
}

/* With what is written above, below and around letters. */
static bool is_of_word(UChar32 c)
{
    if (c < 0x80)
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    return U_GET_GC_MASK(c) & (U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK);
}

char *text_words(struct arena *a, const char *s)
{
    char *text = text_fold_place(a, s);
    size_t out = 0, n = text ? strlen(text) : 0;
    bool space = false;
    for (size_t at = 0; at < n;) {
        size_t from = at;
        UChar32 c;
        U8_NEXT((const uint8_t *)text, at, n, c);
        if (c == '\'' || c == '.')
            continue;
        if (!is_of_word(c)) {
            space = out > 0;
            continue;
        }
        if (space)
            text[out++] = ' ';
        space = false;
        while (from < at)
            text[out++] = text[from++];
    }
    if (text)
        text[out] = '\0';
    return out ? text : NULL;
}

size_t text_clip(const char *s, size_t max)
{
    size_t n = strnlen(s, max);
    if (n == max)
        while (n > 0 && U8_IS_TRAIL(s[n]))
            n--;
    return n;
}

bool text_is_email(const char *s)
{
    size_t n = strlen(s);
    const char *at = strchr(s, '@');
    if (n > EMAIL_MAX || !text_valid(s, n) || !at || at == s || strchr(at + 1, '@'))
        return false;
    /* What RFC 5322 calls specials would make it something else than an address. */
    if (s[strcspn(s, "()<>[]:;,\\\"")])
        return false;
    for (size_t i = 0; i < n;) {
        UChar32 c;
        U8_NEXT((const uint8_t *)s, i, n, c);
        if (u_isUWhiteSpace(c) || u_iscntrl(c))
            return false;
    }
    const char *domain = at + 1;
    return strchr(domain, '.') && domain[0] != '.' && s[n - 1] != '.' && !strstr(domain, "..");
}

bool text_is_phone(const char *s)
{
    int digits = 0;
    for (const char *p = s; *p; p++)
        digits += *p >= '0' && *p <= '9';
    return digits >= PHONE_DIGITS_MIN && s[strspn(s, "0123456789 +-()./x")] == 0;
}
