/* The rules that records of the catalogue have in common (decide_catalogue.c). */
#ifndef BATON_OPPORTUNITIES_CATALOGUE_RULES_H
#define BATON_OPPORTUNITIES_CATALOGUE_RULES_H

#include "services/opportunities/catalogue.h"

bool catalogue_validity(const ProtobufCMessage *record, struct refusal *no);
bool catalogue_currency(const char *code, const char *field, struct refusal *no);
bool catalogue_there(const struct catalogue_facts *f, struct refusal *no);
/* Sets the record's slot. `free_id`: one that may be there nevertheless; may be NULL. */
bool catalogue_take_slot(const struct catalogue_facts *f, ProtobufCMessage *record, const char *free_id,
                         struct stamp *s, struct refusal *no);

#endif
