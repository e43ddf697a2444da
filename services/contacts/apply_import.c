/* What imports, their undoing and changes of contacts and accounts leave in the rows beside them. */
#include "services/contacts/keys.h"
#include "services/contacts/rows.h"

/* A record is there or, after its deletion, is not: so are its keys. What is merged is not known again. */
static void put_keys(struct apply *ap, unsigned table, unsigned keys, const char *merged_into_id,
                     const Baton__ContactKey *k)
{
    struct key key = key_of(k->id);
    if (table_seq(ap->txn, table, &key) && !merged_into_id)
        table_put(ap->txn, keys, k, ap->seq, ap->arena);
    else
        (void)table_delete(ap->txn, keys, &key, ap->arena); /* gone is what is wanted */
}

void contacts_apply_contact_key(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__Contact *c = (const Baton__Contact *)payload;
    Baton__ContactKey k;
    contacts_keys_of_contact(c, NULL, &k, ap->arena);
    put_keys(ap, CONTACTS_CONTACT, CONTACTS_CONTACT_KEY, c->merged_into_id, &k);
}

void contacts_apply_account_key(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__Account *c = (const Baton__Account *)payload;
    Baton__ContactKey k;
    contacts_keys_of_account(c, NULL, &k, ap->arena);
    put_keys(ap, CONTACTS_ACCOUNT, CONTACTS_ACCOUNT_KEY, c->merged_into_id, &k);
}

static Baton__ContactImportChange change_of(const char *import_id, const Baton__ImportedRecord *r)
{
    Baton__ContactImportChange change = BATON__CONTACT_IMPORT_CHANGE__INIT;
    change.import_id = (char *)(uintptr_t)import_id;
    change.has_is_account = true;
    change.is_account = r->is_account;
    change.record_id = r->id;
    change.has_before_seq = change.has_seq = true;
    change.before_seq = r->before_seq;
    return change;
}

static struct key key_of_change(const Baton__ContactImportChange *c)
{
    struct key key;
    key_init(&key);
    key_text(&key, c->import_id);
    key_u64(&key, c->is_account);
    key_text(&key, c->record_id);
    return key;
}

/* Touched by the import for the second time, it goes back to where it was before the first. */
static void put_change(struct apply *ap, Baton__ContactImportChange *c)
{
    struct key key = key_of_change(c);
    const Baton__ContactImportChange *was = table_get(ap->txn, CONTACTS_IMPORT_CHANGE, &key, ap->arena);
    c->seq = ap->seq;
    if (was)
        c->before_seq = was->before_seq;
    table_replace(ap->txn, CONTACTS_IMPORT_CHANGE, was, c, ap->seq, ap->arena);
}

void contacts_apply_imported(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__ContactsImported *e = (const Baton__ContactsImported *)payload;
    const Baton__ContactImport *before = apply_get(ap, CONTACTS_IMPORT, e->import_id);
    Baton__ContactImport *row = ARENA_NEW(ap->arena, Baton__ContactImport);
    baton__contact_import__init(row);
    if (before)
        *row = *before;
    else {
        row->id = e->import_id;
        row->source = e->source;
        row->user_id = ap->actor ? ap->actor->user_id : NULL;
        row->begun_at = timestamp_of(ap->arena, ap->time_us);
    }
    row->has_duplicates = e->has_duplicates;
    row->duplicates = e->duplicates;
    row->has_created = row->has_updated = true;
    for (size_t i = 0; i < e->n_records; i++) {
        Baton__ContactImportChange change = change_of(e->import_id, e->records[i]);
        if (e->records[i]->before_seq)
            row->updated++;
        else
            row->created++;
        put_change(ap, &change);
    }
    apply_put(ap, CONTACTS_IMPORT, before, row);
}

void contacts_apply_undone(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__ImportUndone *e = (const Baton__ImportUndone *)payload;
    const Baton__ContactImport *before = apply_get(ap, CONTACTS_IMPORT, e->import_id);
    for (size_t i = 0; i < e->n_records; i++) {
        Baton__ContactImportChange change = change_of(e->import_id, e->records[i]);
        struct key key = key_of_change(&change);
        (void)table_delete(ap->txn, CONTACTS_IMPORT_CHANGE, &key, ap->arena); /* gone is what is wanted */
    }
    if (!before)
        return;
    Baton__ContactImport *row = ARENA_NEW(ap->arena, Baton__ContactImport);
    *row = *before;
    row->has_is_undone = row->is_undone = true;
    row->has_taken_back = true;
    row->taken_back += e->n_records;
    apply_put(ap, CONTACTS_IMPORT, before, row);
}
