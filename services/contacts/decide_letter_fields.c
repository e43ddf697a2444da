/* What a letter can speak of. */
#include <stddef.h>
#include <string.h>

#include "base/text.h"
#include "services/contacts/letter.h"

enum { VALUE_MAX = 400, CODE_MAX = 4 };

/* In UTF-8: signs that turn the direction of what follows them, and marks of it. */
static bool is_turning(const char *s)
{
    static const char *const signs[] = {"\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066",
                                        "\u2067", "\u2068", "\u2069", "\u200e", "\u200f", "\u061c"};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (strncmp(s, signs[i], strlen(signs[i])) == 0)
            return true;
    return false;
}

static size_t code_size(const char *s)
{
    size_t n = 1;
    while (n < CODE_MAX && ((unsigned char)s[n] & 0xc0) == 0x80)
        n++;
    return n;
}

const char *letter_value(const char *text, struct arena *a)
{
    char *s = text_tidy(a, text);
    size_t to = 0, n;
    for (const char *from = s; from && *from; from += n) {
        n = code_size(from);
        if ((unsigned char)*from < ' ' || *from == 0x7f || is_turning(from))
            continue;
        memmove(s + to, from, n);
        to += n;
    }
    if (!s || !to)
        return NULL;
    s[to] = '\0';
    s[text_clip(s, VALUE_MAX)] = '\0';
    return s;
}

static const char *contact_name(const struct letter_source *from, struct arena *a)
{
    const Baton__Contact *c = from->person ? from->person->contact : NULL;
    const char *first = c ? letter_value(c->first_name, a) : NULL,
               *last = c ? letter_value(c->last_name, a) : NULL;
    return first && last ? arena_printf(a, "%s %s", first, last) : first ? first : last;
}

static const char *today(const struct letter_source *from, struct arena *a)
{
    return from->today ? from->today : "";
}

enum whose { OF_CONTACT, OF_ACCOUNT, OF_OWNER, OF_OPPORTUNITY };

/* Either a text of somebody's record, by where it stands there, or a function. */
static const struct field {
    const char *name;
    enum whose whose;
    size_t offset;
    const char *(*read)(const struct letter_source *from, struct arena *a);
    bool sure;
} fields[] = {
    {"contact.salutation", OF_CONTACT, offsetof(Baton__Contact, salutation), NULL, false},
    {"contact.first_name", OF_CONTACT, offsetof(Baton__Contact, first_name), NULL, false},
    {"contact.last_name", OF_CONTACT, offsetof(Baton__Contact, last_name), NULL, false},
    {"contact.name", OF_CONTACT, 0, contact_name, false},
    {"contact.title", OF_CONTACT, offsetof(Baton__Contact, title), NULL, false},
    {"contact.department", OF_CONTACT, offsetof(Baton__Contact, department), NULL, false},
    {"contact.email", OF_CONTACT, offsetof(Baton__Contact, email), NULL, false},
    {"contact.phone", OF_CONTACT, offsetof(Baton__Contact, phone), NULL, false},
    {"account.name", OF_ACCOUNT, offsetof(Baton__Account, name), NULL, false},
    {"account.industry", OF_ACCOUNT, offsetof(Baton__Account, industry), NULL, false},
    {"account.phone", OF_ACCOUNT, offsetof(Baton__Account, phone), NULL, false},
    {"account.website", OF_ACCOUNT, offsetof(Baton__Account, website), NULL, false},
    {"opportunity.name", OF_OPPORTUNITY, offsetof(Baton__LetterOpportunity, name), NULL, false},
    {"opportunity.amount", OF_OPPORTUNITY, offsetof(Baton__LetterOpportunity, amount), NULL, false},
    {"opportunity.close_date", OF_OPPORTUNITY, offsetof(Baton__LetterOpportunity, close_date), NULL, false},
    {"owner.name", OF_OWNER, offsetof(Baton__User, name), NULL, false},
    {"owner.email", OF_OWNER, offsetof(Baton__User, email), NULL, false},
    {"today", OF_CONTACT, 0, today, true},
};
enum { FIELDS = sizeof fields / sizeof *fields };

static const char *field_name(uint32_t field)
{
    return field < FIELDS ? fields[field].name : NULL;
}

static bool field_is_sure(uint32_t field)
{
    return fields[field].sure;
}

static const char *field_value(uint32_t field, const void *source, struct arena *a)
{
    const struct letter_source *from = source;
    const struct letter_person *p = from->person;
    const struct field *f = &fields[field];
    const void *const records[] = {
        [OF_CONTACT] = p ? p->contact : NULL,
        [OF_ACCOUNT] = p ? p->account : NULL,
        [OF_OWNER] = p ? p->owner : NULL,
        [OF_OPPORTUNITY] = from->opportunity,
    };
    if (f->read)
        return f->read(from, a);
    const char *record = records[f->whose];
    return record ? letter_value(*(char *const *)(record + f->offset), a) : NULL;
}

const struct fill_fields letter_fields = {field_name, field_is_sure, field_value};
