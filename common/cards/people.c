/* What of a card is a contact or an account of ours, and back. What there is no field for stays as it is. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/rfc3339.h"
#include "base/text.h"
#include "cards/card.h"

enum {
    TEXT_MAX = 200,
    ORG_MAX = 400,
    SALUTATION_MAX = 40,
    EMAIL_MAX = 254,
    PHONE_MAX = 64,
    KEY_TEXT_MAX = 250,
    URL_MAX = 1024,
    STREET_MAX = 1024,
    POSTCODE_MAX = 32,
    COUNTRY_MAX = 100,
    N_PARTS = 5,
    ADR_PARTS = 7,
    NAMES = 3, /* FN, N, ORG */
};

/* A card being taken apart: lines that a field has taken whole are marked. */
struct taking {
    struct card *card;
    bool taken[CARD_LINES_MAX];
    struct arena *arena;
};

static char *fitting(char *text, size_t max)
{
    return text && strlen(text) <= max ? text : NULL;
}

typedef bool wanted_fn(const struct card_line *l);

/* The preferred line of this name, else the first; -1: there is none. */
static int find(const struct taking *t, const char *name, wanted_fn *wanted)
{
    int found = -1;
    for (size_t i = 0; i < t->card->n_lines; i++) {
        const struct card_line *l = &t->card->lines[i];
        if (t->taken[i] || strcmp(l->name, name) != 0 || (wanted && !wanted(l)))
            continue;
        if (card_is_preferred(l))
            return (int)i;
        if (found < 0)
            found = (int)i;
    }
    return found;
}

static char *plain(const struct taking *t, const char *value)
{
    return card_unescape(value, strlen(value), t->arena);
}

/* The text of a line that one field takes whole. */
static char *take_text(struct taking *t, const char *name, wanted_fn *wanted, size_t max)
{
    int i = find(t, name, wanted);
    char *text = i >= 0 ? fitting(plain(t, t->card->lines[i].value), max) : NULL;
    if (!text || !*text)
        return NULL;
    t->taken[i] = true;
    return text;
}

/* --- names --- */

/* A structured value with these components; trailing empty ones are left out, but one stays. */
static char *structured(char *const *parts, size_t n, struct arena *a)
{
    char *text = "";
    size_t last = 0;
    for (size_t i = 0; i < n; i++)
        if (parts[i])
            last = i;
    for (size_t i = 0; i <= last; i++)
        text = arena_printf(a, "%s%s%s", text, i ? ";" : "", parts[i] ? card_escape(parts[i], a) : "");
    return text;
}

/* What of N there is no field for stays as a line of its own. */
static void take_name(struct taking *t, char **first, char **last, char **salutation)
{
    int i = find(t, "N", NULL);
    if (i < 0)
        return;
    struct card_line *l = &t->card->lines[i];
    char *parts[N_PARTS];
    for (size_t k = 0; k < N_PARTS; k++)
        parts[k] = card_component(l->value, k, t->arena);
    char **const fields[N_PARTS] = {last, first, NULL, salutation, NULL};
    const size_t longest[N_PARTS] = {TEXT_MAX, TEXT_MAX, 0, SALUTATION_MAX, 0};
    bool left = false;
    for (size_t k = 0; k < N_PARTS; k++) {
        if (fields[k] && fitting(parts[k], longest[k])) {
            *fields[k] = parts[k];
            parts[k] = NULL;
        }
        left = left || parts[k];
    }
    if (left)
        l->value = structured(parts, N_PARTS, t->arena);
    else
        t->taken[i] = true;
}

static char *full_name(const Baton__Contact *c, struct arena *a)
{
    const char *first = c->first_name ? c->first_name : "", *last = c->last_name ? c->last_name : "";
    return arena_printf(a, "%s%s%s", first, *first && *last ? " " : "", last);
}

/* FN is what we would write ourselves, or all the name there is; else it stays. */
static void take_formatted(struct taking *t, Baton__Contact *c)
{
    int i = find(t, "FN", NULL);
    char *text = i >= 0 ? plain(t, t->card->lines[i].value) : NULL;
    if (!text || !text_trim(t->arena, text)) {
        if (i >= 0)
            t->taken[i] = true;
        return;
    }
    bool is_named = c->first_name || c->last_name, is_address = c->email && strcmp(c->email, text) == 0;
    if (!is_named && (is_address || strlen(text) <= TEXT_MAX)) {
        c->last_name = is_address ? NULL : text; /* a card must have an FN, if there is no name at all */
        t->taken[i] = true;
        return;
    }
    t->taken[i] = strcmp(full_name(c, t->arena), text) == 0;
}

/* ORG: the company, its department, and what is below that. */
static char *take_org(struct taking *t, char **department)
{
    int i = find(t, "ORG", NULL);
    if (i < 0)
        return NULL;
    struct card_line *l = &t->card->lines[i];
    char *company = card_component(l->value, 0, t->arena), *below = card_component(l->value, 1, t->arena);
    bool fits = (!company || fitting(company, ORG_MAX)) && (!below || fitting(below, TEXT_MAX));
    if (!fits || (!company && !below) || (company && !text_trim(t->arena, company)))
        return NULL;
    *department = below;
    /* What is below the department stays, with all above it, which tells whether it still belongs there. */
    t->taken[i] = !card_component(l->value, 2, t->arena);
    return company;
}

/* --- numbers, addresses, days --- */

static bool is_mobile(const struct card_line *l)
{
    return card_is_type(l, "cell") && !card_is_type(l, "fax");
}

static bool is_voice(const struct card_line *l)
{
    static const char *const others[] = {"fax", "pager", "cell", "modem", "bbs"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (card_is_type(l, others[i]))
            return false;
    return true;
}

static char *without_scheme(char *number)
{
    return number && strncasecmp(number, "tel:", 4) == 0 ? number + 4 : number;
}

static Baton__Address *take_address(struct taking *t)
{
    int i = find(t, "ADR", NULL);
    if (i < 0)
        return NULL;
    char *parts[ADR_PARTS], *street = NULL;
    for (size_t k = 0; k < ADR_PARTS; k++)
        parts[k] = card_component(t->card->lines[i].value, k, t->arena);
    for (size_t k = 0; k < 3; k++)
        if (parts[k])
            street = street ? arena_printf(t->arena, "%s\n%s", street, parts[k]) : parts[k];
    const struct {
        char *text;
        size_t max;
    } all[] = {{street, STREET_MAX},
               {parts[3], TEXT_MAX},
               {parts[4], TEXT_MAX},
               {parts[5], POSTCODE_MAX},
               {parts[6], COUNTRY_MAX}};
    bool some = false;
    for (size_t k = 0; k < sizeof all / sizeof *all; k++) {
        if (all[k].text && strlen(all[k].text) > all[k].max)
            return NULL;
        some = some || all[k].text;
    }
    if (!some)
        return NULL;
    Baton__Address *address = ARENA_NEW(t->arena, Baton__Address);
    baton__address__init(address);
    address->street = street;
    address->city = parts[3];
    address->state = parts[4];
    address->postal_code = parts[5];
    address->country = parts[6];
    t->taken[i] = true;
    return address;
}

/* A whole day, 19800322 or 1980-03-22 with whatever behind it; a day without its year stays as it is. */
static char *take_birthday(struct taking *t)
{
    int i = find(t, "BDAY", NULL);
    char digits[9], day[11];
    size_t n = 0;
    if (i < 0)
        return NULL;
    for (const char *p = t->card->lines[i].value; *p && n < 8; p++)
        if (isdigit((unsigned char)*p))
            digits[n++] = *p;
        else if (*p != '-')
            break;
    digits[n] = '\0';
    (void)snprintf(day, sizeof day, "%.4s-%.2s-%.2s", digits, n == 8 ? digits + 4 : "",
                   n == 8 ? digits + 6 : "");
    if (n < 8 || t->card->lines[i].value[0] == '-' || !rfc3339_is_date(day))
        return NULL;
    t->taken[i] = true;
    return arena_strdup(t->arena, day);
}

/* --- what stays --- */

static const char *const ours[] = {
    "PRODID", "PROFILE", "REV", "X-BATON-REASON"}; /* said of the card, not of the person; we say our own */

static bool is_ours(const struct card_line *l)
{
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        if (strcmp(l->name, ours[i]) == 0)
            return true;
    return false;
}

/* What we write ourselves comes first, in the order in which we do, so that a card that was written and read
   again is the same. */
static size_t place_of(const struct card_line *l)
{
    static const char *const first[NAMES] = {"FN", "N", "ORG"};
    size_t i = 0;
    while (i < NAMES && strcmp(first[i], l->name) != 0)
        i++;
    return i;
}

static size_t size_of(const struct card_line *l, struct arena *a)
{
    const char *text = card_lines_text(l, 1, 2 * CARD_LINE_MAX, a);
    return text ? strlen(text) + 1 : CARD_REST_MAX + 1;
}

/* Where all of them are too much together, the largest are left out. */
static char *rest_of(struct taking *t)
{
    struct card *c = t->card;
    struct card_line *rest = ARENA_ARRAY(t->arena, struct card_line, c->n_lines);
    size_t *sizes = ARENA_ARRAY(t->arena, size_t, c->n_lines), n = 0, total = 0;
    for (size_t k = 0; k <= NAMES; k++) /* names, then all others */
        for (size_t i = 0; i < c->n_lines; i++)
            if (!t->taken[i] && !is_ours(&c->lines[i]) && place_of(&c->lines[i]) == k) {
                rest[n] = c->lines[i];
                total += sizes[n] = size_of(&rest[n], t->arena);
                n++;
            }
    while (n && total > CARD_REST_MAX) {
        size_t largest = 0;
        for (size_t i = 1; i < n; i++)
            if (sizes[i] > sizes[largest])
                largest = i;
        c->remarks = arena_printf(t->arena, "%s%s%s is too large and is left out", c->remarks,
                                  *c->remarks ? "; " : "", rest[largest].name);
        total -= sizes[largest];
        memmove(&rest[largest], &rest[largest + 1], (n - largest - 1) * sizeof *rest);
        memmove(&sizes[largest], &sizes[largest + 1], (n - largest - 1) * sizeof *sizes);
        n--;
    }
    return n ? (char *)(uintptr_t)card_lines_text(rest, n, CARD_REST_MAX, t->arena) : NULL;
}

void card_to_contact(struct card *c, Baton__Contact *contact, const char **company, struct arena *a)
{
    struct taking *t = ARENA_NEW(a, struct taking);
    t->card = c;
    t->arena = a;
    take_name(t, &contact->first_name, &contact->last_name, &contact->salutation);
    *company = take_org(t, &contact->department);
    contact->title = take_text(t, "TITLE", NULL, TEXT_MAX);
    contact->email = take_text(t, "EMAIL", NULL, EMAIL_MAX);
    take_formatted(t, contact);
    contact->mobile_phone = without_scheme(take_text(t, "TEL", is_mobile, PHONE_MAX));
    contact->phone = without_scheme(take_text(t, "TEL", is_voice, PHONE_MAX));
    contact->mailing_address = take_address(t);
    contact->birthday = take_birthday(t);
    contact->external_id = take_text(t, "UID", NULL, KEY_TEXT_MAX);
    contact->vcard_rest = rest_of(t);
}

void card_to_account(struct card *c, Baton__Account *account, struct arena *a)
{
    struct taking *t = ARENA_NEW(a, struct taking);
    char *department = NULL;
    t->card = c;
    t->arena = a;
    account->name = take_org(t, &department);
    char *formatted = take_text(t, "FN", NULL, ORG_MAX);
    if (!account->name)
        account->name = formatted;
    account->phone = without_scheme(take_text(t, "TEL", is_voice, PHONE_MAX));
    account->website = take_text(t, "URL", NULL, URL_MAX);
    account->billing_address = take_address(t);
    account->external_id = take_text(t, "UID", NULL, KEY_TEXT_MAX);
    account->vcard_rest = rest_of(t);
}
