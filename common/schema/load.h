/* How schema.c (what the generated code says) and options.c (what the descriptor set says) build the schema.
 */
#ifndef BATON_SCHEMA_LOAD_H
#define BATON_SCHEMA_LOAD_H

#include "schema/internal.h"

struct schema_loaded {
    struct arena *memory;            /* kept until the process ends */
    struct schema_message *messages; /* by full name */
    size_t n_messages;
    struct schema_method *methods; /* by name */
    size_t n_methods;
};

/* Gives every message, field and method its options and JSON names. Asserts if the descriptor set and the
   generated code do not have the same messages and methods, or a method says not who may call it. */
void schema_load_options(struct schema_loaded *loaded, struct bytes descriptor_set);

/* Says on standard error what is wrong with the schema, and asserts. */
void schema_broken(const char *name, const char *what);

#endif
