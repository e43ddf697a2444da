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
        if (strcmp(tables[i].type, type) == 0)
            return contacts_is_there(l, tables[i].table, id, actor);
    return false;
}

static const struct custom_source source = {.table = CONTACTS_CUSTOM_FIELD,
                                            .leads_somewhere = leads_somewhere};

void contacts_custom_load(struct load *l, const char *record_type, Baton__CustomValue *const *wanted,
                          size_t n, const Baton__Actor *actor, struct custom_facts *f)
{
    custom_load(l, &source, record_type, wanted, n, actor, f);
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
    struct custom_facts of_type = {0};
    if (!type || !name)
        return f;
    custom_fields_load(l, &source, type, &of_type);
    f->n_fields = of_type.n;
    for (size_t i = 0; i < of_type.n; i++)
        f->is_taken |= strcmp(of_type.fields[i]->name, name) == 0 &&
                       !(before && strcmp(of_type.fields[i]->id, before->id) == 0);
    return f;
}

void *contacts_load_custom_used(struct load *l, const struct command *c)
{
    struct custom_facts *f = ARENA_NEW(l->arena, struct custom_facts);
    custom_fields_load(l, &source, "opportunity", f);
    return f;
}
