/* Facts for fields that a deployment adds to records (schema/custom.h), from a service's table of them. */
#ifndef BATON_SERVICE_CUSTOM_H
#define BATON_SERVICE_CUSTOM_H

#include "schema/custom.h"
#include "service/service.h"

struct custom_source {
    unsigned table; /* of custom fields */
    bool is_copy;
    /* Whether a reference to a record of that type is one that the actor (NULL: whoever) can follow. */
    bool (*leads_somewhere)(struct load *l, const char *type, const char *id, const Baton__Actor *actor);
};

/* The definitions for a type of record. */
void custom_fields_load(struct load *l, const struct custom_source *from, const char *record_type,
                        struct custom_facts *f);
/* The same, and which references of the wanted values lead somewhere. */
void custom_load(struct load *l, const struct custom_source *from, const char *record_type,
                 Baton__CustomValue *const *wanted, size_t n, const Baton__Actor *actor,
                 struct custom_facts *f);

#endif
