/* E-mail addresses: the domain as computers write it (IDNA, UTS 46), and what was probably meant. */
#include <string.h>
#include <unicode/uidna.h>

#include "base/text.h"
#include "services/contacts/normal.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

enum { DOMAIN_MAX = 253 /* RFC 1035, 2.3.4 */ };

/* Where many have their address: a domain one slip away from these is probably one of them. */
static const char *const usual[] = {
    "gmail.com",      "googlemail.com", "hotmail.com", "outlook.com",  "yahoo.com",     "icloud.com",
    "protonmail.com", "t-online.de",    "hinet.net",   "yahoo.com.tw", "pchome.com.tw", "freenet.de",
};
/* That are one slip away from those, and are what they are. */
static const char *const real[] = {"email.com", "gmail.co",  "hotmail.co",
                                   "mail.com",  "ymail.com", "yahoo.co"};

/* Endings that nobody has. */
static const char *const endings[][2] = {
    {".con", ".com"},  {".cmo", ".com"}, {".ocm", ".com"},
    {".comm", ".com"}, {".vom", ".com"}, {".nte", ".net"},
};

static bool is_among(const char *s, const char *const *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(s, rows[i]) == 0)
            return true;
    return false;
}

/* One letter too many, too few, another, or two swapped (Damerau 1964). */
static bool is_one_apart(const char *a, const char *b)
{
    size_t na = strlen(a), nb = strlen(b), head = 0, tail = 0;
    while (a[head] && a[head] == b[head])
        head++;
    while (tail < na - head && tail < nb - head && a[na - 1 - tail] == b[nb - 1 - tail])
        tail++;
    size_t left_a = na - head - tail, left_b = nb - head - tail;
    if (left_a == 2 && left_b == 2)
        return a[head] == b[head + 1] && a[head + 1] == b[head];
    return left_a <= 1 && left_b <= 1 && left_a + left_b > 0;
}

static const char *meant(const char *domain, struct arena *a)
{
    size_t n = strlen(domain);
    if (is_among(domain, usual, COUNT(usual)) || is_among(domain, real, COUNT(real)))
        return NULL;
    for (size_t i = 0; i < COUNT(usual); i++)
        if (is_one_apart(domain, usual[i]))
            return usual[i];
    for (size_t i = 0; i < COUNT(endings); i++) {
        size_t size = strlen(endings[i][0]);
        if (n > size && strcmp(domain + n - size, endings[i][0]) == 0)
            return arena_printf(a, "%.*s%s", (int)(n - size), domain, endings[i][1]);
    }
    return NULL;
}

/* NULL: it is no name of a host. */
static char *ascii_domain(const char *domain, struct arena *a)
{
    char *out = arena_alloc(a, DOMAIN_MAX + 1);
    UErrorCode error = U_ZERO_ERROR;
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    UIDNA *idna =
        uidna_openUTS46(UIDNA_CHECK_BIDI | UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_USE_STD3_RULES, &error);
    if (U_FAILURE(error))
        return NULL;
    int32_t n = uidna_nameToASCII_UTF8(idna, domain, (int32_t)strlen(domain), out, DOMAIN_MAX, &info, &error);
    uidna_close(idna);
    return U_SUCCESS(error) && info.errors == 0 && n > 0 ? out : NULL;
}

char *contacts_email(const char *text, const char **typo, struct arena *a)
{
    char *tidy = text_tidy(a, text);
    char *at = tidy ? strrchr(tidy, '@') : NULL;
    *typo = NULL;
    if (!at || !text_is_email(tidy))
        return NULL;
    const char *domain = ascii_domain(at + 1, a);
    if (!domain)
        return NULL;
    *typo = meant(domain, a);
    return arena_printf(a, "%.*s@%s", (int)(at - tidy), tidy, domain);
}
