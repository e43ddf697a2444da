/* Decisions about relationships, plans of key accounts, and consent. */
#include "services/contacts/people.h"

#include <string.h>

#include "base/rfc3339.h"
#include "base/text.h"

#define KIND(NAME) BATON__RELATIONSHIP_KIND__RELATIONSHIP_KIND_##NAME

static bool same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

bool contacts_may_report(const struct contacts_chain *above, const char *id, const char *field,
                         struct refusal *no)
{
    for (size_t i = 0; i < above->n; i++)
        if (same(above->ids[i], id))
            return refuse(no, REFUSAL_FAILED_PRECONDITION, field, "nobody reports to somebody below them");
    return !above->is_cut || refuse(no, REFUSAL_FAILED_PRECONDITION, field,
                                    "at most %d contacts above one another", CONTACTS_CHAIN_MAX);
}

/* --- relationships --- */

static bool check_ends(const Baton__Relationship *r, struct refusal *no)
{
    /* 1: to a contact or to an account; a superior is a contact, a role is had at an account */
    if (!r->to_contact_id == !r->to_account_id)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "to_contact_id",
                      "a relationship leads to a contact or to an account");
    if (r->kind == KIND(REPORTS_TO) && !r->to_contact_id)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "to_contact_id", "people report to people");
    if (r->kind == KIND(ROLE_AT) && !r->to_account_id)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "to_account_id", "a role is had at an account");
    /* 2: nobody is related to themselves */
    return !same(r->from_contact_id, r->to_contact_id) ||
           refuse(no, REFUSAL_FAILED_PRECONDITION, "to_contact_id", "nobody is related to themselves");
}

static bool is_as_it_was(const Baton__Relationship *was, const Baton__Relationship *r)
{
    return same(was->from_contact_id, r->from_contact_id) && same(was->to_contact_id, r->to_contact_id) &&
           same(was->to_account_id, r->to_account_id) && was->kind == r->kind;
}

bool contacts_check_relationship(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                                 struct stamp *s, struct outcome *out)
{
    const struct contacts_relationship_facts *f = extra;
    Baton__Relationship *r = (Baton__Relationship *)after;
    if (!r)
        return true;
    r->role = text_trim(s->arena, r->role);
    contacts_redirect(&f->now, after);
    if (!check_ends(r, &out->no))
        return false;
    /* 8: of somebody who was erased nothing is said any more */
    if (f->is_erased)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "from_contact_id", "they have been erased");
    /* 3: who it is between and its kind never change; another one is another relationship */
    if (before)
        return is_as_it_was((const Baton__Relationship *)before, r) ||
               refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "kind",
                      "make another relationship, and delete this one if it does not hold any more");
    /* 4: both ends exist */
    if (f->missing)
        return refuse(&out->no, REFUSAL_NOT_FOUND, f->missing, "there is no such record");
    /* 5: nobody reports to somebody below them, whichever way that is said */
    if (r->kind == KIND(REPORTS_TO) &&
        !contacts_may_report(&f->above, r->from_contact_id, "to_contact_id", &out->no))
        return false;
    /* 6: the same is said once */
    if (f->is_there)
        return refuse(&out->no, REFUSAL_ALREADY_EXISTS, "role", "there is this relationship already");
    /* 7: of one contact there are only so many */
    return f->n_from < RELATIONSHIPS_MAX ||
           refuse(&out->no, REFUSAL_RESOURCE_EXHAUSTED, "from_contact_id",
                  "at most %d relationships from one contact", RELATIONSHIPS_MAX);
}

/* --- plans --- */

static bool is_twice(const Baton__AccountPlan *p, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (p->buyers[k]->role == p->buyers[i]->role &&
            same(p->buyers[k]->contact_id, p->buyers[i]->contact_id))
            return true;
    return false;
}

bool contacts_check_plan(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                         struct stamp *s, struct outcome *out)
{
    const struct contacts_plan_facts *f = extra;
    const Baton__AccountPlan *p = (const Baton__AccountPlan *)after;
    if (!p)
        return true;
    contacts_redirect(&f->now, after);
    /* 1: it is of an account, and of a key account; one an account */
    if (f->wanted && !f->account)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "account_id", "there is no such account");
    if (f->wanted && !f->account->is_key_account)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "account_id",
                      "this is no key account; only those have a plan");
    if (f->is_taken)
        return refuse(&out->no, REFUSAL_ALREADY_EXISTS, "account_id", "there is a plan for this account");
    /* 2: buyers are contacts, each once in a role */
    if (f->missing_contact_id)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "buyers", "there is no contact %s", f->missing_contact_id);
    for (size_t i = 0; i < p->n_buyers; i++)
        if (is_twice(p, i))
            return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "buyers",
                          "a contact is named twice in the same role");
    /* 3: the next review is a day */
    if (p->next_review_date && *p->next_review_date && !rfc3339_is_date(p->next_review_date))
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "next_review_date",
                      "\"%s\" is not a date (they are written like 1980-12-24)", p->next_review_date);
    return true;
}

/* --- consent --- */

char *contacts_purpose_key(const char *purpose, struct arena *a)
{
    return text_fold(a, purpose);
}

bool contacts_check_consent(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                            struct stamp *s, struct outcome *out)
{
    const struct contacts_consent_facts *f = extra;
    Baton__Consent *c = (Baton__Consent *)after;
    /* 1: what somebody said stays said */
    if (before || !c)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, NULL,
                      "what was said stays; a withdrawal is a new record");
    /* 2: by a contact there is */
    if (!f->has_contact)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "contact_id", "there is no such contact");
    contacts_redirect(&f->now, after);
    /* 3: about a purpose that can be told from others */
    c->purpose = text_trim(s->arena, c->purpose);
    c->purpose_key = contacts_purpose_key(c->purpose, s->arena);
    if (!c->purpose_key)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "purpose", "what for is not said");
    /* 4: now, unless it says when; nobody has said anything yet in the future */
    if (!c->said_at)
        c->said_at = timestamp_of(s->arena, s->now_us);
    if (timestamp_us(c->said_at) > s->now_us)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "said_at", "that is in the future");
    /* 5: of channels and purposes one contact has only so many */
    return f->is_known || f->n_in_force < CONSENTS_IN_FORCE_MAX ||
           refuse(&out->no, REFUSAL_RESOURCE_EXHAUSTED, "purpose",
                  "at most %d channels and purposes of one contact", CONSENTS_IN_FORCE_MAX);
}
