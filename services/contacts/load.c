/* Facts for accounts and contacts. */
#include <string.h>

#include "baton/v1/leads.pb-c.h"
#include "baton/v1/record.pb-c.h"
#include "service/handover.h"
#include "services/contacts/rows.h"

bool contacts_row_exists(struct load *l, unsigned table, const char *id)
{
    return table_get_id(l->txn, table, id, l->arena) != NULL &&
           !(table == CONTACTS_CONTACT && contacts_is_erased(l, id));
}

bool contacts_is_erased(struct load *l, const char *contact_id)
{
    const Baton__Contact *c = table_get_id(l->txn, CONTACTS_CONTACT, contact_id, l->arena);
    const Baton__GoneRecord *g = c ? NULL : table_get_id(l->txn, CONTACTS_GONE, contact_id, l->arena);
    return c ? c->erased_at != NULL : g && g->erased;
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

const char *contacts_now(struct load *l, const char *id)
{
    const Baton__RecordMerge *m;
    for (int i = 0; id && i < CONTACTS_MERGE_HEIGHT_MAX; i++, id = m->keep_id)
        if (!(m = table_get_id(l->txn, CONTACTS_MERGE, id, l->arena)))
            break;
    return id;
}

void contacts_redirects_load(struct load *l, unsigned table, const ProtobufCMessage *row,
                             struct contacts_redirects *now)
{
    char **values[CONTACTS_VALUES_MAX];
    size_t room = 0;
    now->table = table;
    for (size_t i = 0; row && i < contacts_naming_n; i++) {
        if (contacts_naming[i].table != table)
            continue;
        size_t n = contacts_values((ProtobufCMessage *)(uintptr_t)row, contacts_naming[i].field, values);
        for (size_t k = 0; k < n; k++) {
            const char *is = contacts_now(l, *values[k]);
            if (!is || strcmp(is, *values[k]) == 0)
                continue;
            struct contacts_redirect *more = now->of;
            if (now->n == room) {
                room = room ? 2 * room : 4;
                more = ARENA_ARRAY(l->arena, struct contacts_redirect, room);
                if (now->n)
                    memcpy(more, now->of, now->n * sizeof *more);
            }
            more[now->n++] = (struct contacts_redirect){*values[k], arena_strdup(l->arena, is)};
            now->of = more;
        }
    }
}

ProtobufCMessage *contacts_redirected(struct load *l, const struct contacts_redirects *now,
                                      const ProtobufCMessage *row)
{
    ProtobufCMessage *copy = arena_copy(l->arena, row, row->descriptor->sizeof_message);
    if (now->n) /* what is inside of it is the request's own: read again */
        copy = schema_copy(row, l->arena);
    contacts_redirect(now, copy);
    return copy;
}

static void above_load(struct load *l, const char *parent_id, struct contacts_account_facts *f)
{
    f->wanted = parent_id != NULL;
    parent_id = contacts_now(l, parent_id);
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

/* NULL: what the row has there is there, as what it was merged into, and seen by whoever names it now. */
static const char *missing(struct load *l, const ProtobufCMessage *row, unsigned own, unsigned table,
                           const char *field, const Baton__Actor *actor)
{
    const char *id = schema_get_text(row, field);
    if (!id)
        return NULL;
    bool is_new = new_reference(l, own, schema_get_text(row, "id"), field, id);
    return contacts_is_there(l, table, contacts_now(l, id), is_new ? actor : NULL) ? NULL : id;
}

struct contacts_account_facts *contacts_account_facts(struct load *l, const Baton__Account *account,
                                                      const Baton__Actor *actor)
{
    struct contacts_account_facts *f = ARENA_NEW(l->arena, struct contacts_account_facts);
    f->access = sharing_access(l, &contacts_sharing);
    if (missing(l, &account->base, CONTACTS_ACCOUNT, CONTACTS_ACCOUNT, "parent_id", actor))
        f->wanted = true; /* and is not there */
    else
        above_load(l, account->parent_id, f);
    contacts_redirects_load(l, CONTACTS_ACCOUNT, &account->base, &f->now);
    contacts_custom_load(l, "account", account->custom, account->n_custom, actor, &f->custom);
    contacts_normal_load(l, &account->base, &f->normal);
    f->has_plan = account->id && table_find(l->txn, CONTACTS_PLAN, "account_id", account->id, l->arena);
    return f;
}

/* Who may be the same as the record as the request would leave it, or as the one that it deletes. */
static const struct contacts_known *known_of(struct load *l, const struct command *c, unsigned table)
{
    const bool is_delete = c->request->descriptor == &baton__delete_record_request__descriptor;
    const ProtobufCMessage *wanted = record_wanted(c);
    const char *id = is_delete ? ((const Baton__DeleteRecordRequest *)c->request)->id
                     : wanted  ? schema_get_text(wanted, "id")
                               : NULL;
    const ProtobufCMessage *before = table_get_id(l->txn, table, id, l->arena);
    const ProtobufCMessage *row = is_delete ? before : record_would_be(before, c, l->arena);
    return row ? contacts_known(l, row) : NULL;
}

void *contacts_load_account(struct load *l, const struct command *c)
{
    const Baton__Account *account = (const Baton__Account *)record_wanted(c);
    struct contacts_account_facts *f = account ? contacts_account_facts(l, account, c->actor)
                                               : ARENA_NEW(l->arena, struct contacts_account_facts);
    if (account)
        contacts_written_load(l, &account->base, &f->written);
    if (c->request->descriptor == &baton__delete_record_request__descriptor) {
        const char *id = ((const Baton__DeleteRecordRequest *)c->request)->id;
        f->has_contacts = contacts_indexed_row_exists(l, CONTACTS_CONTACT, "account_id", id);
        f->has_children = contacts_indexed_row_exists(l, CONTACTS_ACCOUNT, "parent_id", id);
        f->has_plan = table_find(l->txn, CONTACTS_PLAN, "account_id", id, l->arena) != NULL;
        f->has_relationships = contacts_is_related(l, NULL, id);
        contacts_shares_load(l, id, &f->ending);
        f->has_merged = contacts_has_merged(l, id);
    }
    f->known = known_of(l, c, CONTACTS_ACCOUNT);
    return f;
}

void contacts_load_references(struct load *l, const Baton__Contact *contact, const Baton__Actor *actor,
                              struct contacts_contact_facts *f)
{
    contacts_custom_load(l, "contact", contact->custom, contact->n_custom, actor, &f->custom);
    contacts_redirects_load(l, CONTACTS_CONTACT, &contact->base, &f->now);
    if (contact->id && contact->reports_to_id)
        contacts_chain_load(l, contacts_now(l, contact->reports_to_id), &f->above);
    f->missing_account_id =
        missing(l, &contact->base, CONTACTS_CONTACT, CONTACTS_ACCOUNT, "account_id", actor);
    f->missing_reports_to_id =
        missing(l, &contact->base, CONTACTS_CONTACT, CONTACTS_CONTACT, "reports_to_id", actor);
}

struct contacts_contact_facts *contacts_contact_facts(struct load *l, const Baton__Contact *contact,
                                                      const Baton__Actor *actor)
{
    struct contacts_contact_facts *f = ARENA_NEW(l->arena, struct contacts_contact_facts);
    f->access = sharing_access(l, &contacts_sharing);
    contacts_load_references(l, contact, actor, f);
    contacts_normal_load(l, &contact->base, &f->normal);
    return f;
}

void *contacts_load_contact(struct load *l, const struct command *c)
{
    const Baton__Contact *contact = (const Baton__Contact *)record_wanted(c);
    struct contacts_contact_facts *f = contact ? contacts_contact_facts(l, contact, c->actor)
                                               : ARENA_NEW(l->arena, struct contacts_contact_facts);
    if (contact)
        contacts_written_load(l, &contact->base, &f->written);
    if (c->request->descriptor == &baton__delete_record_request__descriptor) {
        const char *id = ((const Baton__DeleteRecordRequest *)c->request)->id;
        f->has_relationships = contacts_is_related(l, id, NULL);
        contacts_shares_load(l, id, &f->ending);
        f->has_merged = contacts_has_merged(l, id);
    }
    f->known = known_of(l, c, CONTACTS_CONTACT);
    return f;
}

/* The fields are looked up by name: activities and notes are about the same things. */
void contacts_about_load(struct load *l, const struct command *c, struct contacts_about_facts *f)
{
    const ProtobufCMessage *row = record_wanted(c);
    const unsigned own = (unsigned)contacts_table_of(row->descriptor);
    f->access = sharing_access(l, &contacts_sharing);
    f->missing_account_id = missing(l, row, own, CONTACTS_ACCOUNT, "account_id", c->actor);
    f->missing_contact_id = missing(l, row, own, CONTACTS_CONTACT, "contact_id", c->actor);
    contacts_redirects_load(l, own, row, &f->now);
}

void *contacts_load_view(struct load *l, const struct command *c)
{
    struct contacts_redirects *now = ARENA_NEW(l->arena, struct contacts_redirects);
    contacts_redirects_load(l, CONTACTS_SAVED_VIEW, record_wanted(c), now);
    return now;
}

void *contacts_load_converted(struct load *l, const struct command *c)
{
    const Baton__LeadConverted *e = (const Baton__LeadConverted *)c->request;
    struct contacts_converted_facts *f = ARENA_NEW(l->arena, struct contacts_converted_facts);
    f->account_exists = contacts_row_exists(l, CONTACTS_ACCOUNT, e->account_id);
    f->contact_exists = table_get_id(l->txn, CONTACTS_CONTACT, e->contact_id, l->arena) != NULL;
    const char *now = contacts_now(l, e->account_id);
    f->account_now_id = now && strcmp(now, e->account_id) != 0 ? arena_strdup(l->arena, now) : NULL;
    if (e->lead && e->account_is_new && !f->account_exists)
        f->account_known = contacts_known(l, &contacts_account_of(e, l->arena)->base);
    if (e->lead && e->contact_id && !f->contact_exists)
        f->contact_known = contacts_known(l, &contacts_contact_of(e, l->arena)->base);
    f->owner_id = handover_owner(l, e->lead ? e->lead->owner_id : NULL);
    f->written.rules = contacts_load_rules(l, c);
    contacts_normal_begin(l, &f->normal);
    contacts_places_load(l, e->lead ? e->lead->address : NULL, &f->normal);
    return f;
}
