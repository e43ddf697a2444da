/* Languages and dates by ICU. The zone is the caller's offset: the form itself is one of UTC, so that one
   form does for people in any zone. */
#include "base/locale.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/udat.h>
#include <unicode/udatpg.h>
#include <unicode/uloc.h>
#include <unicode/ustring.h>

#include "base/arena.h"
#include "base/civil.h"
#include "base/log.h"

enum { PATTERN_MAX = 128, SUBTAG_MAX = 8 };

struct locale_date {
    UDateFormat *form;
};

bool locale_is_tag(const char *tag)
{
    size_t at = 0, n = 0;
    if (!tag || !*tag || strlen(tag) > LOCALE_TAG_MAX)
        return false;
    for (const char *s = tag; *s; at++) {
        n = strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
        if (!n || n > SUBTAG_MAX || (s[n] && s[n] != '-') || (s[n] == '-' && !s[n + 1]))
            return false;
        if (at == 0 && (n < 2 || strcspn(s, "0123456789") < n))
            return false;
        s += n + (s[n] == '-');
    }
    return true;
}

static void lower(char *s)
{
    for (; *s; s++)
        *s = (char)tolower((unsigned char)*s);
}

static size_t add(const char *tag, size_t n, const char *out[LOCALE_CHAIN_MAX])
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(out[i], tag) == 0)
            return n;
    if (n < LOCALE_CHAIN_MAX)
        out[n++] = tag;
    return n;
}

/* The tag and what is left of it without its last part, without the part before, and so on. */
static size_t add_shorter(char *tag, size_t n, struct arena *a, const char *out[LOCALE_CHAIN_MAX])
{
    for (char *end = tag; end; end = strrchr(tag, '-')) {
        if (end != tag)
            *end = '\0';
        n = add(arena_strdup(a, tag), n, out);
    }
    return n;
}

/* The script that is not said: zh-TW is zh-Hant-TW. */
static char *with_script(const char *tag, struct arena *a)
{
    UErrorCode error = U_ZERO_ERROR;
    char locale[ULOC_FULLNAME_CAPACITY], likely[ULOC_FULLNAME_CAPACITY], out[ULOC_FULLNAME_CAPACITY];
    int32_t parsed = 0;
    uloc_forLanguageTag(tag, locale, sizeof locale, &parsed, &error);
    uloc_addLikelySubtags(locale, likely, sizeof likely, &error);
    uloc_toLanguageTag(likely, out, sizeof out, false, &error);
    return U_SUCCESS(error) && error != U_STRING_NOT_TERMINATED_WARNING ? arena_strdup(a, out) : NULL;
}

size_t locale_chain(const char *tag, bool scripts, struct arena *a, const char *out[LOCALE_CHAIN_MAX])
{
    if (!locale_is_tag(tag))
        return 0;
    char *given = arena_strdup(a, tag), *likely = scripts ? with_script(tag, a) : NULL;
    lower(given);
    /* zh-TW itself comes first, but zh only after zh-Hant */
    size_t n = add(arena_strdup(a, given), 0, out);
    if (likely) {
        lower(likely);
        n = add_shorter(likely, n, a, out);
    }
    return add_shorter(given, n, a, out);
}

static UDateFormat *form_of(const char *locale, const UChar *pattern, int32_t n)
{
    UErrorCode error = U_ZERO_ERROR;
    UDateFormat *form = udat_open(UDAT_PATTERN, UDAT_PATTERN, locale, u"Etc/UTC", -1, pattern, n, &error);
    if (U_SUCCESS(error))
        return form;
    log_failure("locale", "no form of dates for %s: %s", locale, u_errorName(error));
    return NULL;
}

/* Of a language that it does not know ICU would take the form of the machine's own. */
static bool is_known(const char *locale)
{
    UErrorCode error = U_ZERO_ERROR;
    char language[ULOC_LANG_CAPACITY];
    const size_t n = (size_t)uloc_getLanguage(locale, language, sizeof language, &error);
    for (int32_t i = 0; U_SUCCESS(error) && i < udat_countAvailable(); i++)
        if (strncmp(udat_getAvailable(i), language, n) == 0 && strchr("_", udat_getAvailable(i)[n]))
            return true;
    return false;
}

/* What the skeleton has, in the order and with the words of the language. */
static UDateFormat *form_of_language(const char *tag, const UChar *skeleton)
{
    UErrorCode error = U_ZERO_ERROR;
    char locale[ULOC_FULLNAME_CAPACITY];
    UChar pattern[PATTERN_MAX];
    int32_t parsed = 0, n = 0;
    uloc_forLanguageTag(tag, locale, sizeof locale, &parsed, &error);
    UDateTimePatternGenerator *g = U_SUCCESS(error) && is_known(locale) ? udatpg_open(locale, &error) : NULL;
    if (g && U_SUCCESS(error))
        n = udatpg_getBestPattern(g, skeleton, -1, pattern, PATTERN_MAX, &error);
    if (g)
        udatpg_close(g);
    return n && U_SUCCESS(error) ? form_of(locale, pattern, n) : NULL;
}

struct locale_date *locale_date_new(const char *tag)
{
    struct locale_date *d = calloc(1, sizeof *d);
    if (!d) {
        log_failure("locale", "no memory");
        return NULL;
    }
    d->form = locale_is_tag(tag) ? form_of_language(tag, u"yMMMMEEEEdjm") : NULL;
    if (!d->form)
        d->form = form_of("en", u"yyyy-MM-dd HH:mm", -1);
    if (d->form)
        return d;
    free(d);
    return NULL;
}

void locale_date_free(struct locale_date *d)
{
    if (!d)
        return;
    udat_close(d->form);
    free(d);
}

static void offset_write(int minutes, char *out, size_t size)
{
    int plain = minutes < 0 ? -minutes : minutes;
    if (!minutes)
        (void)snprintf(out, size, " (UTC)");
    else if (plain % 60)
        (void)snprintf(out, size, " (UTC%c%d:%02d)", minutes < 0 ? '-' : '+', plain / 60, plain % 60);
    else
        (void)snprintf(out, size, " (UTC%c%d)", minutes < 0 ? '-' : '+', plain / 60);
}

void locale_date_write(const struct locale_date *d, int64_t time_us, int offset_minutes,
                       char out[LOCALE_DATE_SIZE])
{
    enum { OFFSET_SIZE = 32 };
    UErrorCode error = U_ZERO_ERROR;
    UChar text[LOCALE_DATE_SIZE];
    int32_t n = 0;
    const double local_ms = (double)(time_us / 1000) + offset_minutes * 60000.0;
    (void)udat_format(d->form, local_ms, text, LOCALE_DATE_SIZE, NULL, &error);
    for (UChar *c = u_strchr(text, 0x202f); U_SUCCESS(error) && c; c = u_strchr(c, 0x202f))
        *c = ' '; /* a narrow space that not every mail program shows */
    u_strToUTF8(out, LOCALE_DATE_SIZE - OFFSET_SIZE, &n, text, -1, &error);
    /* a form that is longer than any language's is left out, not cut */
    if (U_FAILURE(error) || error == U_STRING_NOT_TERMINATED_WARNING)
        n = 0;
    out[n] = '\0';
    offset_write(offset_minutes, out + n, LOCALE_DATE_SIZE - (size_t)n);
}

char *locale_day(const char *tag, int year, int month, int day, struct arena *a)
{
    UErrorCode error = U_ZERO_ERROR;
    UChar text[LOCALE_DATE_SIZE];
    char out[LOCALE_DATE_SIZE];
    const struct civil c = {.year = year, .month = month, .day = day};
    UDateFormat *form = locale_is_tag(tag) ? form_of_language(tag, u"yMMMMd") : NULL;
    if (form) {
        (void)udat_format(form, (double)civil_seconds(&c) * 1000.0, text, LOCALE_DATE_SIZE, NULL, &error);
        u_strToUTF8(out, sizeof out, NULL, text, -1, &error);
        udat_close(form);
    }
    if (!form || U_FAILURE(error) || error == U_STRING_NOT_TERMINATED_WARNING)
        return arena_printf(a, "%04d-%02d-%02d", year, month, day);
    return arena_strdup(a, out);
}

char *locale_country(const char *tag, const char *code, const char *otherwise, struct arena *a)
{
    enum { NAME_MAX_UNITS = 200 };
    UErrorCode error = U_ZERO_ERROR;
    char locale[ULOC_FULLNAME_CAPACITY] = "en", region[] = "und_XX", out[NAME_MAX_UNITS * 3 + 1];
    UChar name[NAME_MAX_UNITS], capitals[NAME_MAX_UNITS];
    if (locale_is_tag(tag) && is_known(tag))
        uloc_forLanguageTag(tag, locale, sizeof locale, NULL, &error);
    if (code && strlen(code) == 2) {
        memcpy(region + 4, code, 2);
        (void)uloc_getDisplayCountry(region, locale, name, NAME_MAX_UNITS, &error);
    } else
        u_strFromUTF8(name, NAME_MAX_UNITS, NULL, otherwise, -1, &error);
    (void)u_strToUpper(capitals, NAME_MAX_UNITS, name, -1, locale, &error);
    u_strToUTF8(out, sizeof out, NULL, capitals, -1, &error);
    return arena_strdup(a, U_SUCCESS(error) ? out : otherwise);
}
