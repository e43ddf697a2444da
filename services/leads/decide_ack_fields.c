/* What a template can speak of. Strangers fill in forms with other people's addresses: what they wrote goes
   out in our name only as one short line that no mail program makes a link of. */
#include <stddef.h>
#include <string.h>

#include "base/text.h"
#include "services/leads/ack.h"
#include "services/leads/leads.h"

typedef const char *read_fn(const struct leads_ack_source *from, struct arena *a);

static bool is_letter(char c)
{
    return (unsigned char)c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_letter_or_digit(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9');
}

/* "buy.example", but not "J.R. Smith". */
static bool has_domain(const char *s)
{
    for (const char *dot = strchr(s, '.'); dot; dot = strchr(dot + 1, '.'))
        if (dot - s >= 2 && is_letter_or_digit(dot[-1]) && is_letter_or_digit(dot[-2]) && is_letter(dot[1]) &&
            is_letter(dot[2]))
            return true;
    return false;
}

static const char *clean(const char *text, struct arena *a)
{
    char *s = text_trim(a, text);
    size_t to = 0;
    if (!s || strchr(s, '@') || strstr(s, "://") || has_domain(s))
        return NULL;
    for (size_t i = 0; s[i]; i++) {
        char c = (unsigned char)s[i] < ' ' || s[i] == 0x7f ? ' ' : s[i];
        if (c != ' ' || (to && s[to - 1] != ' '))
            s[to++] = c;
    }
    s[to] = '\0';
    s[text_clip(s, LEADS_VALUE_MAX)] = '\0';
    return *s ? s : NULL;
}

const char *leads_ack_person_name(const Baton__Lead *l, struct arena *a)
{
    const char *first = clean(l->first_name, a), *last = clean(l->last_name, a);
    if (first && last)
        return arena_printf(a, "%s %s", first, last);
    return first ? first : last;
}

static const char *lead_name(const struct leads_ack_source *from, struct arena *a)
{
    return from->lead ? leads_ack_person_name(from->lead, a) : NULL;
}

static const char *lead_phone(const struct leads_ack_source *from, struct arena *a)
{
    const Baton__Lead *l = from->lead;
    const char *phone = !l ? NULL : l->phone ? l->phone : l->mobile_phone;
    return phone && text_is_phone(phone) ? clean(phone, a) : NULL;
}

static const char *owner_name(const struct leads_ack_source *from, struct arena *a)
{
    return from->owner ? from->owner->name : from->r->organisation_name;
}

static const char *owner_email(const struct leads_ack_source *from, struct arena *a)
{
    return from->owner ? from->owner->email : NULL;
}

static const char *owner_phone(const struct leads_ack_source *from, struct arena *a)
{
    return from->owner ? from->owner->phone : NULL;
}

static const char *organisation_name(const struct leads_ack_source *from, struct arena *a)
{
    return from->r->organisation_name;
}

/* In the zone by which the deadline was counted: of who is to call, or of where the lead lies. */
static const char *due(const struct leads_ack_source *from, struct arena *a)
{
    char text[LOCALE_DATE_SIZE];
    if (!from->lead || !from->owner || !from->lead->response_due_at || !from->date)
        return NULL;
    const int64_t at_us = timestamp_us(from->lead->response_due_at);
    const struct worktime *clock = leads_clock(from->r, from->owner, from->lead, a);
    locale_date_write(from->date, at_us, clock ? worktime_offset(clock, at_us) : 0, text);
    return arena_strdup(a, text);
}

/* Either a text of Lead, by where it stands there, or a function. */
static const struct field {
    const char *name;
    size_t offset;
    read_fn *read;
    bool sure;
} fields[] = {
    {.name = "lead.salutation", .offset = offsetof(Baton__Lead, salutation)},
    {.name = "lead.first_name", .offset = offsetof(Baton__Lead, first_name)},
    {.name = "lead.last_name", .offset = offsetof(Baton__Lead, last_name)},
    {.name = "lead.name", .read = lead_name},
    {.name = "lead.title", .offset = offsetof(Baton__Lead, title)},
    {.name = "lead.company", .offset = offsetof(Baton__Lead, company)},
    {.name = "lead.product", .offset = offsetof(Baton__Lead, product_interest)},
    {.name = "lead.phone", .read = lead_phone},
    {.name = "owner.name", .read = owner_name, .sure = true},
    {.name = "owner.email", .read = owner_email},
    {.name = "owner.phone", .read = owner_phone},
    {.name = "due", .read = due},
    {.name = "organisation.name", .read = organisation_name, .sure = true},
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
    const struct leads_ack_source *from = source;
    const struct field *f = &fields[field];
    if (f->read)
        return f->read(from, a);
    return from->lead ? clean(*(char *const *)((const char *)from->lead + f->offset), a) : NULL;
}

const struct fill_fields leads_ack_fields = {field_name, field_is_sure, field_value};
