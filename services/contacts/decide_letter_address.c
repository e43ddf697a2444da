/* Addresses as the post of each country wants them. */
#include <string.h>

#include "base/country.h"
#include "base/locale.h"
#include "base/text.h"
#include "services/contacts/letter.h"

/* N: the person, O: their company, A: street, C: city, S: state, Z: postal code, P: the same behind its sign
   (〒). What stands between two of them is left out with the one behind it. */
#define BEFORE_CITY "O\nN\nA\nZ C"
static const struct form {
    const char *countries; /* ISO 3166-1, a space behind each; "": all others */
    const char *plain;
    const char *native;    /* where it is written in the country's own script; NULL: as plain */
    const char *honorific; /* behind the name there */
} forms[] = {
    {"AT BE CH CZ DE DK EE FI FR GR HR HU IL IS LI LT LU LV MC NL NO PL PT RO RS SE SI SK TR ", BEFORE_CITY,
     NULL, NULL},
    {"US CA AU PR ", "N\nO\nA\nC, S Z", NULL, NULL},
    {"GB IE ", "N\nO\nA\nC\nZ", NULL, NULL},
    {"IT ", "N\nO\nA\nZ C S", NULL, NULL},
    {"ES ", "N\nO\nA\nZ C\nS", NULL, NULL},
    {"BR ", "N\nO\nA\nC - S\nZ", NULL, NULL},
    {"MX ", "N\nO\nA\nZ C, S", NULL, NULL},
    {"IN ", "N\nO\nA\nC - Z\nS", NULL, NULL},
    {"NZ SG ZA ", "N\nO\nA\nC Z", NULL, NULL},
    {"JP ", "N\nO\nA\nC, S Z", "P\nSCA\nO\nN", " 様"},
    {"TW ", "N\nO\nA\nC, S Z", "Z\nSCA\nO\nN", " 收"},
    {"CN ", "N\nO\nA\nC, S Z", "Z\nSCA\nO\nN", " 收"},
    {"KR ", "N\nO\nA\nC, S Z", "SCA\nO\nN\nZ", " 귀하"},
    {"HK MO ", "N\nO\nA\nC\nS", "SCA\nO\nN", NULL},
    {"", "N\nO\nA\nZ C\nS", NULL, NULL},
};

static const struct form *form_of(const char *country)
{
    const struct form *f = forms;
    for (; *f->countries; f++)
        for (const char *at = f->countries; country && *at; at += 3)
            if (strncmp(at, country, 2) == 0)
                return f;
    return f;
}

/* Some of it is Han, Kana or Hangul: in UTF-8, from U+3000 on but for private signs. */
static bool is_native(const char *text)
{
    for (; text && *text; text++)
        if ((unsigned char)*text >= 0xe3 && (unsigned char)*text <= 0xed)
            return true;
    return false;
}

/* --- a person --- */

static const char *name_of(const struct letter_person *p, bool native, const struct form *f, struct arena *a)
{
    const char *first = letter_value(p->contact->first_name, a),
               *last = letter_value(p->contact->last_name, a),
               *salutation = letter_value(p->contact->salutation, a);
    const char *name = first && last ? native && is_native(first) && is_native(last)
                                           ? arena_printf(a, "%s%s", last, first)
                                           : arena_printf(a, "%s %s", first, last)
                       : first ? first
                                     : last;
    if (!name)
        return NULL;
    if (native)
        return arena_printf(a, "%s%s", name, f->honorific ? f->honorific : "");
    return salutation ? arena_printf(a, "%s %s", salutation, name) : name;
}

/* --- lines --- */

struct lines {
    const char **out;
    size_t n;
    const char *line, *between; /* being written; what stands before the next part */
    struct arena *a;
};

static void line_end(struct lines *l)
{
    if (l->line) {
        if (l->n < LETTER_LINES_MAX)
            l->out[l->n] = l->line;
        l->n++;
    }
    l->line = l->between = NULL;
}

static void line_add(struct lines *l, const char *part)
{
    if (!part)
        return;
    l->line = l->line ? arena_printf(l->a, "%s%s%s", l->line, l->between ? l->between : "", part) : part;
    l->between = NULL;
}

/* Each line of it is one; the last stays open. */
static void line_add_lines(struct lines *l, const char *text)
{
    for (const char *at = text; at && *at && l->n <= LETTER_LINES_MAX;) {
        const size_t n = strcspn(at, "\r\n");
        const char *part = letter_value(arena_strndup(l->a, at, n), l->a);
        if (part && l->line && at > text)
            line_end(l);
        line_add(l, part);
        at += n + (at[n] != '\0');
    }
}

struct parts {
    const char *person, *company, *city, *state, *code;
    const char *street; /* lines */
};

static void write_part(struct lines *l, char what, const struct parts *p)
{
    switch (what) {
    case 'N':
        line_add(l, p->person);
        break;
    case 'O':
        line_add(l, p->company);
        break;
    case 'A':
        line_add_lines(l, p->street);
        break;
    case 'C':
        line_add(l, p->city);
        break;
    case 'S':
        line_add(l, p->state);
        break;
    case 'Z':
        line_add(l, p->code);
        break;
    default:
        line_add(l, p->code ? arena_printf(l->a, "〒%s", p->code) : NULL);
        break;
    }
}

static void write_form(struct lines *l, const char *form, const struct parts *p)
{
    while (*form) {
        const size_t n = strcspn(form, "NOACSZP\n");
        if (n > 0)
            l->between = arena_strndup(l->a, form, n);
        form += n;
        if (*form == '\n')
            line_end(l);
        else if (*form)
            write_part(l, *form, p);
        form += *form != '\0';
    }
    line_end(l);
}

/* --- the whole --- */

static bool is_usable(const Baton__Address *at, struct arena *a)
{
    return at && text_trim(a, at->street) && (text_trim(a, at->city) || text_trim(a, at->postal_code));
}

static const Baton__Address *usable_of(const struct letter_person *p, struct arena *a)
{
    const Baton__Address *const any[] = {p->contact->mailing_address,
                                         p->account ? p->account->billing_address : NULL,
                                         p->account ? p->account->shipping_address : NULL};
    for (size_t i = 0; i < sizeof any / sizeof *any; i++)
        if (is_usable(any[i], a))
            return any[i];
    return NULL;
}

/* The name of the country in capitals, unless it is the one it is posted in. */
static const char *country_line(const char *country, const char *given, const char *sender,
                                const char *language, struct arena *a)
{
    if (!given || (country && sender && strcmp(country, sender) == 0))
        return NULL;
    return locale_country(language, country, given, a);
}

size_t letter_address(const struct letter_person *p, const char *sender_country, const char *language,
                      struct arena *a, const char *lines[LETTER_LINES_MAX])
{
    struct lines l = {.out = lines, .a = a};
    const Baton__Address *at = usable_of(p, a);
    if (!at)
        return 0;
    const char *given = letter_value(at->country, a), *sender = country_of(sender_country, a);
    const char *country = given ? country_of(given, a) : sender;
    const struct form *f = form_of(country);
    const bool native = f->native && (is_native(at->street) || is_native(at->city));
    struct parts parts = {.person = name_of(p, native, f, a),
                          .company = p->account ? letter_value(p->account->name, a) : NULL,
                          .city = letter_value(at->city, a),
                          .state = letter_value(at->state, a),
                          .code = letter_value(at->postal_code, a),
                          .street = at->street};
    if (parts.state && parts.city && strcmp(parts.state, parts.city) == 0)
        parts.state = NULL;
    if (parts.company && parts.person && strcmp(parts.company, parts.person) == 0)
        parts.company = NULL;
    write_form(&l, native ? f->native : f->plain, &parts);
    line_add(&l, country_line(country, given, sender, language, a));
    line_end(&l);
    return l.n;
}
