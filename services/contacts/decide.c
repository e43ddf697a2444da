/* Decisions about accounts, contacts and activities: their own rules, and what a converted lead becomes. */
#include <stdio.h>
#include <string.h>

#include "base/rfc3339.h"
#include "base/text.h"
#include "services/contacts/contacts.h"

enum { ACCOUNT_NAME_MAX = 400, PERSON_NAME_MAX = 200 };

/* 1: an account is deleted only when nothing belongs to it */
static bool may_go(const struct contacts_account_facts *f, struct refusal *no)
{
    const struct {
        bool is_there;
        const char *what;
    } rows[] = {
        {f->has_contacts, "contacts belong to this account; move or delete them first"},
        {f->has_children, "other accounts belong to this one; move or delete them first"},
        {f->has_plan, "there is a plan for this account; delete that first"},
        {f->has_relationships, "relationships name this account; delete them first"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].is_there)
            return refuse(no, REFUSAL_FAILED_PRECONDITION, NULL, "%s", rows[i].what);
    return true;
}

static bool check_above(const struct contacts_account_facts *f, const Baton__Account *before,
                        const Baton__Account *account, struct refusal *no)
{
    if (!f->wanted)
        return true;
    /* 3: the account above exists */
    if (f->n_above == 0)
        return refuse(no, REFUSAL_NOT_FOUND, "parent_id", "there is no such account");
    /* 4: and is not below */
    for (size_t i = 0; before && i < f->n_above; i++)
        if (strcmp(f->above[i], account->id) == 0)
            return refuse(no, REFUSAL_FAILED_PRECONDITION, "parent_id", "an account cannot be above itself");
    if (f->n_above >= CONTACTS_DEPTH_MAX)
        return refuse(no, REFUSAL_FAILED_PRECONDITION, "parent_id", "at most %d accounts above one another",
                      CONTACTS_DEPTH_MAX);
    return true;
}

bool contacts_accept_account(const struct contacts_account_facts *f, const Baton__Account *was,
                             Baton__Account *account, struct stamp *s, struct outcome *out)
{
    if (!was)
        contacts_give_owner(f->access, account->created_at, &account->owner_id, s);
    /* 2: it has a name, without white space around */
    account->name = text_trim(s->arena, account->name);
    if (!account->name)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "name", "an account has a name");
    if (!check_above(f, was, account, &out->no))
        return false;
    /* 5: who has a plan stays a key account */
    if (f->has_plan && !account->is_key_account)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "is_key_account",
                      "there is a plan for this account; delete that first");
    /* 6: each tag once; values as their fields say (decide_custom.c) */
    account->tags = contacts_tidy_tags(account->tags, &account->n_tags, s->arena);
    if (!contacts_check_custom(&f->custom,
                               &(struct contacts_custom_change){was ? was->custom : NULL, account->custom,
                                                                was ? was->n_custom : 0, account->n_custom},
                               s, out))
        return false;
    /* 7: what was typed is normalised (decide_normal.c) */
    contacts_normalize_account(&f->normal, account, s->arena);
    return true;
}

bool contacts_check_account(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                            struct stamp *s, struct outcome *out)
{
    const struct contacts_account_facts *f = extra;
    if (!after) {
        if (!may_go(f, &out->no))
            return false;
        contacts_end_shares(&f->ending, s, out);
        return true;
    }
    if (!contacts_accept_account(f, (const Baton__Account *)before, (Baton__Account *)after, s, out))
        return false;
    contacts_judge_written(&f->written, "account", before, after, s, out);
    return true;
}

bool contacts_accept_contact(const struct contacts_contact_facts *f, const Baton__Contact *was,
                             Baton__Contact *contact, struct stamp *s, struct outcome *out)
{
    if (!was)
        contacts_give_owner(f->access, contact->created_at, &contact->owner_id, s);
    /* 1: there is something to call them by */
    if (!text_trim(s->arena, contact->first_name) && !text_trim(s->arena, contact->last_name) &&
        !text_trim(s->arena, contact->email))
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "last_name",
                      "a contact has a first name, a last name or an e-mail address");
    /* 2: account and superior exist */
    if (f->missing_account_id)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "account_id", "there is no such account");
    if (f->missing_reports_to_id)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "reports_to_id", "there is no such contact");
    /* 3: nobody reports to themselves */
    if (contact->id && contact->reports_to_id && strcmp(contact->id, contact->reports_to_id) == 0)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "reports_to_id", "nobody reports to themselves");
    /* 4: a birthday is a day */
    if (contact->birthday && *contact->birthday && !rfc3339_is_date(contact->birthday))
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "birthday",
                      "\"%s\" is not a date (they are written like 1980-12-24)", contact->birthday);
    /* 5: nor to somebody below them */
    if (!contacts_may_report(&f->above, contact->id, "reports_to_id", &out->no))
        return false;
    /* 7: each tag once; values as their fields say (decide_custom.c) */
    contact->tags = contacts_tidy_tags(contact->tags, &contact->n_tags, s->arena);
    if (!contacts_check_custom(&f->custom,
                               &(struct contacts_custom_change){was ? was->custom : NULL, contact->custom,
                                                                was ? was->n_custom : 0, contact->n_custom},
                               s, out))
        return false;
    /* 8: what was typed is normalised (decide_normal.c) */
    contacts_normalize_contact(&f->normal, contact, s->arena);
    return true;
}

bool contacts_check_contact(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                            struct stamp *s, struct outcome *out)
{
    const struct contacts_contact_facts *f = extra;
    /* 6: whom relationships name is not deleted */
    if (!after && f->has_relationships)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, NULL,
                      "relationships name this contact; delete them first");
    if (!after) {
        contacts_end_shares(&f->ending, s, out);
        return true;
    }
    if (!contacts_accept_contact(f, (const Baton__Contact *)before, (Baton__Contact *)after, s, out))
        return false;
    contacts_judge_written(&f->written, "contact", before, after, s, out);
    return true;
}

bool contacts_is_about(const struct contacts_about_facts *f, struct refusal *no)
{
    if (f->missing_account_id)
        return refuse(no, REFUSAL_NOT_FOUND, "account_id", "there is no such account");
    if (f->missing_contact_id)
        return refuse(no, REFUSAL_NOT_FOUND, "contact_id", "there is no such contact");
    return true;
}

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

static void create_account(const struct contacts_converted_facts *f, const Baton__LeadConverted *e,
                           char *owner_id, struct stamp *s, struct outcome *out)
{
    const Baton__Lead *lead = e->lead;
    uint8_t territory[IDENT_SIZE];
    char *company = text_trim(s->arena, lead->company);
    Baton__Account *a = ARENA_NEW(s->arena, Baton__Account);
    baton__account__init(a);
    a->id = e->account_id;
    a->name = clipped(s->arena, company ? company : lead_name(lead, s->arena), ACCOUNT_NAME_MAX);
    a->has_type = true;
    a->type = BATON__ACCOUNT_TYPE__ACCOUNT_TYPE_PROSPECT;
    a->industry = lead->industry;
    a->has_annual_revenue = lead->has_annual_revenue;
    a->annual_revenue = lead->annual_revenue;
    a->has_number_of_employees = lead->has_number_of_employees && lead->number_of_employees >= 0;
    a->number_of_employees = a->has_number_of_employees ? lead->number_of_employees : 0;
    a->billing_address = lead->address;
    a->website = lead->website;
    a->owner_id = owner_id;
    /* a lead may name its territory in words; an account refers to one */
    a->territory_id =
        lead->territory_id && ident_parse(territory, lead->territory_id) ? lead->territory_id : NULL;
    a->lead_id = e->lead_id;
    a->brought_by_id = lead->captured_by;
    contacts_normalize_account(&f->normal, a, s->arena);
    (void)record_created(&a->base, s, out);
    contacts_judge_written(&f->written, "account", NULL, &a->base, s, out);
}

static void create_contact(const struct contacts_converted_facts *f, const Baton__LeadConverted *e,
                           char *owner_id, struct stamp *s, struct outcome *out)
{
    const Baton__Lead *lead = e->lead;
    Baton__Contact *c = ARENA_NEW(s->arena, Baton__Contact);
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
    c->owner_id = owner_id;
    c->lead_id = e->lead_id;
    c->brought_by_id = lead->captured_by;
    if (!text_trim(s->arena, c->first_name) && !text_trim(s->arena, c->last_name) &&
        !text_trim(s->arena, c->email))
        c->last_name = clipped(s->arena, lead_name(lead, s->arena), PERSON_NAME_MAX);
    contacts_normalize_contact(&f->normal, c, s->arena);
    (void)record_created(&c->base, s, out);
    contacts_judge_written(&f->written, "contact", NULL, &c->base, s, out);
}

bool contacts_decide_converted(const void *facts, const struct command *c, struct stamp *s,
                               struct outcome *out)
{
    const struct contacts_converted_facts *f = facts;
    const Baton__LeadConverted *e = (const Baton__LeadConverted *)c->request;
    char *owner_id = arena_strdup(s->arena, f->owner_id);
    if (!e->lead)
        return true;
    /* 1: a new account, once */
    if (e->account_id && e->account_is_new && !f->account_exists)
        create_account(f, e, owner_id, s, out);
    /* 2: the contact, once */
    if (e->contact_id && !f->contact_exists)
        create_contact(f, e, owner_id, s, out);
    return true;
}
