/* Decisions about accounts and contacts: their own rules. */
#include <stdio.h>
#include <string.h>

#include "base/rfc3339.h"
#include "base/text.h"
#include "services/contacts/contacts.h"

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
        sharing_give_owner(f->access, account->created_at, &account->owner_id, s);
    /* 2: it has a name, without white space around */
    account->name = text_trim(s->arena, account->name);
    if (!account->name)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "name", "an account has a name");
    contacts_redirect(&f->now, &account->base);
    if (!check_above(f, was, account, &out->no))
        return false;
    /* 5: who has a plan stays a key account */
    if (f->has_plan && !account->is_key_account)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "is_key_account",
                      "there is a plan for this account; delete that first");
    /* 6: each tag once; values as their fields say (decide_custom.c) */
    account->tags = contacts_tidy_tags(account->tags, &account->n_tags, s->arena);
    if (!custom_check(&f->custom,
                      &(struct custom_change){was ? was->custom : NULL, account->custom,
                                              was ? was->n_custom : 0, account->n_custom},
                      s, out))
        return false;
    /* 7: what was typed is normalised (decide_normal.c) */
    contacts_normalize_account(&f->normal, account, s->arena);
    return true;
}

bool contacts_rules_account(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                            struct stamp *s, struct outcome *out)
{
    return contacts_accept_account(extra, (const Baton__Account *)before, (Baton__Account *)after, s, out);
}

/* 10: whoever was erased stays so; 11: a legal hold is set and ended by those who answer for it */
static bool is_free(const ProtobufCMessage *before, const ProtobufCMessage *after, const struct stamp *s,
                    struct outcome *out)
{
    const struct schema_message *m = schema_message((before ? before : after)->descriptor);
    const struct schema_field *erased = schema_field(m, "erased_at"), *hold = schema_field(m, "legal_hold");
    if (before && erased && schema_present(before, erased))
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "id", "this person has been erased");
    bool was = before && schema_int_of(before, hold), is = after && schema_int_of(after, hold);
    return was == is || actor_is(s->actor, BATON__ROLE__ROLE_ADMIN) ||
           actor_is(s->actor, BATON__ROLE__ROLE_MANAGER) ||
           refuse(&out->no, REFUSAL_PERMISSION_DENIED, "legal_hold",
                  "only administrators and managers set and end a legal hold");
}

/* 9: what is merged into another is changed and deleted there, and what others were merged into stays */
static bool is_apart(const ProtobufCMessage *before, bool deleted, bool has_merged, struct outcome *out)
{
    if (before && schema_get_text(before, "merged_into_id"))
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "merged_into_id",
                      "it has been merged into another; change that one, or take it apart first");
    return !deleted || !has_merged ||
           refuse(&out->no, REFUSAL_FAILED_PRECONDITION, NULL,
                  "others have been merged into this one; take them apart first");
}

bool contacts_check_account(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                            struct stamp *s, struct outcome *out)
{
    const struct contacts_account_facts *f = extra;
    if (!is_free(before, after, s, out) || !is_apart(before, !after, f->has_merged, out) ||
        (!after && !may_go(f, &out->no)) || (after && !contacts_rules_account(f, before, after, s, out)))
        return false;
    (void)contacts_suspect(f->known, before, after, s, out); /* how many is no matter */
    if (after)
        contacts_judge_written(&f->written, "account", before, after, s, out);
    else
        sharing_end(&f->ending, s, out);
    return true;
}

bool contacts_accept_contact(const struct contacts_contact_facts *f, const Baton__Contact *was,
                             Baton__Contact *contact, struct stamp *s, struct outcome *out)
{
    if (!was)
        sharing_give_owner(f->access, contact->created_at, &contact->owner_id, s);
    /* 1: there is something to call them by */
    if (!text_trim(s->arena, contact->first_name) && !text_trim(s->arena, contact->last_name) &&
        !text_trim(s->arena, contact->email))
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "last_name",
                      "a contact has a first name, a last name or an e-mail address");
    /* 2: account and superior exist; of what was merged it is what it was merged into */
    if (f->missing_account_id)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "account_id", "there is no such account");
    if (f->missing_reports_to_id)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "reports_to_id", "there is no such contact");
    contacts_redirect(&f->now, &contact->base);
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
    if (!custom_check(&f->custom,
                      &(struct custom_change){was ? was->custom : NULL, contact->custom,
                                              was ? was->n_custom : 0, contact->n_custom},
                      s, out))
        return false;
    /* 8: what was typed is normalised (decide_normal.c) */
    contacts_normalize_contact(&f->normal, contact, s->arena);
    return true;
}

bool contacts_rules_contact(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                            struct stamp *s, struct outcome *out)
{
    return contacts_accept_contact(extra, (const Baton__Contact *)before, (Baton__Contact *)after, s, out);
}

bool contacts_check_contact(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                            struct stamp *s, struct outcome *out)
{
    const struct contacts_contact_facts *f = extra;
    if (!is_free(before, after, s, out) || !is_apart(before, !after, f->has_merged, out))
        return false;
    /* 6: whom relationships name is not deleted */
    if (!after && f->has_relationships)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, NULL,
                      "relationships name this contact; delete them first");
    if (after && !contacts_rules_contact(f, before, after, s, out))
        return false;
    (void)contacts_suspect(f->known, before, after, s, out); /* how many is no matter */
    if (after)
        contacts_judge_written(&f->written, "contact", before, after, s, out);
    else
        sharing_end(&f->ending, s, out);
    return true;
}

bool contacts_is_about(const struct contacts_about_facts *f, ProtobufCMessage *row, struct refusal *no)
{
    if (f->missing_account_id)
        return refuse(no, REFUSAL_NOT_FOUND, "account_id", "there is no such account");
    if (f->missing_contact_id)
        return refuse(no, REFUSAL_NOT_FOUND, "contact_id", "there is no such contact");
    contacts_redirect(&f->now, row);
    return true;
}
