/* How countries write postal codes. */
#include <ctype.h>
#include <string.h>

#include "base/country.h"
#include "base/text.h"
#include "services/contacts/normal.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

enum { CODE_MAX = 32 };

/* 9 is a digit, A a letter, anything else stands as it is. Of one country several may follow each other. */
static const struct format {
    const char *country, *pattern;
} formats[] = {
    {"AT", "9999"},     {"AU", "9999"},     {"BE", "9999"},    {"BG", "9999"},    {"BR", "99999-999"},
    {"CA", "A9A 9A9"},  {"CA", "A9A"},      {"CH", "9999"},    {"CN", "999999"},  {"CZ", "999 99"},
    {"DE", "99999"},    {"DK", "9999"},     {"EE", "99999"},   {"ES", "99999"},   {"FI", "99999"},
    {"FR", "99999"},    {"GB", "A9 9AA"},   {"GB", "A99 9AA"}, {"GB", "AA9 9AA"}, {"GB", "AA99 9AA"},
    {"GB", "A9A 9AA"},  {"GB", "AA9A 9AA"}, {"GR", "999 99"},  {"HR", "99999"},   {"HU", "9999"},
    {"ID", "99999"},    {"IL", "9999999"},  {"IN", "999999"},  {"IT", "99999"},   {"JP", "999-9999"},
    {"KR", "99999"},    {"LT", "99999"},    {"LU", "9999"},    {"MX", "99999"},   {"MY", "99999"},
    {"NL", "9999 AA"},  {"NO", "9999"},     {"NZ", "9999"},    {"PH", "9999"},    {"PL", "99-999"},
    {"PT", "9999-999"}, {"RO", "999999"},   {"RU", "999999"},  {"SE", "999 99"},  {"SG", "999999"},
    {"SI", "9999"},     {"SK", "999 99"},   {"TH", "99999"},   {"TR", "99999"},   {"TW", "999"},
    {"TW", "99999"},    {"TW", "999999"},   {"UA", "99999"},   {"US", "99999"},   {"US", "99999-9999"},
    {"VN", "99999"},    {"VN", "999999"},   {"ZA", "9999"},
};

static const struct {
    const char *country;
    size_t size;
} districts[] = {{"CA", 3}, {"TW", 3}, {"US", 5}};

static bool is_of(const char *country, const char *code)
{
    return code && strcmp(country, code) == 0;
}

size_t contacts_district_size(const char *country_code)
{
    for (size_t i = 0; i < COUNT(districts); i++)
        if (is_of(districts[i].country, country_code))
            return districts[i].size;
    return 0;
}

/* The letters and digits of `code` in the pattern; NULL: they do not fit. */
static char *written(const char *pattern, const char *code, struct arena *a)
{
    char *out = arena_alloc(a, CODE_MAX + 1);
    for (size_t n = 0; *pattern; pattern++, n++) {
        bool is_digit = *pattern == '9', is_letter = *pattern == 'A';
        out[n] = is_digit || is_letter ? *code : *pattern;
        if ((is_digit && !isdigit((unsigned char)*code)) || (is_letter && !isupper((unsigned char)*code)))
            return NULL;
        code += is_digit || is_letter;
    }
    return *code ? NULL : out;
}

static void capitals(char *text)
{
    for (; text && *text; text++)
        if (*text >= 'a' && *text <= 'z')
            *text = (char)(*text + 'A' - 'a');
}

char *contacts_postcode(const char *country_code, const char *text, struct arena *a)
{
    char *code = text ? text_fold_postcode(a, text) : NULL, *found = NULL;
    bool known = false;
    capitals(code);
    for (size_t i = 0; code && !found && i < COUNT(formats); i++)
        if (is_of(formats[i].country, country_code)) {
            known = true;
            found = written(formats[i].pattern, code, a);
        }
    if (known || !code)
        return found;
    char *other = text_fold(a, text);
    capitals(other);
    return other;
}

const char *contacts_postcode_example(const char *country_code)
{
    for (size_t i = 0; i < COUNT(formats); i++)
        if (is_of(formats[i].country, country_code))
            return formats[i].pattern;
    return NULL;
}
