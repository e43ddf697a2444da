/* Fields that a deployment adds to its records, and tags: what decisions about them see. */
#ifndef BATON_CONTACTS_CUSTOM_H
#define BATON_CONTACTS_CUSTOM_H

#include "schema/custom.h"

/* Of a field's definition. */
struct contacts_custom_field_facts {
    bool is_taken;   /* another field of the type has the name */
    size_t n_fields; /* of the type */
};

/* Whether records are found by the field's values; retired or not, for they are there. */
bool contacts_custom_is_searched(const Baton__CustomField *d);

/* A step through the records of a type that are to be found by other values than before. */
enum { CONTACTS_SEARCH_STEP = 100 };
struct contacts_searched_facts {
    char *token; /* behind this step; NULL: it is the last one */
};

/* A type of record that a field can belong to, or that a reference can lead to. */
bool contacts_custom_has_type(const char *record_type);
bool contacts_custom_can_refer_to(const char *type);
/* The tags trimmed, without those that are empty or have been there before, whatever their case; `*n` becomes
   how many are left. */
char **contacts_tidy_tags(char *const *tags, size_t *n, struct arena *a);

record_check_fn contacts_check_custom_field;
/* An opportunity has values: on struct custom_facts, of its fields. */
decide_fn contacts_decide_custom_used;
/* The timer of a SearchedFields row, on struct contacts_searched_facts. */
decide_fn contacts_decide_searched;

#endif
