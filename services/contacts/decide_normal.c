/* What was typed of accounts and contacts, normalised. The rules are numbered;
   tests/unit/test_contacts_normal.c has the same numbers. */
#include "services/contacts/normal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/country.h"
#include "base/phone.h"
#include "base/text.h"

enum {
    STREET_MAX = 1024,
    PART_MAX = 400,
    COMPANY_MAX = 1600,
    PERSON_MAX = 800,
    HINT_MAX = 400,
    POSTCODE_MAX = 64,
    EMAIL_MAX = 1024
};

struct normal {
    const struct contacts_normal_facts *f;
    struct arena *a;
    Baton__DataHint **hints;
    size_t n_hints;
};

__attribute__((format(printf, 3, 4))) static void hint(struct normal *n, const char *field,
                                                       const char *format, ...)
{
    char text[HINT_MAX + 1];
    va_list args;
    if (n->n_hints == CONTACTS_HINTS_MAX)
        return;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args); /* cut off is good enough */
    va_end(args);
    Baton__DataHint *h = n->hints[n->n_hints++] = ARENA_NEW(n->a, Baton__DataHint);
    baton__data_hint__init(h);
    h->field = arena_strdup(n->a, field);
    h->message = arena_strndup(n->a, text, text_clip(text, HINT_MAX));
}

/* 1: names and parts of addresses are composed, single-spaced, of usual width; case and script stay */
static char *shown(struct normal *n, const char *text, size_t max)
{
    char *tidy = text_tidy(n->a, text);
    return tidy ? arena_strndup(n->a, tidy, text_clip(tidy, max)) : NULL;
}

const char *contacts_country_key(const char *country, struct arena *a)
{
    const char *code = country_of(country, a);
    return code ? code : text_fold_place(a, country);
}

static char *email(struct normal *n, const char *text)
{
    const char *typo;
    if (!text_trim(n->a, text))
        return NULL;
    /* 2: an address has its domain in lower case and ASCII; a slip in it is told, not mended */
    char *address = contacts_email(text, &typo, n->a);
    if (!address)
        hint(n, "email", "\"%s\" is no e-mail address", text);
    else if (typo)
        hint(n, "email", "was %.*s@%s meant?", (int)(strrchr(address, '@') - address), address, typo);
    return address && strlen(address) <= EMAIL_MAX ? address : NULL;
}

/* 3: a number is what is dialled from anywhere, in the address' country, else the organisation's */
static char *phone(struct normal *n, const char *field, const char *text, const char *country)
{
    char *number = phone_e164(text, country, n->a);
    if (number || !text_trim(n->a, text))
        return number;
    if (!country)
        hint(n, field,
             "which country \"%s\" is dialled in is not known; write it with + or give the address a country",
             text);
    else
        hint(n, field, "\"%s\" is no telephone number of %s", text, country);
    return NULL;
}

/* --- addresses --- */

static const struct contacts_place_set *set_of(const struct normal *n, const char *country, const char *code)
{
    for (size_t i = 0; country && code && i < n->f->n_sets; i++)
        if (strcmp(n->f->sets[i].country, country) == 0 && strcmp(n->f->sets[i].code, code) == 0)
            return &n->f->sets[i];
    return NULL;
}

/* 4: the address' own country, else the organisation's */
static const char *country_code(const struct normal *n, const Baton__Address *at)
{
    return at && text_trim(n->a, at->country) ? country_of(at->country, n->a) : n->f->country;
}

static const struct contacts_place_set *places_of(const struct normal *n, const Baton__Address *at)
{
    const char *country =
        at && text_trim(n->a, at->country) ? contacts_country_key(at->country, n->a) : n->f->country;
    return at ? set_of(n, country, text_fold_postcode(n->a, at->postal_code)) : NULL;
}

static bool has_letters_of_ascii(const char *s)
{
    for (; *s; s++)
        if ((*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z'))
            return true;
    return false;
}

/* 5: one within the other is the same place; names in different scripts say nothing */
static bool agrees(const char *a, const char *b)
{
    return !a || !b || strstr(a, b) || strstr(b, a) || has_letters_of_ascii(a) != has_letters_of_ascii(b);
}

static bool is_there(const struct normal *n, const Baton__Address *at, const Baton__PlaceAt *place)
{
    if (place->name && strstr(place->name, "…")) /* not all of its names stand there */
        return true;
    const char *name = text_words(n->a, place->name);
    const char *city = text_words(n->a, at->city), *state = text_words(n->a, at->state);
    /* 6: 中正區 of 臺北市 is named by city and state together, in either order */
    return agrees(name, city) || (state && (agrees(name, arena_printf(n->a, "%s%s", state, city)) ||
                                            agrees(name, arena_printf(n->a, "%s%s", city, state))));
}

static void compare_city(struct normal *n, const char *field, const Baton__Address *at,
                         const struct contacts_place_set *set)
{
    if (!set || !text_words(n->a, at->city))
        return;
    for (size_t i = 0; i < set->n; i++)
        if (is_there(n, at, set->places[i]))
            return;
    if (set->n)
        hint(n, arena_printf(n->a, "%s.city", field), "postal code %s is %s, not %s", at->postal_code,
             set->places[0]->name, at->city);
    else if (set->country_is_known)
        hint(n, arena_printf(n->a, "%s.postal_code", field), "there is no postal code %s there",
             at->postal_code);
}

static Baton__NormalizedAddress *address(struct normal *n, const char *field, const Baton__Address *at)
{
    if (!at)
        return NULL;
    Baton__NormalizedAddress *out = ARENA_NEW(n->a, Baton__NormalizedAddress);
    baton__normalized_address__init(out);
    const char *code = country_code(n, at);
    out->country_code = arena_strdup(n->a, code);
    out->street = shown(n, at->street, STREET_MAX);
    out->city = shown(n, at->city, PART_MAX);
    out->state = shown(n, at->state, PART_MAX);
    /* 7: a country that nobody calls so, or a code that it does not write so, is told */
    if (!code && text_trim(n->a, at->country))
        hint(n, arena_printf(n->a, "%s.country", field), "no country is called \"%s\"", at->country);
    char *postcode = contacts_postcode(code, at->postal_code, n->a);
    const char *example = contacts_postcode_example(code);
    if (!postcode && example && text_trim(n->a, at->postal_code))
        hint(n, arena_printf(n->a, "%s.postal_code", field), "postal codes of %s look like %s, not %s", code,
             example, at->postal_code);
    out->postal_code = postcode ? arena_strndup(n->a, postcode, text_clip(postcode, POSTCODE_MAX)) : NULL;
    /* 8: postal code and city agree, or what does not is told */
    compare_city(n, field, at, places_of(n, at));
    return out;
}

/* 9: where the postal code is, or else where its beginning is */
static Baton__Whereabouts *whereabouts(struct normal *n, const Baton__Address *at)
{
    const struct contacts_place_set *set = places_of(n, at);
    if (!set || !set->n)
        return NULL;
    Baton__Whereabouts *w = ARENA_NEW(n->a, Baton__Whereabouts);
    baton__whereabouts__init(w);
    w->has_latitude_e6 = w->has_longitude_e6 = w->has_exactness = true;
    w->latitude_e6 = set->places[0]->latitude_e6;
    w->longitude_e6 = set->places[0]->longitude_e6;
    w->exactness =
        set->is_district ? BATON__EXACTNESS__EXACTNESS_DISTRICT : BATON__EXACTNESS__EXACTNESS_POSTAL_CODE;
    return w;
}

/* --- records --- */

static struct normal begin(const struct contacts_normal_facts *f, struct arena *a)
{
    return (struct normal){.f = f, .a = a, .hints = ARENA_ARRAY(a, Baton__DataHint *, CONTACTS_HINTS_MAX)};
}

void contacts_normalize_account(const struct contacts_normal_facts *f, Baton__Account *r, struct arena *a)
{
    struct normal n = begin(f, a);
    Baton__Normalized *out = r->normalized = ARENA_NEW(a, Baton__Normalized);
    baton__normalized__init(out);
    const Baton__Address *at = r->billing_address ? r->billing_address : r->shipping_address;
    out->name = shown(&n, r->name, COMPANY_MAX);
    out->phone_e164 = phone(&n, "phone", r->phone, country_code(&n, at));
    out->address = address(&n, "billing_address", r->billing_address);
    out->shipping_address = address(&n, "shipping_address", r->shipping_address);
    /* 10: visits go where the goods go */
    r->whereabouts = whereabouts(&n, r->shipping_address);
    if (!r->whereabouts)
        r->whereabouts = whereabouts(&n, r->billing_address);
    r->hints = n.hints;
    r->n_hints = n.n_hints;
}

void contacts_normalize_contact(const struct contacts_normal_facts *f, Baton__Contact *r, struct arena *a)
{
    struct normal n = begin(f, a);
    Baton__Normalized *out = r->normalized = ARENA_NEW(a, Baton__Normalized);
    baton__normalized__init(out);
    const char *country = country_code(&n, r->mailing_address);
    out->first_name = shown(&n, r->first_name, PERSON_MAX);
    out->last_name = shown(&n, r->last_name, PERSON_MAX);
    out->email = email(&n, r->email);
    out->phone_e164 = phone(&n, "phone", r->phone, country);
    out->mobile_phone_e164 = phone(&n, "mobile_phone", r->mobile_phone, country);
    out->address = address(&n, "mailing_address", r->mailing_address);
    r->whereabouts = whereabouts(&n, r->mailing_address);
    r->hints = n.hints;
    r->n_hints = n.n_hints;
}
