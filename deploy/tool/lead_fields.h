/* The fields of a lead that somebody may fill in, as names, options and setters; read from the schema. */
#ifndef BATON_TOOL_LEAD_FIELDS_H
#define BATON_TOOL_LEAD_FIELDS_H

#include "baton/v1/leads.pb-c.h"
#include "schema/schema.h"

enum { LEAD_FIELDS_MAX = 64, LEAD_FIELD_NAME_SIZE = 64 };

struct lead_field {
    char name[LEAD_FIELD_NAME_SIZE];   /* "first_name", "address.country" */
    char option[LEAD_FIELD_NAME_SIZE]; /* "first-name", "address-country" */
    const struct schema_field *outer;  /* "address" of "address.country", else NULL */
    const struct schema_field *field;
};

struct lead_fields {
    struct lead_field all[LEAD_FIELDS_MAX];
    size_t n;
};

/* Every text, whole number and yes-or-no field that Baton does not set itself, in the schema's order. */
void lead_fields_load(struct lead_fields *l);
/* The same of another record, also the fields that take one of several values. */
void record_fields_load(struct lead_fields *l, const ProtobufCMessageDescriptor *record);
/* By name; NULL if there is none. */
const struct lead_field *lead_field_named(const struct lead_fields *l, const char *name);

/* Sets the field from a text; numbers may have grouped digits and are multiplied by `factor`. The text must
   live as long as the lead. False: too long, or not a number, or neither yes nor no. */
bool lead_field_set(Baton__Lead *lead, const struct lead_field *f, const char *text, int64_t factor,
                    struct arena *a, struct refusal *no);
/* The same for the record whose fields they are. */
bool record_field_set(ProtobufCMessage *record, const struct lead_field *f, const char *text, int64_t factor,
                      struct arena *a, struct refusal *no);

/* The number in a text like "1,234.5"; false if it is not one. */
bool lead_number(const char *text, double *out);

#endif
