/* Facts for fields that a deployment adds. */
#include <string.h>

#include "baton/v1/record.pb-c.h"
#include "services/contacts/rows.h"

static const struct {
    const char *type;
    unsigned table;
} tables[] = {
    {"account", CONTACTS_ACCOUNT},
    {"contact", CONTACTS_CONTACT},
    {"user", CONTACTS_USER},
};

static bool leads_somewhere(struct load *l, const char *type, const char *id, const Baton__Actor *actor)
{
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        if (type && strcmp(tables[i].type, type) == 0)
            return contacts_is_there(l, tables[i].table, id, actor);
    return false;
}

static void fields_load(struct load *l, const char *record_type, struct contacts_custom_facts *f)
{
    struct table_scan scan;
    Baton__CustomField *row;
    if (!table_scan_open(&scan, l->txn, CONTACTS_CUSTOM_FIELD, "record_type", record_type, NULL, false))
        return;
    while (f->n < CUSTOM_FIELDS_MAX && (row = table_scan_next(&scan, l->arena))) {
        if (!f->fields) {
            f->fields = ARENA_ARRAY(l->arena, Baton__CustomField *, CUSTOM_FIELDS_MAX);
            f->seqs = ARENA_ARRAY(l->arena, uint64_t, CUSTOM_FIELDS_MAX);
        }
        struct key key = key_of(row->id);
        f->seqs[f->n] = table_seq(l->txn, CONTACTS_CUSTOM_FIELD, &key);
        f->fields[f->n++] = row;
    }
    table_scan_close(&scan);
}

void contacts_custom_load(struct load *l, const char *record_type, Baton__CustomValue *const *wanted,
                          size_t n, const Baton__Actor *actor, struct contacts_custom_facts *f)
{
    fields_load(l, record_type, f);
    for (size_t i = 0; i < n && f->n_known < CUSTOM_VALUES_MAX; i++) {
        const char *id = wanted[i]->reference_id;
        const Baton__CustomField *d =
            id && wanted[i]->name ? contacts_custom_field(f, wanted[i]->name) : NULL;
        if (d && leads_somewhere(l, d->reference_type, id, actor))
            f->known[f->n_known++] = id;
    }
}

/* The definition as it stands, which an update may say only a part of. */
static const Baton__CustomField *before_of(struct load *l, const Baton__CustomField *wanted)
{
    return table_get_id(l->txn, CONTACTS_CUSTOM_FIELD, wanted->id, l->arena);
}

void *contacts_load_custom_field(struct load *l, const struct command *c)
{
    struct contacts_custom_field_facts *f = ARENA_NEW(l->arena, struct contacts_custom_field_facts);
    const Baton__CustomField *wanted = (const Baton__CustomField *)record_wanted(c);
    if (!wanted)
        return f;
    const Baton__CustomField *before = before_of(l, wanted);
    const char *type = wanted->record_type || !before ? wanted->record_type : before->record_type;
    const char *name = wanted->name || !before ? wanted->name : before->name;
    struct contacts_custom_facts of_type = {0};
    if (!type || !name)
        return f;
    fields_load(l, type, &of_type);
    f->n_fields = of_type.n;
    for (size_t i = 0; i < of_type.n; i++)
        f->is_taken |= strcmp(of_type.fields[i]->name, name) == 0 &&
                       !(before && strcmp(of_type.fields[i]->id, before->id) == 0);
    return f;
}
