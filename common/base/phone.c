/* Telephone numbers as they are compared. */
#include "base/phone.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"

/* How a country is called from abroad (ITU-T E.164), and what stands before a number within it. */
struct dial {
    const char *country, *name, *own_name, *code, *trunk;
};
static const struct dial dials[] = {
    {"ae", "united arab emirates", "الإمارات", "971", "0"},
    {"ar", "argentina", NULL, "54", "0"},
    {"at", "austria", "österreich", "43", "0"},
    {"au", "australia", NULL, "61", "0"},
    {"be", "belgium", "belgië", "32", "0"},
    {"bg", "bulgaria", "българия", "359", "0"},
    {"br", "brazil", "brasil", "55", "0"},
    {"ca", "canada", NULL, "1", "1"},
    {"ch", "switzerland", "schweiz", "41", "0"},
    {"cl", "chile", NULL, "56", ""},
    {"cn", "china", "中国", "86", "0"},
    {"co", "colombia", NULL, "57", ""},
    {"cz", "czechia", "česko", "420", ""},
    {"de", "germany", "deutschland", "49", "0"},
    {"dk", "denmark", "danmark", "45", ""},
    {"ee", "estonia", "eesti", "372", ""},
    {"eg", "egypt", "مصر", "20", "0"},
    {"es", "spain", "españa", "34", ""},
    {"fi", "finland", "suomi", "358", "0"},
    {"fr", "france", NULL, "33", "0"},
    {"gb", "united kingdom", "uk", "44", "0"},
    {"gr", "greece", "ελλάδα", "30", ""},
    {"hk", "hong kong", "香港", "852", ""},
    {"hr", "croatia", "hrvatska", "385", "0"},
    {"hu", "hungary", "magyarország", "36", "06"},
    {"id", "indonesia", NULL, "62", "0"},
    {"ie", "ireland", NULL, "353", "0"},
    {"il", "israel", "ישראל", "972", "0"},
    {"in", "india", "भारत", "91", "0"},
    {"it", "italy", "italia", "39", ""},
    {"jp", "japan", "日本", "81", "0"},
    {"ke", "kenya", NULL, "254", "0"},
    {"kr", "south korea", "대한민국", "82", "0"},
    {"lt", "lithuania", "lietuva", "370", "0"},
    {"lu", "luxembourg", "luxemburg", "352", ""},
    {"lv", "latvia", "latvija", "371", ""},
    {"mx", "mexico", "méxico", "52", ""},
    {"my", "malaysia", NULL, "60", "0"},
    {"ng", "nigeria", NULL, "234", "0"},
    {"nl", "netherlands", "nederland", "31", "0"},
    {"no", "norway", "norge", "47", ""},
    {"nz", "new zealand", NULL, "64", "0"},
    {"ph", "philippines", NULL, "63", "0"},
    {"pl", "poland", "polska", "48", ""},
    {"pt", "portugal", NULL, "351", ""},
    {"ro", "romania", "românia", "40", "0"},
    {"rs", "serbia", "србија", "381", "0"},
    {"ru", "russia", "россия", "7", "8"},
    {"sa", "saudi arabia", "السعودية", "966", "0"},
    {"se", "sweden", "sverige", "46", "0"},
    {"sg", "singapore", "新加坡", "65", ""},
    {"si", "slovenia", "slovenija", "386", "0"},
    {"sk", "slovakia", "slovensko", "421", "0"},
    {"th", "thailand", "ประเทศไทย", "66", "0"},
    {"tr", "turkey", "türkiye", "90", "0"},
    {"tw", "taiwan", "台灣", "886", "0"},
    {"ua", "ukraine", "україна", "380", "0"},
    {"us", "united states", "usa", "1", "1"},
    {"vn", "vietnam", "việt nam", "84", "0"},
    {"za", "south africa", NULL, "27", "0"},
};

/* Most texts differ in their first byte. */
static bool is_text(const char *a, const char *b)
{
    return b && *a == *b && strcmp(a, b) == 0;
}

static const struct dial *dial_of(const char *country, struct arena *a)
{
    const char *name = country ? text_words(a, country) : NULL;
    for (size_t i = 0; name && i < sizeof dials / sizeof *dials; i++)
        if (is_text(name, dials[i].country) || is_text(name, dials[i].name) ||
            is_text(name, dials[i].own_name))
            return &dials[i];
    return NULL;
}

/* Digits until an extension begins, and a leading plus. */
static char *digits_of(const char *s, struct arena *a)
{
    char *text = text_fold(a, s); /* full-width digits are digits */
    size_t n = 0;
    for (const char *p = text; p && *p && *p != 'x' && *p != '#' && *p != 'e'; p++) {
        if (strncmp(p, "(0)", 3) == 0) {
            p += 2; /* the zero of "+49 (0) 89" is not dialled from abroad */
            continue;
        }
        if ((*p >= '0' && *p <= '9') || (*p == '+' && n == 0))
            text[n++] = *p;
    }
    if (text)
        text[n] = '\0';
    return text;
}

/* every digit the same as the one before, or the next: typed to get past a form */
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
    /* + and 00 say that a country's code follows */
    if (text[0] == '+')
        return (struct phone){text + 1, true};
    if (text[0] == '0' && text[1] == '0')
        return (struct phone){text + 2, true};
    /* else it is that of the address; without one the national number is all there is */
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
