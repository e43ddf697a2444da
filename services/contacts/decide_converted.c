/* What a converted lead becomes: an account and a contact. */
#include "services/contacts/contacts.h"

#include <string.h>

#include "base/ident.h"
#include "base/text.h"

enum { ACCOUNT_NAME_MAX = 400, PERSON_NAME_MAX = 200 };

/* First and last name, or what else there is to call somebody by. */
static char *lead_name(const Baton__Lead *lead, struct arena *a)
{
    char *first = text_trim(a, lead->first_name), *last = text_trim(a, lead->last_name);
    if (first && last)
        return arena_printf(a, "%s %s", first, last);
    const char *const rest[] = {first, last, lead->email, lead->phone, lead->mobile_phone};
    for (size_t i = 0; i < sizeof rest / sizeof *rest; i++) {
        char *name = text_trim(a, rest[i]);
        if (name)
            return name;
    }
    return "Unnamed";
}

static char *clipped(struct arena *a, const char *text, size_t max)
{
    return arena_strndup(a, text, text_clip(text, max));
}

Baton__Account *contacts_account_of(const Baton__LeadConverted *e, struct arena *arena)
{
    const Baton__Lead *lead = e->lead;
    uint8_t territory[IDENT_SIZE];
    char *company = text_trim(arena, lead->company);
    Baton__Account *a = ARENA_NEW(arena, Baton__Account);
    baton__account__init(a);
    a->id = e->account_id;
    a->name = clipped(arena, company ? company : lead_name(lead, arena), ACCOUNT_NAME_MAX);
    a->has_type = true;
    a->type = BATON__ACCOUNT_TYPE__ACCOUNT_TYPE_PROSPECT;
    a->industry = lead->industry;
    a->has_annual_revenue = lead->has_annual_revenue;
    a->annual_revenue = lead->annual_revenue;
    a->has_number_of_employees = lead->has_number_of_employees && lead->number_of_employees >= 0;
    a->number_of_employees = a->has_number_of_employees ? lead->number_of_employees : 0;
    a->billing_address = lead->address;
    a->website = lead->website;
    /* a lead may name its territory in words; an account refers to one */
    a->territory_id =
        lead->territory_id && ident_parse(territory, lead->territory_id) ? lead->territory_id : NULL;
    a->lead_id = e->lead_id;
    a->brought_by_id = lead->captured_by;
    return a;
}

Baton__Contact *contacts_contact_of(const Baton__LeadConverted *e, struct arena *arena)
{
    const Baton__Lead *lead = e->lead;
    Baton__Contact *c = ARENA_NEW(arena, Baton__Contact);
    baton__contact__init(c);
    c->id = e->contact_id;
    c->account_id = e->account_id;
    c->salutation = lead->salutation;
    c->first_name = lead->first_name;
    c->last_name = lead->last_name;
    c->title = lead->title;
    c->email = lead->email;
    c->phone = lead->phone;
    c->mobile_phone = lead->mobile_phone;
    c->mailing_address = lead->address;
    c->lead_id = e->lead_id;
    c->brought_by_id = lead->captured_by;
    if (!text_trim(arena, c->first_name) && !text_trim(arena, c->last_name) && !text_trim(arena, c->email))
        c->last_name = clipped(arena, lead_name(lead, arena), PERSON_NAME_MAX);
    return c;
}

static void create_account(const struct contacts_converted_facts *f, const Baton__LeadConverted *e,
                           struct stamp *s, struct outcome *out)
{
    Baton__Account *a = contacts_account_of(e, s->arena);
    a->owner_id = arena_strdup(s->arena, f->owner_id);
    contacts_normalize_account(&f->normal, a, s->arena);
    (void)contacts_suspect(f->account_known, NULL, &a->base, s, out); /* how many is no matter */
    (void)record_created(&a->base, s, out);
    contacts_judge_written(&f->written, "account", NULL, &a->base, s, out);
}

static void create_contact(const struct contacts_converted_facts *f, const Baton__LeadConverted *e,
                           struct stamp *s, struct outcome *out)
{
    Baton__Contact *c = contacts_contact_of(e, s->arena);
    c->owner_id = arena_strdup(s->arena, f->owner_id);
    /* 3: of an account that was merged it is what that was merged into */
    if (f->account_now_id)
        c->account_id = f->account_now_id;
    contacts_normalize_contact(&f->normal, c, s->arena);
    (void)contacts_suspect(f->contact_known, NULL, &c->base, s, out); /* as above */
    (void)record_created(&c->base, s, out);
    contacts_judge_written(&f->written, "contact", NULL, &c->base, s, out);
}

bool contacts_decide_converted(const void *facts, const struct command *c, struct stamp *s,
                               struct outcome *out)
{
    const struct contacts_converted_facts *f = facts;
    const Baton__LeadConverted *e = (const Baton__LeadConverted *)c->request;
    if (!e->lead)
        return true;
    /* 1: a new account, once */
    if (e->account_id && e->account_is_new && !f->account_exists)
        create_account(f, e, s, out);
    /* 2: the contact, once */
    if (e->contact_id && !f->contact_exists)
        create_contact(f, e, s, out);
    return true;
}
