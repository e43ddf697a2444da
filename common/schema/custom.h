/* Fields that a deployment adds to its records: what a record's values are held against, in every service
   whose records have some. */
#ifndef BATON_SCHEMA_CUSTOM_H
#define BATON_SCHEMA_CUSTOM_H

#include "baton/v1/contacts.pb-c.h"
#include "schema/decide.h"

enum {
    CUSTOM_FIELDS_MAX = 100, /* of a record type */
    CUSTOM_VALUES_MAX = 100  /* of a record; as in the schema */
};

struct custom_facts {
    Baton__CustomField **fields; /* of the record's type */
    uint64_t *seqs;              /* log positions of their last changes; NULL: they are copies */
    size_t n;
    const char *known[CUSTOM_VALUES_MAX]; /* wanted references that lead somewhere */
    size_t n_known;
};

/* The definition of this name; NULL: there is none. */
const Baton__CustomField *custom_field(const struct custom_facts *f, const char *name);

/* The values of a record before (n_was 0: a new one) and after; a refusal names `custom.NAME`. A field's
   first value is written down with the field, where the field is kept. */
struct custom_change {
    Baton__CustomValue *const *was, *const *is;
    size_t n_was, n_is;
};
bool custom_check(const struct custom_facts *f, const struct custom_change *c, struct stamp *s,
                  struct outcome *out);
/* The field of this name, if there is one, has a value, perhaps its first. */
void custom_used(const struct custom_facts *f, const char *name, struct stamp *s, struct outcome *out);

#endif
