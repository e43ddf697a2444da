/* What names accounts and contacts inside of lists: a row for each that a record names so. */
#include <string.h>

#include "services/contacts/rows.h"

int contacts_table_of(const ProtobufCMessageDescriptor *pb)
{
    for (unsigned i = 0; i < CONTACTS_TABLES; i++)
        if (contacts_tables[i].pb == pb)
            return (int)i;
    return -1;
}

/* Ids, each once. */
struct names {
    const char *of[CONTACTS_VALUES_MAX];
    size_t n;
};

static bool has(const struct names *names, const char *id)
{
    for (size_t i = 0; i < names->n; i++)
        if (strcmp(names->of[i], id) == 0)
            return true;
    return false;
}

static void names_in(ProtobufCMessage *row, unsigned table, struct names *out)
{
    char **values[CONTACTS_VALUES_MAX];
    for (size_t i = 0; i < contacts_naming_n; i++) {
        if (contacts_naming[i].table != table || !contacts_is_inside(contacts_naming[i].field))
            continue;
        size_t n = contacts_values(row, contacts_naming[i].field, values);
        for (size_t k = 0; k < n && out->n < CONTACTS_VALUES_MAX; k++)
            if (*values[k] && **values[k] && !has(out, *values[k]))
                out->of[out->n++] = *values[k];
    }
}

static void names_before(struct apply *ap, const char *record_id, struct names *out)
{
    struct table_scan scan;
    const Baton__NamedInside *row;
    if (!table_scan_open(&scan, ap->txn, CONTACTS_NAMED_INSIDE, "record_id", record_id, NULL, false))
        return;
    while (out->n < CONTACTS_VALUES_MAX && (row = table_scan_next(&scan, ap->arena)))
        out->of[out->n++] = row->named_id;
    table_scan_close(&scan);
}

void contacts_apply_naming(struct apply *ap, const ProtobufCMessage *payload)
{
    const unsigned table = (unsigned)contacts_table_of(payload->descriptor);
    Baton__NamedInside row = BATON__NAMED_INSIDE__INIT;
    struct names was = {.n = 0}, is = {.n = 0};
    row.record_id = (char *)(uintptr_t)schema_get_text(payload, "id");
    row.type = (char *)(uintptr_t)contacts_tables[table].name;
    struct key key = key_of(row.record_id);
    if (table_seq(ap->txn, table, &key))
        names_in((ProtobufCMessage *)(uintptr_t)payload, table, &is);
    names_before(ap, row.record_id, &was);
    for (size_t i = 0; i < was.n; i++) {
        if (has(&is, was.of[i]))
            continue;
        key = key_of(was.of[i]);
        key_text(&key, row.type);
        key_text(&key, row.record_id);
        (void)table_delete(ap->txn, CONTACTS_NAMED_INSIDE, &key, ap->arena); /* it is there */
    }
    for (size_t i = 0; i < is.n; i++) {
        row.named_id = (char *)(uintptr_t)is.of[i];
        if (!has(&was, row.named_id))
            table_put(ap->txn, CONTACTS_NAMED_INSIDE, &row, ap->seq, ap->arena);
    }
}
