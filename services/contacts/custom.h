/* Fields that a deployment adds to its records, and tags: what decisions about them see. */
#ifndef BATON_CONTACTS_CUSTOM_H
#define BATON_CONTACTS_CUSTOM_H

#include "baton/v1/contacts.pb-c.h"
#include "schema/decide.h"

enum {
    CUSTOM_FIELDS_MAX = 100, /* of a record type */
    CUSTOM_VALUES_MAX = 100  /* of a record; as in the schema */
};

/* What a record's values are held against. */
struct contacts_custom_facts {
    Baton__CustomField **fields; /* of the record's type */
    uint64_t *seqs;              /* log positions of their last changes */
    size_t n;
    const char *known[CUSTOM_VALUES_MAX]; /* wanted references that lead somewhere */
    size_t n_known;
};

/* Of a field's definition. */
struct contacts_custom_field_facts {
    bool is_taken;   /* another field of the type has the name */
    size_t n_fields; /* of the type */
};

/* A type of record that a field can belong to, or that a reference can lead to. */
bool contacts_custom_has_type(const char *record_type);
bool contacts_custom_can_refer_to(const char *type);
/* The definition of this name; NULL: there is none. */
const Baton__CustomField *contacts_custom_field(const struct contacts_custom_facts *f, const char *name);

/* The values of a record before (n_was 0: a new one) and after; a refusal names `custom.NAME`. A field's
   first value is written down with the field. */
struct contacts_custom_change {
    Baton__CustomValue *const *was, *const *is;
    size_t n_was, n_is;
};
bool contacts_check_custom(const struct contacts_custom_facts *f, const struct contacts_custom_change *c,
                           struct stamp *s, struct outcome *out);
/* The tags trimmed, without those that are empty or have been there before, whatever their case; `*n` becomes
   how many are left. */
char **contacts_tidy_tags(char *const *tags, size_t *n, struct arena *a);

record_check_fn contacts_check_custom_field;

#endif
