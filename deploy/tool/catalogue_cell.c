/* Cells of a catalogue: numbers and days as people and programs write them. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/money.h"
#include "base/rfc3339.h"
#include "base/text.h"
#include "tool/catalogue.h"

enum { NUMBER_MAX = 60 };

/* What stands around an amount. */
static const char *const currency_words[] = {"US$", "NT$", "HK$", "A$", "C$", "R$",
                                             "$",   "€",   "£",   "¥",  "￥", "元"};

static const char *skip_words(const char *p)
{
    for (;;) {
        const char *before = p;
        while (isspace((unsigned char)*p))
            p++;
        for (size_t i = 0; i < sizeof currency_words / sizeof *currency_words; i++)
            if (strncmp(p, currency_words[i], strlen(currency_words[i])) == 0) {
                p += strlen(currency_words[i]);
                break;
            }
        if (isupper((unsigned char)p[0]) && isupper((unsigned char)p[1]) && isupper((unsigned char)p[2]) &&
            !isalpha((unsigned char)p[3]))
            p += 3;
        if (p == before)
            return p;
    }
}

/* 1: whatever else stands between digits stands before exactly three of them, and in front of the mark */
static bool is_group(const char *p, char mark, bool has_digits)
{
    const char group = mark == '.' ? ',' : '.';
    return (*p == group || *p == '\'' || *p == ' ') && has_digits && strspn(p + 1, "0123456789") == 3;
}

/* The number alone: sign, digits, one point. False: there is something else. */
static bool plain_number(const char *text, char mark, char out[NUMBER_MAX])
{
    const char *p = skip_words(text);
    bool in_brackets = *p == '(', is_behind = false;
    size_t n = 0, digits = 0;
    p += in_brackets || *p == '+';
    if (in_brackets || *p == '-') {
        out[n++] = '-';
        p = skip_words(p + (*p == '-'));
    }
    if (*p == mark)
        out[n++] = '0'; /* 2: ".05" is a number */
    for (; *p != '\0'; p++) {
        if (n + 2 >= NUMBER_MAX)
            return false;
        if (isdigit((unsigned char)*p)) {
            out[n++] = *p;
            digits++;
        } else if (*p == mark && !is_behind && isdigit((unsigned char)p[1])) {
            out[n++] = '.';
            is_behind = true;
        } else if (is_behind || !is_group(p, mark, digits > 0))
            break;
    }
    out[n] = '\0';
    p = skip_words(p);
    p += in_brackets && *p == ')';
    return digits > 0 && *p == '\0';
}

bool catalogue_decimal(const char *text, char mark, int digits, int64_t *out, bool *rounded)
{
    char plain[NUMBER_MAX];
    int64_t value;
    if (!plain_number(text, mark, plain))
        return false;
    char *point = strchr(plain, '.');
    bool is_negative = *plain == '-', up = false;
    *rounded = false;
    if (point != NULL && strlen(point + 1) > (size_t)digits) {
        char *rest = point + 1 + digits;
        *rounded = strspn(rest, "0") != strlen(rest);
        up = *rest >= '5'; /* 3: to the nearest, half away from zero */
        *(digits == 0 ? point : rest) = '\0';
    }
    if (!decimal_parse(plain, digits, &value) || value == INT64_MAX || value == -INT64_MAX)
        return false;
    *out = value + (!up ? 0 : is_negative ? -1 : 1);
    return true;
}

/* --- days --- */

static bool day_from(unsigned year, unsigned month, unsigned day, char out[11])
{
    if (year > 9999 || month > 12 || day > 31)
        return false;
    (void)snprintf(out, 11, "%04u-%02u-%02u", year % 10000, month % 100, day % 100); /* fits */
    return rfc3339_is_date(out);
}

/* 4: a time may stand behind a day, and says nothing */
static bool ends_here(const char *p)
{
    return *p == '\0' || *p == 'T' || *p == ' ';
}

bool catalogue_day(const char *text, enum day_order order, char out[11])
{
    unsigned a, b, c;
    int end = 0;
    if (sscanf(text, "%4u-%2u-%2u%n", &a, &b, &c, &end) == 3 && end > 0 && ends_here(text + end) && a > 999)
        return day_from(a, b, c, out);
    if (sscanf(text, "%4u/%2u/%2u%n", &a, &b, &c, &end) == 3 && end > 0 && ends_here(text + end) && a > 999)
        return day_from(a, b, c, out);
    if (sscanf(text, "%2u.%2u.%4u%n", &a, &b, &c, &end) == 3 && end > 0 && ends_here(text + end) && c > 999)
        return day_from(c, b, a, out);
    if (strlen(text) == 8 && strspn(text, "0123456789") == 8 && sscanf(text, "%4u%2u%2u", &a, &b, &c) == 3)
        return day_from(a, b, c, out);
    if (sscanf(text, "%2u/%2u/%4u%n", &a, &b, &c, &end) != 3 || end == 0 || !ends_here(text + end) ||
        c < 1000)
        return false;
    if (order == DAY_ORDER_UNKNOWN)
        order = catalogue_day_order(text);
    return order == DAY_ORDER_UNKNOWN ? false
           : order == DAY_ORDER_DMY   ? day_from(c, b, a, out)
                                      : day_from(c, a, b, out);
}

enum day_order catalogue_day_order(const char *text)
{
    unsigned a, b, c;
    if (sscanf(text, "%2u/%2u/%4u", &a, &b, &c) != 3 || c < 1000)
        return DAY_ORDER_UNKNOWN;
    return a > 12 ? DAY_ORDER_DMY : b > 12 ? DAY_ORDER_MDY : DAY_ORDER_UNKNOWN;
}

char *catalogue_list_next(const char **rest, struct arena *a)
{
    while (**rest != '\0') {
        size_t n = strcspn(*rest, ";");
        char *word = text_trim(a, arena_strndup(a, *rest, n));
        *rest += n + ((*rest)[n] == ';');
        if (word != NULL)
            return word;
    }
    return NULL;
}
