/* Facts for accounts and contacts. */
#include "baton/v1/leads.pb-c.h"
#include "baton/v1/record.pb-c.h"
#include "service/handover.h"
#include "services/contacts/rows.h"

bool contacts_row_exists(struct load *l, unsigned table, const char *id)
{
    return table_get_id(l->txn, table, id, l->arena) != NULL;
}

bool contacts_indexed_row_exists(struct load *l, unsigned table, const char *field, const char *value)
{
    struct table_scan scan;
    if (!table_scan_open(&scan, l->txn, table, field, value, NULL, false))
        return false;
    bool found = table_scan_next(&scan, l->arena) != NULL;
    table_scan_close(&scan);
    return found;
}

static void above_load(struct load *l, const char *parent_id, struct contacts_account_facts *f)
{
    f->wanted = parent_id != NULL;
    while (parent_id && f->n_above <= CONTACTS_DEPTH_MAX) {
        const Baton__Account *row = table_get_id(l->txn, CONTACTS_ACCOUNT, parent_id, l->arena);
        if (!row)
            return;
        f->above[f->n_above++] = parent_id;
        parent_id = row->parent_id;
    }
}

void *contacts_load_account(struct load *l, const struct command *c)
{
    struct contacts_account_facts *f = ARENA_NEW(l->arena, struct contacts_account_facts);
    const Baton__Account *account = (const Baton__Account *)record_wanted(c);
    if (account) {
        above_load(l, account->parent_id, f);
        contacts_custom_load(l, "account", account->custom, account->n_custom, &f->custom);
        contacts_normal_load(l, &account->base, &f->normal);
        contacts_written_load(l, &account->base, &f->written);
        f->has_plan = account->id && table_find(l->txn, CONTACTS_PLAN, "account_id", account->id, l->arena);
    }
    if (c->request->descriptor == &baton__delete_record_request__descriptor) {
        const char *id = ((const Baton__DeleteRecordRequest *)c->request)->id;
        f->has_contacts = contacts_indexed_row_exists(l, CONTACTS_CONTACT, "account_id", id);
        f->has_children = contacts_indexed_row_exists(l, CONTACTS_ACCOUNT, "parent_id", id);
        f->has_plan = table_find(l->txn, CONTACTS_PLAN, "account_id", id, l->arena) != NULL;
        f->has_relationships = contacts_is_related(l, NULL, id);
    }
    return f;
}

void contacts_load_references(struct load *l, const Baton__Contact *contact, struct contacts_contact_facts *f)
{
    contacts_custom_load(l, "contact", contact->custom, contact->n_custom, &f->custom);
    if (contact->id && contact->reports_to_id)
        contacts_chain_load(l, contact->reports_to_id, &f->above);
    if (contact->account_id && !contacts_row_exists(l, CONTACTS_ACCOUNT, contact->account_id))
        f->missing_account_id = contact->account_id;
    if (contact->reports_to_id && !contacts_row_exists(l, CONTACTS_CONTACT, contact->reports_to_id))
        f->missing_reports_to_id = contact->reports_to_id;
}

void *contacts_load_contact(struct load *l, const struct command *c)
{
    struct contacts_contact_facts *f = ARENA_NEW(l->arena, struct contacts_contact_facts);
    const Baton__Contact *contact = (const Baton__Contact *)record_wanted(c);
    if (c->request->descriptor == &baton__delete_record_request__descriptor)
        f->has_relationships =
            contacts_is_related(l, ((const Baton__DeleteRecordRequest *)c->request)->id, NULL);
    if (!contact)
        return f;
    contacts_load_references(l, contact, f);
    contacts_normal_load(l, &contact->base, &f->normal);
    contacts_written_load(l, &contact->base, &f->written);
    return f;
}

/* The fields are looked up by name: activities and notes are about the same things. */
void contacts_about_load(struct load *l, const ProtobufCMessage *row, struct contacts_about_facts *f)
{
    const char *account_id = schema_get_text(row, "account_id"),
               *contact_id = schema_get_text(row, "contact_id");
    if (account_id && !contacts_row_exists(l, CONTACTS_ACCOUNT, account_id))
        f->missing_account_id = account_id;
    if (contact_id && !contacts_row_exists(l, CONTACTS_CONTACT, contact_id))
        f->missing_contact_id = contact_id;
}

void *contacts_load_about(struct load *l, const struct command *c)
{
    struct contacts_about_facts *f = ARENA_NEW(l->arena, struct contacts_about_facts);
    const ProtobufCMessage *row = record_wanted(c);
    if (row)
        contacts_about_load(l, row, f);
    return f;
}

void *contacts_load_converted(struct load *l, const struct command *c)
{
    const Baton__LeadConverted *e = (const Baton__LeadConverted *)c->request;
    struct contacts_converted_facts *f = ARENA_NEW(l->arena, struct contacts_converted_facts);
    f->account_exists = contacts_row_exists(l, CONTACTS_ACCOUNT, e->account_id);
    f->contact_exists = contacts_row_exists(l, CONTACTS_CONTACT, e->contact_id);
    f->owner_id = handover_owner(l, e->lead ? e->lead->owner_id : NULL);
    f->written.rules = contacts_load_rules(l, c);
    contacts_normal_begin(l, &f->normal);
    contacts_places_load(l, e->lead ? e->lead->address : NULL, &f->normal);
    return f;
}
