/* What of a contact or an account is compared, and under what it is found. */
#include <string.h>

#include "base/text.h"
#include "services/contacts/match.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* 1: full-width digits are digits, and whatever stands between them does not count */
static char *digits_of(const char *s, struct arena *a)
{
    char *text = s ? text_fold(a, s) : NULL;
    size_t n = 0;
    for (const char *p = text; p && *p; p++)
        if (is_digit(*p))
            text[n++] = *p;
    if (text)
        text[n] = '\0';
    return n ? text : NULL;
}

/* 2: a birthday has all of year, month and day */
static const char *birthday_of(const char *s, struct arena *a)
{
    enum { DATE_DIGITS = 8 };
    const char *digits = digits_of(s, a);
    return digits && strlen(digits) == DATE_DIGITS ? digits : NULL;
}

/* 3: names are written with and without spaces, hyphens and apostrophes */
static const char *joined(const char *s, struct arena *a)
{
    char *text = s ? text_words(a, s) : NULL;
    size_t n = 0;
    for (const char *p = text; p && *p; p++)
        if (*p != ' ')
            text[n++] = *p;
    if (text)
        text[n] = '\0';
    return text;
}

/* 4: the first number of the first line is that of the house, wherever it stands: "8 Stanley St", "Hauptstr.
   5", and between characters */
static void street_of(const char *street, struct match_keys *k, struct arena *a)
{
    char *line = street ? text_fold_place(a, street) : NULL;
    if (!line)
        return;
    size_t number = strcspn(line, "0123456789");
    size_t end = number + strspn(line + number, "0123456789");
    if (end > number) {
        k->of[MATCH_NUMBER] = arena_strndup(a, line + number, end - number);
        memset(line + number, ' ', end - number);
    }
    k->of[MATCH_STREET] = text_words(a, line);
}

/* 5: what follows the first line, or the first comma, is a line of its own */
static void address_of(const Baton__Address *at, struct match_keys *k, struct arena *a)
{
    if (at->street) {
        size_t first = strcspn(at->street, "\n,");
        street_of(arena_strndup(a, at->street, first), k, a);
        k->of[MATCH_LINE] = at->street[first] ? text_words(a, at->street + first + 1) : NULL;
    }
    k->of[MATCH_CITY] = text_words(a, at->city);
    k->of[MATCH_POSTAL_CODE] = text_fold_postcode(a, at->postal_code);
    k->of[MATCH_STATE] = text_words(a, at->state);
}

void match_keys_of(const struct match_said *said, struct match_keys *k, struct arena *a)
{
    const char *country = said->address ? said->address->country : NULL;
    *k = (struct match_keys){0};
    k->of[MATCH_FIRST_NAME] = joined(said->first_name, a);
    k->of[MATCH_LAST_NAME] = joined(said->last_name, a);
    k->of[MATCH_COMPANY] = said->company ? company_of(said->company, a) : NULL;
    k->of[MATCH_BIRTHDAY] = birthday_of(said->birthday, a);
    k->of[MATCH_EMAIL] = email_of(said->email, a);
    /* 6: an office's address is nobody's own */
    if (k->of[MATCH_EMAIL] && email_is_role(k->of[MATCH_EMAIL], a))
        k->of[MATCH_EMAIL] = NULL;
    k->of[MATCH_DOMAIN] = site_of(said->website, a);
    for (size_t i = 0; i < MATCH_PHONES; i++)
        k->phones[i] = phone_of(said->phones[i], country, a);
    k->of[MATCH_PHONE] = k->phones[0].digits ? k->phones[0].digits : k->phones[1].digits;
    k->of[MATCH_IDENTIFIER] = said->identifier ? joined(said->identifier, a) : NULL;
    if (said->address)
        address_of(said->address, k, a);
}

void match_keys_of_contact(const Baton__Contact *c, struct match_keys *k, struct arena *a)
{
    const struct match_said said = {.first_name = c->first_name,
                                    .last_name = c->last_name,
                                    .birthday = c->birthday,
                                    .email = c->email,
                                    .phones = {c->phone, c->mobile_phone},
                                    .address = c->mailing_address};
    match_keys_of(&said, k, a);
}

void match_keys_of_account(const Baton__Account *account, struct match_keys *k, struct arena *a)
{
    const struct match_said said = {.company = account->name,
                                    .website = account->website,
                                    .phones = {account->phone},
                                    .address = account->billing_address};
    match_keys_of(&said, k, a);
}

/* --- under what they are found: each pair of the same should have one of many in common --- */

/* Whichever comes first: first and last name may have changed places. */
static void both(struct near_keys *out, char kind, const char *a, const char *b)
{
    bool crossed = a && b && strcmp(a, b) > 0;
    near_key(out, kind, crossed ? b : a, crossed ? a : b);
}

/* The first characters of a text, in a buffer of the caller's; NULL stays NULL. */
enum { START_MAX = 16, CHARACTER_MAX = 4 };
static const char *start(const char *s, size_t characters, char out[START_MAX])
{
    size_t n = 0;
    if (!s)
        return NULL;
    for (; s[n]; n++) {
        bool begins = ((uint8_t)s[n] & 0xc0) != 0x80; /* of UTF-8 */
        if (begins && (!characters-- || n + CHARACTER_MAX >= START_MAX))
            break;
        out[n] = s[n];
    }
    out[n] = '\0';
    return out;
}

static void near_own(const struct match_keys *k, struct near_keys *out)
{
    const char *email = k->of[MATCH_EMAIL];
    enum { LOCAL_LEAST = 5 };
    near_key(out, 'i', k->of[MATCH_IDENTIFIER], "");
    near_key(out, 'e', email, "");
    for (size_t i = 0; i < MATCH_PHONES; i++)
        near_key(out, 'p', phone_tail(k->phones[i].digits), "");
    out->n_own = out->n;
    char local[START_MAX];
    size_t n = email ? strcspn(email, "@") : 0;
    if (n >= LOCAL_LEAST)
        near_key(out, 'l', start(email, n < START_MAX ? n : START_MAX - 1, local), "");
}

static void near_names(const struct match_keys *k, struct near_keys *out)
{
    enum { FIRST_START = 2, LAST_START = 2, YEAR = 4, MONTH = 6 };
    const char *names[2] = {k->of[MATCH_FIRST_NAME], k->of[MATCH_LAST_NAME]}, *day = k->of[MATCH_BIRTHDAY];
    char one[START_MAX], two[START_MAX], year[START_MAX], month[START_MAX];
    both(out, 'n', names[0], names[1]);
    (void)start(day, YEAR, year);
    (void)start(day, MONTH, month);
    for (size_t i = 0; i < 2; i++) {
        near_key(out, 'b', day, start(names[i], 1, one));
        near_key(out, 'y', names[i], day ? year : NULL);
        near_key(out, 'm', start(names[i], 1, one), day ? month : NULL);
        near_key(out, 'z', names[i], k->of[MATCH_POSTAL_CODE]);
        near_key(out, 'c', names[i], k->of[MATCH_CITY]);
        near_key(out, 'N', names[i], "");
    }
    both(out, 'x', start(names[0], FIRST_START, one), start(names[1], LAST_START, two));
}

void match_near(const struct match_keys *k, struct near_keys *out)
{
    *out = (struct near_keys){0};
    near_own(k, out);
    near_names(k, out);
    near_key(out, 'o', k->of[MATCH_EMAIL] ? email_domain(k->of[MATCH_EMAIL]) : NULL, "");
    near_key(out, 'C', k->of[MATCH_COMPANY], "");
    near_key(out, 'D', k->of[MATCH_DOMAIN], "");
    near_key(out, 's', k->of[MATCH_STREET], k->of[MATCH_NUMBER]);
    near_key(out, 't', k->of[MATCH_STREET], k->of[MATCH_POSTAL_CODE]);
}
