/* Fields that name accounts and contacts, and how they are changed wherever they stand. */
#include <assert.h>
#include <string.h>

#include "services/contacts/contacts.h"

/* Every one of them; tests/unit/test_contacts_named.c holds it against the schema. */
const struct contacts_naming contacts_naming[] = {
    /* clang-format off */
    {"contact", CONTACTS_CONTACT, "reports_to_id"},
    {"contact", CONTACTS_ACTIVITY, "contact_id"},
    {"contact", CONTACTS_ACTIVITY, "attendees.contact_id"},
    {"contact", CONTACTS_NOTE, "contact_id"},
    {"contact", CONTACTS_RELATIONSHIP, "from_contact_id"},
    {"contact", CONTACTS_RELATIONSHIP, "to_contact_id"},
    {"contact", CONTACTS_PLAN, "buyers.contact_id"},
    {"contact", CONTACTS_CONSENT, "contact_id"},
    {"account", CONTACTS_ACCOUNT, "parent_id"},
    {"account", CONTACTS_CONTACT, "account_id"},
    {"account", CONTACTS_ACTIVITY, "account_id"},
    {"account", CONTACTS_NOTE, "account_id"},
    {"account", CONTACTS_RELATIONSHIP, "to_account_id"},
    {"account", CONTACTS_PLAN, "account_id"},
    {NULL, CONTACTS_ACCOUNT, "custom.reference_id"},
    {NULL, CONTACTS_CONTACT, "custom.reference_id"},
    {NULL, CONTACTS_SAVED_VIEW, "search.filters.values"},
    /* clang-format on */
};
const size_t contacts_naming_n = sizeof contacts_naming / sizeof *contacts_naming;

bool contacts_naming_of(const ProtobufCMessage *row, const struct contacts_naming *n)
{
    static const ProtobufCMessageDescriptor *const types[] = {
        [CONTACTS_ACCOUNT] = &baton__account__descriptor,
        [CONTACTS_CONTACT] = &baton__contact__descriptor,
        [CONTACTS_ACTIVITY] = &baton__activity__descriptor,
        [CONTACTS_NOTE] = &baton__note__descriptor,
        [CONTACTS_RELATIONSHIP] = &baton__relationship__descriptor,
        [CONTACTS_PLAN] = &baton__account_plan__descriptor,
        [CONTACTS_CONSENT] = &baton__consent__descriptor,
        [CONTACTS_SAVED_VIEW] = &baton__saved_view__descriptor,
    };
    return types[n->table] == row->descriptor;
}

bool contacts_is_inside(const char *field)
{
    return strchr(field, '.') != NULL;
}

bool contacts_is_of(const char *field, const char *whole)
{
    size_t n = strlen(whole);
    return strncmp(field, whole, n) == 0 && (!field[n] || field[n] == '.');
}

/* The elements of a field: pointers, of which a singular one has one or none. */
static size_t elements(ProtobufCMessage *m, const struct schema_field *f, char ***first)
{
    char *at = (char *)m + f->pb->offset;
    bool is_repeated = f->pb->label == PROTOBUF_C_LABEL_REPEATED;
    *first = is_repeated ? *(char ***)at : (char **)at;
    return is_repeated ? *(const size_t *)((const char *)m + f->pb->quantifier_offset) : **first != NULL;
}

/* Of messages within messages: three deep at most, as the list above. */
static size_t gather(ProtobufCMessage *m, const char *field, char **values[], size_t n)
{
    char name[64], **first;
    size_t size = strcspn(field, ".");
    assert(size < sizeof name);
    memcpy(name, field, size);
    name[size] = '\0';
    const struct schema_field *f = schema_field(schema_message(m->descriptor), name);
    assert(f && (f->message != NULL) == (field[size] == '.'));
    size_t count = elements(m, f, &first);
    for (size_t i = 0; i < count; i++)
        if (f->message) {
            n = gather((ProtobufCMessage *)first[i], field + size + 1, values, n);
        } else if (n < CONTACTS_VALUES_MAX) {
            values[n++] = &first[i];
        }
    bool is_empty = count == 0 && !f->message && f->pb->label != PROTOBUF_C_LABEL_REPEATED;
    if (is_empty && n < CONTACTS_VALUES_MAX)
        values[n++] = first;
    return n;
}

size_t contacts_values(ProtobufCMessage *row, const char *field, char **values[CONTACTS_VALUES_MAX])
{
    return gather(row, field, values, 0);
}

static bool same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

void contacts_rename(ProtobufCMessage *row, const char *field, const char *from, char *to)
{
    char **values[CONTACTS_VALUES_MAX];
    size_t n = contacts_values(row, field, values);
    for (size_t i = 0; i < n; i++)
        if (same(*values[i], from))
            *values[i] = to;
}

void contacts_redirect(const struct contacts_redirects *now, ProtobufCMessage *row)
{
    for (size_t i = 0; i < contacts_naming_n && now->n; i++)
        for (size_t k = 0; contacts_naming[i].table == now->table && k < now->n; k++)
            contacts_rename(row, contacts_naming[i].field, now->of[k].from, now->of[k].to);
}
