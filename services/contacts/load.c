/* Facts for accounts and contacts. */
#include <string.h>

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

/* Whether `id` is wanted in a field that has another value now: what stands there already need not be seen.
 */
static bool new_reference(struct load *l, unsigned table, const char *own_id, const char *field,
                          const char *id)
{
    const ProtobufCMessage *now = id ? table_get_id(l->txn, table, own_id, l->arena) : NULL;
    const char *was = now ? schema_get_text(now, field) : NULL;
    return id && (!was || strcmp(was, id) != 0);
}

bool contacts_is_there(struct load *l, unsigned table, const char *id, const Baton__Actor *actor)
{
    return actor ? contacts_sees(l, table, id, actor) : contacts_row_exists(l, table, id);
}

/* NULL: it is there, and seen by whoever names it now. */
static const char *missing(struct load *l, const struct command *c, unsigned own, unsigned table,
                           const char *field)
{
    const ProtobufCMessage *row = record_wanted(c);
    const char *id = schema_get_text(row, field);
    if (!id)
        return NULL;
    bool is_new = new_reference(l, own, schema_get_text(row, "id"), field, id);
    return contacts_is_there(l, table, id, is_new ? c->actor : NULL) ? NULL : id;
}

void *contacts_load_account(struct load *l, const struct command *c)
{
    struct contacts_account_facts *f = ARENA_NEW(l->arena, struct contacts_account_facts);
    const Baton__Account *account = (const Baton__Account *)record_wanted(c);
    f->access = contacts_access(l);
    if (account) {
        if (new_reference(l, CONTACTS_ACCOUNT, account->id, "parent_id", account->parent_id) &&
            !contacts_sees(l, CONTACTS_ACCOUNT, account->parent_id, c->actor))
            f->wanted = true; /* and is not there */
        else
            above_load(l, account->parent_id, f);
        contacts_custom_load(l, "account", account->custom, account->n_custom, c->actor, &f->custom);
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
        contacts_shares_load(l, id, &f->ending);
    }
    return f;
}

void contacts_load_references(struct load *l, const Baton__Contact *contact, const Baton__Actor *actor,
                              struct contacts_contact_facts *f)
{
    contacts_custom_load(l, "contact", contact->custom, contact->n_custom, actor, &f->custom);
    if (contact->account_id && !contacts_is_there(l, CONTACTS_ACCOUNT, contact->account_id, actor))
        f->missing_account_id = contact->account_id;
    if (contact->reports_to_id && !contacts_is_there(l, CONTACTS_CONTACT, contact->reports_to_id, actor))
        f->missing_reports_to_id = contact->reports_to_id;
}

void *contacts_load_contact(struct load *l, const struct command *c)
{
    struct contacts_contact_facts *f = ARENA_NEW(l->arena, struct contacts_contact_facts);
    const Baton__Contact *contact = (const Baton__Contact *)record_wanted(c);
    f->access = contacts_access(l);
    if (c->request->descriptor == &baton__delete_record_request__descriptor) {
        const char *id = ((const Baton__DeleteRecordRequest *)c->request)->id;
        f->has_relationships = contacts_is_related(l, id, NULL);
        contacts_shares_load(l, id, &f->ending);
    }
    if (!contact)
        return f;
    contacts_custom_load(l, "contact", contact->custom, contact->n_custom, c->actor, &f->custom);
    if (contact->id && contact->reports_to_id)
        contacts_chain_load(l, contact->reports_to_id, &f->above);
    f->missing_account_id = missing(l, c, CONTACTS_CONTACT, CONTACTS_ACCOUNT, "account_id");
    f->missing_reports_to_id = missing(l, c, CONTACTS_CONTACT, CONTACTS_CONTACT, "reports_to_id");
    contacts_normal_load(l, &contact->base, &f->normal);
    contacts_written_load(l, &contact->base, &f->written);
    return f;
}

/* The fields are looked up by name: activities and notes are about the same things. */
void contacts_about_load(struct load *l, const struct command *c, struct contacts_about_facts *f)
{
    const ProtobufCMessage *row = record_wanted(c);
    unsigned own = row->descriptor == &baton__note__descriptor ? CONTACTS_NOTE : CONTACTS_ACTIVITY;
    f->access = contacts_access(l);
    f->missing_account_id = missing(l, c, own, CONTACTS_ACCOUNT, "account_id");
    f->missing_contact_id = missing(l, c, own, CONTACTS_CONTACT, "contact_id");
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
