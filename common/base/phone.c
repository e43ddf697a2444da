/* Telephone numbers: digits, the country's code and what stands before a number within a country. */
#include "base/phone.h"

#include <string.h>

#include "base/arena.h"
#include "base/country.h"
#include "base/text.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

/* How a country is called from abroad (ITU-T E.164), and what stands before a number within it. */
struct dial {
    const char *country, *code, *trunk;
};
static const struct dial dials[] = {
    {"AE", "971", "0"}, {"AR", "54", "0"},  {"AT", "43", "0"},  {"AU", "61", "0"},  {"BE", "32", "0"},
    {"BG", "359", "0"}, {"BR", "55", "0"},  {"CA", "1", "1"},   {"CH", "41", "0"},  {"CL", "56", ""},
    {"CN", "86", "0"},  {"CO", "57", ""},   {"CZ", "420", ""},  {"DE", "49", "0"},  {"DK", "45", ""},
    {"EE", "372", ""},  {"EG", "20", "0"},  {"ES", "34", ""},   {"FI", "358", "0"}, {"FR", "33", "0"},
    {"GB", "44", "0"},  {"GR", "30", ""},   {"HK", "852", ""},  {"HR", "385", "0"}, {"HU", "36", "06"},
    {"ID", "62", "0"},  {"IE", "353", "0"}, {"IL", "972", "0"}, {"IN", "91", "0"},  {"IT", "39", ""},
    {"JP", "81", "0"},  {"KE", "254", "0"}, {"KR", "82", "0"},  {"LT", "370", "0"}, {"LU", "352", ""},
    {"LV", "371", ""},  {"MX", "52", ""},   {"MY", "60", "0"},  {"NG", "234", "0"}, {"NL", "31", "0"},
    {"NO", "47", ""},   {"NZ", "64", "0"},  {"PH", "63", "0"},  {"PL", "48", ""},   {"PT", "351", ""},
    {"RO", "40", "0"},  {"RS", "381", "0"}, {"RU", "7", "8"},   {"SA", "966", "0"}, {"SE", "46", "0"},
    {"SG", "65", ""},   {"SI", "386", "0"}, {"SK", "421", "0"}, {"TH", "66", "0"},  {"TR", "90", "0"},
    {"TW", "886", "0"}, {"UA", "380", "0"}, {"US", "1", "1"},   {"VN", "84", "0"},  {"ZA", "27", "0"},
};

static const struct dial *dial_of(const char *country, struct arena *a)
{
    const char *code = country_of(country, a);
    for (size_t i = 0; code && i < COUNT(dials); i++)
        if (memcmp(code, dials[i].country, 2) == 0)
            return &dials[i];
    return NULL;
}

/* Digits until an extension begins, and a leading plus. */
static char *digits_of(const char *s, struct arena *a)
{
    char *text = text_fold(a, s); /* 1: full-width digits are digits */
    size_t n = 0;
    for (const char *p = text; p && *p && *p != 'x' && *p != '#' && *p != 'e'; p++) {
        if (strncmp(p, "(0)", 3) == 0) {
            p += 2; /* 2: the zero of "+49 (0) 89" is not dialled from abroad */
            continue;
        }
        if ((*p >= '0' && *p <= '9') || (*p == '+' && n == 0))
            text[n++] = *p;
    }
    if (text)
        text[n] = '\0';
    return text;
}

/* 5: every digit the same as the one before, or the next: typed to get past a form */
static bool is_made_up(const char *digits)
{
    size_t same = 1, next = 1, n = 1;
    for (; *digits && digits[n]; n++) {
        same += digits[n] == digits[n - 1];
        next += digits[n] == (digits[n - 1] == '9' ? '0' : digits[n - 1] + 1);
    }
    return same == n || next == n;
}

struct phone phone_of(const char *s, const char *country, struct arena *a)
{
    enum { DIGITS_LEAST = 6 };
    char *text = s ? digits_of(s, a) : NULL;
    if (!text || strlen(text) < DIGITS_LEAST || is_made_up(text + (*text == '+')))
        return (struct phone){0};
    /* 3: + and 00 say that a country's code follows */
    if (text[0] == '+')
        return (struct phone){text + 1, true};
    if (text[0] == '0' && text[1] == '0')
        return (struct phone){text + 2, true};
    /* 4: else it is that of the address; without one the national number is all there is */
    const struct dial *d = dial_of(country, a);
    size_t trunk = d ? strlen(d->trunk) : 1;
    if (trunk && strncmp(text, d ? d->trunk : "0", trunk) == 0)
        text += trunk;
    return d ? (struct phone){arena_printf(a, "%s%s", d->code, text), true} : (struct phone){text, false};
}

const char *phone_tail(const char *digits)
{
    size_t n = digits ? strlen(digits) : 0;
    return n > PHONE_TAIL ? digits + n - PHONE_TAIL : digits;
}

bool phone_same(const struct phone *a, const struct phone *b)
{
    if (!a->digits || !b->digits)
        return false;
    if (a->international == b->international)
        return strcmp(a->digits, b->digits) == 0;
    const char *national = a->international ? b->digits : a->digits,
               *whole = a->international ? a->digits : b->digits;
    size_t n = strlen(national), m = strlen(whole);
    return m >= n && strcmp(whole + m - n, national) == 0;
}

bool phone_surely_same(const struct phone *a, const struct phone *b)
{
    enum { ENDING_LEAST = 9 };
    if (!a->digits || !b->digits)
        return false;
    size_t n = strlen(a->digits), m = strlen(b->digits), least = n < m ? n : m;
    if (n == m && a->international == b->international)
        return strcmp(a->digits, b->digits) == 0;
    return least >= ENDING_LEAST && strcmp(a->digits + n - least, b->digits + m - least) == 0;
}

char *phone_e164(const char *text, const char *country, struct arena *a)
{
    enum { E164_LEAST = 7, E164_MOST = 15 };
    struct phone p = phone_of(text, country, a);
    size_t n = p.digits ? strlen(p.digits) : 0;
    /* 6: no country's code begins with a zero, and no number has more digits */
    bool is_one = p.international && n >= E164_LEAST && n <= E164_MOST && p.digits[0] != '0';
    return is_one ? arena_printf(a, "+%s", p.digits) : NULL;
}
