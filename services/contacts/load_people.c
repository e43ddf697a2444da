/* Facts for relationships, plans of key accounts, consent and notes. */
#include <string.h>

#include "base/text.h"
#include "baton/v1/directory.pb-c.h"
#include "baton/v1/record.pb-c.h"
#include "services/contacts/rows.h"

#define KIND(NAME) BATON__RELATIONSHIP_KIND__RELATIONSHIP_KIND_##NAME

static bool same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* --- relationships --- */

bool contacts_is_related(struct load *l, const char *contact_id, const char *account_id)
{
    return contact_id
               ? contacts_indexed_row_exists(l, CONTACTS_RELATIONSHIP, "from_contact_id", contact_id) ||
                     contacts_indexed_row_exists(l, CONTACTS_RELATIONSHIP, "to_contact_id", contact_id)
               : contacts_indexed_row_exists(l, CONTACTS_RELATIONSHIP, "to_account_id", account_id);
}

void contacts_chain_add(struct contacts_chain *c, const char *id)
{
    if (!id)
        return;
    for (size_t i = 0; i < c->n; i++)
        if (strcmp(c->ids[i], id) == 0)
            return;
    if (c->n < CONTACTS_CHAIN_MAX)
        c->ids[c->n++] = id;
    else
        c->is_cut = true;
}

static void related_add(struct load *l, const char *contact_id, struct contacts_chain *c)
{
    struct table_scan scan;
    const Baton__Relationship *r;
    if (!table_scan_open(&scan, l->txn, CONTACTS_RELATIONSHIP, "from_contact_id", contact_id, NULL, false))
        return;
    while ((r = table_scan_next(&scan, l->arena)))
        if (r->kind == KIND(REPORTS_TO))
            contacts_chain_add(c, r->to_contact_id);
    table_scan_close(&scan);
}

/* Whom they report to, by their own word and by relationships. */
static void superiors_add(struct load *l, struct contacts_chain *c)
{
    for (size_t i = 0; i < c->n; i++) {
        const Baton__Contact *contact = table_get_id(l->txn, CONTACTS_CONTACT, c->ids[i], l->arena);
        contacts_chain_add(c, contact ? contact->reports_to_id : NULL);
        related_add(l, c->ids[i], c);
    }
}

void contacts_chain_load(struct load *l, const char *contact_id, struct contacts_chain *c)
{
    contacts_chain_add(c, contact_id);
    superiors_add(l, c);
}

void contacts_related_above_load(struct load *l, const char *contact_id, struct contacts_chain *c)
{
    related_add(l, contact_id, c);
    superiors_add(l, c);
}

/* How many begin at the same contact, and whether one of them is this one. */
static void others_load(struct load *l, const Baton__Relationship *wanted,
                        struct contacts_relationship_facts *f)
{
    struct table_scan scan;
    const Baton__Relationship *r;
    const char *role = text_trim(l->arena, wanted->role);
    if (!table_scan_open(&scan, l->txn, CONTACTS_RELATIONSHIP, "from_contact_id", wanted->from_contact_id,
                         NULL, false))
        return;
    for (; (r = table_scan_next(&scan, l->arena)); f->n_from++)
        f->is_there |= r->kind == wanted->kind && same(r->to_contact_id, wanted->to_contact_id) &&
                       same(r->to_account_id, wanted->to_account_id) && same(r->role, role);
    table_scan_close(&scan);
}

/* An update changes the role alone, and needs nothing. */
void *contacts_load_relationship(struct load *l, const struct command *c)
{
    struct contacts_relationship_facts *f = ARENA_NEW(l->arena, struct contacts_relationship_facts);
    const ProtobufCMessage *wanted = record_wanted(c);
    contacts_redirects_load(l, CONTACTS_RELATIONSHIP, wanted, &f->now);
    const Baton__Relationship *is =
        wanted ? table_get_id(l->txn, CONTACTS_RELATIONSHIP, schema_get_text(wanted, "id"), l->arena) : NULL;
    f->is_erased = is && contacts_is_erased(l, is->from_contact_id);
    if (c->request->descriptor != &baton__create_record_request__descriptor || !wanted)
        return f;
    const Baton__Relationship *r = (const Baton__Relationship *)contacts_redirected(l, &f->now, wanted);
    const struct {
        const char *field, *id;
        unsigned table;
    } ends[] = {
        {"from_contact_id", r->from_contact_id, CONTACTS_CONTACT},
        {"to_contact_id", r->to_contact_id, CONTACTS_CONTACT},
        {"to_account_id", r->to_account_id, CONTACTS_ACCOUNT},
    };
    for (size_t i = 0; i < sizeof ends / sizeof *ends && !f->missing; i++)
        if (ends[i].id && !contacts_sees(l, ends[i].table, ends[i].id, c->actor))
            f->missing = ends[i].field;
    if (f->missing || !r->from_contact_id)
        return f;
    others_load(l, r, f);
    if (r->kind == KIND(REPORTS_TO) && r->to_contact_id)
        contacts_chain_load(l, r->to_contact_id, &f->above);
    return f;
}

/* --- plans --- */

/* One who is named already need not be seen. */
static bool is_buyer_known(struct load *l, const char *id, const Baton__AccountPlan *before,
                           const Baton__Actor *actor)
{
    for (size_t i = 0; before && i < before->n_buyers; i++)
        if (same(before->buyers[i]->contact_id, id))
            return contacts_row_exists(l, CONTACTS_CONTACT, id);
    return contacts_sees(l, CONTACTS_CONTACT, id, actor);
}

void *contacts_load_plan(struct load *l, const struct command *c)
{
    struct contacts_plan_facts *f = ARENA_NEW(l->arena, struct contacts_plan_facts);
    const ProtobufCMessage *wanted = record_wanted(c);
    if (!wanted)
        return f;
    contacts_redirects_load(l, CONTACTS_PLAN, wanted, &f->now);
    const Baton__AccountPlan *p = (const Baton__AccountPlan *)contacts_redirected(l, &f->now, wanted);
    f->wanted = p->account_id != NULL;
    const Baton__AccountPlan *before = table_get_id(l->txn, CONTACTS_PLAN, p->id, l->arena);
    const Baton__AccountPlan *other =
        p->account_id ? table_find(l->txn, CONTACTS_PLAN, "account_id", p->account_id, l->arena) : NULL;
    f->is_taken = other && !same(other->id, p->id);
    if (contacts_sees(l, CONTACTS_ACCOUNT, p->account_id, c->actor))
        f->account = table_get_id(l->txn, CONTACTS_ACCOUNT, p->account_id, l->arena);
    for (size_t i = 0; i < p->n_buyers && !f->missing_contact_id; i++)
        if (!is_buyer_known(l, p->buyers[i]->contact_id, before, c->actor))
            f->missing_contact_id = p->buyers[i]->contact_id;
    return f;
}

/* --- consent --- */

void *contacts_load_consent(struct load *l, const struct command *c)
{
    struct contacts_consent_facts *f = ARENA_NEW(l->arena, struct contacts_consent_facts);
    const ProtobufCMessage *asked = record_wanted(c);
    struct table_scan scan;
    const Baton__ConsentInForce *row;
    if (!asked)
        return f;
    contacts_redirects_load(l, CONTACTS_CONSENT, asked, &f->now);
    const Baton__Consent *wanted = (const Baton__Consent *)contacts_redirected(l, &f->now, asked);
    if (!wanted->contact_id || !wanted->purpose)
        return f;
    f->has_contact = contacts_sees(l, CONTACTS_CONTACT, wanted->contact_id, c->actor);
    const char *purpose = contacts_purpose_key(wanted->purpose, l->arena);
    struct key under = key_of(wanted->contact_id);
    if (!table_scan_under(&scan, l->txn, CONTACTS_CONSENT_IN_FORCE, &under, NULL, NULL, false))
        return f;
    for (; (row = table_scan_next(&scan, l->arena)); f->n_in_force++)
        f->is_known |= row->channel == wanted->channel && same(row->purpose_key, purpose);
    table_scan_close(&scan);
    return f;
}

/* --- notes --- */

/* First and last name; NULL: there is none. */
static const char *contact_name(const Baton__Contact *c, struct arena *a)
{
    if (c && c->first_name && c->last_name)
        return arena_printf(a, "%s %s", c->first_name, c->last_name);
    return !c ? NULL : c->last_name ? c->last_name : c->first_name ? c->first_name : c->email;
}

/* NULL: nobody who works here and may read the note. */
static const Baton__User *reader_of(struct load *l, const char *who, const Baton__Note *note)
{
    uint8_t id[IDENT_SIZE];
    const Baton__User *u = ident_parse(id, who) ? table_get_id(l->txn, CONTACTS_USER, who, l->arena)
                                                : table_find(l->txn, CONTACTS_USER, "email", who, l->arena);
    if (!u || u->status == BATON__USER_STATUS__USER_STATUS_INACTIVE)
        return NULL;
    Baton__Actor reader = BATON__ACTOR__INIT;
    reader.user_id = u->id;
    reader.has_role = true;
    reader.role = u->role;
    return note && records_may_read(l, CONTACTS_NOTE, &note->base, &reader) ? u : NULL;
}

static void mentioned_load(struct load *l, const char *text, const Baton__Note *note,
                           struct contacts_note_facts *f)
{
    struct contacts_mention found[MENTIONS_MAX];
    const size_t n = contacts_mentions(text, found, l->arena);
    for (size_t i = 0; i < n; i++) {
        const Baton__User *u = reader_of(l, found[i].who, note);
        if (u)
            f->mentioned[f->n_mentioned++] = (struct contacts_mentioned){found[i].who, u->id};
    }
}

/* Of a note that is not yet there, `before` is NULL. */
static void names_load(struct load *l, const struct command *c, const Baton__Note *wanted,
                       const Baton__Note *before, struct contacts_note_facts *f)
{
    const char *account_id = wanted->account_id || !before ? wanted->account_id : before->account_id;
    const char *contact_id = wanted->contact_id || !before ? wanted->contact_id : before->contact_id;
    const Baton__User *author = table_get_id(l->txn, CONTACTS_USER, c->actor->user_id, l->arena);
    const Baton__Account *account = table_get_id(l->txn, CONTACTS_ACCOUNT, account_id, l->arena);
    f->author_name = author ? author->name : NULL;
    f->account_name = account ? account->name : NULL;
    f->contact_name = contact_name(table_get_id(l->txn, CONTACTS_CONTACT, contact_id, l->arena), l->arena);
}

/* As it is to stand there, its owner included. */
static const Baton__Note *would_be(struct load *l, const struct command *c, const Baton__Note *before)
{
    Baton__Note *note = (Baton__Note *)record_would_be(before ? &before->base : NULL, c, l->arena);
    if (note && !note->owner_id)
        note->owner_id = c->actor->user_id;
    return note;
}

void *contacts_load_note(struct load *l, const struct command *c)
{
    struct contacts_note_facts *f = ARENA_NEW(l->arena, struct contacts_note_facts);
    const Baton__Note *wanted = (const Baton__Note *)record_wanted(c);
    if (!wanted)
        return f;
    contacts_about_load(l, c, &f->about);
    const Baton__Note *before = table_get_id(l->txn, CONTACTS_NOTE, wanted->id, l->arena);
    if (wanted->text)
        mentioned_load(l, wanted->text, would_be(l, c, before), f);
    if (f->n_mentioned)
        names_load(l, c, wanted, before, f);
    return f;
}
